"""An accelerated NequIP model is the same model: the same numbers, parameters and state, on other kernels.

Needs nequip in a folder of its own on PYTHONPATH.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pickle
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

# Rounding of float64 through the layers and, for parameters, second derivatives.
ENERGIES, GRADIENTS = 1e-10, 1e-9

# The last layer has scalars alone, and the first reads scalars: parities differ from the second of three layers on.
CASES: dict[str, dict[str, Any]] = {
    "parity": {"num_layers": 3, "num_features": 2},
    "a multiplicity for each irrep": {"l_max": 2, "num_features": [4, 2, 6], "parity": False},
    "rank 3": {"l_max": 3, "num_features": 2},
    "one layer": {"num_layers": 1},
    "neighbours by type": {"avg_num_neighbors": {"H": 7.0, "C": 8.0, "O": 9.0}, "type_embed_num_features": 4},
}


@pytest.mark.parametrize("case", CASES)
def test_numbers_and_gradients_stay_the_same(case: str) -> None:
    network, batch = models.nequip(**CASES[case]), models.batch()
    fast = interop.accelerate(models.copied(network))
    assert list(fast.state_dict()) == list(network.state_dict())
    wanted, found = models.called(network, batch), models.called(fast, batch)
    for name in ("total_energy", "forces", "stress"):
        assert wanted[name].dtype == torch.float64
        error = (found[name] - wanted[name]).abs().max() / wanted[name].abs().max()
        assert error < ENERGIES, name
    theirs, ours = models.loss_gradients(network, wanted), models.loss_gradients(fast, found)
    assert list(theirs) == list(ours)
    largest = max(float(each.abs().max()) for each in theirs.values() if each is not None)
    for name, gradient in theirs.items():
        mine = ours[name]
        assert gradient is not None and mine is not None, name
        assert float((mine - gradient).abs().max()) < GRADIENTS * max(float(gradient.abs().max()), 1e-6 * largest), name


def test_edges_stand_in_any_order_and_are_sorted_anew_when_a_list_changes() -> None:
    network, batch = models.nequip(), models.batch()
    fast = interop.accelerate(models.copied(network))
    sorted_ = models.called(fast, batch)["forces"]
    shuffled = models.batch(shuffled=True)
    assert (shuffled["edge_index"][0].diff() < 0).any() and not (batch["edge_index"][0].diff() < 0).any()
    for name in ("edge_index", "edge_cell_shift"):
        batch[name].copy_(shuffled[name])
    found = models.called(fast, batch)["forces"]
    limit = ENERGIES * float(found.detach().abs().max())
    torch.testing.assert_close(found, sorted_, rtol=0, atol=limit)
    torch.testing.assert_close(found, models.called(network, batch)["forces"], rtol=0, atol=limit)


def test_parameters_are_the_same_objects() -> None:
    network = models.nequip()
    before = dict(network.named_parameters())
    after = dict(interop.accelerate(network).named_parameters())
    assert list(before) == list(after) and all(before[name] is after[name] for name in before)


def test_checkpoints_load_both_ways_and_training_goes_on() -> None:
    network, batch = models.nequip(), models.batch()
    fast = interop.accelerate(models.copied(network))
    optimiser = torch.optim.SGD(fast.parameters(), lr=1e-3)
    (models.called(fast, batch)["forces"] ** 2).sum().backward()
    optimiser.step()
    network.load_state_dict(fast.state_dict())
    energy = models.called(fast, batch)["total_energy"]
    torch.testing.assert_close(models.called(network, batch)["total_energy"], energy, rtol=ENERGIES, atol=0)
    again = pickle.loads(pickle.dumps(fast))
    assert torch.equal(models.called(again, batch)["total_energy"], energy)


def test_nequips_modifier_does_the_same() -> None:
    modify = importlib.import_module("nequip.model.modify_utils")
    interop.register_modifier()
    interop.register_modifier()
    network, batch = models.nequip(), models.batch()
    wanted = models.called(network, batch)["forces"]
    fast = modify.modify(network, [{"modifier": "enable_invgen"}])
    assert sum(isinstance(each, interop.AcceleratedInteractionBlock) for each in fast.modules()) == 2
    limit = ENERGIES * float(wanted.detach().abs().max())
    torch.testing.assert_close(models.called(fast, batch)["forces"], wanted, rtol=0, atol=limit)
    # What is packaged is NequIP's own model.
    with modify.only_apply_persistent_modifiers(persistent_only=True):
        plain = modify.modify(models.nequip(), [{"modifier": "enable_invgen"}])
    assert not any(isinstance(each, interop.AcceleratedInteractionBlock) for each in plain.modules())


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
    assert not any(isinstance(each, interop.AcceleratedInteractionBlock) for each in network.modules())
