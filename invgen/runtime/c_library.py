"""Compiled kernels, loaded with ctypes: calls release the interpreter's lock, and pass the number of `threads()`."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from invgen.errors import CompilerError
from invgen.runtime.build.loading import loading_error

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
