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
