"""Grids of rotations: as many as their angle says, near every rotation, refused where they would be huge."""

from __future__ import annotations

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotation_matrices import angle_between


@pytest.mark.parametrize("angle", [20.0, 35.0])
def test_every_rotation_has_a_neighbour_within_the_angle(angle: float) -> None:
    grid = rotation_grid(angle)
    generator = np.random.default_rng(0)
    others = generator.normal(size=(500, 4))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    distances = np.degrees(angle_between(others[:, None], grid[None])).min(axis=1)
    assert np.abs(np.linalg.norm(grid, axis=1) - 1.0).max() < 1e-14
    # Half the diagonal of a cube with this side is 0.87 of it; the median of a good grid is about half the side.
    assert distances.max() < angle and np.median(distances) < 0.6 * angle


def test_rotations_of_the_plane_are_equally_spaced_about_z() -> None:
    grid = rotation_grid(20.0, 2)
    assert len(grid) == 18 and not grid[:, :2].any()
    angles = 2.0 * np.degrees(np.arctan2(grid[:, 2], grid[:, 3]))
    assert np.allclose(np.diff(angles), 20.0)


@pytest.mark.parametrize("angle", [0.0, -5.0, 0.5, 90.0, float("nan"), "wide"])
def test_an_angle_that_makes_no_grid_is_refused(angle: object) -> None:
    with pytest.raises(InputError, match="angle between rotations"):
        rotation_grid(angle)  # type: ignore[arg-type]
