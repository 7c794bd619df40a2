"""A potential gives by domains what it gives at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from invgen import generate
from invgen.errors import InputError
from invgen.nn import ACE, HIPNN, MACE, ZBL, Allegro, AtomScalars, Chebyshev, Potential
from invgen.structures import Batch, Structure

pytest.importorskip("vesin")
pytestmark = pytest.mark.usefixtures("one_thread")

CUTOFF = 2.5
CELL = np.array([[4.0, 0.0, 0.0], [1.0, 5.0, 0.0], [0.0, -1.0, 6.0]])
SMALL: dict[str, Any] = {"dtype": torch.float64, "target": "torch"}
NETWORKS: dict[str, Callable[[], torch.nn.Module]] = {
    "hipnn": lambda: HIPNN((1, 6), CUTOFF, features=4, sensitivities=5, atom_layers=1, dtype=torch.float64),
    "mace": lambda: MACE(
        (1, 6), CUTOFF, correlation=2, l_max=1, channels=2, radial_hidden=(4,), average_neighbours=4.0, **SMALL
    ),
    "mace with tables": lambda: MACE(
        (1, 6), CUTOFF, correlation=2, l_max=1, channels=2, radial_hidden=(4,), tables=24, layers=3, **SMALL
    ),
    "allegro": lambda: Allegro((1, 6), CUTOFF, l_max=1, channels=2, features=4, hidden=(4,), **SMALL),
    "ace": lambda: ACE(generate(ACE.space(1, 1, 2), 2, select="independent"), [1, 6], Chebyshev(1, CUTOFF)),
}
# Sums of tens of terms in double precision, in another order.
ROUNDING = {"rtol": 1e-11, "atol": 1e-12}


def potential_of(name: str) -> Potential:
    """A potential with random weights."""
    torch.manual_seed(1)
    return Potential(NETWORKS[name]()).eval()


def crystal(seed: int, atoms: int = 30) -> Structure:
    """A periodic structure of two elements, larger than the cutoff in no direction twice."""
    generator = np.random.default_rng(seed)
    sites = generator.permutation(5**3)[:atoms]
    inside = (np.stack(np.unravel_index(sites, (5, 5, 5)), 1) + generator.uniform(0, 0.4, (atoms, 3))) / 5
    return Structure(generator.choice([1, 6], atoms), inside @ CELL, CELL, True)


def batch_of(structures: list[Structure]) -> Batch:
    """A batch with its pairs."""
    return Batch.from_structures(structures, CUTOFF, dtype=torch.float64)


@pytest.mark.parametrize("name", NETWORKS)
def test_energies_forces_and_stress_by_domains_are_those_of_the_whole(name: str) -> None:
    potential, batch = potential_of(name), batch_of([crystal(0), crystal(1, 3), crystal(2, 4)])
    whole = potential(batch, stress=True, create_graph=False)
    found = potential.by_domains(batch, 7, stress=True)
    for one, other in (
        (whole.energy, found.energy),
        (whole.forces, found.forces),
        (whole.stress, found.stress),
        (whole.atoms.total, found.atoms.total),
        (whole.atoms.terms, found.atoms.terms),
    ):
        torch.testing.assert_close(other, one.detach(), **ROUNDING)


@pytest.mark.parametrize("most", [1, 1000])
def test_domains_of_one_atom_and_of_all_give_the_same(most: int) -> None:
    potential, batch = potential_of("mace"), batch_of([crystal(3, 12)])
    found = potential.by_domains(batch, most)
    torch.testing.assert_close(found.forces, potential(batch, create_graph=False).forces.detach(), **ROUNDING)


def test_repulsion_is_of_the_pairs_of_own_atoms() -> None:
    torch.manual_seed(1)
    potential = Potential(NETWORKS["mace"](), repulsion=ZBL((1, 6), CUTOFF, dtype=torch.float64)).eval()
    batch = batch_of([crystal(6)])
    whole = potential(batch, create_graph=False)
    found = potential.by_domains(batch, 7)
    torch.testing.assert_close(found.energy, whole.energy.detach(), **ROUNDING)
    torch.testing.assert_close(found.forces, whole.forces.detach(), rtol=1e-11, atol=1e-12 * float(whole.forces.max()))


def test_scalars_of_atoms_come_in_their_order() -> None:
    torch.manual_seed(1)
    network: Any = NETWORKS["hipnn"]()
    potential = Potential(network, scalars={"charges": AtomScalars(network.feature_sizes, dtype=torch.float64)})
    batch = batch_of([crystal(4)])
    wanted = potential(batch, forces=False).scalars["charges"].detach()
    torch.testing.assert_close(potential.by_domains(batch, 8, forces=False).scalars["charges"], wanted, **ROUNDING)


def test_isolated_atoms_have_their_energies_and_no_forces() -> None:
    potential = potential_of("mace")
    batch = batch_of([Structure(np.array([6, 1]), np.array([[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]]))])
    found = potential.by_domains(batch, 1)
    torch.testing.assert_close(found.atoms.total, potential.self_energies(batch.species), **ROUNDING)
    assert not found.forces.any()


def test_nothing_is_recorded_and_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    potential = potential_of("allegro").train()
    found = potential.by_domains(batch_of([crystal(0)]), 15, progress=lambda *each: told.append(each))
    assert not found.energy.requires_grad
    assert told == [("energies", 15, 30), ("energies", 30, 30)]


def test_a_batch_of_inference_mode_gives_the_same() -> None:
    potential = potential_of("mace")
    wanted = potential.by_domains(batch_of([crystal(5)]), 10).forces
    with torch.inference_mode():
        found = potential.by_domains(batch_of([crystal(5)]), 10).forces
    assert torch.equal(found, wanted)


def test_what_is_needed_is_said() -> None:
    batch = batch_of([crystal(0)])
    with pytest.raises(InputError, match="the number of atoms of a domain is an integer of at least 1, got 0"):
        potential_of("hipnn").by_domains(batch, 0)
    network = torch.nn.Linear(1, 1)
    network.cutoff = CUTOFF
    with pytest.raises(InputError, match="an evaluation by domains needs a network with cutoff and interactions"):
        Potential(network).by_domains(batch)
    with torch.inference_mode():
        made = Potential(NETWORKS["hipnn"]())
    with pytest.raises(InputError, match=r"built under torch\.inference_mode"):
        made.by_domains(batch)


def test_a_repulsion_is_a_module_that_looks_no_farther_than_the_network() -> None:
    with pytest.raises(InputError, match=r"a repulsion is a module such as nn.ZBL\(species, cutoff\), got 'zbl'"):
        Potential(NETWORKS["hipnn"](), repulsion="zbl")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"a repulsion needs a network with cutoff, .* Linear has no cutoff"):
        Potential(NETWORKS["hipnn"](), repulsion=torch.nn.Linear(1, 1))
    with pytest.raises(InputError, match=r"a repulsion with the cutoff 3 needs pairs that the network, .* 2\.5"):
        Potential(NETWORKS["hipnn"](), repulsion=ZBL((1, 6), 3.0))
