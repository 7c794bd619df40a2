"""Grids of rotations without a preferred direction, the same in every run."""

from __future__ import annotations

from functools import cache
from math import ceil, pi, radians, sqrt

import numpy as np
from numpy.typing import NDArray

from invgen.checks import positive
from invgen.errors import InputError

Floats = NDArray[np.float64]
FINEST = 2.0  # degrees: 1.9 million rotations
_PSI = 1.533751168755204288118041  # the real root of x⁴ = x + 4: its multiples leave no gaps beside those of √2


@cache
def rotation_grid(angle: float, dimension: int = 3) -> Floats:
    """Unit quaternions (n, 4) that lie about `angle` degrees apart, in the plane rotations about z.

    In space n = 8π² / angle³ (in radians): the volume of all rotations, shared out in cubes. They lie on a spiral that
    winds about two circles (super-Fibonacci, Alexa 2022), and the first is not a special rotation.

    Raises:
        InputError: the angle is not positive, is below 2 degrees, or is above 60.
    """
    step = positive("the angle between rotations", angle)
    if not FINEST <= step <= 60.0:
        raise InputError(f"the angle between rotations is from {FINEST:g} to 60 degrees, got {angle!r}")
    if dimension == 2:
        half = np.arange(ceil(360.0 / step)) * (pi / ceil(360.0 / step))
        return np.stack([0 * half, 0 * half, np.sin(half), np.cos(half)], axis=-1)
    count = ceil(8.0 * pi**2 / radians(step) ** 3)
    s = np.arange(count) + 0.5
    inner, outer = np.sqrt(s / count), np.sqrt(1.0 - s / count)
    first, second = 2.0 * pi * s / sqrt(2.0), 2.0 * pi * s / _PSI
    parts = [inner * np.sin(first), inner * np.cos(first), outer * np.sin(second), outer * np.cos(second)]
    return np.stack(parts, axis=-1)
