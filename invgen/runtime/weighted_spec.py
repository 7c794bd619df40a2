"""What the runtime must know about weighted contractions, with a gather and without, as plain strings and numbers."""

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
        return blocks_of(self.outputs)


@dataclass(frozen=True)
class GatheredSpec:
    """Two specs are equal exactly when they contract the same bases and gather the same tensors.

    Attributes:
        kernel: name, hash of the bases, convention, components of x, rows of y, dtype, target and source.
        gathered: the number of components of z.
        weights: the number of weights per channel.
        outputs: for each basis its irrep, its number of members, and its number of rows of y.
    """

    family: ClassVar[str] = "gathered"

    kernel: KernelSpec
    gathered: int
    weights: int
    outputs: tuple[tuple[str, int, int], ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The bases in order."""
        return blocks_of(self.outputs)


def blocks_of(outputs: tuple[tuple[str, int, int], ...]) -> tuple[Block, ...]:
    """Bases one after the other, of each its irrep, its number of members, and its number of rows of y."""
    found: list[Block] = []
    weight = row = 0
    for name, members, rows in outputs:
        found.append(Block(name, slice(weight, weight + members), slice(row, row + rows)))
        weight, row = weight + members, row + rows
    return tuple(found)
