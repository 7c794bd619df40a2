"""Moments about points between voxels, and of whole fields, exactly."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window
from invgen.fields.slabs import exponents_of
from invgen.testing.rotations import random_rotation

WINDOWS = [Window.hermite(1.3), Window.gaussian(1.3)]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: w.kind)
@pytest.mark.parametrize("boundary", ["zero", "nearest", "wrap"])
def test_moments_at_voxels_are_those_of_every_voxel(window: Window, boundary: str) -> None:
    field = np.random.default_rng(0).normal(size=(5, 6, 7, 3))
    everywhere = fields.moments(field, 3, window, "vector", spacing=0.9, boundary=boundary).values
    points = np.array([[0.0, 0.0, 0.0], [3.6, 1.8, 2.7]])
    found = fields.moments(field, 3, window, "vector", spacing=0.9, at=points, boundary=boundary).values
    np.testing.assert_allclose(found, everywhere[[0, 4], [0, 2], [0, 3]], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: w.kind)
def test_between_voxels_the_functions_are_taken_at_the_true_offsets(window: Window) -> None:
    # a Gaussian blob about q: its moments about p are those about p + d of the blob about q + d, for any d
    places = np.stack(np.meshgrid(*[np.arange(30.0)] * 3, indexing="ij"), -1)

    def about(point: np.ndarray, blob: np.ndarray) -> np.ndarray:
        field = np.exp(-((places - blob) ** 2).sum(-1) / (2 * 1.6**2))
        return fields.moments(field, 3, window, at=point[None]).values[0]

    point, blob = np.array([14.0, 15.0, 14.0]), np.array([15.1, 14.2, 15.4])
    shift = np.array([0.37, -0.41, 0.5])
    first, second = about(point, blob), about(point + shift, blob + shift)
    # sampling of the product changes moments by exp(-2π² s²) with 1/s² = 1/1.3² + 1/1.6², 2e-9, times k³ = 200
    assert np.abs(first - second).max() <= 1e-6 * np.abs(first).max()
    # the nearest voxel would have been wrong by more than a twentieth
    assert np.abs(first - about(point, blob + shift)).max() >= 0.05 * np.abs(first).max()


@pytest.mark.parametrize("shape", [(3, 4, 5), (4, 6)], ids=str)
def test_moments_of_a_whole_field_are_sums_of_monomials(shape: tuple[int, ...]) -> None:
    field = np.random.default_rng(0).integers(-9, 9, size=shape)
    spacing = (0.5, 2.0, 0.25)[: len(shape)]  # powers of two: all products are exact in float64
    found = fields.moments(field, 4, at="whole", spacing=spacing)
    size = np.prod(spacing)
    wanted = []
    for e in exponents_of(4, len(shape)):
        total = Fraction(0)
        for voxel in product(*map(range, shape)):
            term = Fraction(int(field[voxel]))
            for k, h, n in zip(voxel, spacing, e, strict=True):
                term *= Fraction(k * h) ** n
            total += term
        wanted.append(float(total * Fraction(size)))
    assert found.values.tolist() == wanted
    assert found.noise is not None and found.noise.shape == (found.space.dimension,) * 2
    assert found.noise[0, 0] == size**2 * field.size


def test_a_window_of_the_whole_field_is_placed_at_the_centroid() -> None:
    field = np.random.default_rng(0).random(size=(7, 8, 9))
    window = Window.hermite(2.0)
    found = fields.moments(field, 2, window, at="whole", normalise="translation")
    order_one = fields.moments(field, 1, at="whole").values
    wanted = fields.moments(field, 2, window, at=[order_one[1:] / order_one[0]])
    np.testing.assert_allclose(found.values, wanted.values[0], rtol=1e-12)
    assert found.space == wanted.space and found.removed == {"translation": 0} and found.independent == 10 - 3


def test_points_near_a_mask_are_taken_and_those_far_from_it_refused() -> None:
    field, mask = np.ones((40, 8, 8)), np.zeros((40, 8, 8), bool)
    mask[:4] = True
    fields.moments(field, 2, WINDOWS[0], at=[(8, 4, 4)], weights=mask)
    with pytest.raises(
        InputError, match=r"the weights are zero in the whole window about the point \[30.0, 4.0, 4.0\]"
    ):
        fields.moments(field, 2, WINDOWS[0], at=[(8, 4, 4), (30, 4, 4)], weights=mask)
    everywhere = fields.moments(field, 2, WINDOWS[0], weights=mask).values
    assert (everywhere[30] == 0).all() and everywhere[8].any()


def test_invariants_between_voxels_do_not_change_as_the_field_turns() -> None:
    basis = generate(TensorSpace.moments(range(4)), 3)
    generator = np.random.default_rng(1)
    centres, amplitudes = generator.normal(size=(6, 3)) * 2, generator.normal(size=6)
    places = np.stack(np.meshgrid(*[np.arange(33.0)] * 3, indexing="ij"), -1)
    rows = []
    for matrix in (np.eye(3), random_rotation(generator)):
        point = 16 + generator.uniform(-0.5, 0.5, size=3)
        blobs = [np.exp(-((places - point - matrix @ c) ** 2).sum(-1) / (2 * 2.0**2)) for c in centres]
        found = fields.moments(np.tensordot(amplitudes, blobs, 1), 3, Window.hermite(2.2), at=[point])
        rows.append(basis.evaluate(found.values)[0])
    # sampling at an offset: exp(-2π² s²) with 1/s² = 1/2² + 1/2.2², 1e-19; beyond 6 sigma 1e-9
    assert np.abs(rows[1] - rows[0]).max() <= 1e-8 * np.abs(rows[0]).max()


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ([(0, 0)], r"points have the shape \(n, 3\)"),
        ([(0, 0, np.nan)], "are finite"),
        ([(0, 0, 9)], "points lie inside the field"),
        ([(-0.6, 0, 0)], "points lie inside the field"),
        ({"a": 1}, 'at is "every", "whole" or an array of points'),
    ],
)
def test_bad_points_are_one_sentence(at: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        fields.moments(np.zeros((4, 4, 4)), 2, WINDOWS[0], at=at)
    assert fields.moments(np.zeros((4, 4, 4)), 2, WINDOWS[0], at=np.zeros((0, 3))).values.shape == (0, 10)
