"""Kernels with radial tables and arguments for them, and the definition that they are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

import invgen
from invgen.runtime import ConvolutionKernel, Neighbours, TabulatedKernel
from invgen.runtime.splines import sums_at
from tests.support.moments_cases import neighbours_of

# Vectors of random pairs are between 0.5 and 3 long: some are before the first knot, and some beyond the last.
SPAN = (0.7, 2.5)
KNOTS = 9


@dataclass(frozen=True)
class TabulatedCase:
    """A kernel with arguments; calling it with other tensors gives the sums of those.

    Attributes:
        kernel: what is tested.
        given: the convolution of the same paths whose weights are given, in plain PyTorch.
        neighbours: the pairs.
        tensors: vectors, table, features.
        kinds: of the pairs, or None.
    """

    kernel: TabulatedKernel
    given: ConvolutionKernel
    neighbours: Neighbours
    tensors: tuple[torch.Tensor, ...]
    kinds: torch.Tensor | None

    def __call__(self, *tensors: torch.Tensor) -> torch.Tensor:
        return self.kernel(*tensors, self.neighbours, self.kinds)

    def naive(self, vectors: torch.Tensor, table: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """The definition: weights of every pair, then the convolution of given weights."""
        low, high = self.kernel.span
        intervals = self.kernel.spec.knots - 1
        place = ((vectors.norm(dim=1) - low) * (intervals / (high - low))).clamp(0, intervals)
        knot = place.detach().floor().clamp(max=intervals - 1)
        factors = sums_at(place - knot)[0][..., None, None]
        row = knot.long() + (0 if self.kinds is None else self.kinds * self.kernel.table_rows)
        weights = table[:, :, 0].flatten(0, 1)[row]
        for k in range(3):
            weights = weights + factors[:, k] * table[:, :, 1].flatten(0, 1)[row + k]
        return self.given(vectors, weights, features, self.neighbours)


def case(
    irreps: str = "0e + 1o",
    l_max: int = 1,
    channels: int = 5,
    neighbours: Neighbours | None = None,
    tables: int = 1,
    **options: Any,
) -> TabulatedCase:
    """A kernel with arguments of its own; without other options it is of float64."""
    neighbours = neighbours_of() if neighbours is None else neighbours
    own = {"dtype": torch.float64, **options}
    shape = {"knots": own.pop("knots", KNOTS), "span": own.pop("span", SPAN)}
    kernel = invgen.compile_convolution(irreps, l_max, radial="table", **shape, **own)
    given = invgen.compile_convolution(irreps, l_max, **{**own, "dtype": torch.float64, "target": "torch"})
    generator = torch.Generator().manual_seed(1)

    def draw(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=generator, dtype=torch.float64).to(kernel.dtype)

    tensors = (
        draw(neighbours.pairs, 3),
        draw(tables, kernel.table_rows, 2, kernel.weights, channels),
        draw(neighbours.sources, kernel.dimension, channels),
    )
    kinds = None if tables == 1 else torch.randint(0, tables, (neighbours.pairs,), generator=generator)
    return TabulatedCase(kernel, given, neighbours, tensors, kinds)
