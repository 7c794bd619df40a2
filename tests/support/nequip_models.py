"""NequIP and Allegro models with random weights, and frames of random atoms; their folder is on PYTHONPATH."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ase
import numpy as np
import torch
from nequip.data import AtomicDataDict, compute_neighborlist_, from_ase
from nequip.model import NequIPGNNModel
from nequip.model.modify_utils import only_apply_persistent_modifiers
from nequip.utils.global_state import set_global_state

from invgen.interop.nequip import modify

ELEMENTS = ["H", "C", "O"]
CUTOFF = 4.0


def nequip(**options: Any) -> torch.nn.Module:
    """A `NequIPGNNModel` of two layers; whatever else it takes goes into `options`."""
    given = {"num_layers": 2, "l_max": 1, "num_features": 4, "parity": True, "radial_mlp_width": 8, **options}
    with _global_state():
        return NequIPGNNModel(**{**_common(), **given})  # type: ignore[no-any-return]


def allegro(**options: Any) -> torch.nn.Module:
    """An `AllegroModel` of two layers; whatever else it takes goes into `options`."""
    from allegro.model import AllegroModel

    embed = {"_target_": "allegro.nn.TwoBodyBesselScalarEmbed", "num_bessels": 8}
    given = {
        "l_max": 1,
        "num_layers": 2,
        "num_scalar_features": 8,
        "num_tensor_features": 4,
        "radial_chemical_embed": embed,
        "scalar_embed_mlp_hidden_layers_width": 8,
        "allegro_mlp_hidden_layers_width": 8,
        **options,
    }
    with _global_state():
        return AllegroModel(**{**_common(), **given})  # type: ignore[no-any-return]


@contextmanager
def _global_state() -> Iterator[None]:
    """What NequIP expects, which works in float64 all over; it outlasts the context but for the default dtype."""
    before = torch.get_default_dtype()
    try:
        set_global_state()
        torch.set_default_dtype(torch.float64)
        yield
    finally:
        torch.set_default_dtype(before)


def _common() -> dict[str, Any]:
    return {
        "seed": 0,
        "model_dtype": "float64",
        "r_max": CUTOFF,
        "type_names": ELEMENTS,
        "avg_num_neighbors": 9.0,
        "compile_mode": "eager",
    }


def batch(shuffled: bool = False) -> dict[str, Any]:
    """Two periodic frames of twelve atoms; edges by receiver, or in any order."""
    rng = np.random.default_rng(0)
    frames = []
    for _ in range(2):
        kinds = rng.choice(len(ELEMENTS), 12)
        positions = rng.uniform(0, 6, (12, 3))
        atoms = ase.Atoms([ELEMENTS[kind] for kind in kinds], positions, cell=[7.0] * 3, pbc=True)
        with _global_state():
            frame = compute_neighborlist_(from_ase(atoms), r_max=CUTOFF)
        frame[AtomicDataDict.ATOM_TYPE_KEY] = torch.from_numpy(kinds)
        frames.append(frame)
    found = AtomicDataDict.batched_from_list(frames)
    if shuffled:
        edges = found[AtomicDataDict.EDGE_INDEX_KEY]
        order = torch.randperm(edges.shape[1], generator=torch.Generator().manual_seed(0))
        found[AtomicDataDict.EDGE_INDEX_KEY] = edges[:, order].clone()
        found[AtomicDataDict.EDGE_CELL_SHIFT_KEY] = found[AtomicDataDict.EDGE_CELL_SHIFT_KEY][order].clone()
    return found  # type: ignore[no-any-return]


def called(network: torch.nn.Module, given: dict[str, Any]) -> dict[str, Any]:
    """The results of a network, which writes into what it is given."""
    return network(dict(given))  # type: ignore[no-any-return]


def loss_gradients(network: torch.nn.Module, results: dict[str, Any]) -> dict[str, torch.Tensor | None]:
    """The gradients of a loss of energies and forces by all parameters."""
    loss = (results["forces"] ** 2).sum() + (results["total_energy"] ** 2).sum()
    own = {name: parameter for name, parameter in network.named_parameters() if parameter.requires_grad}
    return dict(zip(own, torch.autograd.grad(loss, list(own.values()), allow_unused=True), strict=True))


def copied(network: torch.nn.Module) -> torch.nn.Module:
    """A model that shares nothing with another."""
    return copy.deepcopy(network)


# Rounding of float64 through the layers and, for parameters, second derivatives.
ENERGIES, GRADIENTS = 1e-10, 1e-9


def check_same(network: torch.nn.Module, fast: torch.nn.Module, given: dict[str, Any]) -> None:
    """Two models have the same state, and give the same numbers and gradients."""
    assert list(fast.state_dict()) == list(network.state_dict())
    wanted, found = called(network, given), called(fast, given)
    for name in ("total_energy", "forces", "stress"):
        assert wanted[name].dtype == torch.float64
        error = (found[name] - wanted[name]).abs().max() / wanted[name].abs().max()
        assert error < ENERGIES, name
    theirs, ours = loss_gradients(network, wanted), loss_gradients(fast, found)
    assert list(theirs) == list(ours)
    largest = max(float(each.abs().max()) for each in theirs.values() if each is not None)
    for name, gradient in theirs.items():
        mine = ours[name]
        assert gradient is not None and mine is not None, name
        assert float((mine - gradient).abs().max()) < GRADIENTS * max(float(gradient.abs().max()), 1e-6 * largest), name


def check_training(
    network: torch.nn.Module, fast: torch.nn.Module, given: dict[str, Any], tolerance: float = ENERGIES
) -> None:
    """A step of `fast`, a copy of `network`, is one that `network` can load; pickled it is the same."""
    optimiser = torch.optim.SGD(fast.parameters(), lr=1e-3)
    (called(fast, given)["forces"] ** 2).sum().backward()
    optimiser.step()
    before = called(network, given)["total_energy"]
    network.load_state_dict(fast.state_dict())
    energy, loaded = called(fast, given)["total_energy"], called(network, given)["total_energy"]
    torch.testing.assert_close(loaded, energy, rtol=tolerance, atol=0)
    assert not torch.equal(loaded, before)
    again = pickle.loads(pickle.dumps(fast))
    assert torch.equal(called(again, given)["total_energy"], energy)


def swapped(network: torch.nn.Module, kind: type) -> int:
    """How many modules of a model are of a class."""
    return sum(isinstance(each, kind) for each in network.modules())


def check_modifier(make: Callable[[], torch.nn.Module], modifier: str, kind: type) -> None:
    """NequIP applies a modifier to a model, and does not to what it packages."""
    network, given = make(), batch()
    wanted = called(network, given)["forces"]
    fast = modify(network, [{"modifier": modifier}])
    assert swapped(fast, kind) == 2
    limit = ENERGIES * float(wanted.detach().abs().max())
    torch.testing.assert_close(called(fast, given)["forces"], wanted, rtol=0, atol=limit)
    with only_apply_persistent_modifiers(persistent_only=True):
        assert not swapped(modify(make(), [{"modifier": modifier}]), kind)
