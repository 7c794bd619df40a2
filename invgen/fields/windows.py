"""Windows: how much the surroundings of a point count, and by which functions of each coordinate moments are taken.

The Gaussian is the only window that is a product of functions of x, y and z and has no preferred direction. So moments
under it are three passes along the axes, and they turn with the field up to the error of sampling, which is
exp(-2π² (sigma / h)²) for voxels of size h.

*Hermite.* The product H_a(x) H_b(y) H_c(z) exp(-r²/2) of physicists' Hermite polynomials, of order n = a + b + c, turns
as x^a y^b z^c does, because the Hermite polynomials of one order are made from the monomials by an operator that
commutes with rotations, exp(-Δ/4). The orthonormal coefficients c_abc times sqrt(a! b! c! / n!) are the entries of a
symmetric tensor. White noise gives orthonormal coefficients of equal variance without correlation.

*Ball.* The ball of VTK's moments, with a sharp or a soft edge. It is not a product of functions of x, y and z, and a
ball of voxels has a staircase that has directions; so its moments are made from its spectrum (`fields.balls`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, factorial, log, pi, prod, sqrt

import numpy as np
from numpy.typing import NDArray

from invgen.checks import not_negative, one_of, positive
from invgen.errors import InputError

HERMITE, GAUSSIAN, BALL = "hermite", "gaussian", "ball"
REACH = 6.0  # in sigma: x⁴ exp(-x²/2) is 2e-5 of its greatest value there, 4 % at 4 sigma, which has a direction
ALIASING = 1e-3  # the largest error of sampling that is accepted
LEAST = 1.2  # voxels of a sigma or a radius, unless a window is coarse: polynomials amplify the error of sampling

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """A window of one scale.

    Attributes:
        kind: "hermite" for orthonormal Gauss-Hermite coefficients, "gaussian" and "ball" for monomials in units of the
            scale, averaged over the window.
        scale: sigma, or the radius of a ball, in the units of the grid's spacing.
        taper: of a ball, the sigma of the Gaussian that smooths its edge; 0 for a sharp one.
        cut: where a Gaussian ends, in sigma. Of a field that goes on beyond it, invariants to order 4 change by 1e-7 as
            the field turns with a cut of 6, which is the rounding of float32, and by 1e-13 with a cut of 8.
        coarse: whether sigma may be below 1.2 voxels, as long as `aliasing` is below 1e-3. At 1.2 voxels invariants to
            order 4 of smooth fields change by some 1e-7 as the field turns, at 1.0 by 1e-4, at 0.8 by 1e-2.

    Raises:
        InputError: there is no such kind, or a number is not positive.
    """

    kind: str
    scale: float
    taper: float = 0.0
    cut: float = REACH
    coarse: bool = False

    def __post_init__(self) -> None:
        one_of("the kind of a window", self.kind, (HERMITE, GAUSSIAN, BALL))
        what = "the radius of a ball" if self.is_ball else "the scale of a window"
        for name, number in (
            ("scale", positive(what, self.scale)),
            ("taper", not_negative("the taper of a ball", self.taper)),
            ("cut", positive("the cut of a window", self.cut)),
        ):
            object.__setattr__(self, name, number)

    @classmethod
    def hermite(cls, scale: float, cut: float = REACH, coarse: bool = False) -> Window:
        """Gauss-Hermite moments, under which white noise stays white."""
        return cls(HERMITE, scale, cut=cut, coarse=coarse)

    @classmethod
    def gaussian(cls, scale: float, cut: float = REACH, coarse: bool = False) -> Window:
        """Moments of monomials (x/sigma)^a (y/sigma)^b (z/sigma)^c, averaged with a Gaussian weight."""
        return cls(GAUSSIAN, scale, cut=cut, coarse=coarse)

    @classmethod
    def ball(cls, radius: float, taper: float = 0.0) -> Window:
        """Moments of monomials (x/radius)^a (y/radius)^b (z/radius)^c, averaged over a ball, in the plane over a disc.

        Args:
            radius: of the ball.
            taper: 0 for a sharp edge, else the sigma of a Gaussian that the ball is convolved with.
        """
        return cls(BALL, radius, taper)

    @property
    def is_ball(self) -> bool:
        """Whether the window is a ball, which has a spectrum and no functions of one coordinate."""
        return self.kind == BALL

    def reach(self, spacing: float) -> int:
        """How many voxels of this size the window reaches to either side."""
        extent = self.scale + self.cut * self.taper if self.is_ball else self.cut * self.scale
        return ceil(extent / spacing)

    def aliasing(self, spacing: float) -> float:
        """The relative error of sampling at this spacing, exp(-2π² (sigma / h)²); zero for a ball's spectrum."""
        return 0.0 if self.is_ball else exp(-2.0 * (pi * self.scale / spacing) ** 2)

    def check(self, spacing: float, axis: str) -> None:
        """`InputError` if the voxels are so large that sampling has a direction."""
        few = self.scale < LEAST * spacing * (1.0 - 1e-9)
        if self.is_ball and few:
            raise InputError(
                f"along {axis} the voxels of size {spacing:g} are too large for a ball of radius {self.scale:g}: its "
                f"radius is at least {LEAST} voxels"
            )
        aliased = self.aliasing(spacing) > ALIASING
        if aliased or (few and not self.coarse):
            least = self.scale * (sqrt(2.0 * pi**2 / -log(ALIASING)) if self.coarse else 1.0 / LEAST)
            hint = "or a larger scale" if aliased else "a larger scale, or a window with coarse=True"
            raise InputError(
                f"along {axis} the voxels of size {spacing:g} are too large for a window of scale {self.scale:g}: it "
                f"has {self.scale / spacing:.2g} voxels per sigma, and sampling changes moments as the field turns; "
                f"use voxels of at most {least:.3g}, {hint}"
            )

    def rows(self, order: int, spacing: float) -> Floats:
        """The functions of one coordinate at the voxels of a window, (order + 1, 2 reach + 1), in ascending order.

        Products of three of them, of orders a, b and c, are the weights of a moment but for the factor of `entry`.
        """
        reach = self.reach(spacing)
        offsets: Floats = np.arange(-reach, reach + 1, dtype=np.float64) * spacing
        return self.functions(order, spacing, offsets)

    def functions(self, order: int, spacing: float, offsets: Floats) -> Floats:
        """The functions of one coordinate at any offsets from the point, (order + 1, offsets).

        Args:
            order: the highest order.
            spacing: the size of a voxel, which sums over voxels are multiplied by.
            offsets: in the units of the spacing.

        Raises:
            InputError: the window is a ball, which is not a product of functions of one coordinate.
        """
        if self.is_ball:
            raise InputError(
                "a ball is not a product of functions of x, y and z: take its moments with fields.moments and its "
                "invariants with basis.evaluate, or use a Gaussian window"
            )
        t = offsets / self.scale
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
        if self.kind != HERMITE:
            return 1.0
        return sqrt(prod(map(factorial, exponents)) / factorial(sum(exponents)))

    def noise(self, exponents: tuple[int, ...]) -> float:
        """The variance of an entry per unit of white noise; entries of different exponents are not correlated."""
        return self.entry(exponents) ** 2
