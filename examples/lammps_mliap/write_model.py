"""Writes a potential for LAMMPS's `pair_style mliap unified`: python write_model.py model.pkl."""

from __future__ import annotations

import sys

import torch

from invgen.interop.lammps import LammpsPotential
from invgen.nn import HIPHOPNN, Potential


def main(path: str) -> None:
    """A network for water with random weights; load a state dict here for a trained one."""
    torch.manual_seed(0)
    network = HIPHOPNN((1, 8), 4.0, l_max=2, n_max=3, features=16, dtype=torch.float64)
    potential = LammpsPotential(Potential(network))
    print(f"{potential.save(path)}: elements {' '.join(potential.element_types)}, cutoff {2 * potential.rcutfac:g}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python write_model.py model.pkl")
    main(sys.argv[1])
