"""Frames through ASE: extxyz, databases, and whatever else ASE reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from invgen.errors import InputError
from invgen.structures.frames import Frames
from invgen.structures.structure import TARGETS, Structure, full_matrix
from invgen.structures.units import Units
from invgen.structures.virials import VIRIAL, stress_of_virial, stress_source


def read_ase(path: Path, keys: Mapping[str, str], units: Units) -> Frames:
    """All frames that `ase.io` finds in a file.

    A target is looked up among the results of the frame's calculator, where ASE puts the usual names, in `atoms.info`,
    in `atoms.arrays`, and in a database's key-value pairs and data. Texts in `info` that every frame has become labels.

    Raises:
        InputError: ASE is not installed or cannot read the file, or no frame has a key that was named.
    """
    try:
        from ase.data import atomic_numbers as ase_numbers
        from ase.io import iread
    except ImportError as error:
        raise InputError("this file is read through ASE: pip install 'invgen[nn]'") from error
    allowed = (*TARGETS, VIRIAL)
    other = sorted(set(keys) - set(allowed))
    if other:
        raise InputError(f"files read through ASE name their own {other[0]}: keys are for {', '.join(allowed)}")
    try:
        images = list(iread(path, index=":"))
    except Exception as error:  # ASE's readers raise whatever their parsing raises
        if isinstance(error, KeyError) and str(error.args[0]) not in ase_numbers:
            hydrogen = "; write deuterium and tritium as H" if error.args[0] in ("D", "T") else ""
            raise InputError(f"ASE cannot read {path.name}: it knows no element {error.args[0]!r}{hydrogen}") from error
        raise InputError(f"ASE cannot read {path.name}: {type(error).__name__}: {error}") from error
    if not images:
        raise InputError(f"{path.name} holds no frames")
    found = [_values(atoms) for atoms in images]
    for name, key in keys.items():
        if key and not any(key in values for values in found):
            raise InputError(
                f"no frame of {path.name} has {key!r}, which was named for {name}; there are "
                f"{', '.join(sorted(set().union(*found))) or 'none'}"
            )
    structures = [
        _structure(atoms, values, keys, units, f"frame {k} of {path.name}")
        for k, (atoms, values) in enumerate(zip(images, found))
    ]
    return Frames.from_structures(structures, _labels(images), {"units of the file": units.describe()})


def _values(atoms: Any) -> dict[str, Any]:
    """Everything that a frame holds, by name; results of its calculator take precedence."""
    found: dict[str, Any] = {}
    for extra in (atoms.info.get("data"), atoms.info.get("key_value_pairs"), atoms.arrays, atoms.info):
        if isinstance(extra, Mapping):
            found.update(extra)
    if atoms.calc is not None:
        found.update({name: value for name, value in atoms.calc.results.items() if value is not None})
    for name in ("data", "key_value_pairs", "numbers", "positions"):
        found.pop(name, None)
    return found


def _structure(atoms: Any, values: dict[str, Any], keys: Mapping[str, str], units: Units, where: str) -> Structure:
    targets: dict[str, Any] = {}
    cell = np.asarray(atoms.cell) * units.factor("cell")
    # Arrays of atoms with such a name hold virials of atoms, not of the structure.
    source = stress_source(keys, [name for name in values if name not in atoms.arrays or name == "stress"], where)
    for name in TARGETS:
        key = keys.get(name, name) if name != "stress" else source.name
        value = values.get(key) if key else None
        if value is None:
            continue
        try:
            array = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InputError(f"{name} of {where} are not numbers: {value!r}") from error
        if name in ("stress", "polarizability"):
            called = source.name if name == "stress" else name
            array = full_matrix(array.reshape(9) if array.size == 9 else array, f"the {called} of {where}")
        array = array.reshape(()) if name == "energy" and array.size == 1 else array
        virial = name == "stress" and source.virial
        targets[name] = array * units.factor(VIRIAL if virial else name)
        if virial:
            targets[name] = stress_of_virial(targets[name], cell, where)
    if "dipole" in targets:
        _check_charge(values, where)
    try:
        return Structure(
            atoms.numbers,
            atoms.positions * units.factor("positions"),
            cell,
            atoms.pbc,
            **targets,
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def _check_charge(values: dict[str, Any], where: str) -> None:
    """A dipole depends on the origin where a net charge is not zero, which files name as they like."""
    for name in ("charge", "total_charge"):
        value = values.get(name)
        if isinstance(value, int | float | np.number) and value:
            raise InputError(
                f"{where} has the {name} {value} and a dipole, which depends on the origin: leave such frames out, or "
                "read the file without dipoles, keys={'dipole': ''}"
            )


def _labels(images: list[Any]) -> dict[str, np.ndarray]:
    names = [name for name, value in images[0].info.items() if isinstance(value, str)]
    texts = {name: [atoms.info.get(name) for atoms in images] for name in names}
    return {name: np.array(text) for name, text in texts.items() if all(isinstance(each, str) for each in text)}
