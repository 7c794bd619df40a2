"""The subgroup that a generic point of a space keeps, up to its orientation.

An equivariant map takes x to a tensor that the stabiliser of x leaves unchanged. So no more maps are independent over
the functions of invariants than the outputs have dimensions that a generic stabiliser fixes.
"""

from __future__ import annotations

from invgen.spaces.point_groups import SYMMETRIES, PointGroup
from invgen.spaces.space import TensorSpace


def generic_stabiliser(space: TensorSpace) -> PointGroup:
    """A group that fixes a generic point of the space, in some orientation.

    Under O(3) and SO(3), where rotations move something, it is that of one vector, of two, or of one symmetric
    traceless matrix; every other space has generic points that no rotation fixes, and none of its improper elements but
    the inversion, where all parities are even. Under a finite group it is what acts as the identity on the whole space.
    Under an axial one it is that or, for a single vector, a mirror plane through the axis.
    """
    group = space.symmetry
    even = all(t.parity > 0 for t in space.tensors) or not space.has_parity
    turning = [t for t in space.tensors if t.l]
    if not turning:
        return group if even else _rotations(group)
    if group.name in ("O3", "SO3"):
        return SYMMETRIES[_of_rotations(space, even)]
    if group.is_axial:
        return SYMMETRIES[_of_axial(space, group, even)]
    return SYMMETRIES["Ci" if even and group.inversion else "C1"]


def _rotations(group: PointGroup) -> PointGroup:
    """The rotations of a group."""
    return next(g for g in SYMMETRIES.values() if g.is_chiral and g.rotations == group.rotations)


def _of_rotations(space: TensorSpace, even: bool) -> str:
    proper = space.group == "SO3"
    turning = [t for t in space.tensors if t.l]
    ranks = [t.l for t in turning]
    scalars = all(t.parity > 0 for t in space.tensors if not t.l)
    if ranks == [1]:
        if proper or not scalars:
            return "Cinf"
        return "Cinfh" if even else "Cinfv"
    if not proper and scalars and ranks == [1, 1] and not any(t.parity > 0 for t in turning):
        return "Cs"
    if ranks == [2]:
        return "D2h" if even and not proper else "D2"
    return "Ci" if even and not proper else "C1"


def _of_axial(space: TensorSpace, group: PointGroup, even: bool) -> str:
    """A mirror plane through the axis and a point keeps it if it reverses one number, which a rotation makes zero."""
    has_mirrors = group.signed.family == "D" and (group.inversion or group.rotations.family == "C")
    # Of the components ±m one is reversed for each m > 0; the one that rotations keep has the sign parity · (-1)^l.
    reversed_by_one = sum(t.l + int(t.parity * (-1) ** t.l < 0) for t in space.tensors)
    if has_mirrors and reversed_by_one == 1:
        return "Cs"
    return "Ci" if even and group.inversion else "C1"
