"""Radial networks as tables of splines, which are made in float64."""

from __future__ import annotations

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
