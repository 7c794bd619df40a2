"""Alignment of two patterns: the rotation, its covariance, symmetric patterns, and what does not go together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.fields import Template, Window, align

pytest.importorskip("scipy")
from scipy.spatial.transform import Rotation

WINDOW, ORDER = Window.hermite(1.6), 5
AXIS = np.arange(-9.0, 10.0)
POINTS = np.stack(np.meshgrid(AXIS, AXIS, AXIS, indexing="ij"), axis=-1)
BLOBS = np.array([(2.2, 0.0, 0.3), (-1.0, 1.8, 0.0), (0.0, -1.0, 2.0)])
TURN = Rotation.from_rotvec([0.5, -1.1, 0.8])


def pattern(matrix: np.ndarray, blobs: np.ndarray = BLOBS) -> np.ndarray:
    return sum(  # type: ignore[return-value]
        (i + 1) * np.exp(-((POINTS - matrix @ b) ** 2).sum(axis=-1) / (2 * 1.3**2)) for i, b in enumerate(blobs)
    )


def test_the_rotation_takes_the_first_to_the_second() -> None:
    found = align(pattern(np.eye(3)), 2.0 * pattern(TURN.as_matrix()), WINDOW, ORDER, angle=30.0)
    # The error of sampling Gaussians of 1.3 voxels under a window of 1.6 is below 1e-6.
    assert (found.rotation * TURN.inv()).magnitude() < 1e-5
    assert found.score == pytest.approx(1.0, abs=1e-6) and found.score <= 1.0
    assert found.runner_up < 0.95
    assert np.abs(found.covariance).max() < 1e-8


def test_covariances_hold_what_errors_are() -> None:
    generator = np.random.default_rng(0)
    first = Template(pattern(np.eye(3)), WINDOW, ORDER, background=0.0)
    clean, inside = pattern(TURN.as_matrix()), 0
    for _ in range(60):
        b = Template(clean + 0.3 * generator.normal(size=clean.shape), WINDOW, ORDER, background=0.0)
        found = align(first, b, angle=30.0, noise=0.3)
        error = (TURN * found.rotation.inv()).as_rotvec()
        inside += float(error @ np.linalg.solve(found.covariance, error)) <= 6.25  # 90 % of chi2 with 3
    # 54 of 60 are expected, with a standard deviation of 2.3.
    assert 47 <= inside <= 60


def test_a_free_axis_is_said_to_be_free() -> None:
    along = np.array([(0.0, 0.0, 1.5), (0.0, 0.0, -2.0), (0.0, 0.0, 3.0)])
    found = align(pattern(np.eye(3), along), pattern(TURN.as_matrix(), along), WINDOW, ORDER, angle=30.0)
    axis = TURN.apply([0.0, 0.0, 1.0])
    assert found.rotation.apply([0.0, 0.0, 1.0]) == pytest.approx(axis, abs=1e-5)
    assert axis @ found.covariance @ axis == pytest.approx(np.pi**2 / 3, rel=1e-3)


def test_a_symmetric_pattern_has_a_runner_up_as_good() -> None:
    pair = np.concatenate([BLOBS[:2], BLOBS[:2] * (-1, -1, 1)])  # a twofold axis along z
    heights = np.array([1.0, 2.0, 1.0, 2.0])
    values = sum(h * np.exp(-((POINTS - b) ** 2).sum(axis=-1) / 3.4) for h, b in zip(heights, pair, strict=True))
    found = align(values, values, WINDOW, ORDER, angle=30.0)
    assert found.score == pytest.approx(1.0) and found.runner_up == pytest.approx(1.0)


def test_images_are_aligned_by_an_angle() -> None:
    matrix = Rotation.from_euler("z", 40, degrees=True).as_matrix()
    flat = [pattern(m, BLOBS * (1, 1, 0))[:, :, 9] for m in (np.eye(3), matrix)]
    found = align(*flat, WINDOW, ORDER)
    assert found.rotation.as_rotvec(degrees=True) == pytest.approx([0.0, 0.0, 40.0], abs=1e-3)


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.ones((5, 5, 5)), pattern(np.eye(3)), "no contrast"),
        (pattern(np.eye(3)), pattern(np.eye(3))[9], "same dimension"),
        (Template(pattern(np.eye(3)), WINDOW, 4), pattern(np.eye(3)), "same order"),
        (Template(pattern(np.eye(3)), WINDOW, ORDER), Template(pattern(np.eye(3)), WINDOW, ORDER, 1.1), "same spacing"),
    ],
)
def test_patterns_that_do_not_go_together_are_refused(a: Any, b: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        align(a, b, WINDOW, ORDER)


def test_noise_is_a_standard_deviation() -> None:
    with pytest.raises(InputError, match="standard deviation"):
        align(pattern(np.eye(3)), pattern(np.eye(3)), WINDOW, ORDER, noise=-1.0)
