"""Harmonic coordinates: orthonormal, and a rotation turns each part by the generators of its l."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.fields.harmonic_coordinates import generators_of, harmonic_matrix, layout_of
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Window


@pytest.mark.parametrize(("order", "dimension"), [(6, 3), (1, 3), (7, 2)])
def test_coordinates_of_unit_noise_have_unit_variance(order: int, dimension: int) -> None:
    matrix, window = harmonic_matrix(order, dimension), Window.hermite(1.0)
    variances = np.array([window.noise(e) for e in exponents_of(order, dimension)])
    assert len(matrix) == layout_of(order, dimension).size == len(variances)
    # Sums of a few dozen products.
    assert np.abs((matrix * variances) @ matrix.T - np.eye(len(matrix))).max() < 1e-14


@pytest.mark.parametrize("l", [0, 1, 4])
def test_generators_are_antisymmetric_and_commute_as_rotations_do(l: int) -> None:
    x, y, z = generators_of(l, 3)
    for one in (x, y, z):
        assert np.abs(one + one.T).max() < 1e-14  # square roots of norms cancel up to rounding
    assert np.abs(x @ y - y @ x - z).max() < 1e-13


def test_blocks_cover_all_coordinates_once() -> None:
    layout = layout_of(5, 3)
    assert sorted(i for block in layout.blocks for i in range(block.start, block.stop)) == list(range(layout.size))


def test_a_matrix_spread_over_parts_acts_on_each_component_alike() -> None:
    layout = layout_of(2, 3)
    values = np.arange(1.0, layout.size + 1)
    spread = layout.spread({part.l: 2.0 * np.eye(part.count) for part in layout.parts})
    assert np.array_equal(spread @ values, 2.0 * values)
