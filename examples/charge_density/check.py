"""Check the order of components with known formulas and, where PySCF is installed, by turning a molecule."""

from __future__ import annotations

from importlib.util import find_spec
from math import pi, sqrt

import numpy as np
from layout import CONVENTION, L_MAX, SHELLS, charges, order, to_orthonormal

from invgen import TensorSpace
from invgen.testing.rotations import harmonic_components, random_rotation, representation


def formulas(l: int, vectors: np.ndarray) -> np.ndarray:
    """The real solid harmonics of PySCF, (2l + 1, vectors), as tables of Cartesian polynomials have them."""
    x, y, z = vectors.T
    square = x * x + y * y + z * z
    first = sqrt(3 / (4 * pi))
    second = sqrt(15 / (4 * pi))
    third = sqrt(21 / (32 * pi))
    tables = [
        [np.full_like(x, sqrt(1 / (4 * pi)))],
        [first * x, first * y, first * z],
        [
            second * x * y,
            second * y * z,
            sqrt(5 / (16 * pi)) * (3 * z * z - square),
            second * x * z,
            second / 2 * (x * x - y * y),
        ],
        [
            sqrt(35 / (32 * pi)) * y * (3 * x * x - y * y),
            sqrt(105 / (4 * pi)) * x * y * z,
            third * y * (5 * z * z - square),
            sqrt(7 / (16 * pi)) * z * (5 * z * z - 3 * square),
            third * x * (5 * z * z - square),
            sqrt(105 / (16 * pi)) * z * (x * x - y * y),
            sqrt(35 / (32 * pi)) * x * (x * x - 3 * y * y),
        ],
    ]
    return np.array(tables[l])


def check_order() -> float:
    """The greatest difference of invgen's harmonics in PySCF's order from the formulas, at random points."""
    vectors = np.random.default_rng(0).normal(size=(50, 3))
    found = 0.0
    for l in range(L_MAX + 1):
        ours = harmonic_components(l, vectors, CONVENTION).T
        found = max(found, float(abs(ours[order(l)] - formulas(l, vectors)).max()))
    return found


def check_functions() -> tuple[float, float]:
    """PySCF's overlap of one atom in orthonormal functions beside the identity, and charges beside its integrals."""
    from quantum import Grid, auxiliary, molecule

    worst = [0.0, 0.0]
    for number in SHELLS:
        numbers = np.array([number] if number % 2 == 0 else [number, 1])
        mol = molecule(numbers, np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]])[: len(numbers)])
        size = len(charges(numbers[:1]))
        overlap = auxiliary(mol).intor("int1e_ovlp")[:size, :size]
        change = to_orthonormal(numbers[:1])
        worst[0] = max(worst[0], float(abs(change.T @ overlap @ change - np.eye(size)).max()))
        grid = Grid(mol, 5)
        worst[1] = max(worst[1], float(abs(grid.weights @ grid._functions - charges(numbers)).max()))
    return worst[0], worst[1]


def check_turning() -> float:
    """How far fitted coefficients of turned water are from the turned coefficients, relative to their norm."""
    from quantum import atoms_matrix, density_matrix, electrons, fitted, molecule

    numbers = np.array([8, 1, 1])
    places = np.array([[0.0, 0.0, 0.12], [0.0, 0.76, -0.48], [0.1, -0.73, -0.44]])
    rotation = random_rotation(np.random.default_rng(1))
    found = []
    for positions in (places, places @ rotation.T):
        mol = molecule(numbers, positions)
        atoms = atoms_matrix(mol)
        c, _ = fitted(mol, density_matrix(mol) - atoms, mol.nelectron - electrons(mol, atoms))
        found.append(np.linalg.solve(to_orthonormal(numbers), c))
    turned, start = [], 0
    for number in numbers.tolist():
        for shells in SHELLS[number]:
            part = found[0][start + shells.rows.start : start + shells.rows.stop].reshape(-1, 2 * shells.l + 1)
            space = TensorSpace(f"{shells.l}{'eo'[shells.l % 2]}")
            turned.append((part @ representation(space, rotation, CONVENTION).T).ravel())
        start += SHELLS[number][-1].rows.stop
    return float(np.linalg.norm(np.concatenate(turned) - found[1]) / np.linalg.norm(found[1]))


def report(what: str, found: float, allowed: float) -> None:
    """Print one figure; end the program if it is too large."""
    print(f"{what}: {found:.1e}")
    if not found < allowed:
        raise SystemExit(f"{what} may differ by {allowed:.0e} at most")


def main() -> None:
    """Run the checks."""
    report("harmonics in PySCF's order beside formulas", check_order(), 1e-12)
    if find_spec("pyscf") is None:
        print("PySCF is not installed: nothing was compared with it (pip install pyscf)")
        return
    overlap, integrals = check_functions()
    report("overlap of orthonormal functions beside the identity", overlap, 1e-10)
    report("integrals of functions beside those on a grid", integrals, 1e-4)  # bohr^(3/2); what the grid resolves
    report("coefficients of turned water beside turned coefficients", check_turning(), 1e-6)  # what the SCF leaves


if __name__ == "__main__":
    main()
