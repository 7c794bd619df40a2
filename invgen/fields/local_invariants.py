"""Invariants of a field at every point: made line by line of moments that are never stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.fields.grids import Grid, read
from invgen.fields.local_moments import MEMORY, Array, check_window
from invgen.fields.out_of_core import LazyField, is_lazy, lazy_results
from invgen.fields.plans import Plan
from invgen.fields.pyramids import smoothed_bytes
from invgen.fields.slabs import result_array, thickness_of, threads_of
from invgen.fields.windows import Window
from invgen.spaces.conventions import CARTESIAN


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
    values, order = recipe_of(basis)
    windows, several = _windows(window)
    if is_lazy(field):
        return _lazily(field, basis, windows, several, spacing, boundary, target, threads, out)
    grid = _grid(field, basis, windows, values, spacing, boundary)
    plan = Plan(order, grid.dimension, basis, target, threads_of(threads))
    shape = (*((len(windows),) if several else ()), *grid.shape, len(basis.output_names))
    _check_memory(grid, order, windows, int(np.prod(shape)), memory_limit)
    found = result_array("out", out, shape, grid.values.dtype)
    # The fused kernel holds lines; others hold the moments of a slab.
    planes = grid.shape[0] if plan.fused else thickness_of(grid.shape, basis.space.dimension)
    for part, each in zip(found if several else found[None], windows, strict=True):
        make, stored = plan.maker(grid, each), np.moveaxis(part, -1, -2)
        for box in _boxes(grid.shape, planes):
            make(*box, stored[box[0][0] : box[1][0]])
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
    values, order = recipe_of(basis)
    windows, several = _windows(window)
    if is_lazy(field):
        raise InputError("a lazy field is worked on in its own chunks: use fields.invariants, and compute its blocks")
    grid = _grid(field, basis, windows, values, spacing, boundary)
    _check_memory(grid, order, windows, 0, memory_limit)
    plan = Plan(order, grid.dimension, basis, target, threads_of(threads))
    return _slabs(grid, plan, windows, several)


def _slabs(grid: Grid, plan: Plan, windows: Sequence[Window], several: bool) -> Iterator[tuple[slice, Array]]:
    rows = plan.rows(grid.values.shape[-1])
    makers = [plan.maker(grid, each) for each in windows]
    for begin, end in _boxes(grid.shape, thickness_of(grid.shape, rows * len(makers))):
        sizes = (end[0] - begin[0], *grid.shape[1:])
        found = result_array("out", None, (len(makers), *sizes, rows), grid.values.dtype)
        for part, make in zip(found, makers, strict=True):
            make(begin, end, np.moveaxis(part, -1, -2))
        yield slice(begin[0], end[0]), found if several else found[0]


def _boxes(shape: Sequence[int], planes: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The first voxel of each slab of so many planes of x, and one beyond its last."""
    for start in range(0, shape[0], planes):
        yield (start, *(0 for _ in shape[1:])), (min(start + planes, shape[0]), *shape[1:])


def _windows(given: Any) -> tuple[tuple[Window, ...], bool]:
    """The windows, and whether the result has an axis for them."""
    several = isinstance(given, Sequence) and not isinstance(given, str)
    windows = tuple(given) if several else (given,)
    if not windows:
        raise InputError("window is a Window or several of them, got none")
    return windows, several


def _grid(
    field: Any,
    basis: Basis,
    windows: Sequence[Window],
    values: str,
    spacing: float | Sequence[float] | None,
    boundary: str,
) -> Grid:
    grid = read(field, values, spacing, boundary)
    _check_fit(grid, basis, windows)
    return grid


def _check_fit(grid: Grid, basis: Basis, windows: Sequence[Window]) -> None:
    if grid.dimension != basis.space.spatial_dimension:
        raise InputError(
            f"the basis is of moments in {basis.space.spatial_dimension} dimensions, the field has {grid.dimension}"
        )
    for each in windows:
        check_window(grid, each)


def _lazily(
    field: Any,
    basis: Basis,
    windows: Sequence[Window],
    several: bool,
    spacing: float | Sequence[float] | None,
    boundary: str,
    target: str,
    threads: int | None,
    out: Array | None,
) -> Any:
    values, order = recipe_of(basis)
    lazy = LazyField.of(field, values, spacing, boundary)
    _check_fit(lazy.line, basis, windows)
    lazy.check(windows, out)
    # Dask computes chunks beside one another.
    plan = Plan(order, lazy.line.dimension, basis, target, 1 if threads is None else threads_of(threads))
    return lazy_results(lazy, plan, windows, several)


def _check_memory(grid: Grid, order: int, windows: Sequence[Window], numbers: int, limit: int) -> None:
    size = numbers * grid.values.itemsize + max(smoothed_bytes(grid, order, each) for each in windows)
    if size > limit:
        shape = " x ".join(map(str, grid.shape))
        raise InputError(
            f"the invariants of {shape} points take {size / 2**30:.1f} GiB, more than memory_limit = "
            f"{limit / 2**30:.1f} GiB; use fields.iterate, which holds a slab at a time, or raise it"
        )


def recipe_of(basis: Basis) -> tuple[str, int]:
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
