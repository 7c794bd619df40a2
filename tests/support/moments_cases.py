"""Kernels of moments with arguments, the definition that they are held against, and derivatives of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

import invgen
from invgen.ir.harmonics import harmonics_program
from invgen.runtime import MomentsKernel, Neighbours

FORMS = ("mixed", "full", "environment")
# float64 on both sides: sums of a few dozen products of numbers of order one, and their derivatives.
CLOSE = {"rtol": 1e-10, "atol": 1e-10}


@dataclass(frozen=True)
class Case:
    """A kernel and arguments for it; calling it with other tensors gives the moments of those."""

    kernel: MomentsKernel
    neighbours: Neighbours
    tensors: tuple[torch.Tensor, ...]
    solid: bool

    def __call__(self, *tensors: torch.Tensor) -> torch.Tensor:
        return self.kernel(tensors[0] if len(tensors) == 3 else None, tensors[-2], tensors[-1], self.neighbours)

    def naive(self, *tensors: torch.Tensor) -> torch.Tensor:
        """The definition, with one term per pair."""
        radial, features = tensors[-2], tensors[-1][self.neighbours.index]
        if len(tensors) == 2:
            terms = torch.einsum("pn,pf->pnf", radial, features)
        else:
            vectors = tensors[0] if self.solid else tensors[0] / tensors[0].norm(dim=1, keepdim=True)
            l_max = round(self.kernel.harmonics**0.5) - 1
            program = harmonics_program(l_max, self.kernel.convention, solid=True)
            rows = program.evaluate({"x": list(vectors.unbind(1))})["y"]
            angular = torch.stack([row + 0 * vectors[:, 0] for row in rows], 1)
            rule = "pc,pn,pnf->pcf" if self.kernel.form == "mixed" else "pc,pn,pf->pcnf"
            terms = torch.einsum(rule, angular, radial, features)
        return terms.new_zeros(self.neighbours.atoms, *terms.shape[1:]).index_add(0, self.neighbours.receivers, terms)


def neighbours_of(atoms: int = 6, sources: int = 5, pairs: int = 40, seed: int = 0) -> Neighbours:
    """Random pairs; the last receiver has none."""
    generator = torch.Generator().manual_seed(seed)
    receivers = torch.randint(0, atoms - 1, (pairs,), generator=generator).sort().values
    return Neighbours.from_receivers(
        receivers, torch.randint(0, sources, (pairs,), generator=generator), atoms, sources
    )


def case(
    form: str = "mixed",
    l_max: int = 3,
    radial: int = 3,
    channels: int = 5,
    angular: str = "unit",
    neighbours: Neighbours | None = None,
    **options: Any,
) -> Case:
    """A kernel with arguments of its own."""
    neighbours = neighbours_of() if neighbours is None else neighbours
    directed = form != "environment"
    kernel = invgen.compile_moments(
        l_max if directed else None, form, angular=angular, **{"dtype": torch.float64, **options}
    )
    generator = torch.Generator().manual_seed(1)

    def draw(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).to(kernel.dtype)

    middle = (radial,) if form == "mixed" else ()
    tensors = (draw(neighbours.pairs, radial), draw(neighbours.sources, *middle, channels))
    return Case(
        kernel, neighbours, ((draw(neighbours.pairs, 3), *tensors) if directed else tensors), angular == "solid"
    )


def leaves(tensors: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    """Copies that record gradients."""
    return [tensor.clone().requires_grad_() for tensor in tensors]


def derivatives(function: Any, tensors: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    """Value, gradients, and gradients of a combination of gradients by everything, the weights included."""
    inputs = leaves(tensors)
    value = function(*inputs)
    generator = torch.Generator().manual_seed(2)
    ybar = torch.randn(value.shape, generator=generator, dtype=torch.float64).to(value.dtype).requires_grad_()
    first = torch.autograd.grad(value, inputs, ybar, create_graph=True)
    along = [torch.randn(g.shape, generator=generator, dtype=torch.float64).to(g.dtype) for g in first]
    second = torch.autograd.grad(sum((g * u).sum() for g, u in zip(first, along)), [*inputs, ybar])
    return [t.detach() for t in (value, *first, *second)]
