"""From a basis to a kernel or a kernel package: lower, differentiate, schedule, emit, and hand to the runtime.

1. lower          Basis -> value program              (invgen.ir.lowering)
2. differentiate  value program -> five programs      (invgen.passes)
3. emit           programs -> C or torch source       (invgen.emit)
4. build          source -> Kernel, through the cache (invgen.runtime)
"""

from __future__ import annotations

import hashlib
import json
import keyword
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invgen import basis_file
from invgen.basis import Basis
from invgen.emit import c, cuda, templating
from invgen.emit import torch as torch_target
from invgen.emit.header import Header
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InputError
from invgen.ir.lowering import lower
from invgen.outputs import SCALAR, noun
from invgen.passes.cost import Cost, cost
from invgen.passes.programs import KernelPrograms, kernel_programs
from invgen.passes.split import split

if TYPE_CHECKING:
    import torch

    from invgen.runtime import Kernel

TARGETS = ("c", "cuda", "torch")
PACKAGE_FORMAT = "invgen-package"
PACKAGE_FORMAT_VERSION = 1
_DEFAULT_NAME = "invariants"


def compile(
    basis: Basis,
    target: str = "c",
    dtype: torch.dtype | None = None,
    layout: str = "channel",
    name: str = _DEFAULT_NAME,
    registration: str = "python",
    accumulate: torch.dtype | None = None,
    tune: bool = False,
) -> Kernel:
    """A kernel that computes `basis.evaluate` and its first two derivatives.

    Covariants come flat, K (2L + 1) rows named by `basis.output_names`: y is (..., K (2L + 1), channel), and
    `y.unflatten(-2, (K, 2L + 1))` is (..., K, 2L + 1, channel).

    Args:
        basis: what to compute; its convention is the kernel's.
        target: "c" (C11 and OpenMP through the system's compiler, CPU tensors), "cuda" (CUDA C through NVRTC and CuPy,
            NVIDIA GPUs) or "torch" (plain PyTorch, any device). A target changes neither the mathematics nor the
            number or order of the outputs.
        dtype: torch.float32 (the default) or torch.float64.
        layout: "channel" for x of shape (..., dim, channel), "plain" for (..., dim).
        name: what profilers and exported graphs call the operators.
        registration: who registers the operators: "python", or "c++" for cheaper small calls (target "c" alone).
        accumulate: torch.float64 to compute on tensors of torch.float32 in double precision (target "c" alone): every
            result is rounded once, when it is stored. Default: dtype.
        tune: for target "cuda", time the kernels on the current device and use the fastest of each function, instead of
            those that a model chooses.

    Returns:
        A callable x -> y, twice differentiable in torch, with the bare kernels as methods.

    Raises:
        InputError: an argument is not one of those listed.
        CompilerError: no C compiler was found, or no GPU, CuPy or NVRTC; or the compiler refused the source.
        CacheError: the kernel cache cannot be used.
    """
    import torch

    from invgen import runtime
    from invgen.runtime.arguments import dtype_name

    dtype = torch.float32 if dtype is None else dtype
    _allow("target", target, TARGETS)
    _allow("layout", layout, runtime.LAYOUTS)
    real = dtype_name(dtype)
    if accumulate not in (None, dtype) and (accumulate, target) != (torch.float64, "c"):
        raise InputError(
            f"accumulate must be dtype or, for target 'c', torch.float64; got {accumulate} for target {target!r} and "
            f"dtype {dtype}"
        )
    _check_basis(basis)
    if not isinstance(name, str) or not name.isascii() or not name.isidentifier():
        raise InputError(f"a kernel cannot be named {name!r}: use letters, digits and underscores, and no digit first")
    programs = _programs(basis)
    header = _header(basis, name)
    wider = "" if accumulate in (None, dtype) else "float64"
    if target == "c":
        source = c.render(programs, real, header, wider)
    else:
        source = cuda.render(programs, real, header) if target == "cuda" else torch_target.render(programs, header)
    spec = runtime.KernelSpec(
        name=name,
        basis_id=basis.id,
        convention=basis.convention,
        dimension=basis.space.dimension,
        count=len(basis.output_names),
        dtype=real,
        target=target,
        source=source,
        codegen_version=str(CODEGEN_VERSION),
        accumulate=wider,
    )
    return runtime.build(spec, layout, registration, tune)


def costs(basis: Basis) -> dict[str, Cost]:
    """What the five functions of the C kernel cost per sample and channel, by their names.

    Raises:
        InputError: the argument is no basis.
    """
    _check_basis(basis)
    return {name: cost(split(program, c.PART_OPERATIONS)) for name, program in _programs(basis).items()}


def write_package(basis: Basis, path: str | Path) -> Path:
    """Write a kernel package: a folder that imports with torch and `invgen.runtime` alone.

    It holds C source for both dtypes, the torch source, the basis with its certificate, and a manifest with the hash
    of every file. The same basis gives the same bytes. The folder's name is the package's name; it is written beside
    its place and moved there, replacing an older package of that name.

    Raises:
        InputError: the name is no Python identifier, the parent folder does not exist or cannot be written, or the
            place holds something else than a kernel package.
    """
    _check_basis(basis)
    folder = Path(path).resolve()
    if not folder.name.isidentifier() or not folder.name.isascii() or keyword.iskeyword(folder.name):
        raise InputError(f"the package name {folder.name!r} must be a Python identifier, such as optimal_l3_n4")
    try:
        if not folder.parent.is_dir():
            raise InputError(f"the folder {folder.parent} does not exist; create it first")
        foreign = _foreign(folder)
        if foreign:
            raise InputError(f"{folder} exists and {foreign}; choose another place or remove it")
        files = package_files(basis, folder.name)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
            _replace(folder, Path(scratch), files)
    except OSError as error:
        raise InputError(f"cannot write the package {folder}: {error.strerror}; choose another place") from error
    return folder


def package_files(basis: Basis, name: str) -> dict[str, str]:
    """The files of a package by name, the manifest last."""
    programs = _programs(basis)
    header = _header(basis, name)
    files = {
        "__init__.py": templating.render("package/__init__.py.j2", _package_source(basis, name)),
        "basis.json": basis_file.dumps(basis),
        "kernels_float32.c": c.render(programs, "float32", header),
        "kernels_float32.cu": cuda.render(programs, "float32", header),
        "kernels_float64.c": c.render(programs, "float64", header),
        "kernels_float64.cu": cuda.render(programs, "float64", header),
        "reference.py": torch_target.render(programs, header),
    }
    manifest: dict[str, Any] = {
        "format": PACKAGE_FORMAT,
        "format_version": PACKAGE_FORMAT_VERSION,
        "name": name,
        "basis_id": basis.id,
        "convention": basis.convention,
        "dimension": basis.space.dimension,
        "count": len(basis.output_names),
        "components": list(basis.components),
        "invariants": list(basis.output_names),
        "codegen_version": str(CODEGEN_VERSION),
        "files": {file: hashlib.sha256(text.encode("utf-8")).hexdigest() for file, text in files.items()},
    }
    return {**files, "MANIFEST.json": json.dumps(manifest, indent=2, ensure_ascii=True) + "\n"}


@dataclass(frozen=True)
class PackageSource:
    """The fields of `package/__init__.py.j2`."""

    name: str
    count: int
    members: str
    space: str
    group: str
    convention: str
    selection: str
    rank: int
    target: int
    basis_id: str
    dimension: int
    codegen_version: int


def _package_source(basis: Basis, name: str) -> PackageSource:
    selection = "a given list" if basis.select == "given" else f"{basis.select} up to degree {basis.max_degree}"
    scalars = basis.outputs == SCALAR
    return PackageSource(
        name=name,
        count=len(basis.output_names),
        members="invariants" if scalars else f"components of {len(basis)} {noun(basis.outputs, len(basis))}",
        space=str(basis.space),
        group=basis.space.group,
        convention=basis.convention,
        selection=selection,
        rank=basis.certificate.rank,
        target=basis.certificate.target,
        basis_id=basis.id,
        dimension=basis.space.dimension,
        codegen_version=CODEGEN_VERSION,
    )


@lru_cache(maxsize=32)
def _programs(basis: Basis) -> KernelPrograms:
    return kernel_programs(lower(basis))


def _header(basis: Basis, name: str) -> Header:
    return Header(name, basis.id, basis.convention, CODEGEN_VERSION)


def _allow(what: str, given: object, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise InputError(f"{what} must be one of {', '.join(map(repr, allowed))}, got {given!r}")


def _check_basis(basis: object) -> None:
    if not isinstance(basis, Basis):
        raise InputError(
            f"the first argument is a Basis, got {type(basis).__name__}; use invgen.generate or Basis.load"
        )


def _replace(folder: Path, scratch: Path, files: dict[str, str]) -> None:
    """Write the files into `scratch`, then move them to `folder`; where that fails, what stood there is put back."""
    fresh, old = scratch / "new", scratch / "old"
    fresh.mkdir()
    for file, text in files.items():
        (fresh / file).write_text(text, encoding="utf-8", newline="\n")
    replaced = folder.exists()
    if replaced:
        os.replace(folder, old)
    try:
        os.replace(fresh, folder)
    except OSError:
        if replaced:
            os.replace(old, folder)
        raise


def _foreign(folder: Path) -> str:
    """What keeps a place from being taken by a package: anything that no package wrote; empty if nothing does."""
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return "is no kernel package"
    present = {entry.name for entry in folder.iterdir()} - {"__pycache__"}
    if not present:
        return ""
    try:
        manifest = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "is no kernel package"
    if not isinstance(manifest, dict) or manifest.get("format") != PACKAGE_FORMAT:
        return "is no kernel package"
    files = manifest.get("files")
    added = sorted(present - {"MANIFEST.json", *(files if isinstance(files, dict) else ())})
    return f"holds {added[0]}, which is no part of the package" if added else ""
