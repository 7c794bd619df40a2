"""Fields that do not fit into memory: dask and zarr arrays, chunk by chunk, each with what its windows reach.

Along an axis that is one chunk the kernel looks up by itself what is beyond the faces. Along others dask adds the reach
of the window to both ends of a chunk, and beyond the faces what the boundary says. A voxel's numbers are made of the
same values by the same operations as in memory: they are equal bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from invgen.errors import InputError
from invgen.fields.box_kernel import Array
from invgen.fields.grids import Grid, read
from invgen.fields.plans import Plan
from invgen.fields.pyramids import margin_of
from invgen.fields.slabs import result_array
from invgen.fields.windows import Window

_BOUNDARIES: Mapping[str, Any] = {"zero": 0.0, "nearest": "nearest", "wrap": "periodic"}  # as dask calls them
_AXES = "xyz"


def is_lazy(field: Any) -> bool:
    """Whether a field is a dask or zarr array, or an xarray.DataArray that holds a dask array."""
    held = getattr(field, "data", None) if hasattr(field, "dims") and hasattr(field, "coords") else field
    return type(held).__module__.split(".")[0] in ("dask", "zarr")


@dataclass(frozen=True)
class LazyField:
    """A field that is read chunk by chunk.

    Attributes:
        array: a dask array, (X, Y, Z, components) or (X, Y, components).
        line: a grid of one line with the field's spacing, boundary, dtype and components.
    """

    array: Any
    line: Grid

    @classmethod
    def of(cls, field: Any, values: str, spacing: float | Sequence[float] | None, boundary: str) -> LazyField:
        """A dask or zarr array, or an xarray.DataArray that holds a dask array.

        Raises:
            InputError: as `fields.grids.read`, but for values, which are checked when they are computed.
        """
        array = _dask_array(field.data if hasattr(field, "dims") else field)
        line = read(_Line(field, array), values, spacing, boundary)
        if array.ndim == line.dimension:
            array = array[..., None]
        return cls(array, line)

    def check(self, windows: Sequence[Window], out: Any) -> None:
        """`InputError` where a window is a ball, or memory for the result is given."""
        if any(each.is_ball for each in windows):
            raise InputError("a ball is transformed with the whole field: load a lazy field, or use a Gaussian window")
        if out is not None:
            raise InputError("out= is for fields in memory; of a lazy field store the result with dask, as by to_zarr")

    def depths(self, order: int, windows: Sequence[Window]) -> tuple[int, ...]:
        """How many voxels each axis of a chunk is extended by.

        Raises:
            InputError: chunks are smaller than that.
        """
        found = []
        for axis, size in enumerate(self.line.spacing):
            chunks = self.array.chunks[axis]
            margin = max(margin_of(each, order, size) for each in windows)
            if len(chunks) == 1:
                margin = 0
            elif min(chunks) < margin:
                raise InputError(
                    f"along {_AXES[axis]} the smallest chunk of the field has {min(chunks)} voxels and the window "
                    f"reaches {margin}; rechunk the field to {margin} voxels or more, or to one chunk along this axis"
                )
            found.append(margin)
        return tuple(found)


class _Line:
    """One line of a field, with the field's coordinates: `read` checks and reads everything but values."""

    def __init__(self, field: Any, array: Any) -> None:
        self._array = array
        for name in ("dims", "coords"):
            if hasattr(field, "dims"):
                setattr(self, name, getattr(field, name))

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        # The last axis may be one of components.
        return np.zeros((*((1,) * (self._array.ndim - 1)), self._array.shape[-1]), dtype=self._array.dtype)


def _dask_array(field: Any) -> Any:
    try:
        import dask.array
    except ImportError as error:
        raise InputError("lazy fields need dask: pip install 'invgen[fields]'") from error
    if isinstance(field, dask.array.Array):
        return field
    return dask.array.from_array(field, chunks=field.chunks)


def lazy_results(field: LazyField, plan: Plan, windows: Sequence[Window], several: bool) -> Any:
    """Moments or invariants of a lazy field as a dask array, (X, Y, Z, K), of several windows (S, X, Y, Z, K).

    Args:
        field: the field.
        plan: what is made of each chunk.
        windows: the windows.
        several: whether the result has an axis for them.
    """
    import dask.array
    from dask.base import tokenize

    dimension = field.line.dimension
    depths = field.depths(plan.order, windows)
    boundary = _BOUNDARIES[field.line.boundary]
    axes = range(dimension)
    array = field.array.rechunk({dimension: -1}).astype(field.line.values.dtype)
    wide = dask.array.overlap.overlap(
        array,
        depth={**dict(zip(axes, depths, strict=True)), dimension: 0},
        boundary={**{axis: boundary if depths[axis] else "none" for axis in axes}, dimension: "none"},
        allow_rechunk=False,
    )
    make = partial(
        _block, plan=plan, windows=tuple(windows), several=several, spacing=field.line.spacing, depths=depths,
        boundary=field.line.boundary,
    )  # fmt: skip
    own = "xyz"[:dimension]
    new = {"k": plan.rows(field.array.shape[-1])}
    if several:
        new["s"] = len(windows)
    return dask.array.blockwise(
        make,
        ("s" if several else "") + own + "k",
        wide,
        own + "v",
        new_axes=new,
        adjust_chunks={name: array.chunks[axis] for axis, name in enumerate(own)},
        concatenate=True,
        dtype=array.dtype,
        meta=np.empty((0,) * (dimension + 1 + several), dtype=array.dtype),
        token="invgen-" + tokenize(wide.name, plan.token, windows, several),
    )


def _block(
    block: Array,
    plan: Plan,
    windows: tuple[Window, ...],
    several: bool,
    spacing: tuple[float, ...],
    depths: tuple[int, ...],
    boundary: str,
) -> Array:
    """The results of one chunk, which comes with what the windows reach beyond it."""
    if not np.isfinite(block).all():
        raise InputError(
            f"a field must be finite, and a chunk holds {int((~np.isfinite(block)).sum())} values that are not; fill "
            "them in first"
        )
    grid = Grid(np.ascontiguousarray(block), spacing, boundary)
    begin, end = depths, tuple(size - depth for size, depth in zip(grid.shape, depths, strict=True))
    shape = tuple(high - low for low, high in zip(begin, end, strict=True))
    out = result_array("out", None, (len(windows), *shape, plan.rows(block.shape[-1])), block.dtype)
    for part, window in zip(out, windows, strict=True):
        plan.maker(grid, window)(begin, end, np.moveaxis(part, -1, -2))
    return out if several else out[0]
