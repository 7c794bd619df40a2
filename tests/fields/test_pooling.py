"""Pooled members: moments at voxels are the same by either way, and members are bounded, smooth and invariant."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window, grids, pooling
from invgen.testing.rotations import random_rotation

BASIS = generate(TensorSpace.moments(range(4)), 3)


@pytest.mark.parametrize("shape", [(9, 7, 8), (12, 9), (25, 3, 3)], ids=["small", "plane", "longer than the window"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_moments_at_voxels_are_those_of_the_field(shape: tuple[int, ...], dtype: Any) -> None:
    field = np.random.default_rng(0).normal(size=shape).astype(dtype)
    inside = np.random.default_rng(1).random(shape) > 0.5
    window = Window.hermite(1.5)
    found = pooling.moments_at(grids.read(field), inside, 4, window)
    wanted = fields.moments(field, 4, window).values[inside]
    assert found.dtype == dtype and found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= 100 * np.finfo(dtype).eps * np.abs(wanted).max()  # sums of hundreds of terms


def test_statistics_are_those_of_numpy() -> None:
    values = np.random.default_rng(0).normal(size=(50, 3))
    pool, quantiles = pooling.read_pool(["max", "mean", "quantiles", "std"]), (0.1, 0.5)
    found = pooling.pooled(values, pool, quantiles)
    wanted = [abs(values).max(axis=0), values.mean(axis=0), *np.quantile(values, quantiles, axis=0), values.std(axis=0)]
    assert pooling.pool_names(pool, quantiles) == ["max", "mean", "q0.1", "q0.5", "std"]
    assert np.allclose(found, wanted, rtol=1e-15)
    one = pooling.pooled(values[:1], pool, quantiles)
    assert np.array_equal(one[4], np.zeros(3)) and np.array_equal(one[1], values[0])


def test_members_are_divided_by_the_norms_of_their_factors() -> None:
    x = np.random.default_rng(0).normal(size=(40, 20))
    members = pooling.Members(BASIS)
    norms = members.norms(x)
    floors = np.full(4, 0.5)
    found = members.values(x, floors)
    for k, (name, value) in enumerate(zip(BASIS.output_names, BASIS.evaluate(x).T, strict=True)):
        orders = [int(t[1]) for t in name.split()[-1].split(",")]
        wanted = value / np.prod([np.hypot(norms[:, n], 0.5) for n in orders], axis=0)
        assert np.allclose(found[:, k], wanted, rtol=1e-12)
    assert np.array_equal(members.values(x), BASIS.evaluate(x))
    # Large moments lose their amplitude, small ones keep their degree.
    assert np.allclose(members.values(1e6 * x, floors), members.values(1e7 * x, floors), rtol=1e-9)
    ratio = members.values(1e-6 * x, floors) / members.values(1e-7 * x, floors)
    assert np.allclose(ratio, 10.0 ** np.array(BASIS.degrees), rtol=1e-9)
    assert np.isfinite(members.values(0 * x, floors)).all()


def test_norms_do_not_change_as_moments_turn() -> None:
    generator = np.random.default_rng(0)
    points, weights, matrix = generator.normal(size=(9, 3)), generator.normal(size=9), random_rotation(generator)
    members = pooling.Members(BASIS)
    one, two = (
        members.norms(fields.point_cloud_moments(p, 3, weights).values[None]) for p in (points, points @ matrix.T)
    )
    assert np.allclose(one, two, rtol=1e-13)


def test_floors_are_shares_of_root_mean_squares_and_never_zero() -> None:
    norms = np.array([[1.0, 0.0], [7.0, 0.0]])
    assert np.allclose(pooling.floors_of([norms], 0.3), [[0.3 * 5.0, 1.0]])


@pytest.mark.parametrize("pool", [(), "median", ("mean", "mean"), 3])
def test_unknown_statistics_are_refused(pool: Any) -> None:
    with pytest.raises(InputError, match="pool is a list of different names"):
        pooling.read_pool(pool)


@pytest.mark.parametrize("quantiles", [(), (1.5,), (np.nan,), 0.5, ("a",)])
def test_shares_that_are_none_are_refused(quantiles: Any) -> None:
    with pytest.raises(InputError, match="quantiles are numbers from 0 to 1"):
        pooling.read_quantiles(quantiles)
