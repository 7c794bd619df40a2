"""Real molecules, and the moment tensors of every atom's neighbourhood.

E_i[c, (Z, ν)] = sum over the neighbours j of element Z of s_ν(r_ij) Y_c(r̂_ij): the component c of a tensor, one channel
for each pair of an element Z and a radial function ν. The radial functions are Gaussians in 1/r, as HIP-NN has them,
times a cutoff that goes to zero with all its derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from invgen import TensorSpace
from invgen.testing import harmonic_components

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BOND_FACTOR = 1.25  # two atoms are bonded if they are closer than this times the sum of their covalent radii


@dataclass(frozen=True)
class Molecules:
    """Atoms of many molecules in one table; `molecule` says which molecule an atom belongs to.

    Shapes: numbers (atoms,), molecule (atoms,), positions (atoms, 3) in Å.
    """

    names: tuple[str, ...]
    numbers: Integers
    molecule: Integers
    positions: Floats

    def moved(self, matrices: Floats) -> Molecules:
        """Every molecule multiplied by its own orthogonal matrix: matrices (molecules, 3, 3)."""
        return replace(self, positions=np.einsum("aij,aj->ai", matrices[self.molecule], self.positions))


@dataclass(frozen=True)
class Pairs:
    """All ordered pairs (i, j) of different atoms of one molecule: vectors r_j - r_i in Å, and their lengths."""

    centre: Integers
    neighbour: Integers
    vectors: Floats
    lengths: Floats


@dataclass(frozen=True)
class Radial:
    """s_ν(r) = exp(-(1/r - 1/μ_ν)² / 2σ²) b(r / r_c), with the bump b(t) = exp(1 - 1 / (1 - t²)) for t < 1, else 0.

    Attributes:
        centres: μ_ν in Å, evenly spaced in 1/r.
        width: σ in 1/Å.
        cutoff: r_c in Å.
    """

    centres: tuple[float, ...]
    width: float
    cutoff: float

    def __call__(self, lengths: Floats) -> Floats:
        """The radial functions: (pairs,) -> (pairs, ν)."""
        inside = lengths < self.cutoff
        t = np.where(inside, lengths / self.cutoff, 0.0)
        bump = np.where(inside, np.exp(1 - 1 / (1 - t * t)), 0.0)
        offsets = (1 / lengths[:, None] - 1 / np.array(self.centres)) / self.width
        values: Floats = np.exp(-0.5 * offsets**2) * bump[:, None]
        return values


def evenly_spaced(nearest: float, farthest: float, count: int, cutoff: float) -> Radial:
    """`count` centres from `nearest` to `farthest` (Å), evenly spaced in 1/r; the width is the spacing."""
    inverse = np.linspace(1 / nearest, 1 / farthest, count)
    return Radial(tuple(float(c) for c in 1 / inverse), float(inverse[0] - inverse[1]), cutoff)


def read_g2(names: Sequence[str] = ()) -> Molecules:
    """Molecules of ASE's G2 set by name; all of them if no name is given, in the order of their names."""
    from ase.collections import g2

    chosen = tuple(names) or tuple(sorted(g2.names))
    atoms = [g2[name] for name in chosen]
    return Molecules(
        chosen,
        np.concatenate([a.numbers for a in atoms]).astype(np.int64),
        np.repeat(np.arange(len(atoms)), [len(a) for a in atoms]),
        np.concatenate([a.positions for a in atoms]).astype(np.float64),
    )


def pairs(molecules: Molecules) -> Pairs:
    """All ordered pairs of different atoms within a molecule, ordered by the first atom."""
    same = molecules.molecule[:, None] == molecules.molecule[None, :]
    np.fill_diagonal(same, False)
    centre, neighbour = np.nonzero(same)
    vectors = molecules.positions[neighbour] - molecules.positions[centre]
    return Pairs(centre, neighbour, vectors, np.linalg.norm(vectors, axis=-1))


def elements(molecules: Molecules) -> Integers:
    """The atomic numbers that occur, ascending."""
    return np.unique(molecules.numbers)


def moment_tensors(
    molecules: Molecules, found: Pairs, radial: Radial, space: TensorSpace, convention: str, kinds: Integers
) -> Floats:
    """The moment tensors of all neighbourhoods: (atoms, component, channel), channel = kind of neighbour × ν.

    Atomic numbers that are not among `kinds` are left out of the sums.
    """
    unit = found.vectors / found.lengths[:, None]
    angular = np.concatenate([harmonic_components(t.l, unit, convention) for t in space.tensors], axis=-1)
    weights = radial(found.lengths)
    result = np.zeros((len(molecules.numbers), space.dimension, len(kinds), weights.shape[1]))
    for place, kind in enumerate(kinds):
        chosen = molecules.numbers[found.neighbour] == kind
        terms = angular[chosen, :, None] * weights[chosen, None, :]
        np.add.at(result[:, :, place], found.centre[chosen], terms)
    return result.reshape(len(result), space.dimension, -1)


def coordination(molecules: Molecules, found: Pairs) -> Integers:
    """How many atoms each atom is bonded to, by covalent radii: (atoms,)."""
    from ase.data import covalent_radii

    radii = covalent_radii[molecules.numbers]
    bonded = found.lengths < BOND_FACTOR * (radii[found.centre] + radii[found.neighbour])
    return np.bincount(found.centre[bonded], minlength=len(molecules.numbers))
