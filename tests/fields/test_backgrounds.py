"""The noise of a field: its covariance is found in spite of objects, and constants do not count."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.fields.backgrounds import coordinates_of, covariances_of, white
from invgen.fields.grids import read
from invgen.fields.local_moments import moments
from invgen.fields.windows import Window

WINDOW, ORDER = Window.hermite(1.5), 3


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (1.0, 0.8, 0.5)])
def test_a_constant_has_no_coordinates(spacing: tuple[float, float, float]) -> None:
    coordinates = coordinates_of(WINDOW, ORDER, spacing, offset=True)
    reach = np.array([2 * WINDOW.reach(h) + 1 for h in spacing])
    values = moments(np.ones(reach), ORDER, WINDOW, spacing=spacing, at=[(reach // 2) * spacing]).values[0]
    # Windows end at whole voxels, beyond 6 sigma, at other distances along each axis: exp(-18) is 2e-8.
    assert np.abs(coordinates.matrix @ values).max() < 1e-6 * np.abs(values).max()
    assert len(coordinates.matrix) == len(values) - 1 == coordinates.layout.size


def test_the_variance_of_white_noise_is_found_among_objects() -> None:
    generator = np.random.default_rng(0)
    field = 2.0 * generator.normal(size=(36, 36, 36))
    field[4:9, 4:9, 4:9] += 50.0
    coordinates = coordinates_of(WINDOW, ORDER, (1.0, 1.0, 1.0), offset=True)
    found = covariances_of(read(field), WINDOW, ORDER, coordinates)
    assert found is not None
    for l, covariance in found.items():
        # The object reaches a quarter of the voxels; 60 % are kept. Samples overlap, so that few are independent.
        assert np.abs(covariance / 4.0 - np.eye(len(covariance))).max() < 0.4, l
    alone = covariances_of(read(2.0 * generator.normal(size=(30, 30, 30))), WINDOW, ORDER, coordinates, robust=False)
    assert alone is not None
    assert all(np.abs(c / 4.0 - np.eye(len(c))).max() < 0.4 for c in alone.values())


def test_a_field_that_is_mostly_empty_has_no_noise() -> None:
    field = np.zeros((40, 40, 40))
    field[20, 20, 20] = 1.0
    coordinates = coordinates_of(Window.hermite(1.0), 2, (1.0, 1.0, 1.0), offset=True)
    assert covariances_of(read(field), Window.hermite(1.0), 2, coordinates) is None
    assert white(0.0, coordinates.layout) is None
