"""Descriptors of shapes that do not change as a shape turns or moves, as estimators of scikit-learn.

`LocalInvariants` looks at the surroundings of every voxel and pools over them; the shape need not be whole.
`ShapeInvariants` looks at the whole object about its centroid. Both take fields of numbers: binary shapes, densities,
grey values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from invgen.basis.basis import Basis
from invgen.checks import integer, one_of
from invgen.errors import InputError
from invgen.fields import batches, pooling
from invgen.fields.estimators import Descriptor, check_basis, complete_basis
from invgen.fields.grids import Grid
from invgen.fields.local_moments import MAX_ORDER, MEMORY, check_window
from invgen.fields.pooling import Members, floors_of, read_scales
from invgen.fields.solids import KINDS, solids
from invgen.fields.windows import Floats, Window

NORMALISATIONS = ("norms", "none")
_TRACE = "m2_0"  # the trace of order 2, the unit of central moments
_LEARN_FROM = 200  # shapes that the sizes of norms are learnt from, evenly spaced in the batch

Array = np.ndarray[Any, Any]


class LocalInvariants(Descriptor):
    """Invariants of Hermite moments about every voxel of a shape at several scales, pooled over its voxels.

    The rows do not change as a shape turns, moves, or is mirrored, but for the error of the voxels themselves.

    Members of a basis have different degrees. With normalise="norms" each is divided by the product of the norms of its
    factors, taken together with a floor (`pooling.Members`); `fit` learns the floors from the root mean squares of
    the norms. Labels are not used.

    Args:
        scales: of the windows, in the units of the spacing; at least 0.6 voxels.
        order: the highest order of the moments.
        pool: statistics over the voxels, out of "mean", "std", "quantiles" and "max" (the greatest absolute value).
        quantiles: which, from 0 to 1.
        basis: of the moments of orders 0 to any (`TensorSpace.moments`), which then also says the order; by default
            independent invariants of the lowest degree at which they are complete: 32 for order 4.
        normalise: "norms", or "none" for the members as they are.
        floor: of the norms, in units of their root mean squares.
        spacing: of the voxels, one number or one for each axis; by default 1.
        mask: where to pool: "nonzero" for the voxels that are not zero, "all" for all, or a number for the voxels above
            it: 0.5 for shapes that were interpolated, whose rim is not zero. Masks of each shape may be given to `fit`
            and `transform` instead.
        target: what computes the invariants, as for `invgen.compile`.

    Attributes:
        dimension_: 2 or 3.
        basis_: the basis.
        floors_: of the norms, (scales, orders), or None.
    """

    _learnt: ClassVar[tuple[str, ...]] = ("dimension_", "basis_", "floors_")

    def __init__(
        self,
        scales: Sequence[float] = (1.0, 1.5, 2.2, 3.2, 4.5),
        order: int = 4,
        pool: Sequence[str] = pooling.POOLS,
        quantiles: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
        basis: Basis | None = None,
        normalise: str = "norms",
        floor: float = 0.3,
        spacing: float | Sequence[float] | None = None,
        mask: str | float = batches.NONZERO,
        target: str = "c",
    ) -> None:
        self.scales = scales
        self.order = order
        self.pool = pool
        self.quantiles = quantiles
        self.basis = basis
        self.normalise = normalise
        self.floor = floor
        self.spacing = spacing
        self.mask = mask
        self.target = target

    def fit(self, X: Any, y: Any = None, masks: Any = None) -> Self:
        """Learn the number of axes and the sizes of norms.

        Args:
            X: shapes: (n, X, Y, Z), (n, X, Y), or a list of arrays of different sizes. float32 is computed in float32,
                everything else in float64.
            y: is not read.
            masks: a mask for each shape; by default as `mask` says.

        Raises:
            InputError: an argument is not one of those listed, or a shape is empty, not finite or of another number of
                axes; the sentence says which.
        """
        windows = self._windows()
        number = len(batches.items(X, None))
        grids = list(batches.masked(batches.grids(X, self.spacing), masks, batches.read_threshold(self.mask)))
        self.dimension_ = grids[0][0].dimension
        self.basis_ = self._basis(self.dimension_)
        invariants = Members(self.basis_, self.target)
        self.floors_: Floats | None = None
        if one_of("normalise", self.normalise, NORMALISATIONS) == "norms":
            chosen = [grids[i] for i in np.unique(np.linspace(0, number - 1, min(number, _LEARN_FROM)).astype(int))]
            norms = [
                np.concatenate([invariants.norms(self._moments(g, mask, window, invariants)) for g, mask in chosen])
                for window in windows
            ]
            self.floors_ = floors_of(norms, self.floor)
        return self

    def transform(self, X: Any, masks: Any = None) -> Array:
        """The pooled invariants, (n, scales x statistics x members), in float64.

        A shape of one voxel has finite values: its spread is zero, and its quantiles are equal.

        Args:
            X: as for `fit`.
            masks: as for `fit`.

        Raises:
            InputError: as `fit`.
            sklearn.exceptions.NotFittedError: `fit` was not called.
        """
        check_is_fitted(self)
        windows, pool, quantiles = self._windows(), pooling.read_pool(self.pool), pooling.read_quantiles(self.quantiles)
        invariants = Members(self.basis_, self.target)
        floors = [None] * len(windows) if self.floors_ is None else list(self.floors_)
        rows = []
        for grid, mask in batches.masked(
            batches.grids(X, self.spacing, self.dimension_), masks, batches.read_threshold(self.mask)
        ):
            parts = []
            for window, floor in zip(windows, floors, strict=True):
                values = invariants.values(self._moments(grid, mask, window, invariants), floor)
                parts.append(pooling.pooled(values, pool, quantiles).ravel())
            rows.append(np.concatenate(parts))
        return np.array(rows)

    def fit_transform(self, X: Any, y: Any = None, masks: Any = None) -> Array:
        """`fit` and `transform` of the same shapes and masks."""
        found: Array = self.fit(X, y, masks).transform(X, masks)
        return found

    def _windows(self) -> list[Window]:
        windows = [Window.hermite(scale, coarse=True) for scale in read_scales(self.scales)]
        if not windows:
            raise InputError("scales are at least one positive number, got none")
        pooling.read_pool(self.pool)
        pooling.read_quantiles(self.quantiles)
        return windows

    def _basis(self, dimension: int) -> Basis:
        if self.basis is not None:
            return check_basis("basis", self.basis, (0,), dimension)
        return complete_basis(tuple(range(integer("order", self.order, 0, MAX_ORDER) + 1)), dimension)

    def _moments(self, grid: Grid, mask: batches.Mask, window: Window, invariants: Members) -> Array:
        check_window(grid, window)
        width = invariants.basis.space.dimension * grid.values.itemsize + 3 * 8 * len(invariants.basis)
        size = int(mask.sum()) * width
        if size > MEMORY:
            raise InputError(
                f"pooling over {int(mask.sum())} voxels takes {size / 2**30:.1f} GiB; pool over fewer with masks, or "
                "cut the shape into parts"
            )
        return pooling.moments_at(grid, mask, max(invariants.orders), window)

    def _names(self) -> list[str]:
        statistics = pooling.pool_names(pooling.read_pool(self.pool), pooling.read_quantiles(self.quantiles))
        members = self.basis_.output_names
        return [f"{scale:g}: {m}: {s}" for scale in read_scales(self.scales) for s in statistics for m in members]


class ShapeInvariants(Descriptor):
    """Invariants of whole objects: volume, size, and what is left of their moments about the centroid.

    The rows do not change as an object turns, moves, or is mirrored. The columns are

    * the volume, which is order 0: the sum of the field times the size of a voxel, the sum of weights, or the volume of
      the solid;
    * the radius of gyration;
    * the invariants of the central moments of orders 2 to `order`, divided by order 0 and by powers of the radius of
      gyration, but for the trace of order 2, which is 1 then;
    * for each scale the invariants of the Hermite moments of orders 0 to `order` about the centroid.

    An object without extent, such as one voxel or one point, has the radius zero, and zeros for central moments.

    Args:
        order: the highest order of the moments, at least 2.
        scales: of Hermite windows about the centroid, in the units of the spacing; none for meshes.
        kind: what a batch holds: "volume" for fields of numbers, (n, X, Y, Z), (n, X, Y) or a list; "points" for point
            clouds, (n, points, 3) or a list of arrays (points, 3) or of pairs (points, weights); "mesh" for a list of
            pairs (vertices, faces).
        basis: of the moments of orders 2 to any; by default independent invariants of the lowest degree at which they
            are complete.
        hermite_basis: of the moments of orders 0 to any, by default likewise.
        normalise: "norms" to divide invariants by the norms of their factors as `LocalInvariants` does, or "none".
        floor: of the norms, in units of their root mean squares.
        spacing: of the voxels, one number or one for each axis; by default 1.

    Attributes:
        dimension_: 2 or 3.
        basis_: the basis of the central moments.
        hermite_basis_: the basis of the Hermite moments, or None without scales.
        floors_: of the norms of central moments, (orders,), or None.
        hermite_floors_: of those of Hermite moments, (scales, orders), or None.
    """

    _learnt: ClassVar[tuple[str, ...]] = ("dimension_", "basis_", "hermite_basis_", "floors_", "hermite_floors_")

    def __init__(
        self,
        order: int = 4,
        scales: Sequence[float] = (),
        kind: str = "volume",
        basis: Basis | None = None,
        hermite_basis: Basis | None = None,
        normalise: str = "norms",
        floor: float = 0.3,
        spacing: float | Sequence[float] | None = None,
    ) -> None:
        self.order = order
        self.scales = scales
        self.kind = kind
        self.basis = basis
        self.hermite_basis = hermite_basis
        self.normalise = normalise
        self.floor = floor
        self.spacing = spacing

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn the number of axes and the sizes of norms.

        Args:
            X: objects, as `kind` says.
            y: is not read.

        Raises:
            InputError: an argument is not one of those listed, or an object is empty, not finite or of another number
                of axes; the sentence says which.
        """
        one_of("kind", self.kind, KINDS)
        highest = integer("order", self.order, 2, MAX_ORDER)
        scales = read_scales(self.scales)
        if scales and self.kind == "mesh":
            raise InputError(f"the integrals over a mesh are of polynomials, it takes no scales, got {self.scales!r}")
        one_of("normalise", self.normalise, NORMALISATIONS)
        first = solids(X, self.kind, self.spacing, None)[0]
        self.dimension_ = first.dimension
        if self.basis is None:
            self.basis_ = complete_basis(tuple(range(2, highest + 1)), self.dimension_)
        else:
            self.basis_ = check_basis("basis", self.basis, (2,), self.dimension_)
        self.hermite_basis_: Basis | None = None
        if scales and self.hermite_basis is None:
            self.hermite_basis_ = complete_basis(tuple(range(highest + 1)), self.dimension_)
        elif scales:
            self.hermite_basis_ = check_basis("hermite_basis", self.hermite_basis, (0,), self.dimension_)
        self.floors_: Floats | None = None
        self.hermite_floors_: Floats | None = None
        sizes, central, hermite = self._moments(X)
        if self.normalise == "norms":
            extended = central[sizes[:, 1] > 0]
            if not len(extended):
                extended = central
            self.floors_ = floors_of([Members(self.basis_).norms(extended)], self.floor)[0]
            if self.hermite_basis_ is not None:
                members = Members(self.hermite_basis_)
                self.hermite_floors_ = floors_of([members.norms(each) for each in hermite], self.floor)
        return self

    def transform(self, X: Any) -> Array:
        """The invariants, (n, 2 + members + scales x Hermite members), in float64.

        Raises:
            InputError: as `fit`.
            sklearn.exceptions.NotFittedError: `fit` was not called.
        """
        check_is_fitted(self)
        sizes, central, hermite = self._moments(X)
        kept = [k for k, name in enumerate(self.basis_.output_names) if name != _TRACE]
        parts = [sizes, Members(self.basis_).values(central, self.floors_)[:, kept]]
        if self.hermite_basis_ is not None:
            members = Members(self.hermite_basis_)
            floors = [None] * len(hermite) if self.hermite_floors_ is None else list(self.hermite_floors_)
            parts += [members.values(each, floor) for each, floor in zip(hermite, floors, strict=True)]
        return np.concatenate(parts, axis=1)

    def _moments(self, X: Any) -> tuple[Floats, Floats, list[Floats]]:
        """Volumes and radii (n, 2), central moments (n, dim), and Hermite moments of each scale (n, dim)."""
        highest = max(Members(self.basis_).orders)
        windows = [Window.hermite(scale, coarse=True) for scale in read_scales(self.scales)]
        order = 0 if self.hermite_basis_ is None else max(Members(self.hermite_basis_).orders)
        sizes, central, hermite = [], [], []
        for solid in solids(X, self.kind, self.spacing, self.dimension_):
            one, two = solid.central(highest)
            sizes.append(one)
            central.append(two)
            hermite.append([solid.hermite(order, window) for window in windows])
        return np.array(sizes), np.array(central), [np.array([h[s] for h in hermite]) for s in range(len(windows))]

    def _names(self) -> list[str]:
        central = [f"central: {m}" for m in self.basis_.output_names if m != _TRACE]
        members = () if self.hermite_basis_ is None else self.hermite_basis_.output_names
        local = [f"{scale:g}: {m}" for scale in read_scales(self.scales) for m in members]
        return ["volume", "radius_of_gyration", *central, *local]
