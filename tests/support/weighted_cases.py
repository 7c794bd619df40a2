"""Kernels of the shared weighted contractions, their arguments, and the same as plain PyTorch."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache

import torch

import invgen
from invgen.runtime import WeightedKernel
from invgen.runtime.families.weighted import WEIGHTED
from tests.support.built_kernels import as_users_build
from tests.support.weighted_bases import SPECIES, bases_of

# What each function reads beside species, and its results.
FUNCTIONS = {
    f.name: (tuple(name for name in WEIGHTED.tensors(f) if name != "species"), f.outputs) for f in WEIGHTED.functions
}


@cache
def kernel_of(case: str, dtype: torch.dtype = torch.float64, target: str = "c") -> WeightedKernel:
    """The kernel of a case; "small" as users build it."""
    with as_users_build() if case == "small" else nullcontext():
        return invgen.compile_weighted(bases_of(case), SPECIES, target, dtype, name="a_case")


class Reference:
    """The same as a plain PyTorch function, differentiable by x and w."""

    def __init__(self, case: str) -> None:
        self.bases = bases_of(case)
        self.kernels = [invgen.compile(basis, "torch", torch.float64) for basis in self.bases]

    def __call__(self, x: torch.Tensor, w: torch.Tensor, species: torch.Tensor) -> torch.Tensor:
        parts, first = [], 0
        for basis, kernel in zip(self.bases, self.kernels, strict=True):
            values = kernel(x).unflatten(-2, (len(basis), -1))
            chosen = w[:, first : first + len(basis)][species]
            parts.append(torch.einsum("...koc,...kc->...oc", values, chosen))
            first += len(basis)
        return torch.cat(parts, -2)


def draw(kernel: WeightedKernel, shape: tuple[int, ...], channels: int, seed: int = 0) -> dict[str, torch.Tensor]:
    """Random arguments of a kernel by name, float64; the last species is left out, so that one sum is empty."""
    seeded = torch.Generator().manual_seed(seed)

    def normal(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=seeded, dtype=torch.float64)

    weights = (kernel.species, kernel.weights, channels)
    return {
        "x": normal(*shape, kernel.dimension, channels),
        "w": normal(*weights),
        "species": torch.randint(kernel.species - 1, shape, generator=seeded),
        "ybar": normal(*shape, kernel.rows, channels),
        "u": normal(*shape, kernel.dimension, channels),
        "v": normal(*weights),
    }
