"""Moments about given points, between voxels too, and of whole fields: the functions at the true offsets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError
from invgen.fields.grids import Grid
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Floats, Window

Array = NDArray[Any]


def read_points(given: Any, grid: Grid) -> Floats:
    """Points (n, 3) or (n, 2) in the units of the spacing; `InputError` if they are not, or lie outside the field."""
    dimension = grid.dimension
    try:
        points = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f'at is "every", "whole" or an array of points (n, {dimension}), got {given!r}') from None
    if points.ndim != 2 or points.shape[1] != dimension or not np.isfinite(points).all():
        raise InputError(f"points have the shape (n, {dimension}) and are finite, got {points.shape}")
    places = in_voxels(points, grid)
    if len(places) and (places.min() < -0.5 or (places > np.array(grid.shape) - 0.5).any()):
        ends = [o + h * (n - 1) for o, h, n in zip(grid.origin, grid.spacing, grid.shape, strict=True)]
        raise InputError(
            f"points lie inside the field, whose voxels have their centres from {list(grid.origin)} to {ends}, got a "
            "point outside"
        )
    return points


def in_voxels(points: Floats, grid: Grid) -> Floats:
    """Points in numbers of voxels from the first one's centre."""
    found: Floats = (points - np.array(grid.origin)) / np.array(grid.spacing)
    return found


def at_points(grid: Grid, order: int, window: Window, points: Floats) -> Array:
    """The moments about points, (n, dim): sums over the voxels of the window, whose functions are taken at y - x."""
    exponents = exponents_of(order, grid.dimension)
    found = np.empty((len(points), len(exponents), grid.values.shape[-1]), dtype=grid.values.dtype)
    for i, place in enumerate(in_voxels(points, grid)):
        part, rows = _surroundings(grid, order, window, place)
        found[i] = contracted(part, rows, exponents) * np.array([[window.entry(e)] for e in exponents])
    return found.reshape(len(points), found.shape[1] * found.shape[2])


def contracted(part: Array, rows: Sequence[Floats], exponents: Sequence[tuple[int, ...]]) -> Array:
    """Sums of a field times one function for each axis, (moments, components), one axis after another."""
    for row in rows:  # the first axis is summed, and its orders become the last axis
        part = np.tensordot(part, row, axes=(0, 1))
    part = np.moveaxis(part, 0, -1)  # (orders of x, y[, z], components)
    return np.stack([part[e] for e in exponents])


def check_windows_hold_something(grid: Grid, window: Window, points: Floats) -> None:
    """`InputError` if the weights are zero in the whole box of a point's window."""
    for point, place in zip(points, in_voxels(points, grid), strict=True):
        if not _surroundings(grid.mask, 0, window, place, functions=False)[0].any():
            raise InputError(
                f"the weights are zero in the whole window about the point {point.tolist()}: there is nothing to take "
                "moments of; leave the point out, or use a larger window"
            )


def _surroundings(
    grid: Grid, order: int, window: Window, place: Floats, functions: bool = True
) -> tuple[Array, list[Floats]]:
    """The voxels of a window about a place, and the functions of each coordinate at them."""
    part, rows = grid.values, []
    for axis, (p, size, count) in enumerate(zip(place, grid.spacing, grid.shape, strict=True)):
        reach = window.reach(size)
        # A place that is a voxel but for rounding has the voxels of its window on both sides.
        numbers = np.arange(np.ceil(p - reach - 1e-9), np.floor(p + reach + 1e-9) + 1).astype(np.int64)
        inside = (numbers >= 0) & (numbers < count)
        if grid.boundary == "zero":
            numbers = numbers[inside]
        part = np.take(part, numbers, axis=axis, mode="wrap" if grid.boundary == "wrap" else "clip")
        if functions:
            rows.append(window.functions(order, size, (numbers - p) * size))
    return part, rows


# Whole fields


def coordinates(grid: Grid, centre: Sequence[float]) -> list[Floats]:
    """The coordinates of the voxels along each axis, from a centre."""
    numbers = [np.arange(n, dtype=np.float64) for n in grid.shape]
    return [o - c + h * k for o, c, h, k in zip(grid.origin, centre, grid.spacing, numbers, strict=True)]


def whole_rows(grid: Grid, order: int, centre: Sequence[float]) -> list[Floats]:
    """The powers of the coordinates, times the size of a voxel, (order + 1, voxels) for each axis."""
    rows: list[Floats] = []
    for x, h in zip(coordinates(grid, centre), grid.spacing, strict=True):
        powers: Any = np.stack([x**n for n in range(order + 1)]) * h
        rows.append(powers)
    return rows


def whole(grid: Grid, order: int, centre: Sequence[float]) -> Floats:
    """The geometric moments of a whole field about a centre, (dim,), in float64: sums over voxels times their size."""
    exponents = exponents_of(order, grid.dimension)
    found: Floats = contracted(grid.values.astype(np.float64), whole_rows(grid, order, centre), exponents).ravel()
    return found


def centroid(grid: Grid) -> Floats:
    """The centroid of a field of numbers; `InputError` if they sum to zero but for rounding."""
    middle = [o + h * (n - 1) / 2 for o, h, n in zip(grid.origin, grid.spacing, grid.shape, strict=True)]
    first = whole(grid, 1, middle)
    size = np.abs(grid.values).sum(dtype=np.float64) * np.prod(grid.spacing)
    if abs(first[0]) <= 1e-12 * size:
        raise InputError(
            "the field sums to zero, so it has no centroid to take moments about; subtract its background, or leave "
            'out "translation"'
        )
    found: Floats = np.array(middle) + first[1:] / first[0]
    return found
