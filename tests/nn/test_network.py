"""A network is what has the attributes that its use needs; what is missing is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from invgen.errors import InputError
from invgen.interop.lammps import LammpsPotential
from invgen.interop.networks import known_species
from invgen.nn import HIPHOPNN, HIPNN, AtomScalars, Potential
from invgen.nn.network import CountsInteractions, GivesFeatures, HasBasis, KnowsElements, Network
from invgen.runtime import Neighbours
from tests.support.network_cases import CUTOFF, SPECIES, batch_of


class Distances(torch.nn.Module):
    """The energy of each atom is the sum of (r - cutoff)² over its neighbours: no kernel, and nothing but a cutoff."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones((), dtype=torch.float64))
        for name, value in attributes.items():
            setattr(self, name, value)

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        terms = self.scale * (vectors.norm(dim=1) - CUTOFF).square()
        return terms.new_zeros(neighbours.atoms).index_add(0, neighbours.receivers, terms)


def test_networks_fulfil_the_protocols() -> None:
    network = HIPNN(SPECIES, CUTOFF, features=4, interactions=2, target="torch")
    for protocol in (Network, GivesFeatures, KnowsElements, CountsInteractions, HasBasis):
        assert isinstance(network, protocol)
    assert tuple(network.elements) == SPECIES and network.interactions == 2 and network.basis is None
    hop = HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, features=4, target="torch")
    assert known_species(Potential(hop)) == SPECIES and hop.basis is not None
    assert not isinstance(Distances(cutoff=CUTOFF), GivesFeatures)


def test_any_module_with_a_cutoff_is_a_potential_of_any_dtype() -> None:
    potential = Potential(Distances(cutoff=CUTOFF))
    found = potential(batch_of())
    assert found.forces is not None and found.forces.abs().max() > 1
    assert potential.float().network.scale.dtype == torch.float32


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Potential(Distances()), r"a potential needs a network with cutoff, .*; Distances has no cutoff$"),
        (lambda: Potential(Distances(cutoff=-1.0)), "the cutoff of a network is a positive number, got -1.0"),
        (
            lambda: Potential(Distances(cutoff=CUTOFF, feature_sizes=(3,))),
            "needs a network with cutoff and feature_sizes and dtype, .*; Distances has no dtype$",
        ),
        (lambda: Potential(Distances(cutoff=CUTOFF), scalars={"q": AtomScalars((3,))}), "it takes no heads"),
        (lambda: known_species(Potential(Distances(cutoff=CUTOFF))), "Distances has no elements$"),
        (lambda: known_species(Potential(Distances(cutoff=CUTOFF, elements=[0]))), "distinct atomic numbers"),
        (
            lambda: LammpsPotential(Potential(Distances(cutoff=CUTOFF, elements=SPECIES))),
            "Distances has no interactions; or pass ghosts=True or ghosts=False$",
        ),
    ],
)
def test_what_is_missing_is_named(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        make()


def test_a_caller_can_say_what_a_network_does_not() -> None:
    network = Distances(cutoff=CUTOFF, elements=SPECIES)
    assert LammpsPotential(Potential(network), ghosts=False).ghosts is False
