"""Radial functions of the atomic cluster expansion."""

from __future__ import annotations

import math

import torch

from invgen.checks import integer, positive


class Chebyshev(torch.nn.Module):
    """R_n(r) = (1 - (r / cutoff)²)³ T_{n-1}(ξ(r)), n = 1 ... n_max, and 0 beyond the cutoff; twice differentiable.

    ξ runs from -1 at r = 0 to 1 at the cutoff and is steepest at short distances, where energies change fastest:
    ξ = 1 - 2 (exp(-λ (r / cutoff - 1)) - 1) / (exp(λ) - 1), as in R. Drautz, Phys. Rev. B 99, 014104 (2019). T are
    Chebyshev polynomials of the first kind, so |R_n| <= 1. There is nothing to learn.

    Args:
        n_max: how many functions.
        cutoff: the distance from which they vanish.
        decay: λ > 0.

    Shapes:
        (pairs,) -> (pairs, n_max), in the dtype of the distances.

    Raises:
        InputError: an argument is not of that kind.
    """

    def __init__(self, n_max: int, cutoff: float, decay: float = 2.0) -> None:
        super().__init__()
        self.n_max = integer("n_max", n_max, 1)
        self.cutoff, self.decay = positive("cutoff", cutoff), positive("decay", decay)

    def forward(self, distances: torch.Tensor) -> torch.Tensor:
        """The functions at these distances."""
        ratio = (distances / self.cutoff).clamp(max=1.0)
        x = 1 - 2 * torch.expm1(self.decay * (1 - ratio)) / math.expm1(self.decay)
        polynomials = [torch.ones_like(x), x]
        while len(polynomials) < self.n_max:
            polynomials.append(2 * x * polynomials[-1] - polynomials[-2])
        return torch.stack(polynomials[: self.n_max], -1) * ((1 - ratio**2) ** 3).unsqueeze(-1)

    def extra_repr(self) -> str:
        """The numbers that define the functions."""
        return f"n_max={self.n_max}, cutoff={self.cutoff}, decay={self.decay}"
