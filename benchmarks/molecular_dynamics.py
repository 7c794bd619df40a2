"""Energy drift of molecular dynamics at constant energy (NVE) with a quickly fitted network.

    python benchmarks/molecular_dynamics.py [--data ../shared/data] [--steps 400] [--time 1000]

A small HIP-HOP network is fitted to energies and forces of rMD17 ethanol for a few hundred steps: enough to hold the
molecule together, no accuracy is claimed. Velocity Verlet at about 300 K then says how far the total energy strays.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ase import Atoms, units
from ase.md.verlet import VelocityVerlet

from benchmarks.support import ROOT, describe, machine, table
from invgen.interop.ase import InvgenCalculator
from invgen.nn import HIPHOPNN, Potential
from invgen.structures import AtomicEnergies, Dataset, Frames, read


def fitted(train: Frames, steps: int) -> tuple[Potential, float]:
    """A network after so many steps of Adam, and its mean absolute force error over the last ten batches, eV/A."""
    torch.manual_seed(0)
    options = {"features": 24, "sensitivities": 12, "atom_layers": 1, "dtype": torch.float64}
    potential = Potential(HIPHOPNN(train.elements, 5.0, l_max=2, n_max=3, **options))
    dataset = Dataset(train, cutoff=5.0, dtype=torch.float64)
    optimiser = torch.optim.Adam(potential.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    rng, errors = np.random.default_rng(0), []
    for _ in range(steps):
        batch = dataset.batch(rng.choice(len(train), 16, replace=False).tolist())
        found = potential(batch)
        error = found.forces - batch.forces
        loss = error.square().mean() + 0.01 * (found.energy - batch.energy).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        errors.append(error.abs().mean().item())
    return potential.eval(), float(np.mean(errors[-10:]))


def run(potential: Potential, start: Atoms, step: float, duration: float) -> tuple[float, float, float]:
    """Drift (meV per atom and ps, slope of a line), root mean square around it (meV per atom), mean temperature."""
    atoms = start.copy()
    atoms.calc = InvgenCalculator(potential)
    spread = np.sqrt(600 * units.kB / atoms.get_masses())  # half of it becomes potential energy
    atoms.set_velocities(spread[:, None] * np.random.default_rng(0).normal(size=(len(atoms), 3)))
    dynamics = VelocityVerlet(atoms, timestep=step * units.fs)
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
    """Fit, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--time", type=float, default=1000.0, help="fs")
    given = parser.parse_args()
    frames = read(
        given.data / "rmd17" / "rmd17_ethanol_train_01.npz",
        energy_unit="kcal/mol",
        length_unit="Angstrom",
        require=("energy", "forces"),
    )
    train = AtomicEnergies.fit(frames).subtract(frames)
    began = time.perf_counter()
    potential, error = fitted(train, given.steps)
    print(describe(machine()))
    print(f"fit: {given.steps} steps, {time.perf_counter() - began:.0f} s, forces {1000 * error:.0f} meV/A")
    start = Atoms(numbers=frames.structure(0).numbers, positions=frames.structure(0).positions)
    rows = []
    for step in (1.0, 0.5, 0.25):
        drift, spread, temperature = run(potential, start, step, given.time)
        rows.append([f"{step:g}", f"{drift:+.4f}", f"{spread:.4f}", f"{temperature:.0f}"])
        print(rows[-1], flush=True)
    print(table(["step, fs", "drift, meV/atom/ps", "rms, meV/atom", "temperature, K"], rows))


if __name__ == "__main__":
    main()
