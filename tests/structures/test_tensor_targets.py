"""Dipoles and polarizabilities are read, converted and kept with their frames; what no model can learn is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ase
import ase.io
import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.structures import Batch, Dataset, Frames, Structure, check_turned_copy, read
from invgen.structures.units import Units
from invgen.testing import random_rotation

POINTS = np.array([[0.0, 0.1, 0.0], [1.0, 0.0, 0.2], [0.3, 0.9, -0.4], [0.2, -0.5, 0.8]])
NUMBERS = np.array([8, 1, 1, 6])
DIPOLE = np.array([0.1, -0.2, 0.3])
ALPHA = np.array([[3.0, 0.1, 0.2], [0.1, 2.0, -0.3], [0.2, -0.3, 1.5]])


def molecule(**targets: Any) -> Structure:
    return Structure(NUMBERS, POINTS, **{"dipole": DIPOLE, "polarizability": ALPHA, **targets})


def written(folder: Path, **info: Any) -> Path:
    atoms = ase.Atoms(NUMBERS, POINTS)
    atoms.info.update(info)
    ase.io.write(folder / "frames.xyz", atoms, format="extxyz")
    return folder / "frames.xyz"


@pytest.mark.parametrize("alpha", [ALPHA, ALPHA.reshape(9), ALPHA[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]])
def test_both_are_read_from_the_info_of_a_frame(tmp_path: Path, alpha: np.ndarray) -> None:
    frames = read(written(tmp_path, dipole=DIPOLE, polarizability=alpha), require=("dipole", "polarizability"))
    np.testing.assert_allclose(frames.targets["dipole"], DIPOLE[None])
    np.testing.assert_allclose(frames.targets["polarizability"], ALPHA[None])
    batch = Dataset(frames, 3.0).batch([0])
    assert batch.dipole is not None and batch.dipole.shape == (1, 3) and batch.polarizability.shape == (1, 3, 3)


def test_units_are_converted(tmp_path: Path) -> None:
    path = written(tmp_path, dipole=DIPOLE, polarizability=ALPHA)
    frames = read(path, dipole_unit="Debye", polarizability_unit="Bohr^3")
    # CODATA 2018: 1 Debye = 0.20819434 e Angstrom, 1 Bohr^3 = 0.14818471 Angstrom^3.
    np.testing.assert_allclose(frames.targets["dipole"], 0.20819434 * DIPOLE[None], rtol=1e-7)
    np.testing.assert_allclose(frames.targets["polarizability"], 0.14818471 * ALPHA[None], rtol=1e-7)
    assert "dipole Debye, polarizability Bohr^3" in frames.metadata["units of the file"]
    atomic = Units(length="Bohr")
    assert atomic.factor("dipole") == atomic.factor("positions")
    np.testing.assert_allclose(atomic.factor("polarizability"), 0.14818471, rtol=1e-7)


def test_arrays_are_read_where_key_and_unit_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", R=POINTS[None], z=NUMBERS, mu=DIPOLE[None], dipole=np.ones(1))
    options: dict[str, Any] = {"energy_unit": "eV", "length_unit": "Angstrom", "keys": {"dipole": "mu"}}
    frames = read(tmp_path / "a.npz", **options, dipole_unit="e Angstrom")
    np.testing.assert_allclose(frames.targets["dipole"], DIPOLE[None])
    with pytest.raises(InputError, match="does not say the unit of the dipole: pass dipole_unit, one of e Angstrom"):
        read(tmp_path / "a.npz", **options)


def test_structures_batches_and_frames_keep_both() -> None:
    frames = Frames.from_structures([molecule(), molecule(dipole=2 * DIPOLE)])
    assert np.array_equal(frames.structure(1).dipole, 2 * DIPOLE)
    batch = Batch.from_structures([frames.structure(0), frames.structure(1)], dtype=torch.float64)
    both = Batch.concatenate([batch, batch]).to(dtype=torch.float32)
    assert both.dipole is not None and both.dipole.dtype == torch.float32 and both.dipole.shape == (4, 3)
    leaves, spec = torch.utils._pytree.tree_flatten(batch)
    again = torch.utils._pytree.tree_unflatten(leaves, spec)
    assert torch.equal(again.polarizability, batch.polarizability)


@pytest.mark.parametrize("reflect", [False, True])
@pytest.mark.parametrize("flat", [False, True])
def test_a_turned_copy_passes_where_tensors_turn_with_it_alone(reflect: bool, flat: bool) -> None:
    points = POINTS * [1, 1, 0] if flat else POINTS
    # The tensors of a flat molecule, as of all molecules, have its symmetry: they do not leave the plane.
    dipole = DIPOLE * [1, 1, 0] if flat else DIPOLE
    alpha = ALPHA * np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]]) if flat else ALPHA
    first = Structure(NUMBERS, points, dipole=dipole, polarizability=alpha)
    turn = random_rotation(np.random.default_rng(4), reflect)
    places = points @ turn.T + 3.0
    copy = Structure(NUMBERS, places, dipole=turn @ dipole, polarizability=turn @ alpha @ turn.T)
    check_turned_copy(first, copy)
    with pytest.raises(InputError, match="the dipole does not turn with the molecule"):
        check_turned_copy(first, replace(copy, dipole=dipole))
    with pytest.raises(InputError, match="the polarizability does not turn with the molecule"):
        check_turned_copy(first, replace(copy, polarizability=alpha))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda _: molecule(polarizability=ALPHA + np.triu(ALPHA, 1)), "of structure 0 is not a symmetric matrix"),
        (lambda _: molecule(polarizability=[3.0, 2.0, 1.5]), r"the shape \(3, 3\), got \(3,\)"),
        (lambda _: molecule(dipole=[0.3]), r"dipole of this structure have the shape \(3,\)"),
        (lambda path: read(written(path, polarizability=2.0)), "the polarizability of frame 0 of .* has 3 x 3"),
        (lambda path: read(written(path, dipole=DIPOLE, charge=1)), "has the charge 1 and a dipole, which depends on"),
        (lambda path: read(written(path), dipole_unit="D"), "unknown unit of dipole 'D'; known are e Angstrom, e Bohr"),
        (lambda _: Frames.from_structures([molecule(charges=np.full(4, 0.25))]).require_neutral(), "net charge 1 e"),
        (lambda _: check_turned_copy(molecule(), Structure(NUMBERS, 2 * POINTS, dipole=DIPOLE)), "not a turned copy"),
        (lambda _: check_turned_copy(molecule(), Structure(NUMBERS, POINTS)), "neither a dipole nor"),
        (lambda _: check_turned_copy(molecule(), Structure(NUMBERS[::-1], POINTS)), "same elements in the same order"),
    ],
)
def test_what_no_model_can_learn_is_refused(tmp_path: Path, make: Callable[[Path], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        make(tmp_path)
    assert "\n" not in str(caught.value)
