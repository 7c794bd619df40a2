"""Moments of a slab of voxels by the C kernel, which stores them as kernels of invariants read them: z last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer
from invgen.emit import local_moments as emitter
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InvgenError
from invgen.fields.grids import Grid
from invgen.fields.windows import Window
from invgen.spaces.harmonics import monomials

_SLAB = 2**22  # numbers of a slab of moments: it stays in the last cache until the invariants are made of it

Array = NDArray[Any]


def exponents_of(order: int, dimension: int) -> list[tuple[int, ...]]:
    """The exponents of all moments up to an order, in the order of the components."""
    if dimension == 2:
        return [(a, n - a) for n in range(order + 1) for a in range(n, -1, -1)]
    return [e for n in range(order + 1) for e in monomials(n)]


@cache
def _kernel(order: int, dtype: str) -> Callable[..., Any]:
    """The compiled function for an order and a dtype, from the kernel cache or a compiler."""
    from invgen.runtime.build.elsewhere import c_library
    from invgen.runtime.c_library import open_library
    from invgen.runtime.spec import KernelSpec

    source = emitter.render(order, dtype)
    # The cache names entries by the spec; a field's moments belong to no basis.
    spec = KernelSpec("fields", "", "cartesian", 1, 1, dtype, "c", source, str(CODEGEN_VERSION))
    return open_library(c_library(spec), {"slab": "pippppppppipz>i"})["slab"]


class Slabs:
    """The moments of slabs of one field.

    Args:
        window: the weights.
        order: the highest order.
        spacing: of the voxels along the two or three axes.
        exponents: of the moments in the order of the components.
        dtype: float32 or float64.
    """

    def __init__(
        self,
        window: Window,
        order: int,
        spacing: Sequence[float],
        exponents: Sequence[tuple[int, ...]],
        dtype: np.dtype[Any],
    ) -> None:
        self._dtype = dtype
        self._order = order
        self.lanes = emitter.lanes_of(dtype.name)
        plane = len(spacing) == 2
        # In the plane the axis y of the kernel has one voxel and one function: threads share out x.
        self._kernel_axes = (0, 2) if plane else (0, 1, 2)
        self._rows = [np.ones((1, 1), dtype=dtype)] * 3
        for axis, size in zip(self._kernel_axes, spacing, strict=True):
            whole = window.rows(order, size)
            self._rows[axis] = np.ascontiguousarray(whole[:, whole.shape[1] // 2 :], dtype=dtype)
        side = order + 1
        self._places = np.full((side, side, side), -1, dtype=np.int64)
        self._factors = np.zeros((side, side, side), dtype=dtype)
        for number, e in enumerate(exponents):
            full = (e[0], 0, e[1]) if plane else e
            self._places[full] = number
            self._factors[full] = window.entry(e)
        self._count = len(exponents)

    def run(self, padded: Array, sizes: Sequence[int], threads: int) -> Array:
        """The moments of one component, (X, Y, moments, Z), or (X, moments, Y) in the plane.

        Args:
            padded: the slab with what the window reaches beyond it, (X + 2 reach, Y + 2 reach, Z + 2 reach).
            sizes: of the slab without it.
            threads: how many; their number changes no bit.
        """
        plane = len(sizes) == 2
        full = (sizes[0], 1, sizes[1]) if plane else tuple(sizes)
        field = padded[:, None] if plane else padded
        reach = [row.shape[1] - 1 for row in self._rows]
        lanes = self.lanes
        rounded = -(-full[2] // lanes) * lanes
        width = -(-(rounded + 2 * reach[2]) // lanes) * lanes
        block = np.zeros((*field.shape[:2], width), dtype=self._dtype)
        block[..., : field.shape[2]] = field
        out = np.empty((full[0], full[1], self._count, full[2]), dtype=self._dtype)
        integers = [np.array(v, dtype=np.int64) for v in (full, reach, [len(row) for row in self._rows])]
        failed = _kernel(self._order, self._dtype.name)(
            block.ctypes.data,
            width,
            *(v.ctypes.data for v in integers),
            *(row.ctypes.data for row in self._rows),
            self._places.ctypes.data,
            self._factors.ctypes.data,
            self._count,
            out.ctypes.data,
            threads,
        )
        if failed:
            raise InvgenError(f"there is no memory for planes of {field.shape[1]} x {width} voxels; use smaller fields")
        return out[:, 0] if plane else out


def threads_of(threads: int | None) -> int:
    """The number of threads that a user asks for; by default that of `invgen.runtime`."""
    from invgen.runtime.threads import threads as default

    return default() if threads is None else integer("threads", threads, 1)


def moments_everywhere(
    grid: Grid, order: int, window: Window, threads: int | None = None, out: Array | None = None
) -> Array:
    """The moments of all voxels, (X, Y, Z, dim) or (X, Y, dim), of which the last two axes are stored exchanged."""
    components = grid.values.shape[-1] * len(exponents_of(order, grid.dimension))
    if out is None:
        stored = np.empty((*grid.shape[:-1], components, grid.shape[-1]), dtype=grid.values.dtype)
        out = np.moveaxis(stored, -2, -1)
    for where, slab in slabs_of(grid, order, window, threads):
        out[where] = np.moveaxis(slab, -2, -1)
    return out


def slabs_of(
    grid: Grid, order: int, window: Window, threads: int | None = None
) -> Iterator[tuple[slice, Array]]:
    """The moments of all voxels, slab by slab along x: (slice of x, (x, Y, dim, Z)), in the plane (x, dim, Y).

    Only one slab is held at a time. This is the layout "channel" of kernels, with the last axis of the field as
    channels.
    """
    exponents = exponents_of(order, grid.dimension)
    slabs = Slabs(window, order, grid.spacing, exponents, grid.values.dtype)
    reach = [window.reach(size) for size in grid.spacing]
    padded = grid.padded(reach)
    components = grid.values.shape[-1]
    rest = grid.shape[1:]
    thickness = max(1, _SLAB // (int(np.prod(rest)) * len(exponents) * components))
    for start in range(0, grid.shape[0], thickness):
        stop = min(start + thickness, grid.shape[0])
        block = padded[start : stop + 2 * reach[0]]
        parts = [slabs.run(block[..., v], (stop - start, *rest), threads_of(threads)) for v in range(components)]
        if components == 1:
            yield slice(start, stop), parts[0]
            continue
        found = np.stack(parts, axis=-2)  # (..., moments, components, last axis)
        yield slice(start, stop), found.reshape(*found.shape[:-3], -1, found.shape[-1])
