"""Cutoff functions: smooth, 1 at distance zero, and zero from the cutoff on."""

from __future__ import annotations

import math

import torch

from invgen.errors import InputError


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
        InputError: R is not a positive number, or p no integer of at least 2.
    """

    def __init__(self, cutoff: float, power: int = 6) -> None:
        super().__init__()
        self.cutoff = positive("the cutoff", cutoff)
        if isinstance(power, bool) or not isinstance(power, int) or power < 2:
            raise InputError(f"the power of a polynomial cutoff is an integer of at least 2, got {power!r}")
        self.power = power

    def forward(self, distances: torch.Tensor) -> torch.Tensor:
        """The value at each distance, of the same shape."""
        p = self.power
        u = (distances / self.cutoff).clamp(max=1.0)
        bracket = (p + 1) * (p + 2) / 2 - p * (p + 2) * u + p * (p + 1) / 2 * u.square()
        return 1.0 - u.pow(p) * bracket

    def extra_repr(self) -> str:
        """The cutoff and the power."""
        return f"cutoff={self.cutoff}, power={self.power}"


def positive(what: str, value: float) -> float:
    """A positive finite number as a float.

    Raises:
        InputError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise InputError(f"{what} is a positive number, got {value!r}")
    return float(value)


def count(what: str, value: int, least: int = 1) -> int:
    """An integer of at least `least`.

    Raises:
        InputError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"{what} is an integer of at least {least}, got {value!r}")
    return value
