"""How many orbits share the generic values of a set of invariants: bounds from both sides.

Full rank says that the number is finite, not that it is one. Over the complex numbers it is the degree of the field of
all invariant fractions over the field that the set generates.

*From above.* For r = dim V - dim orbit independent members of degrees d_1, ..., d_r it is at most

    B = d_1 ... d_r · lim (1 - t)^r H(t)        (t -> 1, H the Hilbert series, see `reduction.bezout`),

with equality if they are a homogeneous system of parameters. Further members that generate a field extension
of degree k or more over that of the first r (see `reduction.field_degree`) lower it to B / k. One that changes its sign
under a change of signs of the tensors, where all before it do not, at least halves it.

*From below.* A field extension of degree k that further invariants, the witnesses, generate over the members needs k
orbits with equal values of the members. So does a change of signs of some tensors that leaves all members as they are,
if neither a rotation nor the inversion makes it.

In the plane both meet wherever the members hold the norms of their products (see `reduction.planar_fibres`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

from invgen.contractions import expression
from invgen.contractions.expression import Expression
from invgen.reduction.orbits.bezout import Bezout, bezout
from invgen.reduction.orbits.field_degree import field_degree
from invgen.reduction.orbits.planar_fibres import planar_orbits
from invgen.reduction.orbits.ring_degree import rank_mod_2, realised_signs
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class FibreBounds:
    """Bounds of the number of complex orbits in a generic fibre.

    Attributes:
        lower: proved: so many orbits have equal values.
        upper: proved: no more have; None if the rank is not full, as the number is infinite then.
        witnesses: invariants that are not members and tell apart orbits with equal values of the members, where the
            lower bound rests on them.
    """

    lower: int
    upper: int | None
    witnesses: tuple[Expression, ...] = field(default=(), compare=False)

    def to_json(self) -> dict[str, Any]:
        """Plain numbers and strings, as a basis file holds them."""
        return {
            "lower": self.lower,
            "upper": self.upper,
            "witnesses": [witness.to_json() for witness in self.witnesses],
        }

    @classmethod
    def from_json(cls, data: Any) -> FibreBounds:
        """Read `to_json`; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        lower, upper = data["lower"], data["upper"]
        for bound in (lower, 1 if upper is None else upper):
            if isinstance(bound, bool) or not isinstance(bound, int) or bound < 1:
                raise ValueError(f"expected bounds of a number of orbits, got {data!r}")
        return cls(lower, upper, tuple(expression.from_json(witness) for witness in data["witnesses"]))

    @property
    def separating(self) -> bool:
        """Whether it is proved that generic orbits are told apart."""
        return self.upper == 1

    @property
    def verdict(self) -> str:
        """Both bounds and what each proves."""
        if self.upper is None:
            return "infinitely many, as the rank is not full"
        if self.separating:
            return "1, proved: generic orbits are told apart"
        proved = ", proved: generic orbits are not told apart" if self.lower > 1 else ""
        return f"at least {self.lower}{proved}; at most {self.upper}, proved: no generic value belongs to more"

    def __str__(self) -> str:
        if self.upper is None:
            return "infinitely many orbits share generic values: the rank is not full"
        if self.separating:
            return "generic orbits are told apart, proved"
        number = str(self.lower) if self.lower == self.upper else f"{self.lower} to {self.upper}"
        told = "generic orbits are not told apart" if self.lower > 1 else "whether orbits are told apart is not proved"
        return f"{number} complex orbits share generic values, proved; {told}"


def fibre_bounds(
    space: TensorSpace,
    members: Sequence[Expression],
    independent: Iterable[int] | None,
    witnesses: Sequence[Expression] = (),
) -> FibreBounds:
    """The bounds for these members.

    Args:
        space: the tensors and the group.
        members: invariants.
        independent: positions of dim V - dim orbit members that are proved independent, of the lowest degrees; None
            if there are fewer.
        witnesses: further invariants, for the bound from below where all members are independent.

    Complexity: that of `field_degree` for the members beyond the independent ones, and for the witnesses.
    """
    multidegrees = [m.multidegree(space) for m in members]
    lower = sign_changes(space, multidegrees)
    if independent is None:
        return FibreBounds(lower, None)
    if space.spatial_dimension == 2:
        exact = planar_orbits(space, members)
        if exact is not None:
            return FibreBounds(exact, exact)
    chosen = list(independent)
    bounds = bezout(space, [multidegrees[i] for i in chosen])
    bezout_number = bounds[0].bound
    rest = [i for i in range(len(members)) if i not in chosen]
    upper, noticed = floor(bezout_number), 1
    told = [multidegrees[i] for i in chosen]
    for i in rest:
        if rank_mod_2([*told, multidegrees[i]]) > rank_mod_2(told):
            told.append(multidegrees[i])
            noticed *= 2
    upper //= noticed
    core = [members[i] for i in chosen]
    if rest and upper > lower:
        degree = _degree(space, core, [members[i] for i in rest], bounds)
        upper = min(upper, floor(bezout_number / degree))
    told_by: tuple[Expression, ...] = ()
    if not rest and lower < upper and witnesses:
        degree = _degree(space, core, witnesses, bounds)
        if degree > lower:
            lower, told_by = degree, tuple(witnesses)
    return FibreBounds(lower, upper, told_by)


def sign_changes(space: TensorSpace, multidegrees: Sequence[Multidegree]) -> int:
    """How many changes of signs no member notices, up to those that the group makes."""
    signs = 2 ** (len(space.tensors) - rank_mod_2(multidegrees))
    return int(signs // 2 ** rank_mod_2(realised_signs(space)))


def _degree(
    space: TensorSpace, core: Sequence[Expression], others: Sequence[Expression], bounds: Sequence[Bezout]
) -> int:
    """The highest degree of a field that any grading proves."""
    found = 1
    for bound in bounds:
        if found < floor(bounds[0].bound):
            found = max(found, field_degree(space, core, others, bound, _content(space)))
    return found


def _content(space: TensorSpace) -> str:
    return f"invgen 1|fibre|{space}|{space.group}"
