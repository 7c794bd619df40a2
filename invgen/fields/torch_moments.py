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
        self._factors = {e: window.entry(e) for e in self._exponents}

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
        parts: dict[tuple[int, ...], Tensor] = {(): field}
        for axis in range(self._dimension - 1):
            parts = {
                (*e, k): each
                for e, part in parts.items()
                for k, each in enumerate(self._pass(part, bands[axis], axis, self._order - sum(e)))
            }
        size = field.shape[-1]
        pieces: dict[tuple[int, ...], list[Tensor]] = {}
        for e, part in parts.items():
            count = self._order - sum(e) + 1
            factors = bands[-1].new_tensor([self._factors[(*e, k)] for k in range(count)])
            band = (bands[-1].unflatten(0, (-1, BLOCK))[:count] * factors[:, None, None]).flatten(0, 1)
            for found in self._products(part, band, self._dimension - 1):
                for k, each in enumerate(found.unflatten(-1, (count, BLOCK)).unbind(-2)):
                    pieces.setdefault((*e, k), []).append(each)
        # One copy puts all blocks of all moments in their places.
        stacked = torch.stack([each for e in self._exponents for each in pieces[e]], dim=-2)
        placed: Tensor = stacked.unflatten(-2, (len(self._exponents), -1)).flatten(-2).narrow(-1, 0, size)
        return placed

    def _pass(self, field: Tensor, band: Tensor, axis: int, order: int) -> list[Tensor]:
        """The sums along an axis that is not the last with the functions of orders 0..order."""
        size = field.shape[axis - self._dimension]
        blocks = self._products(field, band[: (order + 1) * BLOCK], axis)
        parts = [found.unflatten(-2, (order + 1, BLOCK)) for found in blocks]
        joined = [
            torch.cat([part.select(-3, k) for part in parts], dim=-2).narrow(-2, 0, size) for k in range(order + 1)
        ]
        return [each.unflatten(-1, field.shape[-2:]) if axis == self._dimension - 3 else each for each in joined]

    def _products(self, field: Tensor, band: Tensor, axis: int) -> list[Tensor]:
        """The products of a band with the blocks along an axis; the axes after the third last are one.

        Blocks are read where they are, since matrices may have gaps between their rows.
        """
        place = axis - self._dimension
        size = field.shape[place]
        blocks = -(-size // BLOCK)
        wide = self._widened(field, place, self.reach[axis], blocks * BLOCK - size)
        length = BLOCK + 2 * self.reach[axis]
        if place == -1:
            return [torch.matmul(wide.narrow(-1, b * BLOCK, length), band.T) for b in range(blocks)]
        if place == -3:
            wide = wide.flatten(-2)
        return [torch.matmul(band, wide.narrow(-2, b * BLOCK, length)) for b in range(blocks)]

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
