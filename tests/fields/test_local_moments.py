"""Moments about voxels, against their definition as sums, and their noise."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from invgen import TensorSpace, fields
from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.grids import BOUNDARIES
from invgen.spaces.harmonics import monomials

WINDOWS = [Window.hermite(1.1), Window.gaussian(0.9)]


def definition(field: np.ndarray, order: int, window: Window, spacing: tuple[float, ...], boundary: str) -> np.ndarray:
    """Sum of f(y) w(y - x) over all voxels y, moment by moment, with the function of each axis looked up by offset."""
    dimension = len(spacing)
    shape = field.shape[:dimension]
    rows = [window.rows(order, size) for size in spacing]
    reach = [window.reach(size) for size in spacing]
    pad = [(r, r) for r in reach] + [(0, 0)] * (field.ndim - dimension)
    wide = np.pad(field.astype(np.float64), pad, mode=BOUNDARIES[boundary])  # type: ignore[call-overload]
    exponents = [
        e for n in range(order + 1) for e in (monomials(n) if dimension == 3 else [(n - b, b) for b in range(n + 1)])
    ]
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


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: w.kind)
def test_moments_at_points_are_those_at_the_nearest_voxels(window: Window) -> None:
    field = np.random.default_rng(0).normal(size=(5, 6, 7, 3))
    everywhere = fields.moments(field, 3, window, "vector", spacing=0.9).values
    points = np.array([[0.0, 0.0, 0.0], [3.7, 1.8, 2.6]])
    found = fields.moments(field, 3, window, "vector", spacing=0.9, at=points).values
    np.testing.assert_allclose(found, everywhere[[0, 4], [0, 2], [0, 3]], rtol=1e-12, atol=1e-14)


def test_white_noise_stays_white_under_hermite_functions() -> None:
    window = Window.hermite(1.5)
    expected = fields.moments(np.zeros((2, 2, 2)), 3, window).noise
    # The functions are orthogonal but for what is beyond 6 sigma.
    np.testing.assert_allclose(expected, np.diag([window.noise(e) for n in range(4) for e in monomials(n)]), atol=1e-5)
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
        (CUBE, {"at": "all"}, 'at is "every"'),
        (CUBE, {"at": [(0, 0)]}, r"points have the shape \(n, 3\)"),
        (CUBE, {"at": [(0, 0, 9)]}, "points lie inside the field"),
        (CUBE, {"memory_limit": 100}, "more than memory_limit"),
    ],
)
def test_bad_input_is_one_sentence(field: np.ndarray, options: dict[str, Any], words: str) -> None:
    arguments = {"order": 2, "window": WINDOWS[0], **options}
    with pytest.raises(InputError, match=words):
        fields.moments(field, **arguments)


class Labelled:
    """As an xarray.DataArray: an array with dimensions and coordinates."""

    def __init__(self, values: np.ndarray, coordinates: dict[str, np.ndarray]) -> None:
        self._values, self.coords, self.dims = values, coordinates, tuple(coordinates)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self._values if dtype is None else self._values.astype(dtype)


def test_coordinates_bring_the_spacing_and_uneven_ones_are_refused() -> None:
    values = np.random.default_rng(0).normal(size=(5, 5, 5))
    axis = np.arange(5) * 0.8
    labelled = Labelled(values, {"x": axis, "y": axis, "z": axis})
    np.testing.assert_array_equal(
        fields.moments(labelled, 2, WINDOWS[0]).values, fields.moments(values, 2, WINDOWS[0], spacing=0.8).values
    )
    for bad in (axis[::-1], axis**2):
        with pytest.raises(InputError, match="must ascend in equal steps"):
            fields.moments(Labelled(values, {"x": axis, "y": bad, "z": axis}), 2, WINDOWS[0])
