"""A batch in parts: own atoms, and the atoms and pairs on which the energies of these depend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from invgen.errors import InputError
from invgen.runtime.neighbours import Neighbours
from invgen.structures.batch import Batch


@dataclass(frozen=True, eq=False)
class Domain:
    """Own atoms of a batch with those around them, which are numbered anew in the order of the batch.

    Attributes:
        atoms: (n), int64, the own atoms and those within reach, rising.
        own: positions of the own ones in `atoms`, rising.
        pairs: (m), int64, which pairs of the batch, rising.
        neighbours: these pairs, between the n atoms.
    """

    atoms: torch.Tensor
    own: torch.Tensor
    pairs: torch.Tensor
    neighbours: Neighbours


def domains_of(batch: Batch, most: int, reach: int) -> Iterator[Domain]:
    """Every atom is an own one of exactly one domain, which has all pairs on which its energy depends.

    A structure of more atoms than a domain may own is cut in halves, across the direction in which it is longest, until
    its parts are small enough; smaller structures that follow one another share a domain. Neighbours are followed
    through the list of pairs, so that cells smaller than the cutoff are not a special case. O(pairs) time for all
    domains together but for the pairs that several have, and O(atoms log² atoms) for the cuts.

    Args:
        batch: with pairs.
        most: so many atoms a domain owns at most, at least 1.
        reach: how many pairs away atoms are on which an energy depends, at least 1.

    Raises:
        InputError: the batch has no pairs.
    """
    if batch.pairs is None:
        raise InputError("the batch has no pairs: make it with a cutoff, or call batch.with_pairs(cutoff)")
    lists = batch.pairs.neighbours
    for own in _parts(batch, most):
        atoms = torch.from_numpy(own).to(lists.index.device)
        chosen, around = atoms, atoms
        for _ in range(reach):
            # Pairs of receivers whose features are needed; their sources are needed one interaction before.
            receivers = around
            chosen = _pairs_of(receivers, lists.row_pointer)
            around = torch.unique(torch.cat([receivers, lists.index[chosen]]))
        inside = Neighbours.from_receivers(
            torch.searchsorted(around, lists.receivers[chosen]),
            torch.searchsorted(around, lists.index[chosen]),
            around.numel(),
        )
        yield Domain(around, torch.searchsorted(around, atoms), chosen, inside)


def _pairs_of(receivers: torch.Tensor, row_pointer: torch.Tensor) -> torch.Tensor:
    """The pairs of some receivers, which rise."""
    begin = row_pointer[receivers]
    counts = row_pointer[receivers + 1] - begin
    ends = counts.cumsum(0)
    total = int(ends[-1]) if ends.numel() else 0
    return torch.repeat_interleave(begin - (ends - counts), counts) + torch.arange(total, device=begin.device)


def _parts(batch: Batch, most: int) -> Iterator[np.ndarray]:
    """The own atoms of every domain, rising."""
    places = batch.positions.detach().double().cpu().numpy()
    pointer = batch.atom_pointer.tolist()
    waiting = 0  # where the structures begin that share the next domain
    for number, (begin, end) in enumerate(pairwise(pointer)):
        if end - waiting <= most:
            continue
        if begin > waiting:
            yield np.arange(waiting, begin)
        waiting = begin
        if end - begin > most:
            inside = _wrapped(places[begin:end], batch.cell[number], batch.periodic[number])
            for part in _halves(np.arange(begin, end), inside, -(-(end - begin) // most)):
                yield np.sort(part)
            waiting = end
    if pointer[-1] > waiting:
        yield np.arange(waiting, pointer[-1])


def _wrapped(places: np.ndarray, cell: torch.Tensor, periodic: torch.Tensor) -> np.ndarray:
    """Positions inside the cell along its periodic directions: what is close through an image is cut off together."""
    rows = cell[periodic].detach().double().cpu().numpy()
    return places - np.floor(places @ np.linalg.pinv(rows)) @ rows if len(rows) else places


def _halves(atoms: np.ndarray, places: np.ndarray, parts: int) -> Iterator[np.ndarray]:
    """Cut into so many parts of nearly equal size."""
    if parts == 1:
        yield atoms
        return
    order = np.argsort(places[:, int(np.ptp(places, axis=0).argmax())], kind="stable")
    few = parts // 2
    middle = len(atoms) * few // parts
    for side, count in ((order[:middle], few), (order[middle:], parts - few)):
        yield from _halves(atoms[side], places[side], count)
