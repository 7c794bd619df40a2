"""Networks of linear layers with a smooth function between them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import torch

from invgen.checks import as_integer, integer, one_of, shown
from invgen.errors import InputError

# Those with continuous second derivatives: a loss on gradients has others of them as its gradient.
ACTIVATIONS: dict[str, type[torch.nn.Module]] = {
    "silu": torch.nn.SiLU,
    "tanh": torch.nn.Tanh,
    "softplus": torch.nn.Softplus,
    "gelu": torch.nn.GELU,
}


def perceptron(
    inputs: int, hidden: Iterable[int], outputs: int, dtype: torch.dtype, activation: str = "silu"
) -> torch.nn.Sequential:
    """Linear layers of these widths, the activation after each but the last; without hidden layers one linear layer.

    Shapes:
        (..., inputs) -> (..., outputs).

    Raises:
        InputError: a hidden width is not a positive integer, or the activation has no such name.
    """
    between = ACTIVATIONS[one_of("the activation", activation, ACTIVATIONS)]
    if not isinstance(hidden, Iterable) or as_integer(hidden) is not None:
        raise InputError(f"hidden is a sequence of widths, such as (64, 64) or (), got {shown(hidden)}")
    widths = [inputs, *(integer("a hidden width", width, 1) for width in hidden), outputs]
    layers: list[torch.nn.Module] = []
    for before, after in pairwise(widths):
        layers += [torch.nn.Linear(before, after, dtype=dtype), between()]
    return torch.nn.Sequential(*layers[:-1])
