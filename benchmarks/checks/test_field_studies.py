"""What the studies of fields rest on: a lattice for Stokes flow, flows that are what they say, ranks on the sphere."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.field_spherical import ranks
from benchmarks.field_wind import hill, kilometres, moments_of, norms, patterns, turbulence
from benchmarks.media import FAMILIES, medium
from benchmarks.stokes import connected, permeability


def test_plates_have_the_permeability_of_the_formula() -> None:
    pores = np.zeros((4, 4, 12), dtype=bool)
    pores[:, :, 2:10] = True
    found, _ = permeability(pores)
    assert found[0, 0] == pytest.approx(8**3 / 12 / 12, rel=1e-2)  # a sum of eight voxels of a parabola
    assert abs(found[2]).max() < 1e-8


def test_the_viscosity_does_not_matter() -> None:
    pores = medium(0)[1][:12, :12, :12]
    np.testing.assert_allclose(permeability(pores, tau=0.8)[0], permeability(pores, tau=1.3)[0], atol=1e-6)


def test_pores_are_connected_across_faces() -> None:
    pores = np.zeros((6, 4, 4), dtype=bool)
    pores[[0, 5], 1, 1], pores[2, 3, 3] = True, True
    assert connected(pores).sum() == 2 and not connected(pores)[2, 3, 3]


def test_media_follow_from_their_number() -> None:
    for number, family in enumerate(FAMILIES):
        name, pores = medium(number)
        assert name == family and 0.2 < pores.mean() < 0.9
        np.testing.assert_array_equal(pores, medium(number)[1])


def test_flows_have_no_divergence() -> None:
    field = turbulence(16, np.random.default_rng(0))
    k = 2 * np.pi * np.stack(np.meshgrid(*[np.fft.fftfreq(16)] * 3, indexing="ij"), axis=-1)
    spectrum = np.fft.fftn(field, axes=(0, 1, 2))
    # 2e-9 is left at the highest frequency of the grid, whose two signs are one mode
    assert abs((spectrum * k).sum(axis=-1)).max() < 1e-8 * abs(spectrum).max()
    flow = hill(41, np.full(3, 20.0), np.array([0.6, 0.0, 0.8]), 8.0)
    inside = np.linalg.norm(np.indices((41,) * 3) - 20.0, axis=0) < 6  # quadratic there: differences are exact
    divergence = sum(np.gradient(flow[..., axis], axis=axis) for axis in range(3))
    assert abs(divergence[inside]).max() < 1e-12


def test_a_uniform_wind_changes_no_moment() -> None:
    found = patterns()
    assert norms(found["clockwise"]) == pytest.approx(norms(found["counter-clockwise"]))
    assert abs(moments_of(np.ones((1, 61, 61, 2)))).max() < 1e-9
    assert kilometres(np.array([0.0, 0.0]), np.array([0.0, 180.0])) == pytest.approx(np.pi * 6371)


def test_the_earlier_list_loses_rank_on_the_sphere() -> None:
    found = ranks(3, 2)
    assert found["members"] == {"earlier": 17, "independent": 17, "flexible": 17} and found["needed"] == 13
    assert found["ranks"] == {"earlier": [10, 10], "independent": [11, 11], "flexible": [13, 13]}
