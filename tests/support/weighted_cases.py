"""Weighted contractions that their tests share, and what they must give: from `Basis.evaluate` and einsum alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.runtime import WeightedKernel

SPECIES = 3
# (space, max_degree, outputs, convention); the first is small enough for finite differences.
CASES = {
    "small": ("0e + 1o", 2, ("0e", "1o"), "sphericart"),
    "cubic": ("1o + 2e", 3, ("0e", "1o"), "e3nn_component"),
}

Array = NDArray[Any]


@cache
def bases_of(case: str) -> tuple[Basis, ...]:
    """The bases of a case."""
    space, degree, outputs, convention = CASES[case]
    given = [TensorSpace(space), degree]
    return tuple(generate(*given, select="linear", outputs=o, convention=convention) for o in outputs)


@cache
def kernel_of(case: str, dtype: torch.dtype = torch.float64, target: str = "c") -> WeightedKernel:
    """The kernel of a case."""
    return invgen.compile_weighted(bases_of(case), SPECIES, target, dtype, name="a_case")


def weighted(bases: tuple[Basis, ...], x: Array, w: Array, species: Array) -> Array:
    """y by the definition, with all values of the bases stored; arguments as those of the kernel."""
    parts, first = [], 0
    for basis in bases:
        values = basis.evaluate(np.moveaxis(x, -2, -1)).reshape(*x.shape[:-2], x.shape[-1], len(basis), -1)
        chosen = w[species][..., first : first + len(basis), :]
        parts.append(np.einsum("...cko,...kc->...oc", values, chosen))
        first += len(basis)
    return np.concatenate(parts, axis=-2)


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
