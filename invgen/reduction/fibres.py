"""How many orbits share the generic values of a set of invariants: bounds from both sides.

Full rank says that the number is finite, not that it is one. Over the complex numbers it is the degree of the field of
all invariant fractions over the field that the set generates.

*From above.* For r = dim V - dim orbit independent members of degrees d_1, ..., d_r it is at most

    d_1 ... d_r · lim (1 - t)^r H(t)        (t -> 1, H the Hilbert series),

with equality if they are a homogeneous system of parameters (Bezout). The limit is an integral over the rotations
near the identity, a rational number: half the sum of the residues of u² / prod (1 - w² u²) at u = 1/w over the weights
w > 0, times the order of the generic stabiliser (Molien and Weyl; Springer 1980 for one binary form).

*From below.* Changing the signs of some tensors may leave all members as they are without being the work of a rotation
or of the inversion. Each such change of signs makes another orbit with the same values.

*Members beyond the independent ones* lower the bound from above: one that changes its sign where all before it do not
is no function of them, so it at least halves the degree that is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, prod
from typing import Any

from invgen.spaces import TensorSpace

Multidegree = tuple[int, ...]
_KLEIN_FOUR = 4  # the rotations that fix a generic symmetric traceless matrix


@dataclass(frozen=True)
class FibreBounds:
    """Bounds of the number of complex orbits in a generic fibre.

    Attributes:
        lower: proved: so many orbits have equal values.
        upper: proved: no more have; None if the rank is not full, as the number is infinite then.
    """

    lower: int
    upper: int | None

    def to_json(self) -> list[int | None]:
        """[lower, upper], as it stands in a basis file."""
        return [self.lower, self.upper]

    @classmethod
    def from_json(cls, data: Any) -> FibreBounds:
        """Read `to_json`; `ValueError` where it is damaged."""
        if not isinstance(data, list) or len(data) != 2 or not isinstance(data[0], int | None):
            raise ValueError(f"expected bounds [lower, upper], got {data!r}")
        lower, upper = data
        for bound in (lower, 1 if upper is None else upper):
            if isinstance(bound, bool) or not isinstance(bound, int) or bound < 1:
                raise ValueError(f"expected bounds [lower, upper], got {data!r}")
        return cls(lower, upper)

    @property
    def separating(self) -> bool:
        """Whether it is proved that generic orbits are told apart."""
        return self.upper == 1

    def __str__(self) -> str:
        if self.upper is None:
            return "infinitely many orbits share generic values: the rank is not full"
        if self.separating:
            return "generic orbits are told apart, proved"
        number = str(self.lower) if self.lower == self.upper else f"{self.lower} to {self.upper}"
        told = "generic orbits are not told apart" if self.lower > 1 else "whether orbits are told apart is not proved"
        return f"{number} complex orbits share generic values, proved; {told}"


def fibre_bounds(
    space: TensorSpace, multidegrees: Sequence[Multidegree], independent: Iterable[int] | None
) -> FibreBounds:
    """The bounds for members of these multidegrees.

    Args:
        space: the tensors and the group.
        multidegrees: of all members.
        independent: positions of dim V - dim orbit members that are proved independent, of the lowest degrees; None
            if there are not so many.
    """
    space.check_dimension(3, "a bound of the orbits in a fibre")
    signs = 2 ** (len(space.tensors) - rank_mod_2(multidegrees))
    lower = signs // 2 ** rank_mod_2(realised_signs(space))
    if independent is None:
        return FibreBounds(lower, None)
    chosen = list(independent)
    upper = floor(prod(sum(multidegrees[i]) for i in chosen) * ring_degree(space))
    told = [multidegrees[i] for i in chosen]
    for i, multidegree in enumerate(multidegrees):
        if i not in chosen and rank_mod_2([*told, multidegree]) > rank_mod_2(told):
            told.append(multidegree)
            upper //= 2
    return FibreBounds(lower, upper)


def ring_degree(space: TensorSpace) -> Fraction:
    """lim (1 - t)^r H(t) for t -> 1, with H the Hilbert series and r = dim V - dim orbit."""
    weights = Counter(w for t in space.tensors for w in range(1, t.l + 1))
    turning = [t.l for t in space.tensors if t.l]
    if not turning:
        rotations = Fraction(1)
    elif turning == [1]:
        rotations = Fraction(1, 2)  # v · v alone, and the scalars
    else:
        stabiliser = _KLEIN_FOUR if turning == [2] else 1
        rotations = stabiliser * sum((_residue(weights, w) for w in sorted(weights)), Fraction(0)) / 2
    inversion_counts = space.group == "O3" and rank_mod_2(realised_signs(space)) > rank_mod_2(_turns(space))
    return rotations / 2 if inversion_counts else rotations


def realised_signs(space: TensorSpace) -> list[Multidegree]:
    """Generators of the changes of signs that the group makes on a generic input: 1 where a tensor changes sign."""
    signs = _turns(space)
    if space.group == "O3":
        signs.append(tuple(int(t.parity < 0) for t in space.tensors))
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


def _residue(weights: Counter[int], w: int) -> Fraction:
    """The residue of u² / prod_v (1 - v² u²)^m_v at u = 1/w, by power series in x = u - 1/w."""
    order = weights[w]  # 1 - w² u² = -w x (2 + w x)
    series = _times([Fraction(1, w * w), Fraction(2, w), Fraction(1)], [Fraction(1)], order)
    for v, multiplicity in sorted(weights.items()):
        if v == w:
            factor = [Fraction(-2 * w), Fraction(-w * w)]
        else:
            factor = [1 - Fraction(v * v, w * w), Fraction(-2 * v * v, w), Fraction(-v * v)]
        inverse = _inverse(factor, order)
        for _ in range(multiplicity):
            series = _times(series, inverse, order)
    return series[order - 1] if order <= len(series) else Fraction(0)


def _times(a: list[Fraction], b: list[Fraction], order: int) -> list[Fraction]:
    result = [Fraction(0)] * min(order, len(a) + len(b) - 1)
    for i, x in enumerate(a[:order]):
        for j, y in enumerate(b[: order - i]):
            result[i + j] += x * y
    return result


def _inverse(a: list[Fraction], order: int) -> list[Fraction]:
    result = [1 / a[0]]
    for n in range(1, order):
        result.append(-sum((a[k] * result[n - k] for k in range(1, min(n, len(a) - 1) + 1)), Fraction(0)) / a[0])
    return result
