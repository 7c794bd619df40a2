"""Positions and cells to float64: pairs are subtracted there and rounded afterwards, whatever the dtype of a batch."""

from __future__ import annotations

from typing import Final, NamedTuple

import torch

from invgen.errors import InputError

_WITHOUT_FLOAT64: Final = ("mps",)


class Exact(NamedTuple):
    """What a batch of a shorter dtype was rounded from, float64: positions (atoms, 3) and cell (structures, 3, 3)."""

    positions: torch.Tensor
    cell: torch.Tensor


def has_float64(device: torch.device) -> bool:
    """Whether a device computes in float64."""
    return device.type not in _WITHOUT_FLOAT64


def unrounded(values: torch.Tensor, exact: torch.Tensor | None) -> torch.Tensor:
    """Values in float64, with the digits that rounding took off wherever they are the roundings of exact ones.

    A value that differs from the rounding of the exact one, because it was changed since, is taken as it is. The
    gradient with respect to the values is one, to any order. On a device that has no float64 values stay as they are.

    Args:
        values: of any floating dtype.
        exact: float64, of the same shape, or None.
    """
    if values.dtype == torch.float64 or not has_float64(values.device):
        return values
    wide = values.to(torch.float64)
    if exact is None:
        return wide
    return wide + torch.where(exact.to(values.dtype) == values, exact - wide.detach(), 0.0)


def floating(dtype: torch.dtype | None) -> torch.dtype:
    """A floating dtype; torch's default if none is given.

    Raises:
        InputError: it is another dtype, or not a dtype of torch.
    """
    chosen = torch.get_default_dtype() if dtype is None else dtype
    if not isinstance(chosen, torch.dtype) or not chosen.is_floating_point:
        raise InputError(
            f"positions are floating numbers, they cannot be {chosen!r}; use torch.float32 or torch.float64"
        )
    return chosen
