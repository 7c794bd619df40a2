"""How the irreducible tensors of a space are made from Cartesian components."""

from __future__ import annotations

from dataclasses import dataclass, field

PLANAR_MOMENTS = "planar moments"  # how the recipe of a layout of moments in the plane begins

NamedIrrep = tuple[str, int, int]
"""The name, rank (in the plane: weight) and parity of an irreducible tensor."""

LayoutRow = tuple[tuple[int, int], ...]
"""The (column, coefficient) of a row of A, in the order of columns, without zeros."""


@dataclass(frozen=True)
class CartesianLayout:
    """The Cartesian side of a space: irreducible components in the rational convention are x = A m, A invertible.

    Attributes:
        recipe: what the layout was made from, ("moments", "scalar", "0,1,2"), ("planar moments", "scalar", "0,1,2") or
            ("cartesian", "ij=ji"); `rebuild` of the module that made it makes the same layout from it.
        names: the Cartesian components in order: "m000", "m100", ...; "v100_x"; "c11", "c12".
        rows: the integers of A, row by row, without zeros.
    """

    recipe: tuple[str, ...]
    names: tuple[str, ...] = field(hash=False)  # both follow from the recipe
    rows: tuple[LayoutRow, ...] = field(hash=False)

    @property
    def matrix(self) -> tuple[tuple[int, ...], ...]:
        """A as a square matrix of integers."""
        dense = []
        for row in self.rows:
            line = [0] * len(self.names)
            for column, coefficient in row:
                line[column] = coefficient
            dense.append(tuple(line))
        return tuple(dense)
