"""Moments about every voxel as products of matrices, with functions of the coordinates written out once more."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial, pi, sqrt

import numpy as np
from numpy.polynomial.hermite import hermval

from invgen.fields import Window
from invgen.fields.grids import BOUNDARIES
from invgen.spaces.harmonics import monomials


def direct_moments(
    field: np.ndarray, order: int, window: Window, spacing: Sequence[float], boundary: str, reach: float = 12.0
) -> np.ndarray:
    """Moments of a scalar field in space, (X, Y, Z, moments), summed over `reach` scales to each side."""
    part = field.astype(np.float64)
    for axis, size in enumerate(spacing):
        margin = int(np.ceil(reach * window.scale / size))
        width = [(margin, margin) if other == axis else (0, 0) for other in range(part.ndim)]
        wide = np.pad(part, width, mode=BOUNDARIES[boundary])  # type: ignore[call-overload]
        offsets = (np.arange(wide.shape[axis]) - margin)[None, :] - np.arange(part.shape[axis])[:, None]
        functions = _functions(order, window, size, offsets * (size / window.scale))
        # The axis is summed; its voxels come back in its place, and the orders last.
        made = np.tensordot(wide, functions, axes=(axis, 2))
        part = np.moveaxis(made, -1, axis)
    exponents = [e for n in range(order + 1) for e in monomials(n)]
    return np.stack([part[(..., *e)] * window.entry(e) for e in exponents], axis=-1)


def _functions(order: int, window: Window, size: float, t: np.ndarray) -> np.ndarray:
    weight = np.exp(-0.5 * t * t)
    if window.kind == "gaussian":
        return np.stack([t**n * weight * size / (window.scale * sqrt(2.0 * pi)) for n in range(order + 1)])
    norms = [sqrt(2.0**n * factorial(n) * sqrt(pi) * window.scale / size) for n in range(order + 1)]
    return np.stack([hermval(t, np.eye(order + 1)[n]) * weight / norms[n] for n in range(order + 1)])
