"""A published foundation model of MACE, 89 elements, is the same accelerated, with tables and as one of ours.

The package macer 0.1.15 brings MACE-OMAT-0 (small) as a file; `make test-peers` has it beside mace-torch.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import ase.build
import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.interop import mace as interop
from invgen.interop.ase import InvgenCalculator

PEERS = os.environ.get("INVGEN_PEERS", "")

if importlib.util.find_spec("mace") is None and "mace" not in PEERS.split(","):
    pytest.skip("MACE is not installed", allow_module_level=True)

from mace.calculators import MACECalculator  # noqa: E402 - after the question whether it can be imported

# H-H, with the smallest atoms but one, is the steepest of the transforms that occur.
TABLES: dict[str, Any] = {"radial": "table", "knots": 640, "shortest": 0.5}


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    """MACE multiplies charges of the repulsion, which are integers, by numbers of the default dtype."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@cache
def path() -> Path:
    """The file, which is found without importing the package."""
    found = importlib.util.find_spec("macer")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "mlff-model" / "mace-omat-0-small.model"


def systems() -> dict[str, ase.Atoms]:
    """A metal, an oxide with a vacancy, and a molecule, with no atom at rest."""
    oxide = ase.build.bulk("MgO", "rocksalt", 4.21, cubic=True)
    del oxide[3]
    found = {
        "metal": ase.build.bulk("Cu", cubic=True),
        "oxide": oxide,
        "molecule": ase.build.molecule("CH3CH2OH"),
    }
    for seed, atoms in enumerate(found.values()):
        atoms.rattle(0.05, seed=seed)
    return found


def theirs() -> Any:
    """A calculator of mace-torch of its own: models are changed in place."""
    return MACECalculator(model_paths=str(path()), device="cpu", default_dtype="float64")


def results(calculator: Any) -> dict[tuple[str, str], np.ndarray]:
    found = {}
    for name, atoms in systems().items():
        atoms.calc = calculator
        found[name, "energy"] = np.array(atoms.get_potential_energy())
        found[name, "forces"] = atoms.get_forces()
        if atoms.pbc.all():
            found[name, "stress"] = atoms.get_stress()
    return found


@cache
def wanted() -> dict[tuple[str, str], np.ndarray]:
    return results(theirs())


def check_equal(found: dict[tuple[str, str], np.ndarray], tolerance: float) -> None:
    """Results are equal within a tolerance, relative to the largest of each."""
    assert list(found) == list(wanted())
    for name, each in wanted().items():
        assert np.abs(found[name] - each).max() < tolerance * np.abs(each).max(), name


def test_numbers_stay_the_same() -> None:
    calculator = theirs()
    interop.accelerate(calculator.models[0])
    # Rounding of float64 through two layers.
    check_equal(results(calculator), 1e-10)


def test_tables_are_the_model_within_their_error() -> None:
    calculator = theirs()
    with pytest.raises(InputError, match=r"with 512 knots differs .* at the distance 0\.1.*: use more knots, or begin"):
        interop.accelerate(calculator.models[0], radial="table")
    interop.accelerate(calculator.models[0], **TABLES)
    # Errors of forces are larger than the bound by the number of knots within which weights change.
    check_equal(results(calculator), 3e-5)
    near = ase.Atoms("HH", [[0, 0, 0], [0, 0, 0.4]], calculator=calculator)
    with pytest.raises(InputError, match=r"two atoms are at a distance of 0\.4, and tables begin at 0\.5: accelerate"):
        near.get_potential_energy()


def test_a_network_of_ours_has_the_numbers_of_the_file() -> None:
    potential = interop.load(path())
    check_equal(results(InvgenCalculator(potential)), 1e-10)


def test_a_network_of_ours_has_tables_too() -> None:
    potential = interop.load(path(), tables=640)
    # Worst between atoms of hydrogen or helium at 0.16 A, where no atoms are.
    assert 1e-5 < potential.network.table_error() < 2e-3  # type: ignore[operator, union-attr]
    check_equal(results(InvgenCalculator(potential)), 3e-5)
