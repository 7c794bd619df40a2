"""Windows: orthonormal functions, the law by which they turn, and the size of voxels that they allow."""

from __future__ import annotations

from math import factorial, sqrt

import mpmath
import numpy as np
import pytest
from numpy.polynomial import hermite

from invgen.errors import InputError
from invgen.fields import Window


@pytest.mark.parametrize("spacing", [0.5, 1.0])
def test_hermite_functions_are_orthonormal_over_the_voxels(spacing: float) -> None:
    rows = Window.hermite(1.7).rows(6, spacing)
    # what the window leaves out beyond 6 sigma, times t^12
    np.testing.assert_allclose(rows @ rows.T, np.eye(7), atol=2e-4)
    np.testing.assert_allclose(rows[:4] @ rows[:4].T, np.eye(4), atol=1e-6)


def test_hermite_functions_are_those_of_numpy() -> None:
    window = Window.hermite(2.0)
    t = np.arange(-12, 13) / 2.0
    for n, row in enumerate(window.rows(5, 1.0)):
        wanted = (
            hermite.hermval(t, [0] * n + [1]) * np.exp(-t * t / 2) / sqrt(2.0**n * factorial(n) * sqrt(np.pi) * 2.0)
        )
        np.testing.assert_allclose(row, wanted, rtol=1e-13, atol=1e-15)


def test_a_gaussian_window_averages() -> None:
    rows = Window.gaussian(2.0).rows(2, 1.0)
    # the mean of 1, t and t²; sampling changes them by exp(-8π²)
    np.testing.assert_allclose(rows.sum(axis=1), [1, 0, 1], atol=1e-7)


def test_voxels_that_sampling_gives_a_direction_are_refused() -> None:
    assert Window.hermite(1.2).aliasing(1.0) < 1e-10
    with pytest.raises(InputError, match=r"along y the voxels of size 3 are too large for a window of scale 1\.5"):
        Window.hermite(1.5).check(3.0, "y")
    Window.hermite(1.2 * 0.7).check(0.7, "x")
    with pytest.raises(
        InputError, match=r"has 1 voxels per sigma, .* at most 0\.833, a larger scale, or a window with co"
    ):
        Window.gaussian(1.0).check(1.0, "x")
    Window.gaussian(1.0, coarse=True).check(1.0, "x")
    with pytest.raises(InputError, match=r"use voxels of at most 0\.845, or a larger scale$"):
        Window.hermite(0.5, coarse=True).check(1.0, "x")


def test_there_are_three_kinds() -> None:
    with pytest.raises(InputError, match="the kind of a window must be one of 'hermite', 'gaussian', 'ball'"):
        Window("box", 2.0)


def test_functions_are_exact_to_a_few_roundings() -> None:
    h, sigma = mpmath.mpf(0.8), mpmath.mpf(1.3)
    offsets = np.array([-2.5, 0.0, 0.3, 4.0])
    for kind in ("hermite", "gaussian"):
        found = Window(kind, 1.3).functions(4, 0.8, offsets)
        with mpmath.workdps(40):
            for n in range(5):
                for value, offset in zip(found[n], offsets, strict=True):
                    t = mpmath.mpf(offset) / sigma
                    power = mpmath.hermite(n, t) if kind == "hermite" else t**n
                    unit = (
                        mpmath.sqrt(h / sigma / mpmath.sqrt(mpmath.pi) / (2**n * mpmath.factorial(n)))
                        if kind == "hermite"
                        else h / sigma / mpmath.sqrt(2 * mpmath.pi)
                    )
                    wanted = float(power * mpmath.exp(-t * t / 2) * unit)
                    # polynomials lose some roundings near their zeros, of numbers below 3
                    assert abs(value - wanted) <= 1e-14 * (1 + abs(wanted))


def test_a_window_ends_where_it_is_cut() -> None:
    assert Window.hermite(1.5).reach(0.5) == 18 and Window.gaussian(1.5, cut=8).reach(0.5) == 24
    with pytest.raises(InputError, match="the cut of a window is a positive number"):
        Window.hermite(1.5, cut=0)


def test_a_ball_reaches_as_far_as_its_edge_and_has_no_functions_of_one_coordinate() -> None:
    assert Window.ball(3.5).reach(1.0) == 4 and Window.ball(3.0, 0.5).reach(1.0) == 6
    assert Window.ball(3.5).aliasing(1.0) == 0.0
    with pytest.raises(InputError, match="a ball is not a product of functions"):
        Window.ball(3.5).rows(2, 1.0)
    with pytest.raises(InputError, match=r"along z the voxels of size 3 are too large for a ball of radius 3"):
        Window.ball(3.0).check(3.0, "z")
    with pytest.raises(InputError, match="the radius of a ball is a positive number"):
        Window.ball(-1.0)
    with pytest.raises(InputError, match="the taper of a ball is a number of at least 0"):
        Window.ball(3.0, -1.0)


@pytest.mark.parametrize("scale", [0, -1.0, float("nan"), "2", None])
def test_a_scale_is_a_positive_number(scale: object) -> None:
    with pytest.raises(InputError, match="the scale of a window"):
        Window.hermite(scale)  # type: ignore[arg-type]
