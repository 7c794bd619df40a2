"""Parts side by side, with gradients that are split in one operator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from invgen.runtime.autograd import SignedFunction


class _Joined(SignedFunction):
    """torch.cat, whose own derivative is one slice for each part; that of a slice fills up the whole with zeros."""

    generate_vmap_rule = True

    @staticmethod
    def forward(along: int, *parts: torch.Tensor) -> torch.Tensor:
        return torch.cat(parts, along)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        along, *parts = inputs
        ctx.along, ctx.sizes = along, [part.shape[along] for part in parts]

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        return None, *grads[0].split(ctx.sizes, ctx.along)


def joined(parts: Sequence[torch.Tensor], along: int) -> torch.Tensor:
    """`torch.cat`, for parts whose gradients are differentiated again, as those of forces are.

    Where a graph is compiled it is `torch.cat`.
    """
    if len(parts) == 1:
        return parts[0]
    if torch.compiler.is_compiling() or not torch.is_grad_enabled():
        return torch.cat(tuple(parts), along)
    return _Joined.apply(along, *parts)  # type: ignore[no-any-return, no-untyped-call]
