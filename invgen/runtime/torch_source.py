"""A kernel as plain PyTorch: the module text that the torch emitter wrote, run in a namespace of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

import torch

from invgen.errors import BasisFileError
from invgen.runtime.implementation import Pair
from invgen.runtime.spec import KernelSpec

_FUNCTIONS: Final = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")


class TorchSource:
    """An `Implementation` for tensors on any device: the functions that the text of ``spec.source`` defines.

    Raises:
        BasisFileError: If the text is no Python, or lacks one of the five functions.
    """

    def __init__(self, spec: KernelSpec) -> None:
        module = ModuleType(f"invgen_kernel_{spec.name}_{spec.key}", f"Generated source of kernel {spec.name}.")
        try:
            exec(compile(spec.source, f"<torch source of {spec.name}>", "exec"), module.__dict__)
        except SyntaxError as error:
            raise BasisFileError(
                f"the torch source of kernel {spec.name!r} is damaged ({error}): regenerate it"
            ) from error
        missing = [name for name in _FUNCTIONS if not callable(getattr(module, name, None))]
        if missing:
            raise BasisFileError(f"the torch source of kernel {spec.name!r} lacks {missing[0]}(): regenerate it")
        self._functions: dict[str, Callable[..., Any]] = {name: getattr(module, name) for name in _FUNCTIONS}
        # torch.compile finds the globals of what it traces through the module of that name.
        sys.modules[module.__name__] = module

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x)."""
        return self._one("value", (x,), out)

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Transposed Jacobian at x times ybar."""
        return self._one("vjp", (x, ybar), out)

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """The value and the transposed Jacobian times ybar."""
        return self._two("value_and_vjp", (x, ybar), out)

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Jacobian at x times u."""
        return self._one("jvp", (x, u), out)

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients with respect to x and to ybar of the inner product of u and ``vjp(x, ybar)``."""
        return self._two("vjp_of_vjp", (x, ybar, u), out)

    def _one(self, name: str, inputs: tuple[torch.Tensor, ...], out: torch.Tensor | None) -> torch.Tensor:
        with torch.no_grad():
            return _placed(self._functions[name](*inputs), out)

    def _two(self, name: str, inputs: tuple[torch.Tensor, ...], out: Pair | None) -> Pair:
        with torch.no_grad():
            first, second = self._functions[name](*inputs)
            first_out, second_out = (None, None) if out is None else out
            return _placed(first, first_out), _placed(second, second_out)


def _placed(result: torch.Tensor, out: torch.Tensor | None) -> torch.Tensor:
    return result.contiguous() if out is None else out.copy_(result)
