"""The noise of a field as its moments see it: a covariance for each l, the same in all directions, and robust.

Noise without a preferred direction has coefficients whose covariance is, for each l, one matrix over the orders n,
the same for all m. It is estimated at a sample of voxels. Objects in the field are outliers: the voxels with the
lowest 60 % of Mahalanobis distances are kept, again and again, and the factor by which a Gaussian shrinks under that is
taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from invgen.fields.grids import Grid
from invgen.fields.harmonic_coordinates import Layout, harmonic_matrix, layout_of
from invgen.fields.slabs import exponents_of, slabs_of
from invgen.fields.windows import Window

Floats = NDArray[np.float64]
KEPT = 0.6  # of the voxels: the others may hold objects
SAMPLE = 20_000  # voxels; the eigenvalues of covariances are within some percent
ROUNDS = 6  # of trimming; the kept voxels change little after three
SHRINK = 0.01  # towards white noise: details that noise hardly has are not trusted more than a hundredfold
NO_NOISE = 1e-8  # of the mean square of all coefficients: noise below it is rounding


@dataclass(frozen=True)
class Coordinates:
    """Harmonic coordinates of moments, without the part that a constant field has.

    Attributes:
        matrix: from moments to coordinates, (size, dim).
        layout: of the coordinates.
    """

    matrix: Floats
    layout: Layout


def coordinates_of(window: Window, order: int, spacing: tuple[float, ...], offset: bool) -> Coordinates:
    """The harmonic coordinates of one window on one grid, orthogonal to constants if `offset`."""
    dimension = len(spacing)
    layout, matrix = layout_of(order, dimension), harmonic_matrix(order, dimension)
    if not offset:
        return Coordinates(matrix, layout)
    constant = matrix @ _constant(window, order, spacing)
    direction = constant[layout.parts[0].where]
    # The rows after the first of a complete orthogonal basis that begins with the direction of constants.
    complement = np.linalg.svd(direction[None, :])[2][1:]
    keep = {part.l: np.eye(part.count) for part in layout.parts} | {0: complement}
    counts = {part.l: len(keep[part.l]) for part in layout.parts}
    return Coordinates(layout.spread(keep) @ matrix, Layout.of(dimension, counts))


def covariances_of(
    grid: Grid, window: Window, order: int, coordinates: Coordinates, robust: bool = True
) -> dict[int, Floats] | None:
    """The covariance over the orders n for each l, or None where there is no noise.

    Args:
        grid: the field.
        window: of the moments.
        order: of the moments.
        coordinates: from the moments.
        robust: leave out what looks like objects; a field of noise alone needs no such thing.
    """
    values, energy = _sample(grid, window, order, coordinates)
    layout = coordinates.layout
    share = KEPT if robust else 1.0
    kept = values[np.argsort((values**2).sum(axis=1), kind="stable")[: max(1, round(share * len(values)))]]
    if (kept**2).mean() <= NO_NOISE * energy:
        return None
    found = _pooled(kept, layout)
    for _ in range(ROUNDS if robust else 0):
        distances = _distances(values, layout, found)
        kept = values[np.argsort(distances, kind="stable")[: max(1, round(share * len(values)))]]
        found = {l: c / _shrinkage(layout.size, share) for l, c in _pooled(kept, layout).items()}
    sizes = {part.l: part.size for part in layout.parts}
    mean = sum(np.trace(c) * sizes[l] for l, c in found.items()) / layout.size
    return {l: (1.0 - SHRINK) * c + SHRINK * mean * np.eye(len(c)) for l, c in found.items()}


def white(variance: float, layout: Layout) -> dict[int, Floats] | None:
    """The covariances of white noise."""
    return {part.l: variance * np.eye(part.count) for part in layout.parts} if variance > 0 else None


def _constant(window: Window, order: int, spacing: tuple[float, ...]) -> Floats:
    """The moments of the constant 1."""
    sums = [window.rows(order, h).sum(axis=1) for h in spacing]
    return np.array(
        [
            window.entry(e) * np.prod([s[a] for s, a in zip(sums, e, strict=True)])
            for e in exponents_of(order, len(spacing))
        ]
    )


def _sample(grid: Grid, window: Window, order: int, coordinates: Coordinates) -> tuple[Floats, float]:
    """Coordinates at a sample of voxels (n, size), and the mean square over all of the sample."""
    margin = [min(round(2 * window.scale / h), n // 4) for h, n in zip(grid.spacing, grid.shape, strict=True)]
    inner = [n - 2 * m for n, m in zip(grid.shape, margin, strict=True)]
    step = max(1, int(np.prod(inner) // SAMPLE))
    # A step that has no factor in common with the sizes visits all planes alike.
    while any(np.gcd(step, n) > 1 for n in inner[1:]) and step > 1:
        step -= 1
    parts = []
    for where, slab in slabs_of(grid, order, window):
        first, last = max(where.start, margin[0]), min(where.stop, grid.shape[0] - margin[0])
        if first >= last:
            continue
        values = np.moveaxis(slab, -2, 0)[:, first - where.start : last - where.start]
        values = values[
            (slice(None), slice(None), *(slice(m, n - m) for m, n in zip(margin[1:], grid.shape[1:], strict=True)))
        ]
        begin = -((first - margin[0]) * int(np.prod(inner[1:]))) % step
        parts.append(values.reshape(len(values), -1)[:, begin::step].T.astype(np.float64) @ coordinates.matrix.T)
    found = np.concatenate(parts)
    return found, float((found**2).mean())


def _pooled(values: Floats, layout: Layout) -> dict[int, Floats]:
    """The second moments over the orders for each l, the mean over m."""
    found = {}
    for part in layout.parts:
        block = values[:, part.where].reshape(len(values), part.count, part.size)
        found[part.l] = np.einsum("nkm,njm->kj", block, block) / (len(values) * part.size)
    return found


def _distances(values: Floats, layout: Layout, covariances: dict[int, Floats]) -> Floats:
    """The squared Mahalanobis distances from zero."""
    roots = {}
    for l, covariance in covariances.items():
        eigenvalues, vectors = np.linalg.eigh(covariance)
        least = max(1e-12 * float(eigenvalues.max()), float(np.finfo(float).tiny))
        roots[l] = (vectors / np.sqrt(np.maximum(eigenvalues, least))).T
    found: Floats = ((values @ layout.spread(roots).T) ** 2).sum(axis=1)
    return found


def _shrinkage(size: int, share: float) -> float:
    """The factor by which the variances of a Gaussian shrink when only the nearest share of it is kept."""
    from scipy.stats import chi2

    return float(chi2.cdf(chi2.ppf(share, size), size + 2) / share)
