"""A compiled kernel, loaded with ctypes: calls release the interpreter's lock."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

import torch

from invgen.errors import CompilerError
from invgen.runtime.implementation import Pair, empty_rows
from invgen.runtime.output_pool import SMALLEST, output_pool
from invgen.runtime.threads import threads

# Number of array arguments of each function; samples, channels and threads follow them.
_ARRAYS: Final = {
    "invgen_value": 2,
    "invgen_vjp": 3,
    "invgen_value_and_vjp": 4,
    "invgen_jvp": 3,
    "invgen_vjp_of_vjp": 5,
}


class CLibrary:
    """An `Implementation` for CPU tensors: the functions of a shared library with the ABI of ``docs/architecture.md``.

    Every call passes the number of `threads()`.

    Raises:
        CompilerError: If the library cannot be loaded or lacks one of the five functions.
    """

    def __init__(self, path: Path, dimension: int, count: int) -> None:
        self._dimension = dimension
        self._count = count
        try:
            self._library = ctypes.CDLL(str(path))
        except OSError as error:
            raise CompilerError(
                f"the compiled kernel {path} cannot be loaded ({error}): "
                'repair the compiler\'s OpenMP library, or use target="torch"'
            ) from error
        self._value = self._function("invgen_value", path)
        self._vjp = self._function("invgen_vjp", path)
        self._value_and_vjp = self._function("invgen_value_and_vjp", path)
        self._jvp = self._function("invgen_jvp", path)
        self._vjp_of_vjp = self._function("invgen_vjp_of_vjp", path)

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x)."""
        y = _fresh_rows(x, self._count) if out is None else out
        self._call(self._value, (x,), (y,))
        return y

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Transposed Jacobian at x times ybar."""
        xbar = _fresh_rows(x, self._dimension) if out is None else out
        self._call(self._vjp, (x, ybar), (xbar,))
        return xbar

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """The value and the transposed Jacobian times ybar, in one pass over x."""
        y, xbar = (_fresh_rows(x, self._count), _fresh_rows(x, self._dimension)) if out is None else out
        self._call(self._value_and_vjp, (x, ybar), (y, xbar))
        return y, xbar

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Jacobian at x times u."""
        ydot = _fresh_rows(x, self._count) if out is None else out
        self._call(self._jvp, (x, u), (ydot,))
        return ydot

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients with respect to x and to ybar of the inner product of u and ``vjp(x, ybar)``."""
        grad_x, grad_ybar = (_fresh_rows(x, self._dimension), _fresh_rows(x, self._count)) if out is None else out
        self._call(self._vjp_of_vjp, (x, ybar, u), (grad_x, grad_ybar))
        return grad_x, grad_ybar

    def _function(self, name: str, path: Path) -> Callable[..., None]:
        try:
            function = getattr(self._library, name)
        except AttributeError as error:
            raise CompilerError(
                f"the compiled kernel {path} lacks the function {name}: regenerate its source"
            ) from error
        function.argtypes = [ctypes.c_void_p] * _ARRAYS[name] + [ctypes.c_int64, ctypes.c_int64, ctypes.c_int]
        function.restype = None
        return function  # type: ignore[no-any-return]

    def _call(
        self, function: Callable[..., None], inputs: tuple[torch.Tensor, ...], outputs: tuple[torch.Tensor, ...]
    ) -> None:
        x = inputs[0]
        elements = x.numel()
        if elements == 0:
            return
        channels = x.shape[-1]
        # The list keeps the contiguous copies alive until the call has returned.
        arrays = [array.contiguous() for array in inputs]
        pointers = [array.data_ptr() for array in arrays]
        pointers += [array.data_ptr() for array in outputs]
        function(*pointers, elements // (self._dimension * channels), channels, threads())


def _fresh_rows(x: torch.Tensor, rows: int) -> torch.Tensor:
    """What `empty_rows` gives, in memory from the pool where the result is large."""
    # The compilers trace this where a bare function stands in what they compile, and they plan memory themselves.
    if torch.compiler.is_compiling():
        return empty_rows(x, rows)
    shape = (*x.shape[:-2], rows, x.shape[-1])
    if math.prod(shape) * x.element_size() < SMALLEST:
        return empty_rows(x, rows)
    return output_pool.empty(shape, x.dtype)
