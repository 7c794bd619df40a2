"""Many structures packed into few arrays, with what was computed for them: the content of a data file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from invgen import checks
from invgen.checks import as_integer, shown
from invgen.errors import InputError
from invgen.structures.batch import check_targets
from invgen.structures.elements import atomic_numbers, check_numbers, symbol, symbols
from invgen.structures.structure import TARGETS, Structure, as_array, check_cells
from invgen.structures.tensor_targets import check_neutral, check_symmetric

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Frames:
    """Atoms pointer[k] ... pointer[k + 1] - 1 are those of frame k; float64, eV and Angstrom.

    A frame without a target has NaN there; targets that no frame has are left out of `targets`.

    Attributes:
        numbers: (atoms), int64, atomic numbers.
        positions: (atoms, 3).
        pointer: (frames + 1), int64.
        cells: (frames, 3, 3), rows are cell vectors; zeros where nothing is periodic.
        periodic: (frames, 3), bool.
        targets: by name, of energy (frames), forces (atoms, 3), stress (frames, 3, 3), charges (atoms), dipole
            (frames, 3), polarizability (frames, 3, 3).
        labels: by name, (frames): what else the file says of each frame, such as its split or group.
        metadata: where the frames are from and which units were converted, in words.

    Raises:
        InputError: shapes do not fit, a value is infinite or NaN in part of a frame, an atomic number is not one.
    """

    numbers: np.ndarray
    positions: np.ndarray
    pointer: np.ndarray
    cells: np.ndarray
    periodic: np.ndarray
    targets: Mapping[str, np.ndarray] = field(default_factory=dict)
    labels: Mapping[str, np.ndarray] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = {"numbers": np.int64, "positions": np.float64, "pointer": np.int64, "cells": np.float64}
        for name, dtype in (kinds | {"periodic": np.bool_}).items():
            self._set(name, _kept(name, getattr(self, name), dtype))
        present = {name: _kept(name, self.targets[name], np.float64) for name in check_targets(list(self.targets))}
        known = {name: value for name, value in present.items() if not np.isnan(value).all()}
        self._set("targets", MappingProxyType(known))
        self._set("labels", MappingProxyType({name: _kept(name, self.labels[name], None) for name in self.labels}))
        self._set("metadata", MappingProxyType(dict(self.metadata)))
        self._check()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled and copied as what it is made from: read-only mappings cannot be, and worker processes need it."""
        values = [getattr(self, each.name) for each in fields(self)]
        return type(self), tuple(dict(value) if isinstance(value, Mapping) else value for value in values)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _check(self) -> None:
        if self.pointer.ndim != 1 or self.numbers.ndim != 1:
            raise InputError(
                f"numbers and pointer have one axis, got the shapes {self.numbers.shape} and {self.pointer.shape}"
            )
        frames, atoms = len(self), self.numbers.size
        sizes = np.diff(self.pointer)
        if frames == 0:
            raise InputError("there are no frames: a data set has at least one")
        if self.pointer[0] != 0 or self.pointer[-1] != atoms or (sizes <= 0).any():
            raise InputError(f"pointer must rise from 0 to the number of atoms, {atoms}, and give each frame an atom")
        shapes = {"positions": (atoms, 3), "cells": (frames, 3, 3), "periodic": (frames, 3)}
        values: dict[str, np.ndarray] = {name: getattr(self, name) for name in shapes}
        for name, value in self.targets.items():
            shapes[name] = (atoms if TARGETS[name].per_atom else frames, *TARGETS[name].shape)
            values[name] = value
        for name, shape in shapes.items():
            if values[name].shape != shape:
                raise InputError(
                    f"{name} of {frames} frames with {atoms} atoms have the shape {shape}, got {values[name].shape}"
                )
        for name, label in self.labels.items():
            if label.shape[:1] != (frames,):
                raise InputError(f"the label {name!r} has one entry per frame, {frames}, got shape {label.shape}")
        check_numbers(self.numbers, "the data set")
        if not (np.isfinite(self.positions).all() and np.isfinite(self.cells).all()):
            raise InputError("positions and cells are finite numbers, got NaN or infinity: leave those frames out")
        check_cells(self.cells, self.periodic)
        if "polarizability" in self.targets:
            check_symmetric(self.targets["polarizability"], "frame")
        for name, value in self.targets.items():
            absent = self._by_frame(name, np.isnan(value), np.logical_and)
            broken = self._by_frame(name, ~np.isfinite(value), np.logical_or) & ~absent
            if broken.any():
                raise InputError(
                    f"{name} of frame {int(np.flatnonzero(broken)[0])} hold infinity, or NaN in part of the frame: "
                    "give finite numbers, or NaN in the whole frame where there are none"
                )

    def _by_frame(self, name: str, values: np.ndarray, how: np.ufunc) -> np.ndarray:
        """One value for each frame out of those of its numbers."""
        flat: np.ndarray = how.reduce(values.reshape(values.shape[0], -1), axis=1)
        if TARGETS[name].per_atom:
            flat = how.reduceat(flat, self.pointer[:-1])
        return flat

    @classmethod
    def from_structures(
        cls, structures: Sequence[Structure], labels: Mapping[str, Any] = _EMPTY, metadata: Mapping[str, str] = _EMPTY
    ) -> Frames:
        """The structures packed, in their order."""
        if not structures:
            raise InputError("there are no frames: a data set has at least one")
        targets = {}
        for name, target in TARGETS.items():
            parts = []
            for each in structures:
                value = getattr(each, name)
                shape = ((len(each),) if target.per_atom else (1,)) + target.shape
                parts.append(np.full(shape, np.nan) if value is None else np.reshape(value, shape))
            targets[name] = np.concatenate(parts)
        return cls(
            numbers=np.concatenate([each.numbers for each in structures]),
            positions=np.concatenate([each.positions for each in structures]),
            pointer=np.concatenate([[0], np.cumsum([len(each) for each in structures])]),
            cells=np.stack([np.asarray(each.cell) for each in structures]),
            periodic=np.stack([np.asarray(each.periodic) for each in structures]),
            targets=targets,
            labels=labels,
            metadata=metadata,
        )

    @property
    def elements(self) -> tuple[int, ...]:
        """The atomic numbers that occur, rising."""
        return tuple(int(number) for number in np.unique(self.numbers))

    @property
    def sizes(self) -> np.ndarray:
        """(frames), how many atoms each frame has."""
        return np.diff(self.pointer)

    def has(self, name: str) -> np.ndarray:
        """(frames), bool: which frames have that target. `frames[frames.has("forces")]` are those with forces."""
        check_targets(name)
        if name not in self.targets:
            return np.zeros(len(self), dtype=bool)
        return ~self._by_frame(name, np.isnan(self.targets[name]), np.logical_and)

    @property
    def complete_targets(self) -> tuple[str, ...]:
        """The targets that every frame has."""
        return tuple(name for name in self.targets if self.has(name).all())

    def require(self, *names: str) -> Frames:
        """Itself, if every frame has these targets.

        Raises:
            InputError: a frame lacks one; the sentence names it and how many do.
        """
        for name in check_targets(names):
            lacking = np.flatnonzero(~self.has(name))
            if lacking.size:
                raise InputError(
                    f"{lacking.size} of {len(self)} frames have no {name}, the first is frame {lacking[0]}: do without "
                    f"{name}, name in keys, as {name}, what the file calls them, or take only frames "
                    f"that have them, frames[frames.has('{name}')]"
                )
        return self

    def require_neutral(self) -> Frames:
        """Itself, if charges of atoms, where there are any, add up to zero in every frame, as dipoles need.

        Raises:
            InputError: a frame has a net charge.
        """
        if "charges" in self.targets:
            charges = np.nan_to_num(self.targets["charges"])
            check_neutral(np.add.reduceat(charges, self.pointer[:-1]), "frame")
        return self

    def require_elements(self, elements: Sequence[int]) -> Frames:
        """Itself, if no other elements occur.

        Raises:
            InputError: others do; the sentence names the first frame that has one.
        """
        elements = atomic_numbers(elements)
        unknown = ~np.isin(self.numbers, elements)
        if unknown.any():
            atom = int(np.flatnonzero(unknown)[0])
            frame = int(np.searchsorted(self.pointer, atom, side="right")) - 1
            raise InputError(
                f"frame {frame} has an atom of {symbol(int(self.numbers[atom]))}, but the model knows "
                f"{symbols(elements)}: leave such frames out, or train a model on data with this element"
            )
        return self

    def structure(self, frame: int) -> Structure:
        """One frame; negative numbers count from the end.

        Raises:
            InputError: there is no frame of that number.
        """
        given = as_integer(frame)
        if given is None or not -len(self) <= given < len(self):
            raise InputError(f"frames go from 0 to {len(self) - 1}, got {shown(frame)}")
        number = given % len(self)
        atoms = slice(int(self.pointer[number]), int(self.pointer[number + 1]))
        known = {name: self.targets[name] for name in self.targets if self.has_one(name, number)}
        values: dict[str, Any] = {
            name: value[atoms] if TARGETS[name].per_atom else value[number] for name, value in known.items()
        }
        return Structure(
            self.numbers[atoms], self.positions[atoms], self.cells[number], self.periodic[number], **values
        )

    def has_one(self, name: str, frame: int) -> bool:
        """Whether one frame has that target; O(1)."""
        if name not in self.targets:
            return False
        first = self.pointer[frame] if TARGETS[name].per_atom else frame
        return not bool(np.isnan(self.targets[name][first]).all())

    def __len__(self) -> int:
        return int(self.pointer.size - 1)

    def __getitem__(self, frames: Any) -> Frames:
        """Some of the frames, in the order given: a slice, whole numbers, or one bool for each frame."""
        if as_integer(frames) is not None:
            raise InputError("frames[...] takes a slice or an array; one frame is frames.structure(number)")
        selected = np.arange(len(self))[frames if isinstance(frames, slice) else _selection(frames, len(self))]
        sizes = self.sizes[selected]
        pointer = np.concatenate([[0], np.cumsum(sizes)])
        atoms = np.arange(pointer[-1]) + np.repeat(self.pointer[selected] - pointer[:-1], sizes)
        return Frames(
            numbers=self.numbers[atoms],
            positions=self.positions[atoms],
            pointer=pointer,
            cells=self.cells[selected],
            periodic=self.periodic[selected],
            targets={
                name: value[atoms if TARGETS[name].per_atom else selected] for name, value in self.targets.items()
            },
            labels={name: value[selected] for name, value in self.labels.items()},
            metadata=self.metadata,
        )

    def split(self, *counts: int, seed: int) -> tuple[Frames, ...]:
        """Disjoint subsets of these sizes, drawn by `split_indices`."""
        return tuple(self[part] for part in split_indices(len(self), counts, seed))

    def with_energy(self, energy: np.ndarray, note: str) -> Frames:
        """The same frames with other energies (eV); `note` says in the metadata what they are."""
        return replace(self, targets={**self.targets, "energy": energy}, metadata={**self.metadata, "energy": note})

    def __repr__(self) -> str:
        return f"Frames({len(self)} frames, {self.numbers.size} atoms, targets={list(self.targets)})"


def split_indices(count: int, counts: Sequence[int], seed: int) -> tuple[np.ndarray, ...]:
    """Disjoint index arrays of these sizes: consecutive parts of one permutation of 0 ... count - 1.

    The permutation is that of `numpy.random.default_rng(seed)`: the same seed gives the same parts anywhere.

    Args:
        count: how many there are to share out.
        counts: the size of each part.
        seed: of the permutation.

    Raises:
        InputError: a size or the seed is negative or not an integer, or sizes add up to more than there are.
    """
    count, seed = checks.integer("count", count, least=0), checks.integer("the seed of a split", seed, least=0)
    counts = [checks.integer("each part of a split", each, least=0) for each in counts]
    if sum(counts) > count:
        raise InputError(f"a split into {list(counts)} needs {sum(counts)} frames, there are {count}")
    order = np.random.default_rng(seed).permutation(count)
    ends = np.cumsum([0, *counts])
    return tuple(order[a:b] for a, b in pairwise(ends))


# What may become each dtype without a loss.
_KINDS: Mapping[Any, str] = MappingProxyType({np.int64: "iu", np.float64: "iuf", np.bool_: "biu", None: "biufcmMOSUV"})


def _kept(name: str, given: Any, dtype: Any) -> np.ndarray:
    array = as_array(name, given)
    if array.dtype.kind not in _KINDS[dtype] and array.size:
        raise InputError(f"{name} of frames are {np.dtype(dtype)}, got {array.dtype} of shape {array.shape}")
    kept = np.array(array, dtype=dtype)
    kept.flags.writeable = False
    return kept


def _selection(frames: Any, count: int) -> np.ndarray:
    array = np.asarray(frames)
    if array.size == 0 and array.dtype.kind == "f":
        array = array.astype(np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iub" or (array.dtype.kind == "b" and array.size != count):
        raise InputError(
            f"frames are chosen by whole numbers or by one bool for each of {count}, got {array.dtype} of shape "
            f"{array.shape}"
        )
    if array.dtype.kind != "b" and array.size and not -count <= array.min() <= array.max() < count:
        raise InputError(f"frames go from 0 to {count - 1}, got numbers from {array.min()} to {array.max()}")
    return array
