"""The labels of `labels.py`, read, and the metric and constraint of their coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from layout import charges

SETS = ("train", "validate", "test", "other")


@dataclass(frozen=True, eq=False)
class Molecule:
    """One geometry, its density and the coefficients of the difference from its isolated atoms.

    Attributes:
        name: of the molecule, as ASE has it.
        subset: one of `SETS`.
        numbers: (atoms), atomic numbers.
        positions: (atoms, 3), Angstrom.
        coefficients: (functions), e bohr^(-3/2), in PySCF's order.
        overlap: (functions, functions), of the auxiliary functions.
        density_matrix: of the molecule, in the orbital basis of PySCF.
        atoms_matrix: of the isolated atoms, spherically averaged.
        missing: electrons of the molecule minus those of `atoms_matrix`.
    """

    name: str
    subset: str
    numbers: np.ndarray
    positions: np.ndarray
    coefficients: np.ndarray
    overlap: np.ndarray
    density_matrix: np.ndarray
    atoms_matrix: np.ndarray
    missing: float

    def conserving(self, coefficients: np.ndarray) -> np.ndarray:
        """The nearest coefficients in the overlap metric that integrate to the electrons that are missing."""
        q = charges(self.numbers)
        direction = np.linalg.solve(self.overlap, q)
        return coefficients + direction * ((self.missing - q @ coefficients) / (q @ direction))

    def surplus(self, coefficients: np.ndarray) -> float:
        """The electrons of the isolated atoms and these coefficients together, minus those of the molecule."""
        return float(charges(self.numbers) @ coefficients) - self.missing


def packed(matrix: np.ndarray) -> np.ndarray:
    """The lower triangle of a symmetric matrix, row by row."""
    return matrix[np.tril_indices(len(matrix))]


def unpacked(triangle: np.ndarray) -> np.ndarray:
    """The symmetric matrix of a lower triangle."""
    size = round((np.sqrt(8 * len(triangle) + 1) - 1) / 2)
    found = np.zeros((size, size))
    found[np.tril_indices(size)] = triangle
    return found + np.tril(found, -1).T


def read(path: Path | str, subsets: Sequence[str] = SETS) -> list[Molecule]:
    """The molecules of some subsets, in the order of the file."""
    return list(_read(path, subsets))


def _read(path: Path | str, subsets: Sequence[str]) -> Iterator[Molecule]:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    ends = {name: np.cumsum(arrays[name]) for name in ("atoms", "functions", "triangle", "orbitals")}

    def part(values: str, counts: str, k: int) -> np.ndarray:
        return arrays[values][ends[counts][k] - arrays[counts][k] : ends[counts][k]]

    for k, (name, subset) in enumerate(zip(arrays["names"], arrays["subsets"], strict=True)):
        if subset in subsets:
            yield Molecule(
                str(name),
                str(subset),
                part("numbers", "atoms", k),
                part("positions", "atoms", k),
                part("coefficients", "functions", k),
                unpacked(part("overlaps", "triangle", k)),
                unpacked(part("density_matrices", "orbitals", k)),
                unpacked(part("atoms_matrices", "orbitals", k)),
                float(arrays["missing"][k]),
            )
