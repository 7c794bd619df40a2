"""Whether tensors of a data set are in the frame of its positions, seen from a molecule and a turned copy of it."""

from __future__ import annotations

import numpy as np

from invgen.checks import positive
from invgen.errors import InputError
from invgen.structures.structure import Structure


def check_turned_copy(structure: Structure, copy: Structure, tolerance: float = 1e-3) -> None:
    """Nothing, if a dipole and polarizability turn with the molecule, as they do where all are in one frame.

    Programs of quantum chemistry may turn a molecule to axes of their own and print tensors there, and some tables
    hold the traceless part alone. No model is needed to see the first: compute a molecule and a turned copy of it, as
    the data were computed, and pass both.

    Args:
        structure: with a dipole, a polarizability or both.
        copy: the same atoms in the same order, turned, perhaps mirrored and shifted, with the same targets.
        tolerance: of positions in Angstrom, and of targets relative to their largest entry.

    Raises:
        InputError: the copy is none, or a target does not turn.
    """
    tolerance = positive("the tolerance of a copy", tolerance)
    if not np.array_equal(structure.numbers, copy.numbers):
        raise InputError("a turned copy has the same elements in the same order, these two structures do not")
    rotation = _rotation(structure.positions, copy.positions, tolerance)
    both = (structure, copy)
    names = [n for n in ("dipole", "polarizability") if all(getattr(each, n) is not None for each in both)]
    if not names:
        raise InputError("neither a dipole nor a polarizability is in both structures, so that nothing can be compared")
    for name in names:
        before, after = np.asarray(getattr(structure, name)), np.asarray(getattr(copy, name))
        turned = rotation @ before if name == "dipole" else rotation @ before @ rotation.T
        if np.abs(turned - after).max() > tolerance * max(1.0, np.abs(before).max()):
            raise InputError(
                f"the {name} does not turn with the molecule: turned it is {turned.tolist()}, the copy has "
                f"{after.tolist()}; the file may hold it in axes of the program that computed it, and no model of the "
                "positions can learn that: compute it without reorientation, or turn it back"
            )


def _rotation(before: np.ndarray, after: np.ndarray, tolerance: float) -> np.ndarray:
    """The orthogonal matrix that takes the one to the other, about the centres; mirror images are allowed."""
    a, b = before - before.mean(0), after - after.mean(0)
    u, values, v = np.linalg.svd(a.T @ b)
    rotation: np.ndarray = (u @ v).T
    # Of planar molecules the third axis is not seen: a copy that was only turned has a determinant of one.
    if values[2] <= 1e-9 * max(values[0], 1e-300) and np.linalg.det(rotation) < 0:
        rotation = (u @ np.diag([1.0, 1.0, -1.0]) @ v).T
    if values[1] <= 1e-9 * max(values[0], 1e-300):
        raise InputError("the atoms lie on one line, which does not say how they were turned: pass another molecule")
    if np.abs(a @ rotation.T - b).max() > tolerance:
        raise InputError("the second structure is not a turned copy of the first: distances between atoms differ")
    return rotation
