"""Closed subgroups of O(3) in their standard settings: crystallographic point groups, icosahedral and axial groups.

Every group H is given by its rotations and by a larger group of rotations: an element is R, or -R. Let R act on H_l as
D_l(R), and -R as the parity times D_l(R). The tensors of H_l that all of H leaves unchanged are its *structural
tensors* of rank l and this parity; here they are counted, `spaces.structural` makes them.

*Standard setting.* The main axis is z. The two-fold axes of dihedral groups are x and those that the main axis makes of
it; where H holds -R in place of such a rotation R, a mirror plane is across x instead. The two-fold or four-fold axes
of cubic groups are x, y and z, their three-fold axes the diagonals. The icosahedral groups have five-fold axes along z
and (0, 2, 1) and a two-fold axis along x. Numbers of structural tensors of polyhedral groups: Meyer 1954.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from invgen.errors import InputError

INFINITE = 0  # the order of a main axis about which every rotation belongs to the group
CYCLIC, DIHEDRAL, TETRAHEDRAL, OCTAHEDRAL, ICOSAHEDRAL, FULL = "C", "D", "T", "O", "I", "SO3"
_ORDERS = {TETRAHEDRAL: 12, OCTAHEDRAL: 24, ICOSAHEDRAL: 60}
# H_l holds as many tensors fixed by a polyhedral group as the coefficient of t^l in (1 + t^a) / ((1 - t^b) (1 - t^c)).
_SERIES = {TETRAHEDRAL: (6, 3, 4), OCTAHEDRAL: (9, 4, 6), ICOSAHEDRAL: (15, 6, 10)}


@dataclass(frozen=True)
class Rotations:
    """A group of rotations.

    Attributes:
        family: "C" and "D" with a main axis along z, "T", "O" or "I"; "SO3" for all rotations.
        fold: of the main axis of "C" and "D"; 0 for all rotations about it.
    """

    family: str
    fold: int

    @property
    def order(self) -> int:
        """The number of rotations, 0 for infinitely many."""
        return _ORDERS.get(self.family) or self.fold * (2 if self.family == DIHEDRAL else 1)

    def keeps(self, l: int, m: int) -> bool:
        """Whether the rotations about z, and half a turn about x, keep the component m of H_l."""
        if m if self.fold == INFINITE else m % self.fold:
            return False
        return self.family == CYCLIC or half_turn_sign(l, m) > 0

    def count(self, l: int) -> int:
        """How many linearly independent tensors of H_l these rotations keep."""
        if self.family in _SERIES:
            shift, first, second = _SERIES[self.family]
            return sum(
                1 for start in (l, l - shift) for rest in range(start, -1, -first) if rest >= 0 and rest % second == 0
            )
        if self.family == FULL:
            return int(l == 0)
        return sum(1 for m in range(-l, l + 1) if self.keeps(l, m))


def half_turn_sign(l: int, m: int) -> int:
    """The factor that half a turn about x gives the component m of H_l: it takes y to -y and z to -z."""
    sign = -1 if (l - abs(m)) % 2 else 1
    return -sign if m < 0 else sign


@dataclass(frozen=True)
class PointGroup:
    """A closed subgroup of O(3), up to its orientation.

    Attributes:
        name: by Schoenflies; "Cinf", "Cinfv", "Cinfh", "Dinf", "Dinfh" for the axial groups.
        others: what else it is called: by Hermann and Mauguin, or after Schoenflies in another way.
        rotations: the rotations that it holds.
        signed: the rotations R of which it holds R or -R.
        inversion: whether it holds the inversion.
    """

    name: str
    others: tuple[str, ...]
    rotations: Rotations
    signed: Rotations
    inversion: bool = False

    @property
    def order(self) -> int:
        """The number of its elements, 0 for infinitely many."""
        return self.signed.order * (2 if self.inversion else 1)

    @property
    def is_chiral(self) -> bool:
        """Whether it holds rotations only, so that parities do not matter."""
        return not self.inversion and self.signed == self.rotations

    @property
    def is_axial(self) -> bool:
        """Whether it holds all rotations about an axis."""
        return self.order == 0

    def count(self, l: int, parity: int) -> int:
        """How many linearly independent tensors of H_l of a parity it leaves unchanged."""
        return _count(self, l, parity)


@cache
def _count(group: PointGroup, l: int, parity: int) -> int:
    if group.is_chiral:
        return group.rotations.count(l)
    if group.inversion:
        return group.rotations.count(l) if parity > 0 else 0
    even = group.signed.count(l)
    return even if parity > 0 else group.rotations.count(l) - even


def _groups() -> Iterator[PointGroup]:
    def cyclic(n: int) -> Rotations:
        return Rotations(CYCLIC, n)

    def dihedral(n: int) -> Rotations:
        return Rotations(DIHEDRAL, n)

    def proper(name: str, others: tuple[str, ...], rotations: Rotations) -> PointGroup:
        return PointGroup(name, others, rotations, rotations)

    def centred(name: str, others: tuple[str, ...], rotations: Rotations) -> PointGroup:
        return PointGroup(name, others, rotations, rotations, True)

    mixed = PointGroup
    tetrahedral, octahedral = Rotations(TETRAHEDRAL, 2), Rotations(OCTAHEDRAL, 4)
    icosahedral = Rotations(ICOSAHEDRAL, 5)
    yield proper("C1", ("1",), cyclic(1))
    yield centred("Ci", ("-1", "S2"), cyclic(1))
    yield proper("C2", ("2",), cyclic(2))
    yield mixed("Cs", ("m", "C1h", "C1v"), cyclic(1), cyclic(2))
    yield centred("C2h", ("2/m",), cyclic(2))
    yield proper("D2", ("222",), dihedral(2))
    yield mixed("C2v", ("mm2",), cyclic(2), dihedral(2))
    yield centred("D2h", ("mmm",), dihedral(2))
    yield proper("C4", ("4",), cyclic(4))
    yield mixed("S4", ("-4",), cyclic(2), cyclic(4))
    yield centred("C4h", ("4/m",), cyclic(4))
    yield proper("D4", ("422",), dihedral(4))
    yield mixed("C4v", ("4mm",), cyclic(4), dihedral(4))
    yield mixed("D2d", ("-42m",), dihedral(2), dihedral(4))
    yield centred("D4h", ("4/mmm",), dihedral(4))
    yield proper("C3", ("3",), cyclic(3))
    yield centred("C3i", ("-3", "S6"), cyclic(3))
    yield proper("D3", ("32", "321"), dihedral(3))
    yield mixed("C3v", ("3m", "3m1"), cyclic(3), dihedral(3))
    yield centred("D3d", ("-3m", "-3m1"), dihedral(3))
    yield proper("C6", ("6",), cyclic(6))
    yield mixed("C3h", ("-6", "S3"), cyclic(3), cyclic(6))
    yield centred("C6h", ("6/m",), cyclic(6))
    yield proper("D6", ("622",), dihedral(6))
    yield mixed("C6v", ("6mm",), cyclic(6), dihedral(6))
    yield mixed("D3h", ("-6m2", "-62m"), dihedral(3), dihedral(6))
    yield centred("D6h", ("6/mmm",), dihedral(6))
    yield proper("T", ("23",), tetrahedral)
    yield centred("Th", ("m-3", "m3"), tetrahedral)
    yield proper("O", ("432",), octahedral)
    yield mixed("Td", ("-43m",), tetrahedral, octahedral)
    yield centred("Oh", ("m-3m", "m3m"), octahedral)
    yield proper("I", ("532", "235"), icosahedral)
    yield centred("Ih", ("m-3-5", "m-35"), icosahedral)
    yield proper("Cinf", ("inf",), cyclic(INFINITE))
    yield mixed("Cinfv", ("infm",), cyclic(INFINITE), dihedral(INFINITE))
    yield centred("Cinfh", ("inf/m",), cyclic(INFINITE))
    yield proper("Dinf", ("inf2",), dihedral(INFINITE))
    yield centred("Dinfh", ("inf/mm", "inf/mmm"), dihedral(INFINITE))


POINT_GROUPS = {group.name: group for group in _groups()}
_ALL_ROTATIONS = Rotations(FULL, INFINITE)
SYMMETRIES = {
    **POINT_GROUPS,
    "O3": PointGroup("O3", (), _ALL_ROTATIONS, _ALL_ROTATIONS, True),
    "SO3": PointGroup("SO3", (), _ALL_ROTATIONS, _ALL_ROTATIONS),
}
"""The groups of space: the point groups, and the two whose only structural tensor is the scalar 1, "@0e"."""
_BY_NAME = {name: group for group in POINT_GROUPS.values() for name in (group.name, *group.others)}


def find(name: str) -> PointGroup | None:
    """The group of a name by Schoenflies or by Hermann and Mauguin; None where no group is called so."""
    return _BY_NAME.get(name)


def nearest(name: str, others: Sequence[str] = ()) -> str:
    """The names that look most like one that no group has, as a choice; otherwise a few of each kind."""
    from difflib import get_close_matches

    known = [*others, *_BY_NAME]
    folded = {key.lower(): key for key in reversed(known)}
    found = [folded[key] for key in get_close_matches(name.lower(), list(folded), 4, 0.5)]
    return ", ".join(map(repr, found or [*others, "Oh", "D2h", "C3v", "Ih", "Dinfh"]))


@dataclass(frozen=True)
class Operation:
    """A rotation about an axis, or minus it.

    Attributes:
        axis: in the standard setting.
        fold: it turns by 2π / fold; by any angle where it is 0.
        sign: -1 for the rotation times the inversion.
    """

    axis: tuple[int, int, int]
    fold: int
    sign: int = 1


_X, _Z, _DIAGONAL, _FIVE_FOLD = (1, 0, 0), (0, 0, 1), (1, 1, 1), (0, 2, 1)


def generators(group: PointGroup) -> tuple[Operation, ...]:
    """Operations that generate a group, in its standard setting."""
    rotations, signed = group.rotations, group.signed
    found = {
        CYCLIC: [Operation(_Z, rotations.fold)],
        DIHEDRAL: [Operation(_Z, rotations.fold), Operation(_X, 2)],
        TETRAHEDRAL: [Operation(_Z, 2), Operation(_DIAGONAL, 3)],
        OCTAHEDRAL: [Operation(_Z, 4), Operation(_DIAGONAL, 3)],
        ICOSAHEDRAL: [Operation(_Z, 5), Operation(_FIVE_FOLD, 5)],
        FULL: [Operation(_Z, INFINITE), Operation(_X, INFINITE)],
    }[rotations.family]
    if group.inversion:
        return (*found, Operation(_Z, 1, -1))
    if group.is_chiral:
        return tuple(found)
    if rotations.family == CYCLIC and signed.family == DIHEDRAL:
        return (*found, Operation(_X, 2, -1))
    return (*found, Operation(_Z, signed.fold, -1))


_STRUCTURAL = re.compile(r"@(?P<l>\d+)(?P<parity>[eo])(?:_(?P<number>\d+))?")


def is_structural(name: str) -> bool:
    """Whether a name is that of a structural tensor rather than of a tensor of a space."""
    return name.startswith("@")


def structural_names(group: PointGroup, l: int, parity: int) -> tuple[str, ...]:
    """What the structural tensors of a rank and a parity are called: "@4e", or "@2e_0" and "@2e_1" if there are two.

    Those of a group of rotations are called even, as their parity does not matter.
    """
    symbol = f"@{l}{'e' if parity > 0 or group.is_chiral else 'o'}"
    count = group.count(l, parity)
    return (symbol,) if count == 1 else tuple(f"{symbol}_{i}" for i in range(count))


def read_structural(group: PointGroup, name: str) -> tuple[int, int, int]:
    """The rank, the parity and the number of the structural tensor of a name.

    Raises:
        InputError: the group has no structural tensor of this name.
    """
    match = _STRUCTURAL.fullmatch(name)
    if match is not None:
        l, parity = int(match["l"]), 1 if match["parity"] == "e" else -1
        names = structural_names(group, l, parity)
        if name in names:
            return l, parity, names.index(name)
        if names:
            raise InputError(f"{group.name} has no structural tensor {name!r}; of this rank it has {', '.join(names)}")
    raise InputError(
        f"{group.name} has no structural tensor {name!r}; they are called '@4e' by rank and parity, or '@2e_0', "
        "'@2e_1' where there are several"
    )
