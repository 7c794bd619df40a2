"""What is made at each voxel of a grid: the moments under a window, or invariants of them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from invgen.basis.basis import Basis
from invgen.fields.grids import Grid
from invgen.fields.slabs import exponents_of, stored_shape, window_passes
from invgen.fields.windows import Window

if TYPE_CHECKING:
    from invgen.runtime import Kernel

Array = NDArray[Any]
Maker = Callable[[Sequence[int], Sequence[int], Array], None]


@dataclass(frozen=True)
class Plan:
    """Moments, or invariants of them.

    Attributes:
        order: the highest order of the moments.
        dimension: of the space in which the field is.
        basis: of these moments; None, and the moments are the result.
        target: what computes the invariants.
        threads: how many work.
    """

    order: int
    dimension: int
    basis: Basis | None = None
    target: str = "c"
    threads: int = 1

    def rows(self, components: int) -> int:
        """How many numbers the result has at a voxel, of a field with so many components."""
        if self.basis is not None:
            return len(self.basis.output_names)
        return len(exponents_of(self.order, self.dimension)) * components

    @property
    def token(self) -> tuple[Any, ...]:
        """What tells the results of one plan from those of another."""
        return self.order, self.dimension, None if self.basis is None else self.basis.id, self.target

    @property
    def fused(self) -> bool:
        """Whether moments are held line by line only."""
        return self.basis is None or self.target == "c"

    def maker(self, grid: Grid, window: Window) -> Maker:
        """A function of a box (first voxel, one beyond the last) and of memory for its results, (x, y, row, z)."""
        passes = window_passes(grid, self.order, window, self.threads)
        if self.basis is None or self.target == "c":
            value = None if self.basis is None else _value_address(self.basis, grid.values.dtype.name)

            def fused(begin: Sequence[int], end: Sequence[int], out: Array) -> None:
                passes.run(begin, end, out, self.threads, value)

            return fused
        import torch

        kernel = _kernel(self.basis, self.target, grid.values.dtype)
        device = "cuda" if self.target == "cuda" else "cpu"

        def apart(begin: Sequence[int], end: Sequence[int], out: Array) -> None:
            sizes = [high - low for low, high in zip(begin, end, strict=True)]
            moments = np.empty(stored_shape(sizes, passes.rows), dtype=grid.values.dtype)
            passes.run(begin, end, moments, self.threads)
            out[...] = kernel.value(torch.from_numpy(moments).to(device)).cpu().numpy()

        return apart


def _kernel(basis: Basis, target: str, dtype: np.dtype[Any]) -> Kernel:
    import torch

    from invgen.compiler.invariants import compile

    return compile(basis, target, torch.float32 if dtype == np.float32 else torch.float64, layout="channel")


@lru_cache(maxsize=32)
def _value_address(basis: Basis, dtype: str) -> int:
    """Where the compiled function is that makes invariants of moments; it is loaded once and stays."""
    import torch

    from invgen.compiler.invariants import invariants_spec
    from invgen.runtime.build.elsewhere import c_library
    from invgen.runtime.c_library import open_library

    spec = invariants_spec(basis, "c", getattr(torch, dtype))
    function = open_library(c_library(spec), {"value": "ppiiz"})["value"]
    address = ctypes.cast(function, ctypes.c_void_p).value  # type: ignore[arg-type]
    assert address is not None
    return address
