"""Memory of results at every voxel, and slabs along x."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.grids import read
from invgen.fields.slabs import (
    exponents_of,
    moments_everywhere,
    result_array,
    slabs_of,
    stored_shape,
    thickness_of,
    threads_of,
)
from invgen.spaces.harmonics import monomials


def test_exponents_come_in_the_order_of_the_components() -> None:
    assert exponents_of(2, 2) == [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]
    assert exponents_of(3, 3) == [e for n in range(4) for e in monomials(n)]


def test_threads_are_those_of_the_runtime_or_those_that_are_given() -> None:
    assert threads_of(None) == torch.get_num_threads() and threads_of(5) == 5
    with pytest.raises(InputError, match="threads"):
        threads_of(-1)


def test_results_have_their_last_two_axes_stored_exchanged() -> None:
    found = result_array("out", None, (2, 3, 4, 5), np.dtype(np.float32))
    assert found.shape == (2, 3, 4, 5) and found.base is not None
    assert stored_shape((3, 4), 5) == (3, 5, 4)
    assert np.moveaxis(found, -1, -2).flags.c_contiguous
    assert result_array("out", found, (2, 3, 4, 5), np.dtype(np.float32)) is found


def test_memory_that_cannot_be_written_to_is_refused() -> None:
    found = result_array("out", None, (2, 3, 4, 5), np.dtype(np.float32))
    found.flags.writeable = False
    with pytest.raises(InputError, match="can be written to"):
        result_array("out", found, (2, 3, 4, 5), np.dtype(np.float32))


def test_slabs_hold_at_most_so_many_numbers_and_at_least_a_plane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invgen.fields.slabs.SLAB", 100)
    assert [thickness_of((9, 4, 5), rows) for rows in (1, 2, 9)] == [5, 2, 1]
    assert thickness_of((3, 4, 5), 1) == 3


def test_slabs_put_together_are_the_moments_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    grid, window = read(np.random.default_rng(0).normal(size=(5, 4, 6))), Window.hermite(1.2)
    whole = moments_everywhere(grid, 2, window)
    monkeypatch.setattr("invgen.fields.slabs.SLAB", 2 * 4 * 6 * 10)
    parts = list(slabs_of(grid, 2, window))
    assert [(where.start, where.stop) for where, _ in parts] == [(0, 2), (2, 4), (4, 5)]
    assert np.array_equal(np.concatenate([np.moveaxis(slab, -2, -1) for _, slab in parts]), whole)


def test_moments_go_to_memory_that_fits() -> None:
    grid, window = read(np.random.default_rng(0).normal(size=(3, 4, 6))), Window.hermite(1.2)
    whole = moments_everywhere(grid, 2, window)
    out = np.empty_like(whole, order="K")
    assert moments_everywhere(grid, 2, window, out=out) is out
    assert np.array_equal(out, whole)
    other = np.empty(whole.shape)
    assert moments_everywhere(grid, 2, window, out=other) is not other
