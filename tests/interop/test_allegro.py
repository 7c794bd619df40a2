"""An accelerated Allegro model is the same model: the same numbers, parameters and state, on other kernels.

Needs nequip and nequip-allegro in a folder of their own on PYTHONPATH.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import Any

import pytest
import torch

from invgen.errors import InputError
from invgen.interop import allegro as interop

PEERS = os.environ.get("INVGEN_PEERS", "")

if importlib.util.find_spec("allegro") is None and "nequip" not in PEERS.split(","):
    pytest.skip("Allegro is not installed", allow_module_level=True)

# After the question whether it can be imported.
models = importlib.import_module("tests.support.nequip_models")

# The first of two layers reads harmonics and the last makes scalars: parities differ in the second of three.
CASES: dict[str, dict[str, Any]] = {
    "rank 1, parity": {"num_layers": 3},
    "rank 2, no parity": {"l_max": 2, "parity": False},
    "rank 3, one layer": {"l_max": 3, "num_layers": 1},
    "rank 3": {"l_max": 3, "num_tensor_features": 2},
    "weights of paths alone": {"tp_path_channel_coupling": False},
}
# Compiled without optimisation, C of this one takes ten seconds; its tables are those of the others.
IN_TORCH = ("rank 3",)


@pytest.mark.parametrize("case", CASES)
def test_numbers_and_gradients_stay_the_same(case: str) -> None:
    network = models.allegro(**CASES[case])
    fast = interop.accelerate(models.copied(network), target="torch" if case in IN_TORCH else "c")
    models.check_same(network, fast, models.batch())


def test_edges_stand_in_any_order() -> None:
    network, shuffled = models.allegro(), models.batch(shuffled=True)
    wanted = models.called(network, shuffled)["forces"]
    found = models.called(interop.accelerate(network), shuffled)["forces"]
    limit = models.ENERGIES * float(wanted.detach().abs().max())
    torch.testing.assert_close(found, wanted, rtol=0, atol=limit)


def test_parameters_are_the_same_objects() -> None:
    network = models.allegro()
    before = dict(network.named_parameters())
    after = dict(interop.accelerate(network).named_parameters())
    assert list(before) == list(after) and all(before[name] is after[name] for name in before)


def test_checkpoints_load_both_ways_and_training_goes_on() -> None:
    network = models.allegro()
    models.check_training(network, interop.accelerate(models.copied(network)), models.batch())


def test_nequips_modifier_does_the_same() -> None:
    interop.register_modifier()
    models.check_modifier(models.allegro, "enable_invgenContracter", interop.AcceleratedContracter)


def test_what_cannot_be_taken_is_said_in_one_sentence() -> None:
    with pytest.raises(InputError, match="takes a model of nequip-allegro as a Python module, got dict"):
        interop.accelerate({})
    with pytest.raises(InputError, match="Linear has none of Allegro's tensor products"):
        interop.accelerate(torch.nn.Linear(1, 1))
    network = models.allegro()
    with pytest.raises(InputError, match="accelerated already"):
        interop.accelerate(interop.accelerate(network))
    with pytest.raises(InputError, match='build or load it with compile_mode="eager"'):
        interop.accelerate(models.allegro(compile_mode="compile"))
    network = models.allegro()
    products = [each for each in network.modules() if type(each).__name__ == "Contracter"]
    products[1].w3j.mul_(-1)
    with pytest.raises(InputError, match="are not those of e3nn: the model was made with another version"):
        interop.accelerate(network)
    assert not models.swapped(network, interop.AcceleratedContracter)

    class TritonContracter(torch.nn.Module):
        pass

    with pytest.raises(InputError, match="TritonContracter is not Allegro's own"):
        interop.accelerate(torch.nn.Sequential(TritonContracter()))
