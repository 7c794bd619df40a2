"""Batches and vectors of pairs on one core: what data cost beside a training step.

Aspirin (rMD17) within 6.5 Angstrom and copper (Zuo 2020) within 5, 32 frames to a batch, float32; the fastest of 50
calls in milliseconds. The vectors' numbers and gradients are compared with plain indexing before anything is timed.

    python -m benchmarks.structures [--data FOLDER]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from benchmarks.support import DATA, describe, machine, table
from invgen.structures import Batch, Dataset, pair_vectors, read

SETS = (
    ("aspirin", "rmd17/rmd17_aspirin_train_01.npz", "kcal/mol", 6.5),
    ("copper", "zuo2020/Cu.npz", "eV", 5.0),
)
FRAMES = 32


def fastest(call: Callable[[], Any], repeats: int = 50) -> float:
    """Milliseconds of the fastest call."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times) * 1e3


def shift_vectors(batch: Batch) -> torch.Tensor | float:
    """What plain indexing adds for periodic images."""
    assert batch.pairs is not None
    if batch.pairs.shifts is None:
        return 0.0
    owners = batch.structure[batch.pairs.neighbours.receivers]
    return torch.einsum("pa,pab->pb", batch.pairs.shifts.to(batch.cell.dtype), batch.cell[owners])


def measure(path: Path, energy_unit: str, cutoff: float) -> dict[str, str]:
    """One row of the table."""
    frames = read(path, energy_unit=energy_unit, length_unit="Angstrom")
    dataset = Dataset(frames, cutoff, dtype=torch.float32)
    start = perf_counter()
    dataset.prepare()
    search = (perf_counter() - start) / len(frames) * 1e3
    batch = dataset.batch(range(FRAMES))
    assert batch.pairs is not None
    lists, images = batch.pairs.neighbours, shift_vectors(batch)
    positions = batch.positions.clone().requires_grad_(True)
    strain = torch.zeros_like(batch.cell).requires_grad_(True)
    weights = torch.randn(lists.pairs, 3)

    def ours() -> torch.Tensor:
        return torch.autograd.grad(pair_vectors(batch, positions=positions), positions, weights)[0]

    def with_strain() -> tuple[torch.Tensor, ...]:
        vectors = pair_vectors(batch, positions=positions, strain=strain)
        return torch.autograd.grad(vectors, (positions, strain), weights)

    def plain() -> torch.Tensor:
        vectors = positions[lists.index] - positions[lists.receivers] + images
        return torch.autograd.grad(vectors, positions, weights)[0]

    # Sums of some hundred float32 numbers of order one, in another order.
    torch.testing.assert_close(ours(), plain(), rtol=0, atol=1e-3)
    return {
        "atoms": f"{batch.atoms}",
        "pairs": f"{lists.pairs}",
        "search per frame, once": f"{search:.2f}",
        "batch": f"{fastest(lambda: dataset.batch(range(FRAMES))):.2f}",
        "vectors and gradient": f"{fastest(ours):.2f}",
        "with strain": f"{fastest(with_strain):.2f}",
        "plain indexing": f"{fastest(plain):.2f}",
        "pairs kept, MB": f"{dataset.nbytes / 1e6:.1f}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="batches and vectors of pairs on one core")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of data sets")
    folder = parser.parse_args().data
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows = [{"": name, **measure(folder / path, unit, cutoff)} for name, path, unit, cutoff in SETS]
    print(describe(machine()))
    print(table(list(rows[0]), [list(row.values()) for row in rows]))


if __name__ == "__main__":
    main()
