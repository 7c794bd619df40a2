"""Invariants of a field at every point: made line by line of moments that are never stored."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.fields.grids import Grid, read
from invgen.fields.local_moments import MEMORY, Array, check_window
from invgen.fields.pyramids import smoothed_bytes
from invgen.fields.slabs import result_array, stored_shape, thickness_of, threads_of, window_passes
from invgen.fields.windows import Window
from invgen.spaces.conventions import CARTESIAN

if TYPE_CHECKING:
    import torch

    from invgen.runtime import Kernel


def invariants(
    field: Any,
    basis: Basis,
    window: Window | Sequence[Window],
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    target: str = "c",
    threads: int | None = None,
    out: Array | None = None,
    memory_limit: int = MEMORY,
) -> Any:
    """The members of a basis of moments at every voxel, (X, Y, Z, K) or (X, Y, K).

    They do not change as the field turns about the voxel. Moments are made for a line at a time and never stored. The
    last two axes of the result are stored the other way round: all values of one invariant along a line are neighbours.

    Args:
        field: as for `fields.moments`. Of a dask array, or an xarray.DataArray that holds one, the result is a dask
            array in the same chunks, of which nothing is computed yet; a zarr array is read as dask does.
        basis: of a space that `TensorSpace.moments` made, in the convention "cartesian".
        window: the weights of the moments; of several, the results follow one another: (S, X, Y, Z, K). Scales above
            four voxels are summed from a smoothed field (`fields.pyramids`), whose weights differ from those of the
            window by at most 1e-6 of the greatest.
        spacing: of the voxels.
        boundary: what is beyond the faces.
        target: what computes the invariants, as for `invgen.compile`.
        threads: how many work at a time, by default `torch.get_num_threads()`; they change no bit.
        out: memory for the result, of its shape, its dtype and its order of axes in memory.
        memory_limit: bytes that the result and a smoothed field may take.

    Raises:
        InputError: the basis is of another kind of space, the field does not have the values that its space has, the
            result would take more memory than is allowed, or an argument is not one of those of `fields.moments`.
        CompilerError: as `invgen.compile`.
    """
    plan = _plan(field, basis, window, spacing, boundary, target, threads)
    shape = plan.shape(plan.grid.shape)
    _check_memory(plan, int(np.prod(shape)), memory_limit)
    found = result_array("out", out, shape, plan.grid.values.dtype)
    parts = found if plan.several else found[None]
    # The fused kernel holds lines; others hold the moments of a slab.
    planes = plan.grid.shape[0] if target == "c" else thickness_of(plan.grid.shape, basis.space.dimension)
    for part, each in zip(parts, plan.windows, strict=True):
        make, stored = plan.maker(each), np.moveaxis(part, -1, -2)
        for start in range(0, plan.grid.shape[0], planes):
            stop = min(start + planes, plan.grid.shape[0])
            make(start, stop, stored[start:stop])
    return found


def iterate(
    field: Any,
    basis: Basis,
    window: Window | Sequence[Window],
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    target: str = "c",
    threads: int | None = None,
    memory_limit: int = MEMORY,
) -> Iterator[tuple[slice, Array]]:
    """The same in slabs along x, of which one is held at a time.

    Yields:
        The slice of x, and the invariants there, (x, Y, Z, K), of several windows (S, x, Y, Z, K).
    """
    plan = _plan(field, basis, window, spacing, boundary, target, threads)
    _check_memory(plan, 0, memory_limit)
    return _slabs(plan)


@dataclass(frozen=True)
class _Plan:
    """What is to be computed.

    Attributes:
        grid: the field.
        basis: what its moments are put into.
        order: the highest order of the moments.
        windows: one or several.
        several: whether the result has an axis for them.
        target: what computes the invariants.
        threads: how many work.
    """

    grid: Grid
    basis: Basis
    order: int
    windows: tuple[Window, ...]
    several: bool
    target: str
    threads: int

    def shape(self, sizes: Sequence[int]) -> tuple[int, ...]:
        """Of the result for so many voxels."""
        return (*((len(self.windows),) if self.several else ()), *sizes, len(self.basis.output_names))

    def maker(self, window: Window) -> Callable[[int, int, Array], None]:
        """A function of start, stop and memory that makes the invariants of these planes of x, (x, Y, K, Z)."""
        grid = self.grid
        passes = window_passes(grid, self.order, window, self.threads)
        ends = ((0,) * (grid.dimension - 1), grid.shape[1:])

        if self.target == "c":
            value = _value_address(self.basis, grid.values.dtype.name)

            def fused(start: int, stop: int, out: Array) -> None:
                passes.run((start, *ends[0]), (stop, *ends[1]), out, self.threads, value)

            return fused
        import torch

        kernel = _kernel(self.basis, self.target, grid.values.dtype)
        device = "cuda" if self.target == "cuda" else "cpu"

        def apart(start: int, stop: int, out: Array) -> None:
            moments = np.empty(stored_shape((stop - start, *grid.shape[1:]), passes.rows), dtype=grid.values.dtype)
            passes.run((start, *ends[0]), (stop, *ends[1]), moments, self.threads)
            out[...] = kernel.value(torch.from_numpy(moments).to(device)).cpu().numpy()

        return apart


def _plan(
    field: Any,
    basis: Basis,
    window: Window | Sequence[Window],
    spacing: float | Sequence[float] | None,
    boundary: str,
    target: str,
    threads: int | None,
) -> _Plan:
    values, order = _recipe(basis)
    grid = read(field, values, spacing, boundary)
    if grid.dimension != basis.space.spatial_dimension:
        raise InputError(
            f"the basis is of moments in {basis.space.spatial_dimension} dimensions, the field has {grid.dimension}"
        )
    several = isinstance(window, Sequence) and not isinstance(window, str)
    windows = tuple(window) if several else (window,)  # type: ignore[arg-type]
    if not windows:
        raise InputError("window is a Window or several of them, got none")
    for each in windows:
        check_window(grid, each)
    return _Plan(grid, basis, order, windows, several, target, threads_of(threads))  # type: ignore[arg-type]


def _slabs(plan: _Plan) -> Iterator[tuple[slice, Array]]:
    grid, count = plan.grid, len(plan.basis.output_names)
    makers = [plan.maker(each) for each in plan.windows]
    step = thickness_of(grid.shape, count * len(makers))
    for start in range(0, grid.shape[0], step):
        stop = min(start + step, grid.shape[0])
        out = np.empty(stored_shape((len(makers), stop - start, *grid.shape[1:]), count), dtype=grid.values.dtype)
        for part, make in zip(out, makers, strict=True):
            make(start, stop, part)
        found = np.moveaxis(out, -2, -1)
        yield slice(start, stop), found if plan.several else found[0]


def _check_memory(plan: _Plan, numbers: int, limit: int) -> None:
    smoothed = max(smoothed_bytes(plan.grid, plan.order, each) for each in plan.windows)
    size = numbers * plan.grid.values.itemsize + smoothed
    if size > limit:
        shape = " x ".join(map(str, plan.grid.shape))
        raise InputError(
            f"invariants of {shape} points take {size / 2**30:.1f} GiB, more than memory_limit = "
            f"{limit / 2**30:.1f} GiB; use fields.iterate, which holds a slab at a time, or raise it"
        )


def _recipe(basis: Basis) -> tuple[str, int]:
    """The values of a field and the highest order of the moments that a basis is of; orders begin with 0."""
    if not isinstance(basis, Basis):
        raise InputError(
            f"basis is a Basis, got {type(basis).__name__}; use invgen.generate(TensorSpace.moments(...), ...)"
        )
    layout = basis.space.layout
    if layout is None or not layout.recipe[0].endswith("moments") or basis.convention != CARTESIAN:
        raise InputError(
            f"the basis is of {basis.space} in the convention {basis.convention}; fields take bases of "
            "TensorSpace.moments in the convention 'cartesian'"
        )
    orders = [int(n) for n in layout.recipe[2].split(",")]
    if orders != list(range(len(orders))):
        raise InputError(f"the basis is of the orders {orders}; fields take all orders from 0 on")
    return layout.recipe[1], orders[-1]


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


def _kernel(basis: Basis, target: str, dtype: np.dtype[Any]) -> Kernel:
    import torch

    from invgen.compiler.invariants import compile

    return compile(basis, target, torch.float32 if dtype == np.float32 else torch.float64, layout="channel")
