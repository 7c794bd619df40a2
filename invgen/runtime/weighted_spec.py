"""What the runtime must know about a weighted contraction, as plain strings and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from invgen.checks import as_integer, shown
from invgen.errors import InputError
from invgen.runtime.spec import KernelSpec

FUNCTIONS: Final = {
    "value": (("x", "w"), ("y",)),
    "vjp": (("x", "w", "ybar"), ("xbar", "wbar")),
    "vjp_x": (("x", "w", "ybar"), ("xbar",)),
    "value_and_vjp": (("x", "w", "ybar"), ("y", "xbar", "wbar")),
    "jvp": (("x", "w", "u", "v"), ("ydot",)),
    "vjp_of_vjp": (("x", "w", "ybar", "u", "v"), ("grad_x", "grad_w", "grad_ybar")),
    "vjp_of_vjp_x": (("x", "w", "ybar", "u"), ("grad_x", "grad_w", "grad_ybar")),
}
"""The functions of a weighted kernel: what each reads and writes, in the order of its arguments."""

LIKE_X: Final = ("x", "u", "xbar", "grad_x")
LIKE_W: Final = ("w", "v", "wbar", "grad_w")


@dataclass(frozen=True)
class Block:
    """One basis of a weighted contraction: where its weights and its outputs are.

    Attributes:
        outputs: What its members are, as e3nn writes it: "0e", "1o".
        weights: The rows of w that weigh its members.
        rows: The rows of y that it makes.
    """

    outputs: str
    weights: slice
    rows: slice


@dataclass(frozen=True)
class WeightedSpec:
    """Two specs are equal exactly when they contract the same bases, with the same number of species.

    Attributes:
        kernel: Name, hash of the bases, convention, components, rows of y, dtype, target and source.
        species: The number of species.
        weights: The number of weights per species and channel.
        outputs: For each basis its irrep, its number of members, and its number of rows of y.

    Raises:
        InputError: If there is no species.
    """

    kernel: KernelSpec
    species: int
    weights: int
    outputs: tuple[tuple[str, int, int], ...]

    def __post_init__(self) -> None:
        species = as_integer(self.species)
        if species is None or species < 1:
            raise InputError(f"species is the number of species, at least 1, got {shown(self.species)}")
        object.__setattr__(self, "species", species)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The bases in order."""
        found: list[Block] = []
        weight = row = 0
        for outputs, members, rows in self.outputs:
            found.append(Block(outputs, slice(weight, weight + members), slice(row, row + rows)))
            weight, row = weight + members, row + rows
        return tuple(found)

    def size(self, name: str) -> int:
        """The rows of an array by its name in `FUNCTIONS`."""
        if name in LIKE_W:
            return self.weights
        return self.kernel.dimension if name in LIKE_X else self.kernel.count
