"""A training step of `nn.MACE` on small molecules, with radial networks on every pair and on knots.

Eight frames of ethanol and of aspirin (rMD17), pairs within 5 Angstrom, messages 0e + 1o + 2e, two layers, correlation
3, float32, one thread. A step is energies, forces, a loss of both and its gradients by all parameters, without the
optimiser. Networks of one system take turns in one process; times are the least of several turns, of the processor.

    python -m benchmarks.equivariant [--data FOLDER] [--channels 32 64] [--knots 128 256] [--rounds 30]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.accelerated import least
from benchmarks.networks import SPECIES, batch_of
from benchmarks.support import DATA, describe, machine, table
from invgen.nn import MACE, Potential
from invgen.structures import Batch

FRAMES, CUTOFF = 8, 5.0
SYSTEMS = ("ethanol", "aspirin")


def step_of(batch: Batch, channels: int, knots: int | None) -> Callable[[], None]:
    """One training step without the optimiser."""
    torch.manual_seed(0)
    network = MACE(SPECIES, CUTOFF, messages="0e + 1o + 2e", channels=channels, tables=knots)
    potential = Potential(network)

    def step() -> None:
        potential.zero_grad(set_to_none=True)
        found = potential(batch)
        energies, forces = found.energy - batch.energy, found.forces - batch.forces
        (energies.square().mean() + 10 * forces.square().mean()).backward()

    return step


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--channels", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--knots", type=int, nargs="+", default=[128, 256])
    parser.add_argument("--rounds", type=int, default=30)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(describe(machine()))
    names = ["every pair", *(f"{knots} knots" for knots in arguments.knots)]
    rows = []
    for system in SYSTEMS:
        batch = batch_of(arguments.data, FRAMES, f"rmd17/rmd17_{system}_train_01.npz", CUTOFF)
        pairs = 0 if batch.pairs is None else batch.pairs.neighbours.index.numel()
        for channels in arguments.channels:
            chosen = zip(names, (None, *arguments.knots), strict=True)
            times = least({name: step_of(batch, channels, knots) for name, knots in chosen}, arguments.rounds)
            cells = [f"{times[name]:.1f}" for name in names]
            rows.append([system, str(batch.atoms), str(pairs), str(channels), *cells])
    print(table(["molecule", "atoms", "pairs", "channels", *(f"{name}, ms" for name in names)], rows))


if __name__ == "__main__":
    main()
