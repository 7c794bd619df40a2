"""Where moments are taken, and how: about every voxel, about points, or once of the whole field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.errors import InputError
from invgen.fields import balls, normalisation
from invgen.fields.grids import Grid
from invgen.fields.point_moments import (
    at_points,
    centroid,
    check_windows_hold_something,
    in_voxels,
    read_points,
    whole,
)
from invgen.fields.slabs import exponents_of, moments_everywhere
from invgen.fields.windows import Floats, Window

Array = NDArray[Any]


@dataclass(frozen=True)
class Place:
    """Where moments are taken.

    Attributes:
        kind: "every", "points" or "whole".
        points: (n, 3) or (n, 2); of a whole field its centre, one point; none of every voxel.
    """

    kind: str
    points: Floats

    @classmethod
    def read(cls, at: Any, grid: Grid) -> Place:
        """What a user calls `at`; `InputError` if it is none of the allowed."""
        if not isinstance(at, str):
            return cls("points", read_points(at, grid))
        if at == "every":
            return cls("every", np.empty((0, grid.dimension)))
        if at == "whole":
            return cls("whole", np.zeros((1, grid.dimension)))
        raise InputError(f'at is "every", "whole" or an array of points, got {at!r}')

    def centred(self, grid: Grid, names: Sequence[str], windowed: bool) -> Place:
        """The place after "translation" moved the centre of a whole field to its centroid."""
        if self.kind != "whole":
            return self
        if "translation" in names:
            return Place("whole", centroid(grid)[None])
        if windowed:
            raise InputError(
                'at="whole" with a window needs normalise="translation", which places the window at the centroid; give '
                "no window for geometric moments, or the place of the window as at=[(x, y, z)]"
            )
        return self


@dataclass(frozen=True)
class MomentsRecipe:
    """How moments under one window are made, of a field or of its mask.

    Attributes:
        order: the highest order.
        window: the weights, or none for a whole field.
        place: where.
        threads: how many.
    """

    order: int
    window: Window | None
    place: Place
    threads: int | None

    def make(self, grid: Grid, transformed: balls.Transformed | None, out: Array | None = None) -> Array:
        """The moments, (X, Y, Z, dim), (n, dim) or (dim,), freed of nothing.

        Args:
            grid: the field.
            transformed: its spectrum, if the window is a ball.
            out: memory for those of every voxel under a Gaussian window.
        """
        points, window = self.place.points, self.window
        if window is None:
            return whole(grid, self.order, points[0])
        if self.place.kind == "every":
            if transformed is not None:
                return balls.ball_everywhere(transformed, self.order, window, self.threads)
            return moments_everywhere(grid, self.order, window, self.threads, out)
        if grid.weights is not None:
            check_windows_hold_something(grid, window, points)
        if transformed is not None:
            found = balls.ball_at_points(transformed, self.order, window, in_voxels(points, grid))
        else:
            found = at_points(grid, self.order, window, points)
        return found[0] if self.place.kind == "whole" else found

    def of_ones(self, grid: Grid) -> Array:
        """The moments of the constant 1 inside the field, (moments,) or (..., moments) where they differ by place."""
        window = self.window
        assert window is not None  # an offset goes with windows
        exponents = exponents_of(self.order, grid.dimension)
        if grid.weights is None and grid.boundary != "zero":
            return constant(grid, self.order, window).astype(grid.values.dtype)
        mask = grid.mask
        transformed = balls.Transformed.of(mask, [window], self.threads) if window.is_ball else None
        found = self.make(mask, transformed)
        return found.reshape(*found.shape[:-1], len(exponents))

    def normalised(self, made: Array, grid: Grid, names: Sequence[str]) -> Array:
        """Moments freed of what the names say."""
        if not names:
            return made
        exponents = exponents_of(self.order, grid.dimension)
        found = made.reshape(*made.shape[:-1], len(exponents), grid.values.shape[-1])
        if "translation" in names and self.place.kind == "points":
            found = normalisation.about_centroid(found[..., 0], exponents)[..., None]
        if "scale" in names:
            found = normalisation.in_own_units(found[..., 0], exponents)[..., None]
        before = normalisation.norms(found, exponents) if "contrast" in names else found
        if "offset" in names:
            found = normalisation.without_offset(found, self.of_ones(grid), exponents)
        if "contrast" in names:
            if self.window is not None:
                normalisation.check_contrast(grid)
            found = normalisation.of_unit_norm(found, exponents, before, self.place.kind != "every")
        return found.reshape(made.shape)


def constant(grid: Grid, order: int, window: Window) -> Floats:
    """The moments of a field of ones without faces, (moments,)."""
    if window.is_ball:
        return balls.ball_constant(order, window, grid.dimension)
    sums = [window.rows(order, size).sum(axis=1) for size in grid.spacing]
    return np.array(
        [
            window.entry(e) * np.prod([s[k] for s, k in zip(sums, e, strict=True)])
            for e in exponents_of(order, grid.dimension)
        ]
    )
