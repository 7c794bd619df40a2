"""The rotations at which a correlation is greatest, by Newton steps from points of a grid, many places at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from invgen.fields.harmonic_coordinates import Layout
from invgen.fields.rotation_matrices import angle_between, exponential, moved, product, turned

Floats = NDArray[np.float64]
STEPS = 30
LONGEST = 0.3  # radians of one step
SETTLED = 1e-9  # radians: steps shorter than that end the search


@dataclass(frozen=True, eq=False)
class Maxima:
    """Maxima of <c, D(R) t> over rotations, for n places.

    Attributes:
        quaternions: (n, 4), of the greatest.
        values: (n,).
        hessians: (n, 3, 3) at the greatest, (n, 1, 1) in the plane: second derivatives with respect to the rotation
            vector of a further rotation, in the axes of the field.
        metrics: of the same shapes, the products <L_a D t, L_b D t> of the derivatives.
        runners_up: (n,), the value of the best maximum elsewhere; NaN where none was found.
    """

    quaternions: Floats
    values: Floats
    hessians: Floats
    metrics: Floats
    runners_up: Floats


def maximise(coordinates: Floats, template: Floats, layout: Layout, grid: Floats, starts: int = 5) -> Maxima:
    """The greatest correlations of coordinates (n, size) with a template (size,), over all rotations.

    Args:
        coordinates: of the places.
        template: the other side of the product.
        layout: of both.
        grid: rotations (g, 4); the best of them that lie apart are the starts.
        starts: from how many of them.
    """
    count = len(coordinates)
    axes = 3 if layout.dimension == 3 else 1
    if not count:
        empty = np.empty((0, axes, axes))
        return Maxima(np.empty((0, 4)), np.empty(0), empty, empty, np.empty(0))
    apart = np.sqrt(2.0) * _spacing(len(grid), layout.dimension)
    first = _starts(coordinates @ turned(template, layout, grid).T, grid, starts, apart)
    many = np.repeat(coordinates, starts, axis=0)
    quaternions, values = climb(many, template, layout, first.reshape(-1, 4))
    quaternions, values = quaternions.reshape(count, starts, 4), values.reshape(count, starts)
    best = values.argmax(axis=1)
    rows = np.arange(count)
    found = quaternions[rows, best]
    elsewhere = angle_between(quaternions, found[:, None, :]) > apart
    others = np.where(elsewhere, values, -np.inf).max(axis=1)
    turned_templates = turned(template, layout, found)
    hessians, metrics = _second_derivatives(coordinates, turned_templates, layout)
    return Maxima(found, values[rows, best], hessians, metrics, np.where(np.isfinite(others), others, np.nan))


def _spacing(count: int, dimension: int) -> float:
    """The angle between neighbours of a grid of so many rotations."""
    return float((8.0 * np.pi**2 / count) ** (1 / 3)) if dimension == 3 else 2.0 * np.pi / count


def _starts(values: Floats, grid: Floats, starts: int, apart: float) -> Floats:
    """The best rotations of the grid, one after the other, each apart from those before it."""
    values = values.copy()
    found = np.empty((len(values), starts, 4))
    for i in range(starts):
        found[:, i] = grid[values.argmax(axis=1)]
        near = np.abs(found[:, i] @ grid.T) > np.cos(0.5 * apart)
        values[near] -= np.inf
        exhausted = ~np.isfinite(values).any(axis=1)
        values[exhausted] = 0.0
    return found


def climb(
    coordinates: Floats, template: Floats, layout: Layout, quaternions: Floats, settled: float = SETTLED
) -> tuple[Floats, Floats]:
    """The maxima (n, 4) near rotations, and their values, for coordinates (n, size).

    Newton steps, until one is shorter than `settled` radians; a step that lowers the value is halved, and directions in
    which it curves upwards are turned.
    """
    turns = turned(template, layout, quaternions)
    values = (coordinates * turns).sum(axis=1)
    trust = np.full(len(values), LONGEST)
    active = np.arange(len(values))
    for _ in range(STEPS):
        c, t = coordinates[active], turns[active]
        gradients = np.einsum("nas,ns->na", moved(t, layout), c)
        hessians, metrics = _second_derivatives(c, t, layout)
        eigenvalues, vectors = np.linalg.eigh(hessians)
        # A thousandth of the curvature at a perfect match keeps steps finite along axes that change nothing.
        least = 1e-3 * np.einsum("naa->n", metrics) * np.abs(values[active])[:, None].max(axis=1) + 1e-300
        scaled = np.einsum("nab,na->nb", vectors, gradients) / np.maximum(np.abs(eigenvalues), least[:, None])
        steps = np.einsum("nab,nb->na", vectors, scaled)
        lengths = np.linalg.norm(steps, axis=1)
        steps *= np.minimum(1.0, trust[active] / np.maximum(lengths, 1e-300))[:, None]
        full = np.zeros((len(active), 3))
        full[:, -steps.shape[1] :] = steps
        trial = product(exponential(full), quaternions[active])
        trial_turns = turned(template, layout, trial)
        trial_values = (c * trial_turns).sum(axis=1)
        better = trial_values >= values[active]
        accepted = active[better]
        quaternions[accepted], turns[accepted] = trial[better], trial_turns[better]
        values[accepted] = trial_values[better]
        taken = np.linalg.norm(steps, axis=1)
        trust[active] = np.where(better, np.minimum(LONGEST, 2.0 * trust[active]), 0.25 * taken)
        active = active[taken > settled]
        if not len(active):
            break
    return quaternions, values


def _second_derivatives(coordinates: Floats, turns: Floats, layout: Layout) -> tuple[Floats, Floats]:
    """The symmetric part of <c, L_a L_b D t>, and <L_a D t, L_b D t>."""
    derivatives = moved(turns, layout)
    products = -np.einsum("nas,nbs->nab", moved(coordinates, layout), derivatives)
    return 0.5 * (products + np.swapaxes(products, 1, 2)), np.einsum("nas,nbs->nab", derivatives, derivatives)
