"""Moments of a slab of voxels by the C kernel, which stores them as kernels of invariants read them: z last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.emit import local_moments as emitter
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InvgenError
from invgen.fields.windows import Window

Array = NDArray[Any]


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
