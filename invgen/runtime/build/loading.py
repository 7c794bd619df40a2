"""Why a compiled library was not loaded, as a sentence that says what to do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from invgen.errors import CompilerError
from invgen.runtime.build.cache import cache_folder

# What loaders say of a file that they may read and may not run: Linux, macOS.
_NOT_ALLOWED: Final = ("failed to map segment", "not permitted", "Permission denied", "code signature")
# What they say of a library that the file needs.
_NEEDS: Final = ("libgomp", "libomp", "libiomp")


def loading_error(
    path: Path, error: BaseException, what: str = "the compiled kernel", else_use: str = 'use target="torch"'
) -> CompilerError:
    """The error for a library that the operating system did not load.

    Args:
        path: the library.
        error: what loading it raised.
        what: the words that the sentence begins with, before the path.
        else_use: what to do where the library cannot be repaired.
    """
    said = str(error.__cause__ or error).removeprefix(f"{path}: ")
    if forbids_libraries(path.parent) or any(words in said for words in _NOT_ALLOWED):
        way_out = "set INVGEN_CACHE_DIR to" if path.is_relative_to(cache_folder()) else "copy it to"
        return CompilerError(
            f"{what} {path} cannot be loaded ({said}): the system loads no libraries from that folder, "
            f"as where it is mounted noexec; {way_out} a folder whose files may be run, or {else_use}"
        )
    if any(name in said for name in _NEEDS):
        way_out = "repair the compiler's OpenMP library"
    else:
        way_out = f"remove {path.parent}, so that it is compiled here, and repair the compiler if that does not help"
    return CompilerError(f"{what} {path} cannot be loaded ({said}): {way_out}, or {else_use}")


def forbids_libraries(folder: Path) -> bool:
    """Whether a folder is on a file system that is mounted noexec, where the system says so."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_NOEXEC)
    except (OSError, AttributeError):  # no such folder, or no such question on this system
        return False
