"""Peaks of a map: local maxima that are a distance apart, measured in the units of the spacing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def peaks_of(values: NDArray[Any], spacing: Sequence[float], min_distance: float, least: float) -> NDArray[np.int64]:
    """The voxels (n, dimension) of the maxima above `least`, the highest first.

    A maximum is not exceeded by its neighbours, those at the faces included. From the highest on, each maximum removes
    those that are nearer than `min_distance`. Of equal ones the first in the order of the array stays.
    """
    from scipy.spatial import cKDTree
    from skimage.feature import peak_local_max

    if not (values > least).any():
        return np.empty((0, values.ndim), dtype=np.int64)
    # A map with one value has no maximum for scikit-image; a border below all values gives it one.
    padded = np.pad(values, 1, constant_values=least)
    found = peak_local_max(padded, min_distance=1, threshold_abs=least, exclude_border=False) - 1
    flat = np.ravel_multi_index(tuple(found.T), values.shape)
    heights = values[tuple(found.T)]
    found = found[np.lexsort((flat, -heights))]
    places = found * np.asarray(spacing, dtype=np.float64)
    tree = cKDTree(places)
    kept = np.ones(len(found), dtype=bool)
    for i, place in enumerate(places):
        if kept[i]:
            # Distances below the limit by more than rounding.
            near = np.array(tree.query_ball_point(place, min_distance * (1.0 - 1e-9)), dtype=np.int64)
            kept[near[near > i]] = False
    result: NDArray[np.int64] = found[kept].astype(np.int64)
    return result
