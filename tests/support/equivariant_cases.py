"""Small structures and sizes for tests of equivariant networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from invgen.runtime import Neighbours
from invgen.structures import Batch, Structure

SPECIES, CUTOFF = (1, 6, 8), 3.0
# float64 rounding over some thousand operations on energies of order one.
ROUNDING: dict[str, Any] = {"rtol": 1e-11, "atol": 1e-11}
SMALL: dict[str, Any] = {"channels": 3, "radial_hidden": (5,), "average_neighbours": 4.0, "dtype": torch.float64}


def batch_of(dtype: torch.dtype = torch.float64, atoms: int = 6) -> Batch:
    """A cluster of six atoms and a molecule of two."""
    generator = np.random.default_rng(2)
    grid = np.array([[i, j, k] for i in range(2) for j in range(2) for k in range(2)])[:atoms]
    cluster = Structure(np.array([1, 6, 8, 1, 6, 1])[:atoms], 1.4 * grid + 0.2 * generator.standard_normal(grid.shape))
    pair = Structure(np.array([8, 1]), np.array([[0.0, 0.0, 0.0], [0.3, 0.9, 0.2]]))
    return Batch.from_structures([cluster, pair], CUTOFF, dtype=dtype)


def lists(batch: Batch) -> Neighbours:
    assert batch.pairs is not None
    return batch.pairs.neighbours
