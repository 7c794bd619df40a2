"""Moments about every voxel as products with banded matrices: any device, batches, gradients of all orders.

Along one axis the sums over a window are a product with a banded matrix. Blocks of voxels share one matrix, whose input
is the block with what the window reaches beyond it; what is beyond the faces is copied there first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from invgen.checks import one_of
from invgen.errors import InputError
from invgen.fields.grids import BOUNDARIES, Grid
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Window

BLOCK = 32  # voxels that share a matrix: wider ones have more zeros, narrower ones read more of their neighbours

Tensor = torch.Tensor


class BandedMoments:
    """The moments of tensors under one window, as a pure function: (..., X, Y, Z) -> (..., X, Y, dim, Z).

    In the plane (..., X, Y) -> (..., X, dim, Y). It can be differentiated any number of times, mapped by `torch.vmap`
    and compiled whole.

    Args:
        window: a Gaussian window.
        order: the highest order.
        spacing: of the voxels along the two or three axes, which are the last of the tensors.
        boundary: what is beyond the faces: "zero", "nearest" or "wrap".

    Raises:
        InputError: the window is a ball, or the boundary is not one of those listed.
    """

    def __init__(self, window: Window, order: int, spacing: tuple[float, ...], boundary: str = "zero") -> None:
        self.boundary = one_of("boundary", boundary, tuple(BOUNDARIES))
        self.reach = [window.reach(h) for h in spacing]
        self._dimension = len(spacing)
        self._order = order
        self._bands = [_band(window.rows(order, h)) for h in spacing]
        self._exponents = exponents_of(order, self._dimension)
        self._factors = [window.entry(e) for e in self._exponents]

    def matrices(self, device: torch.device | str, dtype: torch.dtype) -> list[Tensor]:
        """The banded matrices of the axes, which callers may keep."""
        return [torch.as_tensor(band, device=device, dtype=dtype) for band in self._bands]

    def __call__(self, field: Tensor, matrices: Sequence[Tensor] | None = None) -> Tensor:
        """The moments of each field of a batch.

        Args:
            field: a batch of fields.
            matrices: those of `matrices` for its device and dtype; made where they are not given.

        Raises:
            InputError: the tensor has fewer axes than the grid, or is neither float32 nor float64.
        """
        if field.ndim < self._dimension or field.dtype not in (torch.float32, torch.float64):
            raise InputError(
                f"moments are taken of float32 or float64 tensors with {self._dimension} axes at least, got "
                f"{field.dtype} of the shape {tuple(field.shape)}"
            )
        bands = self.matrices(field.device, field.dtype) if matrices is None else matrices
        # Along the first axes all orders of one pass are read by the next, along the last each moment is one product.
        by_x = self._pass(field, bands[0], 0, self._order)
        parts: dict[tuple[int, ...], Tensor] = {(a,): each for a, each in enumerate(by_x)}
        for axis in range(1, self._dimension):
            parts = {
                (*e, k): each
                for e, part in parts.items()
                for k, each in enumerate(self._pass(part, bands[axis], axis, self._order - sum(e)))
            }
        ordered = [f * parts[e] if f != 1.0 else parts[e] for e, f in zip(self._exponents, self._factors, strict=True)]
        return torch.stack(ordered, dim=-2)

    def _pass(self, field: Tensor, band: Tensor, axis: int, order: int) -> list[Tensor]:
        """The sums along one axis with the functions of orders 0..order."""
        place = axis - self._dimension
        size = field.shape[place]
        blocks = -(-size // BLOCK)
        wide = self._widened(field, place, self.reach[axis], blocks * BLOCK - size)
        parts = wide.unfold(place, BLOCK + 2 * self.reach[axis], BLOCK)  # the voxels of a block last, blocks in place
        found = torch.matmul(parts, band[: (order + 1) * BLOCK].T)
        split = found.unflatten(-1, (order + 1, BLOCK))
        return [
            split.select(-2, k).movedim(-1, place).flatten(place - 1, place).narrow(place, 0, size)
            for k in range(order + 1)
        ]

    def _widened(self, field: Tensor, place: int, reach: int, rest: int) -> Tensor:
        size = field.shape[place]
        if self.boundary != "zero":
            numbers = torch.arange(-reach, size + reach, device=field.device)
            numbers = numbers % size if self.boundary == "wrap" else numbers.clamp(0, size - 1)
            field, before, after = field.index_select(place, numbers), 0, rest
        else:
            before, after = reach, reach + rest
        return torch.nn.functional.pad(field, [0, 0] * (-place - 1) + [before, after])


def everywhere(field: Any, grid: Grid, order: int, window: Window) -> Any:
    """The moments of a field that was read as a grid, (X, Y, Z, dim) or (X, Y, dim); of a tensor they are a tensor.

    Args:
        field: what the user gave; a tensor keeps its device and its graph.
        grid: the same as a grid.
        order: the highest order.
        window: a Gaussian window.
    """
    if isinstance(field, torch.Tensor):
        tensor = field if field.is_floating_point() else field.to(torch.float64)
        tensor = tensor.reshape(*grid.shape, grid.values.shape[-1])
    else:
        tensor = torch.from_numpy(np.ascontiguousarray(grid.values))
    made = BandedMoments(window, order, grid.spacing, grid.boundary)(tensor.movedim(-1, 0))
    found = made.movedim(-2, -1).movedim(0, -1).flatten(-2)  # (X, Y, Z, moments times components)
    return found if isinstance(field, torch.Tensor) else found.numpy()


def _band(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The matrix of a block, ((order + 1) BLOCK, BLOCK + 2 reach): row k of order n has the window k voxels on."""
    orders, width = rows.shape
    found = np.zeros((orders, BLOCK, BLOCK + width - 1))
    for k in range(BLOCK):
        found[:, k, k : k + width] = rows
    return found.reshape(orders * BLOCK, -1)
