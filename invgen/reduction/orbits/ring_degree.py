"""The degree of a ring of invariants, lim (1 - t)^r H(t), and the changes of signs that the group makes itself.

With r = dim V - dim orbit the limit is an integral over the rotations near the identity, times the order of the generic
stabiliser (Molien and Weyl; Springer 1980 for one binary form). Let tensors have degrees a, 1 by default. Over SO(3)
the integral is half the sum of the residues of u² / prod (a² - w² u²) at u = a/w over the weights w > 0, divided by all
a; over SO(2) that of the residues of -1 / prod (a² - w² u²), divided by the a of weight 0. The other component of O(3)
or O(2) halves it, unless it acts on the invariants of rotations as the identity does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import gcd, prod

from invgen.algebra.series import rational_inverse, rational_product
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces.space import TensorSpace

Weights = Counter[tuple[int, int]]  # (weight, degree of its tensor) -> multiplicity

_KLEIN_FOUR = 4  # the rotations that fix a generic symmetric traceless matrix


def ring_degree(space: TensorSpace, degrees: Sequence[int] | None = None) -> Fraction:
    """lim (1 - t)^r H(t) for t -> 1, with H the Hilbert series and r = dim V - dim orbit.

    Args:
        space: the tensors and the group.
        degrees: of the tensors in the grading, positive; by default all are 1.
    """
    graded = list(zip(space.tensors, degrees or [1] * len(space.tensors), strict=True))
    if space.spatial_dimension == 2:
        return _planar_ring_degree(space, Counter((t.l, a) for t, a in graded if t.l)) / prod(
            a for t, a in graded if not t.l
        )
    weights = Counter((w, a) for t, a in graded for w in range(1, t.l + 1))
    turning = [t.l for t in space.tensors if t.l]
    if not turning:
        rotations = Fraction(1)
    elif turning == [1]:
        rotations = Fraction(1, 2)  # v · v alone, and the scalars
    else:
        stabiliser = _KLEIN_FOUR if turning == [2] else 1
        rotations = stabiliser * _residues(weights, squared=True) / 2
    inversion_counts = space.group == "O3" and rank_mod_2(realised_signs(space)) > rank_mod_2(_turns(space))
    return rotations / (2 if inversion_counts else 1) / prod(a for _, a in graded)


def _planar_ring_degree(space: TensorSpace, weights: Weights) -> Fraction:
    rotations = -gcd(*(w for w, _ in weights)) * _residues(weights, squared=False) if weights else Fraction(1)
    return rotations / 2 if reflection_counts(space) else rotations


def reflection_counts(space: TensorSpace) -> bool:
    """Whether the group is O(2) and reflections change some invariant of SO(2)."""
    complexes = sum(1 for t in space.tensors if t.l)
    return space.group == "O2" and (complexes > 1 or any(t.parity < 0 for t in space.tensors if not t.l))


def realised_signs(space: TensorSpace) -> list[Multidegree]:
    """Generators of the changes of signs that the group makes on a generic input: 1 where a tensor changes sign."""
    if space.spatial_dimension == 2:
        return _planar_signs(space)
    signs = _turns(space)
    if space.group == "O3":
        signs.append(tuple(int(t.parity < 0) for t in space.tensors))
    return signs


def _planar_signs(space: TensorSpace) -> list[Multidegree]:
    """Half a turn of the weights over their common factor; one complex moment is turned back after a reflection."""
    common = gcd(*(t.l for t in space.tensors))
    signs = [tuple(t.l // common % 2 for t in space.tensors)] if common else []
    if space.group == "O2" and sum(1 for t in space.tensors if t.l) < 2:
        signs.append(tuple(int(not t.l and t.parity < 0) for t in space.tensors))
    return signs


def _turns(space: TensorSpace) -> list[Multidegree]:
    """Changes of signs by rotations: half a turn reverses one vector, or two by an axis across both."""
    turning = [t.l for t in space.tensors if t.l]
    return [tuple(int(t.l > 0) for t in space.tensors)] if turning in ([1], [1, 1]) else []


def rank_mod_2(rows: Sequence[Multidegree]) -> int:
    """The rank of integer rows modulo 2."""
    found: list[int] = []
    for row in rows:
        bits = sum((k % 2) << i for i, k in enumerate(row))
        for known in found:
            bits = min(bits, bits ^ known)
        if bits:
            found.append(bits)
    return len(found)


def _residues(weights: Weights, squared: bool) -> Fraction:
    """The sum of the residues of u² / prod (a² - w² u²), or 1 / prod, at all u = a/w."""
    poles = sorted({Fraction(a, w) for w, a in weights})
    return sum((_residue(weights, pole, squared) for pole in poles), Fraction(0))


def _residue(weights: Weights, pole: Fraction, squared: bool) -> Fraction:
    """The residue at one pole, by power series in x = u - pole."""
    order = sum(times for (w, a), times in weights.items() if w * pole == a)
    series = rational_product([pole**2, 2 * pole, Fraction(1)] if squared else [Fraction(1)], [Fraction(1)], order)
    for (w, a), times in sorted(weights.items()):
        factor = [a**2 - w**2 * pole**2, -2 * w**2 * pole, Fraction(-(w**2))]  # a² - w² u²
        inverse = rational_inverse(factor[1:] if w * pole == a else factor, order)
        for _ in range(times):
            series = rational_product(series, inverse, order)
    return series[order - 1] if order <= len(series) else Fraction(0)
