"""Moments of integer fields by exact sums: every weight is taken as the rational number that its float is."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from invgen.fields import Window
from invgen.fields.slabs import exponents_of


def exact_moments(
    field: np.ndarray, order: int, window: Window, spacing: tuple[float, ...], boundary: str, place: tuple[int, ...]
) -> list[Fraction]:
    """The moments about one voxel of a field of integers, as rational numbers but for the factor of `entry`."""
    weights = []
    for p, h, size in zip(place, spacing, field.shape, strict=True):
        reach = window.reach(h)
        sums = [[Fraction(0)] * size for _ in range(order + 1)]
        for column, number in enumerate(range(p - reach, p + reach + 1)):
            voxel = _voxel(number, size, boundary)
            for k, row in enumerate(window.rows(order, h)):
                if voxel is not None:
                    sums[k][voxel] += Fraction(float(row[column]))
        weights.append(sums)
    return [
        sum(
            (
                int(field[voxel]) * prod(axis[k][v] for axis, k, v in zip(weights, e, voxel, strict=True))
                for voxel in product(*map(range, field.shape))
            ),
            Fraction(0),
        )
        for e in exponents_of(order, len(spacing))
    ]


def _voxel(number: int, size: int, boundary: str) -> int | None:
    """The voxel that stands at a place along an axis, also beyond its ends."""
    if boundary == "wrap":
        return number % size
    if boundary == "nearest":
        return min(max(number, 0), size - 1)
    return number if 0 <= number < size else None
