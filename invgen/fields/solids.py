"""Whole objects of any kind, which have moments about their centroid: fields of numbers, point clouds, meshes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from invgen.errors import InputError
from invgen.fields import batches
from invgen.fields.grids import Grid
from invgen.fields.local_moments import check_window
from invgen.fields.meshes import integrals, read_mesh_arrays
from invgen.fields.normalisation import in_own_units
from invgen.fields.point_clouds import centroid as centroid_of_points
from invgen.fields.point_clouds import read_cloud, sums
from invgen.fields.point_moments import centroid, contracted, coordinates, whole
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Floats, Window

KINDS = ("volume", "points", "mesh")
_NO_EXTENT = 1e-12  # of the coordinates: a radius of gyration that is rounding


@dataclass(frozen=True)
class Solid:
    """One object.

    Attributes:
        dimension: 2 or 3.
        reach: the size of its coordinates, which rounding is measured by.
        moments: the geometric moments about the centroid up to an order, (moments,).
        hermite: the Hermite moments about the centroid under a window, (moments,), as integrals in the units of the
            spacing over functions that are orthonormal in units of the scale.
    """

    dimension: int
    reach: float
    moments: Callable[[int], Floats]
    hermite: Callable[[int, Window], Floats]

    def central(self, order: int) -> tuple[Floats, Floats]:
        """Volume and radius of gyration (2,), and the moments of orders 2 to `order` free of both, (moments,)."""
        exponents = exponents_of(order, self.dimension)
        values = self.moments(order)
        from_two = np.array([sum(e) >= 2 for e in exponents])
        trace = sum(values[exponents.index(tuple(2 * int(i == a) for i in range(self.dimension)))] for a in self._axes)
        square = trace / values[0]
        if abs(square) <= (_NO_EXTENT * self.reach) ** 2:
            return np.array([values[0], 0.0]), np.zeros(int(from_two.sum()))
        scaled = in_own_units(values, exponents)
        return np.array([values[0], sqrt(square)]), scaled[from_two] / scaled[0]

    @property
    def _axes(self) -> range:
        return range(self.dimension)


def solids(batch: Any, kind: str, spacing: float | Sequence[float] | None, dimension: int | None = None) -> list[Solid]:
    """The objects of a batch.

    Args:
        batch: as `ShapeInvariants` takes it.
        kind: "volume", "points" or "mesh".
        spacing: of voxels.
        dimension: that they must have, if it is known.

    Raises:
        InputError: an object cannot be read, is empty, or has another number of axes; the sentence says which.
    """
    if kind == "volume":
        made = [_numbered(i, _of_grid, grid) for i, grid in enumerate(batches.grids(batch, spacing, dimension))]
    else:
        read = _of_cloud if kind == "points" else _of_mesh
        made = [_numbered(i, read, item) for i, item in enumerate(batches.items(batch, 2, "shape"))]
    expected = made[0].dimension if dimension is None else dimension
    for number, solid in enumerate(made):
        if solid.dimension != expected:
            raise InputError(f"shape {number} has {solid.dimension} coordinates, but the others have {expected}")
    return made


def _numbered(number: int, read: Callable[[Any], Solid], item: Any) -> Solid:
    try:
        return read(item)
    except InputError as error:
        raise InputError(f"shape {number}: {error}") from None


def _of_grid(grid: Grid) -> Solid:
    if not grid.values.any():
        raise InputError("it has no voxel that is not zero; leave it out")
    centre = centroid(grid).tolist()
    axes = coordinates(grid, centre)

    def hermite(order: int, window: Window) -> Floats:
        check_window(grid, window)
        exponents = exponents_of(order, grid.dimension)
        rows = [window.functions(order, window.scale, x) * h for x, h in zip(axes, grid.spacing, strict=True)]
        found = contracted(grid.values.astype(np.float64), rows, exponents)[:, 0]
        scaled: Floats = found * np.array([window.entry(e) for e in exponents])
        return scaled

    reach = max(float(np.abs(x).max()) for x in axes) + max(grid.spacing)
    return Solid(grid.dimension, reach, lambda order: whole(grid, order, centre), hermite)


def _of_cloud(item: Any) -> Solid:
    points, weights = item if isinstance(item, tuple) and len(item) == 2 else (item, None)
    places, masses = read_cloud(points, weights)
    dimension = places.shape[1]
    reach = float(np.abs(places).max())
    places = places - centroid_of_points(places, masses)
    return Solid(
        dimension,
        reach,
        lambda order: sums(places, masses, exponents_of(order, dimension), None),
        lambda order, window: sums(places, masses, exponents_of(order, dimension), window),
    )


def _of_mesh(item: Any) -> Solid:
    if not isinstance(item, tuple | list) or len(item) != 2:
        raise InputError("a mesh is a pair (vertices, faces)")
    vertices, faces = read_mesh_arrays(*item)
    vertices = vertices - (vertices.min(axis=0) + vertices.max(axis=0)) / 2
    first = integrals(vertices[faces], 1)
    corners = (vertices - first[1:] / first[0])[faces]

    def hermite(order: int, window: Window) -> Floats:
        raise InputError("the integrals over a mesh are of polynomials, so it takes no scales")

    return Solid(3, float(np.abs(corners).max()), lambda order: integrals(corners, order), hermite)
