"""The radial network of a convolution: from radial functions of a pair to its weights of every path and channel."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import sqrt
from typing import Final

import torch

from invgen.checks import as_integer, integer, shown
from invgen.errors import InputError
from invgen.runtime.splines import table_from

SILU_GAIN: Final = 1.676532470331091
TANH_GAIN: Final = 1.592537419722823
"""1 / root mean square of silu and tanh of a normal number."""


class RadialWeights(torch.nn.Module):
    """s -> W_n a(... a(W_1 s)), a(z) = silu(z) / root mean square, without biases: zero where all s are zero.

    Every W has the factor 1 / √(its inputs), and numbers that start normal with variance one.

    Args:
        inputs: how many radial functions s there are.
        hidden: the widths between; () for one matrix.
        rows: how many rows of weights a pair has.
        channels: how many channels.
        dtype: of the parameters.

    Shapes:
        (pairs, inputs) -> (pairs, rows, channels).

    Raises:
        InputError: a width is not a positive integer.
    """

    def __init__(
        self, inputs: int, hidden: Iterable[int], rows: int, channels: int, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        widths = [inputs, *hidden_widths(hidden), rows * channels]
        self.matrices = torch.nn.ParameterList(
            torch.nn.Parameter(torch.empty(before, after, dtype=dtype)) for before, after in pairwise(widths)
        )
        for matrix in self.matrices:
            torch.nn.init.normal_(matrix)
        self._shape = (rows, channels)

    def forward(self, radial: torch.Tensor) -> torch.Tensor:
        """The weights of every pair."""
        return self._last(self._hidden(radial))

    def table(self, radial: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        """The table of these weights, (1, knots + 2, 2, rows, channels), from radial functions at the knots in float64.

        Functions (tables, knots, inputs) give as many tables.

        The last matrix is applied to the rows of a table of what comes before it, which is as good and much less work:
        in `dtype`, to numbers that were rounded once.
        """
        rows = table_from(self._hidden(radial).unsqueeze(-2), dtype)
        found = self._last(rows.squeeze(-2))
        return found[None] if radial.dim() == 2 else found

    def _hidden(self, radial: torch.Tensor) -> torch.Tensor:
        """What the last matrix is applied to, with its factor."""
        values = radial
        for number in range(len(self.matrices) - 1):
            # The factors of the inputs multiply the matrix, which is smaller.
            own = (self.matrices[number] * self._factor(number)).to(values.dtype)
            values = torch.nn.functional.silu(values @ own)
        return values

    def _last(self, values: torch.Tensor) -> torch.Tensor:
        matrix = self.matrices[len(self.matrices) - 1]
        found: torch.Tensor = values @ (matrix * self._factor(len(self.matrices) - 1)).to(values.dtype)
        shaped: torch.Tensor = found.unflatten(-1, self._shape)
        return shaped

    def _factor(self, number: int) -> float:
        """By which a matrix is multiplied."""
        return (SILU_GAIN if number else 1.0) / sqrt(self.matrices[number].shape[0])

    def extra_repr(self) -> str:
        """The widths."""
        widths = [self.matrices[0].shape[0], *(matrix.shape[1] for matrix in self.matrices)]
        return " -> ".join(map(str, widths))


def hidden_widths(hidden: Iterable[int], what: str = "radial_hidden") -> tuple[int, ...]:
    """The widths between the radial functions and the weights.

    Args:
        hidden: the widths.
        what: the argument is called in an error sentence.

    Raises:
        InputError: they are not a sequence, or one is not a positive integer.
    """
    if not isinstance(hidden, Iterable) or as_integer(hidden) is not None:
        raise InputError(f"{what} is a sequence of widths, such as (64, 64) or (), got {shown(hidden)}")
    return tuple(integer(f"a width of {what}", width, 1) for width in hidden)
