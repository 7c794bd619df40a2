"""Large windows: the field is smoothed once, and then few voxels, several apart, make up a window.

Convolving with a Gaussian of width sigma and then with functions psi gives the functions phi of a window of scale s
exactly, where the Fourier transform of psi is that of phi divided by the Gaussian. The transform of
H_a(t/s) exp(-t²/2s²) is a multiple of H_a(sk) exp(-s²k²/2), so that of psi is the same multiple of
H_a(sk) exp(-r²k²/2) with r² = s² - sigma². By

    H_a(g x) = sum over i of g^(a-2i) (g² - 1)^i a! / (i! (a-2i)!) H_{a-2i}(x),    g = s / r,

psi is a sum of H_b(t/r) exp(-t²/2r²) with b = a, a - 2, ..., again even or odd as a is. Nothing is solved for, and
nothing is lost but by sampling: psi is summed over every d-th voxel of the smoothed field. With sigma² = r² = s²/2 the
sums differ from integrals by about exp(-pi² s² / 2d²). No voxel is left out of the result: each sums what is around it.

d is the largest step at which the weights that a voxel really gets differ from those of the window by at most
`ACCURACY` of their greatest value, for each order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil, factorial, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from invgen.fields.box_kernel import Passes, Weights
from invgen.fields.grids import Grid
from invgen.fields.windows import HERMITE, REACH, Window

DIRECT = 4.0  # voxels; windows up to this scale are summed as they are
ACCURACY = 1e-6
_WIDER = 8  # in widths of psi, whose polynomials grow by powers of the square root of two more than the window's
_NARROWEST = 1.8  # at steps above scale / 1.8 the error is above `ACCURACY` for every order above 0

Floats = NDArray[np.float64]


def passes_of(grid: Grid, factors: Mapping[tuple[int, ...], float], window: Window, threads: int) -> Passes:
    """The moments of a grid under a window, summed voxel by voxel or from a smoothed field.

    Args:
        grid: the field.
        factors: for each moment its exponents and what it is multiplied by.
        window: the weights.
        threads: how many smooth.
    """
    order = max(map(sum, factors))
    steps = [step_of(window, order, size) for size in grid.spacing]
    if max(steps) == 1:
        return Passes(grid, factors, [Weights(window.rows(order, size)) for size in grid.spacing])
    weights = [
        Weights(apart(window, order, size, step), step) if step > 1 else Weights(window.rows(order, size))
        for size, step in zip(grid.spacing, steps, strict=True)
    ]
    margin = [each.rows.shape[1] // 2 * each.step for each in weights]
    smoothings = [
        Weights(smoothing(window, size)[None]) if step > 1 else Weights(np.ones((1, 1)))
        for size, step in zip(grid.spacing, steps, strict=True)
    ]
    return Passes(_smooth(grid, smoothings, margin, threads), factors, weights, margin)


def margin_of(window: Window, order: int, spacing: float) -> int:
    """How many voxels to each side of a voxel its moments depend on, along an axis."""
    step = step_of(window, order, spacing)
    if step == 1:
        return window.reach(spacing)
    taken: int = apart(window, order, spacing, step).shape[1] // 2
    return step * taken + len(smoothing(window, spacing)) // 2


def smoothed_bytes(grid: Grid, order: int, window: Window) -> int:
    """What the smoothed field takes; 0 where the window is summed as it is."""
    steps = [step_of(window, order, size) for size in grid.spacing]
    if max(steps) == 1:
        return 0
    sizes = grid.values.shape[-1:]
    for count, size, step in zip(grid.shape, grid.spacing, steps, strict=True):
        taken = apart(window, order, size, step).shape[1] // 2 * step if step > 1 else window.reach(size)
        sizes += (count + 2 * taken,)
    return int(np.prod(sizes)) * grid.values.itemsize


def step_of(window: Window, order: int, spacing: float) -> int:
    """How many voxels apart the voxels are that a window takes along an axis: 1 up to `DIRECT`.

    A window that is cut later than by default is asked for its accuracy, and is summed voxel by voxel.
    """
    if window.is_ball or window.cut > REACH or window.scale <= DIRECT * spacing:
        return 1
    return _step_of(window.kind, window.scale / spacing, order)


@cache
def _step_of(kind: str, scale: float, order: int) -> int:
    window = Window(kind, scale)
    for step in range(int(scale / _NARROWEST), 1, -1):
        if weights_error(window, order, 1.0, step) <= ACCURACY:
            return step
    return 1


def weights_error(window: Window, order: int, spacing: float, step: int) -> float:
    """How much the weights of voxels differ from those of the window, at most, relative to the greatest.

    The window is taken to twice its reach: what direct sums cut off, 1e-5 of the greatest weight at order 4, counts.
    """
    rows, gauss = apart(window, order, spacing, step), smoothing(window, spacing)
    spread = np.zeros((order + 1, (rows.shape[1] - 1) * step + 1))
    spread[:, ::step] = rows
    found = np.stack([np.convolve(row, gauss) for row in spread])
    reach = max(found.shape[1] // 2, 2 * window.reach(spacing))
    found = np.pad(found, ((0, 0), (reach - found.shape[1] // 2,) * 2))
    t = np.arange(-reach, reach + 1) * (spacing / window.scale)
    wanted = of_hermite(window, order, spacing) @ (hermite(order, t) * np.exp(-0.5 * t * t))
    errors = np.abs(found - wanted).max(axis=1) / np.abs(wanted).max(axis=1)
    return float(errors.max())


def smoothing(window: Window, spacing: float) -> Floats:
    """The Gaussian that the field is smoothed with, of half the window's variance; its sum is one but for its ends."""
    width = window.scale / spacing / sqrt(2.0)
    reach = ceil(REACH * width)
    t = np.arange(-reach, reach + 1) / width
    found: Floats = np.exp(-0.5 * t * t) / (width * sqrt(2.0 * pi))
    return found


def apart(window: Window, order: int, spacing: float, step: int) -> Floats:
    """The functions psi of a window at every step-th voxel, (order + 1, 2 reach + 1), in ascending order."""
    scale = window.scale / spacing  # in voxels
    rest = scale / sqrt(2.0)
    reach = ceil(_WIDER * rest / step)
    t = np.arange(-reach, reach + 1) * step / rest
    values = hermite(order, t) * np.exp(-0.5 * t * t)
    found: Floats = step * (of_hermite(window, order, spacing) @ deconvolved(order, sqrt(2.0))) @ values
    return found


def hermite(order: int, t: Floats) -> Floats:
    """Physicists' Hermite polynomials, (order + 1, size of t)."""
    found = [np.ones_like(t), 2.0 * t]
    for n in range(1, order):
        found.append(2.0 * t * found[n] - 2.0 * n * found[n - 1])
    return np.stack(found[: order + 1])


def deconvolved(order: int, ratio: float) -> Floats:
    """What H_a(t/s) exp(-t²/2s²) is the Gaussian's convolution of, as a sum of H_b(t/r) exp(-t²/2r²), s/r the ratio."""
    found = np.zeros((order + 1, order + 1))
    for a in range(order + 1):
        for i in range(a // 2 + 1):
            share = factorial(a) / (factorial(i) * factorial(a - 2 * i))
            # One factor of the ratio is that of the Gaussians' areas; the signs are powers of the imaginary unit.
            found[a, a - 2 * i] = ratio * (-1.0) ** i * ratio ** (a - 2 * i) * (ratio**2 - 1.0) ** i * share
    return found


def of_hermite(window: Window, order: int, spacing: float) -> Floats:
    """The window's functions of one coordinate as sums of H_b(t/s) exp(-t²/2s²)."""
    scale = window.scale / spacing
    if window.kind == HERMITE:
        norms = [sqrt(2.0**n * factorial(n) * scale * sqrt(pi)) for n in range(order + 1)]
        return np.diag(1.0 / np.array(norms))
    found = np.zeros((order + 1, order + 1))
    for a in range(order + 1):
        for i in range(a // 2 + 1):
            found[a, a - 2 * i] = factorial(a) / (2.0**a * factorial(i) * factorial(a - 2 * i))
    return found / (scale * sqrt(2.0 * pi))


def _smooth(grid: Grid, weights: Sequence[Weights], margin: Sequence[int], threads: int) -> Grid:
    """The smoothed field with a margin at both ends of each axis."""
    passes = Passes(grid, {(0,) * grid.dimension: 1.0}, weights)
    begin = [-size for size in margin]
    end = [count + size for count, size in zip(grid.shape, margin, strict=True)]
    shape = [high - low for low, high in zip(begin, end, strict=True)]
    out = np.empty((*shape[:-1], passes.rows, shape[-1]), dtype=grid.values.dtype)
    passes.run(begin, end, out, threads)
    return Grid(np.ascontiguousarray(np.moveaxis(out, -2, -1)), grid.spacing, "zero")
