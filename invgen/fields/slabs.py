"""Moments and results at every voxel, in slabs along x or at once, and the memory that they are stored in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer
from invgen.errors import InputError
from invgen.fields.box_kernel import Passes
from invgen.fields.grids import Grid
from invgen.fields.pyramids import passes_of
from invgen.fields.windows import Window
from invgen.spaces.harmonics import monomials

SLAB = 2**22  # numbers of a slab: it stays in the last cache until it is used

Array = NDArray[Any]


def exponents_of(order: int, dimension: int) -> list[tuple[int, ...]]:
    """The exponents of all moments up to an order, in the order of the components."""
    if dimension == 2:
        return [(a, n - a) for n in range(order + 1) for a in range(n, -1, -1)]
    return [e for n in range(order + 1) for e in monomials(n)]


def threads_of(threads: int | None) -> int:
    """The number of threads that a user asks for; by default that of `invgen.runtime`."""
    from invgen.runtime.threads import threads as default

    return default() if threads is None else integer("threads", threads, 1)


def window_passes(grid: Grid, order: int, window: Window, threads: int) -> Passes:
    """The moments up to an order under a window, ready to be made at any voxel."""
    factors = {e: window.entry(e) for e in exponents_of(order, grid.dimension)}
    return passes_of(grid, factors, window, threads)


def stored_shape(shape: Sequence[int], rows: int) -> tuple[int, ...]:
    """How numbers at the voxels of a grid are stored: (x, y, rows, z), in the plane (x, rows, y)."""
    return (*shape[:-1], rows, shape[-1])


def result_array(name: str, given: Array | None, shape: Sequence[int], dtype: np.dtype[Any]) -> Array:
    """The memory of a result of this shape, (..., Z, rows), whose last two axes are stored the other way round.

    Raises:
        InputError: what was given has another shape, dtype or order in memory.
    """
    if given is None:
        return np.moveaxis(np.empty(stored_shape(shape[:-1], shape[-1]), dtype=dtype), -2, -1)
    if not isinstance(given, np.ndarray) or given.shape != tuple(shape) or given.dtype != dtype:
        what = f"{given.dtype} of the shape {given.shape}" if isinstance(given, np.ndarray) else type(given).__name__
        raise InputError(f"{name} is an array of {dtype} of the shape {tuple(shape)}, got {what}")
    if not np.moveaxis(given, -1, -2).flags.c_contiguous or not given.flags.writeable:
        raise InputError(
            f"{name} is stored with its last two axes exchanged and can be written to; make it as "
            f"numpy.moveaxis(numpy.empty({stored_shape(shape[:-1], shape[-1])}, numpy.{dtype}), -2, -1)"
        )
    return given


def thickness_of(shape: Sequence[int], rows: int) -> int:
    """How many planes of x make a slab."""
    return max(1, min(shape[0], SLAB // (int(np.prod(shape[1:])) * rows)))


def slabs_of(grid: Grid, order: int, window: Window, threads: int | None = None) -> Iterator[tuple[slice, Array]]:
    """The moments of all voxels, slab by slab along x: (slice of x, (x, Y, dim, Z)), in the plane (x, dim, Y).

    Only one slab is held at a time. This is the layout "channel" of kernels, with the last axis of the field as
    channels.
    """
    count = threads_of(threads)
    passes = window_passes(grid, order, window, count)
    step = thickness_of(grid.shape, passes.rows)
    for start in range(0, grid.shape[0], step):
        stop = min(start + step, grid.shape[0])
        out = np.empty(stored_shape((stop - start, *grid.shape[1:]), passes.rows), dtype=grid.values.dtype)
        passes.run((start, *(0 for _ in grid.shape[1:])), (stop, *grid.shape[1:]), out, count)
        yield slice(start, stop), out


def moments_everywhere(
    grid: Grid, order: int, window: Window, threads: int | None = None, out: Array | None = None
) -> Array:
    """The moments of all voxels, (X, Y, Z, dim) or (X, Y, dim), of which the last two axes are stored exchanged.

    Memory that is given and does not have this form is not used.
    """
    count = threads_of(threads)
    passes = window_passes(grid, order, window, count)
    shape, dtype = (*grid.shape, passes.rows), grid.values.dtype
    direct = None
    if isinstance(out, np.ndarray) and (out.shape, out.dtype, out.flags.writeable) == (shape, dtype, True):
        direct = out if np.moveaxis(out, -1, -2).flags.c_contiguous else None
    found = result_array("out", direct, shape, dtype)
    passes.run((0,) * grid.dimension, grid.shape, np.moveaxis(found, -1, -2), count)
    return found
