"""Coupling trees as programs: the covariants of every node in rational components, each up to an exact factor.

A component is kept as a factor and a value. Factors travel into the coefficients of the next coupling, so that a sum
is scaled once at most for each distinct ratio of its coefficients, and scaled components of a tensor are read as they
are, whatever the units of rational components.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

from invgen.contractions.coupling import coupling
from invgen.contractions.trees import Node, common_ratio
from invgen.ir.builder import Builder

Components = Sequence[tuple[Fraction, int]]
"""Factor and value of every component; their products are the rational components."""


def coupled(builder: Builder, node: Node, leaf: Callable[[str], Components]) -> Components:
    """The rational components of a node's covariant; `leaf` gives those of a tensor by its name."""
    if isinstance(node, str):
        return leaf(node)
    return couple(builder, coupled(builder, node[0], leaf), coupled(builder, node[1], leaf), node[2])


def couple(builder: Builder, left: Components, right: Components, rank: int) -> Components:
    """The rational components of rank `rank` of the product of two covariants."""
    result = []
    factors = tuple(f for f, _ in left), tuple(f for f, _ in right)
    for row in _rows(len(left) // 2, len(right) // 2, rank, *factors):
        weights: dict[tuple[int, int], Fraction] = {}
        for i, j, coefficient in row:
            u, v = left[i][1], right[j][1]
            pair = (u, v) if u <= v else (v, u)
            weights[pair] = weights[pair] + coefficient if pair in weights else coefficient
        unit = common_ratio(weights.values()) if rank else Fraction(1)  # a scalar leaves no coupling to take a factor
        terms = [(_ratio(c, unit), builder.mul(*pair)) for pair, c in weights.items() if c]
        result.append((unit, builder.combine(terms)))
    return result


@lru_cache(maxsize=4096)
def _rows(
    l: int, other: int, rank: int, left: tuple[Fraction, ...], right: tuple[Fraction, ...]
) -> tuple[tuple[tuple[int, int, Fraction], ...], ...]:
    """The terms of every component, factors of both sides included: the places of both sides and the coefficient."""
    found = coupling(l, other, rank)
    rows: list[list[tuple[int, int, Fraction]]] = [[] for _ in range(2 * rank + 1)]
    for m, i, j, coefficient in found.terms if found else ():
        rows[m].append((i, j, coefficient * left[i] * right[j]))
    return tuple(map(tuple, rows))


def _ratio(c: Fraction, unit: Fraction) -> Fraction | int:
    """c / unit; as an integer, which is faster to work with, where it is one."""
    quotient = c if unit == 1 else c / unit
    return quotient.numerator if quotient.denominator == 1 else quotient
