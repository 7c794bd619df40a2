"""Local moments at the voxels of a shape, invariants of comparable size, and statistics of them over the shape."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from invgen.basis.basis import Basis
from invgen.checks import as_real, positive
from invgen.errors import InputError
from invgen.fields.grids import Grid
from invgen.fields.normalisation import weights_of_norm
from invgen.fields.slabs import exponents_of, slabs_of
from invgen.fields.windows import Floats, Window

if TYPE_CHECKING:
    from invgen.runtime import Kernel

POOLS = ("mean", "std", "quantiles", "max")
"""Statistics over voxels; "max" is the greatest absolute value."""

Array = NDArray[Any]


def read_pool(pool: Any) -> tuple[str, ...]:
    """The statistics that a user asks for; `InputError` if there is none, or one that is not of `POOLS`."""
    names = (pool,) if isinstance(pool, str) else tuple(pool) if isinstance(pool, Sequence) else ()
    if not names or len(set(names)) < len(names) or not set(names) <= set(POOLS):
        raise InputError(f"pool is a list of different names out of {', '.join(map(repr, POOLS))}, got {pool!r}")
    return names


def read_quantiles(quantiles: Any) -> tuple[float, ...]:
    """Shares of the voxels between 0 and 1; `InputError` if there is none or one is not."""
    found = [as_real(q) for q in quantiles] if isinstance(quantiles, Sequence | np.ndarray) else []
    kept = tuple(q for q in found if q is not None and 0 <= q <= 1)
    if not kept or len(kept) < len(found):
        raise InputError(f"quantiles are numbers from 0 to 1, got {quantiles!r}")
    return kept


def read_scales(scales: Any) -> tuple[float, ...]:
    """The scales of windows; `InputError` if one is not a positive number, or appears twice."""
    given = (scales,) if as_real(scales) is not None else tuple(scales) if np.iterable(scales) else None
    if given is None or isinstance(scales, str):
        raise InputError(f"scales are positive numbers, got {scales!r}")
    found = tuple(positive("a scale", scale) for scale in given)
    if len(set(found)) < len(found):
        raise InputError(f"scales are different numbers, got {scales!r}")
    return found


def floors_of(norms: Sequence[Floats], share: Any) -> Floats:
    """The floors of norms, a share of their root mean squares: from (n, orders) for each scale to (scales, orders).

    Where an order vanishes in all shapes the floor is 1, so that nothing is divided by zero.
    """
    squares = np.stack([np.mean(each**2, axis=0) for each in norms])
    found: Floats = positive("floor", share) * np.sqrt(squares)
    return np.where(found > 0, found, 1.0)


def pool_names(pool: Sequence[str], quantiles: Sequence[float]) -> list[str]:
    """The names of the statistics, in the order of `pooled`."""
    names: list[str] = []
    for each in pool:
        names += [f"q{q:g}" for q in quantiles] if each == "quantiles" else [each]
    return names


def pooled(values: Array, pool: Sequence[str], quantiles: Sequence[float]) -> Floats:
    """Statistics over the rows, (voxels, K) -> (statistics, K) in float64; those of one row have the spread zero."""
    wide = values.astype(np.float64)
    parts = []
    for each in pool:
        if each == "mean":
            parts.append(wide.mean(axis=0)[None])
        elif each == "std":
            parts.append(wide.std(axis=0)[None])
        elif each == "quantiles":
            parts.append(np.quantile(wide, list(quantiles), axis=0))
        else:
            parts.append(np.abs(wide).max(axis=0)[None])
    found: Floats = np.concatenate(parts)
    return found


def moments_at(grid: Grid, inside: NDArray[np.bool_], order: int, window: Window) -> Array:
    """The moments of a field of numbers about the voxels of a mask, (voxels, dim), in the order of the mask.

    Where the window is wider than the field, products with the whole matrix of a window's function along an axis take
    less time than passes over padded lines.
    """
    if grid.boundary == "zero" and all(
        n <= 2 * window.reach(h) + 1 for n, h in zip(grid.shape, grid.spacing, strict=True)
    ):
        return _by_matrices(grid, order, window)[inside]
    parts = [np.moveaxis(slab, -2, -1)[inside[where]] for where, slab in slabs_of(grid, order, window)]
    return np.concatenate(parts, axis=0)


def _by_matrices(grid: Grid, order: int, window: Window) -> Array:
    """The moments about every voxel, (X, Y, Z, dim) or (X, Y, dim), of a field that is zero beyond its faces."""
    parts: dict[tuple[int, ...], Array] = {(): grid.values[..., 0]}
    for axis, (n, h) in enumerate(zip(grid.shape, grid.spacing, strict=True)):
        rows = np.pad(window.rows(order, h), [(0, 0), (n, n)])  # zero beyond the reach of the window
        offsets = np.arange(n)[None, :] - np.arange(n)[:, None]
        matrices = rows[:, offsets + rows.shape[1] // 2].astype(grid.values.dtype)  # (order, voxel, what it sees)
        made: dict[tuple[int, ...], Array] = {}
        for e, part in parts.items():
            lines = np.moveaxis(part, axis, 0).reshape(n, -1)
            highest = order - sum(e)
            found = (matrices[: highest + 1].reshape(-1, n) @ lines).reshape(
                highest + 1, n, *part.shape[:axis], *part.shape[axis + 1 :]
            )
            made |= {(*e, k): np.moveaxis(found[k], 0, axis) for k in range(highest + 1)}
        parts = made
    exponents = exponents_of(order, grid.dimension)
    return np.stack([parts[e] * grid.values.dtype.type(window.entry(e)) for e in exponents], axis=-1)


class Members:
    """The members of a basis of moments of a field of numbers, and what makes their sizes comparable.

    A member of degree d is a sum of products of d moments. It is divided by the product of the norms of its factors,
    each norm taken together with a floor: the root of |M|² + floor². So members are smooth and bounded. What is much
    larger than the floor loses its amplitude, and what is much smaller is divided by a constant. Roots |I|^(1/d) would
    have an infinite slope at zero.

    Args:
        basis: of a space that `TensorSpace.moments` made of numbers, in the convention "cartesian".
        target: what computes the members, as for `invgen.compile`; by default `Basis.evaluate`, which needs no compiler
            and is quick enough for thousands of rows.
    """

    def __init__(self, basis: Basis, target: str | None = None) -> None:
        self.basis = basis
        self._target = target
        space = basis.space
        self.orders = sorted({_order_of(tensor.name) for tensor in space.tensors})
        exponents = exponents_of(max(self.orders), space.spatial_dimension)
        kept = [e for e in exponents if sum(e) in self.orders]
        self._of_order = np.array([self.orders.index(sum(e)) for e in kept])
        self._equal_entries = weights_of_norm(kept)
        self._counts = np.zeros((len(self.orders), len(basis)))
        for k, member in enumerate(basis):
            for tensor, power in zip(space.tensors, member.multidegree, strict=True):
                self._counts[self.orders.index(_order_of(tensor.name)), k] += power

    def norms(self, moments: Array) -> Floats:
        """The norms of the symmetric tensors of each order, (n, dim) -> (n, orders), which rotations do not change."""
        squares = moments.astype(np.float64) ** 2 * self._equal_entries
        found = np.stack([squares[:, self._of_order == i].sum(axis=1) for i in range(len(self.orders))], axis=1)
        roots: Floats = np.sqrt(found)
        return roots

    def values(self, moments: Array, floors: Floats | None = None) -> Array:
        """The members, (n, dim) -> (n, K); with floors (orders,) divided by the norms of their factors."""
        raw = self._members(moments)
        if floors is None:
            return raw
        logarithms = 0.5 * np.log(self.norms(moments) ** 2 + floors**2)
        found: Array = raw * np.exp(-(logarithms @ self._counts))
        return found

    def _members(self, moments: Array) -> Array:
        if self._target is None:
            plain: Array = self.basis.evaluate(moments)
            return plain
        import torch

        kernel = _kernel(self.basis, self._target, moments.dtype.name)
        found: Array = kernel.value(torch.from_numpy(np.ascontiguousarray(moments))).numpy()
        return found


@lru_cache(maxsize=32)
def _kernel(basis: Basis, target: str, dtype: str) -> Kernel:
    """The compiled members; kept, because lowering a basis takes longer than a batch of shapes."""
    import torch

    from invgen.compiler.invariants import compile

    return compile(basis, target, torch.float32 if dtype == "float32" else torch.float64, layout="plain")


def _order_of(name: str) -> int:
    """The order of the moments that an irreducible part is of, from its name: m3_1 is of order 3."""
    return int(name[1:].split("_")[0])
