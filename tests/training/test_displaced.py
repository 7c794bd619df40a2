"""Two displaced geometries give the gradient that backward of backward gives, within the stated error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.nn import HIPHOPNN, HIPNNTS, AtomScalars, Dipole, Polarizability, Potential, moment_basis
from invgen.structures import Batch, Structure
from invgen.training import LossConfig, displaced_loss, losses
from tests.support.tensor_cases import MomentTensors
from tests.support.training_cases import molecules

# What docs/networks.md states for the default displacements.
STATED = {torch.float64: 1e-7, torch.float32: 1e-2}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Tensors of these tests are too small to share out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def structures(periodic: bool) -> list[Structure]:
    data = molecules(4, spread=0.1)
    rng = np.random.default_rng(1)
    cell = np.diag([4.0, 4.2, 4.4]) + 0.1 * rng.standard_normal((3, 3))
    box: dict[str, Any] = {"cell": cell, "periodic": (True, True, True)} if periodic else {}
    extra = {"stress": 0.01 * rng.standard_normal((3, 3))} if periodic else {}
    if periodic:
        extra["stress"] = extra["stress"] + extra["stress"].T
    return [
        Structure(data["z"], p, energy=e + 40.0, forces=f, charges=rng.standard_normal(5), **box, **extra)
        for p, e, f in zip(data["R"], data["E"], data["F"])
    ]


def batch(dtype: torch.dtype, periodic: bool = False, reach: float = 3.1) -> Batch:
    return Batch.from_structures(structures(periodic), reach, dtype=dtype)


def potential(dtype: torch.dtype, target: str = "torch", kind: str = "HIPNNTS") -> Potential:
    torch.manual_seed(0)
    options: dict[str, Any] = {"features": 6, "interactions": 2, "atom_layers": 1, "sensitivities": 6}
    options |= {"dtype": dtype, "target": target}
    if kind == "HIPNNTS":
        network: torch.nn.Module = HIPNNTS([1, 6], 3.0, l_max=1, **options)
    else:
        network = HIPHOPNN([1, 6], 3.0, moment_basis(2, 3), **options)
    return Potential(network, scalars={"charges": AtomScalars(network.feature_sizes, dtype=dtype)})


def gradients(model: Potential) -> torch.Tensor:
    return torch.cat(
        [torch.zeros_like(p).flatten() if p.grad is None else p.grad.flatten() for p in model.parameters()]
    ).double()


def exact(model: Potential, given: Batch, config: LossConfig) -> tuple[torch.Tensor, float]:
    model.zero_grad()
    stress = config.stress > 0
    prediction = model(given, forces=True, stress=stress, create_graph=True)
    loss = losses.total(losses.loss_terms(config, given, prediction, losses.Sizes.of(given), config.targets))
    loss.backward()
    return gradients(model), float(loss.detach())


CASES = {
    "forces": LossConfig(energy=0.0),
    "energy and forces": LossConfig(),
    "energy alone": LossConfig(forces=0.0),
    "huber": LossConfig(penalty="huber", delta=0.5),
    "charges": LossConfig(charges=1.0),
    "hierarchicality": LossConfig(hierarchicality=0.1),
}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("name", CASES)
def test_gradients_are_the_exact_ones(name: str, dtype: torch.dtype) -> None:
    config, model, given = CASES[name], potential(dtype), batch(dtype)
    wanted, loss = exact(model, given, config)
    model.zero_grad()
    made = displaced_loss(model, given, config)
    made.surrogate.backward()
    assert float((gradients(model) - wanted).norm() / wanted.norm()) < STATED[dtype]
    # The same sums in another order: a few roundings.
    assert float(losses.total(made.terms)) == pytest.approx(loss, rel=100 * torch.finfo(dtype).eps)


def test_stress_enters_as_a_strain_of_the_displaced_geometries() -> None:
    config = LossConfig(energy=0.0, forces=0.3, stress=100.0)
    model, given = potential(torch.float64), batch(torch.float64, periodic=True)
    wanted, _ = exact(model, given, config)
    model.zero_grad()
    displaced_loss(model, given, config).surrogate.backward()
    assert float((gradients(model) - wanted).norm() / wanted.norm()) < STATED[torch.float64]
    without, _ = exact(model, given, LossConfig(energy=0.0, forces=0.3))
    assert float((without - wanted).norm() / wanted.norm()) > 0.01, "the stress must matter here"


def test_dipoles_and_polarizabilities_are_those_of_both_geometries() -> None:
    network = MomentTensors()
    model = Potential(network, tensors={"dipole": Dipole(network), "polarizability": Polarizability(network)})
    targets = {"dipole": np.array([0.1, 0.2, -0.3]), "polarizability": np.diag([1.0, 2.0, 3.0])}
    given = Batch.from_structures(
        [replace(each, charges=None, **targets) for each in structures(False)],
        network.cutoff + 0.1,
        dtype=torch.float64,
    )
    config = LossConfig(dipole=1.0, polarizability=0.5)
    wanted, _ = exact(model, given, config)
    model.zero_grad()
    displaced_loss(model, given, config).surrogate.backward()
    assert float((gradients(model) - wanted).norm() / wanted.norm()) < STATED[torch.float64]


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_compiled_kernels_agree_too(dtype: torch.dtype) -> None:
    config, model, given = LossConfig(), potential(dtype, "c", "HIPHOPNN"), batch(dtype)
    wanted, _ = exact(model, given, config)
    model.zero_grad()
    displaced_loss(model, given, config).surrogate.backward()
    assert float((gradients(model) - wanted).norm() / wanted.norm()) < STATED[dtype]


def test_the_error_falls_with_the_square_of_the_displacement() -> None:
    config, model, given = LossConfig(), potential(torch.float64), batch(torch.float64)
    wanted, _ = exact(model, given, config)
    errors = []
    for h in (1e-2, 1e-3):
        model.zero_grad()
        displaced_loss(model, given, config, displacement=h).surrogate.backward()
        errors.append(float((gradients(model) - wanted).norm()))
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.2)  # h⁴ is a hundredth of h² at 0.01 Angstrom and below


def test_pairs_must_reach_beyond_the_cutoff() -> None:
    model, given = potential(torch.float64), batch(torch.float64, reach=3.0)
    with pytest.raises(InputError, match=r"beyond the cutoff of the network: make the batch with the cutoff 3\.01"):
        displaced_loss(model, given, LossConfig(), displacement=0.01)
    with pytest.raises(InputError, match="the displacement is a positive number"):
        displaced_loss(model, given, LossConfig(), displacement=0.0)
