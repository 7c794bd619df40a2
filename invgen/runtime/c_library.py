"""Compiled kernels, loaded with ctypes: calls release the interpreter's lock, and pass the number of `threads()`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from invgen.errors import CompilerError
from invgen.runtime.build.loading import loading_error
from invgen.runtime.families.table import Family

_KINDS: Final = {"p": ctypes.c_void_p, "i": ctypes.c_int64, "z": ctypes.c_int, "": None}


def open_library(path: Path, signatures: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    """The functions of a shared library by the ABI of `docs/architecture.md`.

    Args:
        path: the library.
        signatures: for each function, whose name in C begins with `invgen_`, a letter for each argument, `>` and
            one for what it returns, if anything: p an address, i an int64_t, z an int.

    Raises:
        CompilerError: if the library cannot be loaded or lacks a function.
    """
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise loading_error(path, error) from error
    functions = {}
    for name, signature in signatures.items():
        try:
            function = getattr(library, f"invgen_{name}")
        except AttributeError as error:
            raise CompilerError(
                f"the compiled kernel {path} lacks the function invgen_{name}: regenerate its source"
            ) from error
        arguments, _, result = signature.partition(">")
        function.argtypes = [_KINDS[kind] for kind in arguments]
        function.restype = _KINDS[result]
        functions[name] = function
    return functions


def open_chunked(family: Family, path: Path) -> dict[str, Callable[..., Any]]:
    """The functions of a library that visits samples in chunks: those of the family, "misplaced", "chunks" and "sum".

    Raises:
        CompilerError: as `open_library`.
    """
    # Of the arguments in the table, the one that sorts samples is not an array: the plan of chunks takes its place.
    arrays = {f.name: len(family.tensors(f)) - 1 + len(f.outputs) for f in family.functions}
    signatures = {name: "p" * count + "pppiiz" for name, count in arrays.items()}
    return open_library(path, {"misplaced": "pii>i", "chunks": "piipppp>i", "sum": "ppiiipz", **signatures})
