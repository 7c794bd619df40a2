"""Moments of a field about every voxel, or about given points: entries of symmetric tensors that turn with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer
from invgen.errors import InputError
from invgen.fields.grids import Grid, read
from invgen.fields.slabs import exponents_of, moments_everywhere
from invgen.fields.windows import Window
from invgen.spaces.space import TensorSpace

MAX_ORDER = 20
MEMORY = 4 * 2**30  # bytes that the moments of all points may take

Array = NDArray[Any]


@dataclass(frozen=True)
class Moments:
    """Moments of a field.

    Attributes:
        values: (X, Y, Z, dim) or (X, Y, dim), or (n, dim) at points: in the order of `space.components`.
        space: the tensors whose components they are, with their group.
        noise: the variance of each value per unit of white noise in the field, (dim, dim), a diagonal matrix under
            `Window.hermite`.
        window: the window.
    """

    values: Array
    space: TensorSpace
    noise: NDArray[np.float64]
    window: Window


def moments(
    field: Any,
    order: int,
    window: Window,
    values: str = "scalar",
    spacing: float | Sequence[float] | None = None,
    at: Any = "every",
    boundary: str = "zero",
    group: str | None = None,
    memory_limit: int = MEMORY,
    threads: int | None = None,
    out: Array | None = None,
) -> Moments:
    """The moments of orders 0..order about points, which turn with the field as `TensorSpace.moments` says.

    A moment is the sum over the voxels y of f(y) w(y - x), with the functions w of `Window` in units of its scale.
    Voxels may have different sizes along the axes.

    Args:
        field: (X, Y, Z) or (X, Y), values other than scalars with a last axis of components (`fields.grids.read`).
        order: the highest order, 0 to 20.
        window: the weights, `Window.hermite(scale)` or `Window.gaussian(scale)`.
        values: "scalar", "vector", "pseudovector" or "matrix".
        spacing: of the voxels; by default 1, or what the coordinates of an xarray.DataArray say.
        at: "every" for every voxel, or points (n, 3) in physical units, (n, 2) in the plane, the first voxel at zero;
        they
            are moved to the nearest voxel.
        boundary: what is beyond the faces: "zero", "nearest" or "wrap".
        group: of the space; O3 or O2 by default, under which a field and its mirror image have equal invariants.
        memory_limit: bytes that the result may take.
        threads: how many work at a time, by default those of `torch.get_num_threads()`; they change no bit.
        out: memory for the result at every voxel, of its shape and dtype, with the last two axes stored exchanged.

    Returns:
        The moments with their space.

    Raises:
        InputError: an argument is not one of those listed, the voxels are too large for the window, or the result would
            take more memory than is allowed.

    Complexity: for each component (order + 1)(order + 2)(order + 3) / 6 sums over a line of the window per voxel, less
        where they are shared: one pass along each axis.
    """
    grid = read(field, values, spacing, boundary)
    space = space_of(grid, order, values, group)
    check_window(grid, window)
    if isinstance(at, str):
        if at != "every":
            raise InputError(f'at is "every" or an array of points, got {at!r}')
        size = int(np.prod(grid.shape)) * space.dimension * grid.values.itemsize
        if size > memory_limit:
            raise InputError(
                f"the moments of {' x '.join(map(str, grid.shape))} points take {size / 2**30:.1f} GiB, more than "
                f"memory_limit = {memory_limit / 2**30:.1f} GiB; use fields.invariants, which stores no moments, or "
                "raise it"
            )
        found = moments_everywhere(grid, order, window, threads, out)
    else:
        found = _at_points(grid, order, window, _points(at, grid))
    return Moments(found, space, noise_of(grid, order, window), window)


def space_of(grid: Grid, order: int, values: str, group: str | None = None) -> TensorSpace:
    """The space of the moments of a field."""
    highest = integer("order", order, 0)
    if highest > MAX_ORDER:
        raise InputError(f"moments are taken to order {MAX_ORDER}, got {order!r}")
    name = group if group is not None else "O3" if grid.dimension == 3 else "O2"
    if values == "pseudovector":
        raise InputError("pseudovector fields are not built yet; give a vector field with the group SO3")
    return TensorSpace.moments(range(highest + 1), values, grid.dimension, name)


def check_window(grid: Grid, window: Window) -> None:
    """`InputError` if the voxels are too large for the window along an axis."""
    if not isinstance(window, Window):
        raise InputError(f"window is a Window, such as fields.Window.hermite(2.0), got {window!r}")
    for axis, size in zip("xyz", grid.spacing, strict=False):
        window.check(size, axis)


def noise_of(grid: Grid, order: int, window: Window) -> NDArray[np.float64]:
    """The covariance of the moments per unit of white noise, from the window's functions at the voxels."""
    rows = [window.rows(order, size) for size in grid.spacing]
    overlaps = [row @ row.T for row in rows]
    exponents = exponents_of(order, grid.dimension)
    size = grid.values.shape[-1]
    factors = np.array([window.entry(e) for e in exponents])
    single = np.array(
        [
            [np.prod([o[a, b] for o, a, b in zip(overlaps, one, other, strict=True)]) for other in exponents]
            for one in exponents
        ]
    )
    covariance: NDArray[np.float64] = np.kron(factors[:, None] * single * factors[None, :], np.eye(size))
    return covariance


def _points(given: Any, grid: Grid) -> NDArray[np.int64]:
    try:
        points = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f'at is "every" or an array of points (n, {grid.dimension}), got {given!r}') from None
    if points.ndim != 2 or points.shape[1] != grid.dimension or not np.isfinite(points).all():
        raise InputError(f"points have the shape (n, {grid.dimension}) and are finite, got {points.shape}")
    places: NDArray[np.int64] = np.rint(points / np.array(grid.spacing)).astype(np.int64)
    if len(places) and (places.min() < 0 or (places >= np.array(grid.shape)).any()):
        raise InputError(f"points lie inside the field, whose voxels are numbered from 0 to {np.array(grid.shape) - 1}")
    return places


def _at_points(grid: Grid, order: int, window: Window, places: NDArray[np.int64]) -> Array:
    """The moments at voxels, by one small product each."""
    rows = [window.rows(order, size) for size in grid.spacing]
    reach = [window.reach(size) for size in grid.spacing]
    padded = grid.padded(reach)
    exponents = exponents_of(order, grid.dimension)
    found = np.empty((len(places), len(exponents), grid.values.shape[-1]), dtype=grid.values.dtype)
    for i, place in enumerate(places):
        part = padded[tuple(slice(p, p + 2 * r + 1) for p, r in zip(place, reach, strict=True))]
        for row in rows:  # the first axis is summed, and its orders become the last axis
            part = np.tensordot(part, row, axes=(0, 1))
        part = np.moveaxis(part, 0, -1)  # (orders of x, y[, z], components)
        for k, e in enumerate(exponents):
            found[i, k] = part[e] * window.entry(e)
    return found.reshape(len(places), -1)
