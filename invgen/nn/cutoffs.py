"""Cutoff functions: smooth, 1 at distance zero, and zero from the cutoff on."""

from __future__ import annotations

import math

import torch

from invgen.checks import integer, positive


def envelope(u: torch.Tensor, power: int) -> torch.Tensor:
    """The polynomial of `PolynomialCutoff` of distances over the cutoff: 1 at 0, and 0 from 1 on."""
    p, u = power, u.clamp(max=1.0)
    bracket = (p + 1) * (p + 2) / 2 - p * (p + 2) * u + p * (p + 1) / 2 * u.square()
    return 1.0 - u.pow(p) * bracket


class CosineCutoff(torch.nn.Module):
    """r -> cos²(π r / (2 R)) for r <= R and 0 beyond: once differentiable at R, as in HIP-NN.

    Args:
        cutoff: R, in the unit of the distances.

    Raises:
        InputError: R is not a positive number.
    """

    def __init__(self, cutoff: float) -> None:
        super().__init__()
        self.cutoff = positive("the cutoff", cutoff)

    def forward(self, distances: torch.Tensor) -> torch.Tensor:
        """The value at each distance, of the same shape."""
        inside = (distances <= self.cutoff).to(distances.dtype)
        return inside * torch.cos(distances * (math.pi / 2 / self.cutoff)).square()

    def extra_repr(self) -> str:
        """The cutoff."""
        return f"cutoff={self.cutoff}"


class PolynomialCutoff(torch.nn.Module):
    """r -> 1 - (p+1)(p+2)/2 u^p + p(p+2) u^(p+1) - p(p+1)/2 u^(p+2), u = r / R, and 0 beyond R.

    Twice differentiable at R; the envelope of DimeNet (Gasteiger, Groß, Günnemann, arXiv:2003.03123, equation 8).

    Args:
        cutoff: R, in the unit of the distances.
        power: p.

    Raises:
        InputError: R is not a positive number, or p is not an integer of at least 2.
    """

    def __init__(self, cutoff: float, power: int = 6) -> None:
        super().__init__()
        self.cutoff = positive("the cutoff", cutoff)
        self.power = integer("the power of a polynomial cutoff", power, 2)

    def forward(self, distances: torch.Tensor) -> torch.Tensor:
        """The value at each distance, of the same shape."""
        return envelope(distances / self.cutoff, self.power)

    def extra_repr(self) -> str:
        """The cutoff and the power."""
        return f"cutoff={self.cutoff}, power={self.power}"
