"""What the runtime must know about a weighted contraction, as plain strings and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from invgen.checks import integer
from invgen.runtime.spec import KernelSpec


@dataclass(frozen=True)
class Block:
    """One basis of a weighted contraction: where its weights and its outputs are.

    Attributes:
        outputs: what its members are, as e3nn writes it: "0e", "1o".
        weights: the rows of w that weigh its members.
        rows: the rows of y that it makes.
    """

    outputs: str
    weights: slice
    rows: slice


@dataclass(frozen=True)
class WeightedSpec:
    """Two specs are equal exactly when they contract the same bases, with the same number of species.

    Attributes:
        kernel: name, hash of the bases, convention, components, rows of y, dtype, target and source.
        species: the number of species.
        weights: the number of weights per species and channel.
        outputs: for each basis its irrep, its number of members, and its number of rows of y.

    Raises:
        InputError: if there is no species.
    """

    family: ClassVar[str] = "weighted"

    kernel: KernelSpec
    species: int
    weights: int
    outputs: tuple[tuple[str, int, int], ...]

    def __post_init__(self) -> None:
        # A number of NumPy becomes an int before anything is hashed or pickled.
        object.__setattr__(self, "species", integer("the number of species", self.species, least=1))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The bases in order."""
        found: list[Block] = []
        weight = row = 0
        for outputs, members, rows in self.outputs:
            found.append(Block(outputs, slice(weight, weight + members), slice(row, row + rows)))
            weight, row = weight + members, row + rows
        return tuple(found)
