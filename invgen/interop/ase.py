"""An ASE calculator of any potential: energies, forces and stress in eV and Angstrom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch

from invgen.checks import integer, not_negative
from invgen.errors import InputError
from invgen.interop.networks import device_and_dtype
from invgen.nn.arguments import named
from invgen.nn.potential import Potential
from invgen.structures import AtomicEnergies, Batch, Structure
from invgen.structures.tensor_targets import check_neutral
from invgen.structures.units import Units

try:
    from ase.calculators.calculator import Calculator, all_changes
except ImportError as error:
    raise InputError("the calculator needs ase: pip install 'invgen[nn]'") from error

__all__ = ["InvgenCalculator"]

_PROPERTIES: Final = ("energy", "free_energy", "energies", "forces", "stress")
_TENSORS: Final = ("dipole", "polarizability")
_VOIGT: Final = ([0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1])  # xx, yy, zz, yz, xz, xy


class InvgenCalculator(Calculator):
    """The energy of a potential, F = -dE/dr and the stress dE/dstrain / V of the same energy, for ASE.

    Pairs are searched up to the cutoff plus the skin and kept until an atom has moved by half the skin, or the cell,
    the periodicity or the elements change; what the potential gives does not depend on the skin beyond rounding.

    The stress is computed only where it is asked for and needs a cell with volume. It is ASE's: eV/Angstrom^3, six
    numbers in Voigt's order, positive under tension. A cell smaller than the cutoff is not a special case.

    A potential with heads of these names gives charges, the dipole (e Angstrom) and, by `get_property`, the
    polarizability (3, 3; Angstrom^3). Dipoles are of molecules whose initial charges add up to zero.

    Args:
        potential: its parameters are used as they are, on the device where they are.
        atomic_energies: what was subtracted before the potential was trained, in eV; it is added to the energies.
        units: energy and length of the potential where they are not eV and Angstrom.
        skin: Angstrom, 0 searches the pairs at every step.
        domain: larger systems are evaluated by parts of so many atoms, in the memory that one takes
            (`Potential.by_domains`); all at once if left out.
        restart: as of `ase.calculators.calculator.Calculator`.
        label: as there.
        atoms: as there.
        directory: as there.

    Raises:
        InputError: the skin is negative, or `domain` is not a number of atoms; in a calculation, an element that the
            potential does not know, coincident atoms, a stress without volume, or tensors by domains.
    """

    @named
    def __init__(
        self,
        potential: Potential,
        *,
        atomic_energies: AtomicEnergies | None = None,
        units: Units | None = None,
        skin: float = 0.5,
        domain: int | None = None,
        restart: str | None = None,
        label: str | None = None,
        atoms: Any = None,
        directory: str = ".",
    ) -> None:
        super().__init__(restart=restart, label=label, atoms=atoms, directory=directory)  # type: ignore[no-untyped-call]
        self.potential = potential
        self.units = Units() if units is None else units
        self.skin = not_negative("the skin of the neighbour list, in Angstrom,", skin)
        self.domain = None if domain is None else integer("the number of atoms of a domain", domain, 1)
        self.searches = 0
        self._reference = None if atomic_energies is None else atomic_energies.table().numpy()
        self._known = None if atomic_energies is None else atomic_energies.elements
        self._kept: tuple[Structure, Batch] | None = None
        tensors = [name for name in _TENSORS if name in potential.tensors]
        self.implemented_properties = [*_PROPERTIES, *(["charges"] if "charges" in potential.scalars else []), *tensors]

    def calculate(
        self,
        atoms: Any = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = tuple(all_changes),
    ) -> None:
        """Fill `results` for the atoms; forces come with every energy, stress and tensors if they are asked for."""
        super().calculate(atoms, properties, system_changes)  # type: ignore[no-untyped-call]
        stress = "stress" in properties
        tensors = any(name in properties for name in _TENSORS)
        if "dipole" in properties:
            given: Any = self.atoms
            check_neutral(np.array([given.get_initial_charges().sum()]), "structure")
        found = self._predicted(self._batch(), stress, tensors)
        per_atom = found.atoms.total.double().cpu().numpy() * self.units.factor("energy")
        if self._reference is not None:
            per_atom = per_atom + self._reference[self._numbers()]
        energy = float(per_atom.sum())
        self.results = {
            "energy": energy,
            "free_energy": energy,
            "energies": per_atom,
            "forces": found.forces.double().cpu().numpy() * self.units.factor("forces"),
        }
        if stress:
            tensor = found.stress[0].double().cpu().numpy() * self.units.factor("stress")
            self.results["stress"] = tensor[_VOIGT]
        if "charges" in found.scalars:
            self.results["charges"] = found.scalars["charges"][:, 0].double().cpu().numpy()
        for name in _TENSORS:
            if name in found.tensors:
                self.results[name] = found.tensors[name][0].double().cpu().numpy() * self.units.factor(name)

    def _predicted(self, batch: Batch, stress: bool, tensors: bool) -> Any:
        """The `Prediction`, all at once or by domains."""
        if self.domain is None or batch.atoms <= self.domain:
            with torch.no_grad():
                return self.potential(batch, stress=stress, create_graph=False, tensors=tensors)
        if tensors:
            raise InputError(
                f"dipoles and polarizabilities are made of all atoms at once, and {batch.atoms} are more than "
                f"domain={self.domain}: leave domain out"
            )
        return self.potential.by_domains(batch, self.domain, stress=stress)

    def _numbers(self) -> np.ndarray:
        atoms: Any = self.atoms
        numbers = np.asarray(atoms.numbers)
        unknown = sorted(set(numbers.tolist()) - set(self._known or ()))
        if unknown:
            raise InputError(f"there is no atomic energy for the elements {unknown}; there are those of {self._known}")
        return numbers

    def _batch(self) -> Batch:
        """The atoms in the units, dtype and device of the potential, with pairs found now or before."""
        length = self.units.factor("positions")
        atoms: Any = self.atoms
        now = Structure(
            np.asarray(atoms.numbers), atoms.positions / length, np.asarray(atoms.cell) / length, np.asarray(atoms.pbc)
        )
        device, dtype = device_and_dtype(self.potential)
        skin = self.skin / length
        if self._kept is not None and _still_valid(self._kept[0], now, skin):
            return self._kept[1].with_positions(torch.tensor(now.positions).to(device))
        batch = Batch.from_structures([now], self.potential.cutoff + skin, dtype=dtype).to(device)
        self.searches += 1
        self._kept = (now, batch)
        return batch


def _still_valid(then: Structure, now: Structure, skin: float) -> bool:
    """Whether no pair within the cutoff now can have been beyond cutoff and skin then."""
    same = (
        np.array_equal(then.numbers, now.numbers)
        and np.array_equal(np.asarray(then.cell), np.asarray(now.cell))
        and np.array_equal(np.asarray(then.periodic), np.asarray(now.periodic))
    )
    return same and bool(np.linalg.norm(now.positions - then.positions, axis=1).max() < skin / 2)
