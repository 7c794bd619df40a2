"""Moments of meshes: exact integrals over the solid, which turn with it; what bounds no solid is refused."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.spaces.harmonics import monomials
from invgen.testing.rotations import random_rotation

CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
# Each side as two triangles, counter-clockwise seen from outside.
SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
BOX = np.array([t for a, b, c, d in SIDES for t in ((a, b, c), (a, c, d))])
TETRAHEDRON = np.array([(0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3)])


def exponents(order: int) -> list[tuple[int, int, int]]:
    return [e for n in range(order + 1) for e in monomials(n)]


def of_box(low: tuple[int, ...], high: tuple[int, ...], order: int) -> list[Fraction]:
    """The integrals over a box with integer corners."""

    def line(a: int, b: int, k: int) -> Fraction:
        return Fraction(b ** (k + 1) - a ** (k + 1), k + 1)

    return [
        line(low[0], high[0], a) * line(low[1], high[1], b) * line(low[2], high[2], c) for a, b, c in exponents(order)
    ]


def of_corner(sizes: tuple[int, ...], shift: int, order: int) -> list[Fraction]:
    """The integrals over the tetrahedron of zero and points on the axes, moved along x."""

    def plain(a: int, b: int, c: int) -> Fraction:
        powers = sizes[0] ** (a + 1) * sizes[1] ** (b + 1) * sizes[2] ** (c + 1)
        return Fraction(factorial(a) * factorial(b) * factorial(c) * powers, factorial(a + b + c + 3))

    return [
        sum((comb(a, k) * Fraction(shift) ** (a - k) * plain(k, b, c) for k in range(a + 1)), Fraction(0))
        for a, b, c in exponents(order)
    ]


@pytest.mark.parametrize("order", [0, 3, 8])
def test_moments_of_a_box_are_the_rational_ones(order: int) -> None:
    low, high = (-1, 2, 0), (3, 5, 2)
    vertices = np.array(low) + CORNERS * (np.array(high) - np.array(low))
    found = fields.mesh_moments(vertices, BOX, order)
    wanted = np.array([float(v) for v in of_box(low, high, order)])
    size = np.array([3.0**a * 5.0**b * 2.0**c for a, b, c in exponents(order)]) * 24
    assert (np.abs(found.values - wanted) <= 1e-13 * size).all()  # some hundred roundings of a tetrahedron's share
    assert found.space == TensorSpace.moments(range(order + 1)) and found.removed == {}


def test_moments_of_a_tetrahedron_are_the_rational_ones() -> None:
    sizes, shift = (2, 3, 1), 4
    vertices = np.array([[0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 1]]) + np.array([shift, 0, 0])
    wanted = np.array([float(v) for v in of_corner(sizes, shift, 8)])
    found = fields.mesh_moments(vertices, TETRAHEDRON, 8).values
    assert (np.abs(found - wanted) <= 1e-12 * np.abs(wanted)).all()  # no integral vanishes, and little cancels


def test_invariants_do_not_change_as_a_mesh_turns_and_moves() -> None:
    generator = np.random.default_rng(0)
    vertices = generator.normal(size=(4, 3))
    faces = TETRAHEDRON if np.linalg.det(vertices[1:] - vertices[0]) > 0 else TETRAHEDRON[:, ::-1]
    basis = generate(TensorSpace.moments([0, 2, 3, 4]), 3)
    names = ("translation", "scale", "contrast")
    plain = fields.mesh_moments(vertices, faces, 4, names)
    moved = fields.mesh_moments(3.0 * vertices @ random_rotation(generator).T + [5.0, -2.0, 1.0], faces, 4, names)
    assert plain.space == basis.space and plain.removed == {"translation": 3, "scale": 1, "contrast": 1}
    one, two = basis.evaluate(plain.values), basis.evaluate(moved.values)
    assert np.abs(one - two).max() <= 1e-11  # moments of norm 1, whose centroid was taken from a point 5 sizes away


def test_solids_made_of_voxels_converge_to_their_mesh() -> None:
    errors = []
    for voxels in (4, 8, 16):
        h = 2.0 / voxels
        solid = np.ones((voxels, 2 * voxels, 3 * voxels))
        mesh = fields.mesh_moments(CORNERS * [2.0, 4.0, 6.0], BOX, 4, ("translation", "scale"))
        grid = fields.moments(solid, 4, at="whole", normalise=("translation", "scale"), spacing=h)
        assert mesh.space == grid.space
        errors.append(np.abs(mesh.values - grid.values).max())
    # Midpoints of voxels integrate with an error of order h²: a quarter each time.
    assert errors[1] < 0.3 * errors[0] and errors[2] < 0.3 * errors[1] and errors[2] < 1e-2 * np.abs(mesh.values).max()


def test_degenerate_faces_change_nothing() -> None:
    vertices = np.concatenate([CORNERS, [[0.0, 0.0, 0.0]]])
    faces = np.concatenate([BOX, [[0, 0, 1], [2, 2, 2]]])
    assert np.array_equal(fields.mesh_moments(vertices, faces, 3).values, fields.mesh_moments(CORNERS, BOX, 3).values)


@pytest.mark.parametrize(
    ("vertices", "faces", "words"),
    [
        (CORNERS, BOX[:-1], "the mesh is not closed: 3 of 18 edges"),
        (CORNERS, np.concatenate([BOX[:-1], BOX[-1:, ::-1]]), "do not run in one sense"),
        (CORNERS, BOX[:, ::-1], "inside out, its volume is -1; reverse its faces"),
        (CORNERS * [1, 1, 0], BOX, "encloses no volume"),
        (CORNERS, [[0, 0, 1]], "encloses no volume"),
        (CORNERS[:, :2], BOX, r"vertices have the shape \(n, 3\)"),
        (CORNERS, BOX.astype(float), "faces are at least one triangle"),
        (CORNERS, np.empty((0, 3), dtype=int), "faces are at least one triangle"),
        (CORNERS, BOX + 1, "faces name vertices from 0 to 7, got 1 to 8"),
        (np.where(CORNERS == 1, np.nan, 0.0), BOX, "vertices must be finite, got 12 numbers"),
    ],
)
def test_meshes_that_bound_no_solid_are_refused(vertices: Any, faces: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        fields.mesh_moments(vertices, faces, 2)


def test_a_file_is_read_with_its_vertices_merged(tmp_path: Path) -> None:
    trimesh = pytest.importorskip("trimesh")
    path = tmp_path / "box.stl"
    trimesh.Trimesh(CORNERS, BOX).export(path)
    vertices, faces = fields.read_mesh(path)
    assert vertices.shape == (8, 3)
    assert np.allclose(fields.mesh_moments(vertices, faces, 2).values, fields.mesh_moments(CORNERS, BOX, 2).values)
    for name, content in (("none.stl", None), ("text.ply", "no mesh")):
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(InputError, match=name):
            fields.read_mesh(tmp_path / name)
