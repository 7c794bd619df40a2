"""Units of files, in eV and Angstrom; constants of CODATA 2018, exact where the SI fixes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from invgen.errors import InputError

_CHARGE = 1.602176634e-19  # J per eV, exact
_AVOGADRO = 6.02214076e23  # per mol, exact
_HARTREE = 27.211386245988  # eV
_BOHR = 0.529177210903  # Angstrom

ENERGY: Mapping[str, float] = MappingProxyType(
    {
        "eV": 1.0,
        "meV": 1e-3,
        "kcal/mol": 4184 / (_AVOGADRO * _CHARGE),
        "kJ/mol": 1000 / (_AVOGADRO * _CHARGE),
        "Hartree": _HARTREE,
        "Rydberg": _HARTREE / 2,
    }
)
LENGTH: Mapping[str, float] = MappingProxyType({"Angstrom": 1.0, "Bohr": _BOHR, "nm": 10.0})
DEBYE = 1e-21 / 299792458 / _CHARGE * 1e10
"""e Angstrom: 1e-21 C m²/s over the speed of light, both exact."""
GIGAPASCAL = 1e-21 / _CHARGE  # eV/Angstrom^3
DIPOLE: Mapping[str, float] = MappingProxyType({"e Angstrom": 1.0, "e Bohr": _BOHR, "Debye": DEBYE})
POLARIZABILITY: Mapping[str, float] = MappingProxyType({"Angstrom^3": 1.0, "Bohr^3": _BOHR**3})


@dataclass(frozen=True)
class Units:
    """What one unit of a file is in eV and Angstrom: energies times `energies`, lengths times `lengths`, and so on.

    Forces are in energy per length and stresses in energy per length cubed, or in GPa where `stress` says so. Dipoles
    are in e times length and polarizabilities in length cubed, which are atomic units with Bohr, unless their names say
    otherwise: "Debye", "e Angstrom" or "e Bohr", and "Angstrom^3" or "Bohr^3".

    Raises:
        InputError: a name is not one of `ENERGY`, `LENGTH`, `DIPOLE`, `POLARIZABILITY`, or "GPa".
    """

    energy: str = "eV"
    length: str = "Angstrom"
    stress: str | None = None
    dipole: str | None = None
    polarizability: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.energy, str) or self.energy not in ENERGY:
            raise InputError(f"unknown unit of energy {self.energy!r}; known are {', '.join(ENERGY)}")
        if not isinstance(self.length, str) or self.length not in LENGTH:
            raise InputError(f"unknown unit of length {self.length!r}; known are {', '.join(LENGTH)}")
        if self.stress is not None and (not isinstance(self.stress, str) or self.stress != "GPa"):
            raise InputError(
                f"unknown unit of stress {self.stress!r}; leave it out for energy per length cubed, or pass 'GPa'"
            )

        for name, known in (("dipole", DIPOLE), ("polarizability", POLARIZABILITY)):
            given = getattr(self, name)
            if given is not None and (not isinstance(given, str) or given not in known):
                raise InputError(f"unknown unit of {name} {given!r}; known are {', '.join(known)}")

    def factor(self, name: str) -> float:
        """By what to multiply positions, cell, energy, forces, stress, virial, dipole or polarizability of the file."""
        energy, length = ENERGY[self.energy], LENGTH[self.length]
        stress = GIGAPASCAL if self.stress == "GPa" else energy / length**3
        factors = {"positions": length, "cell": length, "energy": energy, "forces": energy / length, "stress": stress}
        factors["virial"] = energy  # whatever stresses are in
        factors["dipole"] = length if self.dipole is None else DIPOLE[self.dipole]
        factors["polarizability"] = length**3 if self.polarizability is None else POLARIZABILITY[self.polarizability]
        return factors.get(name, 1.0)

    def describe(self) -> str:
        """The units of the file in words, for the metadata of a data set."""
        stress = self.stress or f"{self.energy}/{self.length}^3"
        others = [f"{name} {unit}" for name in ("dipole", "polarizability") if (unit := getattr(self, name))]
        known = [f"energy {self.energy}", f"length {self.length}", f"forces {self.energy}/{self.length}"]
        return ", ".join([*known, f"stress {stress}", *others])
