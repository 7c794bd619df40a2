"""Pairs of atoms within a cutoff, found by vesin, in one fixed order, with their periodic images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from invgen import checks
from invgen.errors import InputError
from invgen.runtime.neighbours import Neighbours
from invgen.structures.elements import symbol

# Closer atoms have no direction that float32 positions could give: those of a 100 Angstrom cell are 8e-6 apart.
COINCIDENT = 1e-4


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pair p goes from receiver i = neighbours.receivers[p] to source j = neighbours.index[p] in the cell shifts[p].

    Every pair appears twice, as (i, j) and as (j, i); an atom is its own neighbour through periodic images only. Pairs
    are sorted by i, j and shift, so that the same structure always gives the same sums.

    Attributes:
        neighbours: the pairs by receiver and by source, what the moments kernel takes.
        shifts: (pairs, 3), int32, whole cell vectors from the cell of i to that of j; None if nothing is periodic.
        cutoff: no pair is longer, in Angstrom.
    """

    neighbours: Neighbours
    shifts: torch.Tensor | None
    cutoff: float

    def to(self, device: torch.device | str) -> Pairs:
        """The same pairs on another device."""
        shifts = None if self.shifts is None else self.shifts.to(device)
        return Pairs(self.neighbours.to(device), shifts, self.cutoff)

    def pin_memory(self) -> Pairs:
        """The same pairs in page-locked memory, for copies to a GPU beside its work."""
        lists = Neighbours(*(each.pin_memory() for each in self.neighbours.lists))
        return Pairs(lists, None if self.shifts is None else self.shifts.pin_memory(), self.cutoff)


@dataclass(frozen=True, eq=False)
class PairArrays:
    """The pairs of one structure as int32 arrays, both by receiver and by source: what a data set keeps."""

    row_pointer: np.ndarray
    index: np.ndarray
    receivers: np.ndarray
    column_pointer: np.ndarray
    column_pairs: np.ndarray
    shifts: np.ndarray | None

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        lists = (self.row_pointer, self.index, self.receivers, self.column_pointer, self.column_pairs, self.shifts)
        return sum(each.nbytes for each in lists if each is not None)


def find_pairs(
    positions: np.ndarray,
    cell: np.ndarray,
    periodic: np.ndarray,
    cutoff: float,
    *,
    numbers: np.ndarray,
    name: str = "the structure",
    threads: int = 1,
) -> PairArrays:
    """All pairs closer than the cutoff; also where the cutoff exceeds the cell. O(pairs log pairs).

    Args:
        positions: (atoms, 3), anywhere.
        cell: (3, 3), rows are cell vectors.
        periodic: (3).
        cutoff: positive, in the unit of the positions.
        numbers: (atoms), for messages.
        name: of the structure, for messages.
        threads: how many vesin uses.

    Raises:
        InputError: the cutoff or the number of threads is not positive, vesin is not installed, or two atoms coincide.
    """
    cutoff, threads = check_cutoff(cutoff), checks.integer("the number of threads", threads, least=1)
    try:
        from vesin import NeighborList
    except ImportError as error:
        raise InputError("neighbour lists need vesin: pip install 'invgen[nn]'") from error
    # A direction that is not periodic has no meaning to vesin but must be a number.
    search = NeighborList(cutoff=cutoff, full_list=True, n_threads=threads)
    points = np.ascontiguousarray(positions, dtype=np.float64)
    box = np.ascontiguousarray(np.where(periodic[:, None], cell, 0.0), dtype=np.float64)
    first, second, shift, distance = search.compute(points, box, np.asarray(periodic, dtype=bool), "ijSd")
    first, second = first.astype(np.int64), second.astype(np.int64)
    if distance.size and distance.min() < COINCIDENT:
        worst = int(distance.argmin())
        i, j = sorted((int(first[worst]), int(second[worst])))
        raise InputError(
            f"atoms {i} ({symbol(int(numbers[i]))}) and {j} ({symbol(int(numbers[j]))}) of {name} are "
            f"{distance[worst]:.1e} Angstrom apart: two atoms cannot share a place; remove one of them, or check the "
            "cell and the unit of the positions"
        )
    order = _order(first, second, shift, len(points))
    first, second, shift = first[order], second[order], shift[order]
    return PairArrays(
        row_pointer=_pointer(first, len(points)),
        index=second.astype(np.int32),
        receivers=first.astype(np.int32),
        column_pointer=_pointer(second, len(points)),
        # Rising pairs within each source; keys that differ are sorted faster than equal ones are kept in order.
        column_pairs=np.argsort(second * second.size + np.arange(second.size)).astype(np.int32),
        shifts=shift.astype(np.int32) if np.any(periodic) else None,
    )


def join_pairs(parts: Sequence[PairArrays], cutoff: float) -> Pairs:
    """The pairs of several structures, one after the other: nothing is searched or sorted again."""
    atoms = np.array([part.row_pointer.size - 1 for part in parts])
    pairs = np.array([part.index.size for part in parts])
    atom_offset, pair_offset = np.cumsum(atoms) - atoms, np.cumsum(pairs) - pairs

    def joined(field: str, offset: np.ndarray, counts: np.ndarray) -> torch.Tensor:
        whole = np.concatenate([getattr(part, field) for part in parts], dtype=np.int64)
        return torch.from_numpy(whole + np.repeat(offset, counts))

    def pointers(field: str) -> torch.Tensor:
        ends = np.concatenate([getattr(part, field)[1:] for part in parts], dtype=np.int64)
        return torch.from_numpy(np.concatenate([[0], ends + np.repeat(pair_offset, atoms)]))

    neighbours = Neighbours(
        pointers("row_pointer"),
        joined("index", atom_offset, pairs),
        joined("receivers", atom_offset, pairs),
        pointers("column_pointer"),
        joined("column_pairs", pair_offset, pairs),
    )
    if all(part.shifts is None for part in parts):
        return Pairs(neighbours, None, cutoff)
    shifts = [np.zeros((part.index.size, 3), np.int32) if part.shifts is None else part.shifts for part in parts]
    return Pairs(neighbours, torch.from_numpy(np.concatenate(shifts)), cutoff)


def concatenate_pairs(parts: Sequence[Pairs]) -> Pairs:
    """The pairs of several batches, one after the other.

    Raises:
        InputError: their cutoffs differ.
    """
    cutoffs = sorted({part.cutoff for part in parts})
    if len(cutoffs) != 1:
        raise InputError(f"batches with one cutoff can be joined, these have {', '.join(f'{c:g}' for c in cutoffs)}")
    fields: tuple[list[torch.Tensor], ...] = ([], [], [], [], [])
    shifts: list[torch.Tensor] = []
    atoms = pairs = 0
    for part in parts:
        lists = part.neighbours
        # Pointers begin with a zero, which only the first part keeps.
        moved = (
            lists.row_pointer[int(atoms > 0) :] + pairs,
            lists.index + atoms,
            lists.receivers + atoms,
            lists.column_pointer[int(atoms > 0) :] + pairs,
            lists.column_pairs + pairs,
        )
        for field, tensor in zip(fields, moved):
            field.append(tensor)
        zeros = torch.zeros(lists.pairs, 3, dtype=torch.int32, device=lists.index.device)
        shifts.append(zeros if part.shifts is None else part.shifts)
        atoms, pairs = atoms + lists.atoms, pairs + lists.pairs
    joined = Neighbours(*(torch.cat(field) for field in fields))
    periodic = any(part.shifts is not None for part in parts)
    return Pairs(joined, torch.cat(shifts) if periodic else None, cutoffs[0])


def check_cutoff(cutoff: float) -> float:
    """A cutoff as a float.

    Raises:
        InputError: it is not a positive number.
    """
    return checks.positive("a cutoff", cutoff)


def _order(first: np.ndarray, second: np.ndarray, shift: np.ndarray, atoms: int) -> np.ndarray:
    """The order of pairs by first atom, second atom and shift; one number combines all five where it fits."""
    if first.size == 0:
        return np.zeros(0, dtype=np.int64)
    least = shift.min(axis=0).astype(np.int64)
    spans = [int(each) for each in shift.max(axis=0) - least + 1]
    if atoms * atoms * math.prod(spans) >= 2**63:
        return np.lexsort((shift[:, 2], shift[:, 1], shift[:, 0], second, first))
    key = first * atoms + second
    for axis, span in enumerate(spans):
        key = key * span + (shift[:, axis] - least[axis])
    return np.argsort(key)


def _pointer(owners: np.ndarray, count: int) -> np.ndarray:
    """Where the pairs of each owner begin when pairs are sorted by owner, and where the last end."""
    return np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=count))]).astype(np.int32)
