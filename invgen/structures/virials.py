"""Virials, as files for GAP, ACE, NEP and MACE hold them: -dE/dstrain, whose negative over the volume is the stress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from invgen.errors import InputError
from invgen.structures.structure import full_matrix

VIRIAL: Final = "virial"
"""What keys call a virial; it is read as the target stress."""
_SPELLINGS: Final = ("virial", "virials")
# 1 Angstrom^3 holds no atom; rounding of a flat cell's determinant is far below.
_LEAST_VOLUME: Final = 1e-6


class Source(NamedTuple):
    """Where a file holds the stress.

    Attributes:
        name: of what it holds, or None if it holds neither stress nor virial.
        virial: whether that is a virial.
    """

    name: str | None
    virial: bool


def stress_source(keys: Mapping[str, str], names: Iterable[str], where: str) -> Source:
    """What a file's stress is to be read from: what keys name, else "stress", else "virial" or "virials".

    A name that mentions a virial (REF_virial, dft_virials) is one. Capital letters are found too.

    Args:
        keys: what targets are called, as in `read`; an empty name leaves the stress out.
        names: what the file holds of each frame.
        where: for messages.

    Raises:
        InputError: keys name both a stress and a virial, or there are several virials.
    """
    if VIRIAL in keys and "stress" in keys:
        raise InputError(f"keys name a stress and a virial of {where}, which are the same target: name one of them")
    if VIRIAL in keys:
        return Source(keys[VIRIAL] or None, True)
    if "stress" in keys:
        named = keys["stress"].lower()
        return Source(keys["stress"] or None, VIRIAL in named and "stress" not in named)
    present = list(names)
    if "stress" in present:
        return Source("stress", False)
    found = sorted(name for name in present if name.lower() in _SPELLINGS)
    if len(found) > 1:
        raise InputError(
            f"{where} has {' and '.join(found)}, either of which may be the virial: say which in keys, as virial"
        )
    return Source(found[0], True) if found else Source(None, False)


def stress_of_virial(virial: Any, cells: np.ndarray, where: str) -> np.ndarray:
    """-virial / |det cell|: eV and Angstrom in, eV/Angstrom^3 out, positive under tension as in ASE.

    Args:
        virial: (..., 3, 3), (..., 9) or Voigt's (..., 6); NaN where a frame has none.
        cells: (..., 3, 3).
        where: for messages.

    Raises:
        InputError: another shape, or a frame with a virial has no volume.
    """
    full = full_matrix(virial, "a virial")
    volumes = np.abs(np.linalg.det(cells))
    flat = (volumes < _LEAST_VOLUME) & ~np.isnan(full).all(axis=(-2, -1))
    if flat.any():
        raise InputError(
            f"{where} has a virial and no cell with volume, so that there is no stress: give it a cell, or leave the "
            "virial out with keys={'stress': ''}"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        stress: np.ndarray = -full / np.broadcast_to(volumes, full.shape[:-2])[..., None, None]
    return stress
