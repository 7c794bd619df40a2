"""Moments of point clouds: those of a field that is not zero at the points, and invariants of what is left."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window
from invgen.testing.rotations import random_rotation

POINTS = np.random.default_rng(0).normal(size=(20, 3))
WEIGHTS = np.random.default_rng(1).uniform(0.5, 2.0, size=20)


@pytest.mark.parametrize(
    "normalise", [(), "translation", ("scale", "translation"), ("translation", "scale", "contrast")]
)
@pytest.mark.parametrize("shape", [(4, 5, 6), (5, 7)])
def test_points_of_a_grid_have_the_moments_of_the_field(shape: tuple[int, ...], normalise: Any) -> None:
    field = np.random.default_rng(2).uniform(size=shape)
    points = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1).reshape(-1, len(shape))
    found = fields.point_cloud_moments(points, 4, field.ravel(), normalise)
    wanted = fields.moments(field, 4, at="whole", normalise=normalise)
    assert found.space == wanted.space and found.removed == wanted.removed
    ratio = 1.0
    if "scale" in normalise and "contrast" not in normalise:  # order 0 of a density is a volume
        ratio = wanted.values[0] / found.values[0]
    if "contrast" in normalise:
        found_, wanted_ = found.values / found.values[0], wanted.values / wanted.values[0]
        assert np.allclose(found_, wanted_, rtol=1e-12, atol=1e-13)
    else:
        assert np.allclose(found.values * ratio, wanted.values, rtol=1e-12, atol=1e-12 * np.abs(wanted.values).max())


@pytest.mark.parametrize(
    "window", [None, Window.hermite(1.3), Window.gaussian(2.0)], ids=["none", "hermite", "gaussian"]
)
def test_invariants_do_not_change_as_points_turn_and_move(window: Window | None) -> None:
    names = ("translation",) if window is not None else ("translation", "scale")
    generator = np.random.default_rng(3)
    plain = fields.point_cloud_moments(POINTS, 4, WEIGHTS, names, window)
    size = 1.0 if window is not None else 2.5
    moved = size * POINTS @ random_rotation(generator, reflect=True).T + [1.0, 2.0, -3.0]
    turned = fields.point_cloud_moments(moved[::-1], 4, WEIGHTS[::-1], names, window)
    basis = generate(plain.space, 3)
    one, two = basis.evaluate(plain.values), basis.evaluate(turned.values)
    assert np.abs(one - two).max() <= 1e-12 * np.abs(one).max()  # sums of twenty terms, products of three moments
    assert (plain.space == TensorSpace.moments([0, 2, 3, 4])) == (window is None)


def test_hermite_moments_are_projections_on_orthonormal_functions() -> None:
    """Of a single point at the centre only even orders are not zero, and order 0 is the function there."""
    found = fields.point_cloud_moments([[1.0, 1.0, 1.0]], 2, normalise="translation", window=Window.hermite(2.0)).values
    assert found[0] == pytest.approx(np.pi**-0.75, rel=1e-14)
    assert np.abs(found[1:4]).max() == 0


@pytest.mark.parametrize(
    ("points", "arguments", "words"),
    [
        (np.empty((0, 3)), {}, "at least one point"),
        (np.zeros(3), {}, r"the shape \(n, 3\) or \(n, 2\)"),
        (np.zeros((4, 4)), {}, r"got \(4, 4\)"),
        ([[np.nan, 0, 0]], {}, "points must be finite, got 1 numbers"),
        ([["a", "b", "c"]], {}, "points are real numbers"),
        (POINTS, {"weights": WEIGHTS[:3]}, r"one weight for each of 20 points, got the shape \(3,\)"),
        (POINTS[:2], {"weights": [1.0, -1.0], "normalise": "translation"}, "the weights sum to zero"),
        (POINTS[:1], {"normalise": ("translation", "scale")}, "no size of its own"),
        (POINTS, {"normalise": "offset"}, "a normalisation of a whole object must be one of"),
        (POINTS, {"normalise": "contrast"}, '"contrast" needs "scale", too'),
        (POINTS, {"window": Window.hermite(1.0)}, 'use normalise="translation"'),
        (POINTS, {"window": 1.0, "normalise": "translation"}, "window is a Gaussian window"),
        (POINTS, {"order": 1, "normalise": ("translation", "scale")}, "got order 1"),
        (POINTS, {"order": 21}, "order is an integer from 0 to 20"),
    ],
)
def test_points_without_moments_are_refused(points: Any, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        fields.point_cloud_moments(points, **{"order": 2, **arguments})
