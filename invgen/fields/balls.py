"""Moments over balls from their spectrum, so that no staircase of voxels gives them a direction.

A ball's moments are integrals of the trigonometric interpolant of the field, which is exact for a field without waves
beyond those of the grid. With q the wave vector times the radius, the mean of exp(iq·u) over the unit ball is
3 j_1(q)/q, in the plane 2 J_1(q)/q, and a factor u_x is the derivative -i ∂/∂q_x. As functions of s = q²/2 the
g_m = j_(m+1)(q)/q^(m+1) have the derivatives g_m' = -g_(m+1), so the spectrum of every monomial is a polynomial in q
with g_0, g_1, ... for coefficients: sums of solid harmonics times spherical Bessel functions in closed form. A tapered
ball is convolved with a Gaussian, which multiplies g_0 by exp(-taper² q² / 2 radius²). All radii share the transform of
the field.

Waves that the grid cannot hold are cut off at its edge, so a single voxel rings: the kernel is not zero beyond the
ball.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, factorial, pi, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.fields.grids import BOUNDARIES, Grid
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Floats, Window

_SERIES = 1.0  # below it Bessel functions divided by powers are summed as series
_SPECTRA = 20  # in padded volumes: Bessel functions in float64 of half a spectrum, and products on the way
_TERMS = 12  # of a series: the next term is (1/2)^12 / 12! of the first, 5e-13, over the growing double factorials

Array = NDArray[Any]


@dataclass(frozen=True)
class Transformed:
    """The spectrum of a padded field, shared by balls of all radii.

    Attributes:
        grid: the field before padding.
        spectra: of each component, as `scipy.fft.rfftn` stores them.
        sizes: of the padded field.
        before: voxels that padding put in front along each axis.
    """

    grid: Grid
    spectra: tuple[Array, ...]
    sizes: tuple[int, ...]
    before: tuple[int, ...]

    @classmethod
    def of(cls, grid: Grid, windows: Sequence[Window], threads: int | None = None) -> Transformed:
        """The transform of a field, padded for the largest of some balls; periodic fields are not padded."""
        from scipy import fft

        if grid.boundary == "wrap":
            wide, before = grid.values, (0,) * grid.dimension
        else:
            before = tuple(max(w.reach(h) for w in windows) for h in grid.spacing)
            sizes = [fft.next_fast_len(n + 2 * r, True) for n, r in zip(grid.shape, before, strict=True)]
            pads = [(r, s - n - r) for n, r, s in zip(grid.shape, before, sizes, strict=True)]
            wide = np.pad(grid.values, [*pads, (0, 0)], mode=BOUNDARIES[grid.boundary])  # type: ignore[call-overload]
        spectra = tuple(fft.rfftn(wide[..., v], workers=threads) for v in range(wide.shape[-1]))
        return cls(grid, spectra, wide.shape[:-1], before)


class BallSpectrum:
    """The spectra of the monomials of a ball on the waves of a grid.

    Args:
        window: the ball.
        order: the highest order.
        sizes: of the padded field.
        spacing: of its voxels.
        dtype: of the spectra.
    """

    def __init__(
        self, window: Window, order: int, sizes: Sequence[int], spacing: Sequence[float], dtype: np.dtype[Any]
    ) -> None:
        from scipy import fft

        dimension = len(sizes)
        self._powers = []
        square: Any = 0.0
        for axis, (n, h) in enumerate(zip(sizes, spacing, strict=True)):
            frequencies = fft.rfftfreq(n, h) if axis == dimension - 1 else fft.fftfreq(n, h)
            q = 2.0 * pi * window.scale * np.abs(frequencies) * np.sign(frequencies)
            shape = [1] * dimension
            shape[axis] = -1
            square = square + (q * q).reshape(shape)
            powers = np.stack([q**k for k in range(order + 1)])
            if n % 2 == 0:
                powers[1::2, n // 2] = 0.0  # the shortest wave stands for both of its directions
            self._powers.append(powers.reshape(order + 1, *shape).astype(dtype))
        found = derivatives(np.sqrt(square), order, dimension, window.taper / window.scale)
        self._derivatives = found.astype(dtype)

    def real(self, exponents: tuple[int, ...]) -> Array:
        """The spectrum of a monomial without the factor (-i)^order."""
        total: Any = 0.0
        order = sum(exponents)
        for halves in np.ndindex(*(e // 2 + 1 for e in exponents)):
            factor = prod(
                factorial(e) // (factorial(i) * factorial(e - 2 * i) * 2**i)
                for e, i in zip(exponents, halves, strict=True)
            )
            term = factor * self._derivatives[order - sum(halves)]
            for powers, e, i in zip(self._powers, exponents, halves, strict=True):
                if e > 2 * i:
                    term = term * powers[e - 2 * i]
            total = total + term
        found: Array = total
        return found


def derivatives(q: Floats, order: int, dimension: int, taper: float = 0.0) -> Floats:
    """The mean of exp(iq·u) over the unit ball or disc and its derivatives with respect to q²/2, (order + 1, ...).

    Args:
        q: lengths of wave vectors, not negative.
        order: how many derivatives.
        dimension: 3, or 2 for a disc.
        taper: sigma of the Gaussian that smooths the edge.
    """
    bare = bessel_quotients(q, order + 1, dimension)[1:] * dimension
    bare *= (-1.0) ** np.arange(order + 1).reshape(-1, *(1,) * q.ndim)
    if not taper:
        return bare
    smooth = np.exp(-0.5 * (taper * q) ** 2)
    found = [
        smooth * sum(comb(m, j) * bare[j] * (-(taper**2)) ** (m - j) for j in range(m + 1)) for m in range(order + 1)
    ]
    return np.stack(found)


def bessel_quotients(q: Floats, highest: int, dimension: int) -> Floats:
    """j_l(q)/q^l for l = 0..highest, in the plane J_l(q)/q^l, to some roundings of their value at zero.

    The two of highest l are from SciPy, or from the series at small q; the recurrence downwards is stable.
    """
    from scipy import special

    small = np.minimum(q, _SERIES)
    large = np.maximum(q, _SERIES)
    step = 1 if dimension == 3 else 0  # j_l has (2l + 1)!!, J_l has 2^l l!, the product of 2, 4, ..., 2l
    found = np.empty((highest + 2, *q.shape))
    for l in (highest, highest + 1):
        term = np.full_like(q, 1.0 / prod(2 * k + step for k in range(1, l + 1)))
        series = term.copy()
        for k in range(1, _TERMS):
            term = term * (-0.5 * small * small) / (k * (2 * (l + k) + step))
            series += term
        bessel = special.spherical_jn(l, large) if dimension == 3 else special.jv(l, large)
        found[l] = np.where(q < _SERIES, series, bessel / large**l)
    for l in range(highest, 0, -1):
        found[l - 1] = (2 * l + step) * found[l] - q * q * found[l + 1]
    return found[: highest + 1]


def spectra_bytes(grid: Grid, windows: Sequence[Window]) -> int:
    """The memory of the transform of a field and of the spectra of one ball, at most."""
    padded = [n + 2 * max(w.reach(h) for w in windows) for n, h in zip(grid.shape, grid.spacing, strict=True)]
    volumes: int = grid.values.shape[-1] + _SPECTRA
    return prod(padded) * int(grid.values.itemsize) * volumes


def ball_everywhere(transformed: Transformed, order: int, window: Window, threads: int | None = None) -> Array:
    """The moments of all voxels, (X, Y, Z, dim) or (X, Y, dim), of which the last two axes are stored exchanged."""
    from scipy import fft

    grid, sizes = transformed.grid, transformed.sizes
    exponents = exponents_of(order, grid.dimension)
    components = grid.values.shape[-1]
    inner = tuple(slice(b, b + n) for b, n in zip(transformed.before, grid.shape, strict=True))
    spectrum = BallSpectrum(window, order, sizes, grid.spacing, grid.values.dtype)
    stored = np.empty((*grid.shape[:-1], len(exponents) * components, grid.shape[-1]), dtype=grid.values.dtype)
    for i, e in enumerate(exponents):
        factor = (spectrum.real(e) * (-1j) ** sum(e)).astype(transformed.spectra[0].dtype)
        for v, each in enumerate(transformed.spectra):
            whole = fft.irfftn(each * factor, s=sizes, workers=threads, overwrite_x=True)
            stored[..., i * components + v, :] = whole[inner]
    found: Array = np.moveaxis(stored, -2, -1)
    return found


def ball_at_points(transformed: Transformed, order: int, window: Window, places: Floats) -> Array:
    """The moments about places in numbers of voxels, (n, dim): the interpolant is known between voxels, too."""
    grid, sizes = transformed.grid, transformed.sizes
    spectrum = BallSpectrum(window, order, sizes, grid.spacing, np.dtype(np.float64))
    phases = []
    for axis, (n, before) in enumerate(zip(sizes, transformed.before, strict=True)):
        numbers = np.arange(n // 2 + 1) if axis == grid.dimension - 1 else np.fft.fftfreq(n, 1.0 / n)
        phase = np.exp(2j * pi * np.outer(places[:, axis] + before, numbers) / n)
        if n % 2 == 0:
            phase[:, n // 2] = phase[:, n // 2].real
        phases.append(phase / n)
    phases[-1] = phases[-1] * _multiplicities(sizes[-1])
    exponents = exponents_of(order, grid.dimension)
    found = np.empty((len(places), len(exponents), len(transformed.spectra)), dtype=grid.values.dtype)
    for i, e in enumerate(exponents):
        factor = spectrum.real(e) * (-1j) ** sum(e)
        for v, each in enumerate(transformed.spectra):
            part = np.tensordot(each * factor, phases[-1], axes=(-1, 1))  # (kx[, ky], places)
            for phase in phases[-2::-1]:
                part = np.einsum("...kn,nk->...n", part, phase)
            found[:, i, v] = part.real
    return found.reshape(len(places), found.shape[1] * found.shape[2])


def ball_constant(order: int, window: Window, dimension: int) -> Floats:
    """The moments of the constant 1."""
    at_zero = derivatives(np.zeros(()), order, dimension, window.taper / window.scale)
    found = []
    for e in exponents_of(order, dimension):
        pairs = prod(factorial(k) // (factorial(k // 2) * 2 ** (k // 2)) for k in e)
        even = all(k % 2 == 0 for k in e)
        found.append((-1.0) ** (sum(e) // 2) * pairs * float(at_zero[sum(e) // 2]) if even else 0.0)
    return np.array(found)


def ball_noise(grid: Grid, order: int, window: Window) -> Floats:
    """The covariance of the moments per unit of white noise, (dim, dim), by Parseval's sum over waves.

    The sum is over a box of four times the ball's reach, beyond which the kernel's tails matter to some thousandths.
    """
    sizes = [4 * window.reach(h) + 8 for h in grid.spacing]
    spectrum = BallSpectrum(window, order, sizes, grid.spacing, np.dtype(np.float64))
    exponents = exponents_of(order, grid.dimension)
    root = np.sqrt(_multiplicities(sizes[-1]) / prod(sizes))
    single = np.zeros((len(exponents), len(exponents)))
    rows = [(spectrum.real(e) * root).ravel() for e in exponents]
    for i, one in enumerate(exponents):
        for j, other in enumerate(exponents[: i + 1]):
            if not any((a - b) % 2 for a, b in zip(one, other, strict=True)):
                sign = -1.0 if (sum(one) - sum(other)) % 4 else 1.0
                single[i, j] = single[j, i] = sign * float(rows[i] @ rows[j])
    covariance: Any = np.kron(single, np.eye(grid.values.shape[-1]))
    found: Floats = covariance
    return found


def _multiplicities(size: int) -> Floats:
    """How many waves of the full spectrum each one along the halved axis stands for."""
    found = np.full(size // 2 + 1, 2.0)
    found[0] = 1.0
    if size % 2 == 0:
        found[-1] = 1.0
    return found
