"""Domains own every atom once, and have all pairs within their reach and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from invgen.errors import InputError
from invgen.structures import Batch, Structure
from invgen.structures.domains import domains_of

pytest.importorskip("vesin")

CUTOFF = 2.5


def batch_of(sizes: list[int], seed: int, periodic: bool = True) -> Batch:
    """Structures of so many atoms, some outside the cell, and no two at one place."""
    generator = np.random.default_rng(seed)
    cell = np.array([[4.0, 0.0, 0.0], [1.0, 5.0, 0.0], [0.0, -1.0, 6.0]])
    structures = []
    for size in sizes:
        sites = generator.permutation(7**3)[:size]
        inside = np.stack(np.unravel_index(sites, (7, 7, 7)), 1) / 7 + generator.integers(-2, 3, (size, 3))
        structures.append(Structure(np.full(size, 6), inside @ cell, cell, periodic))
    return Batch.from_structures(structures, CUTOFF, dtype=torch.float64)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=4),
    st.integers(1, 25),
    st.integers(1, 3),
    st.integers(0, 2**32 - 1),
)
def test_every_atom_is_owned_once_by_a_domain_that_is_not_too_large(
    sizes: list[int], most: int, reach: int, seed: int
) -> None:
    batch = batch_of(sizes, seed)
    owned = [domain.atoms[domain.own] for domain in domains_of(batch, most, reach)]
    assert max(each.numel() for each in owned) <= most
    assert torch.cat(owned).sort().values.tolist() == list(range(batch.atoms))


@given(st.integers(1, 40), st.integers(1, 25), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_pairs_are_those_of_all_atoms_less_than_the_reach_away(size: int, most: int, reach: int, seed: int) -> None:
    batch = batch_of([size], seed)
    assert batch.pairs is not None
    lists = batch.pairs.neighbours
    for domain in domains_of(batch, most, reach):
        near = set(domain.atoms[domain.own].tolist())
        for _ in range(reach - 1):
            near |= {j for i, j in zip(lists.receivers.tolist(), lists.index.tolist(), strict=True) if i in near}
        wanted = [pair for pair, i in enumerate(lists.receivers.tolist()) if i in near]
        assert domain.pairs.tolist() == wanted
        assert torch.equal(domain.atoms[domain.neighbours.receivers], lists.receivers[domain.pairs])
        assert torch.equal(domain.atoms[domain.neighbours.index], lists.index[domain.pairs])


def test_small_structures_share_a_domain() -> None:
    owned = [domain.atoms[domain.own].tolist() for domain in domains_of(batch_of([3, 4, 5, 2], 0), 8, 1)]
    assert owned == [list(range(7)), list(range(7, 14))]


def test_atoms_that_are_close_through_an_image_are_cut_off_together() -> None:
    """A line of atoms along a periodic axis, every second one of them moved by a cell."""
    places = np.zeros((8, 3))
    places[:, 0] = np.arange(8) + 8.0 * (np.arange(8) % 2)
    line = Structure(np.full(8, 6), places, np.diag([8.0, 6.0, 6.0]), True)
    batch = Batch.from_structures([line], 1.5, dtype=torch.float64)
    owned = [domain.atoms[domain.own].tolist() for domain in domains_of(batch, 4, 1)]
    assert owned == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_batch_without_pairs_is_refused() -> None:
    batch = Batch.from_structures([Structure(np.array([6]), np.zeros((1, 3)))])
    with pytest.raises(InputError, match="the batch has no pairs"):
        next(domains_of(batch, 4, 1))
