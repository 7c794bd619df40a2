"""Frames from arrays: NumPy archives of one molecule or of packed structures, and groups of HDF5 files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from invgen.errors import InputError
from invgen.structures.elements import atomic_number
from invgen.structures.frames import Frames
from invgen.structures.structure import TARGETS, full_matrix
from invgen.structures.units import DIPOLE, POLARIZABILITY, Units
from invgen.structures.virials import stress_of_virial, stress_source

Arrays = Mapping[str, np.ndarray]

# What an array may be called where no key is given; a file with two of one row must be read with `keys`.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "numbers": ("numbers", "atomic_numbers", "nuclear_charges", "species", "z", "Z"),
    "positions": ("positions", "coordinates", "coords", "R"),
    "energy": ("energy", "energies", "E"),
    "forces": ("forces", "F"),
    "stress": ("stress",),
    "virial": (),  # see `stress_source`
    "charges": (),  # many files call atomic numbers this
    "dipole": (),  # in which unit files do not say
    "polarizability": (),
    "cell": ("cell", "cells", "lattice"),
    "periodic": ("pbc", "periodic"),
    "sizes": ("n_atoms",),
}


def read_npz(path: Path, keys: Mapping[str, str], units: Units) -> Frames:
    """The frames of a NumPy archive, in one of two forms.

    *Frames of equal size*, as in MD17, rMD17 and QM7: positions (frames, atoms, 3), numbers (atoms) for all frames or
    (frames, atoms) with zeros where a smaller molecule has no atom, energies (frames) or (frames, 1), forces like
    positions, cell (3, 3) or (frames, 3, 3).
    *Packed*: n_atoms (frames), and numbers, positions, forces of all atoms one after the other.
    Other arrays with one entry per frame become labels. Pickled objects are not read.

    Raises:
        InputError: the file is damaged, an array is missing or its shape does not fit.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except Exception as error:  # zipfile, zlib and numpy raise half a dozen kinds
        raise InputError(f"{path.name} is not a readable NumPy archive: {type(error).__name__}: {error}") from error
    return _frames(arrays, keys, units, path.name)


def read_hdf5(path: Path, keys: Mapping[str, str], units: Units) -> Frames:
    """The frames of every group that holds positions, as in the ANI data sets; groups in the order of their names.

    Each group is in one of the forms of `read_npz`; elements may be written as symbols. Groups have the labels "group"
    (their name) and what every group has. NaN marks what was not computed, as in ANI-1x.

    Raises:
        InputError: h5py is not installed, the file is damaged, or no group holds positions.
    """
    try:
        import h5py
    except ImportError as error:
        raise InputError("HDF5 files need h5py: pip install 'invgen[nn]'") from error
    try:
        with h5py.File(path, "r") as file:
            groups = [
                (name, {key: np.asarray(value[()]) for key, value in sets.items()}) for name, sets in _groups(file)
            ]
    except (OSError, KeyError, RecursionError) as error:  # links that lead nowhere, or to a group above
        raise InputError(f"{path.name} is not a readable HDF5 file: {error}") from error
    names = (keys["positions"],) if "positions" in keys else ALIASES["positions"]
    parts = [
        (name, _frames(arrays, keys, units, f"group {name!r} of {path.name}"))
        for name, arrays in groups
        if any(each in arrays for each in names)
    ]
    if not parts:
        raise InputError(f"no group of {path.name} holds positions under {' or '.join(names)}: name the key")
    return _joined(parts)


def _groups(group: Any, name: str = "/") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every group with its data sets, by name, the group itself before those inside."""
    children = {key: group[key] for key in sorted(group)}
    yield name, {key: value for key, value in children.items() if not hasattr(value, "keys")}
    for key, value in children.items():
        if hasattr(value, "keys"):
            yield from _groups(value, f"{name.rstrip('/')}/{key}")


def _frames(arrays: Arrays, keys: Mapping[str, str], units: Units, where: str) -> Frames:
    names = {what: _find(arrays, what, keys.get(what), where) for what in ALIASES}
    source = stress_source(keys, arrays, where)
    names["stress"] = source.name
    for what in ("numbers", "positions"):
        if names[what] is None:
            raise InputError(
                f"{where} has no {what} under {' or '.join(ALIASES[what])}: name it in keys, as {what}; "
                f"there are {', '.join(sorted(arrays)) or 'no arrays'}"
            )
    given = {what: arrays[name] for what, name in names.items() if name is not None}
    numbers, positions = _numbers(given["numbers"], where), given["positions"]
    if positions.dtype.kind not in "fiu" or positions.shape[-1:] != (3,):
        raise InputError(f"positions of {where} are numbers of shape (..., 3), got {positions.dtype} {positions.shape}")
    try:
        if "sizes" in given:
            there = np.ones(len(positions), dtype=bool)
            if given["sizes"].dtype.kind not in "iu" or given["sizes"].ndim != 1:
                raise TypeError(f"{names['sizes']} are integers, one for each frame")
            sizes = given["sizes"].astype(np.int64)
        else:
            if positions.ndim == 2:
                positions = positions[None]
            numbers = np.broadcast_to(numbers, positions.shape[:2])
            sizes = (numbers != 0).sum(1)
            there = (numbers != 0).reshape(-1)
            numbers = numbers.reshape(-1)
        count, atoms = sizes.size, there.size
        targets = {}
        cells = np.broadcast_to(given.get("cell", np.zeros((3, 3))), (count, 3, 3)) * units.factor("cell")
        for name, target in TARGETS.items():
            if name in given:
                _check_unit(name, units, where)
                value = _real(given[name]) * units.factor("virial" if name == "stress" and source.virial else name)
                if name in ("stress", "polarizability"):
                    value = full_matrix(value, f"the {name} of {where}")
                shaped = value.reshape((atoms if target.per_atom else count, *target.shape))
                targets[name] = shaped[there] if target.per_atom else shaped
        periodic = given.get("periodic", np.asarray("cell" in given))
        if periodic.dtype.kind not in "biu":
            raise TypeError(f"{names['periodic']} are true or false, got {periodic.dtype}")
        periodic = np.broadcast_to(periodic[:, None] if periodic.shape == (count,) else periodic, (count, 3))
        positions, numbers = positions.reshape(-1, 3)[there] * units.factor("positions"), numbers[there]
    except (ValueError, TypeError, IndexError) as error:
        shapes = ", ".join(f"{name} {arrays[name].shape}" for name in sorted(arrays))
        raise InputError(f"the arrays of {where} do not fit together ({error}); their shapes are {shapes}") from error
    if source.virial and source.name:
        targets["stress"] = stress_of_virial(targets["stress"], cells, f"a frame of {where}")
    used = {name for name in names.values() if name is not None}
    rest = {name: value for name, value in sorted(arrays.items()) if name not in used and value.shape == (count,)}
    labels = {name: _text(value) for name, value in rest.items()}
    pointer = np.concatenate([[0], np.cumsum(sizes)])
    try:
        return Frames(
            numbers,
            positions,
            pointer,
            cells,
            periodic,
            targets,
            labels,
            {"units of the file": units.describe()},
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def _check_unit(name: str, units: Units, where: str) -> None:
    """Arrays in Angstrom often come with dipoles in Debye and polarizabilities in atomic units."""
    known = {"dipole": DIPOLE, "polarizability": POLARIZABILITY}.get(name)
    if known is not None and getattr(units, name) is None:
        raise InputError(f"{where} does not say the unit of the {name}: pass {name}_unit, one of {', '.join(known)}")


def _find(arrays: Arrays, what: str, key: str | None, where: str) -> str | None:
    """The name under which the arrays hold something, or None."""
    if key is not None:
        if not key:
            return None
        if key not in arrays:
            raise InputError(
                f"{where} has no {key!r}, which was named for {what}; there are {', '.join(sorted(arrays))}"
            )
        return key
    found = [name for name in ALIASES[what] if name in arrays]
    if len(found) > 1:
        raise InputError(f"{where} has {' and '.join(found)}, either of which may be the {what}: say which in keys")
    return found[0] if found else None


def _numbers(array: np.ndarray, where: str) -> np.ndarray:
    """Atomic numbers from numbers or symbols."""
    text = _text(array)
    if text.dtype.kind == "U":
        try:
            return np.array([atomic_number(each) for each in text.reshape(-1).tolist()], np.int64).reshape(text.shape)
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
    if array.dtype.kind == "f" and (array == np.round(array)).all():
        return array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise InputError(f"numbers of {where} are atomic numbers or symbols, got {array.dtype}")
    return array.astype(np.int64)


def _text(array: np.ndarray) -> np.ndarray:
    """Byte strings, as HDF5 and NumPy keep text, as text; other arrays as they are."""
    if array.dtype.kind == "S" or (
        array.dtype.kind == "O" and all(isinstance(each, bytes | str) for each in array.flat)
    ):
        flat = array.reshape(-1).tolist()
        # What is not UTF-8 comes out as U+FFFD: not an element, and legible as a label.
        text = [each.decode(errors="replace") if isinstance(each, bytes) else str(each) for each in flat]
        return np.array(text, dtype=np.str_).reshape(array.shape)
    return array


def _real(array: np.ndarray) -> np.ndarray:
    """As float64; complex numbers would lose a part."""
    if array.dtype.kind == "c":
        raise TypeError(f"{array.dtype} are not real numbers")
    return np.asarray(array, dtype=np.float64)


def _joined(parts: list[tuple[str, Frames]]) -> Frames:
    """The frames of all groups, one after the other; a target that a group lacks is NaN there."""
    all_frames = [frames for _, frames in parts]
    targets = {}
    for name, target in TARGETS.items():
        values = []
        for frames in all_frames:
            shape = (frames.numbers.size if target.per_atom else len(frames), *target.shape)
            values.append(frames.targets.get(name, np.full(shape, np.nan)))
        targets[name] = np.concatenate(values)
    common = [name for name in all_frames[0].labels if all(name in frames.labels for frames in all_frames)]
    labels = {name: np.concatenate([frames.labels[name] for frames in all_frames]) for name in common}
    labels["group"] = np.repeat([name for name, _ in parts], [len(frames) for frames in all_frames])
    sizes = np.concatenate([frames.sizes for frames in all_frames])
    return Frames(
        numbers=np.concatenate([frames.numbers for frames in all_frames]),
        positions=np.concatenate([frames.positions for frames in all_frames]),
        pointer=np.concatenate([[0], np.cumsum(sizes)]),
        cells=np.concatenate([frames.cells for frames in all_frames]),
        periodic=np.concatenate([frames.periodic for frames in all_frames]),
        targets=targets,
        labels=labels,
        metadata=all_frames[0].metadata,
    )
