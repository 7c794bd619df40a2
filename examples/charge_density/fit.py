"""Fit the coefficients of each element, shell and rank as linear covariants, exactly, in the overlap metric."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from covariants import Covariants, Directions, directions
from densities import Molecule, read
from layout import SHELLS, SIZES, to_orthonormal

from invgen.files import replacing

RIDGES = (1e-4, 1e-6, 1e-8)


class Fit:
    """d[a, n, m] = Σ_k W[z_a, l, k, n] f[a, m, k]: min over W of Σ |R (M d - c)|² / N² + ridge |W|², S = Rᵀ R.

    d are coefficients of functions that are orthonormal on each atom, c = M d (`layout.to_orthonormal`), N the
    electrons of a molecule and S the overlap of its functions: errors are ∫ (ρ - ρ')² / N².

    Args:
        chosen: the directions of every element and rank.
    """

    def __init__(self, chosen: dict[int, list[Directions]]) -> None:
        self.chosen = chosen
        self.places: dict[int, slice] = {}
        start = 0
        for number, shells in SHELLS.items():
            width = sum(each.count * len(s.exponents) for each, s in zip(chosen[number], shells))
            self.places[number] = slice(start, start + width)
            start += width
        self.matrix, self.right = np.zeros((start, start)), np.zeros(start)

    def design(self, molecule: Molecule, samples: list[np.ndarray], metric: np.ndarray) -> dict[int, np.ndarray]:
        """metric · ∂d/∂W of the elements of the molecule, (rows of the metric, weights of the element) each."""
        found: dict[int, np.ndarray] = {}
        start = 0
        for a, number in enumerate(molecule.numbers.tolist()):
            parts = []
            for l, shells in enumerate(SHELLS[number]):
                features = self.chosen[number][l](samples[l][a : a + 1])[0]
                block = metric[:, start + shells.rows.start : start + shells.rows.stop]
                block = block.reshape(len(metric), len(shells.exponents), 2 * l + 1)
                parts.append((block @ features).transpose(0, 2, 1).reshape(len(metric), -1))
            rows = np.concatenate(parts, 1)
            found[number] = found[number] + rows if number in found else rows
            start += SIZES[number]
        return found

    def add(self, molecule: Molecule, samples: list[np.ndarray]) -> None:
        """Take in one geometry. O(functions × weights²)."""
        factor = np.linalg.cholesky(molecule.overlap).T / molecule.numbers.sum()
        design = self.design(molecule, samples, factor @ to_orthonormal(molecule.numbers))
        target = factor @ molecule.coefficients
        for one, first in design.items():
            self.right[self.places[one]] += first.T @ target
            for two, second in design.items():
                if two <= one:
                    self.matrix[self.places[one], self.places[two]] += first.T @ second

    def solve(self, ridge: float) -> np.ndarray:
        """The weights of a ridge in units of the mean of the diagonal. O(weights³)."""
        diagonal = self.matrix.diagonal()
        matrix = torch.from_numpy(self.matrix).clone()
        matrix.diagonal().add_(ridge * diagonal.mean())
        factor = torch.linalg.cholesky(matrix)
        return torch.cholesky_solve(torch.from_numpy(self.right)[:, None], factor)[:, 0].numpy()

    def predict(self, molecule: Molecule, samples: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
        """The coefficients of one geometry, in PySCF's order; one column for each column of weights."""
        map_back = to_orthonormal(molecule.numbers)
        design = self.design(molecule, samples, map_back)
        return sum(rows @ weights[self.places[number]] for number, rows in design.items())


def error(molecules: Sequence[Molecule], predictions: Sequence[np.ndarray]) -> float:
    """The root of the mean of ∫ (ρ - ρ')² / ∫ δρ², δρ the difference from the isolated atoms, in percent."""
    found = []
    for molecule, prediction in zip(molecules, predictions):
        e, c = prediction - molecule.coefficients, molecule.coefficients
        found.append((e @ molecule.overlap @ e) / (c @ molecule.overlap @ c))
    return float(100 * np.sqrt(np.mean(found)))


def main() -> None:
    """Fit, choose the ridge by the validation geometries, and write the predictions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, default=Path("labels.npz"))
    parser.add_argument("--output", type=Path, default=Path("fit.npz"))
    parser.add_argument("--channels", type=int, default=24)
    parser.add_argument("--degree", type=int, default=3)
    parser.add_argument("--directions", type=int, default=104, help="covariants of each element and rank that are kept")
    parser.add_argument("--cutoff", type=float, default=4.0, help="Angstrom")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    start = time.process_time()
    molecules = read(arguments.labels)
    covariants = Covariants(arguments.channels, arguments.degree, arguments.cutoff, arguments.seed)
    samples = [covariants(molecule) for molecule in molecules]
    print(
        f"{[s.shape[-1] for s in samples[0]]} covariants of each rank, {time.process_time() - start:.0f} s", flush=True
    )
    subset = {
        name: [k for k, m in enumerate(molecules) if m.subset == name]
        for name in ("train", "validate", "test", "other")
    }
    train = subset["train"]
    fit = Fit(directions([molecules[k] for k in train], [samples[k] for k in train], arguments.directions))
    for k in train:
        fit.add(molecules[k], samples[k])
    print(f"{len(fit.right)} weights, {time.process_time() - start:.0f} s", flush=True)

    weights = np.stack([fit.solve(ridge) for ridge in RIDGES], 1)
    print(f"solved with {len(RIDGES)} ridges, {time.process_time() - start:.0f} s", flush=True)
    predictions = [fit.predict(m, s, weights) for m, s in zip(molecules, samples)]

    def of(name: str, ridge: int) -> float:
        return error([molecules[k] for k in subset[name]], [predictions[k][:, ridge] for k in subset[name]])

    found = [of("validate", k) for k in range(len(RIDGES))]
    for k, ridge in enumerate(RIDGES):
        print(f"ridge {ridge:.0e}: train {of('train', k):.2f}, validate {found[k]:.2f} % of δρ")
    best = int(np.argmin(found))
    line = ", ".join(f"{name} {of(name, best):.2f}" for name in subset)
    print(f"ridge {RIDGES[best]:.0e}, the best of the validation geometries: {line} % of δρ")
    with replacing(arguments.output) as path, path.open("wb") as file:
        np.savez_compressed(file, coefficients=np.concatenate([each[:, best] for each in predictions]))


if __name__ == "__main__":
    main()
