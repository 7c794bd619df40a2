"""Large windows from a smoothed field: their weights are those of the window, their results those of direct sums."""

from __future__ import annotations

import numpy as np
import pytest

from invgen import fields
from invgen.fields import Window
from invgen.fields.grids import read
from invgen.fields.pyramids import (
    ACCURACY,
    DIRECT,
    apart,
    deconvolved,
    hermite,
    of_hermite,
    smoothed_bytes,
    smoothing,
    step_of,
    weights_error,
)
from tests.support.local_moments import direct_moments

KINDS = ["hermite", "gaussian"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_functions_of_a_window_are_sums_of_hermite_functions(kind: str) -> None:
    window = Window(kind, 3.0)
    reach = window.reach(0.8)
    t = np.arange(-reach, reach + 1) * (0.8 / 3.0)
    found = of_hermite(window, 5, 0.8) @ (hermite(5, t) * np.exp(-0.5 * t * t))
    np.testing.assert_allclose(found, window.rows(5, 0.8), atol=1e-14)


@pytest.mark.parametrize("ratio", [1.2, np.sqrt(2.0)])
def test_smoothing_what_was_deconvolved_gives_the_function_back(ratio: float) -> None:
    # s = 1; sums over a fine grid are integrals of Gaussians to all digits.
    t = np.arange(-12.0, 12.0 + 0.01, 0.05)
    rest = 1.0 / ratio
    width = np.sqrt(1.0 - rest**2)
    narrow = deconvolved(6, ratio) @ (hermite(6, t / rest) * np.exp(-0.5 * (t / rest) ** 2))
    gauss = 0.05 * np.exp(-0.5 * (t / width) ** 2) / (width * np.sqrt(2.0 * np.pi))
    wanted = hermite(6, t) * np.exp(-0.5 * t * t)
    found = np.stack([np.convolve(row, gauss, mode="same") for row in narrow])
    assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", [0, 2, 4, 6, 8])
def test_steps_are_as_large_as_the_stated_accuracy_allows(kind: str, order: int) -> None:
    assert step_of(Window(kind, DIRECT), order, 1.0) == 1
    steps = [step_of(Window(kind, scale), order, 1.0) for scale in (6.0, 9.0, 14.0)]
    assert steps == sorted(steps) and steps[0] > 1
    for scale, step in zip((6.0, 9.0, 14.0), steps, strict=True):
        assert weights_error(Window(kind, scale), order, 1.0, step) <= ACCURACY
        assert weights_error(Window(kind, scale), order, 1.0, step + 1) > ACCURACY / 10


def test_steps_depend_on_scale_and_voxel_by_their_ratio_alone() -> None:
    assert step_of(Window.hermite(6.0), 4, 0.5) == step_of(Window.hermite(12.0), 4, 1.0)


def test_fewer_voxels_are_taken_than_by_direct_sums() -> None:
    window = Window.hermite(8.0)
    step = step_of(window, 4, 1.0)
    taken = apart(window, 4, 1.0, step).shape[1] // 2
    assert taken * 2 < window.reach(1.0)
    assert abs(smoothing(window, 1.0).sum() - 1.0) < 1e-8  # what is beyond 6 sigma


@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
@pytest.mark.parametrize("kind", KINDS)
def test_moments_are_those_of_direct_sums(kind: str, boundary: str) -> None:
    # Along y the window has three voxels a scale and is summed as it is; along x and z it is not.
    field = np.random.default_rng(0).normal(size=(11, 3, 14))
    window, spacing = Window(kind, 5.0), (1.0, 5.0 / 3.0, 0.8)
    assert [step_of(window, 4, h) for h in spacing][::2] != [1, 1]
    found = fields.moments(field, 4, window, spacing=spacing, boundary=boundary).values
    # Direct sums to twice the reach: what they cut off otherwise is 1e-5 of the greatest weight.
    wanted = direct_moments(field, 4, window, spacing, boundary)
    assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()
    single = fields.moments(field.astype(np.float32), 4, window, spacing=spacing, boundary=boundary).values
    assert np.abs(single - wanted).max() <= 2e-5 * np.abs(wanted).max()


def test_fields_of_vectors_are_smoothed_component_by_component() -> None:
    field = np.random.default_rng(0).normal(size=(9, 8, 7, 3))
    window = Window.hermite(5.0)
    together = fields.moments(field, 2, window, "vector").values.reshape(9, 8, 7, 10, 3)
    for axis in range(3):
        alone = fields.moments(field[..., axis], 2, window).values
        np.testing.assert_allclose(together[..., axis], alone, rtol=1e-12, atol=1e-14)


def test_the_number_of_threads_changes_no_bit() -> None:
    field = np.random.default_rng(0).normal(size=(9, 10, 33)).astype(np.float32)
    window = Window.hermite(6.0)
    one, three = (fields.moments(field, 4, window, threads=count).values for count in (1, 3))
    assert np.array_equal(one, three)


def test_the_memory_of_a_smoothed_field_is_foreseen() -> None:
    grid = read(np.zeros((9, 9, 9), dtype=np.float32))
    assert smoothed_bytes(grid, 4, Window.hermite(3.0)) == 0
    window = Window.hermite(8.0)
    step = step_of(window, 4, 1.0)
    side = 9 + 2 * step * (apart(window, 4, 1.0, step).shape[1] // 2)
    assert smoothed_bytes(grid, 4, window) == 4 * side**3
