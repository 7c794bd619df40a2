"""What a kernel's five functions are, whichever language they were emitted in."""

from __future__ import annotations

from typing import Protocol

import torch

Pair = tuple[torch.Tensor, torch.Tensor]


class Implementation(Protocol):
    """Five functions of tensors (..., dim, channel) and (..., K, channel), without autograd.

    All leading shapes, dtypes and devices agree; the caller has checked that. Inputs may have any strides. Results
    are fresh and contiguous, or written into ``out``, which is contiguous, of the right shape, and overlaps no input.
    """

    def value(self, x: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """y = I(x)."""
        ...

    def vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Transposed Jacobian at x times ybar."""
        ...

    def value_and_vjp(self, x: torch.Tensor, ybar: torch.Tensor, out: Pair | None = None) -> Pair:
        """Both at the price of little more than the second."""
        ...

    def jvp(self, x: torch.Tensor, u: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        """Jacobian at x times u."""
        ...

    def vjp_of_vjp(self, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor, out: Pair | None = None) -> Pair:
        """Gradients with respect to x and to ybar of the inner product of u and ``vjp(x, ybar)``."""
        ...


def empty_rows(x: torch.Tensor, rows: int) -> torch.Tensor:
    """A fresh contiguous tensor shaped as ``x`` with ``rows`` in place of its last dimension but one."""
    return x.new_empty((*x.shape[:-2], rows, x.shape[-1]))
