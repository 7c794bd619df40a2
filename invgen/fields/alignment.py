"""The rotation that takes one pattern to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import as_real
from invgen.errors import InputError
from invgen.fields.backgrounds import coordinates_of, white
from invgen.fields.detections import covariances_of_rotations
from invgen.fields.matched_coordinates import match
from invgen.fields.rotation_grids import rotation_grid
from invgen.fields.rotational_newton import maximise
from invgen.fields.templates import Template
from invgen.fields.windows import Window

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation


@dataclass(frozen=True, eq=False)
class Alignment:
    """How one pattern lies with respect to another.

    Attributes:
        rotation: R, with b(x) about its centre like a(R⁻¹ x).
        score: the normalised correlation of b with the turned a, between -1 and 1.
        covariance: (3, 3), of the rotation vector (radians, axes of b) of the rotation that follows R. About an axis
            that changes nothing the variance is π²/3.
        runner_up: the score of the second best separate maximum; equal to `score` where a is symmetric, NaN where none
            was found.
    """

    rotation: Rotation
    score: float
    covariance: NDArray[np.float64]
    runner_up: float


def align(
    a: Any,
    b: Any,
    window: Window | None = None,
    order: int = 6,
    angle: float = 20.0,
    noise: float | None = None,
    offset: bool = True,
) -> Alignment:
    """The rotation that takes the pattern a to the pattern b, both about their centres.

    Args:
        a: a `Template`, or an array (X, Y, Z) or (X, Y), whose centre is the voxel number shape // 2 along each axis.
        b: another.
        window: for arrays; by default a Hermite window whose scale is 0.14 of the largest side.
        order: of the moments, for arrays.
        angle: between the rotations at which the search begins, in degrees.
        noise: the standard deviation of white noise in b, a being free of it; by default estimated from what the turned
            a leaves of b. Give the root of the sum of squares where both are noisy.
        offset: leave out what a constant has.

    Raises:
        InputError: the patterns differ in dimension, window, order or spacing, or as `Template`.
    """
    from scipy.spatial.transform import Rotation

    first, second = _template(a, window, order), _template(b, window, order)
    for what in ("dimension", "window", "order"):
        if getattr(first, what) != getattr(second, what):
            raise InputError(
                f"the two patterns have the same {what}, got {getattr(first, what)} and {getattr(second, what)}"
            )
    if not np.allclose(first.spacing, second.spacing, rtol=1e-6, atol=0.0):
        raise InputError(f"the two patterns have the same spacing, got {first.spacing} and {second.spacing}")
    coordinates = coordinates_of(first.window, first.order, first.spacing, offset)
    matched = match(first.moments, coordinates, white(0.0, coordinates.layout))
    values = matched.matrix @ second.moments
    energy = float(values @ values)
    if energy <= 1e-18 * float(second.moments @ second.moments):
        raise InputError("the second pattern has no contrast: what is left without a constant is zero")
    maxima = maximise(values[None], matched.template, matched.layout, rotation_grid(angle, first.dimension))
    if noise is None:
        free = max(matched.layout.size - 4, 1)  # an amplitude and a rotation are fitted
        variance = max(energy - float(maxima.values[0]) ** 2, 0.0) / free
    else:
        deviation = as_real(noise)
        if deviation is None or not (np.isfinite(deviation) and deviation >= 0):
            raise InputError(f"noise is a standard deviation of at least 0, got {noise!r}")
        variance = deviation**2
    length = np.sqrt(energy)
    return Alignment(
        Rotation.from_quat(maxima.quaternions[0]),
        float(np.clip(maxima.values[0] / length, -1.0, 1.0)),
        covariances_of_rotations(maxima, variance)[0],
        float(np.clip(maxima.runners_up[0] / length, -1.0, 1.0)),
    )


def _template(given: Any, window: Window | None, order: int) -> Template:
    if isinstance(given, Template):
        return given
    if window is None:
        from invgen.fields.grids import read

        grid = read(given)
        window = Window.hermite(0.14 * max(n * h for n, h in zip(grid.shape, grid.spacing, strict=True)))
    return Template(given, window, order)
