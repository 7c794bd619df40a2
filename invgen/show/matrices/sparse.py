"""A vector as a combination of few of given ones, modulo a prime."""

from __future__ import annotations

import numpy as np

from invgen.algebra.finite_field import Vector, independent_rows, inverse
from invgen.algebra.modular import product_modulo

_WORK = 4 * 10**6  # products of residues that a search may take: some tenths of a second


def sparse_support(rows: Vector, target: Vector, prime: int) -> list[int] | None:
    """The numbers of independent rows, ascending, of which the target is a combination with no coefficient zero.

    A single row is preferred, then two, and so on as far as the work allows: the lexicographically first ones. Beyond,
    the combination of the rows that are outside the span of those before them.

    Args:
        rows: residues, (number, width).
        target: residues, (width,), not zero.
        prime: below 2^31.

    Returns:
        None where the target is outside the span.
    """
    usual = _in_first_rows(rows, target, prime)
    if usual is None:
        return None
    work = rows.size
    for size in range(1, len(usual)):
        if work > _WORK:
            break
        found = _of_size(rows, target, prime, size, 0)
        if found is not None:
            return found
        work *= len(rows)
    return usual


def _in_first_rows(rows: Vector, target: Vector, prime: int) -> list[int] | None:
    first = independent_rows(rows, prime)
    chosen = rows[first]
    columns = independent_rows(chosen.T, prime)
    inverted = inverse(chosen[:, columns], prime)
    if inverted is None:
        return None
    coordinates = product_modulo(target[columns][None], inverted, prime)
    if np.any((product_modulo(coordinates, chosen, prime)[0] - target) % prime):
        return None
    return [first[i] for i in np.flatnonzero(coordinates[0])]


def _of_size(rows: Vector, target: Vector, prime: int, size: int, start: int) -> list[int] | None:
    """The first `size` rows from number `start` on whose combination is the target; each must be needed."""
    pivot = int(np.flatnonzero(target)[0]) if np.any(target) else None
    if pivot is None:
        return None
    if size == 1:
        # parallel to the target
        differences = (rows * target[pivot] - rows[:, pivot : pivot + 1] * target[None]) % prime
        parallel = np.flatnonzero((rows[:, pivot] != 0) & ~np.any(differences, axis=1))
        later = parallel[parallel >= start]
        return [int(later[0])] if len(later) else None
    for i in range(start, len(rows)):
        support = np.flatnonzero(rows[i])
        if not len(support):
            continue
        column = int(support[0])
        scaled = rows[i] * pow(int(rows[i, column]), -1, prime) % prime
        rest = (target - target[column] * scaled) % prime
        others = (rows - rows[:, column : column + 1] * scaled[None]) % prime
        found = _of_size(others, rest, prime, size - 1, i + 1)
        if found is not None:
            return [i, *found]
    return None
