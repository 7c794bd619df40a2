"""Dipoles and polarizabilities of data: what must hold of them before a model can learn them."""

from __future__ import annotations

from typing import Final

import numpy as np

from invgen.errors import InputError

NEUTRAL: Final = 0.1
"""In e: net charges are whole numbers, and partial charges of a file add up to them with the digits that it keeps."""

SYMMETRIC: Final = 1e-3
"""Relative to the largest entry: response calculations converge to about four digits."""


def check_neutral(charges: np.ndarray, what: str) -> None:
    """Nothing, if every structure has the charge zero.

    Args:
        charges: (structures), in e.
        what: a structure is called in the sentence.

    Raises:
        InputError: one has a net charge.
    """
    charged = np.flatnonzero(np.abs(charges) > NEUTRAL)
    if charged.size:
        raise InputError(
            f"{what} {charged[0]} has the net charge {charges[charged[0]]:.3g} e, and the dipole of a charged molecule "
            "depends on the origin: leave such molecules out, or do without dipoles"
        )


def check_symmetric(polarizabilities: np.ndarray, what: str) -> None:
    """Nothing, if every polarizability is a symmetric matrix; those that are NaN are not looked at.

    Args:
        polarizabilities: (structures, 3, 3).
        what: a structure is called in the sentence.

    Raises:
        InputError: one is not.
    """
    given = np.nan_to_num(polarizabilities)
    skew = np.abs(given - given.swapaxes(1, 2)).max(axis=(1, 2))
    broken = np.flatnonzero(skew > SYMMETRIC * np.abs(given).max(axis=(1, 2)))
    if broken.size:
        raise InputError(
            f"the polarizability of {what} {broken[0]} is not a symmetric matrix, {given[broken[0]].tolist()}: give "
            "3 x 3 numbers xx, xy, xz, yx, ..., or six in Voigt's order xx, yy, zz, yz, xz, xy"
        )
