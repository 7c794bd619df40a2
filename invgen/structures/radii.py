"""Covalent radii of elements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from invgen.errors import InputError
from invgen.structures.elements import atomic_numbers, symbols

COVALENT_RADII: Final[tuple[float, ...]] = tuple(
    map(
        float,
        "0.31 0.28 1.28 0.96 0.84 0.76 0.71 0.66 0.57 0.58 1.66 1.41 1.21 1.11 1.07 1.05 1.02 1.06 2.03 1.76 1.7 1.6 "
        "1.53 1.39 1.39 1.32 1.26 1.24 1.32 1.22 1.22 1.2 1.19 1.2 1.2 1.16 2.2 1.95 1.9 1.75 1.64 1.54 1.47 1.46 1.42 "
        "1.39 1.45 1.44 1.42 1.39 1.39 1.38 1.39 1.4 2.44 2.15 2.07 2.04 2.03 2.01 1.99 1.98 1.98 1.96 1.94 1.92 1.92 "
        "1.89 1.9 1.87 1.87 1.75 1.7 1.62 1.51 1.44 1.41 1.36 1.36 1.32 1.45 1.46 1.48 1.4 1.5 1.5 2.6 2.21 2.15 2.06 "
        "2 1.96 1.9 1.87 1.8 1.69".split(),
    )
)
"""In Angstrom, of the atomic numbers 1 to 96: Cordero et al., Dalton Transactions 2832 (2008), as ASE has them."""


def covalent_radii(species: Iterable[int]) -> list[float]:
    """The covalent radii of atomic numbers, in Angstrom, in their order.

    Raises:
        InputError: one is not an atomic number, or has no radius.
    """
    numbers = atomic_numbers(species)
    beyond = [number for number in numbers if number > len(COVALENT_RADII)]
    if beyond:
        raise InputError(
            f"covalent radii are known up to {symbols([len(COVALENT_RADII)])}, got {symbols(beyond)}: leave these "
            "elements out, or the distance transform and the repulsion that need their radii"
        )
    return [COVALENT_RADII[number - 1] for number in numbers]
