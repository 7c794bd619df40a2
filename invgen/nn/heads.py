"""From the features of all blocks to energies, charges and other numbers of each atom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from invgen.checks import integer
from invgen.errors import InputError


@dataclass(frozen=True, eq=False)
class AtomEnergies:
    """The energy of each atom and the terms that add up to it.

    Attributes:
        total: (atoms).
        terms: (atoms, levels), one term from the features of each block, the species' own first.
    """

    total: torch.Tensor
    terms: torch.Tensor


class _Levels(torch.nn.Module):
    """One linear layer per level of features; the first has no bias where its features are the species."""

    def __init__(self, feature_sizes: Sequence[int], outputs: int, with_species: bool, dtype: torch.dtype) -> None:
        super().__init__()
        sizes = [integer("a feature size", size, 1) for size in feature_sizes]
        self.with_species = with_species
        used = sizes if with_species else sizes[1:]
        if not used:
            raise InputError("a head needs the features of one level at least, got none")
        self.levels = torch.nn.ModuleList(
            torch.nn.Linear(size, outputs, bias=level > 0 or not with_species, dtype=dtype)
            for level, size in enumerate(used)
        )

    def partial(self, features: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """(atoms, outputs) from each level."""
        used = features if self.with_species else features[1:]
        return [layer(level) for layer, level in zip(self.levels, used, strict=True)]


class HierarchicalEnergy(_Levels):
    """E_i = Σ_n (w_n · z_i^n + b_n): a sum of linear terms over the features of each block, as in HIP-NN.

    Args:
        feature_sizes: of the network.
        with_species: whether the one-hot species give the first term, the self energies.
        dtype: of the parameters.
    """

    def __init__(
        self, feature_sizes: Sequence[int], with_species: bool = True, dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__(feature_sizes, 1, with_species, dtype)

    def forward(self, features: Sequence[torch.Tensor]) -> AtomEnergies:
        """The energies of the atoms whose features these are."""
        terms = torch.cat(self.partial(features), dim=-1)
        return AtomEnergies(terms.sum(dim=-1), terms)

    @torch.no_grad()
    def set_self_energies(self, energies: torch.Tensor) -> None:
        """Start from these energies of the species, in the order of the features, with all else small next to them.

        Raises:
            InputError: the head does not see the species, or there are not as many of them.
        """
        first: Any = self.levels[0]
        if not self.with_species or tuple(energies.shape) != (first.in_features,):
            raise InputError(
                f"self energies are one number per species of a head that sees them, got shape {tuple(energies.shape)}"
            )
        first.weight.copy_(energies[None, :])


class AtomScalars(_Levels):
    """q_i = Σ_n (W_n z_i^n + b_n): charges or other numbers of each atom, which do not turn with the structure.

    Args:
        feature_sizes: of the network.
        outputs: how many numbers each atom has.
        with_species: whether the one-hot species give the first term.
        dtype: of the parameters.
    """

    def __init__(
        self,
        feature_sizes: Sequence[int],
        outputs: int = 1,
        with_species: bool = True,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(feature_sizes, integer("the number of outputs", outputs, 1), with_species, dtype)

    def forward(
        self,
        features: Sequence[torch.Tensor],
        structure: torch.Tensor | None = None,
        totals: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """(atoms, outputs).

        Args:
            features: of every level.
            structure: (atoms), to which structure each atom belongs; with
            totals: (structures, outputs), what each structure must sum to: the difference is spread over its atoms.

        Raises:
            InputError: one of structure and totals without the other.
        """
        values = torch.stack(self.partial(features)).sum(dim=0)
        if (structure is None) != (totals is None):
            raise InputError("totals of structures need the structure of each atom, and the other way round: give both")
        if structure is None or totals is None:
            return values
        sums = torch.zeros_like(totals).index_add(0, structure, values)
        atoms = torch.bincount(structure, minlength=totals.shape[0]).to(values.dtype)
        missing = (totals - sums) / atoms.clamp(min=1.0)[:, None]
        return values + missing.index_select(0, structure)


def hierarchicality(terms: torch.Tensor) -> torch.Tensor:
    """Σ_n t_n² / (t_n² + t_(n-1)²): how far later terms are from being corrections; add it to a loss.

    Shapes:
        (..., levels) -> (...). A pair of terms that both vanish adds nothing.

    Args:
        terms: of the energy, one for each level, the lowest first.
    """
    squares = terms.square()
    later, earlier = squares[..., 1:], squares[..., :-1]
    both = later + earlier
    present = both > 0
    return torch.where(present, later / torch.where(present, both, 1.0), 0.0).sum(dim=-1)


def fit_self_energies(
    species: torch.Tensor, structure: torch.Tensor, energies: torch.Tensor, order: Sequence[int]
) -> torch.Tensor:
    """The energies per species that come closest to the energies of all structures, in the order given.

    Least squares in float64; where compositions do not determine them (one molecule), the shortest solution.

    Args:
        species: (atoms), atomic numbers.
        structure: (atoms), to which structure each belongs.
        energies: (structures).
        order: the atomic numbers.

    Returns:
        (len(order)), float64.
    """
    counts = torch.zeros((energies.shape[0], len(order)), dtype=torch.float64)
    for k, number in enumerate(order):
        counts[:, k].index_add_(0, structure.cpu(), (species.cpu() == number).to(torch.float64))
    solved: torch.Tensor = torch.linalg.pinv(counts) @ energies.detach().cpu().to(torch.float64)
    return solved
