"""Turned coordinates are the moments of turned points, and the generators are their derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.fields.harmonic_coordinates import harmonic_matrix, layout_of
from invgen.fields.rotation_matrices import angle_between, exponential, moved, product, turned
from invgen.fields.slabs import exponents_of

ORDER = 6


def quaternions(count: int, dimension: int) -> np.ndarray:
    found = np.random.default_rng(0).normal(size=(count, 4))
    if dimension == 2:
        found[:, :2] = 0.0
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def matrix_of(quaternion: np.ndarray) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    return Rotation.from_quat(quaternion).as_matrix()


@pytest.mark.parametrize("dimension", [2, 3])
def test_turned_coordinates_are_those_of_turned_points(dimension: int) -> None:
    points = np.random.default_rng(1).normal(size=(5, dimension))
    layout, matrix = layout_of(ORDER, dimension), harmonic_matrix(ORDER, dimension)

    def coordinates(places: np.ndarray) -> np.ndarray:
        return matrix @ [np.prod(places ** np.array(e), axis=1).sum() for e in exponents_of(ORDER, dimension)]

    special = [[0, 0, 0, 1.0], [1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0]] if dimension == 3 else [[0, 0, 1.0, 0]]
    for q in (*quaternions(4, dimension), *np.array(special)):
        wanted = coordinates(points @ matrix_of(q)[:dimension, :dimension].T)
        found = turned(coordinates(points), layout, q[None])[0]
        assert np.abs(found - wanted).max() < 1e-12 * np.abs(wanted).max()  # degree 6 of a few roundings


@pytest.mark.parametrize("dimension", [2, 3])
def test_the_generators_are_the_derivatives_of_rotations(dimension: int) -> None:
    layout = layout_of(ORDER, dimension)
    values = np.random.default_rng(2).normal(size=layout.size)
    axes, step = (3 if dimension == 3 else 1), 1e-5
    q = quaternions(1, dimension)
    for axis in range(axes):
        vector = np.zeros((1, 3))
        vector[0, 3 - axes + axis] = step
        after, before = (turned(values, layout, product(exponential(s * vector), q)) for s in (1, -1))
        wanted = (after - before)[0] / (2 * step)
        found = moved(turned(values, layout, q), layout)[0, axis]
        # Central differences: the third derivative, up to 6³, times 1e-10 / 6.
        assert np.abs(found - wanted).max() < 1e-7 * np.abs(found).max()


def test_products_of_quaternions_are_products_of_rotations() -> None:
    a, b = quaternions(2, 3)
    assert np.abs(matrix_of(product(a, b)) - matrix_of(a) @ matrix_of(b)).max() < 1e-14
    assert angle_between(a, -a) < 1e-7  # arccos near 1 loses half of the digits
