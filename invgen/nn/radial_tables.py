"""Radial networks as tables of splines, which are made in float64."""

from __future__ import annotations

from typing import Any, Final

import torch
from torch.func import functional_call

from invgen.runtime import Neighbours

SMALLEST: Final = 0.01
"""The first knot as a share of the cutoff: radial functions are 0/0 at zero, and no atoms are that close."""

CHECKED: Final = 64
"""So many pairs of elements are looked at for errors of tables, all of them; of more, those of equal elements."""


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


def kinds_of(species: torch.Tensor, neighbours: Neighbours, elements: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(the pairs of elements that occur, the number of each pair's), where one is smaller place · elements + larger.

    Args:
        species: (atoms), the place of the element of every atom.
        neighbours: the pairs.
        elements: how many there are.
    """
    first, second = species.index_select(0, neighbours.index), species.index_select(0, neighbours.receivers)
    pairs = torch.minimum(first, second) * elements + torch.maximum(first, second)
    if torch.compiler.is_compiling():
        # No shape in a graph may depend on values.
        return torch.arange(elements**2, device=species.device), pairs
    kinds, numbers = torch.unique(pairs, return_inverse=True)
    return (kinds if kinds.numel() else pairs.new_zeros(1)), numbers


def kinds_checked(elements: int, symmetric: bool = True) -> torch.Tensor:
    """The pairs of elements that errors of tables are looked for in; in one order if both orders are the same."""
    pairs = [(a, b) for a in range(elements) for b in range(a if symmetric else 0, elements)]
    return torch.tensor([a * elements + b for a, b in pairs if a == b or len(pairs) <= CHECKED])
