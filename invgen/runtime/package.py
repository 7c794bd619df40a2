"""Generated kernel packages: a folder of sources whose manifest vouches for every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from invgen.checks import json_format
from invgen.errors import BasisFileError, InputError
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.runtime.build.prebuilt import add_to_manifest, compile_for, file_name, usable
from invgen.runtime.building import write_operators
from invgen.runtime.constants import (
    COMPRESSED_SUFFIX,
    MANIFEST,
    PACKAGE_FORMAT,
    PACKAGE_FORMAT_VERSION,
    PACKAGE_FORMAT_VERSION_COMPRESSED,
    PACKAGE_TARGETS,
)
from invgen.runtime.families import FAMILIES
from invgen.runtime.package_kinds import PACKAGE_KINDS
from invgen.runtime.spec import DTYPES, KernelSpec
from invgen.runtime.targets import either, target_named

_REGENERATE: Final = "regenerate the package with `invgen package`, or with what wrote it"
_LARGEST_SOURCE: Final = 2**28
"""Bytes that a compressed source may expand to: a small file cannot fill the memory."""
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
class Package:
    """Kernels of one family, each built when it is first asked for and once per process.

    Attributes:
        folder: where the package is.
        name: its name.
        basis_id: hash of the basis or the bases; empty for moments and convolutions.
        convention: convention of the components.
        dimension: number of components; of convolutions that of rows of the features.
        count: number of rows of y: of invariants, components of covariants, harmonics, or sums.
        components: names of the components, in the order of x; of moments and convolutions none.
        invariants: the invariants, or the components of covariants, as strings in the order of y; for other families
            none.
        codegen_version: version of what wrote the sources.
        family: what its kernels compute: `"invariants"`, `"weighted"`, `"moments"` or `"convolution"`.
        fields: what the manifest says beyond that of such kernels.
        targets: what it holds sources for.
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
    _sources: Mapping[str, str] = field(repr=False, compare=False)
    _binaries: tuple[str, ...] = field(repr=False, compare=False)
    _kernels: dict[tuple[str, str, str, str], Any] = field(default_factory=dict, repr=False, compare=False)
    family: str = "invariants"
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)
    targets: tuple[str, ...] = ()

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
            layout: `"channel"`: (..., dim, channel); `"plain"`: (..., dim), which invariants alone have.
            target: `"c"` for the CPU, `"cuda"` for NVIDIA GPUs, `"torch"` for any device.
            registration: `"python"`, or `"c++"` for cheaper calls; see `invgen.runtime.build`.

        Returns:
            A `Kernel`, `WeightedKernel`, `MomentsKernel` or `ConvolutionKernel`, by the family of the package.

        Raises:
            InputError: if an argument is not one of these.
            CompilerError: if target `c` finds no compiler, target `cuda` no GPU, CuPy or NVRTC, or the compiler
                refuses the source.
            CacheError: if the kernel cache cannot be used.
        """
        names = {value: name for name, value in TORCH_DTYPES.items()}
        kind = PACKAGE_KINDS[self.family]
        self._allow("dtype", dtype, tuple(names))
        self._allow("layout", layout, kind.layouts)
        self._allow("target", target, self.targets)
        arguments = (names[dtype], layout, target, registration)
        if arguments not in self._kernels:
            prebuilt = self._prebuilt(names[dtype])
            self._kernels[arguments] = kind.build(self.spec(names[dtype], target), layout, registration, prebuilt)
        return self._kernels[arguments]

    def prebuild(self, march: str) -> Package:
        """The package with C binaries for a kind of processor, added to its folder and its manifest.

        A binary is used only on machines without a C compiler whose processor has all the instructions of `march`.

        Args:
            march: one of `invgen.runtime.build.prebuilt.MARCHES`, such as `"x86-64-v3"`, which has AVX2.

        Raises:
            InputError: if the kind of processor is unknown here, or the folder cannot be written.
            CompilerError: if there is no C compiler, or it refuses the source.
        """
        binaries = {file_name(dtype, march): compile_for(self.spec(dtype, "c").kernel, march) for dtype in DTYPES}
        add_to_manifest(self.folder, MANIFEST, binaries)
        return load_package(self.folder)

    def _prebuilt(self, dtype: str) -> Path | None:
        name = usable(self._binaries, dtype)
        return None if name is None else self.folder / name

    def write_operators(self, path: str | Path, dtype: str = "float32") -> Path:
        """A library at `path` that registers the operators for a dtype (by name) in a program without Python.

        Raises:
            InputError: if the dtype is unknown, C++ cannot register such operators, or the file cannot be written.
            CompilerError: if there is no C or C++ compiler, or one refuses the source.
            CacheError: if the kernel cache cannot be used.
        """
        self._allow("dtype", dtype, DTYPES)
        return write_operators(self.spec(dtype, "c"), path)

    def _allow(self, what: str, given: object, allowed: tuple[object, ...]) -> None:
        if given not in allowed:
            raise InputError(
                f"kernel package {self.name!r} has no {what} {given!r}: use {' or '.join(map(_shown, allowed))}"
            )

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
        return PACKAGE_KINDS[self.family].spec(kernel, self.fields)


class _Sources(Mapping[str, str]):
    """The sources of a package by name; each is read, expanded and checked when it is first asked for."""

    def __init__(self, folder: Path, hashes: Mapping[str, object], compressed: frozenset[str]) -> None:
        self._folder = folder
        self._hashes = hashes
        self._compressed = compressed
        self._texts: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._texts:
            content = _verified(self._folder, name, self._hashes[name], name in self._compressed)
            try:
                self._texts[name] = content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise BasisFileError(
                    f"{self._folder / name} is not UTF-8 text ({error.reason}): {_REGENERATE}"
                ) from error
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._hashes)

    def __len__(self) -> int:
        return len(self._hashes)


def load_package(folder: str | Path) -> Package:
    """The package in `folder`, every file of which has the hash that its manifest gives.

    Compressed files are checked when they are first read.

    Args:
        folder: where the package is.

    Raises:
        BasisFileError: if the manifest is missing, damaged or of another format version, or a file was changed.
    """
    folder = Path(folder).resolve()
    manifest = _manifest(folder)
    family = _family(folder / MANIFEST, manifest)
    files = manifest["files"]
    compressed = frozenset(manifest.get("compressed", ()))
    targets = tuple(manifest.get("targets", PACKAGE_TARGETS))
    sources = source_files(targets)
    for name in (*(("basis.json",) if family == "invariants" else ()), *sources):
        if name not in files:
            raise BasisFileError(f"{folder / MANIFEST} does not list {name}: {_REGENERATE}")
    texts = _Sources(folder, {name: files[name] for name in sources}, compressed)
    for name, digest in sorted(files.items()):
        if name in compressed:
            continue
        if name in sources:
            texts[name]  # read and checked now, and kept
        else:
            _verified(folder, name, digest)
    return Package(
        folder=folder,
        **{name: manifest[name] for name in _FIELDS if name != "files"},
        components=tuple(manifest.get("components", ())),
        invariants=tuple(manifest.get("invariants", ())),
        _sources=texts,
        _binaries=tuple(name for name in sorted(files) if name.endswith(".so")),
        family=family,
        fields={name: manifest[name] for name in PACKAGE_KINDS[family].fields},
        targets=targets,
    )


def source_files(targets: Iterable[str]) -> tuple[str, ...]:
    """The names of the sources that a package holds for some targets, in alphabetical order."""
    return tuple(sorted({target_named(target).source_file(dtype) for target in targets for dtype in DTYPES}))


def _family(path: Path, manifest: Mapping[str, Any]) -> str:
    """The family that a manifest names; those of invariants name none."""
    family = manifest.get("family", "invariants")
    if not isinstance(family, str) or family not in PACKAGE_KINDS:
        raise BasisFileError(f"{path} is damaged (kernels of the family {family!r} are not known): {_REGENERATE}")
    kind, known = PACKAGE_KINDS[family], FAMILIES[family].targets
    _check_fields(path, manifest, kind.fields)
    targets = manifest.get("targets", list(PACKAGE_TARGETS))
    if not isinstance(targets, list) or not targets or any(target not in known for target in targets):
        complaint = f"it has the targets {targets!r}, and kernels of {family} have {either(known)}"
    else:
        complaint = kind.complaint(manifest)
    if complaint:
        raise BasisFileError(f"{path} is damaged ({complaint}): {_REGENERATE}")
    return family


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))  # or what is refused below
    except OSError as error:
        raise BasisFileError(f"{path} cannot be read ({error.strerror}): {_REGENERATE}") from error
    except ValueError as error:
        raise BasisFileError(f"{path} is damaged ({error}): {_REGENERATE}") from error
    versions = (PACKAGE_FORMAT_VERSION, PACKAGE_FORMAT_VERSION_COMPRESSED)
    json_format(manifest, PACKAGE_FORMAT, versions, path, "a manifest of a kernel package", _REGENERATE, BasisFileError)
    _check_fields(path, manifest, _FIELDS)
    compressed = manifest.get("compressed", [])
    if not isinstance(compressed, list) or not all(name in manifest["files"] for name in compressed):
        raise BasisFileError(f"{path} is damaged (it lists compressed files that it has no hash of): {_REGENERATE}")
    return manifest


def _check_fields(path: Path, manifest: Mapping[str, Any], fields: Mapping[str, type]) -> None:
    for name, kind in fields.items():
        if not isinstance(manifest.get(name), kind):
            raise BasisFileError(f"{path} is damaged (field {name!r} is missing or not {_TYPES[kind]}): {_REGENERATE}")


_TYPES: Final = {str: "text", int: "an integer", list: "a list", dict: "an object"}


def _verified(folder: Path, name: str, expected: object, compressed: bool = False) -> bytes:
    if Path(name).name != name:
        raise BasisFileError(f"{folder / MANIFEST} lists {name!r}, which is outside the package: {_REGENERATE}")
    path = folder / (name + COMPRESSED_SUFFIX if compressed else name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BasisFileError(f"{path} cannot be read ({error.strerror}): {_REGENERATE}") from error
    if compressed:
        content = _expanded(path, content)
    if hashlib.sha256(content).hexdigest() != expected:
        raise BasisFileError(f"{path} was changed after it was generated (its hash differs): {_REGENERATE}")
    return content


def _expanded(path: Path, content: bytes) -> bytes:
    import lzma  # packages without compressed files do not need it, and a few Pythons lack it

    expander = lzma.LZMADecompressor()
    try:
        found = expander.decompress(content, max_length=_LARGEST_SOURCE)
    except lzma.LZMAError as error:
        raise BasisFileError(f"{path} cannot be expanded ({error}): {_REGENERATE}") from error
    if not expander.eof:
        raise BasisFileError(
            f"{path} is cut off, or holds more than {_LARGEST_SOURCE >> 20} MiB, which no source does: {_REGENERATE}"
        )
    return found


def _shown(value: object) -> str:
    return str(value) if isinstance(value, torch.dtype) else repr(value)
