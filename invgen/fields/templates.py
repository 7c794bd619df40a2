"""Templates: what is looked for, as Hermite moments about its centre."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import as_real, integer
from invgen.errors import InputError
from invgen.fields.grids import read
from invgen.fields.local_moments import MAX_ORDER, check_window, moments
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import HERMITE, Window

Floats = NDArray[np.float64]
_NO_CONTRAST = 1e-9  # of the root of the sum of squares; moments of constants are exact to some hundred roundings


@dataclass(frozen=True, init=False, eq=False)
class Template:
    """A pattern of scalar values that is looked for, whatever way it is turned.

    Its moments are those about the voxel number `shape // 2` along each axis. Beyond the patch it continues with one
    value, its background.

    Attributes:
        moments: (dim,) in the order of `fields.moments`, of the patch less its background.
        window: the Hermite window.
        order: the highest order.
        spacing: of the voxels.
        shape: of the patch.
        background: the value beyond the patch.
        captured: the share of the patch's sum of squares that its moments hold, at most about 1. What is left is
            detail finer than the order resolves, or lies outside the window.
    """

    moments: Floats
    window: Window
    order: int
    spacing: tuple[float, ...]
    shape: tuple[int, ...]
    background: float
    captured: float
    _half: tuple[float, ...] = field(repr=False)

    def __init__(
        self,
        patch: Any,
        window: Window,
        order: int = 6,
        spacing: float | Sequence[float] | None = None,
        background: float | None = None,
    ) -> None:
        """A template from a small array.

        Args:
            patch: (X, Y, Z) or (X, Y), finite real numbers.
            window: `Window.hermite(scale)`. A scale of 0.28 of the pattern's radius keeps most of it at order 6.
            order: the highest order of the moments, 1 to 20.
            spacing: of the voxels, as for `fields.moments`.
            background: the value beyond the patch; by default the mean of the voxels at its faces.

        Raises:
            InputError: the patch is not such an array, has no contrast, or is larger than the window; the window is not
                a Hermite window.
        """
        _check(window, order)
        array = np.asarray(patch)
        if array.dtype.kind not in "fiub" or array.ndim not in (2, 3) or not array.size:
            raise InputError(
                f"a template is an array (X, Y, Z) or (X, Y) of real numbers, got {array.dtype} of shape {array.shape}"
            )
        missing = int((~np.isfinite(array)).sum())
        if missing:
            raise InputError(f"a template must be finite, got {missing} values that are not; fill them in first")
        grid = read(np.asarray(array, dtype=np.float64), "scalar", _given_spacing(patch, spacing))
        check_window(grid, window)
        half = tuple(n // 2 * h for n, h in zip(array.shape, grid.spacing, strict=True))
        for axis, (reach, h) in zip("xyz", zip(half, grid.spacing, strict=True), strict=False):
            if reach > window.reach(h) * h:
                raise InputError(
                    f"along {axis} the template reaches {reach:g} from its centre, the window {window.reach(h) * h:g}; "
                    "use a larger scale, or a smaller template"
                )
        values = grid.values[..., 0]
        level = as_real(background) if background is not None else float(values[_faces(values.shape)].mean())
        if level is None or not np.isfinite(level):
            raise InputError(f"the background of a template is a finite number, got {background!r}")
        values = values - level
        energy = float((values**2).sum())
        if energy <= (_NO_CONTRAST * max(abs(level), 1e-300)) ** 2 * values.size:
            raise InputError("the template has no contrast: all its values are equal")
        found = moments(values, order, window, spacing=grid.spacing, at=[half]).values[0].astype(np.float64)
        entries = np.sqrt(_variances(order, window, values.ndim))
        kept = float(((found / entries) ** 2).sum())
        if kept <= _NO_CONTRAST**2 * energy:
            raise InputError("the template has no contrast that its moments see; use a higher order")
        self._set(found, window, order, grid.spacing, array.shape, level, kept / energy, half)

    @classmethod
    def from_function(
        cls,
        function: Callable[..., Any],
        window: Window,
        order: int = 6,
        spacing: float | Sequence[float] = 1.0,
        dimension: int = 3,
    ) -> Template:
        """A template from a function of x, y and z (in the plane of x and y) about its centre, in physical units.

        It is called once with arrays of all voxels that the window reaches. What it tends to far away should be 0.

        Raises:
            InputError: as for a patch, or the function does not return an array of the shape of its arguments.
        """
        _check(window, order)
        try:
            sizes = np.broadcast_to(np.asarray(spacing, dtype=np.float64), (integer("dimension", dimension, 2, 3),))
        except (TypeError, ValueError):
            raise InputError(f"spacing is one number, or {dimension} of them, got {spacing!r}") from None
        if not (np.isfinite(sizes) & (sizes > 0)).all():
            raise InputError(f"the spacing of a grid is positive, got {spacing!r}")
        axes = [np.arange(-window.reach(h), window.reach(h) + 1) * h for h in sizes]
        arguments = np.meshgrid(*axes, indexing="ij")
        values = np.asarray(function(*arguments))
        if values.shape != arguments[0].shape:
            raise InputError(
                f"the function returns an array of the shape of its arguments, {arguments[0].shape}, got {values.shape}"
            )
        return cls(values, window, order, tuple(map(float, sizes)), background=0.0)

    @property
    def dimension(self) -> int:
        """3, or 2 in the plane."""
        return len(self.spacing)

    def _set(self, *values: Any) -> None:
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)
        self.moments.setflags(write=False)


def _check(window: Window, order: int) -> None:
    if not isinstance(window, Window) or window.kind != HERMITE:
        raise InputError(f"templates take a window fields.Window.hermite(scale), got {window!r}")
    integer("order", order, 1, MAX_ORDER)


def _given_spacing(patch: Any, spacing: float | Sequence[float] | None) -> Any:
    """The spacing that is given, or that an xarray.DataArray has."""
    return spacing if spacing is not None or not hasattr(patch, "coords") else read(patch).spacing


def _faces(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The voxels at the faces of a box."""
    found = np.ones(shape, dtype=bool)
    found[(slice(1, -1),) * len(shape)] = False
    return found


def _variances(order: int, window: Window, dimension: int) -> Floats:
    return np.array([window.noise(e) for e in exponents_of(order, dimension)])
