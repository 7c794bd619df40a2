"""Peaks: at the faces too, one for each plateau, apart by a distance in physical units."""

from __future__ import annotations

import numpy as np

from invgen.fields.peaks import peaks_of


def test_peaks_at_faces_and_corners_count() -> None:
    values = np.zeros((9, 9, 9))
    values[0, 0, 0], values[4, 8, 4] = 1.0, 2.0
    assert peaks_of(values, (1, 1, 1), 2.0, 0.0).tolist() == [[4, 8, 4], [0, 0, 0]]


def test_distances_are_in_units_of_the_spacing() -> None:
    values = np.zeros((11, 11))
    values[5, 3], values[5, 7], values[1, 3] = 3.0, 2.0, 1.0
    assert len(peaks_of(values, (1.0, 1.0), 3.5, 0.0)) == 3
    assert peaks_of(values, (1.0, 0.5), 3.5, 0.0).tolist() == [[5, 3], [1, 3]]
    assert peaks_of(values, (0.5, 1.0), 3.5, 0.0).tolist() == [[5, 3], [5, 7]]


def test_a_plateau_is_one_peak_and_none_is_an_empty_array() -> None:
    values = np.zeros((7, 7))
    values[2:4, 2:4] = 1.0
    assert peaks_of(values, (1.0, 1.0), 3.0, 0.0).tolist() == [[2, 2]]
    assert peaks_of(np.zeros((4, 4)), (1.0, 1.0), 1.0, 0.0).shape == (0, 2)
    assert peaks_of(np.ones((4, 4)), (1.0, 1.0), 9.0, 0.0).tolist() == [[0, 0]]
