"""What a search needs at each scale: the window, the template in the field's own noise, and the null distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from invgen.checks import as_real, positive
from invgen.errors import InputError
from invgen.fields.backgrounds import Coordinates, Floats, coordinates_of, covariances_of, white
from invgen.fields.grids import Grid, read
from invgen.fields.local_moments import check_window
from invgen.fields.matched_coordinates import MatchedCoordinates, match
from invgen.fields.rotation_matrices import moved
from invgen.fields.rotation_nulls import Null, rotation_null
from invgen.fields.templates import Template
from invgen.fields.windows import Window


@dataclass(frozen=True, eq=False)
class Search:
    """One scale of a search.

    Attributes:
        scale: the template is looked for at this multiple of its size.
        window: of the moments of the field.
        coordinates: harmonic ones.
        covariances: of the noise in them for each l, None without noise.
        matched: the template.
        metric: <L_a t, L_b t> for the template of norm 1, (3, 3), in the plane (1, 1).
        null: of the scores of noise at one place.
    """

    scale: float
    window: Window
    coordinates: Coordinates
    covariances: dict[int, Floats] | None
    matched: MatchedCoordinates
    metric: Floats
    null: Null


def field_of(
    field: Any, template: Template, spacing: float | Sequence[float] | None, boundary: str, offset: bool
) -> Grid:
    """The field, less its mean where constants do not count, checked against the template.

    Raises:
        InputError: it does not have the dimension or the spacing of the template, is smaller, or is constant.
    """
    if not isinstance(template, Template):
        raise InputError(
            f"template is a fields.Template, got {type(template).__name__}; use fields.Template(patch, ...)"
        )
    dimensions = np.ndim(field)
    if dimensions != template.dimension:
        raise InputError(
            f"the template has {template.dimension} dimensions, the field {dimensions}; matching takes scalar fields"
        )
    given = template.spacing if spacing is None and not hasattr(field, "coords") else spacing
    grid = read(field, "scalar", given, boundary)
    if not np.allclose(grid.spacing, template.spacing, rtol=1e-6, atol=0.0):
        raise InputError(
            f"the template has voxels of {template.spacing}, the field of {grid.spacing}; resample one of them, or "
            "state the spacing of both"
        )
    if any(n > m for n, m in zip(template.shape, grid.shape, strict=True)):
        raise InputError(f"the template of shape {template.shape} is larger than the field of shape {grid.shape}")
    if grid.values.min() == grid.values.max():
        raise InputError("the field has no contrast: all its values are equal")
    if not offset:
        return grid
    values = grid.values - grid.values.mean(dtype=np.float64).astype(grid.values.dtype)
    return Grid(values, grid.spacing, grid.boundary, grid.origin)


def searches_of(grid: Grid, template: Template, scales: Sequence[float], noise: Any, offset: bool) -> list[Search]:
    """One search for each scale.

    Args:
        grid: the field.
        template: what is looked for.
        scales: positive numbers.
        noise: None to estimate it from the field, a number for the standard deviation of white noise, or a field that
            holds noise alone.
        offset: leave out what a constant field has.

    Raises:
        InputError: a scale is not positive or too small for the voxels, or the noise is none of these.
    """
    values = np.atleast_1d(np.asarray(scales, dtype=object))
    if values.ndim != 1 or not len(values):
        raise InputError(f"scales are a list of positive numbers, got {scales!r}")
    found = []
    for given in values:
        scale = positive("a scale", given)
        window = Window.hermite(template.window.scale * scale)
        check_window(grid, window)
        coordinates = coordinates_of(window, template.order, grid.spacing, offset)
        covariances = _noise(grid, template, window, coordinates, noise)
        matched = match(template.moments, coordinates, covariances)
        turns = moved(matched.template, matched.layout)
        metric = turns @ turns.T
        null = rotation_null(metric, matched.layout.size, matched.damping)
        found.append(Search(scale, window, coordinates, covariances, matched, metric, null))
    return found


def _noise(
    grid: Grid, template: Template, window: Window, coordinates: Coordinates, noise: Any
) -> dict[int, Floats] | None:
    if noise is None:
        return covariances_of(grid, window, template.order, coordinates)
    deviation = as_real(noise)
    if deviation is not None:
        if not (np.isfinite(deviation) and deviation >= 0):
            raise InputError(f"noise is a standard deviation of at least 0, got {noise!r}")
        return white(deviation**2, coordinates.layout)
    if np.ndim(noise) != grid.dimension:
        raise InputError(
            f"noise is None, a standard deviation, or a field of {grid.dimension} dimensions with noise alone, got "
            f"{type(noise).__name__}"
        )
    alone = read(noise, "scalar", grid.spacing, grid.boundary)
    return covariances_of(alone, window, template.order, coordinates, robust=False)
