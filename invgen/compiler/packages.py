"""Kernel packages: folders that import with torch and `invgen.runtime` alone, written byte for byte the same."""

from __future__ import annotations

import hashlib
import json
import keyword
import lzma
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from invgen.basis.basis import Basis
from invgen.checks import integer
from invgen.compiler import invariants, weighted
from invgen.compiler.cards import card_words
from invgen.compiler.convolution import Path as CouplingPath
from invgen.compiler.package_contents import Contents, of_convolution, of_invariants, of_moments, of_weighted
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InputError
from invgen.runtime.constants import (
    COMPRESSED_SUFFIX,
    MANIFEST,
    PACKAGE_FORMAT,
    PACKAGE_FORMAT_VERSION,
    PACKAGE_FORMAT_VERSION_COMPRESSED,
    PACKAGE_TARGETS,
)
from invgen.runtime.spec import DTYPES
from invgen.runtime.targets import target_named
from invgen.spaces import conventions
from invgen.stages import COMPILER, Progress, stage

_PRESET = 9
"""How hard sources are compressed; their text is the same after each."""


def write_package(
    basis: Basis,
    path: str | Path,
    progress: Progress | None = None,
    card: Mapping[str, Any] | None = None,
    compressed: bool = False,
) -> Path:
    """Write a kernel package: a folder that imports with torch and `invgen.runtime` alone.

    It holds C and CUDA source for both dtypes, the torch source, the basis with its certificate, and a manifest with
    the hash of every file. The same basis gives the same bytes. The folder's name is the package's name; it is written
    beside its place and moved there, replacing an older package of that name.

    Args:
        basis: what its kernels compute.
        path: the folder to write.
        progress: as for `invgen.compile`; the last stage is "write".
        card: what the catalogue says of it: {"title": ..., "use": ..., "topics": [...]}; counts and proof are added.
        compressed: whether sources are stored compressed (`.xz`); the hashes are those of their texts.

    Raises:
        InputError: the card lacks a field or has another one, the name is not a Python identifier, the parent folder
            does not exist or cannot be written, or the place holds something other than a kernel package.
    """
    invariants.check_basis(basis)
    words = None if card is None else card_words(card)
    return _write(path, lambda name: of_invariants(basis, name, progress, words), progress, compressed)


def write_weighted_package(
    basis: Basis | Sequence[Basis], species: int, path: str | Path, progress: Progress | None = None
) -> Path:
    """Write a kernel package as `write_package` does, of what `compile_weighted` compiles.

    The bases are `basis_0.json` and so on, with their certificates.

    Args:
        basis: what to contract: a basis, or several over one space in one convention.
        species: the number of species.
        path: the folder to write.
        progress: as for `write_package`.

    Raises:
        InputError: as `compile_weighted` and `write_package`.
    """
    bases = weighted.bases_of(basis)
    count = integer("the number of species", species, least=1)
    return _write(path, lambda name: of_weighted(bases, count, name, progress), progress)


def write_moments_package(
    l_max: int | None,
    path: str | Path,
    form: str = "mixed",
    convention: str = conventions.DEFAULT,
    angular: str = "unit",
    progress: Progress | None = None,
) -> Path:
    """Write a kernel package as `write_package` does, of what `compile_moments` compiles.

    Moments of the form "full" have no CUDA kernel, so such a package has no target "cuda".

    Args:
        l_max: the highest rank of the harmonics; None exactly for the form "environment".
        path: the folder to write.
        form: as for `compile_moments`, and so are the others.
        convention: as of a basis.
        angular: "unit" or "solid".
        progress: as for `write_package`.

    Raises:
        InputError: as `compile_moments` and `write_package`.
    """
    return _write(path, lambda name: of_moments(l_max, form, convention, angular, name, progress), progress)


def write_convolution_package(
    irreps_in: str,
    path: str | Path,
    l_max: int | None = None,
    irreps_out: str | None = None,
    *,
    harmonics: str | None = None,
    paths: Sequence[CouplingPath] | None = None,
    factors: Sequence[float] | None = None,
    convention: str = conventions.DEFAULT,
    angular: str = "unit",
    progress: Progress | None = None,
) -> Path:
    """Write a kernel package as `write_package` does, of what `compile_convolution` compiles.

    Args:
        irreps_in: irreps of the features with multiplicities.
        path: the folder to write.
        l_max: as for `compile_convolution`, and so are the others.
        irreps_out: the irreps of the messages that are kept.
        harmonics: the irreps of harmonics that the caller gives.
        paths: the paths, in the order of the weights.
        factors: what multiplies the coefficients of each path.
        convention: of all components.
        angular: "unit" or "solid".
        progress: as for `write_package`.

    Raises:
        InputError: as `compile_convolution` and `write_package`.
    """
    options = {"harmonics": harmonics, "paths": paths, "factors": factors, "convention": convention, "angular": angular}
    return _write(path, lambda name: of_convolution(irreps_in, l_max, irreps_out, options, name, progress), progress)


def package_files(basis: Basis, name: str) -> dict[str, str]:
    """The files of a package of a basis by name, the manifest last.

    Args:
        basis: what the kernels compute.
        name: of the package, a Python identifier.
    """
    return _files(of_invariants(basis, name))


def _files(contents: Contents, progress: Progress | None = None, compressed: bool = False) -> dict[str, str]:
    """The texts of a package's files by name, the manifest last."""
    job = contents.job
    files = dict(contents.texts)
    sources: list[str] = []
    with stage(COMPILER, "emit", progress):
        for target in map(target_named, job.targets):
            for dtype in DTYPES if target.has_dtypes else DTYPES[:1]:
                sources.append(target.source_file(dtype))
                files[sources[-1]] = job.source(target.name, dtype)
    files = dict(sorted(files.items()))
    # The manifests of invariants are older than the other families and targets, and then say nothing of either.
    oldest = job.family == "invariants" and job.targets == PACKAGE_TARGETS
    kind = {} if oldest else {"family": job.family, "targets": list(job.targets)}
    manifest: dict[str, Any] = {
        "format": PACKAGE_FORMAT,
        "format_version": PACKAGE_FORMAT_VERSION_COMPRESSED if compressed else PACKAGE_FORMAT_VERSION,
        "name": job.header.name,
        "basis_id": job.header.basis_id,
        "convention": job.header.convention,
        "dimension": job.dimension,
        "count": job.count,
        **kind,
        **contents.fields,
        "codegen_version": str(CODEGEN_VERSION),
        "files": {file: hashlib.sha256(text.encode("utf-8")).hexdigest() for file, text in files.items()},
        **({"compressed": sorted(sources)} if compressed else {}),
    }
    return {**files, MANIFEST: json.dumps(manifest, indent=2, ensure_ascii=True) + "\n"}


def _write(
    path: str | Path,
    contents_of: Callable[[str], Contents],
    progress: Progress | None,
    compressed: bool = False,
) -> Path:
    """Write what the name of a folder and a function of it say, in one move."""
    folder = Path(path).resolve()
    if not folder.name.isidentifier() or not folder.name.isascii() or keyword.iskeyword(folder.name):
        raise InputError(f"the package name {folder.name!r} must be a Python identifier, such as optimal_l3_n4")
    try:
        if not folder.parent.is_dir():
            raise InputError(f"the folder {folder.parent} does not exist; create it first")
        foreign = _foreign(folder)
        if foreign:
            raise InputError(f"{folder} exists and {foreign}; choose another place or remove it")
        files = _stored(_files(contents_of(folder.name), progress, compressed))
        with (
            stage(COMPILER, "write", progress),
            tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch,
        ):
            _replace(folder, Path(scratch), files)
    except OSError as error:
        raise InputError(f"cannot write the package {folder}: {error.strerror}; choose another place") from error
    return folder


def _stored(texts: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of each file under the name that it is stored as."""
    compressed = json.loads(texts[MANIFEST]).get("compressed", ())
    found = {name: text.encode("utf-8") for name, text in texts.items() if name not in compressed}
    return found | {
        name + COMPRESSED_SUFFIX: lzma.compress(texts[name].encode("utf-8"), preset=_PRESET) for name in compressed
    }


def _replace(folder: Path, scratch: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into `scratch`, then move them to `folder`; where that fails, what stood there is put back."""
    fresh, old = scratch / "new", scratch / "old"
    fresh.mkdir()
    for file, content in files.items():
        (fresh / file).write_bytes(content)
    replaced = folder.exists()
    if replaced:
        os.replace(folder, old)
    try:
        os.replace(fresh, folder)
    except OSError:
        if replaced:
            os.replace(old, folder)
        raise


_NOT_OURS = "is not a kernel package"


def _foreign(folder: Path) -> str:
    """What keeps a place from being taken by a package: anything that no package wrote; empty if nothing does."""
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return _NOT_OURS
    present = {entry.name for entry in folder.iterdir()} - {"__pycache__"}
    if not present:
        return ""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return _NOT_OURS
    if not isinstance(manifest, dict) or manifest.get("format") != PACKAGE_FORMAT:
        return _NOT_OURS
    files = manifest.get("files")
    names = [*files] if isinstance(files, dict) else []
    added = sorted(present - {MANIFEST, *names, *(name + COMPRESSED_SUFFIX for name in names)})
    return f"holds {added[0]}, which is not part of the package" if added else ""
