"""The product of an equivariant network: polynomials of sums over neighbours, with weights by species and channel."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import torch

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.checks import integer
from invgen.compiler.weighted import compile_weighted
from invgen.spaces.space import TensorSpace

CONVENTION = "e3nn_component"
_POINTS = 400


@lru_cache(maxsize=32)
def equivariant_polynomials(irreps: str, outputs: tuple[str, ...], degree: int) -> tuple[Basis, ...]:
    """All equivariant polynomials of one channel up to a degree, for each irrep of the result."""
    space = TensorSpace(irreps)
    return tuple(generate(space, degree, select="linear", outputs=each, convention=CONVENTION) for each in outputs)


class SymmetricProduct(torch.nn.Module):
    """y[s, m, c] = Σ_k w[species[s], k, c] B_k,m(x[s, :, c]), B_k all equivariant polynomials up to a degree.

    The symmetric contraction of MACE (Batatia et al., arXiv:2206.07697, equations 10 and 11), in one kernel.
    Polynomials are scaled by powers of two so that y starts with a variance of about one where x has it; the scales are
    part of the state.

    Args:
        irreps_in: of the rows of x, each once.
        irreps_out: of the rows of y, each once; every one is an irrep of some polynomial.
        degree: the highest.
        species: how many there are.
        channels: of x and y.
        dtype: torch.float32 or torch.float64.
        target: of the kernel.

    Shapes:
        x (samples, rows, channels), species (samples) of int64 -> (samples, rows, channels).

    Raises:
        InputError: an argument is not allowed.
    """

    scales: torch.Tensor

    def __init__(
        self,
        irreps_in: str,
        irreps_out: tuple[str, ...],
        degree: int,
        species: int,
        channels: int,
        dtype: torch.dtype = torch.float32,
        target: str = "c",
    ) -> None:
        super().__init__()
        self.bases = equivariant_polynomials(irreps_in, irreps_out, degree)
        species = integer("the number of species", species, 1)
        self.kernel = compile_weighted(self.bases, species, target, dtype, "product")
        members = sum(map(len, self.bases))
        self.weight = torch.nn.Parameter(torch.empty(species, members, channels, dtype=dtype))
        torch.nn.init.normal_(self.weight)
        scales = [scale for basis in self.bases for scale in _scales(basis)]
        self.register_buffer("scales", torch.tensor(scales, dtype=dtype)[:, None])

    def forward(self, x: torch.Tensor, species: torch.Tensor) -> torch.Tensor:
        """The polynomials of every sample."""
        return self.kernel(x, self.weight * self.scales, species)

    def extra_repr(self) -> str:
        """The irreps and how many polynomials there are."""
        outputs = " + ".join(f"{len(basis)}x{basis.outputs}" for basis in self.bases)
        return f"{self.bases[0].space} -> {outputs}, channels={self.weight.shape[2]}"


@lru_cache(maxsize=64)
def _scales(basis: Basis) -> tuple[float, ...]:
    """The power of two next to 1 / (root mean square · √members) of each member, over normal arguments."""
    x = np.random.default_rng(0).standard_normal((_POINTS, basis.space.dimension))
    values = np.asarray(basis.evaluate(x)).reshape(_POINTS, len(basis), -1)
    sizes = np.sqrt((values**2).mean(axis=(0, 2)) * len(basis))
    return tuple(2.0 ** -round(math.log2(size)) for size in sizes)
