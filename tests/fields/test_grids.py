"""What a field is read as: real finite numbers with a spacing, a place and weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen import fields
from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.grids import read

WINDOW = Window.hermite(1.2)


class Labelled:
    """As an xarray.DataArray: an array with dimensions and coordinates."""

    def __init__(self, values: np.ndarray, coordinates: dict[str, np.ndarray]) -> None:
        self._values, self.coords, self.dims = values, coordinates, tuple(coordinates)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self._values if dtype is None else self._values.astype(dtype)


def test_coordinates_bring_the_spacing_and_where_the_field_begins() -> None:
    values = np.random.default_rng(0).normal(size=(5, 5, 5))
    axis = np.arange(5) * 0.8
    labelled = Labelled(values, {"x": axis + 3.0, "y": axis, "z": axis - 1.0})
    grid = read(labelled)
    np.testing.assert_allclose(grid.spacing, (0.8,) * 3, rtol=1e-14)
    assert grid.origin == (3.0, 0.0, -1.0)
    everywhere = fields.moments(labelled, 2, WINDOW).values
    # coordinates such as 3.8 are rounded, which moves the window by some 1e-16
    at = fields.moments(labelled, 2, WINDOW, at=[(3.8, 1.6, -0.2)]).values
    np.testing.assert_allclose(at[0], everywhere[1, 2, 1], atol=1e-13)
    plain = fields.moments(values, 2, WINDOW, spacing=0.8)
    np.testing.assert_allclose(everywhere, plain.values, atol=1e-13)
    assert read(labelled, spacing=0.5).origin == (0.0, 0.0, 0.0)


def test_an_xarray_is_read_with_its_coordinates() -> None:
    xarray = pytest.importorskip("xarray")
    values = np.random.default_rng(0).normal(size=(4, 5))
    found = read(xarray.DataArray(values, dims=("lat", "lon"), coords={"lat": 10 + 0.5 * np.arange(4)}))
    assert (found.spacing, found.origin) == ((0.5, 1.0), (10.0, 0.0))


@pytest.mark.parametrize("bad", [np.arange(5)[::-1], np.arange(5) ** 2, np.zeros(5)], ids=["falling", "uneven", "same"])
def test_uneven_and_decreasing_coordinates_are_refused(bad: np.ndarray) -> None:
    axis = np.arange(5) * 0.8
    with pytest.raises(InputError, match=r"the coordinates along y \(y\) must ascend in equal steps"):
        read(Labelled(np.zeros((5, 5, 5)), {"x": axis, "y": bad, "z": axis}))


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.bool_, np.float16])
def test_integers_are_summed_as_float64(dtype: Any) -> None:
    field = (
        np.ones((9, 9, 9), dtype) if dtype == np.bool_ else np.full((9, 9, 9), 255 if dtype == np.uint8 else 3, dtype)
    )
    assert read(field).values.dtype == np.float64
    whole = fields.moments(field, 2, at="whole").values
    assert whole[0] == float(field.flat[0]) * 729  # 255 x 729 does not fit 8 or 16 bits
    assert read(field.astype(np.float32)).values.dtype == np.float32


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.ones((3, 4)), r"weights are real numbers of the shape \(3, 4, 5\)"),
        (np.ones((3, 4, 5), complex), "weights are real numbers"),
        (-np.ones((3, 4, 5)), "weights are finite and not negative"),
        (np.full((3, 4, 5), np.nan), "weights are finite and not negative"),
        (np.zeros((3, 4, 5), bool), "the weights are zero everywhere"),
    ],
)
def test_bad_weights_are_one_sentence(weights: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(np.ones((3, 4, 5)), weights=weights)


def test_a_field_may_be_nan_where_its_weight_is_zero_and_nowhere_else() -> None:
    field, weights = np.ones((3, 4)), np.ones((3, 4))
    field[1, 2] = np.nan
    with pytest.raises(InputError, match="a field must be finite where the weights are positive, got 1 values"):
        read(field, weights=weights)
    with pytest.raises(InputError, match="a field must be finite, got 1 values"):
        read(field)
    weights[1, 2] = 0
    assert read(field, weights=weights).values[1, 2, 0] == 0.0


def test_the_mask_of_a_field_without_weights_is_one() -> None:
    assert (read(np.zeros((3, 4))).mask.values == 1.0).all()
    weights = np.arange(12.0).reshape(3, 4)
    np.testing.assert_array_equal(read(np.zeros((3, 4)), weights=weights).mask.values[..., 0], weights)


@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
def test_padding_continues_the_field_as_the_boundary_says(boundary: str) -> None:
    line = read(np.array([[1.0, 2.0, 3.0]]), boundary=boundary).padded((0, 2))[0, :, 0]
    wanted = {"zero": [0, 0, 1, 2, 3, 0, 0], "nearest": [1, 1, 1, 2, 3, 3, 3], "wrap": [2, 3, 1, 2, 3, 1, 2]}
    assert line.tolist() == wanted[boundary]
