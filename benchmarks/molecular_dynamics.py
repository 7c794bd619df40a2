"""Forces of a trained potential: are they the gradient of its energy, and how far does energy stray at constant energy?

    python -m benchmarks.network_accuracy train --sets ethanol --models hop34 --epochs 150 --work FOLDER
    python -m benchmarks.molecular_dynamics FOLDER/ethanol_hop34_150_0/potential.pt [--time 1000]

Three figures for each precision, of a molecule (the first frame of rMD17's test set):
  * curl: the largest antisymmetric entry of the Hessian by central differences of forces, over its largest entry;
  * loop: the work along a closed path of all atoms, by Gauss-Legendre quadrature, over the work done on the way;
  * drift: velocity Verlet from 600 K's momenta at the start, half of which become potential energy. The root mean
    square is taken around a fitted line, whose slope is the drift.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ase import Atoms, units
from ase.md.verlet import VelocityVerlet

from benchmarks.support import DATA, describe, machine, table
from invgen.interop.ase import InvgenCalculator
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.structures import Batch, Structure, read
from invgen.training import Trained, load_potential

STEPS = (1.0, 0.5, 0.25)  # fs
# Central differences: truncation grows as the square of the displacement, rounding of forces as its inverse.
DISPLACEMENTS = {"float64": 1e-4, "float32": 1e-2}
AMPLITUDE = 0.05  # Angstrom, of the loop


def forces_at(trained: Trained, numbers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(geometries, atoms, 3), eV/Angstrom; pairs are searched at each geometry."""
    cutoff: Any = trained.potential.network.cutoff
    structures = [Structure(numbers, each) for each in points]
    batch = Batch.from_structures(structures, cutoff, dtype=TORCH_DTYPES[trained.config.dtype])
    with torch.no_grad():
        return np.asarray(trained.potential(batch).forces.double().numpy().reshape(points.shape))


def curl(trained: Trained, numbers: np.ndarray, points: np.ndarray) -> float:
    """The antisymmetric part of the Hessian, relative."""
    step = DISPLACEMENTS[trained.config.dtype]
    unit = np.eye(points.size).reshape(-1, *points.shape) * step
    difference = forces_at(trained, numbers, points + unit) - forces_at(trained, numbers, points - unit)
    hessian = (difference / (2 * step)).reshape(points.size, points.size)
    return float(np.abs(hessian - hessian.T).max() / 2 / np.abs(hessian).max())


def loop(trained: Trained, numbers: np.ndarray, points: np.ndarray, parts: int = 32) -> float:
    """The work along a closed curve of all atoms, relative to the work done on the way."""
    a, b = np.random.default_rng(1).normal(size=(2, *points.shape)) * AMPLITUDE
    nodes, weights = np.polynomial.legendre.leggauss(8)
    times = ((np.arange(parts)[:, None] + (nodes + 1) / 2) / parts).ravel()
    phase = (2 * np.pi * times)[:, None, None]
    velocities = 2 * np.pi * (a * np.cos(phase) + b * np.sin(phase))
    forces = forces_at(trained, numbers, points + a * np.sin(phase) + b * (1 - np.cos(phase)))
    power = (forces * velocities).sum(axis=(1, 2)).reshape(parts, -1) @ weights / 2 / parts
    return float(abs(power.sum()) / np.abs(power).sum())


def stray(trained: Trained, start: Any, step: float, duration: float) -> tuple[float, float, float]:
    """Drift (meV per atom and ps), root mean square around it (meV per atom), mean temperature (K)."""
    atoms = start.copy()
    atoms.calc = InvgenCalculator(trained.potential)
    spread = np.sqrt(600 * units.kB / atoms.get_masses())
    atoms.set_velocities(spread[:, None] * np.random.default_rng(0).normal(size=(len(atoms), 3)))
    dynamics: Any = VelocityVerlet(atoms, timestep=step * units.fs)
    energies, temperatures = [], []
    for _ in range(round(duration / step)):
        dynamics.run(1)
        energies.append(atoms.get_total_energy())
        temperatures.append(atoms.get_temperature())
    times = np.arange(len(energies)) * step / 1000
    values = np.array(energies) * 1000 / len(atoms)
    line = np.polyfit(times, values, 1)
    return float(line[0]), float(np.std(values - np.polyval(line, times))), float(np.mean(temperatures))


def main() -> None:
    """Load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "potential", type=Path, help="potential.pt of `invgen train`, trained on rMD17 ethanol or aspirin"
    )
    parser.add_argument("--molecule", choices=("ethanol", "aspirin"), default="ethanol")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--time", type=float, default=1000.0, help="of each run, fs")
    given = parser.parse_args()
    path = given.data / "rmd17" / f"rmd17_{given.molecule}_test_01.npz"
    first = read(path, energy_unit="kcal/mol", length_unit="Angstrom").structure(0)
    start = Atoms(numbers=first.numbers, positions=first.positions)
    print(describe(machine()))
    checks, runs = [], []
    for dtype in ("float64", "float32"):
        trained = load_potential(given.potential, dtype=dtype)
        found = [measure(trained, first.numbers, first.positions) for measure in (curl, loop)]
        checks.append([dtype, *(f"{each:.1e}" for each in found)])
        for step in STEPS:
            drift, spread, temperature = stray(trained, start, step, given.time)
            runs.append([dtype, f"{step:g}", f"{drift:+.4f}", f"{spread:.4f}", f"{temperature:.0f}"])
    print(table(["precision", "curl", "loop"], checks))
    print(table(["precision", "step, fs", "drift, meV/atom/ps", "rms, meV/atom", "temperature, K"], runs))


if __name__ == "__main__":
    main()
