"""Rows of the linear problem behind an ACE: descriptors summed over a structure, and their exact gradients."""

from __future__ import annotations

import torch

from invgen.compiler.invariants import compile
from invgen.compiler.moments import compile_moments
from invgen.nn.ace import ACE
from invgen.runtime import Neighbours

BLOCK = 2**22  # numbers of a block of Jacobians, 32 MB in float64


class DescriptorRows:
    """(Σ_i B_k(i), -∂ Σ_i B_k(i) / ∂r_a): what an energy and the forces of one structure multiply weights with.

    With several elements the sums go over the atoms of one element at a time: a block of K columns for each, in the
    order of `LinearReadout.weight`. Jacobians ∂B/∂A come from the compiled forward derivative with one unit vector per
    channel, those of A from the forward derivative of the moments kernel with every pair as its own receiver. No
    difference quotients.

    Args:
        model: on the CPU.
    """

    def __init__(self, model: ACE) -> None:
        self.model = model
        basis, dtype = model.basis, model.invariants.kernel.dtype
        self._kernel = compile(basis, dtype=dtype, layout="channel")
        self._moments = compile_moments(model.l_max, "full", basis.convention, dtype=dtype)
        self._atoms = max(1, BLOCK // (len(basis) * basis.space.dimension))

    @torch.no_grad()
    def __call__(
        self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Descriptors (atoms, E K) in the block of each atom's element, and rows (atoms, 3, E K) of the forces.

        Complexity: K dim operations for each of the 3 pairs' directions; memory atoms 3 E K and a block of Jacobians.
        """
        model, dimension = self.model, self.model.basis.space.dimension
        densities = model.densities(species, vectors, neighbours)
        gradients = self.density_gradients(species, vectors, neighbours)
        unit = torch.eye(dimension, dtype=densities.dtype)
        rows = densities.new_zeros(len(model.elements), neighbours.atoms, 3, len(model.basis))
        pointer, elements = neighbours.row_pointer.tolist(), model.element(species).tolist()
        for first in range(0, neighbours.atoms, self._atoms):
            block = densities[first : first + self._atoms, :, None].expand(-1, -1, dimension).contiguous()
            jacobians = self._kernel.jvp(block, unit.expand_as(block).contiguous())
            for atom, jacobian in enumerate(jacobians, first):
                pairs = slice(pointer[atom], pointer[atom + 1])
                terms = gradients[pairs] @ jacobian.T
                of_element = rows[elements[atom]]
                of_element[atom] += terms.sum(0)
                of_element.index_add_(0, neighbours.index[pairs], terms, alpha=-1)
        blocks = self.counts(species)[:, :, None] * model.invariants(densities)[:, None, :]
        return blocks.flatten(1), rows.permute(1, 2, 0, 3).flatten(2)

    def counts(self, species: torch.Tensor) -> torch.Tensor:
        """(atoms, E): 1 at the element of each atom; their sum is what the energy multiplies biases with."""
        return self.model._one_hot.index_select(0, species)

    @torch.no_grad()
    def density_gradients(self, species: torch.Tensor, vectors: torch.Tensor, neighbours: Neighbours) -> torch.Tensor:
        """∂A / ∂(vector of the pair), (pairs, 3, dim): what one pair adds to the density of its receiver, derived."""
        model = self.model
        alone = Neighbours.from_receivers(
            torch.arange(neighbours.pairs), neighbours.index, neighbours.pairs, neighbours.sources
        )
        sources = self.counts(species)
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
