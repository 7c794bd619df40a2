"""Small multi-element structures and networks for tests, and hippynn's networks with the same weights."""

from __future__ import annotations

from typing import Any

import ase.build
import numpy as np
import torch

from invgen.nn import HIPHOPNN, HIPNN, HIPNNTS, Potential
from invgen.structures import Batch, Structure

SPECIES = (1, 6, 8)
CUTOFF = 5.0
SIZES: dict[str, Any] = {
    "features": 8,
    "interactions": 2,
    "atom_layers": 2,
    "sensitivities": 5,
    "soft_min": 0.7,
    "soft_max": 4.0,
}
NETWORKS: dict[str, tuple[Any, dict[str, Any]]] = {
    "HIP-NN": (HIPNN, {}),
    "HIP-NN-TS 1": (HIPNNTS, {"l_max": 1}),
    "HIP-NN-TS 2": (HIPNNTS, {"l_max": 2}),
    "HIP-HOP 2,3": (HIPHOPNN, {"l_max": 2, "n_max": 3}),
    "HIP-HOP 3,4": (HIPHOPNN, {"l_max": 3, "n_max": 4}),
}


def molecules(seed: int = 0) -> list[Structure]:
    """Molecules of H, C and O from ASE, shaken by 0.05 Angstrom so that nothing is symmetric."""
    generator = np.random.default_rng(seed)
    result = []
    for name in ("CH3CH2OH", "H2O", "C6H6", "CH4"):
        atoms = ase.build.molecule(name)
        atoms.positions += generator.normal(scale=0.05, size=atoms.positions.shape)
        result.append(Structure.from_ase(atoms))
    return result


def batch_of(structures: list[Structure] | None = None, dtype: torch.dtype = torch.float64) -> Batch:
    """The structures, `molecules()` by default, with their pairs."""
    return Batch.from_structures(molecules() if structures is None else structures, CUTOFF, dtype=dtype)


def network(name: str, dtype: torch.dtype = torch.float64, seed: int = 0, **options: Any) -> Any:
    """A small network by name."""
    torch.manual_seed(seed)
    kind, own = NETWORKS[name]
    return kind(SPECIES, CUTOFF, **{**SIZES, **own, "dtype": dtype, **options})


def potential(name: str, dtype: torch.dtype = torch.float64, seed: int = 0, **options: Any) -> Potential:
    """A small potential by name, in evaluation mode."""
    made = Potential(network(name, dtype, seed, **options)).eval()
    with torch.no_grad():
        made.energy.levels[0].weight.copy_(torch.tensor([[-0.5, -1.5, 2.5]]))
    return made
