"""Scenes for matching: turned copies of a ball of a protein's density among other balls, in white or coloured noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.support import DATA

RADIUS = 9.0  # voxels
CENTRE = (34.0, 25.0, 33.0)  # of the template in ironprot_68: where the smoothed density is greatest
APART = 17.0  # voxels between the centres of two objects, at least
CORRELATION = 0.5  # sigma of the Gaussian that colours noise, in voxels


@dataclass(frozen=True)
class Scene:
    """A field without noise.

    Attributes:
        field: (n, n, n).
        targets: (k, 3) places of the copies, in voxels with fractions.
        rotations: (k, 3, 3) of the copies.
        distractors: (m, 3).
    """

    field: np.ndarray
    targets: np.ndarray
    rotations: np.ndarray
    distractors: np.ndarray


def volumes() -> dict[str, np.ndarray] | None:
    """The two densities in units of their greatest value; None where they are not here."""
    folder = DATA / "volumes_vtk"
    if not (folder / "ironprot_68.npz").is_file():
        return None
    found = {}
    for name in ("ironprot_68", "neghip_66"):
        with np.load(folder / f"{name}.npz") as file:
            found[name] = file["density"].astype(np.float64) / 255.0
    return found


def ball(volume: np.ndarray, centre: Any, matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The density about a centre, turned, at points (..., 3) about it: mean 0 and root mean square 1 in a soft ball."""
    from scipy.ndimage import map_coordinates

    places = points @ matrix + np.asarray(centre)  # the copy at x shows what was at R^-1 x
    values = map_coordinates(volume, np.moveaxis(places, -1, 0), order=3, mode="constant")
    weight = np.clip(RADIUS + 0.5 - np.linalg.norm(points, axis=-1), 0.0, 1.0)
    values = (values - (values * weight).sum() / weight.sum()) * weight
    return values * np.sqrt(weight.sum() / (values**2).sum())


def cube(shift: np.ndarray) -> np.ndarray:
    """Points of the voxels about an object whose centre is off the middle voxel by `shift`."""
    reach = int(RADIUS) + 2
    axis = np.arange(-reach, reach + 1, dtype=np.float64)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1) - shift


def template(data: dict[str, np.ndarray]) -> np.ndarray:
    """The ball that is looked for, (23, 23, 23)."""
    return ball(data["ironprot_68"], CENTRE, np.eye(3), cube(np.zeros(3)))


def places(size: int, count: int, generator: np.random.Generator) -> np.ndarray:
    """Centres that are apart and inside the field."""
    margin, found = RADIUS + 2.0, []
    for _ in range(100_000):
        new = generator.uniform(margin, size - 1 - margin, size=3)
        if all(np.linalg.norm(new - old) >= APART for old in found):
            found.append(new)
        if len(found) == count:
            return np.array(found)
    raise ValueError(f"{count} objects do not fit into {size} voxels along each axis")


def scene(
    data: dict[str, np.ndarray], size: int, targets: int, distractors: int, generator: np.random.Generator
) -> Scene:
    """Copies of the template and as many distractors, each a ball of other density, all with unit contrast."""
    from scipy.spatial.transform import Rotation

    field = np.zeros((size, size, size))
    centres = places(size, targets + distractors, generator)
    rotations = Rotation.random(len(centres), random_state=int(generator.integers(2**31))).as_matrix()
    for i, (centre, matrix) in enumerate(zip(centres, rotations)):
        name, source = "ironprot_68", np.array(CENTRE)
        if i >= targets:
            name = ("neghip_66", "ironprot_68")[i % 2]
            source = _elsewhere(data[name], name, generator)
        middle = np.rint(centre).astype(int)
        values = ball(data[name], source, matrix, cube(centre - middle))
        reach = values.shape[0] // 2
        lows, highs = np.maximum(middle - reach, 0), np.minimum(middle + reach + 1, size)
        inside = tuple(slice(a - m + reach, b - m + reach) for a, b, m in zip(lows, highs, middle))
        field[tuple(map(slice, lows, highs))] += values[inside]
    return Scene(field, centres[:targets], rotations[:targets], centres[targets:])


def _elsewhere(volume: np.ndarray, name: str, generator: np.random.Generator) -> np.ndarray:
    """A place with density about it, in the protein of the template at least a radius away from it."""
    from scipy.ndimage import gaussian_filter

    dense = gaussian_filter(volume, 3.0)
    while True:
        found = generator.uniform(12.0, np.array(volume.shape) - 13.0)
        if dense[tuple(np.rint(found).astype(int))] < np.quantile(dense, 0.8):
            continue
        if name != "ironprot_68" or np.linalg.norm(found - np.array(CENTRE)) > RADIUS:
            return found


def noise(size: int, coloured: bool, generator: np.random.Generator) -> np.ndarray:
    """Noise of unit variance, white or smoothed by a Gaussian."""
    values = generator.normal(size=(size, size, size))
    if not coloured:
        return values
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(values, CORRELATION, mode="wrap")
    return smooth / smooth.std()
