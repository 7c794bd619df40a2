"""Transformed distances follow their law, and radial functions read them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch

from invgen.nn import Agnesi, Bessel
from tests.support.equivariant_cases import CUTOFF, ROUNDING


def test_agnesi_goes_from_one_at_contact_to_zero_and_depends_on_both_elements() -> None:
    transform = Agnesi((1, 8), dtype=torch.float64)
    distances = torch.linspace(0.05, 12.0, 60, dtype=torch.float64)
    found = []
    for pair in ((0, 0), (0, 1), (1, 0), (1, 1)):
        found.append(transform(distances, *(torch.full((60,), place) for place in pair)))
        assert (found[-1].diff() < 0).all() and found[-1][0] > 0.999 and found[-1][-1] < 0.2
    torch.testing.assert_close(found[1], found[2], rtol=0, atol=0)
    for smaller, larger in pairwise((found[0], found[1], found[3])):
        assert (smaller < larger)[5:].all()  # smaller atoms, larger relative distances
    radii = np.array([0.31, 0.66])
    s = distances.numpy() / radii.mean()
    wanted = 1 / (1 + 1.0805 * s**0.9183 / (1 + s ** (0.9183 - 4.5791)))
    torch.testing.assert_close(found[1], torch.from_numpy(wanted), **ROUNDING)


def test_bessel_functions_of_equal_distances_are_those_of_the_distance() -> None:
    radial, distances = Bessel(4, CUTOFF, dtype=torch.float64), torch.linspace(0.3, 4.0, 9, dtype=torch.float64)
    assert torch.equal(radial(distances, distances), radial(distances))
    # The envelope is that of the distance.
    assert radial(distances, distances / 4)[distances > CUTOFF].abs().max() == 0
