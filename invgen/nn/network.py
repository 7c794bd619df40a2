"""What a network must have, for potentials, for bridges to other programs, and for training."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import isfunction
from typing import Any, Protocol, runtime_checkable

import torch

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.runtime import Neighbours


@runtime_checkable
class Network(Protocol):
    """species (atoms), vectors (pairs, 3), `Neighbours` -> the energies of atoms (atoms), or a list of features.

    Vectors go from the receiver of each pair to its source.

    Attributes:
        cutoff: how far it looks in one interaction, in the unit of the vectors.
    """

    cutoff: float

    def __call__(
        self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
    ) -> torch.Tensor | list[torch.Tensor]:
        """The energies, or the features of every level, (atoms, width) each."""
        ...


@runtime_checkable
class GivesFeatures(Network, Protocol):
    """A network whose features heads turn into energies and other numbers of atoms.

    Attributes:
        feature_sizes: the width of every level.
        dtype: of the features.
    """

    feature_sizes: tuple[int, ...]
    dtype: torch.dtype


@runtime_checkable
class GivesTensors(GivesFeatures, Protocol):
    """A network whose atoms have tensors that turn with the structure, which heads turn into dipoles and the like.

    Attributes:
        tensor_irreps: of every level, each irrep once, such as "0e + 1o + 2e".
        tensor_channels: how many channels every level has.
        convention: of the components, a name of `invgen.spaces.conventions`.
    """

    tensor_irreps: tuple[str, ...]
    tensor_channels: tuple[int, ...]
    convention: str

    def tensors(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """The tensors of every level, (atoms, rows, channels) each; rows stand by irrep, then by component."""
        ...

    def features_of(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        """What the network gives where it is called: features of every level, (atoms, width) each."""
        ...


@runtime_checkable
class KnowsElements(Network, Protocol):
    """A network that says which elements it knows, as bridges to other programs need.

    Attributes:
        elements: atomic numbers, in the order in which the network counts them.
    """

    elements: Iterable[int]


@runtime_checkable
class CountsInteractions(Network, Protocol):
    """A network that says how far information travels, as a domain decomposition needs.

    Attributes:
        interactions: how many cutoffs away atoms are on which an atom's energy depends.
    """

    interactions: int


@runtime_checkable
class HasBasis(Network, Protocol):
    """A network that says which invariants it evaluates, as files of trained potentials need.

    Attributes:
        basis: the invariants, or None.
    """

    basis: Basis | None


def require(network: Any, kind: type, purpose: str, remedy: str = "") -> Any:
    """The network, if it has what a protocol asks for.

    Args:
        network: any object.
        kind: one of the protocols above.
        purpose: what it is needed for, the beginning of the sentence.
        remedy: what else a caller can do, the end of the sentence.

    Raises:
        InputError: it lacks something; the sentence names what.
    """
    parts = [vars(base) for base in reversed(kind.__mro__) if base.__module__ == __name__]
    needed = [name for part in parts for name in part.get("__annotations__", {})]
    needed += [name for part in parts for name, value in part.items() if isfunction(value) and not name.startswith("_")]
    missing = [name for name in needed if not hasattr(network, name)]
    if missing or not callable(network):
        raise InputError(
            f"{purpose} needs a network with {' and '.join(needed)}, called with species, vectors and neighbours; "
            f"{type(network).__name__} has no {' and no '.join(missing) or 'forward'}{remedy}"
        )
    return network
