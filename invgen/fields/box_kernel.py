"""The C kernel of local moments: numbers at the voxels of a box, stored as kernels of invariants read them: z last.

The kernel reads the field as it is and copies nothing: what is beyond the faces is looked up line by line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.emit import local_moments as emitter
from invgen.emit.version import CODEGEN_VERSION
from invgen.errors import InvgenError
from invgen.fields.grids import BOUNDARIES, Grid

_CODES = {name: code for code, name in enumerate(BOUNDARIES)}  # as the C kernel numbers them

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
    return open_library(c_library(spec), {"box": "ppippppppppppipipz>i"})["box"]


@dataclass(frozen=True)
class Weights:
    """Functions of one coordinate, even and odd in turns.

    Attributes:
        rows: (order + 1, 2 reach + 1), at the voxels that a window takes, in ascending order.
        step: how many voxels these are apart.
    """

    rows: NDArray[np.float64]
    step: int = 1


class Passes:
    """The moments of a field, made box by box.

    Args:
        grid: the field.
        factors: for each moment in the order of the components its exponents and what it is multiplied by.
        weights: the functions of the coordinate along each axis.
        offset: the voxel of the grid that is counted as the first.

    Attributes:
        rows: how many moments there are at a voxel, components counted.
    """

    def __init__(
        self,
        grid: Grid,
        factors: Mapping[tuple[int, ...], float],
        weights: Sequence[Weights],
        offset: Sequence[int] | None = None,
    ) -> None:
        values = np.ascontiguousarray(grid.values)
        self._plane = grid.dimension == 2
        # In the plane the kernel's axis y has one voxel and one function.
        self._field = values[:, None] if self._plane else values
        self._boundary = _CODES[grid.boundary]
        self._offset = np.zeros(grid.dimension, dtype=np.int64) if offset is None else np.array(offset, dtype=np.int64)
        self._order = max(map(sum, factors))
        dtype = values.dtype
        axes = (0, 2) if self._plane else (0, 1, 2)
        side = self._order + 1
        self._weights = [np.eye(1, side, dtype=dtype)] * 3
        self._steps = np.ones(3, dtype=np.int64)
        for axis, each in zip(axes, weights, strict=True):
            self._weights[axis] = np.ascontiguousarray(each.rows[:, each.rows.shape[1] // 2 :].T, dtype=dtype)
            self._steps[axis] = each.step
        self._places = np.zeros((side, side, side), dtype=np.int64)
        self._factors = np.zeros((side, side, side), dtype=dtype)
        for number, (e, factor) in enumerate(factors.items()):
            full = (e[0], 0, e[1]) if self._plane else e
            self._places[full] = number
            self._factors[full] = factor
        self._moments = len(factors)
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
        """Make the moments of the voxels from `begin` to `end`, or invariants of them, in `out`.

        Args:
            begin: the first voxel of the box, which may go beyond the faces.
            end: one beyond its last.
            out: (x, y, rows, z) or (x, rows, y), contiguous.
            threads: how many; their number changes no bit.
            value: the address of the function `value` of a kernel of invariants of these moments, with as many outputs
                as `out` has rows; none, and the moments are stored.
        """
        low, high = self._offset + np.array(begin), self._offset + np.array(end)
        if self._plane:
            low, high = np.insert(low, 1, 0), np.insert(high, 1, 1)
        sizes = np.array(self._field.shape, dtype=np.int64)
        assert out.flags.c_contiguous and out.dtype == self._field.dtype
        failed = _kernel(self._order, self._field.dtype.name)(
            self._field.ctypes.data,
            sizes.ctypes.data,
            self._boundary,
            low.ctypes.data,
            high.ctypes.data,
            self._reach.ctypes.data,
            self._steps.ctypes.data,
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
