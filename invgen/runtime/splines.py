"""Cubic splines on equal intervals: from values at knots to coefficients of B-splines, by a map that is local.

de Boor, A Practical Guide to Splines (1978), chapter XII: a quasi-interpolant that reproduces the polynomials of the
order of the splines converges as fast as interpolation does, without a system of equations for all knots.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch

_CONTINUED: Final = 6
"""So many knots at an end say how functions go on before it: with four, errors there are ten times those elsewhere."""

# Coefficients are f - δ²f/6 + δ⁴f/36 with central differences δ²: the values of a spline at its knots are those of its
# coefficients plus δ²/6 of them, and these are the first three terms of the inverse.
_STENCIL = (1 / 36, -1 / 6 - 4 / 36, 1 + 2 / 6 + 6 / 36)


def coefficients_of(values: torch.Tensor) -> torch.Tensor:
    """(..., n, a, b) -> (..., n + 2, a, b): coefficients of the B-splines that do not vanish on the span.

    The spline is exact for polynomials of degree 3. For smooth functions its error is of fourth order in the distance
    of the knots, and near the knots of sixth. Before the first knot and after the last, values are those of the
    polynomial through six knots.

    Args:
        values: at n ≥ 4 equidistant knots.
    """
    along = values.dim() - 3
    points = min(_CONTINUED, values.shape[along])
    before = values.new_tensor(_lagrange(points))
    first = torch.tensordot(before, values.narrow(along, 0, points), ([1], [along])).movedim(0, along)
    last = values.narrow(along, values.shape[along] - points, points).flip(along)
    after = torch.tensordot(before, last, ([1], [along])).movedim(0, along).flip(along)
    padded = torch.cat([first, values, after], along)
    count = values.shape[along] + 2
    outer, middle, inner = _STENCIL
    return (
        inner * padded.narrow(along, 2, count)
        + middle * (padded.narrow(along, 1, count) + padded.narrow(along, 3, count))
        + outer * (padded.narrow(along, 0, count) + padded.narrow(along, 4, count))
    )


def _lagrange(points: int) -> list[list[float]]:
    """Lagrange polynomials through the places 0, 1, ... of so many points, at -3, -2 and -1."""
    places = range(points)
    return [
        [math.prod(at - i for i in places if i != j) / math.prod(j - i for i in places if i != j) for j in places]
        for at in (-3, -2, -1)
    ]


def table_from(values: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """(..., n, a, b) -> (..., n + 2, 2, a, b): coefficients and their differences to the next, each rounded once."""
    found = coefficients_of(values)
    along = found.dim() - 3
    differences = torch.nn.functional.pad(found.diff(dim=along), (0, 0, 0, 0, 0, 1))
    return torch.stack([found, differences], along + 1).to(dtype)


def sums_at(place: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """At places 0 ... 1 of an interval the factors of three differences, and their first and second derivatives.

    A cubic spline is Σ_j c_j b_j with the four B-splines that do not vanish. With differences d_j = c_(j+1) - c_j it is
    c_0 + Σ_j d_j p_j for j = 0, 1, 2, where p_j is the sum of the B-splines after the j-th.

    Shapes:
        (n) -> three times (n, 3).
    """
    t, s = place, 1 - place
    value = torch.stack([1 - s * s * s / 6, (((3 - 2 * t) * t + 3) * t + 1) / 6, t * t * t / 6], -1)
    slope = torch.stack([s * s / 2, (1 - t) * t + 0.5, t * t / 2], -1)
    bend = torch.stack([-s, 1 - 2 * t, t], -1)
    return value, slope, bend


@dataclass(frozen=True)
class SplineErrors:
    """How far a spline is from its function.

    Attributes:
        worst: the largest error.
        distance: where that is.
        largest: the largest value of the function.
    """

    worst: float
    distance: float
    largest: float


def errors_between(
    table: torch.Tensor, knots: torch.Tensor, function: Callable[[torch.Tensor], torch.Tensor]
) -> SplineErrors:
    """The errors of a spline half and a quarter of the way between knots.

    Args:
        table: (n + 2, 2, a, b).
        knots: their distances, (n).
        function: distances -> values (distances, a, b), what the table was made of.
    """
    places, errors, largest = [], [], 0.0
    for share in (0.25, 0.5):
        between = knots[:-1] + share * (knots[1] - knots[0])
        exact = function(between).to(table.dtype)
        largest = max(largest, float(exact.abs().max()))
        places.append(between)
        errors.append((spline_at(table, share) - exact).abs().flatten(1).amax(1))
    # NaN is the largest of all numbers here, so that a function without values is never within a bound.
    worst, place = torch.cat(errors).max(0)
    return SplineErrors(float(worst), float(torch.cat(places)[place]), largest)


def spline_at(table: torch.Tensor, share: float) -> torch.Tensor:
    """The spline in every interval, at this share of it: (n + 2, 2, a, b) -> (n - 1, a, b)."""
    factors = sums_at(torch.tensor(share, dtype=table.dtype))[0]
    intervals = table.shape[0] - 3
    found = table[:intervals, 0]
    for k in range(3):
        found = found + factors[k] * table[k : k + intervals, 1]
    return found
