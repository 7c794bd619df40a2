"""Files for ParaView, read back: every voxel where it was, with its names, spacing and direction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.fields import to_vtk

pyvista = pytest.importorskip("pyvista")

SHAPE = (4, 3, 2)
TURN = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def test_grids_come_back_voxel_by_voxel(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "density": rng.normal(size=SHAPE).astype(np.float32),
        "velocity": rng.normal(size=(*SHAPE, 3)),
        "invariants": rng.normal(size=(*SHAPE, 5)),
        "mask": rng.normal(size=SHAPE) > 0,
    }
    names = [f"I{k}" for k in range(5)]
    path = to_vtk(tmp_path / "a.vti", arrays, (1, 2, 3), (4, 5, 6), TURN, {"invariants": names})
    image = pyvista.read(path)
    assert image.dimensions == SHAPE and image.spacing == (1, 2, 3) and image.origin == (4, 5, 6)
    np.testing.assert_allclose(np.asarray(image.direction_matrix), TURN)
    for name, array in arrays.items():
        stored = np.asarray(image.point_data[name])
        for i, j, k in ((0, 0, 0), (3, 1, 0), (1, 2, 1)):
            number = i + SHAPE[0] * (j + SHAPE[1] * k)
            np.testing.assert_array_equal(stored[number], array[i, j, k])
            np.testing.assert_allclose(image.points[number], [4, 5, 6] + TURN @ ([1, 2, 3] * np.array([i, j, k])))
    assert image.point_data["density"].dtype == np.float32
    stored = image.GetPointData().GetArray("invariants")
    assert [stored.GetComponentName(k) for k in range(5)] == names


def test_images_have_one_layer(tmp_path: Path) -> None:
    wind = np.random.default_rng(1).normal(size=(4, 3, 2))
    image = pyvista.read(to_vtk(tmp_path / "a.vti", {"wind": wind}, spacing=(1.0, 2.0)))
    assert image.dimensions == (4, 3, 1)
    np.testing.assert_array_equal(image.point_data["wind"][1 + 4 * 2], wind[1, 2])
    speed = np.linalg.norm(wind, axis=-1)
    both = pyvista.read(to_vtk(tmp_path / "b.vti", {"wind": wind, "speed": speed}))
    assert both.dimensions == (4, 3, 1) and both.point_data["wind"].shape == (12, 2)


def test_detections_become_points(tmp_path: Path) -> None:
    columns = [("position", "f8", (3,)), ("score", "f8"), ("rotation_covariance", "f8", (3, 3)), ("voxel", "i8", (3,))]
    table = np.zeros(1, dtype=columns)
    table["position"], table["score"], table["voxel"] = [[1, 2, 3]], 0.5, [[1, 2, 3]]
    table["rotation_covariance"] = np.arange(9.0).reshape(3, 3)
    cloud = pyvista.read(to_vtk(tmp_path / "a.vtp", table, origin=(10, 0, 0), direction=TURN))
    np.testing.assert_allclose(cloud.points, [[8, 1, 3]])
    np.testing.assert_array_equal(cloud.point_data["score"], [0.5])
    np.testing.assert_array_equal(np.ravel(cloud.point_data["rotation_covariance"]), np.arange(9.0))
    assert pyvista.read(to_vtk(tmp_path / "b.vtp", table[:0])).n_points == 0


def test_bad_input_is_one_sentence(tmp_path: Path) -> None:
    ones = np.ones(SHAPE)
    with pytest.raises(InputError, match=r"ends in \.vti"):
        to_vtk(tmp_path / "a.vtk", ones)
    with pytest.raises(InputError, match=r"different grids: a \(4, 3, 2\), b \(5, 3, 2\)"):
        to_vtk(tmp_path / "a.vti", {"a": ones, "b": np.ones((5, 3, 2))})
    with pytest.raises(InputError, match="spacing is a positive number"):
        to_vtk(tmp_path / "a.vti", ones, spacing=(1, 0, 1))
    with pytest.raises(InputError, match="direction is an orthogonal matrix"):
        to_vtk(tmp_path / "a.vti", ones, direction=2 * np.eye(3))
    with pytest.raises(InputError, match="complex128"):
        to_vtk(tmp_path / "a.vti", ones * 1j)
    with pytest.raises(InputError, match="v has 3 components, components names 2"):
        to_vtk(tmp_path / "a.vti", {"v": np.ones((*SHAPE, 3))}, components={"v": ("x", "y")})
    with pytest.raises(InputError, match="column 'position'"):
        to_vtk(tmp_path / "a.vtp", ones)
    assert not list(tmp_path.iterdir())
