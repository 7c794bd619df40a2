"""Radial networks as tables of splines, which are made in float64 and kept while nothing of the networks changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final

import torch
from torch.func import functional_call

SMALLEST: Final = 0.01
"""The first knot as a share of the cutoff: radial functions are 0/0 at zero, and no atoms are that close."""


def tensors_of(*modules: torch.nn.Module) -> list[torch.Tensor]:
    """The parameters and buffers of modules."""
    return [each for module in modules for each in (*module.parameters(), *module.buffers())]


def doubled(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The parameters and buffers of a module in float64, through which gradients flow."""
    own = [*module.named_parameters(), *module.named_buffers()]
    return {name: each.double() if each.is_floating_point() else each for name, each in own}


def in_float64(module: torch.nn.Module, *inputs: torch.Tensor) -> Any:
    """What a module gives for inputs of float64, with its parameters in float64."""
    return functional_call(module, doubled(module), inputs)


class KeptTable:
    """The latest table, made anew where gradients are recorded or a parameter or buffer has changed."""

    def __init__(self) -> None:
        self._latest: tuple[Any, torch.Tensor] | None = None

    def __call__(
        self, tensors: Iterable[torch.Tensor], key: Hashable, make: Callable[[], torch.Tensor]
    ) -> torch.Tensor:
        """The table that `make` makes of these tensors.

        Args:
            tensors: the parameters and buffers that it follows from, as `tensors_of` gives them.
            key: what else it follows from.
            make: makes it.
        """
        own = list(tensors)
        # Graphs hold no table that was made before.
        if torch.compiler.is_compiling() or (torch.is_grad_enabled() and any(each.requires_grad for each in own)):
            return make()
        state = key, tuple((each.data_ptr(), each._version) for each in own)
        if self._latest is None or self._latest[0] != state:
            self._latest = state, make().detach()
        return self._latest[1]

    def __deepcopy__(self, memo: dict[int, Any]) -> KeptTable:
        return KeptTable()

    def __reduce__(self) -> tuple[Any, ...]:
        return KeptTable, ()
