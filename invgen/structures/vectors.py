"""Vectors of pairs, differentiable in positions, cells and strain: forces and stress come from their gradients."""

from __future__ import annotations

import torch

from invgen.errors import InputError
from invgen.structures.batch import Batch
from invgen.structures.pairs import Pairs
from invgen.structures.rounding import unrounded
from invgen.structures.segments import spread, total


def pair_vectors(
    batch: Batch,
    pairs: Pairs | None = None,
    *,
    positions: torch.Tensor | None = None,
    strain: torch.Tensor | None = None,
) -> torch.Tensor:
    """v = (r_j + shift cell - r_i) (1 + strain), from receiver i to source j, for every pair.

    Linear in positions, cells and strain, and differentiable to any order; gradients are sums in a fixed order. With
    an energy E of these vectors, forces are -dE/dpositions, and the stress is dE/dstrain at strain 0 over the volume
    (`stress_from`): positive under tension, eV/Angstrom^3, as ASE has it.

    Differences are taken in float64, of the positions that the batch was made from where it knows them
    (`Batch.unrounded`), and rounded once: a translation, however far, changes vectors by rounding alone.

    Args:
        batch: the structures.
        pairs: those of the batch if left out.
        positions: (atoms, 3), in place of the batch's: those that require a gradient, or displaced ones. Where they
            equal the batch's they represent the same unrounded positions.
        strain: (structures, 3, 3), row vectors are multiplied from the right; none if left out.

    Returns:
        (pairs, 3), Angstrom, in the dtype of the positions.

    Raises:
        InputError: the batch has no pairs, or a shape does not fit.
    """
    pairs = batch.pairs if pairs is None else pairs
    if pairs is None:
        raise InputError("the batch has no pairs: make it with a cutoff, or call batch.with_pairs(cutoff)")
    positions = batch.positions if positions is None else positions
    lists = pairs.neighbours
    if positions.shape != (lists.atoms, 3) or lists.atoms != batch.atoms:
        raise InputError(
            f"positions of {batch.atoms} atoms and pairs of as many are needed, got positions of shape "
            f"{tuple(positions.shape)} and pairs of {lists.atoms} atoms"
        )
    exact = batch.exact
    places = unrounded(positions, None if exact is None else exact.positions)
    here = spread(places, lists.receivers, lists.row_pointer)
    there = spread(places, lists.index, lists.column_pointer, lists.column_pairs)
    vectors = there - here
    if pairs.shifts is not None:
        cell = unrounded(batch.cell, None if exact is None else exact.cell)
        vectors = vectors + _times(pairs.shifts.to(places.dtype), cell, batch, pairs)
    if strain is not None:
        if strain.shape != batch.cell.shape:
            raise InputError(f"strain has the shape {tuple(batch.cell.shape)}, got {tuple(strain.shape)}")
        vectors = vectors + _times(vectors, strain.to(places.dtype), batch, pairs)
    return vectors.to(positions.dtype)


def stress_from(strain_gradient: torch.Tensor, batch: Batch) -> torch.Tensor:
    """sigma = (g + g^T) / 2V with g = dE/dstrain at strain 0: positive under tension, eV/Angstrom^3, as ASE has it.

    Args:
        strain_gradient: (structures, 3, 3), eV.
        batch: its cells give the volumes.

    Returns:
        (structures, 3, 3), symmetric.

    Raises:
        InputError: a cell has no volume.
    """
    symmetric = (strain_gradient + strain_gradient.transpose(1, 2)) / 2
    return symmetric / batch.volumes[:, None, None]


def structure_totals(per_atom: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Sums over the atoms of each structure, in a fixed order: (atoms, ...) -> (structures, ...).

    Args:
        per_atom: (atoms, ...).
        batch: whose offsets say where a structure's atoms are.
    """
    return total(per_atom, batch.structure, batch.atom_pointer)


def _times(rows: torch.Tensor, matrices: torch.Tensor, batch: Batch, pairs: Pairs) -> torch.Tensor:
    """rows[p] @ matrices[structure of p], (pairs, 3) and (structures, 3, 3) -> (pairs, 3)."""
    if batch.structures == 1:
        return rows @ matrices[0]
    lists = pairs.neighbours
    owners = batch.structure.index_select(0, lists.receivers)
    pointer = lists.row_pointer.index_select(0, batch.atom_pointer)
    return (rows[:, None, :] @ spread(matrices, owners, pointer)).squeeze(1)
