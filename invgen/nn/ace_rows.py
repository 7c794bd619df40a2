"""Rows of the linear problem behind an ACE: descriptors summed over a structure, and their exact gradients."""

from __future__ import annotations

import torch

from invgen.compiler import compile
from invgen.errors import InputError
from invgen.moments import compile_moments
from invgen.nn.ace import ACE
from invgen.runtime import Neighbours

BLOCK = 2**22  # numbers of a block of Jacobians, 32 MB in float64


class DescriptorRows:
    """(Σ_i B_k(i), -∂ Σ_i B_k(i) / ∂r_a): what an energy and the forces of one structure multiply weights with.

    Jacobians ∂B/∂A come from the compiled forward derivative with one unit vector per channel, those of A from the
    forward derivative of the moments kernel with every pair as its own receiver. No difference quotients.

    Args:
        model: of one element, on the CPU.
    """

    def __init__(self, model: ACE) -> None:
        if len(model.elements) != 1:
            raise InputError(f"rows are made for models of one element, got {model.elements}")
        self.model = model
        basis = model.basis
        dtype = model.invariants.kernel.dtype
        self._kernel = compile(basis, dtype=dtype, layout="channel")
        self._moments = compile_moments(model.l_max, "full", basis.convention, dtype=dtype)
        self._atoms = max(1, BLOCK // (len(basis) * basis.space.dimension))

    @torch.no_grad()
    def __call__(
        self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Descriptors (atoms, K), and rows (atoms, 3, K) of the forces.

        Complexity: K dim operations for each of the 3 pairs' directions; memory atoms 3 K and a block of Jacobians.
        """
        model, dimension = self.model, self.model.basis.space.dimension
        densities = model.densities(species, vectors, neighbours)
        gradients = self.density_gradients(species, vectors, neighbours)
        unit = torch.eye(dimension, dtype=densities.dtype)
        rows = densities.new_zeros(neighbours.atoms, 3, len(model.basis))
        pointer = neighbours.row_pointer.tolist()
        for first in range(0, neighbours.atoms, self._atoms):
            block = densities[first : first + self._atoms, :, None].expand(-1, -1, dimension).contiguous()
            jacobians = self._kernel.jvp(block, unit.expand_as(block).contiguous())
            for atom, jacobian in enumerate(jacobians, first):
                pairs = slice(pointer[atom], pointer[atom + 1])
                terms = gradients[pairs] @ jacobian.T
                rows[atom] += terms.sum(0)
                rows.index_add_(0, neighbours.index[pairs], terms, alpha=-1)
        return model.invariants(densities), rows

    @torch.no_grad()
    def density_gradients(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """∂A / ∂(vector of the pair), (pairs, 3, dim): what one pair adds to the density of its receiver, derived."""
        model = self.model
        alone = Neighbours.from_receivers(
            torch.arange(neighbours.pairs), neighbours.index, neighbours.pairs, neighbours.sources
        )
        sources = vectors.new_ones(neighbours.sources, 1)
        distances = vectors.norm(dim=-1)
        radial, slopes = torch.func.jvp(model.radial, (distances,), (torch.ones_like(distances),))[:2]
        zero = torch.zeros_like(sources)
        columns = []
        for axis in range(3):
            along = torch.zeros_like(vectors)
            along[:, axis] = 1
            change = slopes * (vectors[:, axis] / distances)[:, None]
            columns.append(self._moments.jvp(vectors, radial, sources, alone, (along, change, zero)).flatten(1))
        return torch.stack([column[:, model._components] for column in columns], 1)
