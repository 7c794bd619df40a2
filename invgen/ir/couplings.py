"""Coupling trees as programs: the covariants of every node in rational components, each up to an exact factor.

A component is kept as a factor and a value. Factors travel into the coefficients of the next coupling, so that a sum
is scaled once at most for each distinct ratio of its coefficients, and scaled components of a tensor are read as they
are, whatever the units of rational components.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

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
    found = coupling(len(left) // 2, len(right) // 2, rank)
    rows: list[dict[tuple[int, int], Fraction]] = [{} for _ in range(2 * rank + 1)]
    for m, i, j, coefficient in found.terms if found else ():
        (f, u), (g, v) = left[i], right[j]
        pair = (u, v) if u <= v else (v, u)
        rows[m][pair] = rows[m].get(pair, Fraction(0)) + coefficient * f * g
    result = []
    for row in rows:
        unit = common_ratio(row.values()) if rank else Fraction(1)  # a scalar leaves no coupling to take a factor
        result.append((unit, builder.combine((c / unit, builder.mul(*pair)) for pair, c in row.items() if c)))
    return result
