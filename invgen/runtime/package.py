"""Generated kernel packages: a folder of sources whose manifest vouches for every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from invgen.errors import BasisFileError, InputError
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.runtime.build.prebuilt import add_to_manifest, compile_for, file_name, usable
from invgen.runtime.building import write_operators
from invgen.runtime.families import FAMILIES
from invgen.runtime.families.table import Spec
from invgen.runtime.kernel import build
from invgen.runtime.moments import build_moments
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.spec import DTYPES, LAYOUTS, KernelSpec
from invgen.runtime.targets import target_named
from invgen.runtime.weighted import build_weighted
from invgen.runtime.weighted_spec import WeightedSpec

MANIFEST: Final = "MANIFEST.json"
FORMAT: Final = "invgen-package"
FORMAT_VERSION: Final = 1

_REGENERATE: Final = "regenerate the package with `invgen package`"
_FIELDS: Final[dict[str, type]] = {
    "name": str,
    "basis_id": str,
    "convention": str,
    "dimension": int,
    "count": int,
    "codegen_version": str,
    "files": dict,
}


@dataclass(frozen=True)
class _Kind:
    """What a package of one family holds beside what every package does.

    Attributes:
        fields: Further fields of the manifest.
        spec: (kernel, fields of the manifest) -> the spec.
        build: (spec, layout, registration, prebuilt) -> the kernel.
        layouts: The layouts that its kernels have.
    """

    fields: Mapping[str, type]
    spec: Callable[[KernelSpec, Mapping[str, Any]], Spec]
    build: Callable[[Any, str, str, Path | None], Any]
    layouts: tuple[str, ...] = LAYOUTS[:1]


def _weighted_spec(kernel: KernelSpec, fields: Mapping[str, Any]) -> WeightedSpec:
    outputs = tuple((str(irrep), int(members), int(rows)) for irrep, members, rows in fields["outputs"])
    return WeightedSpec(kernel, fields["species"], fields["weights"], outputs)


_KINDS: Final = {
    "invariants": _Kind(
        {"components": list, "invariants": list},
        lambda kernel, fields: kernel,
        lambda spec, layout, registration, prebuilt: build(spec, layout, registration, prebuilt=prebuilt),
        LAYOUTS,
    ),
    "weighted": _Kind(
        {"components": list, "species": int, "weights": int, "outputs": list},
        _weighted_spec,
        lambda spec, layout, registration, prebuilt: build_weighted(spec, registration, prebuilt),
    ),
    "moments": _Kind(
        {"form": str},
        lambda kernel, fields: MomentsSpec(kernel, fields["form"]),
        lambda spec, layout, registration, prebuilt: build_moments(spec, registration, prebuilt),
    ),
}


@dataclass(frozen=True)
class Package:
    """The kernels of one basis, each built when it is first asked for and once per process.

    Attributes:
        folder: Where the package is.
        name: Its name.
        basis_id: Hash of the basis.
        convention: Convention of the components.
        dimension: Number of components.
        count: Number of invariants, or of components of covariants.
        components: Names of the components, in the order of x.
        invariants: The invariants, or the components of covariants, as strings in the order of y.
        codegen_version: Version of what wrote the sources.
        family: What its kernels compute: ``"invariants"``, ``"weighted"`` or ``"moments"``.
        fields: What the manifest says beyond that of such kernels.
    """

    folder: Path
    name: str
    basis_id: str
    convention: str
    dimension: int
    count: int
    components: tuple[str, ...]
    invariants: tuple[str, ...]
    codegen_version: str
    _sources: dict[str, str] = field(repr=False, compare=False)
    _binaries: tuple[str, ...] = field(repr=False, compare=False)
    _kernels: dict[tuple[str, str, str, str], Any] = field(default_factory=dict, repr=False, compare=False)
    family: str = "invariants"
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def kernel(
        self,
        dtype: torch.dtype = torch.float32,
        layout: str = "channel",
        target: str = "c",
        registration: str = "python",
    ) -> Any:
        """The kernel for these arguments; equal arguments give the same object.

        Args:
            dtype: `torch.float32` or `torch.float64`.
            layout: ``"channel"``: (..., dim, channel); ``"plain"``: (..., dim), which invariants alone have.
            target: ``"c"`` for the CPU, ``"cuda"`` for NVIDIA GPUs, ``"torch"`` for any device.
            registration: ``"python"``, or ``"c++"`` for cheaper calls; see `invgen.runtime.build`.

        Returns:
            A `Kernel`, `WeightedKernel` or `MomentsKernel`, by the family of the package.

        Raises:
            InputError: If an argument is none of these.
            CompilerError: If target ``c`` finds no compiler, target ``cuda`` no GPU, CuPy or NVRTC, or the compiler
                refuses the source.
            CacheError: If the kernel cache cannot be used.
        """
        names = {value: name for name, value in TORCH_DTYPES.items()}
        kind = _KINDS[self.family]
        _allow("dtype", dtype, tuple(names))
        _allow("layout", layout, kind.layouts)
        _allow("target", target, FAMILIES[self.family].targets)
        arguments = (names[dtype], layout, target, registration)
        if arguments not in self._kernels:
            prebuilt = self._prebuilt(names[dtype])
            self._kernels[arguments] = kind.build(self.spec(names[dtype], target), layout, registration, prebuilt)
        return self._kernels[arguments]

    def prebuild(self, march: str) -> Package:
        """The package with C binaries for a kind of processor, added to its folder and its manifest.

        A binary is used only on machines without a C compiler whose processor has all the instructions of ``march``.

        Args:
            march: One of `invgen.runtime.build.prebuilt.MARCHES`, such as ``"x86-64-v3"``, which has AVX2.

        Raises:
            InputError: If the kind of processor is unknown here, or the folder cannot be written.
            CompilerError: If there is no C compiler, or it refuses the source.
        """
        binaries = {file_name(dtype, march): compile_for(self.spec(dtype, "c").kernel, march) for dtype in DTYPES}
        add_to_manifest(self.folder, MANIFEST, binaries)
        return load_package(self.folder)

    def _prebuilt(self, dtype: str) -> Path | None:
        name = usable(self._binaries, dtype)
        return None if name is None else self.folder / name

    def write_operators(self, path: str | Path, dtype: str = "float32") -> Path:
        """A library at ``path`` that registers the operators for a dtype (by name) in a program without Python.

        Raises:
            InputError: If the dtype is unknown, C++ cannot register such operators, or the file cannot be written.
            CompilerError: If there is no C or C++ compiler, or one refuses the source.
            CacheError: If the kernel cache cannot be used.
        """
        _allow("dtype", dtype, DTYPES)
        return write_operators(self.spec(dtype, "c"), path)

    def spec(self, dtype: str, target: str) -> Any:
        """What the kernel for a dtype (by name) and a target is built from."""
        kernel = KernelSpec(
            name=self.name,
            basis_id=self.basis_id,
            convention=self.convention,
            dimension=self.dimension,
            count=self.count,
            dtype=dtype,
            target=target,
            source=self._sources[target_named(target).source_file(dtype)],
            codegen_version=self.codegen_version,
        )
        return _KINDS[self.family].spec(kernel, self.fields)


def load_package(folder: str | Path) -> Package:
    """The package in ``folder``, every file of which has the hash that its manifest gives.

    Raises:
        BasisFileError: If the manifest is missing, damaged or of another format version, or a file was changed.
    """
    folder = Path(folder).resolve()
    manifest = _manifest(folder)
    family = _family(folder / MANIFEST, manifest)
    contents = {name: _verified(folder, name, digest) for name, digest in sorted(manifest["files"].items())}
    sources = source_files(family)
    for name in (*(("basis.json",) if family == "invariants" else ()), *sources):
        if name not in contents:
            raise BasisFileError(f"{folder / MANIFEST} does not list {name}: {_REGENERATE}")
    try:
        return Package(
            folder=folder,
            **{name: manifest[name] for name in _FIELDS if name != "files"},
            components=tuple(manifest.get("components", ())),
            invariants=tuple(manifest.get("invariants", ())),
            _sources={name: contents[name].decode("utf-8") for name in sources},
            _binaries=tuple(name for name in sorted(contents) if name.endswith(".so")),
            family=family,
            fields={name: manifest[name] for name in _KINDS[family].fields},
        )
    except UnicodeDecodeError as error:
        raise BasisFileError(f"a source in {folder} is not UTF-8 text ({error.reason}): {_REGENERATE}") from error


def source_files(family: str) -> tuple[str, ...]:
    """The names of the sources that a package of a family holds, in alphabetical order."""
    targets = [target_named(target) for target in FAMILIES[family].targets]
    return tuple(sorted({target.source_file(dtype) for target in targets for dtype in DTYPES}))


def _family(path: Path, manifest: Mapping[str, Any]) -> str:
    """The family that a manifest names; those of invariants name none."""
    family = manifest.get("family", "invariants")
    if not isinstance(family, str) or family not in _KINDS:
        raise BasisFileError(f"{path} is damaged (kernels of the family {family!r} are not known): {_REGENERATE}")
    _check_fields(path, manifest, _KINDS[family].fields)
    for name, rows in (("components", manifest["dimension"]), ("invariants", manifest["count"])):
        if name in _KINDS[family].fields and len(manifest[name]) != rows:
            raise BasisFileError(
                f"{path} is damaged (it names {len(manifest[name])} {name}, not {rows}): {_REGENERATE}"
            )
    return family


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BasisFileError(f"{path} cannot be read ({error.strerror}): {_REGENERATE}") from error
    except ValueError as error:
        raise BasisFileError(f"{path} is damaged ({error}): {_REGENERATE}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BasisFileError(
            f"{path} is not a manifest of a kernel package (its format is not {FORMAT!r}): {_REGENERATE}"
        )
    version = manifest.get("format_version")
    if version != FORMAT_VERSION:
        raise BasisFileError(
            f"{path} has format version {version!r}, and this invgen reads {FORMAT_VERSION}: "
            "regenerate the package, or use the version of invgen that wrote it"
        )
    _check_fields(path, manifest, _FIELDS)
    return manifest


def _check_fields(path: Path, manifest: Mapping[str, Any], fields: Mapping[str, type]) -> None:
    for name, kind in fields.items():
        if not isinstance(manifest.get(name), kind):
            raise BasisFileError(f"{path} is damaged (field {name!r} is missing or not {_TYPES[kind]}): {_REGENERATE}")


_TYPES: Final = {str: "text", int: "an integer", list: "a list", dict: "an object"}


def _verified(folder: Path, name: str, expected: object) -> bytes:
    if Path(name).name != name:
        raise BasisFileError(f"{folder / MANIFEST} lists {name!r}, which is outside the package: {_REGENERATE}")
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise BasisFileError(f"{folder / name} cannot be read ({error.strerror}): {_REGENERATE}") from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise BasisFileError(f"{folder / name} was changed after it was generated (its hash differs): {_REGENERATE}")
    return content


def _allow(what: str, given: object, allowed: tuple[object, ...]) -> None:
    if given not in allowed:
        raise InputError(f"kernel packages have no {what} {given!r}: use {' or '.join(map(_shown, allowed))}")


def _shown(value: object) -> str:
    return str(value) if isinstance(value, torch.dtype) else repr(value)
