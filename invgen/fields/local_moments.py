"""Moments of a field about every voxel, about given points or of the whole: symmetric tensors that turn with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer, one_of
from invgen.errors import InputError
from invgen.fields import balls, normalisation
from invgen.fields.grids import Grid, read
from invgen.fields.out_of_core import LazyField, is_lazy, lazy_results
from invgen.fields.places import Place, MomentsRecipe, constant
from invgen.fields.plans import Plan
from invgen.fields.point_moments import whole_rows
from invgen.fields.slabs import exponents_of, threads_of
from invgen.fields.windows import Floats, Window
from invgen.spaces.space import TensorSpace

MAX_ORDER = 20
MEMORY = 4 * 2**30  # bytes that the moments of all points may take
TARGETS = ("c", "torch")

Array = NDArray[Any]


@dataclass(frozen=True)
class Moments:
    """Moments of a field.

    Attributes:
        values: (X, Y, Z, dim) or (X, Y, dim), (n, dim) at points, (dim,) of a whole field: in the order of
            `space.components`. Of several windows, one after another along a first axis more.
        space: the tensors whose components they are, with their group: the orders that are left.
        noise: the covariance of the values per unit of white noise in the field, (dim, dim), a diagonal matrix under
            `Window.hermite`; (windows, dim, dim) of several. None where it is another at each point (`weights`) or
            depends on the field ("translation", "scale", "contrast").
        window: the window, a tuple of several, or None.
        removed: how many degrees of freedom each normalisation removed.
    """

    values: Array
    space: TensorSpace
    noise: NDArray[np.float64] | None
    window: Window | tuple[Window, ...] | None
    removed: Mapping[str, int] = field(default_factory=dict)

    @property
    def independent(self) -> int:
        """How many invariants are independent at generic values: the space less its orbits and what was removed.

        "translation" took order 1 out of the space, so the space counts it already.
        """
        constraints = sum(count for name, count in self.removed.items() if name != "translation")
        return self.space.dimension - self.space.orbit_dimension - constraints


def moments(
    field: Any,
    order: int,
    window: Window | Sequence[Window] | None = None,
    values: str = "scalar",
    spacing: float | Sequence[float] | None = None,
    at: Any = "every",
    boundary: str = "zero",
    weights: Any = None,
    normalise: str | Sequence[str] = (),
    threads: int | None = None,
    out: Array | None = None,
    group: str | None = None,
    memory_limit: int = MEMORY,
    target: str = "c",
) -> Moments:
    """The moments of orders 0..order about points, which turn with the field as `TensorSpace.moments` says.

    A moment is the sum over the voxels y of f(y) w(y - x), with the functions w of `Window` in units of its scale.
    Voxels may have different sizes along the axes. Without a window, the moments of the whole field are the sums of
    x^a y^b z^c f(y) over all voxels times a voxel's size, in physical units.

    Args:
        field: (X, Y, Z) or (X, Y), values other than scalars with a last axis of components (`fields.grids.read`).
            Integers become float64. Of a dask or zarr array the values are a dask array, of which nothing is computed
            yet, about every voxel and under Gaussian windows.
        order: the highest order, 0 to 20.
        window: `Window.hermite(scale)`, `Window.gaussian(scale)` or `Window.ball(radius, taper)`, or several of one
            kind, which are stacked; none for the geometric moments of a whole field.
        values: "scalar", "vector", "pseudovector" or "matrix".
        spacing: of the voxels; by default 1, or what the coordinates of an xarray.DataArray say.
        at: "every" for every voxel; points (n, 3) or (n, 2) in physical units, the first voxel at zero or where the
            coordinates of an xarray.DataArray begin, which need not be voxels; or "whole" for one tensor: without a
            window about the origin of the coordinates, or with "translation" about the centroid.
        boundary: what is beyond the faces: "zero", "nearest" or "wrap".
        weights: a mask, or weights of the voxels, which multiply the field. Moments of the product turn with field and
            mask together: invariants near a mask's edge are those of both. `fields.moments(mask, ...)` are the mask's
            own. About voxels whose window holds no weight they are zero; such points are refused.
        normalise: of "translation", "scale", "offset" and "contrast", what the moments are freed of;
            `fields.normalisation` has the table of what goes with what.
        threads: how many are used; their number changes no bit.
        out: memory for the values, of their shape and dtype.
        group: of the space; O3 or O2 by default, under which a field and its mirror image have equal invariants.
        memory_limit: bytes that the result may take.
        target: "c", or "torch" for products with banded matrices: of a tensor on any device the values are a tensor,
            differentiable with respect to it (every voxel under a Gaussian window, without weights and `normalise`).

    Returns:
        The moments with their space. Those of a whole field without a window are float64.

    Raises:
        InputError: an argument is not one of those listed, the voxels are too large for the window, a combination has
            no meaning, or the result would take more memory than is allowed.

    Complexity: for each component (order + 1)(order + 2)(order + 3) / 6 sums over a line of the window per voxel, less
        where they are shared: one pass along each axis. A ball takes a Fourier transform per moment instead.
    """
    by_torch = one_of("target", target, TARGETS) == "torch"
    if is_lazy(field):
        every = isinstance(at, str) and at == "every"
        if by_torch or not every or weights is not None or normalise:
            raise InputError(
                "of a lazy field moments are taken about every voxel, by the C kernel, without weights and normalise; "
                "load the part of it that you need, or multiply it by its weights"
            )
        return _lazily(field, order, window, values, spacing, boundary, threads, out, group)
    grid = read(_as_array(field), values, spacing, boundary, weights)
    space = space_of(grid, order, values, group)
    highest = integer("order", order, 0)
    place = Place.read(at, grid)
    windows = _windows(window, grid, place)
    components = grid.values.shape[-1]
    names = normalisation.read_normalise(normalise, place.kind, windows[0], highest, components)
    place = place.centred(grid, names, windows[0] is not None)
    if place.kind == "every":
        _check_memory(grid, space, windows, memory_limit)
    if by_torch:
        from invgen.fields.torch_moments import everywhere

        _check_torch(place, windows, weights, names, out)
        made = everywhere(field, grid, highest, windows[0])  # type: ignore[arg-type]
        return Moments(made, space, noise_of(grid, highest, windows[0]), window)  # type: ignore[arg-type]
    recipes = [MomentsRecipe(highest, each, place, threads_of(threads)) for each in windows]
    balls_only = [each for each in windows if each is not None and each.is_ball]
    transformed = balls.Transformed.of(grid, balls_only, threads_of(threads)) if balls_only else None
    several = isinstance(window, Sequence)
    direct = None
    if out is not None and place.kind == "every" and not (several or names):
        _check_out(out, (*grid.shape, space.dimension), grid.values.dtype)
        direct = out
    parts = [each.normalised(each.make(grid, transformed, direct), grid, names) for each in recipes]
    orders, removed = normalisation.left(names, place.kind, windows[0], highest, grid.dimension, components)
    found = np.stack(parts) if several else parts[0]
    if len(orders) <= highest:
        kept = [sum(e) in orders for e in exponents_of(highest, grid.dimension) for _ in range(components)]
        found = found[..., kept]
        space = TensorSpace.moments(orders, values, grid.dimension, space.group)
    if out is not None and found is not out:
        _check_out(out, found.shape, found.dtype)
        out[...] = found
        found = out
    known = grid.weights is None and not set(names) - {"offset"}
    noises = [_noise(grid, highest, each, place, names) for each in windows] if known else []
    covariance = None if not known else np.stack(noises) if several else noises[0]
    return Moments(found, space, covariance, tuple(windows) if several else windows[0], removed)  # type: ignore[arg-type]


def _lazily(
    field: Any,
    order: int,
    window: Window | Sequence[Window] | None,
    values: str,
    spacing: float | Sequence[float] | None,
    boundary: str,
    threads: int | None,
    out: Any,
    group: str | None,
) -> Moments:
    """Moments of a lazy field, whose values are a dask array."""
    lazy = LazyField.of(field, values, spacing, boundary)
    space = space_of(lazy.line, order, values, group)
    windows = [each for each in _windows(window, lazy.line, Place.read("every", lazy.line)) if each is not None]
    lazy.check(windows, out)
    several = isinstance(window, Sequence)
    plan = Plan(order, lazy.line.dimension, threads=1 if threads is None else threads_of(threads))
    noises = [noise_of(lazy.line, order, each) for each in windows]
    found = lazy_results(lazy, plan, windows, several)
    if several:
        return Moments(found, space, np.stack(noises), tuple(windows))
    return Moments(found, space, noises[0], windows[0])


def space_of(grid: Grid, order: int, values: str, group: str | None = None) -> TensorSpace:
    """The space of the moments of a field."""
    highest = integer("order", order, 0)
    if highest > MAX_ORDER:
        raise InputError(f"moments are taken to order {MAX_ORDER}, got {order!r}")
    name = group if group is not None else "O3" if grid.dimension == 3 else "O2"
    return TensorSpace.moments(range(highest + 1), values, grid.dimension, name)


def check_window(grid: Grid, window: Any) -> None:
    """`InputError` if the voxels are too large for the window along an axis."""
    if not isinstance(window, Window):
        raise InputError(f"window is a Window, such as fields.Window.hermite(2.0), got {window!r}")
    for axis, size in zip("xyz", grid.spacing, strict=False):
        window.check(size, axis)


def noise_of(grid: Grid, order: int, window: Window) -> Floats:
    """The covariance of the moments per unit of white noise, from the window's functions at the voxels."""
    if window.is_ball:
        return balls.ball_noise(grid, order, window)
    rows = [window.rows(order, size) for size in grid.spacing]
    return _covariance(rows, exponents_of(order, grid.dimension), window, grid.values.shape[-1])


def _noise(grid: Grid, order: int, window: Window | None, place: Place, names: Sequence[str]) -> Floats:
    exponents, components = exponents_of(order, grid.dimension), grid.values.shape[-1]
    if window is None:
        return _covariance(whole_rows(grid, order, place.points[0]), exponents, None, components)
    found = noise_of(grid, order, window)
    if "offset" in names:
        projection = normalisation.offset_projection(constant(grid, order, window), exponents, components)
        found = projection @ found @ projection.T
    return found


def _covariance(
    rows: Sequence[Floats], exponents: Sequence[tuple[int, ...]], window: Window | None, components: int
) -> Floats:
    """The covariance of sums over voxels of products of functions of one coordinate."""
    overlaps = [row @ row.T for row in rows]
    factors = np.array([1.0 if window is None else window.entry(e) for e in exponents])
    single = np.array(
        [
            [np.prod([o[a, b] for o, a, b in zip(overlaps, one, other, strict=True)]) for other in exponents]
            for one in exponents
        ]
    )
    found: Floats = np.kron(factors[:, None] * single * factors[None, :], np.eye(components))
    return found


def _windows(given: Any, grid: Grid, place: Place) -> list[Window | None]:
    """The windows, at least one, or None alone for a whole field."""
    if given is None and place.kind == "whole":
        return [None]
    windows = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]
    for each in windows:
        check_window(grid, each)
    if len({each.kind for each in windows}) != 1:
        raise InputError(f"several windows are at least one, and of one kind, got {given!r}")
    return windows


def _as_array(field: Any) -> Any:
    """A tensor as an array; whatever else as it is."""
    if hasattr(field, "detach") and hasattr(field, "cpu"):
        return field.detach().cpu().numpy()
    return field


def _check_torch(
    place: Place, windows: Sequence[Window | None], weights: Any, names: Sequence[str], out: Array | None
) -> None:
    plain = weights is None and not names and out is None and len(windows) == 1
    if place.kind != "every" or windows[0] is None or windows[0].is_ball or not plain:
        raise InputError(
            'target="torch" takes the moments about every voxel under one Gaussian window, without weights, normalise '
            'and out; multiply the field by its weights, or use target="c"'
        )


def _check_memory(grid: Grid, space: TensorSpace, windows: Sequence[Window | None], memory_limit: int) -> None:
    size = int(np.prod(grid.shape)) * space.dimension * grid.values.itemsize * len(windows)
    given = [each for each in windows if each is not None]
    if given and given[0].is_ball:
        size += balls.spectra_bytes(grid, given)
    if size > memory_limit:
        raise InputError(
            f"the moments of {' x '.join(map(str, grid.shape))} points take {size / 2**30:.1f} GiB, more than "
            f"memory_limit = {memory_limit / 2**30:.1f} GiB; use fields.invariants, which stores no moments, or "
            "raise it"
        )


def _check_out(out: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
    if isinstance(out, np.ndarray) and (out.shape, out.dtype, out.flags.writeable) == (shape, dtype, True):
        return
    got = f"{out.dtype} of the shape {out.shape}" if isinstance(out, np.ndarray) else repr(out)
    raise InputError(f"out is an array of {dtype} of the shape {shape} that can be written to, got {got}")
