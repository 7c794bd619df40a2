"""ACE as a network of `Potential`: energies of atoms from descriptors of one scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from invgen.basis.basis import Basis
from invgen.nn.ace import ACE
from invgen.nn.ace_readouts import LinearReadout, NetworkReadout
from invgen.nn.chebyshev import Chebyshev
from invgen.nn.heads import AtomEnergies
from invgen.nn.kernels import KeepsDtype
from invgen.runtime import Neighbours
from invgen.structures import Batch, Dataset, pair_vectors

_SAMPLE = 200  # frames whose descriptors give mean and scale


class ACENetwork(KeepsDtype):
    """The energy of each atom as its one feature, linear in (B - mean) / scale or a small network of that.

    Descriptors of degree 1 and 4 differ by orders of magnitude, and gradient descent needs them alike; `standardise`
    takes mean and scale from data. They are saved with the weights.

    Args:
        basis: of channels (n, l), as `ACE` takes it.
        elements: atomic numbers, rising.
        cutoff: Angstrom.
        n_radial: Chebyshev functions.
        hidden: widths of the network; linear if empty.
        dtype: torch.float32 or torch.float64.
        target: of the kernels.
    """

    mean: torch.Tensor
    scale: torch.Tensor

    interactions = 1

    def __init__(
        self,
        basis: Basis,
        elements: Sequence[int],
        cutoff: float,
        n_radial: int,
        hidden: Sequence[int],
        dtype: torch.dtype,
        target: str,
    ) -> None:
        super().__init__()
        self.cutoff, self.dtype, self.feature_sizes, self.basis = cutoff, dtype, (1,), basis
        self.elements = tuple(elements)
        count, members = len(elements), len(basis)
        readout = NetworkReadout(count, members, hidden, dtype) if hidden else LinearReadout(count, members, dtype)
        self.ace = ACE(basis, elements, Chebyshev(n_radial, cutoff), readout, dtype, target)
        self.register_buffer("mean", torch.zeros(members, dtype=dtype))
        self.register_buffer("scale", torch.ones(members, dtype=dtype))

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """The energies (atoms, 1)."""
        descriptors = (self.ace.descriptors(species, vectors, neighbours) - self.mean) / self.scale
        return [self.ace.readout(descriptors, self.ace.element(species))[:, None]]

    @torch.no_grad()
    def standardise(self, dataset: Dataset) -> None:
        """Take mean and standard deviation of descriptors over at most 200 frames; constants keep the scale 1."""
        found = []
        for frame in range(min(_SAMPLE, len(dataset))):
            batch = dataset.batch([frame])
            found.append(self._descriptors(batch).double())
        descriptors = torch.cat(found)
        deviation = descriptors.std(0, correction=0)
        self.mean.copy_(descriptors.mean(0))
        self.scale.copy_(torch.where(deviation > 0, deviation, 1.0))

    def _descriptors(self, batch: Batch) -> torch.Tensor:
        pairs: Any = batch.pairs
        return self.ace.descriptors(batch.species, pair_vectors(batch), pairs.neighbours)


class OneEnergy(torch.nn.Module):
    """The head of a network whose one feature is the energy."""

    def forward(self, features: Sequence[torch.Tensor]) -> AtomEnergies:
        """The energies of atoms."""
        return AtomEnergies(features[0][:, 0], features[0])
