"""Invariants of a field at every point; its moments are made slab by slab and never stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.fields.grids import read
from invgen.fields.local_moments import Array, check_window
from invgen.fields.slabs import slabs_of
from invgen.fields.windows import Window
from invgen.spaces.conventions import CARTESIAN

if TYPE_CHECKING:
    from invgen.runtime import Kernel


def invariants(
    field: Any,
    basis: Basis,
    window: Window,
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    target: str = "c",
) -> Array:
    """The members of a basis of moments at every voxel, (X, Y, Z, K) or (X, Y, K).

    They do not change as the field turns about the voxel.

    Args:
        field: as for `fields.moments`.
        basis: of a space that `TensorSpace.moments` made, in the convention "cartesian".
        window: the weights of the moments.
        spacing: of the voxels.
        boundary: what is beyond the faces.
        target: what computes the invariants, as for `invgen.compile`.

    Raises:
        InputError: the basis is of another kind of space, the field does not have the values that its space has, or an
            argument is not one of those of `fields.moments`.
        CompilerError: as `invgen.compile`.
    """
    parts = [y for _, y in iterate(field, basis, window, spacing, boundary, target)]
    return np.concatenate(parts, axis=0)


def iterate(
    field: Any,
    basis: Basis,
    window: Window,
    spacing: float | Sequence[float] | None = None,
    boundary: str = "zero",
    target: str = "c",
) -> Iterator[tuple[slice, Array]]:
    """The same in slabs along x: (slice of x, (x, Y, Z, K)), of which one is held at a time."""
    values, order = _recipe(basis)
    grid = read(field, values, spacing, boundary)
    if grid.dimension != basis.space.spatial_dimension:
        raise InputError(
            f"the basis is of moments in {basis.space.spatial_dimension} dimensions, the field has {grid.dimension}"
        )
    check_window(grid, window)
    kernel = _kernel(basis, target, grid.values.dtype)
    import torch

    for where, slab in slabs_of(grid, order, window):
        found = kernel.value(torch.from_numpy(slab)).numpy()  # (x, Y, K, Z), in the plane (x, K, Y)
        yield where, np.moveaxis(found, -2, -1)


def _recipe(basis: Basis) -> tuple[str, int]:
    """The values of a field and the highest order of the moments that a basis is of; orders begin with 0."""
    if not isinstance(basis, Basis):
        raise InputError(
            f"basis is a Basis, got {type(basis).__name__}; use invgen.generate(TensorSpace.moments(...), ...)"
        )
    layout = basis.space.layout
    if layout is None or not layout.recipe[0].endswith("moments") or basis.convention != CARTESIAN:
        raise InputError(
            f"the basis is of {basis.space} in the convention {basis.convention}; fields take bases of "
            "TensorSpace.moments in the convention 'cartesian'"
        )
    orders = [int(n) for n in layout.recipe[2].split(",")]
    if orders != list(range(len(orders))):
        raise InputError(f"the basis is of the orders {orders}; fields take all orders from 0 on")
    return layout.recipe[1], orders[-1]


def _kernel(basis: Basis, target: str, dtype: np.dtype[Any]) -> Kernel:
    import torch

    from invgen.compiler.invariants import compile

    return compile(basis, target, torch.float32 if dtype == np.float32 else torch.float64, layout="channel")
