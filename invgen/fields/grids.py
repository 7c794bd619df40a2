"""Fields on grids: what is given, as real numbers with a spacing along each axis."""

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
        values: (X, Y, Z, components) or (X, Y, components), float32 or float64.
        spacing: the size of a voxel along each axis.
        boundary: what is beyond the faces.
    """

    values: NDArray[Any]
    spacing: tuple[float, ...]
    boundary: str

    @property
    def dimension(self) -> int:
        """3, or 2 in the plane."""
        return len(self.spacing)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of voxels along each axis."""
        return self.values.shape[:-1]

    def padded(self, reach: Sequence[int]) -> NDArray[Any]:
        """The values with `reach` voxels more at both ends of each axis, as the boundary says."""
        width = [*((r, r) for r in reach), (0, 0)]
        return np.pad(self.values, width, mode=BOUNDARIES[self.boundary])  # type: ignore[call-overload, no-any-return]


def read(
    field: Any, values: str = "scalar", spacing: float | Sequence[float] | None = None, boundary: str = "zero"
) -> Grid:
    """A field as a grid.

    Args:
        field: (X, Y, Z) or (X, Y), with a last axis of components for values other than "scalar"; anything that NumPy
        reads.
            float32 stays float32, integers become float64. An xarray.DataArray brings its spacing.
        values: "scalar", "vector" (a true one), "pseudovector" or "matrix" (two vector indices, row by row).
        spacing: of the voxels along each axis, or one number for all; 1 by default.
        boundary: what is beyond the faces: "zero", "nearest" (the value at the face) or "wrap".

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
    if not np.isfinite(array).all():
        raise InputError(
            f"a field must be finite, got {int((~np.isfinite(array)).sum())} values that are not; fill them in first"
        )
    return Grid(array, _spacing(field, spacing, dimension), boundary)


def _spacing(field: Any, given: float | Sequence[float] | None, dimension: int) -> tuple[float, ...]:
    if given is None:
        coordinates = _coordinates(field, dimension)
        return (1.0,) * dimension if coordinates is None else coordinates
    try:
        sizes = np.broadcast_to(np.asarray(given, dtype=np.float64), (dimension,))
    except (TypeError, ValueError):
        raise InputError(f"spacing is one number, or {dimension} of them, got {given!r}") from None
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise InputError(f"the spacing of a grid is positive, got {given!r}")
    return tuple(float(size) for size in sizes)


def _coordinates(field: Any, dimension: int) -> tuple[float, ...] | None:
    """The spacing that an xarray.DataArray states by its coordinates; None where it has none."""
    names = getattr(field, "dims", None)
    if names is None or not hasattr(field, "coords"):
        return None
    sizes = []
    for axis, name in enumerate(names[:dimension]):
        if name not in field.coords:
            sizes.append(1.0)
            continue
        steps = np.diff(np.asarray(field.coords[name], dtype=np.float64))
        # A millionth leaves room for coordinates that were stored in float32.
        if not len(steps) or steps[0] <= 0 or np.abs(steps - steps[0]).max() > 1e-6 * abs(steps[0]):
            raise InputError(
                f"the coordinates along {_AXES[axis]} ({name}) must ascend in equal steps; interpolate the field first"
            )
        sizes.append(float(steps.mean()))
    return tuple(sizes)
