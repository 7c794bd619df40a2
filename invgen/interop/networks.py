"""What bridges ask of any network: the energies of its atoms, and the elements it knows."""

from __future__ import annotations

from typing import Any

import torch

from invgen.errors import InputError
from invgen.nn.potential import Potential
from invgen.runtime import Neighbours


def atom_energies(
    potential: Potential, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
) -> torch.Tensor:
    """(atoms), the energies that the potential sums, recorded by autograd."""
    found = potential.network(species, vectors, neighbours)
    energies: torch.Tensor = found if potential.energy is None else potential.energy(found).total
    return energies


def known_species(potential: Potential) -> tuple[int, ...]:
    """The atomic numbers that the network knows, in its order.

    Raises:
        InputError: the network has no list of them.
    """
    elements: Any = getattr(potential.network, "elements", None)
    species = getattr(elements, "species", elements)
    if species is None:
        raise InputError(
            f"{type(potential.network).__name__} does not say which elements it knows: give it an attribute elements, "
            "the atomic numbers in its order"
        )
    return tuple(int(number) for number in species)


def device_and_dtype(potential: Potential) -> tuple[torch.device, torch.dtype]:
    """Those of the parameters."""
    first = next(potential.parameters())
    return first.device, first.dtype
