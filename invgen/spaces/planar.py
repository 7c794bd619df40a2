"""Counting invariants of SO(2) and O(2) from characters, with integers only.

A rotation multiplies a complex moment c of weight m >= 1 by e^(imφ), a reflection takes it to its conjugate, times the
parity. Rotations keep a real moment of weight 0, reflections multiply it by its parity. Products of moments and their
conjugates are eigenvectors of all rotations, so the invariants of SO(2) are counted by the products of weight 0, the
constant term in q = e^(iφ). Every reflection has the eigenvalues 1 and -1 on a complex moment, hence the trace 1 or 0
on its symmetric power of even or odd degree; O(2) averages both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

Weights = Counter[int]  # weight -> multiplicity


def power_weights(weight: int, degree: int) -> Weights:
    """Weight multiplicities of the symmetric power of a moment, real if its weight is 0."""
    return Counter({(2 * a - degree) * weight: 1 for a in range(degree + 1)})


def count_invariants(factors: Iterable[tuple[int, int, int]], reflections: bool) -> int:
    """Linearly independent invariants in the product of symmetric powers of (weight, parity, degree).

    Args:
        factors: weight, parity and degree of each moment.
        reflections: whether the group is O(2), otherwise SO(2).
    """
    weights, trace = Counter({0: 1}), 1
    for weight, parity, degree in factors:
        weights = _product(weights, power_weights(weight, degree))
        trace *= _reflection_trace(weight, parity, degree)
    return (weights[0] + trace) // 2 if reflections else weights[0]


def hilbert_series(moments: Sequence[tuple[int, int]], reflections: bool, max_degree: int) -> list[int]:
    """Linearly independent invariants of each degree 0..max_degree of the direct sum of `moments` (weight, parity)."""
    series = [Counter({0: 1}), *(Weights() for _ in range(max_degree))]
    traces = [1] + [0] * max_degree
    for weight, parity in moments:
        powers = [power_weights(weight, k) for k in range(max_degree + 1)]
        for degree in range(max_degree, -1, -1):  # descending: lower degrees still exclude this moment
            total = Weights()
            for k in range(degree + 1):
                total.update(_product(series[degree - k], powers[k]))
            series[degree] = total
            traces[degree] = sum(traces[degree - k] * _reflection_trace(weight, parity, k) for k in range(degree + 1))
    return [(row[0] + trace) // 2 if reflections else row[0] for row, trace in zip(series, traces, strict=True)]


def _reflection_trace(weight: int, parity: int, degree: int) -> int:
    if weight:
        return 1 - degree % 2
    return parity if degree % 2 else 1


def _product(left: Weights, right: Weights) -> Weights:
    result = Weights()
    for a, m in left.items():
        for b, n in right.items():
            result[a + b] += m * n
    return result
