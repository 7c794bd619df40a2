"""The fixed spaces of the closed subgroups of SO(2) and O(2): cyclic groups C_n and dihedral groups D_n.

A turn by 2π / n keeps the moments whose weight is a multiple of n. All turns keep those of weight 0. The reflection
y -> -y takes c to its conjugate times the parity: it keeps the real part of even moments and the imaginary part of odd
ones, and of weight 0 the even ones alone. Every V^H is spanned by components.

All rotations commute with C_n, and only finitely many with D_n, so the rank that is needed is dim V^H - 1 on C_n if a
complex moment is left, and dim V^H otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from invgen.spaces.irreps import Irrep
from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class PlanarSubgroup:
    """A closed subgroup of O(2), up to conjugation.

    Attributes:
        name: C_n, D_n, SO(2) or O(2); D_1 holds one reflection.
        order: of its rotations, 0 if it has all.
        reflections: whether it has any.
    """

    name: str
    order: int
    reflections: bool

    def components(self, space: TensorSpace) -> list[int]:
        """The components that it keeps."""
        return [
            where.start + j
            for tensor, where in zip(space.tensors, space.slices, strict=True)
            for j in self._kept(tensor)
        ]

    def orbit_dimension(self, space: TensorSpace) -> int:
        """The dimension of the orbit of a generic point of V^H under the rotations that commute with H."""
        return int(not self.reflections and any(t.l and self._turns_back(t) for t in space.tensors))

    def _turns_back(self, tensor: Irrep) -> bool:
        return tensor.l % self.order == 0 if self.order else tensor.l == 0

    def _kept(self, tensor: Irrep) -> range:
        if not self._turns_back(tensor):
            return range(0)
        if not self.reflections:
            return range(tensor.dimension)
        return range(0, 1) if tensor.parity > 0 else range(1, tensor.dimension)


def planar_subgroups(highest: int, group: str) -> Iterator[PlanarSubgroup]:
    """The closed subgroups but the trivial one; turns of an order above the highest weight act as all turns."""
    yield from (PlanarSubgroup(f"C_{n}", n, False) for n in range(2, highest + 1))
    yield PlanarSubgroup("SO(2)", 0, False)
    if group == "O2":
        yield from (PlanarSubgroup(f"D_{n}", n, True) for n in range(1, highest + 1))
        yield PlanarSubgroup("O(2)", 0, True)
