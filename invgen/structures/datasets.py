"""Frames with the pairs of each, found once: batches are joined from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from invgen import checks
from invgen.checks import as_integer, shown
from invgen.errors import InputError
from invgen.structures.batch import Batch, check_targets
from invgen.structures.frames import Frames
from invgen.structures.pairs import PairArrays, check_cutoff, find_pairs, join_pairs
from invgen.structures.rounding import Exact, floating
from invgen.structures.structure import TARGETS, as_array


class Dataset:
    """dataset.batch(indices) is those frames, in that order, with all pairs within the cutoff.

    The pairs of a frame are searched at its first use and kept (12 bytes a pair, 24 if periodic); a batch joins them
    with offsets, and neither searches nor sorts. It is also a map-style torch data set:
    `DataLoader(dataset, batch_size=32, shuffle=True, collate_fn=dataset.collate)` gives batches.

    Args:
        frames: what is in it.
        cutoff: Angstrom.
        targets: what batches hold; if left out, all that every frame has.
        dtype: of floating tensors; torch's default if left out. Energies are cast to it: see `AtomicEnergies`.

    Raises:
        InputError: a frame lacks a target, the cutoff is not positive or dtype not floating.
    """

    def __init__(
        self,
        frames: Frames,
        cutoff: float,
        *,
        targets: Sequence[str] | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        if not isinstance(frames, Frames):
            raise InputError(
                f"a data set is made of frames, got {type(frames).__name__}; Frames.from_structures takes structures"
            )
        self.frames = frames
        self.cutoff = check_cutoff(cutoff)
        self.targets = frames.complete_targets if targets is None else tuple(check_targets(targets))
        frames.require(*self.targets)
        self.dtype = floating(dtype)
        self._pairs: list[PairArrays | None] = [None] * len(frames)

    def __len__(self) -> int:
        return len(self.frames)

    def __getitem__(self, frame: int) -> int:
        """The number of a frame itself: a loader collects numbers, and `collate` makes the batch."""
        number = as_integer(frame)
        if number is None:
            raise InputError(f"frames are chosen by whole numbers, got {shown(frame)}")
        if not 0 <= number < len(self):
            raise IndexError(number)  # where iteration ends
        return number

    def collate(self, frames: Sequence[int]) -> Batch:
        """The batch of what a loader collected."""
        return self.batch(frames)

    def pairs(self, frame: int) -> PairArrays:
        """The pairs of one frame.

        Raises:
            InputError: two of its atoms coincide, or there is no frame of that number.
        """
        frame = checks.integer("the number of a frame", frame, least=0, most=len(self) - 1)
        found = self._pairs[frame]
        if found is None:
            frames = self.frames
            atoms = slice(int(frames.pointer[frame]), int(frames.pointer[frame + 1]))
            found = find_pairs(
                frames.positions[atoms],
                frames.cells[frame],
                frames.periodic[frame],
                self.cutoff,
                numbers=frames.numbers[atoms],
                name=f"frame {frame}",
            )
            self._pairs[frame] = found
        return found

    def prepare(self) -> Dataset:
        """Itself, with the pairs of all frames found: before worker processes are forked, which then share them."""
        for frame in range(len(self)):
            self.pairs(frame)
        return self

    @property
    def nbytes(self) -> int:
        """Bytes of the pairs kept so far."""
        return sum(each.nbytes for each in self._pairs if each is not None)

    def batch(self, indices: Sequence[int] | np.ndarray) -> Batch:
        """Those frames as one batch on the CPU; `batch.frame` holds the indices. O(its atoms and pairs).

        Raises:
            InputError: an index is out of range, there is none, or atoms of a frame coincide.
        """
        given = as_array("frames of a batch", indices)
        if given.ndim > 1 or (given.size and given.dtype.kind not in "iu"):
            raise InputError(f"frames are chosen by whole numbers, got {given.dtype} of shape {given.shape}")
        chosen, frames = given.reshape(-1).astype(np.int64), self.frames
        if chosen.size == 0 or chosen.min() < 0 or chosen.max() >= len(frames):
            raise InputError(f"a batch has at least one frame, numbered 0 to {len(frames) - 1}, got {chosen.tolist()}")
        starts, sizes = frames.pointer[chosen], frames.pointer[chosen + 1] - frames.pointer[chosen]
        ends = np.cumsum(sizes)
        atoms = np.arange(ends[-1]) + np.repeat(starts - (ends - sizes), sizes)
        values: dict[str, Any] = {}
        for name in self.targets:
            values[name] = frames.targets[name][atoms if TARGETS[name].per_atom else chosen]
        return Batch.rounded(
            Exact(torch.from_numpy(frames.positions[atoms]), torch.from_numpy(frames.cells[chosen])),
            self.dtype,
            species=torch.from_numpy(frames.numbers[atoms]),
            periodic=torch.from_numpy(frames.periodic[chosen]),
            structure=torch.from_numpy(np.repeat(np.arange(chosen.size), sizes)),
            frame=torch.from_numpy(chosen),
            pairs=join_pairs([self.pairs(int(frame)) for frame in chosen], self.cutoff),
            **{name: torch.from_numpy(value).to(self.dtype) for name, value in values.items()},
        )

    def __repr__(self) -> str:
        return f"Dataset({len(self)} frames, cutoff {self.cutoff:g} Angstrom, targets={list(self.targets)})"
