"""Bezout's bound of the number of orbits that share the values of independent invariants, in the best grading.

For r = dim V - dim orbit independent f_i, and any positive weights of the tensors, the number is at most

    B = d_1 ... d_r · lim (1 - t)^r H(t),

with the weighted degrees d_i of the f_i and the Hilbert series H in the same grading; every grading gives a bound. They
are equal if the f_i are a homogeneous system of parameters, and where they are not, a grading that is not that of
degrees often gives a lower bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm, prod

from invgen.reduction.orbits.ring_degree import ring_degree
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces.space import TensorSpace

_RATIOS = (Fraction(1, 2), Fraction(2, 3), Fraction(3, 2), Fraction(2))
_ROUNDS = 4
_MAX_TENSORS = 8
_MAX_BOUND = 5000  # above, no grading makes the bound small enough to matter


@dataclass(frozen=True)
class Bezout:
    """A bound and the grading in which it holds.

    Attributes:
        bound: B.
        weights: the degree of every tensor, positive integers.
    """

    bound: Fraction
    weights: tuple[int, ...]

    def degree(self, multidegree: Multidegree) -> int:
        """The weighted degree of an invariant of this multidegree."""
        return sum(w * k for w, k in zip(self.weights, multidegree, strict=True))


def bezout(space: TensorSpace, core: Sequence[Multidegree]) -> tuple[Bezout, ...]:
    """The lowest bound that a short search finds for independent members of these multidegrees, then that of degrees.

    The tensors' weights are changed one after the other, for as long as that lowers the bound.

    Returns:
        Two bounds, or one where nothing is lower than that of the grading in which all weights are 1.

    Complexity: 16 limits for each tensor at most.
    """
    plain = best = _bound(space, core, [Fraction(1)] * len(space.tensors))
    if best.bound > _MAX_BOUND or not 1 < len(space.tensors) <= _MAX_TENSORS:
        return (plain,)
    for _ in range(_ROUNDS):
        before = best.bound
        for i in range(len(space.tensors)):
            for ratio in _RATIOS:
                changed = [w * ratio if j == i else Fraction(w) for j, w in enumerate(best.weights)]
                found = _bound(space, core, changed)
                best = found if found.bound < best.bound else best
        if best.bound == before:
            break
    return (best,) if best == plain else (best, plain)


def _bound(space: TensorSpace, core: Sequence[Multidegree], weights: Sequence[Fraction]) -> Bezout:
    scale = lcm(*(w.denominator for w in weights))
    common = gcd(*(int(w * scale) for w in weights))
    whole = tuple(int(w * scale) // common for w in weights)
    degrees = prod(sum(w * k for w, k in zip(whole, m, strict=True)) for m in core)
    return Bezout(degrees * ring_degree(space, whole), whole)
