"""Batches of shapes: grids of one number of axes, one after another, and sentences that name the shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import as_real, one_of
from invgen.errors import InputError
from invgen.fields.grids import Grid, read

NONZERO, ALL = "nonzero", "all"
MASKS = (NONZERO, ALL)

Threshold = str | float

Mask = NDArray[np.bool_]


def items(batch: Any, dimension: int | None, what: str = "shape") -> list[Any]:
    """The members of a batch, at least one.

    Args:
        batch: an array whose first axis is the batch, or a sequence.
        dimension: of the shapes, if it is known.
        what: one of them is called.

    Raises:
        InputError: there is none, or one shape was given instead of a batch.
    """
    if isinstance(batch, str | bytes) or not hasattr(batch, "__len__") or getattr(batch, "ndim", 1) == 0:
        raise InputError(f"a batch is an array (n, X, Y, Z) or (n, X, Y), or a list of {what}s, got {batch!r:.60}")
    if getattr(batch, "ndim", None) == 2 or (dimension is not None and getattr(batch, "ndim", None) == dimension):
        raise InputError(
            f"a batch is an array (n, X, Y, Z) or (n, X, Y), or a list of {what}s, got one array of the shape "
            f"{tuple(batch.shape)}; put a single {what} into a list"
        )
    found = list(batch)
    if not found:
        raise InputError(f"a batch holds at least one {what}, got none")
    return found


def grids(batch: Any, spacing: float | Sequence[float] | None, dimension: int | None = None) -> Iterator[Grid]:
    """The shapes of a batch as grids.

    Raises:
        InputError: a shape is not a field of finite real numbers, or has not as many axes as the others; the sentence
            begins with its number.
    """
    for number, item in enumerate(items(batch, dimension)):
        try:
            grid = read(item, spacing=spacing)
        except InputError as error:
            raise InputError(f"shape {number}: {error}") from None
        if dimension is not None and grid.dimension != dimension:
            raise InputError(f"shape {number} has {grid.dimension} axes, but the others have {dimension}")
        dimension = grid.dimension
        yield grid


def read_threshold(mask: Any) -> Threshold:
    """Which voxels count: "nonzero", "all", or those above a number."""
    number = as_real(mask)
    return number if number is not None and np.isfinite(number) else one_of("mask, if it is not a number,", mask, MASKS)


def masked(grids: Iterator[Grid], masks: Any, default: Threshold) -> Iterator[tuple[Grid, Mask]]:
    """The grids with the voxels that count, cut to the smallest box that holds what is not zero and the mask.

    Args:
        grids: the shapes.
        masks: one for each, or None.
        default: without masks, "nonzero" for the voxels that are not zero, "all" for all, or a number for those
            above it.

    Raises:
        InputError: a mask is of another shape, or holds nothing; masks are fewer or more than the shapes.
    """
    given = None if masks is None else list(masks)
    number = -1
    for number, grid in enumerate(grids):
        solid: Mask = grid.values[..., 0] != 0
        if given is None:
            mask = _above(grid, default)
        else:
            mask = _mask(given, number, grid)
        if not mask.any():
            none = "has no voxel that is not zero" if default == NONZERO else f"has no voxel above {default}"
            reason = none if given is None else "has an empty mask"
            raise InputError(f"shape {number} {reason}, so there is nothing to pool over; leave it out")
        yield _cut(grid, solid | mask, mask)
    if given is not None and len(given) != number + 1:
        raise InputError(f"there is one mask for each shape, got {len(given)} masks for {number + 1} shapes")


def _above(grid: Grid, threshold: Threshold) -> Mask:
    values = grid.values[..., 0]
    if isinstance(threshold, str):
        return values != 0 if threshold == NONZERO else np.ones(values.shape, dtype=bool)
    return values > threshold


def _mask(given: Sequence[Any], number: int, grid: Grid) -> Mask:
    if number >= len(given):
        raise InputError(f"there is one mask for each shape, got {len(given)} masks and more shapes")
    mask = np.asarray(given[number])
    if mask.shape != grid.shape or mask.dtype.kind not in "biu":
        raise InputError(
            f"the mask of shape {number} is an array of true and false of the shape {grid.shape}, got an array of "
            f"{mask.dtype} of the shape {mask.shape}"
        )
    return mask.astype(bool)


def _cut(grid: Grid, kept: Mask, mask: Mask) -> tuple[Grid, Mask]:
    """Only zeros are cut away, so what is beyond the faces stays zero."""
    places = np.argwhere(kept)
    box = tuple(slice(a, b) for a, b in zip(places.min(axis=0), places.max(axis=0) + 1, strict=True))
    return replace(grid, values=np.ascontiguousarray(grid.values[box])), mask[box]
