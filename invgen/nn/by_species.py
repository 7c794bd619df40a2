"""Samples sorted by species, so that each species has one matrix product."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, eq=False)
class BySpecies:
    """Samples sorted by species.

    Attributes:
        species: (samples), int64: the place of each sample's species in the list of species.
        kinds: how many species there are.
        order: the samples of species 0, then those of species 1, and so on; `species` itself where nothing is sorted.
        back: where each sample stands among them.
        counts: how many each species has; empty where nothing is sorted.
    """

    species: torch.Tensor
    kinds: int
    order: torch.Tensor
    back: torch.Tensor
    counts: tuple[int, ...]

    @classmethod
    def of(cls, species: torch.Tensor, kinds: int, sort: bool = True) -> BySpecies:
        """From the species of every sample.

        Args:
            species: (samples), int64.
            kinds: how many species there are.
            sort: whether to sort. In a graph of `torch.compile` or `torch.export` no shape may depend on values.
        """
        if not sort:
            return cls(species, kinds, species, species, ())
        order = torch.argsort(species, stable=True)
        counts = tuple(torch.bincount(species, minlength=kinds).tolist())
        return cls(species, kinds, order, torch.argsort(order), counts)
