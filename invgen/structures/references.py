"""Energies of atoms that explain most of the total energies: what a network need not learn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from invgen.checks import as_real, shown
from invgen.errors import InputError
from invgen.structures.elements import SYMBOLS, atomic_numbers, symbol, symbols
from invgen.structures.frames import Frames


@dataclass(frozen=True)
class AtomicEnergies:
    """Element elements[k] has the energy energies[k] eV; the reference of a frame is the sum over its atoms.

    Subtract them in float64 before a batch is made in float32, and add them to what a network predicts.

    Attributes:
        elements: atomic numbers, each once.
        energies: of an atom of each element, in eV.

    Raises:
        InputError: elements are not atomic numbers, each once, or energies are not as many finite numbers.
    """

    elements: tuple[int, ...]
    energies: tuple[float, ...]

    def __post_init__(self) -> None:
        elements = tuple(atomic_numbers(self.elements))
        energies = tuple(_energy(each) for each in self.energies)
        if len(elements) != len(energies) or len(set(elements)) != len(elements):
            raise InputError(
                f"atomic energies are one for each element, got {len(energies)} for the elements {elements}"
            )
        object.__setattr__(self, "elements", elements)
        object.__setattr__(self, "energies", energies)

    @classmethod
    def fit(cls, frames: Frames) -> AtomicEnergies:
        """Energies of isolated atoms as they are, and least squares of the total energies for all other elements.

        A frame is an isolated atom if it holds one atom and is not periodic, or if its label config_type says
        IsolatedAtom, as files for GAP and MACE do. Several of one element give their mean. Where compositions do not
        fix the others (all frames of one molecule), they are the solution of least norm: then only sums mean something.

        Raises:
            InputError: a frame has no energy.
        """
        frames.require("energy")
        elements, energy = frames.elements, frames.targets["energy"]
        isolated = _isolated(frames)
        alone = frames.numbers[frames.pointer[:-1]]
        known = {each: float(energy[isolated & (alone == each)].mean()) for each in np.unique(alone[isolated]).tolist()}
        others = tuple(each for each in elements if each not in known)
        if others:
            counts = _counts(frames, elements)[~isolated]
            fixed = np.array([known.get(each, 0.0) for each in elements])
            free = [elements.index(each) for each in others]
            solution = np.linalg.lstsq(counts[:, free], energy[~isolated] - counts @ fixed, rcond=None)[0]
            known |= dict(zip(others, solution.tolist(), strict=True))
        return cls(elements, tuple(known[each] for each in elements))

    def of(self, frames: Frames) -> np.ndarray:
        """(frames), eV: the sum of atomic energies of each frame.

        Raises:
            InputError: an element occurs that has no energy here.
        """
        unknown = [number for number in frames.elements if number not in self.elements]
        if unknown:
            raise InputError(f"no atomic energy for {symbols(unknown)}; there are those of {symbols(self.elements)}")
        return np.asarray(_counts(frames, self.elements) @ np.array(self.energies))

    def subtract(self, frames: Frames) -> Frames:
        """The same frames with the reference taken off their energies; their metadata says so."""
        terms = ", ".join(f"{symbol(number)} {energy!r}" for number, energy in zip(self.elements, self.energies))
        return frames.require("energy").with_energy(
            frames.targets["energy"] - self.of(frames), f"total minus atomic energies in eV: {terms}"
        )

    def table(self, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        """(119), by atomic number, zero for elements without: `table()[species]` are the energies of atoms."""
        table = torch.zeros(len(SYMBOLS) + 1, dtype=dtype)
        table[list(self.elements)] = torch.tensor(self.energies, dtype=dtype)
        return table


def _energy(value: object) -> float:
    found = as_real(value)
    if found is None or not math.isfinite(found):
        raise InputError(f"the energy of an atom is a finite number, got {shown(value)}")
    return found


def _counts(frames: Frames, elements: tuple[int, ...]) -> np.ndarray:
    """(frames, elements), float64: how many atoms of each element each frame has."""
    return np.stack([np.add.reduceat((frames.numbers == number) * 1.0, frames.pointer[:-1]) for number in elements], 1)


def _isolated(frames: Frames) -> np.ndarray:
    """(frames), bool: which frames are single atoms without neighbours."""
    named = np.zeros(len(frames), dtype=bool)
    if "config_type" in frames.labels:
        words = [str(each).replace("_", "").lower() for each in frames.labels["config_type"]]
        named = np.array([each == "isolatedatom" for each in words])
    return np.asarray((frames.sizes == 1) & (named | ~frames.periodic.any(axis=1)))
