"""The six elements of Zuo et al., J. Phys. Chem. A 124, 731 (2020), with neighbour lists, and the descriptors tried."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import invgen
from invgen.basis.basis import Basis
from invgen.basis.invariant import Invariant
from invgen.runtime import Neighbours
from invgen.structures import Batch, pair_vectors, read

ELEMENTS = ("Cu", "Ge", "Li", "Mo", "Ni", "Si")
CUTOFF = 5.0  # angstrom, all elements
DECAY = 2.0
CORRELATION = 3
SIZES = ((2, 2), (3, 2), (3, 3), (4, 3))  # n_max, l_max; each box lies in the next
SEEDS = (0, 1, 2)
ENERGY_UNIT = 0.002  # eV per atom: the error of energies that weighs as much as FORCE_UNIT
FORCE_UNIT = 0.1  # eV / angstrom
FOLDS = 5


@dataclass(frozen=True)
class Frame:
    """One structure: atomic numbers, its pairs within the cutoff, its energy (eV) and forces (eV / angstrom)."""

    species: torch.Tensor
    neighbours: Neighbours
    vectors: torch.Tensor
    energy: float
    forces: torch.Tensor

    @property
    def arguments(self) -> tuple[torch.Tensor, torch.Tensor, Neighbours]:
        """What a model takes."""
        return self.species, self.vectors, self.neighbours

    @property
    def atoms(self) -> int:
        """How many atoms there are."""
        return int(self.species.numel())


def frames(folder: Path, element: str) -> dict[str, list[Frame]]:
    """The structures of both splits, in the order of the file, with all pairs within the cutoff."""
    data = read(folder / f"{element}.npz", energy_unit="eV", length_unit="Angstrom", require=("energy", "forces"))
    found: dict[str, list[Frame]] = {"train": [], "test": []}
    for index, split in enumerate(data.labels["split"]):
        batch = Batch.from_structures([data.structure(index)], CUTOFF, dtype=torch.float64)
        energy, forces, pairs = batch.energy, batch.forces, batch.pairs
        if energy is None or forces is None or pairs is None:
            raise RuntimeError("the reader was asked for energies and forces, and the batch for pairs")
        found[str(split)].append(Frame(batch.species, pairs.neighbours, pair_vectors(batch), float(energy), forces))
    return found


def basis(size: tuple[int, int], select: str) -> Basis:
    """The descriptors of a box of channels up to correlation order 3."""
    space = invgen.TensorSpace.ace(n_max=size[0], l_max=size[1])
    return invgen.generate(space, CORRELATION, select=select)


@dataclass(frozen=True)
class Choice:
    """Which columns of the largest `linear` basis a model uses."""

    size: tuple[int, int]
    selection: str
    seed: int | None
    columns: tuple[int, ...]

    @property
    def record(self) -> dict[str, Any]:
        """For the results."""
        return {
            "n_max": self.size[0],
            "l_max": self.size[1],
            "selection": self.selection,
            "seed": self.seed,
            "descriptors": len(self.columns),
        }


def factors(member: Invariant) -> list[tuple[str, ...]]:
    """The tensors of every connected part of a contraction, sorted: which invariants a product is made of."""
    terms = list(zip(member.contraction.split(","), member.tensors, strict=True))
    parts: list[list[tuple[str, str]]] = []
    for term in terms:
        touching = [part for part in parts if any(set(term[0]) & set(other[0]) for other in part)]
        joined = [other for part in touching for other in part]
        parts = [*(part for part in parts if part not in touching), [*joined, term]]
    return [tuple(sorted(tensor for _, tensor in part)) for part in parts]


def with_products(full: Iterable[Invariant], independent: Iterable[Invariant]) -> list[Invariant]:
    """Members of `full` that are independent members or products of such.

    A product of degree 3 or less has factors of degree 1 and 2, which their tensors determine.
    """
    members = list(independent)
    texts, kept = {str(member) for member in members}, {tuple(sorted(m.tensors)) for m in members if m.degree < 3}
    return [
        each
        for each in full
        if str(each) in texts or (len(parts := factors(each)) > 1 and all(part in kept for part in parts))
    ]


def choices() -> tuple[Basis, list[Choice]]:
    """The largest basis, and of every box: all members, `independent` ones, and random ones of the same number.

    Boxes lie in each other and so do their bases, as lists of contractions: one set of columns serves all.
    `independent and products` adds those members that are products of independent ones; `random` draws from all members
    alike; `random by degree` takes as many of every degree as `independent` has.
    """
    largest = basis(SIZES[-1], "linear")
    place = {str(member): column for column, member in enumerate(largest)}
    degrees = largest.degrees
    found = []
    for size in SIZES:
        whole, chosen = basis(size, "linear"), basis(size, "independent")
        full, independent = (sorted(place[str(member)] for member in each) for each in (whole, chosen))
        products = sorted(place[str(member)] for member in with_products(whole, chosen))
        found += [
            Choice(size, "full", None, tuple(full)),
            Choice(size, "independent", None, tuple(independent)),
            Choice(size, "independent and products", None, tuple(products)),
        ]
        for seed in SEEDS:
            draw = random.Random(seed)
            found.append(Choice(size, "random", seed, tuple(sorted(draw.sample(full, len(independent))))))
            counted = [
                column
                for degree in range(1, CORRELATION + 1)
                for column in draw.sample(
                    [column for column in full if degrees[column] == degree],
                    sum(degrees[column] == degree for column in independent),
                )
            ]
            found.append(Choice(size, "random by degree", seed, tuple(sorted(counted))))
    return largest, found
