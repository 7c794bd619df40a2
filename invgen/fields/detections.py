"""Tables of detections: places refined over all rotations, with covariances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.fields.correlation_maps import Level
from invgen.fields.evidence import Evidence
from invgen.fields.grids import Grid
from invgen.fields.local_moments import moments
from invgen.fields.rotational_newton import Maxima, maximise
from invgen.fields.searches import Search

Floats = NDArray[np.float64]
FREE_VARIANCE = np.pi**2 / 3.0  # of an angle of which nothing is known
_FREE = 1e-6  # of the greatest curvature


@dataclass(frozen=True, eq=False)
class Detection:
    """One place; the attributes are those of the table of `fields.detect`."""

    voxel: tuple[int, ...]
    scale: float
    score: float
    quaternion: Floats
    covariance: Floats
    runner_up: float


def table_of(places: Sequence[Detection], p_values: Floats, grid: Grid) -> NDArray[Any]:
    """The table, whose columns are there even if it has no rows."""
    dimension = grid.dimension
    columns = [
        ("position", "f8", (dimension,)),
        ("voxel", "i8", (dimension,)),
        ("scale", "f8"),
        ("score", "f8"),
        ("p_value", "f8"),
        ("quaternion", "f8", (4,)),
        ("rotation_covariance", "f8", (3, 3)),
        ("runner_up", "f8"),
    ]
    table = np.zeros(len(places), dtype=columns)
    for row, place, p in zip(table, places, p_values, strict=True):
        row["position"] = np.array(grid.origin) + np.array(place.voxel) * np.array(grid.spacing)
        row["voxel"], row["scale"], row["score"], row["p_value"] = place.voxel, place.scale, place.score, p
        row["quaternion"], row["rotation_covariance"] = place.quaternion, place.covariance
        row["runner_up"] = place.runner_up
    return table


def refine(
    grid: Grid,
    order: int,
    search: Search,
    level: Level,
    evidence: Evidence | None,
    rotations: Floats,
    voxels: NDArray[np.int64],
) -> list[Detection]:
    """The places of these voxels at one scale, at the best of all rotations.

    Those are left out that are below the level, or for which the evidence for a copy is too weak.
    """
    if not len(voxels):
        return []
    points = voxels * np.array(grid.spacing)
    found = moments(
        grid.values[..., 0], order, search.window, spacing=grid.spacing, at=points, boundary=grid.boundary
    ).values
    matched = search.matched
    values = found.astype(np.float64) @ matched.matrix.T
    maxima = maximise(values, matched.template, matched.layout, rotations)
    energies = (values**2).sum(axis=1)
    covariances = covariances_of_rotations(maxima, float(matched.noisy))
    scores, others = matched.scores(maxima.values, energies), matched.scores(maxima.runners_up, energies)
    kept = maxima.values >= level.needed(energies, matched.damping)
    if evidence is not None:
        kept &= maxima.values >= evidence.needed(matched.energies(values.T))
    return [
        Detection(
            tuple(map(int, voxels[i])),
            search.scale,
            float(scores[i]),
            maxima.quaternions[i],
            covariances[i],
            float(others[i]),
        )
        for i in np.flatnonzero(kept)
    ]


def covariances_of_rotations(maxima: Maxima, variance: float) -> Floats:
    """The covariances (n, 3, 3) of rotation vectors at maxima, for white noise of this variance in the coordinates.

    The gradient varies as the metric M, and the maximum moves by the inverse of the Hessian -H: H⁻¹ M H⁻¹ times the
    variance. Along axes about which nothing changes, the variance is that of a uniform angle.
    """
    found = np.zeros((len(maxima.values), 3, 3))
    curvatures, axes = np.linalg.eigh(-maxima.hessians)
    greatest = np.abs(curvatures).max(axis=1, keepdims=True)
    free = curvatures <= _FREE * np.maximum(greatest, np.finfo(float).tiny)
    inverse = np.where(free, 0.0, 1.0 / np.where(free, 1.0, curvatures))
    turned_metrics = np.einsum("nai,nab,nbj->nij", axes, maxima.metrics, axes)
    inner = variance * inverse[:, :, None] * turned_metrics * inverse[:, None, :]
    inner += np.where(free, FREE_VARIANCE, 0.0)[:, :, None] * np.eye(inner.shape[1])
    size = inner.shape[1]
    found[:, 3 - size :, 3 - size :] = np.einsum("nai,nij,nbj->nab", axes, inner, axes)
    return found
