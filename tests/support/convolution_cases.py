"""Kernels of convolutions with arguments, and the definition that they are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

import invgen
from invgen.ir.harmonics import harmonics_program
from invgen.ir.tensor_products import coefficients
from invgen.runtime import ConvolutionKernel, Neighbours
from invgen.spaces.irreps import parse_unnamed
from tests.support.moments_cases import neighbours_of

SMALL = "0e + 1o"
# Multiplicities that differ, and both parities of one rank.
MIXED = "2x0e + 1o + 3x1e"

Terms = list[tuple[int, int, int]]
Route = tuple[int, int, int, int]


@dataclass(frozen=True)
class ConvolutionCase:
    """A kernel and arguments for it; calling it with other tensors gives the sums of those.

    Attributes:
        kernel: what is tested.
        neighbours: the pairs.
        tensors: vectors or harmonics, weights, features.
        sources: multiplicity, rank and parity of every irrep of the features.
        harmonics: those of the harmonics.
        routes: for each path the numbers of its features and harmonics, and the rank and parity of its messages.
        factors: of the paths.
    """

    kernel: ConvolutionKernel
    neighbours: Neighbours
    tensors: tuple[torch.Tensor, ...]
    sources: Terms
    harmonics: Terms
    routes: list[Route]
    factors: list[float]

    def __call__(self, *tensors: torch.Tensor) -> torch.Tensor:
        return self.kernel(*tensors, self.neighbours)

    def naive(self, vectors: torch.Tensor, weights: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """The definition: dense couplings, one message for each pair and path."""
        angular = self._angular(vectors)
        read = features[self.neighbours.index]
        messages: dict[tuple[int, int], list[torch.Tensor]] = {}
        row = 0
        for (s, h, l, parity), factor in zip(self.routes, self.factors, strict=True):
            copies, rank, _ = self.sources[s]
            x = read[:, first_row(self.sources, s) :][:, : (2 * rank + 1) * copies].unflatten(1, (-1, copies))
            other = self.harmonics[h][1]
            y = angular[:, first_row(self.harmonics, h) :][:, : 2 * other + 1]
            k = factor * dense(rank, other, l, features.dtype)
            w = weights[:, row : row + copies]
            messages.setdefault((l, -parity), []).append(torch.einsum("mnj,pnuc,pj,puc->pmuc", k, x, y, w))
            row += copies
        terms = torch.cat([torch.cat(messages[key], 2).flatten(1, 2) for key in sorted(messages)], 1)
        sums = terms.new_zeros(self.neighbours.atoms, *terms.shape[1:])
        return sums.index_add(0, self.neighbours.receivers, terms)

    def _angular(self, vectors: torch.Tensor) -> torch.Tensor:
        if self.kernel.angular == "given":
            return vectors
        if self.kernel.angular == "unit":
            vectors = vectors / vectors.norm(dim=1, keepdim=True)
        program = harmonics_program(len(self.harmonics) - 1, self.kernel.convention, solid=True)
        rows = program.evaluate({"x": list(vectors.unbind(1))})["y"]
        return torch.stack([row + 0 * vectors[:, 0] for row in rows], 1)


def first_row(terms: Terms, number: int) -> int:
    """Where an irrep begins in an array of all."""
    return sum(copies * (2 * l + 1) for copies, l, _ in terms[:number])


def dense(a: int, b: int, c: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """The coupling as an array [m, n, j]."""
    found = torch.zeros(2 * c + 1, 2 * a + 1, 2 * b + 1, dtype=dtype)
    for m, n, j, value in coefficients(a, b, c):
        found[m, n, j] = value.round()
    return found


def all_routes(sources: Terms, harmonics: Terms, kept: set[tuple[int, int]]) -> list[Route]:
    """All paths to irreps that are kept: by rank, even before odd, then by features, then by harmonics."""
    highest = max(l for _, l, _ in harmonics)
    found = []
    for l in range(highest + 1):
        for parity in (1, -1):
            for s, (_, a, p) in enumerate(sources):
                for h, (_, b, q) in enumerate(harmonics):
                    if (l, parity) in kept and p * q == parity and abs(a - b) <= l <= a + b:
                        found.append((s, h, l, parity))
    return found


def case(
    irreps: str = SMALL,
    l_max: int | None = 1,
    channels: int = 5,
    neighbours: Neighbours | None = None,
    seed: int = 1,
    **options: Any,
) -> ConvolutionCase:
    """A kernel with arguments of its own; without other options it is of float64."""
    neighbours = neighbours_of() if neighbours is None else neighbours
    kernel = invgen.compile_convolution(irreps, l_max, **{"dtype": torch.float64, **options})
    given = options.get("harmonics")
    sources = list(parse_unnamed(irreps))
    harmonics = [(1, l, (-1) ** l) for l in range(l_max + 1)] if l_max is not None else list(parse_unnamed(given))
    if "paths" in options:
        routes = [(s, h, l, parity) for s, h, irrep in options["paths"] for _, l, parity in parse_unnamed(irrep)]
    else:
        every = {(l, parity) for l in range(max(l for _, l, _ in harmonics) + 1) for parity in (1, -1)}
        kept = {(l, p) for _, l, p in parse_unnamed(options["irreps_out"])} if "irreps_out" in options else every
        routes = all_routes(sources, harmonics, kept)
    factors = [float(factor) for factor in options.get("factors", [1.0] * len(routes))]
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(kernel.dtype)

    tensors = (
        draw(neighbours.pairs, 3 if given is None else first_row(harmonics, len(harmonics))),
        draw(neighbours.pairs, sum(sources[s][0] for s, *_ in routes), channels),
        draw(neighbours.sources, first_row(sources, len(sources)), channels),
    )
    return ConvolutionCase(kernel, neighbours, tensors, sources, harmonics, routes, factors)
