"""Lazy fields: chunk by chunk the same numbers as in memory, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window

dask_array = pytest.importorskip("dask.array")

BASIS = generate(TensorSpace.moments(range(3)), 2)
VECTOR = generate(TensorSpace.moments(range(2), "vector"), 2)
PLANE = generate(TensorSpace.moments(range(3), spatial_dimension=2, group="O2"), 2)
WINDOW = Window.hermite(1.2)  # reaches 8 voxels


def field_of(shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def computed(lazy: Any) -> np.ndarray:
    return lazy.compute(scheduler="synchronous")  # type: ignore[no-any-return]


@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
@pytest.mark.parametrize(
    ("basis", "shape", "chunks"),
    [
        (BASIS, (19, 5, 20), ((10, 9), (5,), (8, 12))),
        (VECTOR, (20, 9, 4, 3), ((10, 10), (9,), (4,), (2, 1))),
        (PLANE, (20, 18), ((12, 8), (9, 9))),
    ],
    ids=["scalar", "vector", "plane"],
)
def test_chunks_give_what_the_whole_gives(basis: Any, shape: Any, chunks: Any, boundary: str) -> None:
    field = field_of(shape)
    wanted = fields.invariants(field, basis, WINDOW, boundary=boundary)
    lazy = fields.invariants(dask_array.from_array(field, chunks=chunks), basis, WINDOW, boundary=boundary)
    assert (lazy.shape, lazy.dtype) == (wanted.shape, wanted.dtype)
    assert lazy.chunks[:-1] == chunks[: wanted.ndim - 1]
    assert np.array_equal(computed(lazy), wanted)


def test_windows_from_a_smoothed_field_reach_further_and_agree_too() -> None:
    windows = [WINDOW, Window.hermite(5.0)]
    field = field_of((120, 3, 4))
    lazy = fields.invariants(dask_array.from_array(field, chunks=(60, 3, 4)), BASIS, windows)
    assert np.array_equal(computed(lazy), fields.invariants(field, BASIS, windows))


@pytest.mark.parametrize("window", [WINDOW, [WINDOW, Window.hermite(1.3)]], ids=["one", "two"])
def test_moments_of_chunks_are_those_of_the_whole(window: Any) -> None:
    field = field_of((20, 4, 5, 3))
    wanted = fields.moments(field, 2, window, "vector", spacing=0.9, boundary="nearest")
    lazy = dask_array.from_array(field, chunks=(10, 4, 5, 1))
    found = fields.moments(lazy, 2, window, "vector", spacing=0.9, boundary="nearest")
    assert np.array_equal(computed(found.values), wanted.values)
    assert (found.space, found.window) == (wanted.space, wanted.window)
    np.testing.assert_array_equal(found.noise, wanted.noise)


@pytest.mark.parametrize(
    "options", [{"at": "whole"}, {"weights": np.ones(3)}, {"normalise": "offset"}, {"target": "torch"}]
)
def test_of_a_lazy_field_moments_are_taken_about_every_voxel(options: dict[str, Any]) -> None:
    lazy = dask_array.from_array(field_of((16, 4, 5)), chunks=(8, 4, 5))
    with pytest.raises(InputError, match="of a lazy field moments are taken about every voxel"):
        fields.moments(lazy, 2, WINDOW, **options)


def test_a_zarr_array_is_read_in_its_chunks(tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr")
    field = field_of((18, 4, 5))
    stored = zarr.create_array(str(tmp_path / "field.zarr"), shape=field.shape, chunks=(9, 4, 5), dtype="f4")
    stored[:] = field
    lazy = fields.invariants(stored, BASIS, WINDOW)
    assert lazy.chunks[0] == (9, 9)
    assert np.array_equal(computed(lazy), fields.invariants(field, BASIS, WINDOW))


def test_coordinates_of_a_lazy_labelled_array_bring_the_spacing() -> None:
    xarray = pytest.importorskip("xarray")
    field = field_of((20, 4, 5))
    axes = {name: np.arange(size) * 0.9 for name, size in zip("xyz", field.shape, strict=True)}
    labelled = xarray.DataArray(dask_array.from_array(field, chunks=(10, 4, 5)), coords=axes, dims=tuple("xyz"))
    found = fields.invariants(labelled, BASIS, WINDOW)
    assert np.array_equal(computed(found), fields.invariants(field, BASIS, WINDOW, spacing=0.9))


def test_integers_become_float64() -> None:
    field = np.random.default_rng(0).integers(0, 255, size=(18, 4, 5), dtype=np.uint8)
    found = computed(fields.invariants(dask_array.from_array(field, chunks=(9, 4, 5)), BASIS, WINDOW))
    assert np.array_equal(found, fields.invariants(field, BASIS, WINDOW))


def test_results_of_different_requests_have_different_names() -> None:
    lazy = dask_array.from_array(field_of((18, 4, 5)), chunks=(9, 4, 5))
    requests = [
        {"window": WINDOW},
        {"window": Window.gaussian(1.2)},
        {"window": [WINDOW]},
        {"window": WINDOW, "boundary": "wrap"},
        {"window": WINDOW, "spacing": 0.9},
    ]
    names = [fields.invariants(lazy, BASIS, **each).name for each in requests]
    assert len(set(names)) == len(names)
    assert fields.invariants(lazy, BASIS, WINDOW).name == names[0]


@pytest.mark.parametrize(
    ("shape", "chunks", "options", "words"),
    [
        ((14, 4, 5), (7, 4, 5), {}, "along x the smallest chunk of the field has 7 voxels and the window reaches 8"),
        ((17, 4, 5), (16, 4, 5), {}, "the smallest chunk of the field has 1 voxels"),
        ((16, 4), (8, 4), {}, "the basis is of moments in 3 dimensions, the field has 2"),
        ((16,), (8,), {}, "has the shape"),
        ((16, 4, 5), (8, 4, 5), {"boundary": "mirror"}, "boundary must be one of"),
        ((16, 4, 5), (8, 4, 5), {"spacing": -1.0}, "the spacing of a grid is positive"),
        ((16, 4, 5), (8, 4, 5), {"out": np.zeros(3)}, "out= is for fields in memory"),
        ((16, 4, 5), (8, 4, 5), {"window": Window.ball(3.0)}, "load a lazy field, or use a Gaussian window"),
    ],
)
def test_bad_requests_are_one_sentence(shape: Any, chunks: Any, options: dict[str, Any], words: str) -> None:
    lazy = dask_array.from_array(field_of(shape), chunks=chunks)
    with pytest.raises(InputError, match=words):
        fields.invariants(lazy, BASIS, **{"window": WINDOW, **options})


def test_a_chunk_with_a_value_that_is_not_finite_is_refused_when_it_is_computed() -> None:
    field = field_of((16, 4, 5))
    field[12, 0, 0] = np.nan
    lazy = fields.invariants(dask_array.from_array(field, chunks=(8, 4, 5)), BASIS, WINDOW)
    with pytest.raises(InputError, match="a chunk holds 1 values that are not"):
        computed(lazy)


def test_slabs_of_a_lazy_field_are_its_chunks() -> None:
    with pytest.raises(InputError, match="worked on in its own chunks"):
        fields.iterate(dask_array.from_array(field_of((16, 4, 5)), chunks=(8, 4, 5)), BASIS, WINDOW)
