"""One structure: atoms at positions, perhaps in a cell, with what was computed for them; eV and Angstrom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from invgen.checks import shown
from invgen.errors import InputError
from invgen.structures.elements import check_numbers
from invgen.structures.tensor_targets import check_symmetric


class Quantity(NamedTuple):
    """The shape of one computed quantity: per atom or per structure, and what follows that axis."""

    per_atom: bool
    shape: tuple[int, ...]
    unit: str


TARGETS: Mapping[str, Quantity] = MappingProxyType(
    {
        "energy": Quantity(False, (), "eV"),
        "forces": Quantity(True, (3,), "eV/Angstrom"),
        "stress": Quantity(False, (3, 3), "eV/Angstrom^3"),
        "charges": Quantity(True, (), "e"),
        "dipole": Quantity(False, (3,), "e Angstrom"),
        "polarizability": Quantity(False, (3, 3), "Angstrom^3"),
    }
)


@dataclass(frozen=True, eq=False)
class Structure:
    """Atoms i of element numbers[i] at positions[i] + a cell[0] + b cell[1] + c cell[2] along periodic directions.

    Arrays are copied, checked and kept read-only; all are float64 but numbers (int64) and periodic (bool).

    Attributes:
        numbers: (atoms), atomic numbers.
        positions: (atoms, 3), Angstrom; they need not lie inside the cell.
        cell: (3, 3), rows are cell vectors, Angstrom; zeros if left out. Directions that are not periodic may be zero.
        periodic: (3), or one value for all; none if left out.
        energy: eV, or None.
        forces: (atoms, 3), eV/Angstrom, or None.
        stress: (3, 3), eV/Angstrom^3, dE/dstrain over the volume as ASE has it (positive under tension), or None.
        charges: (atoms), in units of e, or None.
        dipole: (3), e Angstrom, of a structure without net charge, or None.
        polarizability: (3, 3), symmetric, a volume in Angstrom^3, or None.

    Raises:
        InputError: a shape does not fit, a value is not finite, an atomic number is not one, the cell has no volume
            along its periodic directions, or the polarizability is not symmetric.
    """

    numbers: np.ndarray
    positions: np.ndarray
    cell: np.ndarray | None = None
    periodic: np.ndarray | bool = False
    energy: float | None = None
    forces: np.ndarray | None = None
    stress: np.ndarray | None = None
    charges: np.ndarray | None = None
    dipole: np.ndarray | None = None
    polarizability: np.ndarray | None = None

    def __post_init__(self) -> None:
        numbers = as_array("numbers", self.numbers)
        if numbers.ndim != 1 or numbers.size == 0 or numbers.dtype.kind not in "iu":
            raise InputError(
                f"numbers are atomic numbers, integers of shape (atoms) with at least one atom, got "
                f"{numbers.dtype} of shape {numbers.shape}"
            )
        check_numbers(numbers, "the structure")
        self._set("numbers", numbers, np.int64)
        self._set("positions", _array("positions", self.positions, (numbers.size, 3)), np.float64)
        cell = np.zeros((3, 3)) if self.cell is None else self.cell
        self._set("cell", _array("cell", cell, (3, 3)), np.float64)
        periodic = as_array("periodic", self.periodic)
        if periodic.dtype.kind not in "biu" or periodic.shape not in ((), (1,), (3,)):
            raise InputError(
                f"periodic is true or false, for all directions or for each of three, got {shown(self.periodic)}"
            )
        self._set("periodic", np.broadcast_to(periodic.astype(bool), (3,)), np.bool_)
        for name, target in TARGETS.items():
            value = getattr(self, name)
            if value is not None:
                array = _array(name, value, ((numbers.size,) if target.per_atom else ()) + target.shape)
                if array.ndim == 0:
                    object.__setattr__(self, name, float(array))
                else:
                    self._set(name, array, np.float64)
        check_cells(np.asarray(self.cell)[None], np.asarray(self.periodic)[None])
        if self.polarizability is not None:
            check_symmetric(self.polarizability[None], "structure")

    def _set(self, name: str, array: np.ndarray, dtype: Any) -> None:
        kept = np.array(array, dtype=dtype)
        kept.flags.writeable = False
        object.__setattr__(self, name, kept)

    def __len__(self) -> int:
        return int(self.numbers.size)

    def __repr__(self) -> str:
        known = [name for name in TARGETS if getattr(self, name) is not None]
        return f"Structure({len(self)} atoms, periodic={np.asarray(self.periodic).tolist()}, targets={known})"

    @classmethod
    def from_ase(cls, atoms: Any, targets: bool = True) -> Structure:
        """The structure of an `ase.Atoms`, and as targets what its calculator already holds; nothing is computed.

        With `targets=False` results are left alone, as a calculator wants it: they may be of other positions.

        Raises:
            InputError: it is not an `ase.Atoms`, or makes no structure.
        """
        if not hasattr(atoms, "positions") or not hasattr(atoms, "calc"):
            raise InputError(f"an ase.Atoms is needed, got {type(atoms).__name__}")
        results = atoms.calc.results if targets and atoms.calc is not None else {}
        stress, polarizability = results.get("stress"), results.get("polarizability")
        return cls(
            numbers=atoms.numbers,
            positions=atoms.positions,
            cell=np.asarray(atoms.cell),
            periodic=atoms.pbc,
            energy=results.get("energy"),
            forces=results.get("forces"),
            stress=None if stress is None else full_matrix(stress),
            charges=results.get("charges"),
            dipole=results.get("dipole"),
            polarizability=None if polarizability is None else full_matrix(polarizability, "a polarizability"),
        )


def full_matrix(given: Any, what: str = "a stress") -> np.ndarray:
    """(..., 3, 3) from (..., 3, 3), nine numbers, or the six of Voigt's order xx, yy, zz, yz, xz, xy.

    Raises:
        InputError: neither six nor nine numbers; the sentence begins with what they are.
    """
    array = np.asarray(given, dtype=np.float64)
    if array.shape[-2:] == (3, 3):
        return array
    if array.shape[-1:] == (9,):
        return array.reshape(*array.shape[:-1], 3, 3)
    if array.shape[-1:] == (6,):
        return array[..., [0, 5, 4, 5, 1, 3, 4, 3, 2]].reshape(*array.shape[:-1], 3, 3)
    raise InputError(f"{what} has 3 x 3 or six numbers (xx, yy, zz, yz, xz, xy), got shape {array.shape}")


def check_cells(cells: np.ndarray, periodic: np.ndarray) -> None:
    """Nothing, if the periodic cell vectors of every structure are linearly independent.

    Raises:
        InputError: those of one are not; the sentence names it.
    """
    # Directions that are not periodic are left out of the Gram determinant: it is the squared area or length.
    used = np.where(periodic[:, :, None], cells, 0.0)
    gram = np.einsum("sia,sja->sij", used, used)
    diagonal = np.einsum("sii->si", gram)
    gram = gram + np.einsum("si,ij->sij", np.where(periodic, 0.0, 1.0), np.eye(3))
    volumes = np.linalg.det(gram)
    scale = np.prod(np.where(periodic, diagonal, 1.0), axis=1)
    # The ratio is 1 for orthogonal vectors; rounding of the determinant is about 1e-16 of the scale.
    flat = (volumes <= 1e-12 * scale) | (scale <= 0)
    if flat.any():
        frame = int(np.flatnonzero(flat)[0])
        raise InputError(
            f"structure {frame} is periodic along {periodic[frame].tolist()}, but those rows of its cell "
            f"{cells[frame].tolist()} are zero or linearly dependent: give a cell with volume, or periodic=False"
        )


def as_array(name: str, given: Any) -> np.ndarray:
    """What NumPy makes of a value.

    Raises:
        InputError: nothing, because rows have different lengths.
    """
    try:
        return np.asarray(given)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} are an array, whose rows have one length, got {given!r}") from error


def _array(name: str, given: Any, shape: tuple[int, ...]) -> np.ndarray:
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "iuf" and array.size:
            raise TypeError(array.dtype)
        array = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} of a structure are numbers of shape {shape}, got {shown(given)}") from error
    if array.shape != shape:
        raise InputError(f"{name} of this structure have the shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise InputError(f"{name} of a structure are finite numbers, got NaN or infinity; pass None for what is absent")
    return array
