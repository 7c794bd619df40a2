"""Moments of a box of voxels by the C kernel, stored as kernels of invariants read them: the last axis last.

The kernel reads the field as it is and copies nothing: what is beyond the faces is looked up line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer
from invgen.emit import local_moments as emitter
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InputError, InvgenError
from invgen.fields.grids import BOUNDARIES, Grid
from invgen.fields.windows import Window
from invgen.spaces.harmonics import monomials

SLAB = 2**22  # numbers of a slab: it stays in the last cache until it is used
_CODES = {name: code for code, name in enumerate(BOUNDARIES)}  # as the C kernel numbers them

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


@cache
def _kernel(order: int, dtype: str) -> Callable[..., Any]:
    """The compiled function for an order and a dtype, from the kernel cache or a compiler."""
    from invgen.runtime.build.elsewhere import c_library
    from invgen.runtime.c_library import open_library
    from invgen.runtime.spec import KernelSpec

    source = emitter.render(order, dtype)
    # The cache names entries by the spec; a field's moments belong to no basis.
    spec = KernelSpec("fields", "", "cartesian", 1, 1, dtype, "c", source, str(CODEGEN_VERSION))
    return open_library(c_library(spec), {"box": "ppipppppppppipipz>i"})["box"]


class Passes:
    """The moments of a field under one window, made box by box.

    Args:
        grid: the field.
        order: the highest order.
        window: the weights.

    Attributes:
        rows: how many moments there are at a voxel, components counted.
    """

    def __init__(self, grid: Grid, order: int, window: Window) -> None:
        values = np.ascontiguousarray(grid.values)
        self._plane = grid.dimension == 2
        # In the plane the kernel's axis y has one voxel and one function.
        self._field = values[:, None] if self._plane else values
        self._boundary = _CODES[grid.boundary]
        self._order = order
        dtype = values.dtype
        axes = (0, 2) if self._plane else (0, 1, 2)
        side = order + 1
        self._weights = [np.eye(1, side, dtype=dtype)] * 3
        for axis, size in zip(axes, grid.spacing, strict=True):
            whole = window.rows(order, size)
            self._weights[axis] = np.ascontiguousarray(whole[:, whole.shape[1] // 2 :].T, dtype=dtype)
        self._places = np.zeros((side, side, side), dtype=np.int64)
        self._factors = np.zeros((side, side, side), dtype=dtype)
        exponents = exponents_of(order, grid.dimension)
        for number, e in enumerate(exponents):
            full = (e[0], 0, e[1]) if self._plane else e
            self._places[full] = number
            self._factors[full] = window.entry(e)
        self._moments = len(exponents)
        self._orders = np.array([side, 1 if self._plane else side, side], dtype=np.int64)
        self._reach = np.array([len(weights) - 1 for weights in self._weights], dtype=np.int64)
        self.rows = self._moments * values.shape[-1]

    def run(
        self,
        begin: Sequence[int],
        end: Sequence[int],
        out: Array,
        threads: int,
        value: int | None = None,
    ) -> None:
        """Makes the moments of the voxels from `begin` to `end`, or invariants of them, in `out`.

        Args:
            begin: the first voxel of the box.
            end: one beyond its last.
            out: (x, y, rows, z) or (x, rows, y), contiguous.
            threads: how many; their number changes no bit.
            value: the address of the function `value` of a kernel of invariants of these moments, with as many outputs
                as `out` has rows; none, and the moments are stored.
        """
        first, last = ((each[0], 0, each[1]) if self._plane else tuple(each) for each in (begin, end))
        if self._plane:
            last = (last[0], 1, last[2])
        sizes, low, high = (np.array(each, dtype=np.int64) for each in (self._field.shape, first, last))
        assert out.flags.c_contiguous and out.dtype == self._field.dtype
        failed = _kernel(self._order, self._field.dtype.name)(
            self._field.ctypes.data,
            sizes.ctypes.data,
            self._boundary,
            low.ctypes.data,
            high.ctypes.data,
            self._reach.ctypes.data,
            self._orders.ctypes.data,
            *(weights.ctypes.data for weights in self._weights),
            self._places.ctypes.data,
            self._factors.ctypes.data,
            self._moments,
            value,
            out.shape[-2],
            out.ctypes.data,
            threads,
        )
        if failed:
            raise InvgenError(f"there is no memory for the sums along lines of {high - low} voxels; use smaller fields")


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


def thickness_of(shape: Sequence[int], rows: int, numbers: int = SLAB) -> int:
    """How many planes of x make a slab."""
    return max(1, min(shape[0], numbers // (int(np.prod(shape[1:])) * rows)))


def slabs_of(
    grid: Grid, order: int, window: Window, threads: int | None = None
) -> Iterator[tuple[slice, Array]]:
    """The moments of all voxels, slab by slab along x: (slice of x, (x, Y, dim, Z)), in the plane (x, dim, Y).

    Only one slab is held at a time. This is the layout "channel" of kernels, with the last axis of the field as
    channels.
    """
    passes = Passes(grid, order, window)
    step = thickness_of(grid.shape, passes.rows)
    for start in range(0, grid.shape[0], step):
        stop = min(start + step, grid.shape[0])
        out = np.empty(stored_shape((stop - start, *grid.shape[1:]), passes.rows), dtype=grid.values.dtype)
        passes.run((start, *(0 for _ in grid.shape[1:])), (stop, *grid.shape[1:]), out, threads_of(threads))
        yield slice(start, stop), out


def moments_everywhere(
    grid: Grid, order: int, window: Window, threads: int | None = None, out: Array | None = None
) -> Array:
    """The moments of all voxels, (X, Y, Z, dim) or (X, Y, dim), of which the last two axes are stored exchanged."""
    passes = Passes(grid, order, window)
    found = result_array("out", out, (*grid.shape, passes.rows), grid.values.dtype)
    passes.run((0,) * grid.dimension, grid.shape, np.moveaxis(found, -1, -2), threads_of(threads))
    return found
