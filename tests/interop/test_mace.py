"""An accelerated MACE model is the same model: the same numbers, parameters and state, on other kernels.

`make test-peers` runs these with mace-torch in a folder of its own.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pickle
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.interop import mace as interop
from invgen.nn import Potential
from invgen.structures import Batch, Structure, pair_vectors

PEERS = os.environ.get("INVGEN_PEERS", "")

if importlib.util.find_spec("mace") is None and "mace" not in PEERS.split(","):
    pytest.skip("MACE is not installed", allow_module_level=True)

# After the question whether it can be imported.
models = importlib.import_module("tests.support.mace_models")

# Rounding of float64 through two layers and, for parameters, second derivatives.
ENERGIES, GRADIENTS = 1e-10, 1e-9

# Every kind of block, and what foundation models add: another first block, a transform of distances, repulsion, heads.
CASES: dict[str, dict[str, Any]] = {
    "small": {"hidden": "8x0e"},
    "medium": {"hidden": "8x0e + 8x1o", "correlation": 3},
    "large, 89 elements": {"hidden": "4x0e + 4x1o + 4x2e", "elements": tuple(range(1, 90))},
    "plain blocks": {"block": "RealAgnosticInteractionBlock"},
    "foundation, two heads": {
        "first": "RealAgnosticDensityInteractionBlock",
        "block": "RealAgnosticDensityResidualInteractionBlock",
        "distance_transform": "Agnesi",
        "pair_repulsion": True,
        "heads": ["Default", "other"],
        "atomic_inter_scale": [1.0, 1.5],
        "atomic_inter_shift": [0.0, 0.1],
    },
    "attention": {"block": "RealAgnosticAttResidualInteractionBlock"},
    "non-linear residual": {
        "block": "RealAgnosticResidualNonLinearInteractionBlock",
        "edge_irreps": "8x0e + 8x1o",
        "use_agnostic_product": True,
    },
}


def made(case: str) -> tuple[torch.nn.Module, dict[str, Any]]:
    """A model of its own, and what it takes."""
    network, batch = first_made(case)
    return models.copied(network), {
        name: each.clone() if torch.is_tensor(each) else each for name, each in batch.items()
    }


@cache
def first_made(case: str) -> tuple[torch.nn.Module, dict[str, Any]]:
    """To make a model takes much longer than to copy it."""
    options = dict(CASES[case])
    elements = options.get("elements", models.ELEMENTS)
    if "edge_irreps" in options:
        options["edge_irreps"] = models.o3.Irreps(options["edge_irreps"])
    if "heads" in options:
        options["atomic_energies"] = torch.zeros(2, len(elements)).numpy()
    network = models.model(**options)
    heads = options.get("heads", ["Default"])
    return network, models.batch(elements, periodic=True, head=heads[-1], heads=heads)


@pytest.mark.parametrize("case", CASES)
def test_numbers_and_gradients_stay_the_same(case: str) -> None:
    network, batch = made(case)
    fast = interop.accelerate(models.copied(network))
    assert list(fast.state_dict()) == list(network.state_dict())
    wanted = network(batch, training=True, compute_stress=True)
    found = fast(batch, training=True, compute_stress=True)
    for name in ("energy", "forces", "stress"):
        error = (found[name] - wanted[name]).abs().max() / wanted[name].abs().max()
        assert error < ENERGIES, name
    theirs, ours = models.loss_gradients(network, wanted), models.loss_gradients(fast, found)
    assert list(theirs) == list(ours)
    largest = max(float(each.abs().max()) for each in theirs.values() if each is not None)
    for name, gradient in theirs.items():
        mine = ours[name]
        if gradient is None or not gradient.abs().max():
            assert mine is None or float(mine.abs().max()) < GRADIENTS * largest, name
            continue
        assert mine is not None
        assert float((mine - gradient).abs().max()) < GRADIENTS * max(float(gradient.abs().max()), 1e-6 * largest), name


@pytest.mark.parametrize("case", ["medium", "foundation, two heads"])
def test_tables_are_the_model_within_their_error(case: str) -> None:
    network, batch = made(case)
    fast = interop.accelerate(models.copied(network), radial="table", bound=1e-4)
    assert list(fast.state_dict()) == list(network.state_dict())
    wanted = network(batch, training=True, compute_stress=True)
    found = fast(batch, training=True, compute_stress=True)
    # Splines of 512 knots: of fourth order, one order less for forces. Bounds are about ten times what is found.
    for name, bound in (("energy", 1e-7), ("forces", 1e-5), ("stress", 1e-5)):
        assert (found[name] - wanted[name]).abs().max() < bound * wanted[name].abs().max(), name
    theirs, ours = models.loss_gradients(network, wanted), models.loss_gradients(fast, found)
    largest = max(float(each.abs().max()) for each in theirs.values() if each is not None)
    for name, gradient in theirs.items():
        if gradient is not None and ours[name] is not None:
            assert float((ours[name] - gradient).abs().max()) < 1e-5 * max(float(gradient.abs().max()), 1e-3 * largest)
    # Without gradients of parameters tables are kept, until a parameter changes.
    for each in fast.parameters():
        each.requires_grad_(False)
    before = fast(batch)["energy"]
    assert torch.equal(fast(batch)["energy"], before)
    with torch.no_grad():
        next(fast.interactions[1].conv_tp_weights.parameters()).mul_(1.5)
    assert not torch.equal(fast(batch)["energy"], before)


def test_forces_of_tables_are_gradients_of_their_energies() -> None:
    network, batch = made("small")
    fast = interop.accelerate(network, radial="table", knots=32, bound=1.0)
    forces, step = fast(batch)["forces"], 1e-4
    for atom, axis in ((0, 0), (7, 2)):
        energies = []
        for sign in (1, -1):
            moved = {name: each.clone() if torch.is_tensor(each) else each for name, each in batch.items()}
            moved["positions"] = batch["positions"].detach().clone()
            moved["positions"][atom, axis] += sign * step
            energies.append(float(fast(moved)["energy"].sum().detach()))
        # The third derivative times the square of the step.
        assert abs((energies[1] - energies[0]) / (2 * step) - float(forces[atom, axis])) < 1e-5 * float(
            forces.abs().max()
        )


def test_tables_that_cannot_be_are_refused() -> None:
    network, _ = made("medium")
    with pytest.raises(InputError, match=r"with 16 knots differs from its function by .*: use more knots"):
        interop.accelerate(models.copied(network), radial="table", knots=16)
    with pytest.raises(InputError, match="radial must be one of 'network', 'table', got 'spline'"):
        interop.accelerate(models.copied(network), radial="spline")
    with pytest.raises(InputError, match=r"tables begin at shortest=5: it must be less than the cutoff, 4"):
        interop.accelerate(models.copied(network), radial="table", shortest=5)
    with pytest.raises(InputError, match=r'shortest=0\.5 is where tables begin: give radial="table" with it'):
        interop.accelerate(models.copied(network), shortest=np.float32(0.5))
    with pytest.raises(InputError, match=r"takes a whole model with one RadialEmbeddingBlock beside .*, got none"):
        interop.accelerate(network.interactions, radial="table")
    other, _ = made("attention")
    with pytest.raises(InputError, match=r'radial="table" takes blocks .*, got RealAgnosticAttResidual'):
        interop.accelerate(models.copied(other), radial="table")


def test_parameters_are_the_same_objects() -> None:
    network, _ = made("small")
    before = dict(network.named_parameters())
    after = dict(interop.accelerate(network).named_parameters())
    assert list(before) == list(after) and all(before[name] is after[name] for name in before)


def test_checkpoints_load_both_ways_and_training_goes_on() -> None:
    network, batch = made("small")
    fast = interop.accelerate(models.copied(network))
    optimiser = torch.optim.SGD(fast.parameters(), lr=1e-4)
    (fast(batch, training=True)["forces"] ** 2).sum().backward()
    optimiser.step()
    network.load_state_dict(fast.state_dict())
    torch.testing.assert_close(network(batch)["energy"], fast(batch)["energy"], rtol=ENERGIES, atol=0)
    again = pickle.loads(pickle.dumps(fast))
    assert torch.equal(again(batch)["energy"], fast(batch)["energy"])


def test_another_dtype_gets_kernels_of_its_own() -> None:
    network, batch = made("small")
    wanted = network(batch)["forces"]
    fast = interop.accelerate(network).float()
    single = {name: each.float() if torch.is_floating_point(each) else each for name, each in batch.items()}
    # float32 through two layers.
    torch.testing.assert_close(fast(single)["forces"].double(), wanted, rtol=0, atol=1e-5 * float(wanted.abs().max()))


def test_edges_are_sorted_anew_when_a_list_changes() -> None:
    network, batch = made("small")
    fast = interop.accelerate(models.copied(network))
    fast(batch)
    count = batch["edge_index"].shape[1]
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    for name, each in batch.items():
        if torch.is_tensor(each) and each.shape[:1] == (count,):
            batch[name] = each[order]
    batch["edge_index"].copy_(batch["edge_index"][:, order].clone())
    torch.testing.assert_close(fast(batch)["energy"], network(batch)["energy"], rtol=ENERGIES, atol=0)


def test_what_cannot_be_taken_is_said_in_one_sentence() -> None:
    with pytest.raises(InputError, match="takes a model of mace-torch as a Python module, got dict"):
        interop.accelerate({})
    with pytest.raises(InputError, match="Linear has none of MACE's interaction blocks"):
        interop.accelerate(torch.nn.Linear(1, 1))
    network, _ = made("small")
    with pytest.raises(InputError, match="accelerated already"):
        interop.accelerate(interop.accelerate(network))

    class NewInteractionBlock(torch.nn.Module):
        pass

    with pytest.raises(InputError, match="does not take blocks of class NewInteractionBlock; it takes RealAgnostic"):
        interop.accelerate(torch.nn.Sequential(NewInteractionBlock()))
    network, _ = made("small")
    network.interactions[0].conv_tp = torch.nn.Identity()  # type: ignore[union-attr, index]
    with pytest.raises(InputError, match="Identity is not e3nn's: the model was converted to cuEquivariance"):
        interop.accelerate(network)
    assert type(network.interactions[1]).__name__ == "RealAgnosticResidualInteractionBlock"  # type: ignore[index]


def test_weights_outside_the_span_are_refused() -> None:
    network, _ = made("small")
    contraction = network.products[0].symmetric_contractions.contractions[0]  # type: ignore[union-attr, index]
    contraction.U_matrix_2.add_(torch.randn_like(contraction.U_matrix_2))
    with pytest.raises(InputError, match="leave the equivariant polynomials by"):
        interop.accelerate(network)


RESIDUAL = "RealAgnosticResidualInteractionBlock"

# --- a network of ours with the weights of a model --------------------------------------------------------------------

TAKEN: dict[str, dict[str, Any]] = {
    "small, shifted": {
        "hidden": "4x0e",
        "atomic_inter_scale": 1.5,
        "atomic_inter_shift": 0.25,
        "atomic_energies": [-1.0, -2.0, -3.0],
    },
    "medium": {"hidden": "4x0e + 4x1o"},
    "large": {"hidden": "2x0e + 2x1o + 2x2e", "correlation": 3},
}

# Each part of foundation models by itself, in one layer where one shows it, and all of them with two heads.
PARTS: dict[str, dict[str, Any]] = {
    "first block without residual": {"first": "RealAgnosticInteractionBlock"},
    "no residuals": {"block": "RealAgnosticInteractionBlock"},
    "density": {"block": "RealAgnosticDensityResidualInteractionBlock", "layers": 1},
    "Agnesi": {"distance_transform": "Agnesi", "layers": 1},
    # Two atoms of K or Cs have radii of more than the cutoff.
    "repulsion": {"pair_repulsion": True, "layers": 1, "atomic_inter_scale": 1.7, "elements": (1, 11, 19, 55)},
    "heads": {
        **{"heads": ["Default", "other"], "atomic_inter_scale": [1.0, 1.5], "atomic_inter_shift": [0.0, 0.1]},
        **{"atomic_energies": [[1.0, 2.0, 3.0], [-1.0, -2.5, -4.0]], "layers": 1},
    },
    "foundation": {
        **{"hidden": "4x0e + 4x1o", "elements": (1, 8, 19, 55), "distance_transform": "Agnesi", "pair_repulsion": True},
        **{"first": "RealAgnosticDensityInteractionBlock", "block": "RealAgnosticDensityResidualInteractionBlock"},
        **{"heads": ["pt", "omat"], "atomic_inter_scale": [1.0, 1.5], "atomic_inter_shift": [0.0, 0.1]},
        **{"atomic_energies": [[1.0, 2.0, 3.0, 4.0], [-1.0, -2.5, -4.0, -6.0]]},
    },
}


def prediction(model: torch.nn.Module, options: dict[str, Any], head: str) -> tuple[dict[str, Any], Batch]:
    """What a model of these options gives for two structures, and the structures as a batch of ours."""
    elements = options.get("elements", models.ELEMENTS)
    batch = models.batch(elements, periodic=True, head=head, heads=options.get("heads", ["Default"]))
    structures = []
    for k in range(2):
        atoms = slice(int(batch["ptr"][k]), int(batch["ptr"][k + 1]))
        numbers = np.array(elements)[batch["node_attrs"][atoms].argmax(1).numpy()]
        cell = batch["cell"].reshape(-1, 3, 3)[k].numpy()
        structures.append(Structure(numbers, batch["positions"][atoms].detach().numpy(), cell, True))
    found = Batch.from_structures(structures, models.CUTOFF, dtype=torch.float64)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)  # in which mace-torch multiplies the charges of a repulsion
    try:
        return model(batch, compute_stress=True), found
    finally:
        torch.set_default_dtype(before)


def model_of(options: dict[str, Any]) -> torch.nn.Module:
    given = dict(options)
    if "atomic_energies" in given:
        given["atomic_energies"] = np.array(given["atomic_energies"])
    made: torch.nn.Module = models.model(**given)
    return made


@pytest.mark.parametrize("case", PARTS)
def test_a_network_of_ours_has_the_parts_of_foundation_models(case: str, tmp_path: Path) -> None:
    options = {"hidden": "4x0e", "l_max": 1, **PARTS[case]}
    model = model_of(options)
    torch.save(model, tmp_path / "whole.model")
    for head in options.get("heads", ["Default"]):
        theirs, batch = prediction(model, options, head)
        potential = interop.potential_of(model, "torch", head=head)
        ours = potential(batch, stress=True)
        for name in ("energy", "forces", "stress"):
            wanted = theirs[name].detach()
            assert float((getattr(ours, name) - wanted).abs().max()) < ENERGIES * float(wanted.abs().max()), name
        assert batch.pairs is not None and (potential.repulsion is None) != bool(options.get("pair_repulsion"))
        if potential.repulsion is not None:
            repelled = potential.repulsion(batch.species, pair_vectors(batch), batch.pairs.neighbours)
            assert repelled.max() > 0.1
        check_same(interop.load(tmp_path / "whole.model", "torch", head=head), potential, 0.0)


@pytest.mark.parametrize("case", TAKEN)
def test_a_network_of_ours_has_the_numbers_of_the_model(case: str, tmp_path: Path) -> None:
    model = model_of(TAKEN[case])
    theirs, batch = prediction(model, TAKEN[case], "Default")
    potential = interop.potential_of(model, "torch")
    ours = potential(batch, stress=True)
    for name in ("energy", "forces", "stress"):
        torch.testing.assert_close(getattr(ours, name), theirs[name].detach(), rtol=0, atol=ENERGIES)
    assert all(each.requires_grad for each in potential.parameters())
    torch.save(model, tmp_path / "whole.model")
    check_same(interop.load(tmp_path / "whole.model", "torch"), potential, 0.0)
    checkpoint = {"model": model.state_dict(), "optimizer": {"state": {}, "param_groups": []}}
    torch.save(checkpoint, tmp_path / "epoch-1.pt")
    # Path weights are computed here and by e3nn, and rounded in another order.
    check_same(interop.load(tmp_path / "epoch-1.pt", "torch", average_neighbours=9.0), potential, 1e-14)


def check_same(found: Potential, wanted: Potential, tolerance: float) -> None:
    """Two potentials have the same architecture and, within a tolerance, the same weights."""
    ours, theirs = found.state_dict(), wanted.state_dict()
    assert list(ours) == list(theirs)
    for name, each in theirs.items():
        if torch.is_tensor(each):
            torch.testing.assert_close(ours[name], each, rtol=tolerance, atol=tolerance)
        else:
            assert ours[name] == each


def test_models_are_loaded_without_mace_and_in_their_dtype(tmp_path: Path) -> None:
    model = models.model("4x0e + 4x1o", dtype=torch.float32, avg_num_neighbors=np.float64(9.5))
    torch.save(model, tmp_path / "a.model")
    check_same(interop.load(tmp_path / "a.model", "torch"), interop.potential_of(model, "torch"), 0.0)
    code = (
        "import sys; from invgen.interop import mace; "
        "found = mace.load(sys.argv[1], 'torch'); assert type(found.network).__name__ == 'MACE'; "
        "assert not {'mace', 'e3nn'} & {name.partition('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "a.model"], check=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"block": "RealAgnosticAttResidualInteractionBlock"}, "block of class RealAgnosticAttResidual"),
        ({"block": "RealAgnosticInteractionBlock", "first": RESIDUAL}, "without self-connection after one that has it"),
        ({"first": "RealAgnosticDensityResidualInteractionBlock"}, "blocks with and without density in one model"),
        ({"distance_transform": "Soft"}, "distance transform of class SoftTransform"),
        ({"radial_type": "gaussian"}, "radial functions other than Bessel functions"),
        ({"gate": torch.tanh}, "activations other than silu"),
        (
            {"readout_cls": models.modules.blocks.NonLinearBiasReadoutBlock},
            "readout of class NonLinearBiasReadoutBlock",
        ),
        (
            {"heads": ["Default", "other"], "atomic_inter_scale": [1.0, 1.0], "atomic_inter_shift": [0.0, 0.0]},
            "the model has the heads 'Default', 'other': choose one with head=",
        ),
    ],
)
def test_models_that_no_network_of_ours_is_are_refused(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    model = models.model("4x0e", l_max=1, **options)
    torch.save(model, tmp_path / "a.model")
    with pytest.raises(InputError, match=message):
        interop.potential_of(model)
    with pytest.raises(InputError, match=message):
        interop.load(tmp_path / "a.model")
    with pytest.raises(InputError, match="none of MACE's interaction blocks"):
        interop.potential_of(torch.nn.Linear(1, 1))


def test_heads_that_a_model_has_not_are_refused() -> None:
    model, _ = made("small")
    with pytest.raises(InputError, match="the model has the head 'Default', got head='omat': choose one that it has"):
        interop.potential_of(model, "torch", head="omat")


def test_states_of_other_models_are_refused(tmp_path: Path) -> None:
    state = models.model("4x0e", distance_transform="Agnesi").state_dict()
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(InputError, match=r"no counterpart for radial_embedding\.distance_transform"):
        interop.load(tmp_path / "a.pt", average_neighbours=9.0)
    heads = {"heads": ["a", "b"], "atomic_inter_scale": [1.0, 1.0], "atomic_inter_shift": [0.0, 0.0]}
    state = models.model("4x0e", atomic_energies=np.zeros((2, 3)), **heads).state_dict()
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(InputError, match="the state dict has 2 heads and does not name them"):
        interop.load(tmp_path / "a.pt", average_neighbours=9.0)
    plain = models.model("4x0e", block="RealAgnosticInteractionBlock").state_dict()
    torch.save(plain, tmp_path / "a.pt")
    with pytest.raises(InputError, match=r"skip_tp.weight of the state dict is \(144,\), where residual blocks have"):
        interop.load(tmp_path / "a.pt", average_neighbours=9.0)
