"""Pictures of fields with matplotlib: maps over a slice, peaks over slices, vectors as arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer, one_of
from invgen.errors import InputError, needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

AXES = "xyz"
_ARROWS = 24  # along an axis, unless a step is given


def plot_map(
    values: Any,
    axis: str = "z",
    index: int | None = None,
    spacing: float | Sequence[float] = 1.0,
    component: int | None = None,
    ax: Axes | None = None,
    label: str | None = None,
    **options: Any,
) -> Axes:
    """A map of a field or of one invariant over a slice, in physical units.

    Args:
        values: (X, Y, Z) or (X, Y); with `component`, a last axis of invariants (X, Y, Z, K) or (X, Y, K).
        axis: the axis that the slice is across, for volumes.
        index: the voxel along it; by default the middle one.
        spacing: of the voxels, one number or one for each axis.
        component: the number of the invariant.
        ax: where to draw; a new figure by default.
        label: of the colour bar; none is drawn without one.
        options: for `Axes.imshow`, such as cmap, vmin and vmax.

    Raises:
        InputError: the array has no such shape, slice or component.
        MissingPackageError: matplotlib is not there.
    """
    array = np.asarray(values)
    if component is not None:
        if array.ndim not in (3, 4):
            raise InputError(f"invariants have the shape (X, Y, Z, K) or (X, Y, K), got {array.shape}")
        array = array[..., integer("the number of a component", component, 0, array.shape[-1] - 1)]
    if array.ndim not in (2, 3) or array.dtype.kind not in "fiub":
        raise InputError(
            f"a map is of an array (X, Y, Z) or (X, Y), got {array.dtype} {array.shape}; give component=k for one of "
            "the numbers at each voxel"
        )
    flat, kept, _ = _slice(array, axis, index)
    steps = _steps(spacing, array.ndim)
    ax = _axes(ax)
    image = ax.imshow(flat.T, origin="lower", extent=_extent(flat, [steps[k] for k in kept]), **options)
    _labelled(ax, kept)
    if label is not None:
        ax.figure.colorbar(image, ax=ax, label=label)
    return ax


def plot_peaks(
    values: Any,
    detections: Any,
    axis: str = "z",
    index: int | None = None,
    spacing: float | Sequence[float] = 1.0,
    thickness: float | None = None,
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """A slice with the detections near it as circles, as large as they are close, numbered by their rows.

    Args:
        values: (X, Y, Z) or (X, Y).
        detections: a structured array with the column "position", such as `fields.detect` returns.
        axis: the axis that the slice is across, for volumes.
        index: the voxel along it; by default that of the first detection, or the middle one.
        spacing: of the voxels.
        thickness: detections up to this distance from the slice are drawn; by default three voxels.
        ax: where to draw.
        options: for `plot_map`.

    Raises:
        InputError: as `plot_map`, or the table has no positions.
        MissingPackageError: matplotlib is not there.
    """
    array, table = np.asarray(values), np.asarray(detections)
    if table.dtype.names is None or "position" not in table.dtype.names:
        raise InputError("detections are a structured array with a column 'position', such as fields.detect returns")
    steps = _steps(spacing, array.ndim)
    # A picture begins at its first voxel, also where the coordinates of the field do not.
    voxels = "voxel" in table.dtype.names
    positions = table["voxel"] * np.array(steps) if voxels else np.asarray(table["position"], dtype=np.float64)
    if positions.ndim != 2 or positions.shape[1] != array.ndim:
        raise InputError(f"the positions of detections are {positions.shape}, and the field has {array.ndim} axes")
    across = AXES.index(one_of("axis", axis, tuple(AXES)))
    if index is None and array.ndim == 3 and len(table):
        index = int(np.clip(np.rint(positions[0, across] / steps[across]), 0, array.shape[across] - 1))
    _, kept, place = _slice(array, axis, index)
    ax = plot_map(array, axis, index, spacing, None, ax, **options)
    reach = (3.0 * steps[across] if array.ndim == 3 else 1.0) if thickness is None else thickness
    for row, position in enumerate(positions):
        away = abs(position[across] - place * steps[across]) if array.ndim == 3 else 0.0
        if away <= reach:
            spot = position[kept[0]], position[kept[1]]
            size = 14.0 * (1.0 - 0.6 * away / reach) if reach else 14.0
            ax.plot(*spot, "o", markersize=size, markerfacecolor="none", markeredgecolor="#c0392b")
            ax.annotate(str(row), spot, textcoords="offset points", xytext=(7, 7), color="#c0392b", fontsize=8)
    return ax


def plot_vectors(
    field: Any,
    axis: str = "z",
    index: int | None = None,
    spacing: float | Sequence[float] = 1.0,
    step: int | None = None,
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """The vectors of a field over a slice as arrows: their components in the slice.

    Args:
        field: (X, Y, Z, 3) or (X, Y, 2).
        axis: the axis that the slice is across, for volumes.
        index: the voxel along it; by default the middle one.
        spacing: of the voxels.
        step: every how many voxels an arrow stands; by default about 24 along the longer side.
        ax: where to draw.
        options: for `Axes.quiver`.

    Raises:
        InputError: the field has no such shape or slice.
        MissingPackageError: matplotlib is not there.
    """
    array = np.asarray(field)
    dimension = array.ndim - 1
    if dimension not in (2, 3) or array.shape[-1] != dimension or array.dtype.kind not in "fiub":
        raise InputError(f"a field of vectors has the shape (X, Y, Z, 3) or (X, Y, 2), got {array.dtype} {array.shape}")
    steps = _steps(spacing, dimension)
    flat, kept, _ = _slice(array, axis, index, dimension)
    every = max(1, max(flat.shape[:2]) // _ARROWS) if step is None else integer("step", step, 1)
    x, y = (np.arange(n)[::every] * steps[k] for n, k in zip(flat.shape[:2], kept, strict=True))
    arrows = flat[::every, ::every]
    ax = _axes(ax)
    ax.quiver(x, y, arrows[..., kept[0]].T, arrows[..., kept[1]].T, **{"angles": "xy", **options})
    ax.set_aspect("equal")
    _labelled(ax, kept)
    return ax


def _slice(
    array: NDArray[Any], axis: str, index: int | None, dimension: int | None = None
) -> tuple[NDArray[Any], tuple[int, ...], int]:
    """The values over a slice, the two axes that are left, and where along the third the slice is."""
    one_of("axis", axis, tuple(AXES))
    if (array.ndim if dimension is None else dimension) == 2:
        return array, (0, 1), 0
    across = AXES.index(axis)
    size = array.shape[across]
    place = size // 2 if index is None else integer(f"the slice across {axis}", index, 0, size - 1)
    return np.take(array, place, axis=across), tuple(k for k in range(3) if k != across), place


def _steps(spacing: float | Sequence[float], dimension: int) -> list[float]:
    try:
        found = np.broadcast_to(np.asarray(spacing, dtype=np.float64), (dimension,))
    except (TypeError, ValueError):
        raise InputError(f"spacing is one number, or {dimension} of them, got {spacing!r}") from None
    if not (np.isfinite(found) & (found > 0)).all():
        raise InputError(f"the spacing of a grid is positive, got {spacing!r}")
    return [float(v) for v in found]


def _extent(flat: NDArray[Any], steps: Sequence[float]) -> tuple[float, float, float, float]:
    """The edges of the outer voxels; the first voxel's centre is at zero."""
    (nx, ny), (hx, hy) = flat.shape[:2], steps
    return -hx / 2, (nx - 0.5) * hx, -hy / 2, (ny - 0.5) * hy


def _labelled(ax: Axes, kept: Sequence[int]) -> None:
    ax.set_xlabel(AXES[kept[0]])
    ax.set_ylabel(AXES[kept[1]])


def _axes(ax: Axes | None) -> Axes:
    needs("matplotlib")
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(layout="constrained")[1]
