"""The auxiliary functions of each element, and the order of their coefficients in PySCF and in invgen.

An auxiliary function is a normalised Gaussian of one exponent times a real solid harmonic. Coefficients of an atom
stand by shell, in the order of `SHELLS`, then by component. PySCF has the components of p as (x, y, z) and those of
other ranks as m = -l..l; the convention `sphericart` has m = -l..l throughout, so that its p is (y, z, x). All
components of a rank have one norm in both, so that the conversion is a permutation, and exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

CONVENTION = "sphericart"
SYMBOLS = {1: "H", 6: "C", 7: "N", 8: "O"}
L_MAX = 3
# The smallest exponent of each rank in bohr^-2, and how many there are; each is twice the one before.
_HYDROGEN = ((0.2, 6), (0.3, 5), (0.5, 3))
_HEAVY = ((0.2, 10), (0.25, 8), (0.35, 6), (0.6, 3))
_TIGHTER = {6: 0.75, 7: 1.0, 8: 1.3}


@dataclass(frozen=True)
class Shells:
    """The shells of one rank at one element.

    Attributes:
        l: the rank.
        exponents: rising, bohr^-2.
        offset: where their coefficients begin among those of the atom.
    """

    l: int
    exponents: tuple[float, ...]
    offset: int

    @property
    def rows(self) -> slice:
        """Their coefficients among those of the atom."""
        return slice(self.offset, self.offset + len(self.exponents) * (2 * self.l + 1))

    @property
    def factor(self) -> np.ndarray:
        """L of the Cholesky factorisation L Lᵀ of the overlap of the shells; L⁻¹ makes them orthonormal."""
        a = np.array(self.exponents)
        return np.linalg.cholesky((2 * np.sqrt(np.outer(a, a)) / np.add.outer(a, a)) ** (self.l + 1.5))


def _shells(number: int) -> tuple[Shells, ...]:
    found, offset = [], 0
    scale = _TIGHTER.get(number, 1.0)
    for l, (first, count) in enumerate(_HYDROGEN if number == 1 else _HEAVY):
        found.append(Shells(l, tuple(scale * first * 2.0**k for k in range(count)), offset))
        offset = found[-1].rows.stop
    return tuple(found)


SHELLS = {number: _shells(number) for number in SYMBOLS}
SIZES = {number: shells[-1].rows.stop for number, shells in SHELLS.items()}


def pyscf_basis() -> dict[str, list[list[object]]]:
    """The auxiliary basis as `pyscf.gto.M(basis=...)` takes it."""
    return {
        SYMBOLS[number]: [[each.l, [exponent, 1.0]] for each in shells for exponent in each.exponents]
        for number, shells in SHELLS.items()
    }


def order(l: int) -> list[int]:
    """Where each component of PySCF stands in the convention: x_pyscf = x_invgen[order(l)]."""
    return [2, 0, 1] if l == 1 else list(range(2 * l + 1))


def to_orthonormal(numbers: np.ndarray) -> np.ndarray:
    """M with c = M d: c as PySCF orders them, d of functions that are orthonormal on each atom, in invgen's order.

    Args:
        numbers: (atoms), atomic numbers.

    Returns:
        (functions, functions), block-diagonal.
    """
    total = sum(SIZES[number] for number in numbers)
    found, start = np.zeros((total, total)), 0
    for number in numbers:
        for each in SHELLS[number]:
            back = np.linalg.inv(each.factor).T
            block = np.kron(back, np.eye(2 * each.l + 1)[order(each.l)])
            where = slice(start + each.rows.start, start + each.rows.stop)
            found[where, where] = block
        start += SIZES[number]
    return found


def charges(numbers: np.ndarray) -> np.ndarray:
    """q (functions), the integral of each function; in bohr^(3/2), zero but for s."""
    parts = []
    for number in numbers:
        part = np.zeros(SIZES[number])
        scalars = SHELLS[number][0]
        part[scalars.rows] = [(2 * math.pi / exponent) ** 0.75 for exponent in scalars.exponents]
        parts.append(part)
    return np.concatenate(parts)
