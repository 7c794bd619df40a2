"""A small network whose atoms have tensors, for heads of tensors: moments of the neighbours' species."""

from __future__ import annotations

import torch

from invgen.compiler.convolution import compile_convolution
from invgen.nn import Bessel
from invgen.nn.elements import Elements
from invgen.runtime import Neighbours
from tests.support.network_cases import CUTOFF, SPECIES


class MomentTensors(torch.nn.Module):
    """Species, and moments of the neighbours up to rank 2: the least that heads of tensors can read."""

    convention = "e3nn_component"
    interactions = 1

    def __init__(self, channels: int = 4, dtype: torch.dtype = torch.float64, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.cutoff, self.dtype, self.elements = CUTOFF, dtype, Elements(SPECIES, dtype)
        self.tensor_irreps, self.tensor_channels = ("0e", "0e + 1o + 2e"), (len(SPECIES), channels)
        self.feature_sizes = self.tensor_channels
        self.radial = Bessel(5, CUTOFF, dtype=dtype)
        self.weights = torch.nn.Linear(5, 3 * channels, bias=False, dtype=dtype)
        self.mix = torch.nn.Linear(len(SPECIES), channels, bias=False, dtype=dtype)
        self.kernel = compile_convolution("0e", 2, convention=self.convention, dtype=dtype, target="torch")

    def tensors(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """The one-hot species, and the moments."""
        one_hot = self.elements(species)
        weights = self.weights(self.radial(vectors.norm(dim=1))).unflatten(1, (3, -1))
        return [one_hot[:, None], self.kernel(vectors, weights, self.mix(one_hot)[:, None], neighbours)]

    def features_of(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        """The rows of rank 0."""
        return [each[:, 0] for each in tensors]

    def forward(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> list[torch.Tensor]:
        """Features of both levels."""
        return self.features_of(self.tensors(species, vectors, neighbours))
