"""Values spread to the members of segments, and their sums: adjoint to each other, in a fixed order, without atomics.

Gradients of plain indexing are scattered sums, whose order is not fixed on GPUs and which take long on CPUs; here each
is a sum over consecutive rows, and the gradient of that sum is the spreading again, to any order.
"""

from __future__ import annotations

from typing import Any

import torch

from invgen.runtime import Neighbours
from invgen.runtime.autograd import SignedFunction


class _Spread(SignedFunction):
    """values (segments, ...) -> values[owners] (members, ...); the gradient is `_Total` in the same order."""

    @staticmethod
    def forward(
        values: torch.Tensor, owners: torch.Tensor, pointer: torch.Tensor, order: torch.Tensor | None
    ) -> torch.Tensor:
        return values.index_select(0, owners)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        return total(grad, *ctx.saved_tensors), None, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], values: torch.Tensor, *lists: Any) -> tuple[torch.Tensor, int]:
        return spread(values.movedim(in_dims[0], -1), *lists), -1


class _Total(SignedFunction):
    """members (members, ...) -> their sums by segment (segments, ...); the gradient is `_Spread`."""

    @staticmethod
    def forward(
        members: torch.Tensor, owners: torch.Tensor, pointer: torch.Tensor, order: torch.Tensor | None
    ) -> torch.Tensor:
        sorted_members = members if order is None else members.index_select(0, order)
        return torch.segment_reduce(sorted_members.contiguous(), "sum", offsets=pointer, axis=0, unsafe=True)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        ctx.save_for_backward(*inputs[1:])

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        return spread(grad, *ctx.saved_tensors), None, None, None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], members: torch.Tensor, *lists: Any) -> tuple[torch.Tensor, int]:
        return total(members.movedim(in_dims[0], -1), *lists), -1


def spread(
    values: torch.Tensor, owners: torch.Tensor, pointer: torch.Tensor, order: torch.Tensor | None = None
) -> torch.Tensor:
    """values[owners], with a gradient that sums in a fixed order.

    Args:
        values: (segments, ...).
        owners: (members), int64, the segment of each member.
        pointer: (segments + 1), int64: in `order`, members pointer[k] ... pointer[k + 1] - 1 belong to segment k.
        order: (members), int64, the members sorted by owner; left out where they are in that order.

    Returns:
        (members, ...).
    """
    spreading: Any = _Spread
    found: torch.Tensor = spreading.apply(values, owners, pointer, order)
    return found


def total(
    members: torch.Tensor, owners: torch.Tensor, pointer: torch.Tensor, order: torch.Tensor | None = None
) -> torch.Tensor:
    """Sums of members by segment, (members, ...) -> (segments, ...); zero for a segment without members.

    The lists are those of `spread`.
    """
    totalling: Any = _Total
    found: torch.Tensor = totalling.apply(members, owners, pointer, order)
    return found


def over_receivers(pairs: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
    """(pairs) -> (atoms): the sums over the pairs of each receiver, in their order, also in a graph of a compiler."""
    if torch.compiler.is_compiling():
        return pairs.new_zeros(neighbours.atoms).index_add(0, neighbours.receivers, pairs)
    return total(pairs, neighbours.receivers, neighbours.row_pointer)
