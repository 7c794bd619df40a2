"""A hyperelastic energy of copper, learnt from strained cells: what the symmetry of the material is worth.

    PYTHONPATH=. python -m benchmarks.hyperelastic [--sizes 20 50 100 200 500] [--seeds 3] [--models cubic isotropic]

Results go to benchmarks/results/hyperelastic.json; what is there already is not computed again, so a run that was
killed goes on where it stopped. `benchmarks.hyperelastic_plots` draws them.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.units import GPa
from scipy.optimize import minimize_scalar

from benchmarks.support import machine
from invgen import TensorSpace, generate
from invgen.files import write_text
from invgen.nn import LeastSquares, ScalarPotential
from invgen.testing import random_rotation

RESULTS = Path(__file__).parent / "results" / "hyperelastic.json"
STRAIN = 0.08  # of a principal stretch, at most
UNIT = 0.05  # of the strain in what networks see
HIDDEN = (32, 32)
ROUNDS, ITERATIONS = 20, 50  # of L-BFGS; after each round the loss on labels that are held out is looked at
HELD_OUT = 5  # every fifth label
DAMPING = 0.25
TEST = POOL = 500
SIZES = (20, 50, 100, 200, 500)
UPPER = torch.triu_indices(3, 3)


@dataclass(frozen=True)
class Model:
    """How an energy is learnt: the group, the selection of its invariants to a degree, and what is done with them."""

    group: str
    degree: int
    select: str = "integrity"
    damping: float = DAMPING
    augmented: bool = False
    polynomial: bool = False


MODELS = {
    "cubic": Model("Oh", 5),
    "cubic, damping 1": Model("Oh", 5, damping=1.0),
    "cubic, polynomial": Model("Oh", 5, select="linear", polynomial=True),
    "isotropic": Model("O3", 3),
    "none": Model("C1", 1),
    "none, augmented": Model("C1", 1, augmented=True),
}


@dataclass(frozen=True)
class Labels:
    """Deformation gradients with their energies per reference volume and Cauchy stresses, both in GPa."""

    deformation: torch.Tensor
    energy: torch.Tensor
    stress: torch.Tensor

    def __getitem__(self, index: Any) -> Labels:
        return Labels(self.deformation[index], self.energy[index], self.stress[index])


class Copper:
    """The crystal of the effective-medium theory at rest, and what it gives for a deformation of its cell."""

    def __init__(self) -> None:
        found = minimize_scalar(self._energy, bounds=(3.5, 3.7), method="bounded", options={"xatol": 1e-10})
        self.cell = bulk("Cu", "fcc", a=found.x)
        self.at_rest, self.lattice_constant = float(found.fun), float(found.x)

    @staticmethod
    def _energy(lattice_constant: float) -> float:
        atoms = bulk("Cu", "fcc", a=lattice_constant)
        atoms.calc = EMT()
        return float(atoms.get_potential_energy())

    def label(self, deformation: np.ndarray) -> tuple[float, np.ndarray]:
        """W in GPa and the Cauchy stress in GPa: atoms follow the cell, as one atom has nothing to relax."""
        atoms = self.cell.copy()
        atoms.set_cell(self.cell.cell[:] @ deformation.T, scale_atoms=True)
        atoms.calc = EMT()
        energy = (atoms.get_potential_energy() - self.at_rest) / self.cell.get_volume()
        return energy / GPa, atoms.get_stress(voigt=False) / GPa

    def labels(self, count: int, seed: int) -> Labels:
        """Deformations F = R U: principal stretches within 8 % of 1, along random axes, and a random rotation."""
        draw = np.random.default_rng(seed)
        deformations = []
        for _ in range(count):
            axes = random_rotation(draw)
            stretch = axes @ np.diag(1 + draw.uniform(-STRAIN, STRAIN, 3)) @ axes.T
            deformations.append(random_rotation(draw) @ stretch)
        energies, stresses = zip(*map(self.label, deformations), strict=True)
        return Labels(*(torch.tensor(np.array(each)) for each in (deformations, energies, stresses)))


def rotations() -> torch.Tensor:
    """The 24 rotations of the cube; the inversion does nothing to strains."""
    found = []
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1.0, -1.0), repeat=3):
            matrix = np.zeros((3, 3))
            matrix[range(3), order] = signs
            if np.linalg.det(matrix) > 0:
                found.append(matrix)
    return torch.tensor(np.array(found))


def strain_of(deformation: torch.Tensor) -> torch.Tensor:
    """The Green-Lagrange strain E = (FᵀF - 1) / 2."""
    return (deformation.mT @ deformation - torch.eye(3, dtype=deformation.dtype)) / 2


def components(strain: torch.Tensor) -> torch.Tensor:
    """What networks see: the six entries of the strain in its unit."""
    return strain[..., UPPER[0], UPPER[1]] / UNIT


def second_piola(deformation: torch.Tensor, cauchy: torch.Tensor) -> torch.Tensor:
    """S = J F⁻¹ σ F⁻ᵀ = dW/dE."""
    inverse = torch.linalg.inv(deformation)
    return torch.linalg.det(deformation)[:, None, None] * inverse @ cauchy @ inverse.mT


def cauchy_stress(deformation: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """σ = F S Fᵀ / J = (2 / J) F (dW/dC) Fᵀ."""
    return deformation @ second @ deformation.mT / torch.linalg.det(deformation)[:, None, None]


class Energy:
    """W(E) of a potential in units of its training set."""

    def __init__(self, model: Model, labels: Labels) -> None:
        basis = generate(TensorSpace.cartesian("ij=ji", group=model.group), model.degree, select=model.select)
        self.model, hidden = model, () if model.polynomial else HIDDEN
        self.potential = ScalarPotential(basis, hidden=hidden, dtype=torch.float64)
        held = torch.arange(len(labels.energy)) % HELD_OUT == HELD_OUT - 1
        self.fitted = self._samples(labels if model.polynomial else labels[~held])
        self.held_out = self._samples(labels[held])
        _, energy, second = self.fitted
        self.unit, self.unit_of_stress = energy.std(), second.square().mean().sqrt()
        self.potential.fit_scales(self.fitted[0], model.damping)

    def _samples(self, labels: Labels) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Inputs, energies and second Piola-Kirchhoff stresses, turned by the 24 rotations where that is asked for."""
        strain, second = strain_of(labels.deformation), second_piola(labels.deformation, labels.stress)
        energy = labels.energy
        if self.model.augmented:
            turn = rotations()[:, None]
            strain, second = ((turn @ each @ turn.mT).flatten(0, 1) for each in (strain, second))
            energy = energy.repeat(len(turn))
        return components(strain), energy, second

    def __call__(self, strain: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """W and the second Piola-Kirchhoff stress, in GPa."""
        x = components(strain)
        with torch.no_grad():
            return self.potential(x) * self.unit, self.potential.tensor_gradient(x) * self.unit / UNIT

    def loss(self, samples: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Mean squares of the errors of energies and of all entries of stresses, in units of their spread."""
        x, energy, second = samples
        x = x.detach().requires_grad_()
        stress = self.potential.tensor_gradient(x) * self.unit / UNIT
        wrong: torch.Tensor = self.potential(x) - energy / self.unit
        return wrong.square().mean() + ((stress - second) / self.unit_of_stress).square().mean()

    def train(self) -> None:
        """Least squares on all labels for a polynomial; for a network L-BFGS, stopped by the labels held out."""
        if self.model.polynomial:
            self._solve()
            return
        optimiser = torch.optim.LBFGS(
            self.potential.parameters(),
            max_iter=ITERATIONS,
            max_eval=2 * ITERATIONS,
            history_size=50,
            tolerance_grad=1e-12,
            tolerance_change=1e-14,
            line_search_fn="strong_wolfe",
        )

        def closure() -> torch.Tensor:
            optimiser.zero_grad()
            loss = self.loss(self.fitted)
            loss.backward()
            return loss

        best, kept = math.inf, {}
        for _ in range(ROUNDS):
            optimiser.step(closure)  # type: ignore[arg-type]
            found = self.loss(self.held_out).item()
            if found < best:
                best, kept = found, copy.deepcopy(self.potential.state_dict())
        self.potential.load_state_dict(kept)

    @torch.no_grad()
    def _solve(self) -> None:
        """Rows of energies and of stresses, one column for every invariant."""
        layer: Any = self.potential.network[0]
        x, energy, second = self.fitted
        count = layer.in_features
        layer.bias.zero_()
        columns = []
        for k in range(count):
            layer.weight.copy_(torch.eye(count, dtype=torch.float64)[k : k + 1])
            stress = self.potential.tensor_gradient(x) / UNIT * self.unit / self.unit_of_stress
            columns.append(torch.cat([self.potential(x), stress.flatten() / 3]))
        counts = torch.cat([torch.ones(len(x)), torch.zeros(9 * len(x))]).double()
        targets = torch.cat([energy / self.unit, (second / self.unit_of_stress).flatten() / 3])
        rows = LeastSquares(count)
        rows.add(counts, torch.stack(columns, 1), targets, torch.ones_like(counts))
        weights, offsets = rows.solve([0.0])
        layer.weight.copy_(weights[:1])
        layer.bias.copy_(offsets[:1])


def elastic_constants(second: Any, step: float = 1e-4) -> dict[str, float]:
    """C11, C12 and C44 of a function from strains to second Piola-Kirchhoff stresses: central differences at rest."""
    strains = torch.zeros(4, 3, 3, dtype=torch.float64)
    for i, sign in enumerate((1, -1)):
        strains[i, 0, 0] = sign * step
        strains[2 + i, 0, 1] = strains[2 + i, 1, 0] = sign * step
    found = second(strains)
    stretch, shear = ((found[i] - found[i + 1]) / (2 * step) for i in (0, 2))
    return {"C11": float(stretch[0, 0]), "C12": float(stretch[1, 1]), "C44": float(shear[0, 1] / 2)}


def second_of_copper(copper: Copper) -> Any:
    """The stresses of the crystal as a function of strains: F is the root of 1 + 2 E."""

    def second(strains: torch.Tensor) -> torch.Tensor:
        values, axes = torch.linalg.eigh(torch.eye(3, dtype=torch.float64) + 2 * strains)
        roots = axes @ torch.diag_embed(values.sqrt()) @ axes.mT
        stresses = torch.tensor(np.array([copper.label(root.numpy())[1] for root in roots]))
        return second_piola(roots, stresses)

    return second


def difference_error(energy: Energy, labels: Labels, step: float = 1e-5) -> float:
    """The largest difference of Cauchy stresses from central differences of W, over the root mean square stress."""
    identity = torch.eye(3, dtype=torch.float64)
    volume = torch.linalg.det(labels.deformation)
    stress = cauchy_stress(labels.deformation, energy(strain_of(labels.deformation))[1])
    worst = 0.0
    for i, j in itertools.product(range(3), repeat=2):
        change = torch.zeros(3, 3, dtype=torch.float64)
        change[i, j] = step
        ends = [energy(strain_of((identity + s * change) @ labels.deformation))[0] for s in (1, -1)]
        found = (ends[0] - ends[1]) / (2 * step) / volume
        worst = max(worst, float((found - stress[:, i, j]).abs().max()))
    return worst / float(stress.square().mean().sqrt())


def measure(model: Model, train: Labels, test: Labels) -> dict[str, Any]:
    """Errors on the test set in MPa, processor seconds of the training, and what the energy says of small strains."""
    energy = Energy(model, train)
    start = time.process_time()
    energy.train()
    seconds = time.process_time() - start
    found, second = energy(strain_of(test.deformation))
    wrong, stress = 1000 * (found - test.energy), 1000 * (cauchy_stress(test.deformation, second) - test.stress)
    return {
        "inputs": len(energy.potential.invariants.basis),
        "samples": len(energy.fitted[0]),
        "loss": energy.loss(energy.fitted).item(),
        "energy_mae": float(wrong.abs().mean()),
        "energy_rmse": float(wrong.square().mean().sqrt()),
        "stress_mae": float(stress.abs().mean()),
        "stress_rmse": float(stress.square().mean().sqrt()),
        "seconds": round(seconds, 2),
        "difference_error": difference_error(energy, test[:50]),
        "constants": elastic_constants(lambda strains: energy(strains)[1]),
    }


def main() -> None:
    """Train what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    copper = Copper()
    start = time.process_time()
    pool, test = copper.labels(POOL, seed=0), copper.labels(TEST, seed=1)
    per_label = (time.process_time() - start) / (POOL + TEST)
    result: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"records": []}
    result |= {
        "machine": machine(),
        "lattice_constant": copper.lattice_constant,
        "seconds_per_label": round(per_label, 4),
        "test": {
            "energy_std": 1000 * float(test.energy.std()),
            "stress_rms": 1000 * float(test.stress.square().mean().sqrt()),
        },
        "constants": elastic_constants(second_of_copper(copper)),
    }
    for size, seed, name in itertools.product(arguments.sizes, range(arguments.seeds), arguments.models):
        key = {"model": name, "labels": size, "seed": seed}
        if any(all(each[k] == v for k, v in key.items()) for each in result["records"]):
            continue
        chosen = torch.randperm(POOL, generator=torch.Generator().manual_seed(seed))[:size]
        torch.manual_seed(seed)
        record = key | measure(MODELS[name], pool[chosen], test)
        print(
            f"{name:18} {size:3} labels, seed {seed}: {record['energy_mae']:8.3f} and {record['stress_mae']:8.2f} MPa, "
            f"{record['seconds']:6.1f} s",
            flush=True,
        )
        result["records"].append(record)
        write_text(RESULTS, json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
