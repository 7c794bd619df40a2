"""What the example asks of PySCF: densities, integrals and grids."""

from __future__ import annotations

import numpy as np
from layout import SYMBOLS, charges, pyscf_basis

try:
    from pyscf import dft, gto, lib, scf
except ImportError as error:
    raise SystemExit("labels and reports need PySCF, which invgen does not depend on: pip install pyscf") from error

ORBITALS = "6-31g*"
METHOD = "RHF/6-31G*"


def molecule(numbers: np.ndarray, positions: np.ndarray) -> gto.Mole:
    """The atoms in the orbital basis."""
    lib.num_threads(1)
    atoms = [(SYMBOLS[number], place) for number, place in zip(numbers.tolist(), positions.tolist(), strict=True)]
    return gto.M(atom=atoms, basis=ORBITALS, unit="Angstrom", verbose=0)


def auxiliary(mol: gto.Mole) -> gto.Mole:
    """The same atoms with the auxiliary functions."""
    return gto.M(atom=mol._atom, unit="Bohr", basis=pyscf_basis(), verbose=0)


def density_matrix(mol: gto.Mole) -> np.ndarray:
    """That of restricted Hartree-Fock.

    Raises:
        SystemExit: it did not converge.
    """
    field = scf.RHF(mol)
    field.conv_tol = 1e-10
    field.kernel()
    if not field.converged:
        raise SystemExit("Hartree-Fock did not converge for one of the geometries; choose smaller displacements")
    return np.asarray(field.make_rdm1())


def atoms_matrix(mol: gto.Mole) -> np.ndarray:
    """That of isolated atoms, spherically averaged, each a block."""
    return np.asarray(scf.hf.init_guess_by_atom(mol))


def electrons(mol: gto.Mole, matrix: np.ndarray) -> float:
    """How many a density matrix has."""
    return float((mol.intor("int1e_ovlp") * matrix).sum())


def fitted(mol: gto.Mole, matrix: np.ndarray, missing: float) -> tuple[np.ndarray, np.ndarray]:
    """The coefficients c that minimise ∫ (ρ - Σ c_P χ_P)² where q c is what is missing, and the overlap S.

    c = S⁻¹ (w + μ q), w_P = ∫ ρ χ_P, q_P = ∫ χ_P.
    """
    functions = auxiliary(mol)
    overlap = functions.intor("int1e_ovlp")
    both = mol + functions
    ranges = (0, mol.nbas, 0, mol.nbas, mol.nbas, both.nbas)
    w = np.einsum("ijp,ij->p", both.intor("int3c1e", shls_slice=ranges), matrix)
    q = charges(mol.atom_charges())
    c, direction = np.linalg.solve(overlap, np.stack([w, q], 1)).T
    return c + direction * ((missing - q @ c) / (q @ direction)), overlap


class Grid:
    """Points and weights of PySCF's grids for integrals over a molecule; level 3 is what it takes for energies."""

    def __init__(self, mol: gto.Mole, level: int) -> None:
        grid = dft.gen_grid.Grids(mol)
        grid.level = level
        grid.build()
        self.mol, self.points, self.weights = mol, grid.coords, grid.weights
        self._orbitals = mol.eval_gto("GTOval_sph", self.points)
        self._functions = auxiliary(mol).eval_gto("GTOval_sph", self.points)

    def of_matrix(self, matrix: np.ndarray) -> np.ndarray:
        """The density of a density matrix, e/bohr³."""
        return ((self._orbitals @ matrix) * self._orbitals).sum(1)

    def of_coefficients(self, coefficients: np.ndarray) -> np.ndarray:
        """The density of coefficients, e/bohr³."""
        return self._functions @ coefficients

    def percent(self, difference: np.ndarray) -> float:
        """100 ∫ |difference| / electrons."""
        return float(100 * (self.weights @ np.abs(difference)) / self.mol.nelectron)
