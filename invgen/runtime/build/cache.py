"""Compiled kernels on disk: each is built once per machine, even where processes race for it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from invgen.errors import CacheError, CompilerError
from invgen.runtime.build.compilers import (
    SECTIONS,
    Compiler,
    compile_library,
    cpu_features,
    run_compiler,
    system,
    write_sections,
)
from invgen.runtime.build.registration import Registration
from invgen.runtime.spec import KernelSpec, digest

LIBRARY: Final = "kernel.so"
SOURCE: Final = "source.c"
REGISTRATION: Final = "registration.cpp"
META: Final = "meta.json"
LOG: Final = "log.txt"
# The largest kernels take the compiler a minute or two; waiting longer than this is waiting for nothing.
LOCK_TIMEOUT: Final = 600.0

_FULL_DISK: Final = ("No space left on device", "Disk quota exceeded")
_builds = 0


@dataclass(frozen=True)
class Cached:
    """A library whose bytes are those that were recorded when it was built.

    Attributes:
        library: path of the shared object or of the machine code of a GPU.
        compiled: True if this call ran the compiler, False if the library was found.
    """

    library: Path
    compiled: bool


@dataclass(frozen=True)
class Recipe:
    """How a library is made; equal ingredients give equal libraries.

    Attributes:
        source: name of the file that the spec's source is written to.
        library: name of the file that is made.
        ingredients: everything beside the spec that shapes the library, as JSON.
        make: makes the library from the source in a folder of their own and leaves what the compiler said in `LOG`.
    """

    source: str
    library: str
    ingredients: dict[str, object]
    make: Callable[[Path], None]


def build_count() -> int:
    """How many kernels this process has compiled; kernels found in a cache do not count."""
    return _builds


def cache_folder() -> Path:
    """`INVGEN_CACHE_DIR` if it is set, else the user's cache folder of the platform; it need not exist."""
    named = os.environ.get("INVGEN_CACHE_DIR", "")
    if named:
        folder = Path(named)
    else:
        # Imported here: a caller that names a folder does not need the default one.
        import platformdirs

        folder = Path(platformdirs.user_cache_dir("invgen", appauthor=False))
    return Path(os.path.abspath(folder.expanduser()))


def search_folders() -> tuple[Path, ...]:
    """The folders of `INVGEN_CACHE_PATH`, in order: caches that are read, never written."""
    named = os.environ.get("INVGEN_CACHE_PATH", "").split(os.pathsep)
    return tuple(Path(os.path.abspath(Path(folder).expanduser())) for folder in named if folder)


def cache_key(spec: KernelSpec, compiler: Compiler, registration: Registration | None = None) -> str:
    """Different binaries have different keys: SHA-256 over everything that shapes one."""
    return recipe_key(spec, _c_recipe(spec, compiler, registration))


def recipe_key(spec: KernelSpec, recipe: Recipe) -> str:
    """The key of what a recipe makes of a spec."""
    return digest(_ingredients(spec, recipe))


def entry_folder(root: Path, spec: KernelSpec, key: str) -> Path:
    """Where the cache at `root` keeps the entry `key`."""
    return root / f"v{spec.codegen_version}" / key[:2] / key


def shared_library(
    spec: KernelSpec,
    compiler: Compiler,
    registration: Registration | None = None,
    lock_timeout: float = LOCK_TIMEOUT,
) -> Cached:
    """The library of a C kernel, found in a cache or built into ours; racing callers build it once.

    With a registration the library also registers the kernel's torch operators, wherever it is loaded.

    Raises:
        CompilerError: if the compiler refuses the source.
        CacheError: if the cache folder cannot be used, or another process holds the entry's lock for too long.
    """
    return stored(spec, _c_recipe(spec, compiler, registration), lock_timeout)


def stored(spec: KernelSpec, recipe: Recipe, lock_timeout: float = LOCK_TIMEOUT) -> Cached:
    """What a recipe makes of a spec, found in a cache or built into ours; racing callers build it once.

    An entry counts as found only if the library's SHA-256 is the recorded one: truncated or altered files are rebuilt.

    Raises:
        CompilerError: if the compiler refuses the source.
        CacheError: if the cache folder cannot be used, or another process holds the entry's lock for too long.
    """
    key = recipe_key(spec, recipe)
    root = cache_folder()
    for folder in (root, *search_folders()):
        library = intact(entry_folder(folder, spec, key) / recipe.library)
        if library is not None:
            return Cached(library, compiled=False)
    entry = entry_folder(root, spec, key)
    with _storage_errors(root):
        entry.parent.mkdir(parents=True, exist_ok=True)
        with _locked(entry.with_name(f"{key}.lock"), spec, lock_timeout):
            library = intact(entry / recipe.library)
            if library is not None:
                return Cached(library, compiled=False)
            return Cached(_build(spec, recipe, entry), compiled=True)


def _c_recipe(spec: KernelSpec, compiler: Compiler, registration: Registration | None) -> Recipe:
    ingredients: dict[str, object] = {
        **({} if registration is None else {"registration": registration.ingredients()}),
        "compiler": list(compiler.command),
        "compiler_version": compiler.version,
        "flags": list(compiler.flags),
        "system": system(),
        "cpu": cpu_features(compiler),
    }
    return Recipe(SOURCE, LIBRARY, ingredients, lambda folder: _compile(spec, compiler, registration, folder))


def _ingredients(spec: KernelSpec, recipe: Recipe) -> dict[str, object]:
    return {
        **recipe.ingredients,
        "spec": spec.key,
        "source": hashlib.sha256(spec.source.encode("utf-8")).hexdigest(),
    }


def intact(library: Path) -> Path | None:
    """The library of an entry if it has the recorded hash, else None, whatever is wrong with the entry."""
    try:
        meta = json.loads((library.parent / META).read_text(encoding="utf-8"))
        if not isinstance(meta, dict) or meta.get("library_sha256") != _file_digest(library):
            return None
    except (OSError, ValueError):
        return None
    return library


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _build(spec: KernelSpec, recipe: Recipe, entry: Path) -> Path:
    """Compiles beside the entry and moves the result into place; the caller holds the entry's lock."""
    global _builds
    prefix = f"{entry.name}.build-"
    # We hold the lock, so the process that made these folders was killed.
    for abandoned in sorted(entry.parent.glob(f"{prefix}*")):
        shutil.rmtree(abandoned, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=entry.parent))
    try:
        (folder / recipe.source).write_text(spec.source, encoding="utf-8", newline="\n")
        recipe.make(folder)
        meta = {
            **_ingredients(spec, recipe),
            "name": spec.name,
            "basis_id": spec.basis_id,
            "convention": spec.convention,
            "dtype": spec.dtype,
            "codegen_version": spec.codegen_version,
            "library_sha256": _file_digest(folder / recipe.library),
        }
        (folder / META).write_text(json.dumps(meta, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
        # A damaged entry may be there: the lock keeps other builders away, and readers take a half-removed entry
        # for a missing one and then wait for the lock.
        shutil.rmtree(entry, ignore_errors=True)
        os.replace(folder, entry)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _builds += 1
    return entry / recipe.library


def _compile(spec: KernelSpec, compiler: Compiler, registration: Registration | None, folder: Path) -> None:
    try:
        if registration is None:
            compile_library(compiler, folder / SOURCE, folder / LIBRARY, folder / LOG)
        else:
            write_sections(folder / SOURCE, folder)
            (folder / REGISTRATION).write_text(registration.text, encoding="utf-8", newline="\n")
            run_compiler(registration.stages(spec, compiler, SOURCE, REGISTRATION, LIBRARY), folder, folder / LOG)
        for made in folder.glob("*.o"):
            made.unlink()
        shutil.rmtree(folder / SECTIONS, ignore_errors=True)
    except CompilerError as error:
        said = (folder / LOG).read_text(encoding="utf-8") if (folder / LOG).exists() else ""
        complaint = next((text for text in _FULL_DISK if text in said), None)
        if complaint is not None:
            raise OSError(0, complaint) from error
        raise CompilerError(f"kernel {spec.name!r} was not built: {error}") from error


@contextmanager
def _locked(path: Path, spec: KernelSpec, timeout: float) -> Iterator[None]:
    """The operating system's lock on `path`, which it takes back from a process that dies."""
    import filelock  # a kernel that is found needs no lock

    lock = filelock.FileLock(path, timeout=timeout)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise CacheError(
            f"another process has been building kernel {spec.name!r} for more than {timeout:g} s and holds {path}: "
            "wait for it or end it, or set INVGEN_CACHE_DIR to another folder"
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _storage_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CacheError(
            f"the kernel cache folder {root} cannot be written ({reason}): set INVGEN_CACHE_DIR to a folder that can"
        ) from error
