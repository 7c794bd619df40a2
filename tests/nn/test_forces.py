"""Forces are the exact gradient of one energy: no curl, no work around a loop, energy differences along a path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from invgen.nn import HIPHOPNN, HIPNN, HIPNNTS, MACE, Allegro, BOTNet, NequIP, Potential
from invgen.structures import Batch, Structure

pytest.importorskip("vesin")

NUMBERS = np.array([8, 6, 1, 1, 1, 1])
POINTS = np.array(
    [[0.0, 0.0, 0.0], [1.42, 0.1, 0.0], [1.8, 1.1, 0.2], [1.9, -0.5, 0.9], [1.8, -0.6, -0.8], [-0.3, 0.4, 0.8]]
)
CELL = np.array([[4.0, 0.0, 0.0], [0.5, 3.8, 0.0], [-0.4, 0.6, 4.2]])
CUTOFF = 3.2
# Short of the next kink: the cosine cutoff has one in the forces where a pair crosses it.
AMPLITUDE = 0.005
OPTIONS = {"features": 6, "sensitivities": 6, "atom_layers": 1, "dtype": torch.float64}
COVARIANT: dict[str, Any] = {
    "messages": "0e + 1o",
    "channels": 2,
    "radial_hidden": (4,),
    "average_neighbours": 4.0,
    "dtype": torch.float64,
    "target": "torch",
}
NETWORKS: dict[str, Callable[[], torch.nn.Module]] = {
    "hipnn": lambda: HIPNN((1, 6, 8), CUTOFF, **OPTIONS),
    "hipnnts": lambda: HIPNNTS((1, 6, 8), CUTOFF, l_max=2, **OPTIONS),
    "hiphopnn": lambda: HIPHOPNN((1, 6, 8), CUTOFF, l_max=2, n_max=3, **OPTIONS),
    "allegro": lambda: Allegro(
        (1, 6, 8), CUTOFF, l_max=1, channels=2, features=4, hidden=(4,), dtype=torch.float64, target="torch"
    ),
    "mace": lambda: MACE((1, 6, 8), CUTOFF, correlation=2, l_max=2, **COVARIANT),
    "mace with tables": lambda: MACE((1, 6, 8), CUTOFF, correlation=2, l_max=1, tables=24, **COVARIANT),
    "nequip": lambda: NequIP((1, 6, 8), CUTOFF, l_max=1, layers=2, **COVARIANT),
    "botnet": lambda: BOTNet((1, 6, 8), CUTOFF, l_max=1, layers=2, **COVARIANT),
    "flexible": lambda: HIPHOPNN((1, 6, 8), CUTOFF, l_max=2, n_max=4, select="flexible", **OPTIONS),
}


pytestmark = pytest.mark.usefixtures("one_thread")


class Surface:
    """(energies, forces) at many geometries in one batch, pairs searched at each: nothing is carried along a path."""

    def __init__(self, name: str) -> None:
        torch.manual_seed(5)
        self.potential = Potential(NETWORKS[name]()).eval()

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        batch = Batch.from_structures(
            [Structure(NUMBERS, each, CELL, True) for each in points], CUTOFF, dtype=torch.float64
        )
        with torch.no_grad():
            found = self.potential(batch)
        return found.energy.numpy(), found.forces.numpy().reshape(points.shape)


def loop(amplitude: float, seed: int) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """A smooth closed curve of all atoms through POINTS at t = 0, and its velocity; t goes from 0 to 1."""
    a, b = np.random.default_rng(seed).normal(size=(2, *POINTS.shape)) * amplitude

    def curve(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        phase = (2 * np.pi * t)[:, None, None]
        places = POINTS + a * np.sin(phase) + b * (1 - np.cos(phase))
        return places, 2 * np.pi * (a * np.cos(phase) + b * np.sin(phase))

    return curve


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "hiphopnn" else pytest.mark.slow) for name in NETWORKS]
)
def test_forces_have_no_curl(name: str) -> None:
    surface, step = Surface(name), 1e-4
    unit = np.eye(POINTS.size).reshape(-1, *POINTS.shape) * step
    _, plus = surface(POINTS + unit)
    _, minus = surface(POINTS - unit)
    hessian = ((plus - minus) / (2 * step)).reshape(POINTS.size, POINTS.size)
    scale = np.abs(hessian).max()
    assert scale > 1e-3, "the surface must not be flat"
    # Central differences: step² times third derivatives, which are up to some hundred times the second ones here.
    assert np.abs(hessian - hessian.T).max() < 1e-5 * scale


@pytest.mark.parametrize("name", NETWORKS)
def test_work_is_the_difference_of_energies_and_vanishes_around_a_loop(name: str) -> None:
    surface, curve = Surface(name), loop(AMPLITUDE, seed=1)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    parts = np.linspace(0, 1, 17)
    places, velocities = curve((parts[:-1, None] + (nodes + 1) / 32).ravel())
    _, forces = surface(places)
    power = (forces * velocities).sum(axis=(1, 2)).reshape(16, 8) @ weights / 32
    energies, _ = surface(curve(parts)[0])
    moved = np.abs(power).sum()
    assert moved > 1e-3, "the path must do work"
    assert abs(power.sum()) < 1e-6 * moved
    assert np.abs(np.cumsum(power) - (energies[0] - energies[1:])).max() < 1e-6 * moved


def worst_change(name: str, steps: int) -> float:
    """The largest change of the total energy along a short trajectory by velocity Verlet, masses 1."""
    surface, step = Surface(name), 0.02 / steps
    positions = POINTS.copy()
    velocities = 0.3 * np.random.default_rng(4).normal(size=POINTS.shape)
    energies, forces = surface(positions[None])
    start = energies[0] + (velocities**2).sum() / 2
    worst = 0.0
    for _ in range(steps):
        velocities += step / 2 * forces[0]
        positions = positions + step * velocities
        energies, forces = surface(positions[None])
        velocities += step / 2 * forces[0]
        worst = max(worst, abs(energies[0] + (velocities**2).sum() / 2 - start))
    return worst


@pytest.mark.parametrize("name", NETWORKS)
def test_a_trajectory_keeps_its_energy_to_second_order_in_the_step(name: str) -> None:
    coarse, fine = worst_change(name, 8), worst_change(name, 16)
    # Velocity Verlet: errors fall fourfold with half the step, up to its fourth order.
    assert coarse / fine == pytest.approx(4, rel=0.15)
