"""Compute labels: geometries, density matrices by PySCF, and coefficients of the auxiliary functions, in one NPZ."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from ase.build import molecule as equilibrium
from densities import packed
from layout import SHELLS
from quantum import METHOD, atoms_matrix, density_matrix, electrons, fitted, molecule

from invgen.files import replacing

NAMES = ("H2O", "NH3", "CH4", "C2H6", "C2H4", "HCN", "H2CO", "N2H4", "H2O2", "CH3OCH3", "HCOOH")
OTHER = "CH3OH"
COUNTS = {"train": 16, "validate": 2, "test": 4}

LAYOUT = {
    "method": METHOD,
    "units": "positions in Angstrom; densities in e/bohr^3, coefficients in e bohr^(-3/2); exponents in bohr^-2",
    "coefficients": "of the density of the molecule minus that of its spherical isolated atoms, in normalised "
    "Gaussians; by atom, then by shell in the order of `shells`, then by component; p as x, y, z, "
    "other ranks as m = -l..l (PySCF)",
    "fit": "least squares in the overlap metric, with the number of electrons held",
    "ragged": "molecule k has atoms[k] rows of numbers and positions, functions[k] coefficients, and the lower "
    "triangles, row by row, of overlaps (triangle[k] numbers), density_matrices and atoms_matrices (orbitals[k])",
    "shells": {str(number): [[s.l, list(s.exponents)] for s in shells] for number, shells in SHELLS.items()},
}


def geometries(spread: float, seed: int) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """(name, subset, numbers, positions) of all labels: equilibria with every coordinate displaced normally."""
    generator = np.random.default_rng(seed)
    plan = [(name, subset) for name in NAMES for subset, count in COUNTS.items() for _ in range(count)]
    found = []
    for name, subset in [*plan, *[(OTHER, "other")] * 8]:
        atoms = equilibrium(name)
        places = atoms.positions + spread * generator.standard_normal(atoms.positions.shape)
        found.append((name, subset, atoms.numbers, places))
    return found


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("labels.npz"))
    parser.add_argument("--spread", type=float, default=0.05, help="standard deviation of a coordinate, Angstrom")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    start = time.process_time()
    lists: dict[str, list[np.ndarray]] = {}
    counts: dict[str, list[int]] = {}
    chosen = geometries(arguments.spread, arguments.seed)
    missing = []
    for k, (name, subset, numbers, positions) in enumerate(chosen):
        mol = molecule(numbers, positions)
        full, atoms = density_matrix(mol), atoms_matrix(mol)
        missing.append(mol.nelectron - electrons(mol, atoms))
        coefficients, overlap = fitted(mol, full - atoms, missing[-1])
        parts = {
            "numbers": numbers,
            "positions": positions,
            "coefficients": coefficients,
            "overlaps": packed(overlap),
            "density_matrices": packed(full),
            "atoms_matrices": packed(atoms),
        }
        for key, value in parts.items():
            lists.setdefault(key, []).append(value)
        sizes = zip(
            ("atoms", "functions", "triangle", "orbitals"), ("numbers", "coefficients", "overlaps", "density_matrices")
        )
        for key, of in sizes:
            counts.setdefault(key, []).append(len(parts[of]))
        if k % 20 == 0:
            print(f"{k + 1} of {len(chosen)}: {name}, {subset}, {time.process_time() - start:.0f} s", flush=True)
    with replacing(arguments.output) as path, path.open("wb") as file:
        np.savez_compressed(
            file,
            names=np.array([each[0] for each in chosen]),
            subsets=np.array([each[1] for each in chosen]),
            missing=np.array(missing),
            layout=np.array(json.dumps(LAYOUT)),
            **{key: np.concatenate(values) for key, values in lists.items()},
            **{key: np.array(values) for key, values in counts.items()},
        )
    print(f"{len(chosen)} labels in {arguments.output}, {time.process_time() - start:.0f} s of processor time")


if __name__ == "__main__":
    main()
