"""Synthetic porous media of three families, each a periodic cube of voxels that its number makes."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

Floats = np.ndarray

SIZE = 32
FAMILIES = ("blobs", "grains", "platelets")
_SEED = 20261130


def medium(number: int) -> tuple[str, Floats]:
    """The family and the pores (32, 32, 32) of a medium; its preferred axes are turned at random."""
    rng = np.random.default_rng([_SEED, number])
    family = FAMILIES[number % len(FAMILIES)]
    turn = Rotation.random(random_state=int(rng.integers(2**31))).as_matrix()
    return family, _MAKERS[family](rng, turn)


def _blobs(rng: np.random.Generator, turn: Floats) -> Floats:
    """White noise, smoothed by a Gaussian with three widths, above a threshold."""
    widths = rng.uniform(1.3, 2.2) * np.exp(rng.uniform(-0.6, 0.6, 3))
    k = 2 * np.pi * np.stack(np.meshgrid(*[np.fft.fftfreq(SIZE)] * 3, indexing="ij"), axis=-1)
    damped = np.exp(-0.5 * ((k @ turn * widths) ** 2).sum(axis=-1))
    field = np.fft.ifftn(np.fft.fftn(rng.normal(size=(SIZE,) * 3)) * damped).real
    return field > np.quantile(field, 1 - rng.uniform(0.35, 0.65))


def _grains(rng: np.random.Generator, turn: Floats) -> Floats:
    """Overlapping ellipsoids of equal shape and orientation."""
    axes = rng.uniform(4.0, 5.5) * np.exp(rng.uniform(-0.5, 0.5, 3))
    return _placed(rng, rng.uniform(0.4, 0.7), lambda d: (((d @ turn) / axes) ** 2).sum(axis=-1) < 1)


def _platelets(rng: np.random.Generator, turn: Floats) -> Floats:
    """Overlapping thin discs whose normals scatter about an axis."""
    spread, thickness, radius = rng.uniform(0.05, 0.6), rng.uniform(1.0, 1.6), rng.uniform(6.0, 11.0)

    def inside(d: Floats) -> Floats:
        normal = turn[:, 2] + spread * rng.normal(size=3)
        normal /= np.linalg.norm(normal)
        along = d @ normal
        return (abs(along) < thickness) & ((d**2).sum(axis=-1) - along**2 < radius**2)

    return _placed(rng, rng.uniform(0.5, 0.8), inside)


def _placed(rng: np.random.Generator, porosity: float, inside: object) -> Floats:
    """Bodies at random places, across periodic faces, until so much is left of the pores."""
    pores = np.ones((SIZE,) * 3, dtype=bool)
    grid = np.stack(np.meshgrid(*[np.arange(SIZE)] * 3, indexing="ij"), axis=-1)
    while pores.mean() > porosity:
        offset = (grid - rng.uniform(0, SIZE, 3) + SIZE / 2) % SIZE - SIZE / 2
        pores &= ~inside(offset)  # type: ignore[operator]
    return pores


_MAKERS = {"blobs": _blobs, "grains": _grains, "platelets": _platelets}
