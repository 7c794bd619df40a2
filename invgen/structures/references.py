"""Energies of atoms that explain most of total energies: what a network need not learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from invgen.errors import InputError
from invgen.structures.elements import SYMBOLS, symbol, symbols
from invgen.structures.frames import Frames


@dataclass(frozen=True)
class AtomicEnergies:
    """Element elements[k] has the energy energies[k] eV; the reference of a frame is the sum over its atoms.

    Subtract them in float64 before a batch is made in float32, and add them to what a network predicts.
    """

    elements: tuple[int, ...]
    energies: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.elements) != len(self.energies) or len(set(self.elements)) != len(self.elements):
            raise InputError(
                f"atomic energies are one for each element, got {len(self.energies)} for the elements {self.elements}"
            )

    @classmethod
    def fit(cls, frames: Frames) -> AtomicEnergies:
        """Least squares of the total energies over all frames; frames of isolated atoms give their energies exactly.

        Where compositions do not fix them (all frames of one molecule), the solution of least norm: then only sums mean
        something.

        Raises:
            InputError: a frame has no energy.
        """
        frames.require("energy")
        elements = frames.elements
        solution = np.linalg.lstsq(_counts(frames, elements), frames.targets["energy"], rcond=None)[0]
        return cls(elements, tuple(float(each) for each in solution))

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
        """(119), by atomic number, zero for elements without: ``table()[species]`` are the energies of atoms."""
        table = torch.zeros(len(SYMBOLS) + 1, dtype=dtype)
        table[list(self.elements)] = torch.tensor(self.energies, dtype=dtype)
        return table


def _counts(frames: Frames, elements: tuple[int, ...]) -> np.ndarray:
    """(frames, elements), float64: how many atoms of each element each frame has."""
    return np.stack([np.add.reduceat((frames.numbers == number) * 1.0, frames.pointer[:-1]) for number in elements], 1)
