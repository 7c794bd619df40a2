"""Moments over balls from their spectrum, against integrals over the ball."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window, balls
from invgen.fields.grids import read
from invgen.fields.slabs import exponents_of
from invgen.testing.rotations import random_rotation

SIZE = 12
RADIUS = 3.3


def nodes(dimension: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of the mean over the unit ball or disc: Gauss's in the radius and height, even in angles."""
    x, weight = np.polynomial.legendre.leggauss(24)
    radius, by_radius = (x + 1) / 2, weight / 2 * ((x + 1) / 2) ** (dimension - 1) * dimension
    angle = np.arange(48) * 2 * np.pi / 48
    if dimension == 2:
        r, a = np.meshgrid(radius, angle, indexing="ij")
        return np.stack([r * np.cos(a), r * np.sin(a)], -1), np.repeat(by_radius[:, None] / 48, 48, axis=1)
    r, c, a = np.meshgrid(radius, x, angle, indexing="ij")
    s = np.sqrt(1 - c * c)
    points = r[..., None] * np.stack([s * np.cos(a), s * np.sin(a), c], -1)
    return points, by_radius[:, None, None] * weight[:, None] / 2 / 48 * np.ones_like(r)


@pytest.mark.parametrize("dimension", [2, 3])
def test_moments_of_a_wave_are_its_integrals_over_the_ball(dimension: int) -> None:
    spacing = (1.0, 0.9, 1.2)[:dimension]
    wave = np.array([2, -3, 1])[:dimension] * 2 * np.pi / SIZE / np.array(spacing)
    places = np.stack(np.meshgrid(*[np.arange(SIZE) * h for h in spacing], indexing="ij"), -1)
    field = np.cos(places @ wave + 0.4)
    window = Window.ball(RADIUS)
    everywhere = fields.moments(field, 4, window, spacing=spacing, boundary="wrap").values
    between = np.array([[3.3, 5.1, 0.7]])[:, :dimension]
    at = fields.moments(field, 4, window, spacing=spacing, boundary="wrap", at=between).values[0]
    voxel = (3, 5, 7)[:dimension]
    unit, weights = nodes(dimension)
    for found, point in ((everywhere[voxel], places[voxel]), (at, between[0])):
        values = np.cos((point + RADIUS * unit) @ wave + 0.4) * weights
        wanted = [(values * np.prod(unit ** np.array(e), axis=-1)).sum() for e in exponents_of(4, dimension)]
        np.testing.assert_allclose(found, wanted, atol=1e-14)  # the mean of numbers below 1


@pytest.mark.parametrize("taper", [0.0, 0.7])
def test_the_moments_of_one_are_those_of_the_window(taper: float) -> None:
    window = Window.ball(RADIUS, taper)
    found = fields.moments(np.ones((SIZE,) * 3), 4, window, boundary="wrap").values[1, 2, 3]
    np.testing.assert_allclose(found, balls.ball_constant(4, window, 3), atol=1e-14)
    # of the unit ball <x²> = 1/5, <x⁴> = 3/35, <x²y²> = 1/35; a Gaussian of variance v adds v, 3v² + 6v/5, v² + 2v/5
    v = (taper / RADIUS) ** 2
    exponents = exponents_of(4, 3)
    for e, value in (
        ((2, 0, 0), 1 / 5 + v),
        ((4, 0, 0), 3 / 35 + 6 * v / 5 + 3 * v * v),
        ((2, 2, 0), 1 / 35 + 2 * v / 5 + v * v),
    ):
        assert found[exponents.index(e)] == pytest.approx(value, abs=1e-14)


@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
def test_points_on_voxels_have_the_moments_of_the_voxels(boundary: str) -> None:
    field = np.random.default_rng(0).normal(size=(9, 10, 11))
    spacing = (1.0, 0.9, 1.1)
    window = Window.ball(2.5)
    everywhere = fields.moments(field, 3, window, spacing=spacing, boundary=boundary).values
    found = fields.moments(field, 3, window, spacing=spacing, boundary=boundary, at=[(2, 2.7, 5.5)]).values
    np.testing.assert_allclose(found[0], everywhere[2, 3, 5], atol=1e-14)


def test_balls_of_all_radii_come_from_one_transform_as_they_do_alone() -> None:
    field = np.random.default_rng(0).normal(size=(16, 16, 16)).astype(np.float32)
    windows = [Window.ball(r) for r in (2.0, 3.0, 4.0)]
    found = fields.moments(field, 2, windows, boundary="wrap")
    assert found.values.shape == (3, 16, 16, 16, 10) and found.values.dtype == np.float32
    assert found.noise is not None and found.noise.shape == (3, 10, 10)
    for window, each in zip(windows, found.values, strict=True):
        alone = fields.moments(field, 2, window, boundary="wrap").values
        np.testing.assert_array_equal(each, alone)


def test_the_spectra_of_a_ball_count_as_memory() -> None:
    with pytest.raises(InputError, match="more than memory_limit"):
        fields.moments(np.zeros((16, 16, 16)), 0, Window.ball(3.0), memory_limit=100_000)
    assert balls.spectra_bytes(read(np.zeros((16, 16, 16))), [Window.ball(3.0)]) > 22**3 * 8


def test_the_noise_of_a_ball_is_that_of_its_moments() -> None:
    field = np.random.default_rng(0).normal(size=(32, 32, 32))
    found = fields.moments(field, 2, Window.ball(2.5), boundary="wrap")
    values = found.values.reshape(-1, 10)
    assert found.noise is not None
    # 32,768 voxels hold some 500 independent balls: four standard deviations are a fifth
    np.testing.assert_allclose(values.T @ values / len(values), found.noise, atol=0.2 * found.noise.max())


def test_a_ball_has_no_direction_where_a_ball_of_voxels_has() -> None:
    generator = np.random.default_rng(0)
    basis = generate(TensorSpace.moments(range(4)), 3)
    centres, amplitudes = generator.normal(size=(6, 3)) * 2, generator.normal(size=6)
    places = np.stack(np.meshgrid(*[np.arange(33) - 16.0] * 3, indexing="ij"), -1)
    rows = []
    for matrix in (np.eye(3), random_rotation(generator), random_rotation(generator, reflect=True)):
        blobs = [np.exp(-((places - matrix @ c) ** 2).sum(-1) / (2 * 1.5**2)) for c in centres]
        field = np.tensordot(amplitudes, blobs, 1)
        found = fields.moments(field, 3, Window.ball(6.0), at=[(16.0, 16.0, 16.0)])
        rows.append(basis.evaluate(found.values)[0])
    # At the grid's shortest wave a blob has exp(-π² 1.5² / 2) = 1.5e-5 of its spectrum, and the ball a hundredth.
    assert np.abs(np.array(rows[1:]) - rows[0]).max() <= 1e-6 * np.abs(rows[0]).max()


@pytest.mark.parametrize("dimension", [2, 3])
def test_bessel_functions_divided_by_powers_are_scipys(dimension: int) -> None:
    q = np.array([0.0, 1e-9, 0.3, 0.999, 1.001, 2.0, 7.0, 40.0])
    found = balls.bessel_quotients(q, 6, dimension)
    step = 1 if dimension == 3 else 0
    for l, row in enumerate(found):
        at_zero = 1 / np.prod([2.0 * k + step for k in range(1, l + 1)])
        assert row[0] == pytest.approx(at_zero, rel=1e-15)
        exact = special.spherical_jn(l, q[2:]) if dimension == 3 else special.jv(l, q[2:])
        np.testing.assert_allclose(row[2:], exact / q[2:] ** l, atol=1e-13 * at_zero, rtol=1e-10)
