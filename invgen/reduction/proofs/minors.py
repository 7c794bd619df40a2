"""Minors that are not zero modulo a prime."""

from __future__ import annotations

from invgen.algebra.finite_field import Echelon, Vector


def first_minor(matrix: Vector, prime: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows that the greedy pass keeps, and their pivot columns."""
    echelon = Echelon(matrix.shape[1], prime)
    rows = tuple(i for i, row in enumerate(matrix) if echelon.insert(row))
    return rows, echelon.pivots
