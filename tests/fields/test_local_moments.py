"""Moments about voxels, against their definition as sums, and their noise."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.grids import BOUNDARIES
from invgen.fields.slabs import exponents_of

WINDOWS = [Window.hermite(1.2), Window.gaussian(1.3)]


def definition(field: np.ndarray, order: int, window: Window, spacing: tuple[float, ...], boundary: str) -> np.ndarray:
    """Sum of f(y) w(y - x) over all voxels y, moment by moment, with the function of each axis looked up by offset."""
    dimension = len(spacing)
    shape = field.shape[:dimension]
    rows = [window.rows(order, size) for size in spacing]
    reach = [window.reach(size) for size in spacing]
    pad = [(r, r) for r in reach] + [(0, 0)] * (field.ndim - dimension)
    wide = np.pad(field.astype(np.float64), pad, mode=BOUNDARIES[boundary])  # type: ignore[call-overload]
    exponents = exponents_of(order, dimension)
    components = field.shape[dimension:]
    found = np.zeros((*shape, len(exponents), *components))
    for place in product(*map(range, shape)):
        part = wide[tuple(slice(p, p + 2 * r + 1) for p, r in zip(place, reach, strict=True))]
        for k, e in enumerate(exponents):
            weights = np.array(window.entry(e))
            for row, power in zip(rows, e, strict=True):
                weights = np.multiply.outer(weights, row[power])
            found[(*place, k)] = np.tensordot(weights, part, dimension)
    return found.reshape(*shape, -1)


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: w.kind)
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-13), (np.float32, 3e-6)])
def test_moments_are_sums_over_the_window(window: Window, boundary: str, dtype: Any, tolerance: float) -> None:
    # 17 voxels along z leave a rest beside whole groups of lanes; the tolerance is some hundred roundings.
    field = np.random.default_rng(0).normal(size=(3, 4, 17)).astype(dtype)
    spacing = (1.0, 0.8, 0.9)
    found = fields.moments(field, 3, window, spacing=spacing, boundary=boundary)
    wanted = definition(field, 3, window, spacing, boundary)
    assert found.values.dtype == dtype
    assert np.abs(found.values - wanted).max() <= tolerance * np.abs(wanted).max()


@pytest.mark.parametrize(
    ("shape", "values"), [((4, 5), "scalar"), ((4, 5, 2), "vector"), ((3, 4, 5, 3), "vector"), ((2, 3, 4, 9), "matrix")]
)
def test_components_are_those_of_the_space(shape: tuple[int, ...], values: str) -> None:
    field = np.random.default_rng(0).normal(size=shape)
    found = fields.moments(field, 2, WINDOWS[0], values)
    spacing = (1.0,) * (len(shape) - (values != "scalar"))
    assert found.space == TensorSpace.moments(range(3), values, len(spacing), "O3" if len(spacing) == 3 else "O2")
    np.testing.assert_allclose(
        found.values, definition(field, 2, WINDOWS[0], spacing, "zero"), atol=1e-13 * np.abs(found.values).max()
    )


def test_white_noise_stays_white_under_hermite_functions() -> None:
    window = Window.hermite(1.5)
    expected = fields.moments(np.zeros((2, 2, 2)), 3, window).noise
    # The functions are orthogonal but for what is beyond 6 sigma.
    np.testing.assert_allclose(expected, np.diag([window.noise(e) for e in exponents_of(3, 3)]), atol=1e-5)
    field = np.random.default_rng(0).normal(size=(40, 40, 40))
    values = fields.moments(field, 3, window, boundary="wrap").values.reshape(-1, 20)
    # 64,000 voxels hold about 1,000 independent windows: an error of a tenth is three standard deviations.
    np.testing.assert_allclose(values.T @ values / len(values), expected, atol=0.15)


def test_gaussian_moments_of_noise_have_the_stated_covariance() -> None:
    window = Window.gaussian(1.2)
    field = np.random.default_rng(0).normal(size=(40, 40, 40))
    found = fields.moments(field, 2, window, boundary="wrap")
    values = found.values.reshape(-1, 10)
    covariance = values.T @ values / len(values)
    np.testing.assert_allclose(covariance / found.noise.max(), found.noise / found.noise.max(), atol=0.1)


def test_the_number_of_threads_changes_no_bit() -> None:
    field = np.random.default_rng(0).normal(size=(9, 10, 33)).astype(np.float32)
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = fields.moments(field, 4, WINDOWS[0]).values
        torch.set_num_threads(3)
        assert np.array_equal(fields.moments(field, 4, WINDOWS[0]).values, one)
    finally:
        torch.set_num_threads(before)


def test_integers_are_summed_as_float64_and_float32_stays() -> None:
    field = np.random.default_rng(0).integers(0, 256, size=(6, 6, 6), dtype=np.uint8)
    found = fields.moments(field, 1, WINDOWS[0]).values
    np.testing.assert_array_equal(found, fields.moments(field.astype(np.float64), 1, WINDOWS[0]).values)
    assert fields.moments(field.astype(np.float32), 1, WINDOWS[0]).values.dtype == np.float32


@pytest.mark.parametrize("window", [*WINDOWS, Window.ball(2.0)], ids=lambda w: w.kind)
@pytest.mark.parametrize("at", ["every", "points"])
def test_the_values_go_where_they_are_asked_for(window: Window, at: str) -> None:
    field = np.random.default_rng(0).normal(size=(5, 6, 7))
    where: Any = at if at == "every" else [(1.0, 2.0, 3.5)]
    wanted = fields.moments(field, 2, window, at=where).values
    out = np.full(wanted.shape, np.nan)
    assert fields.moments(field, 2, window, at=where, out=out, threads=2).values is out
    np.testing.assert_array_equal(out, wanted)


def test_several_windows_are_stacked() -> None:
    field = np.random.default_rng(0).normal(size=(5, 6, 7))
    windows = [Window.hermite(1.2), Window.hermite(1.6)]
    found = fields.moments(field, 2, windows)
    assert found.window == tuple(windows) and found.noise is not None
    for window, values, noise in zip(windows, found.values, found.noise, strict=True):
        alone = fields.moments(field, 2, window)
        np.testing.assert_array_equal(values, alone.values)
        np.testing.assert_array_equal(noise, alone.noise)


def test_a_mask_leaves_out_what_it_covers_and_has_moments_of_its_own() -> None:
    generator = np.random.default_rng(0)
    field, mask = generator.normal(size=(6, 7, 8)), generator.random((6, 7, 8)) > 0.3
    holes = np.where(mask, field, np.nan)
    found = fields.moments(holes, 2, WINDOWS[0], weights=mask)
    np.testing.assert_array_equal(found.values, fields.moments(field * mask, 2, WINDOWS[0]).values)
    assert found.noise is None, "it depends on how much of the window the mask leaves"
    own = fields.moments(mask, 2, WINDOWS[0])
    np.testing.assert_array_equal(fields.moments(np.ones((6, 7, 8)), 2, WINDOWS[0], weights=mask).values, own.values)


def test_a_pseudovector_of_the_plane_is_one_number_that_reflections_turn_over() -> None:
    field = np.random.default_rng(0).normal(size=(7, 8))
    space = TensorSpace.moments(range(3), "pseudovector", 2, "O2")
    found = fields.moments(field, 2, WINDOWS[0], "pseudovector")
    assert found.space == space
    basis = generate(space, 3)
    mirrored = fields.moments(-field[::-1], 2, WINDOWS[0], "pseudovector").values[::-1]
    # some roundings of sums of another order
    np.testing.assert_allclose(basis.evaluate(mirrored), basis.evaluate(found.values), atol=1e-14)


@pytest.mark.parametrize("values", ["vector", "pseudovector"])
def test_a_mirrored_vector_field_has_the_parity_that_is_stated(values: str) -> None:
    field = np.random.default_rng(0).normal(size=(4, 5, 6, 3))
    mirrored = field[::-1] * np.array([-1.0, 1, 1]) * (1 if values == "vector" else -1)
    basis = generate(TensorSpace.moments(range(2), values), 3)
    before = basis.evaluate(fields.moments(field, 1, WINDOWS[0], values).values)
    after = basis.evaluate(fields.moments(mirrored, 1, WINDOWS[0], values).values[::-1])
    np.testing.assert_allclose(after, before, atol=1e-13)


CUBE = np.zeros((4, 4, 4))


@pytest.mark.parametrize(
    ("field", "options", "words"),
    [
        (np.full((4, 4, 4), np.nan), {}, "a field must be finite, got 64 values"),
        (CUBE.astype(complex), {}, "real numbers, got an array of complex128"),
        (np.array([[None, 1], [2, 3]]), {}, "real numbers, got an array of object"),
        (np.zeros(5), {}, "has the shape"),
        (np.zeros((0, 3, 3)), {}, "at least one voxel"),
        (np.zeros((4, 4, 4, 2)), {"values": "vector"}, "has 3 components in the last axis"),
        (np.zeros((4, 4, 3)), {"values": "vector"}, "a vector in 2 dimensions has 2 components"),
        (CUBE, {"values": "tensor"}, "values must be one of"),
        (CUBE, {"boundary": "mirror"}, "boundary must be one of"),
        (CUBE, {"spacing": 0.0}, "the spacing of a grid is positive"),
        (CUBE, {"spacing": (1, 2)}, "spacing is one number, or 3 of them"),
        (CUBE, {"spacing": 5.0}, "along x the voxels of size 5 are too large"),
        (CUBE, {"order": 21}, "order 20"),
        (CUBE, {"order": -1}, "order"),
        (CUBE, {"window": "hermite"}, "window is a Window"),
        (CUBE, {"at": "all"}, 'at is "every", "whole" or'),
        (CUBE, {"at": "whole"}, 'needs normalise="translation"'),
        (CUBE, {"window": None}, "window is a Window"),
        (CUBE, {"window": []}, "at least one, and of one kind"),
        (CUBE, {"window": [*WINDOWS]}, "at least one, and of one kind"),
        (CUBE, {"threads": 0}, "threads is an integer of at least 1"),
        (CUBE, {"out": np.zeros((4, 4, 4, 9))}, r"out is an array of float64 of the shape \(4, 4, 4, 10\)"),
        (CUBE, {"out": np.zeros((4, 4, 4, 10), np.float32)}, "out is an array of float64"),
        (CUBE, {"out": [1]}, "out is an array"),
        (CUBE, {"at": [(0, 0)]}, r"points have the shape \(n, 3\)"),
        (CUBE, {"at": [(0, 0, 9)]}, "points lie inside the field"),
        (CUBE, {"memory_limit": 100}, "more than memory_limit"),
    ],
)
def test_bad_input_is_one_sentence(field: np.ndarray, options: dict[str, Any], words: str) -> None:
    arguments = {"order": 2, "window": WINDOWS[0], **options}
    with pytest.raises(InputError, match=words):
        fields.moments(field, **arguments)
