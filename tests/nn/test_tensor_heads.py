"""Tensors of heads turn with the structure and are sums over its atoms; what no network can give is refused."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import HIPNN, AtomTensors, Dipole, EquivariantNetwork, Polarizability, Potential, TensorLevels
from invgen.nn.network import GivesTensors
from invgen.nn.tensor_heads import cartesian
from invgen.structures import Batch, Structure, pair_vectors
from invgen.testing import random_rotation
from invgen.testing.rotations import harmonic_components
from tests.support.network_cases import CUTOFF, SPECIES, batch_of, molecules
from tests.support.tensor_cases import MomentTensors

# float64 rounding over some hundred operations on numbers of order 1.
ROUNDING = {"rtol": 1e-11, "atol": 1e-11}


def equivariant() -> EquivariantNetwork:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"l_max": 2, "correlation": 1, "layers": 1, "channels": 3, "radial_hidden": (4,)}
    kinds = {"messages": "0e + 1o", "last": "0e + 1o + 2e", "dtype": torch.float64, "target": "torch"}
    return EquivariantNetwork(SPECIES, CUTOFF, **sizes, **kinds)


def model(make: Callable[[], Any] = MomentTensors, **heads: Any) -> Potential:
    network = make()
    made = heads or {"dipole": Dipole(network), "polarizability": Polarizability(network)}
    potential = Potential(network, tensors=made).eval()
    with torch.no_grad():  # biases are zero at first, which would hide them
        for name, parameter in potential.named_parameters():
            if name.endswith("bias"):
                parameter.normal_()
    return potential


def moved(structures: list[Structure], matrix: Any, shift: Any) -> list[Structure]:
    return [Structure(each.numbers, each.positions @ np.asarray(matrix).T + shift) for each in structures]


@pytest.mark.parametrize(("make", "reflect"), [(MomentTensors, False), (MomentTensors, True), (equivariant, True)])
def test_dipoles_and_polarizabilities_turn_with_the_structure_and_do_not_shift(make: Any, reflect: bool) -> None:
    potential, rotation = model(make), random_rotation(np.random.default_rng(0), reflect)
    turn = torch.from_numpy(rotation)
    here = potential(batch_of()).tensors
    there = potential(batch_of(moved(molecules(), rotation, [3.0, -2.0, 5.0]))).tensors
    torch.testing.assert_close(there["dipole"], here["dipole"] @ turn.T, **ROUNDING)
    torch.testing.assert_close(there["polarizability"], turn @ here["polarizability"] @ turn.T, **ROUNDING)
    assert torch.equal(here["polarizability"], here["polarizability"].transpose(1, 2))
    traces = here["polarizability"].diagonal(dim1=1, dim2=2).mean(1)[:, None, None]
    anisotropic = here["polarizability"] - traces * torch.eye(3, dtype=torch.float64)
    assert here["dipole"].abs().amax(1).min() > 0.01 and anisotropic.abs().amax((1, 2)).min() > 0.01


def test_charges_add_up_to_zero_and_have_their_share_of_the_dipole() -> None:
    network = MomentTensors()
    head, batch = Dipole(network), batch_of()
    with torch.no_grad():
        head.atoms.bias.normal_()
    levels = network.tensors(batch.species, pair_vectors(batch), batch.pairs.neighbours)
    charges, dipoles = head(levels, batch)
    sums = torch.zeros(batch.structures, dtype=torch.float64).index_add(0, batch.structure, charges)
    assert charges.abs().max() > 0.1 and sums.abs().max() < 1e-12
    by_hand = torch.zeros(batch.structures, 3, dtype=torch.float64).index_add(
        0, batch.structure, charges[:, None] * batch.positions + dipoles
    )
    torch.testing.assert_close(head.of_structures(levels, batch), by_hand, **ROUNDING)
    alone = Dipole(network, charges=False)
    assert not alone(levels, batch)[0].any()


def test_tensors_of_atoms_add_up_to_those_of_structures_whatever_order_they_come_in() -> None:
    network = MomentTensors()
    potential = model(some=AtomTensors(network, "2x0e + 1o"))
    structures = molecules()
    here = potential(batch_of(structures)).tensors["some"]
    assert here.shape == (len(structures), 5)
    order = np.random.default_rng(1).permutation(len(structures[0]))
    first = Structure(structures[0].numbers[order], structures[0].positions[order])
    there = potential(batch_of([*structures[1:], first])).tensors["some"]
    torch.testing.assert_close(there, here.roll(-1, 0), **ROUNDING)


def test_rows_stand_by_irrep_then_component_then_copy() -> None:
    # A level of one channel whose rows are 1, 10, 20, 30: copies of an irrep are multiples of the same rows.
    levels = TensorLevels(("0e + 1o",), (1,), SPECIES, dtype=torch.float64)
    head = AtomTensors(levels, "2x1o + 0e", biases=False)
    rows = torch.tensor([[[1.0], [10.0], [20.0], [30.0]]], dtype=torch.float64)
    found = head([rows], torch.tensor([1]))[0]
    ratios = found[:6].reshape(3, 2) / rows[0, 1:4]
    torch.testing.assert_close(ratios, ratios[:1].expand(3, 2), **ROUNDING)
    assert ratios[0, 0] != ratios[0, 1] and found.shape == (7,)


@pytest.mark.parametrize("convention", ["sphericart", "e3nn", "e3nn_component", "rational", "hippynn"])
def test_cartesian_parts_are_those_of_the_convention(convention: str) -> None:
    vectors = np.random.default_rng(0).normal(size=(3, 3))
    traceless = np.einsum("si,sj->sij", vectors, vectors) - np.eye(3) * (vectors**2).sum(1)[:, None, None] / 3
    for l, expected in ((1, vectors), (2, traceless.reshape(3, 9))):
        found = harmonic_components(l, vectors, convention) @ cartesian(convention, l).numpy().T
        np.testing.assert_allclose(found / found[0, 0], expected / expected[0, 0], rtol=1e-12)


def test_gradients_of_a_loss_on_tensors_reach_every_weight() -> None:
    potential = model().train()
    found = potential(batch_of(), forces=False)
    loss = found.tensors["dipole"].square().sum() + found.tensors["polarizability"].square().sum()
    loss.backward()
    weights = [p for n, p in potential.named_parameters() if not n.startswith("energy")]
    assert all(each.grad is not None and each.grad.abs().max() > 0 for each in weights)
    assert not model()(batch_of(), create_graph=False).tensors["dipole"].isnan().any()
    with torch.no_grad():
        assert not potential(batch_of()).tensors["dipole"].requires_grad


def test_a_state_and_a_pickle_make_the_same_heads_again() -> None:
    first, second = model(), model()
    second.load_state_dict(first.state_dict())
    copied = pickle.loads(pickle.dumps(first))
    for other in (second, copied):
        assert torch.equal(other(batch_of()).tensors["dipole"], first(batch_of()).tensors["dipole"])


def test_the_network_fulfils_the_protocol_and_others_are_told_what_they_lack() -> None:
    assert isinstance(MomentTensors(), GivesTensors)
    plain = HIPNN(SPECIES, CUTOFF, features=4, interactions=1, target="torch")
    with pytest.raises(InputError, match=r"HIPNN has no tensor_irreps and no .*; take a network whose messages"):
        Dipole(plain)
    with pytest.raises(InputError, match="a potential with heads of tensors needs"):
        Potential(plain, tensors={"dipole": Dipole(MomentTensors())})


def crystal() -> Batch:
    return batch_of([Structure(np.array([6, 1]), np.diag([0.0, 1.0, 0.0])[:2], 9 * np.eye(3), True)])


def charged() -> Batch:
    batch = batch_of()
    return replace(batch, charges=torch.full((batch.atoms,), 0.2, dtype=torch.float64))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: AtomTensors(MomentTensors(), "0e + 1e"),
            "reads 1e, which no level of the network has: its levels have",
        ),
        (lambda: AtomTensors(MomentTensors(), "0o"), "reads 0o, which no level of the network has"),
        (lambda: AtomTensors(MomentTensors(), "1o + 1o"), "name every irrep once"),
        (lambda: AtomTensors(MomentTensors(), "vectors"), "cannot read"),
        (lambda: Polarizability(TensorLevels(("0e + 1o",), (4,), SPECIES)), "reads 2e, which no level"),
        (lambda: TensorLevels(("0e", "0e"), (4,), SPECIES), "got 2 texts of irreps and 1 numbers"),
        (lambda: model()(crystal()), "a dipole is that of molecules"),
        (lambda: model()(charged()), "structure 0 has the net charge 1.8 e, and the dipole of a charged molecule"),
    ],
)
def test_what_no_tensor_can_be_made_of_is_refused(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)
