"""Kernel packages: folders that import with torch and `invgen.runtime` alone, written byte for byte the same."""

from __future__ import annotations

import hashlib
import json
import keyword
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.compiler.invariants import check_basis, header_of, programs_of
from invgen.emit import c, cuda, pytorch, templating
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InputError
from invgen.reduction.registry import SELECTIONS
from invgen.spaces.outputs import SCALAR, noun

TEMPLATE = "package/__init__.py.j2"
PACKAGE_FORMAT = "invgen-package"
PACKAGE_FORMAT_VERSION = 1


def write_package(basis: Basis, path: str | Path) -> Path:
    """Write a kernel package: a folder that imports with torch and `invgen.runtime` alone.

    It holds C source for both dtypes, the torch source, the basis with its certificate, and a manifest with the hash
    of every file. The same basis gives the same bytes. The folder's name is the package's name; it is written beside
    its place and moved there, replacing an older package of that name.

    Raises:
        InputError: the name is no Python identifier, the parent folder does not exist or cannot be written, or the
            place holds something else than a kernel package.
    """
    check_basis(basis)
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
    programs = programs_of(basis)
    header = header_of(basis, name)
    files = {
        "__init__.py": templating.render(TEMPLATE, _package_source(basis, name)),
        "basis.json": basis_file.dumps(basis),
        "kernels_float32.c": c.render(programs, "float32", header),
        "kernels_float32.cu": cuda.render(programs, "float32", header),
        "kernels_float64.c": c.render(programs, "float64", header),
        "kernels_float64.cu": cuda.render(programs, "float64", header),
        "reference.py": pytorch.render(programs, header),
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
    selection = (
        "a given list" if not SELECTIONS[basis.select].offered else f"{basis.select} up to degree {basis.max_degree}"
    )
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
