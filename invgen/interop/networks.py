"""What bridges ask of any network: the energies of its atoms, and the elements it knows."""

from __future__ import annotations

import torch

from invgen.nn.elements import check_species
from invgen.nn.network import KnowsElements, require
from invgen.nn.potential import Potential
from invgen.runtime import Neighbours


def atom_energies(
    potential: Potential, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
) -> torch.Tensor:
    """(atoms), the energies that the potential sums, recorded by autograd."""
    found = potential.network(species, vectors, neighbours)
    return potential.energies_of(found, species, vectors, neighbours).total


def known_species(potential: Potential) -> tuple[int, ...]:
    """The atomic numbers that the network knows, in its order.

    Raises:
        InputError: the network has no list of them.
    """
    network: KnowsElements = require(potential.network, KnowsElements, "a bridge to another program")
    return check_species(tuple(network.elements))


def device_and_dtype(potential: Potential) -> tuple[torch.device, torch.dtype]:
    """Those of the parameters."""
    first = next(potential.parameters())
    return first.device, first.dtype
