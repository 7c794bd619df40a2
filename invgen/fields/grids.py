"""Fields on grids: what is given, as real numbers with a spacing along each axis.

Integers and truth values become float64, in which sums of 8 bits do not overflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import one_of
from invgen.errors import InputError

BOUNDARIES = {"zero": "constant", "nearest": "edge", "wrap": "wrap"}
"""What is beyond the faces, and what NumPy calls it."""
VALUES = {"scalar": 0, "vector": 1, "pseudovector": 1, "matrix": 2}
"""How many indices the field has at a point."""
_AXES = "xyz"


@dataclass(frozen=True)
class Grid:
    """A field of real numbers.

    Attributes:
        values: (X, Y, Z, components) or (X, Y, components), float32 or float64; times the weights, if there are any.
        spacing: the size of a voxel along each axis.
        boundary: what is beyond the faces.
        origin: where the first voxel is.
        weights: (X, Y, Z) or (X, Y), not negative, or None.
    """

    values: NDArray[Any]
    spacing: tuple[float, ...]
    boundary: str
    origin: tuple[float, ...] = ()
    weights: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        if not self.origin:
            object.__setattr__(self, "origin", (0.0,) * self.dimension)

    @property
    def dimension(self) -> int:
        """3, or 2 in the plane."""
        return len(self.spacing)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of voxels along each axis."""
        return self.values.shape[:-1]

    @property
    def mask(self) -> Grid:
        """What the values were multiplied by, as a scalar field on the same grid: the weights, or ones."""
        ones = np.ones(self.shape, dtype=self.values.dtype) if self.weights is None else self.weights
        return Grid(ones[..., None], self.spacing, self.boundary, self.origin)

    def padded(self, reach: Sequence[int]) -> NDArray[Any]:
        """The values with `reach` voxels more at both ends of each axis, as the boundary says."""
        width = [*((r, r) for r in reach), (0, 0)]
        return np.pad(self.values, width, mode=BOUNDARIES[self.boundary])  # type: ignore[call-overload, no-any-return]


def read(
    field: Any,
    values: str = "scalar",
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    weights: Any = None,
) -> Grid:
    """A field as a grid.

    Args:
        field: (X, Y, Z) or (X, Y), with a last axis of components for values other than "scalar"; anything that NumPy
            reads.
            float32 stays float32, integers become float64. An xarray.DataArray brings its spacing and where it begins.
        values: "scalar", "vector" (a true one), "pseudovector" (one number in the plane) or "matrix" (two vector
            indices, row by row).
        spacing: of the voxels along each axis, or one number for all; 1 by default. Where it is given, coordinates are
            not read.
        boundary: what is beyond the faces: "zero", "nearest" (the value at the face) or "wrap".
        weights: of the voxels, (X, Y, Z) or (X, Y), which the values are multiplied by: a mask of true and false, or
            numbers that are not negative. Where a weight is 0 the field may have any value, NaN too.

    Raises:
        InputError: the array does not have such a shape, is not real or not finite, or the spacing is not positive.
    """
    one_of("values", values, tuple(VALUES))
    one_of("boundary", boundary, tuple(BOUNDARIES))
    array = np.asarray(field)
    if array.dtype.kind not in "fiub":
        raise InputError(f"a field is an array of real numbers, got an array of {array.dtype}")
    indices = VALUES[values]
    dimension = array.ndim - (1 if indices else 0)
    if values == "pseudovector" and array.ndim == 2:  # one number at each point of the plane may come without an axis
        indices, dimension = 0, 2
    if dimension not in (2, 3):
        shape = "(X, Y, Z) or (X, Y)" if not indices else "(X, Y, Z, components) or (X, Y, components)"
        raise InputError(f"a field of {values} values has the shape {shape}, got {array.shape}")
    wanted = 1 if values == "pseudovector" and dimension == 2 else dimension**indices
    if not indices:
        array = array[..., None]
    if array.shape[-1] != wanted:
        raise InputError(
            f"a {values} in {dimension} dimensions has {wanted} components in the last axis, got the shape "
            f"{array.shape}"
        )
    if array.dtype != np.float32:
        array = array.astype(np.float64)
    if not array.size:
        raise InputError(f"a field has at least one voxel, got the shape {array.shape}")
    factors = None
    if weights is not None:
        factors = _weights(weights, array)
        array = np.where(factors[..., None] > 0, array, array.dtype.type(0)) * factors[..., None]
    if not np.isfinite(array).all():
        where = "" if weights is None else " where the weights are positive"
        raise InputError(
            f"a field must be finite{where}, got {int((~np.isfinite(array)).sum())} values that are not; fill them in, "
            "or leave them out with weights="
        )
    if spacing is None:
        sizes, origin = _place(field, dimension)
    else:
        sizes, origin = read_spacing(spacing, dimension), (0.0,) * dimension
    return Grid(array, sizes, boundary, origin, factors)


def _weights(given: Any, array: NDArray[Any]) -> NDArray[Any]:
    weights = np.asarray(given)
    if weights.dtype.kind not in "fiub" or weights.shape != array.shape[:-1]:
        raise InputError(
            f"weights are real numbers of the shape {array.shape[:-1]}, one for each voxel, got {weights.dtype} of the "
            f"shape {weights.shape}"
        )
    weights = weights.astype(array.dtype)
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise InputError("weights are finite and not negative; NaN and negative numbers are not weights")
    if not weights.any():
        raise InputError("the weights are zero everywhere, which leaves nothing of the field")
    return weights


def read_spacing(given: float | Sequence[float], dimension: int) -> tuple[float, ...]:
    """The size of a voxel along each axis; `InputError` unless it is one positive number, or one for each."""
    try:
        sizes = np.broadcast_to(np.asarray(given, dtype=np.float64), (dimension,))
    except (TypeError, ValueError):
        raise InputError(f"spacing is one number, or {dimension} of them, got {given!r}") from None
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise InputError(f"the spacing of a grid is positive, got {given!r}")
    return tuple(float(size) for size in sizes)


def _place(field: Any, dimension: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The spacing and the first voxel's place that an xarray.DataArray states by its coordinates; else 1 and 0."""
    names = getattr(field, "dims", None)
    if names is None or not hasattr(field, "coords"):
        return (1.0,) * dimension, (0.0,) * dimension
    sizes, origin = [], []
    for axis, name in enumerate(names[:dimension]):
        if name not in field.coords:
            sizes.append(1.0)
            origin.append(0.0)
            continue
        places = np.asarray(field.coords[name], dtype=np.float64)
        steps = np.diff(places)
        # A millionth leaves room for coordinates that were stored in float32.
        if not len(steps) or steps[0] <= 0 or np.abs(steps - steps[0]).max() > 1e-6 * abs(steps[0]):
            raise InputError(
                f"the coordinates along {_AXES[axis]} ({name}) must ascend in equal steps; interpolate the field first"
            )
        sizes.append(float(steps.mean()))
        origin.append(float(places[0]))
    return tuple(sizes), tuple(origin)
