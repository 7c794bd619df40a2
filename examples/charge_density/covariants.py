"""Covariants of the neighbours of atoms: all equivariant polynomials of moments, and their main directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from densities import Molecule
from layout import CONVENTION, L_MAX, SHELLS

from invgen import TensorSpace, generate
from invgen.nn import Bessel, Invariants, Moments
from invgen.structures import Batch, Structure, pair_vectors

IRREPS = tuple(f"{l}{'eo'[l % 2]}" for l in range(L_MAX + 1))


class Covariants(torch.nn.Module):
    """B(A_i), A_i[lm, c] = Σ_j Y_lm(r̂_ij) Σ_ν R_ν(r_ij) w[z_j, ν, c]: all covariants of each channel c, ranks 0 to 3.

    The weights w are random and stay as they are, so that a channel is one mixture of elements and radial functions.
    B is a basis of the equivariant polynomials up to the degree (`select="linear"`): nothing of a channel is left out,
    and nothing is there twice.

    Args:
        channels: how many mixtures there are.
        degree: the highest of the polynomials.
        cutoff: Angstrom.
        seed: of the mixtures.
    """

    def __init__(self, channels: int, degree: int, cutoff: float, seed: int) -> None:
        super().__init__()
        self.cutoff = cutoff
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self.radial = Bessel(8, cutoff, 5, learn=False, dtype=torch.float64)
            self.moments = Moments(len(SHELLS), channels, 8, L_MAX, CONVENTION, torch.float64)
        space = TensorSpace(" + ".join(IRREPS))
        bases = [generate(space, degree, select="linear", outputs=each, convention=CONVENTION) for each in IRREPS]
        self.bases = torch.nn.ModuleList(Invariants(basis, torch.float64) for basis in bases)

    @torch.no_grad()
    def forward(self, molecule: Molecule) -> list[np.ndarray]:
        """(atoms, 2l + 1, members × channels) for every rank l."""
        structure = Structure(molecule.numbers, molecule.positions)
        batch = Batch.from_structures([structure], dtype=torch.float64).with_pairs(self.cutoff)
        one_hot = (batch.species[:, None] == torch.tensor(list(SHELLS))).double()
        vectors = pair_vectors(batch)
        moments = self.moments(one_hot, self.radial(vectors.norm(dim=1)), vectors, batch.pairs.neighbours)
        found = []
        for l, basis in enumerate(self.bases):
            rows = basis(moments).unflatten(1, (-1, 2 * l + 1))
            found.append(rows.transpose(1, 2).flatten(2).numpy())
        return found


@dataclass(frozen=True, eq=False)
class Directions:
    """The main directions of the covariants of one element and rank among training atoms; one constant more for l = 0.

    Singular vectors of the matrix of all components, so that each direction is a covariant itself. Their variances are
    square roots of what they were: the ridge of a fit then bears more on the small ones.
    """

    projection: np.ndarray
    constant: bool

    @classmethod
    def of(cls, samples: np.ndarray, count: int, constant: bool) -> Directions:
        """Of samples (atoms, 2l + 1, features)."""
        matrix = samples.reshape(-1, samples.shape[-1])
        if constant:
            matrix = matrix - matrix.mean(0)
        sizes = np.sqrt((matrix**2).mean(0))
        scale = np.where(sizes > 1e-12 * sizes.max(), 1 / np.maximum(sizes, 1e-300), 0.0)
        _, values, axes = np.linalg.svd(matrix * scale, full_matrices=False)
        kept = (values > 1e-7 * values[0]).nonzero()[0][:count]
        weights = np.sqrt(len(matrix) / (values[0] * values[kept]))
        return cls(scale[:, None] * axes[kept].T * weights, constant)

    @property
    def count(self) -> int:
        """How many there are."""
        return self.projection.shape[1] + self.constant

    def __call__(self, samples: np.ndarray) -> np.ndarray:
        """(atoms, 2l + 1, count)."""
        found = samples @ self.projection
        return np.concatenate([np.ones_like(found[..., :1]), found], -1) if self.constant else found


def directions(
    molecules: Sequence[Molecule], samples: Sequence[list[np.ndarray]], count: int
) -> dict[int, list[Directions]]:
    """Those of every element and rank."""
    found = {}
    for number in SHELLS:
        parts = [[s[l][m.numbers == number] for m, s in zip(molecules, samples)] for l in range(L_MAX + 1)]
        found[number] = [Directions.of(np.concatenate(part), count, l == 0) for l, part in enumerate(parts)]
    return found
