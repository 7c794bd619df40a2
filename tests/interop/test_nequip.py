"""An accelerated NequIP model is the same model: the same numbers, parameters and state, on other kernels.

Needs nequip in a folder of its own on PYTHONPATH.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import Any

import pytest
import torch

from invgen.errors import InputError
from invgen.interop import nequip as interop

PEERS = os.environ.get("INVGEN_PEERS", "")

if importlib.util.find_spec("nequip") is None and "nequip" not in PEERS.split(","):
    pytest.skip("NequIP is not installed", allow_module_level=True)

# After the question whether it can be imported.
models = importlib.import_module("tests.support.nequip_models")

# The last layer has scalars alone, and the first reads scalars: parities differ from the second of three layers on.
CASES: dict[str, dict[str, Any]] = {
    "parity": {"num_layers": 3, "num_features": 2},
    "a multiplicity for each irrep": {"l_max": 2, "num_features": [4, 2, 6], "parity": False},
    "rank 3": {"l_max": 3, "num_features": 2},
    "one layer": {"num_layers": 1},
    "neighbours by type": {"avg_num_neighbors": {"H": 7.0, "C": 8.0, "O": 9.0}, "type_embed_num_features": 4},
}
# Compiled without optimisation, C of this one takes eight seconds; its tables are those of the others.
IN_TORCH = ("rank 3",)


@pytest.mark.parametrize("case", CASES)
def test_numbers_and_gradients_stay_the_same(case: str) -> None:
    network = models.nequip(**CASES[case])
    fast = interop.accelerate(models.copied(network), target="torch" if case in IN_TORCH else "c")
    models.check_same(network, fast, models.batch())


# A cutoff for each pair of types makes a table for each; the others have one.
WITH_TABLES: dict[str, dict[str, Any]] = {
    "one table": {},
    "by type": {"per_edge_type_cutoff": {"H": 2.5, "C": {"H": 3.0, "C": 3.5}}, "l_max": 2, "radial_mlp_depth": 2},
    "linear radial functions, trained": {"num_layers": 1, "radial_mlp_depth": 0, "bessel_trainable": True},
}


@pytest.mark.parametrize("case", WITH_TABLES)
def test_tables_are_the_model_within_their_error(case: str) -> None:
    network, batch = models.nequip(**WITH_TABLES[case]), models.batch(shuffled=True)
    target = "c" if case == "one table" else "torch"
    fast = interop.accelerate(models.copied(network), target, radial="table", bound=1e-4)
    assert list(fast.state_dict()) == list(network.state_dict())
    wanted, found = models.called(network, batch), models.called(fast, batch)
    # Splines of 512 knots: of fourth order, one order less for forces. Bounds are about ten times what is found.
    for name, bound in (("total_energy", 2e-7), ("forces", 1e-5), ("stress", 1e-5)):
        assert 0 < (found[name] - wanted[name]).abs().max() < bound * wanted[name].abs().max(), name
    theirs, ours = models.loss_gradients(network, wanted), models.loss_gradients(fast, found)
    largest = max(float(each.abs().max()) for each in theirs.values() if each is not None)
    for name, gradient in theirs.items():
        mine = ours[name]
        assert gradient is not None and mine is not None, name
        assert float((mine - gradient).abs().max()) < 5e-5 * max(float(gradient.abs().max()), 1e-3 * largest), name


def test_forces_of_tables_are_gradients_of_their_energies() -> None:
    # As coarse as they can be: the splines are far from the functions, and the forces are theirs.
    network, batch, step = models.nequip(num_layers=1), models.batch(), 1e-4
    fast = interop.accelerate(network, "torch", radial="table", knots=16, bound=10.0)
    forces = models.called(fast, batch)["forces"].detach()
    for atom, axis in ((0, 0), (7, 2)):
        energies = []
        for sign in (1, -1):
            moved = {**batch, "pos": batch["pos"].detach().clone()}
            moved["pos"][atom, axis] += sign * step
            energies.append(float(models.called(fast, moved)["total_energy"].detach().sum()))
        slope = (energies[1] - energies[0]) / (2 * step)
        # The third derivative times the square of the step.
        assert abs(slope - float(forces[atom, axis])) < 1e-5 * float(forces.abs().max())


def test_training_goes_on_through_tables() -> None:
    network = models.nequip(num_layers=1)
    fast = interop.accelerate(models.copied(network), "torch", radial="table", bound=1e-4)
    batch = models.batch()
    # Other weights after the step, and so another table, within the error of tables.
    models.check_training(network, fast, batch, 2e-7)
    for each in fast.parameters():
        each.requires_grad_(False)
    before = models.called(fast, batch)["total_energy"]
    assert torch.equal(models.called(fast, batch)["total_energy"], before)
    with torch.no_grad():
        next(parameter for name, parameter in fast.named_parameters() if "edge_mlp" in name).mul_(1.5)
    assert not torch.equal(models.called(fast, batch)["total_energy"], before)


def test_tables_that_cannot_be_are_refused() -> None:
    network = models.nequip()
    with pytest.raises(InputError, match=r"with 8 knots differs from its function by .*: use more knots"):
        interop.accelerate(network, "torch", radial="table", knots=8)
    with pytest.raises(InputError, match="radial must be one of 'network', 'table', got 'spline'"):
        interop.accelerate(network, radial="spline")
    blocks = [each for each in network.modules() if type(each).__name__ == "ConvNetLayer"]
    with pytest.raises(InputError, match=r"takes a whole model with one each of .*, got \[0, 0, 0\]"):
        interop.accelerate(blocks[0], radial="table")
    (harmonics,) = (each for each in network.modules() if type(each).__name__ == "SphericalHarmonicEdgeAttrs")
    harmonics.sh.normalization = "norm"
    with pytest.raises(InputError, match="harmonics of all ranks with the component normalisation"):
        interop.accelerate(network, radial="table")
    assert not models.swapped(network, interop.AcceleratedInteractionBlock)


def test_edges_stand_in_any_order_and_are_sorted_anew_when_a_list_changes() -> None:
    network, batch = models.nequip(), models.batch()
    fast = interop.accelerate(models.copied(network))
    sorted_ = models.called(fast, batch)["forces"]
    shuffled = models.batch(shuffled=True)
    assert (shuffled["edge_index"][0].diff() < 0).any() and not (batch["edge_index"][0].diff() < 0).any()
    for name in ("edge_index", "edge_cell_shift"):
        batch[name].copy_(shuffled[name])
    found = models.called(fast, batch)["forces"]
    limit = models.ENERGIES * float(found.detach().abs().max())
    torch.testing.assert_close(found, sorted_, rtol=0, atol=limit)
    torch.testing.assert_close(found, models.called(network, batch)["forces"], rtol=0, atol=limit)


def test_attributes_need_not_be_those_of_types() -> None:
    network = models.nequip()
    fast = interop.accelerate(models.copied(network))
    for each in (network, fast):
        (embed,) = (module for module in each.modules() if type(module).__name__ == "NodeTypeEmbed")
        embed.register_forward_hook(
            lambda module, given, data: {**data, "node_attrs": data["node_attrs"] * data["pos"].square().sum(1, True)}
        )
    models.check_same(network, fast, models.batch())


def test_parameters_are_the_same_objects() -> None:
    network = models.nequip()
    before = dict(network.named_parameters())
    after = dict(interop.accelerate(network).named_parameters())
    assert list(before) == list(after) and all(before[name] is after[name] for name in before)


def test_checkpoints_load_both_ways_and_training_goes_on() -> None:
    network = models.nequip()
    models.check_training(network, interop.accelerate(models.copied(network)), models.batch())


def test_nequips_modifier_does_the_same() -> None:
    interop.register_modifier()
    models.check_modifier(models.nequip, "enable_invgen", interop.AcceleratedInteractionBlock)


def test_what_cannot_be_taken_is_said_in_one_sentence() -> None:
    with pytest.raises(InputError, match="takes a model of nequip as a Python module, got dict"):
        interop.accelerate({})
    with pytest.raises(InputError, match="Linear has none of NequIP's interaction blocks"):
        interop.accelerate(torch.nn.Linear(1, 1))
    network = models.nequip()
    with pytest.raises(InputError, match="accelerated already"):
        interop.accelerate(interop.accelerate(network))
    with pytest.raises(InputError, match='build or load it with compile_mode="eager"'):
        interop.accelerate(models.nequip(compile_mode="compile"))
    network = models.nequip()
    blocks = [each for each in network.modules() if type(each).__name__ == "InteractionBlock"]

    class OpenEquivarianceTensorProductScatter(torch.nn.Module):
        pass

    blocks[1].tp_scatter = OpenEquivarianceTensorProductScatter()
    with pytest.raises(InputError, match="OpenEquivarianceTensorProductScatter is not NequIP's own: load the model"):
        interop.accelerate(network)
    assert not models.swapped(network, interop.AcceleratedInteractionBlock)
