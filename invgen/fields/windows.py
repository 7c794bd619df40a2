"""Windows: how much the surroundings of a point count, and by which functions of each coordinate moments are taken.

The Gaussian is the only window that is a product of functions of x, y and z and has no preferred direction. So moments
under it are three passes along the axes, and they turn with the field up to the error of sampling, which is
exp(-2π² (sigma / h)²) for voxels of size h.

*Hermite.* The product H_a(x) H_b(y) H_c(z) exp(-r²/2) of physicists' Hermite polynomials, of order n = a + b + c, turns
as x^a y^b z^c does, because the Hermite polynomials of one order are made from the monomials by an operator that
commutes with rotations, exp(-Δ/4). The orthonormal coefficients c_abc times sqrt(a! b! c! / n!) are the entries of a
symmetric tensor. White noise gives orthonormal coefficients of equal variance without correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, factorial, log, pi, prod, sqrt

import numpy as np
from numpy.typing import NDArray

from invgen.checks import positive
from invgen.errors import InputError

HERMITE, GAUSSIAN = "hermite", "gaussian"
REACH = 6  # in sigma: x⁴ exp(-x²/2) is 2e-5 of its greatest value there, 4 % at 4 sigma, which has a direction
ALIASING = 1e-3  # the largest error of sampling that is accepted

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """A Gaussian window of one scale.

    Attributes:
        kind: "hermite" for orthonormal Gauss-Hermite coefficients, "gaussian" for monomials in units of the scale,
            averaged over the window.
        scale: sigma, in the units of the grid's spacing.

    Raises:
        InputError: the scale is not a positive number.
    """

    kind: str
    scale: float

    @classmethod
    def hermite(cls, scale: float) -> Window:
        """Gauss-Hermite moments, under which white noise stays white."""
        return cls(HERMITE, positive("the scale of a window", scale))

    @classmethod
    def gaussian(cls, scale: float) -> Window:
        """Moments of monomials (x/sigma)^a (y/sigma)^b (z/sigma)^c, averaged with a Gaussian weight."""
        return cls(GAUSSIAN, positive("the scale of a window", scale))

    def reach(self, spacing: float) -> int:
        """How many voxels of this size the window reaches to either side."""
        return ceil(REACH * self.scale / spacing)

    def aliasing(self, spacing: float) -> float:
        """The relative error that sampling at this spacing makes, exp(-2π² (sigma / h)²)."""
        return exp(-2.0 * (pi * self.scale / spacing) ** 2)

    def check(self, spacing: float, axis: str) -> None:
        """`InputError` if the voxels are so large that sampling has a direction."""
        if self.aliasing(spacing) > ALIASING:
            least = self.scale * sqrt(2.0 * pi**2 / -log(ALIASING))
            raise InputError(
                f"along {axis} the voxels of size {spacing:g} are too large for a window of scale {self.scale:g}: "
                f"sampling changes moments by {self.aliasing(spacing):.1g}; use voxels below {least:.3g}, or a larger "
                "scale"
            )

    def rows(self, order: int, spacing: float) -> Floats:
        """The functions of one coordinate at the voxels of a window, (order + 1, 2 reach + 1), in ascending order.

        Products of three of them, of orders a, b and c, are the weights of a moment but for the factor of `entry`.
        """
        reach = self.reach(spacing)
        t = np.arange(-reach, reach + 1) * (spacing / self.scale)
        weight = np.exp(-0.5 * t * t)
        if self.kind == GAUSSIAN:
            share = spacing / (self.scale * sqrt(2.0 * pi))
            powers: Floats = np.stack([t**n for n in range(order + 1)]) * (weight * share)
            return powers
        polynomials = [np.ones_like(t), 2.0 * t]
        for n in range(1, order):
            polynomials.append(2.0 * t * polynomials[n] - 2.0 * n * polynomials[n - 1])
        # Orthonormal functions of t, sampled: sums over voxels are integrals over t divided by the spacing of t.
        share = sqrt(spacing / (self.scale * sqrt(pi)))
        norms = np.array([sqrt(2.0**n * factorial(n)) for n in range(order + 1)])
        found: Floats = np.stack(polynomials[: order + 1]) * (weight * share) / norms[:, None]
        return found

    def entry(self, exponents: tuple[int, ...]) -> float:
        """What turns the product of `rows` of these orders into the entry of a symmetric tensor."""
        if self.kind == GAUSSIAN:
            return 1.0
        return sqrt(prod(map(factorial, exponents)) / factorial(sum(exponents)))

    def noise(self, exponents: tuple[int, ...]) -> float:
        """The variance of an entry per unit of white noise; entries of different exponents are not correlated."""
        return self.entry(exponents) ** 2
