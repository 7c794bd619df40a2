"""Counting invariants of SO(3) and O(3) from characters, with integers only.

The weights of the irreducible tensor H_l are -l..l. The number of linearly independent invariants in a product of
symmetric powers is the multiplicity of weight 0 minus that of weight 1 (the constant term of the Molien integrand).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations_with_replacement
from math import comb

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError

SPATIAL = ("O3", "SO3")
PLANAR = ("O2", "SO2")
GROUPS = (*SPATIAL, *PLANAR)


def check(group: str, spatial_dimension: int) -> None:
    """`InputError` unless the group acts in this spatial dimension, 3 or 2."""
    fitting = PLANAR if spatial_dimension == 2 else SPATIAL
    if group not in fitting:
        raise InputError(
            f"the group must be one of {', '.join(fitting)} in spatial dimension {spatial_dimension}, got {group!r}"
        )


@cache
def symmetric_power_weights(l: int, k: int) -> tuple[int, ...]:
    """Weight multiplicities of Sym^k(H_l), from weight -kl to kl.

    They are the coefficients of the Gaussian binomial [2l + k choose k]_q.
    """
    rows = [[1]] + [[0]] * k  # rows[j]: q-polynomial of the multisets of size j seen so far
    for weight in range(2 * l + 1):
        for size in range(1, k + 1):  # ascending: a weight may be taken repeatedly
            shifted = [0] * weight + rows[size - 1]
            longer, shorter = (shifted, rows[size]) if len(shifted) > len(rows[size]) else (rows[size], shifted)
            rows[size] = [a + b for a, b in zip(longer, shorter + [0] * (len(longer) - len(shorter)), strict=True)]
    return tuple(rows[k])


@cache
def _weights(factors: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    """Weight multiplicities of the product of Sym^k(H_l), from weight 0 upwards."""
    product = np.array([1], dtype=object)
    for l, k in factors:
        product = np.convolve(product, np.array(symmetric_power_weights(l, k), dtype=object))
    return tuple(int(v) for v in product[len(product) // 2 :])


def count_covariants(factors: Iterable[tuple[int, int]], rank: int) -> int:
    """How often H_rank occurs in the product of Sym^k(H_l) over `factors` (l, k).

    Complexity: a convolution of arrays of length 2kl + 1 per factor; results are remembered.
    """
    weights = (*_weights(tuple(sorted((l, k) for l, k in factors if k))), 0)
    return weights[rank] - weights[rank + 1] if rank < len(weights) - 1 else 0


def count_invariants(factors: Iterable[tuple[int, int]]) -> int:
    """The number of linearly independent SO(3) invariants in the product of Sym^k(H_l) over `factors` (l, k)."""
    return count_covariants(factors, 0)


def hilbert_series(
    irreps: Sequence[tuple[int, int]], group: str, max_degree: int, rank: int = 0, parity: int = 1
) -> list[int]:
    """Linearly independent invariants of each degree 0..max_degree of the direct sum of `irreps` (l, parity).

    With a rank and a parity, covariants of that kind. Under O(3) it is the mean of the series of the rotations and,
    times the parity, that of the rotations times the inversion, which multiplies degree k of an odd tensor by (-1)^k.
    """
    rotations = _rotation_series([(l, 1) for l, _ in irreps], max_degree, rank)
    if group == "SO3":
        return rotations
    reflections = _rotation_series(irreps, max_degree, rank)
    return [(a + parity * b) // 2 for a, b in zip(rotations, reflections, strict=True)]


def _rotation_series(irreps: Sequence[tuple[int, int]], max_degree: int, rank: int) -> list[int]:
    reach = max((l for l, _ in irreps), default=0) * max_degree  # the largest weight that can occur
    series: list[NDArray[np.object_]] = [np.zeros(2 * reach + 1, dtype=object) for _ in range(max_degree + 1)]
    series[0][reach] = 1
    for l, parity in irreps:
        powers = [np.array(symmetric_power_weights(l, k), dtype=object) * parity**k for k in range(max_degree + 1)]
        for degree in range(max_degree, -1, -1):  # descending: lower degrees still exclude this tensor
            total = np.zeros(2 * reach + 1, dtype=object)
            for k in range(degree + 1):
                support = np.flatnonzero(series[degree - k])
                if len(support):
                    low, high = support[0], support[-1] + 1
                    total[low - k * l : high + k * l] += np.convolve(series[degree - k][low:high], powers[k])
            series[degree] = total
    return [sum(sign * int(row[reach + w]) for sign, w in ((1, rank), (-1, rank + 1)) if w <= reach) for row in series]


def weak_compositions(parts: int, degree: int) -> Iterable[tuple[int, ...]]:
    """All tuples of `parts` non-negative integers of sum `degree`, in descending lexicographic order."""
    for factors in combinations_with_replacement(range(parts), degree):
        result = [0] * parts
        for factor in factors:
            result[factor] += 1
        yield tuple(result)


def count_weak_compositions(parts: int, degree: int) -> int:
    """How many tuples `weak_compositions` yields."""
    return comb(parts + degree - 1, degree)
