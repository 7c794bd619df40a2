"""Writing fields for ParaView: grids as ImageData (.vti), tables of detections as points (.vtp)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError, needs
from invgen.files import replacing

Floats = NDArray[np.float64]
_ORTHOGONAL = 1e-4


def to_vtk(
    path: str | Path,
    what: Any,
    spacing: float | Sequence[float] = 1.0,
    origin: float | Sequence[float] = 0.0,
    direction: Any = None,
    components: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write arrays on one grid as `.vti`, or a table of detections as `.vtp`, and return the path.

    Voxel (i, j, k) lies at origin + direction · (spacing * (i, j, k)). VTK counts x fastest; that is done here.

    Args:
        path: ends in .vti for arrays and in .vtp for a table.
        what: for .vti, names and arrays (X, Y, Z) or (X, Y), with a last axis of components for vectors, matrices and
            invariants; or one such array, which is called "field". For .vtp, a structured array with a column
            "position" (n, 3) or (n, 2), such as `fields.detect` returns; other columns become arrays of the points.
        spacing: of the voxels, one number or one for each axis. Two of them say that the arrays are images (X, Y), so
            that a third axis holds components.
        origin: where the first voxel is.
        direction: (3, 3), the columns of which are where the axes point, for volumes. Positions of a table, which count
            from the first voxel along the axes, are turned and moved by direction and origin, too.
        components: for arrays with components, their names, such as {"invariants": basis.output_names}.

    Raises:
        InputError: the arrays do not have one grid, are not real, or a name is missing; the ending is another one; the
            folder does not exist.
        MissingPackageError: pyvista is not there.
    """
    path = Path(path)
    if path.suffix not in (".vti", ".vtp"):
        raise InputError(f"the path ends in .vti for arrays, in .vtp for detections, got {path.name!r}")
    needs("pyvista")
    axes = np.eye(3) if direction is None else np.asarray(direction, dtype=np.float64)
    if axes.shape != (3, 3) or not abs(axes.T @ axes - np.eye(3)).max() <= _ORTHOGONAL:
        raise InputError("direction is an orthogonal matrix (3, 3) whose columns are where the axes point")
    start = _three("origin", origin, 0.0)
    if path.suffix == ".vtp":
        made = _points(what, axes, start)
    else:
        planar = np.shape(spacing) == (2,)
        made = _grid(what, _three("spacing", spacing, 1.0), axes, start, components or {}, planar)
    with replacing(path) as temporary:
        made.save(str(temporary))
    return path


def _three(what: str, given: Any, rest: float) -> Floats:
    """One number for each axis; in the plane that along z is `rest`."""
    try:
        found = np.atleast_1d(np.asarray(given, dtype=np.float64))
        found = np.repeat(found, 3) if found.shape == (1,) else found
        found = np.append(found, rest) if found.shape == (2,) else found
    except (TypeError, ValueError):
        found = np.zeros(0)
    if found.shape != (3,) or not np.isfinite(found).all() or (what == "spacing" and found.min() <= 0):
        kind = "a positive number" if what == "spacing" else "a number"
        raise InputError(f"{what} is {kind} or one for each axis, got {given!r}")
    return found


def _grid(
    what: Any, spacing: Floats, axes: Floats, start: Floats, components: Mapping[str, Sequence[str]], planar: bool
) -> Any:
    import pyvista

    arrays = {str(k): np.asarray(v) for k, v in (what if isinstance(what, Mapping) else {"field": what}).items()}
    if not arrays:
        raise InputError("there is no array to write")
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub" or array.ndim < 2 or not array.size:
            raise InputError(f"{name} is an array of real numbers on a grid, got {array.dtype} of shape {array.shape}")
    unknown = [name for name in components if name not in arrays]
    if unknown:
        raise InputError(f"components names {', '.join(unknown)}, which is none of the arrays {', '.join(arrays)}")
    shape = _shape(arrays, components, planar)
    image = pyvista.ImageData(dimensions=(*shape, 1)[:3], spacing=spacing, origin=start)
    image.direction_matrix = axes
    for name, array in arrays.items():
        values = array.astype(np.uint8) if array.dtype.kind == "b" else array
        values = values.astype(np.float32) if values.dtype == np.float16 else values
        flat: NDArray[Any] = values.ravel(order="F")
        if values.ndim > len(shape):  # components stay in the order of the last axes
            parts = np.moveaxis(values.reshape(*shape, -1), -1, 0)
            flat = np.stack([part.ravel(order="F") for part in parts], axis=1)
        image.point_data[name] = flat
        labels = components.get(name)
        if labels is not None:
            if flat.ndim != 2 or len(labels) != flat.shape[1]:
                count = 1 if flat.ndim == 1 else flat.shape[1]
                raise InputError(f"{name} has {count} components, components names {len(labels)} of them")
            stored = image.GetPointData().GetArray(name)
            for k, label in enumerate(labels):
                stored.SetComponentName(k, str(label))
    return image


def _shape(
    arrays: Mapping[str, NDArray[Any]], components: Mapping[str, Sequence[str]], planar: bool
) -> tuple[int, ...]:
    """The grid that all arrays have in common: the shape of the one with the fewest axes, or less its components."""
    least = min(arrays.values(), key=lambda array: array.ndim)
    candidates = [least.shape[:2]] if planar else [least.shape[:3], least.shape[:2]]
    named = [array for name, array in arrays.items() if name in components]
    if named:
        candidates = [named[0].shape[:-1]]
    for shape in candidates:
        if len(shape) in (2, 3) and all(array.shape[: len(shape)] == shape for array in arrays.values()):
            return shape
    shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
    raise InputError(f"the arrays have different grids: {shapes}; write them to files of their own")


def _points(table: Any, axes: Floats, start: Floats) -> Any:
    import pyvista

    array = np.asarray(table)
    if array.dtype.names is None or "position" not in array.dtype.names or array.ndim != 1:
        raise InputError("a .vtp holds a table of detections, a structured array with a column 'position'")
    positions = np.asarray(array["position"], dtype=np.float64)
    if positions.ndim != 2 or positions.shape[1] not in (2, 3):
        raise InputError(f"the positions of detections are (n, 3) or (n, 2), got {positions.shape}")
    if positions.shape[1] == 2:
        positions = np.concatenate([positions, np.zeros((len(positions), 1))], axis=1)
    cloud = pyvista.PolyData(start + positions @ axes.T) if len(array) else pyvista.PolyData()
    for name in array.dtype.names:
        if name != "position" and len(array):
            column = np.ascontiguousarray(array[name]).reshape(len(array), -1)
            cloud.point_data[name] = column[:, 0] if column.shape[1] == 1 else column
    return cloud
