"""Pairs are those of ASE's brute force, vectors move with the atoms, and their gradients are forces and stress."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.errors import InputError
from invgen.structures import (
    Batch,
    Dataset,
    Pairs,
    Structure,
    pair_vectors,
    read,
    stress_from,
    structure_totals,
)
from tests.support.data import data_file

ase_neighborlist = pytest.importorskip("ase.neighborlist")
pytest.importorskip("vesin")


def random_structure(seed: int, atoms: int, flat: bool = False) -> Structure:
    """Atoms inside and outside of a skewed cell; `flat` cells are much thinner than any cutoff used here."""
    rng = np.random.default_rng(seed)
    lengths = rng.uniform(0.8, 6.0, 3) if not flat else np.array([0.7, 5.0, 5.0])
    # Rows are tilted by up to 1.2 lengths: angles down to about 35 degrees.
    cell = (np.eye(3) + np.tril(rng.uniform(-1.2, 1.2, (3, 3)), -1)) * lengths[:, None]
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    fractions = rng.uniform(-1.5, 1.5, (atoms, 3))
    return Structure(rng.integers(1, 20, atoms), fractions @ cell @ turn, cell @ turn, rng.random(3) < 0.6)


def as_set(batch: Batch) -> list[tuple[int, ...]]:
    """Receiver, source and shift of all pairs, sorted."""
    assert batch.pairs is not None
    lists, shifts = batch.pairs.neighbours, batch.pairs.shifts
    columns = torch.zeros(lists.pairs, 3, dtype=torch.int64) if shifts is None else shifts
    return sorted(zip(lists.receivers.tolist(), lists.index.tolist(), *columns.T.tolist()))


def pairs_of_ase(structure: Structure, cutoff: float) -> list[tuple[int, ...]]:
    i, j, shift = ase_neighborlist.primitive_neighbor_list(
        "ijS", structure.periodic, np.asarray(structure.cell), structure.positions, cutoff
    )
    return sorted(zip(i.tolist(), j.tolist(), *shift.T.tolist()))


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 7), st.floats(0.5, 6.0), st.booleans())
def test_pairs_are_those_of_ase_in_small_skewed_and_mixed_cells(
    seed: int, atoms: int, cutoff: float, flat: bool
) -> None:
    structure = random_structure(seed, atoms, flat)
    batch = Batch.from_structures([structure], cutoff, dtype=torch.float64)
    assert as_set(batch) == pairs_of_ase(structure, cutoff)
    vectors = pair_vectors(batch)
    assert bool((vectors.norm(dim=1) < cutoff * (1 + 1e-12)).all())


def test_pairs_of_the_g2_molecules_are_those_of_ase() -> None:
    g2 = pytest.importorskip("ase.collections").g2
    structures = [Structure.from_ase(g2[name]) for name in g2.names]
    batch = Batch.from_structures(structures, 3.0, dtype=torch.float64)
    found, expected = as_set(batch), []
    for first, structure in zip(batch.atom_pointer.tolist(), structures):
        expected += [(i + first, j + first, *shift) for i, j, *shift in pairs_of_ase(structure, 3.0)]
    assert len(structures) > 150 and found == expected


def test_pairs_of_real_crystals_are_those_of_ase() -> None:
    frames = read(data_file("zuo2020/Si.npz"), energy_unit="eV", length_unit="Angstrom")
    # One frame of each size: from cells of two atoms to the largest.
    chosen = np.unique(frames.sizes, return_index=True)[1]
    dataset = Dataset(frames, 5.0, dtype=torch.float64)
    for frame in chosen.tolist():
        assert as_set(dataset.batch([frame])) == pairs_of_ase(frames.structure(frame), 5.0)


def test_pairs_come_sorted_by_receiver_source_and_shift() -> None:
    batch = Batch.from_structures([random_structure(3, 6), random_structure(4, 5)], 6.0)
    assert batch.pairs is not None and batch.pairs.shifts is not None
    lists = batch.pairs.neighbours
    rows = list(zip(lists.receivers.tolist(), lists.index.tolist(), *batch.pairs.shifts.T.tolist()))
    assert rows == sorted(rows) and len(rows) > 50


def test_pairs_of_atoms_far_outside_their_cell_come_sorted_too() -> None:
    rng = np.random.default_rng(0)
    # Shifts spread over 2^30 along each direction: the five numbers of a pair do not fit into one of 64 bits.
    places = rng.uniform(0, 3, (5, 3)) + 3.0 * rng.integers(-(2**29), 2**29, (5, 3))
    structure = Structure(np.ones(5, dtype=int), places, 3 * np.eye(3), True)
    batch = Batch.from_structures([structure], 3.0, dtype=torch.float64)
    assert batch.pairs is not None and batch.pairs.shifts is not None
    lists = batch.pairs.neighbours
    rows = list(zip(lists.receivers.tolist(), lists.index.tolist(), *batch.pairs.shifts.T.tolist()))
    assert rows == sorted(rows) and len(rows) > 20
    assert int(batch.pairs.shifts.abs().max()) > 2**28
    # Positions of 2e9 Angstrom have an ulp of 2e-7.
    assert bool((pair_vectors(batch).norm(dim=1) < 3.0 + 1e-5).all())


def test_joined_lists_are_what_one_search_over_all_pairs_would_give() -> None:
    structures = [random_structure(seed, atoms) for seed, atoms in ((5, 4), (6, 1), (7, 6))]
    batch = Batch.from_structures(structures, 3.5)
    assert batch.pairs is not None
    lists = batch.pairs.neighbours
    rebuilt = type(lists).from_receivers(lists.receivers, lists.index, batch.atoms)
    for mine, theirs in zip(lists.lists, rebuilt.lists):
        assert torch.equal(mine, theirs)
    parts = [Batch.from_structures([each], 3.5) for each in structures]
    again = Batch.concatenate(parts)
    assert again.pairs is not None
    for mine, theirs in zip(again.pairs.neighbours.lists, lists.lists):
        assert torch.equal(mine, theirs)
    assert as_set(again) == as_set(batch)
    assert torch.equal(pair_vectors(again), pair_vectors(batch))


def test_atoms_and_structures_without_neighbours_have_empty_rows() -> None:
    alone = Structure(np.array([18]), np.zeros((1, 3)))
    apart = Structure(np.array([1, 1]), np.array([[0.0, 0, 0], [9.0, 0, 0]]))
    dimer = Structure(np.array([1, 1]), np.array([[0.0, 0, 0], [0.7, 0, 0]]))
    batch = Batch.from_structures([alone, apart, dimer], 3.0)
    assert batch.pairs is not None and batch.pairs.shifts is None
    assert batch.pairs.neighbours.row_pointer.tolist() == [0, 0, 0, 0, 1, 2]
    assert pair_vectors(batch).tolist() == [pytest.approx([0.7, 0, 0]), pytest.approx([-0.7, 0, 0])]
    none = Batch.from_structures([alone, apart], 3.0)
    positions = none.positions.clone().requires_grad_(True)
    strain = torch.zeros(2, 3, 3, requires_grad=True)
    vectors = pair_vectors(none, positions=positions, strain=strain)
    gradients = torch.autograd.grad((vectors**2).sum(), (positions, strain))
    assert vectors.shape == (0, 3) and all(not each.any() for each in gradients)


def test_an_atom_sees_its_own_images_where_the_cell_is_smaller_than_the_cutoff() -> None:
    copper = Structure(np.array([29]), np.zeros((1, 3)), 3.615 / 2 * (1 - np.eye(3)), True)
    batch = Batch.from_structures([copper], 3.7, dtype=torch.float64)
    lengths = pair_vectors(batch).norm(dim=1).sort().values
    # fcc: 12 neighbours at a/sqrt(2), 6 at a; rounding of sums of two numbers.
    expected = torch.tensor([3.615 / 2**0.5] * 12 + [3.615] * 6, dtype=torch.float64)
    torch.testing.assert_close(lengths, expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("periodic", [False, True])
def test_coincident_atoms_are_refused_by_name(periodic: bool) -> None:
    places = np.array([[0.0, 0, 0], [1.0, 0, 0], [0.0, 2, 0], [1.0, 5e-5, 4.0 if periodic else 0.0]])
    structure = Structure(np.array([6, 1, 8, 7]), places, 4 * np.eye(3), periodic)
    with pytest.raises(InputError, match=r"atoms 1 \(H\) and 3 \(N\) of structure 1 are 5.0e-05 Angstrom apart"):
        Batch.from_structures([Structure(np.array([1]), np.zeros((1, 3))), structure], 3.0)


def test_the_library_for_pairs_is_named_where_it_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vesin", None)
    with pytest.raises(InputError, match="neighbour lists need vesin: pip install"):
        Batch.from_structures([random_structure(0, 2)], 2.0)


@pytest.mark.parametrize("cutoff", [0, -1.0, float("nan"), float("inf"), "5", True])
def test_cutoffs_are_positive_numbers(cutoff: object) -> None:
    with pytest.raises(InputError, match="a cutoff is a positive number"):
        Batch.from_structures([random_structure(0, 2)], cutoff)  # type: ignore[arg-type]


def test_batches_of_different_cutoffs_are_not_joined() -> None:
    one, other = (Batch.from_structures([random_structure(0, 3)], cutoff) for cutoff in (2.0, 3.0))
    with pytest.raises(InputError, match="one cutoff can be joined, these have 2, 3"):
        Batch.concatenate([one, other])


@given(st.integers(0, 10**6))
@settings(max_examples=20)
def test_vectors_do_not_change_under_translations_and_permute_with_the_atoms(seed: int) -> None:
    structure = random_structure(seed, 6)
    rng = np.random.default_rng(seed)
    order, move = rng.permutation(6), rng.normal(size=3) * 10
    moved = Structure(structure.numbers[order], structure.positions[order] + move, structure.cell, structure.periodic)
    first, second = (Batch.from_structures([each], 3.0, dtype=torch.float64) for each in (structure, moved))

    def by_atom(batch: Batch, atom: int) -> np.ndarray:
        assert batch.pairs is not None
        mine = pair_vectors(batch)[batch.pairs.neighbours.receivers == atom].numpy()
        return mine[np.lexsort(np.round(mine, 6).T)]

    for new, old in enumerate(order.tolist()):
        # Positions reach 50 Angstrom, where one rounding is 7e-15, and a difference has a few.
        np.testing.assert_allclose(by_atom(second, new), by_atom(first, old), rtol=0, atol=1e-13)


def pair_energy(batch: Batch, positions: torch.Tensor, strain: torch.Tensor | None = None) -> torch.Tensor:
    """(structures): sums of exp(-r^2 / 4) (1 + z1 z2 / 100) (cutoff - r)^3, smooth where pairs come and go."""
    assert batch.pairs is not None
    lists = batch.pairs.neighbours
    lengths = pair_vectors(batch, positions=positions, strain=strain).norm(dim=1)
    weights = 1 + batch.species[lists.receivers] * batch.species[lists.index] / 100
    terms = torch.exp(-(lengths**2) / 4) * (batch.pairs.cutoff - lengths) ** 3 * weights
    per_atom = torch.zeros(batch.atoms, dtype=terms.dtype).index_add(0, lists.receivers, terms)
    return structure_totals(per_atom, batch)


def strained(structures: Sequence[Structure], strain: np.ndarray) -> list[Structure]:
    change = np.eye(3) + strain
    return [Structure(s.numbers, s.positions @ change, np.asarray(s.cell) @ change, s.periodic) for s in structures]


def bulk(seed: int, atoms: int, periodic: Sequence[bool]) -> Structure:
    structure = random_structure(seed, atoms)
    return Structure(structure.numbers, structure.positions, structure.cell, np.array(periodic))


@pytest.mark.parametrize("count", [1, 3])
def test_strained_vectors_are_those_of_strained_structures(count: int) -> None:
    structures = [bulk(seed, 4, (True, True, seed % 2 == 0)) for seed in range(count)]
    strain = 0.1 * np.random.default_rng(3).normal(size=(3, 3))  # with a rotation: not symmetric
    batch = Batch.from_structures(structures, 3.0, dtype=torch.float64)
    moved = Batch.from_structures(strained(structures, strain), dtype=torch.float64)
    vectors = pair_vectors(batch, strain=torch.from_numpy(strain).expand(count, 3, 3))
    # Rounding of positions of 50 Angstrom.
    torch.testing.assert_close(vectors, pair_vectors(moved, batch.pairs), rtol=0, atol=1e-13)


def test_stress_is_the_derivative_by_strain_over_the_volume_with_ase_s_sign() -> None:
    structures = [bulk(1, 4, (True,) * 3), bulk(2, 3, (True, False, True)), bulk(8, 5, (True,) * 3)]
    batch = Batch.from_structures(structures, 3.0, dtype=torch.float64)
    strain = torch.zeros(3, 3, 3, dtype=torch.float64, requires_grad=True)
    energy = pair_energy(batch, batch.positions, strain).sum()
    stress = stress_from(torch.autograd.grad(energy, strain)[0], batch).numpy()
    np.testing.assert_array_equal(stress, stress.transpose(0, 2, 1))

    step = 1e-5
    for a in range(3):
        for b in range(3):
            change = np.zeros((3, 3))
            change[a, b] += step / 2
            change[b, a] += step / 2  # a symmetric strain: rotations do not change the energy
            ends = [
                pair_energy(moved, moved.positions)
                for moved in (
                    Batch.from_structures(strained(structures, sign * change), 3.0, dtype=torch.float64)
                    for sign in (1, -1)
                )
            ]
            slope = ((ends[0] - ends[1]) / (2 * step)).numpy()
            volumes = np.array([abs(np.linalg.det(np.asarray(each.cell))) for each in structures])
            # Central differences: step^2 times third derivatives of sums of some hundred terms.
            np.testing.assert_allclose(slope / volumes, stress[:, a, b], rtol=1e-6, atol=1e-7 * np.abs(stress).max())


def test_a_stretched_crystal_of_attracting_atoms_has_positive_stress() -> None:
    chain = Structure(np.array([1]), np.zeros((1, 3)), 2 * np.eye(3), True)
    batch = Batch.from_structures([chain], 2.1, dtype=torch.float64)
    strain = torch.zeros(1, 3, 3, dtype=torch.float64, requires_grad=True)
    energy = ((pair_vectors(batch, strain=strain).norm(dim=1) - 1.5) ** 2).sum() / 2
    stress = stress_from(torch.autograd.grad(energy, strain)[0], batch)[0]
    # 2 pairs along each axis, each (1/2) d/de (2 (1 + e) - 1.5)^2 = 1 at e = 0; the volume is 8.
    torch.testing.assert_close(stress, torch.eye(3, dtype=torch.float64) * 2 / 8, rtol=1e-14, atol=1e-15)


def test_vectors_have_derivatives_of_second_order_in_positions_cells_and_strain() -> None:
    structures = [bulk(1, 3, (True,) * 3), bulk(2, 2, (False, False, True))]
    batch = Batch.from_structures(structures, 2.5, dtype=torch.float64)

    def function(positions: torch.Tensor, cell: torch.Tensor, strain: torch.Tensor) -> torch.Tensor:
        given = {name: getattr(batch, name) for name in ("species", "periodic", "structure", "pairs")}
        return pair_vectors(Batch.trusted(positions=positions, cell=cell, **given), strain=strain) ** 2

    inputs = [batch.positions.clone(), batch.cell.clone(), torch.randn(2, 3, 3, dtype=torch.float64) * 0.01]
    inputs = [each.requires_grad_(True) for each in inputs]
    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs)


def test_gradients_are_the_scattered_sums_of_plain_indexing() -> None:
    batch = Batch.from_structures([random_structure(seed, 5) for seed in (1, 2, 3)], 4.0, dtype=torch.float64)
    assert batch.pairs is not None and batch.pairs.shifts is not None
    lists = batch.pairs.neighbours
    mine = batch.positions.clone().requires_grad_(True)
    plain = batch.positions.clone().requires_grad_(True)
    shifts = torch.einsum("pa,pab->pb", batch.pairs.shifts.double(), batch.cell[batch.structure[lists.receivers]])
    weights = torch.randn(lists.pairs, 3, dtype=torch.float64)
    vectors = pair_vectors(batch, positions=mine)
    expected = plain[lists.index] - plain[lists.receivers] + shifts
    torch.testing.assert_close(vectors, expected, rtol=0, atol=1e-13)  # rounding at 50 Angstrom
    (vectors * weights).sum().backward()
    (expected * weights).sum().backward()
    torch.testing.assert_close(mine.grad, plain.grad, rtol=0, atol=1e-12)  # another order of some hundred terms


def test_vectors_work_under_torch_func() -> None:
    batch = Batch.from_structures([bulk(1, 3, (True,) * 3)], 2.5, dtype=torch.float64)

    def energy(positions: torch.Tensor) -> torch.Tensor:
        return pair_energy(batch, positions).sum()

    gradient = torch.func.grad(energy)(batch.positions)
    positions = batch.positions.clone().requires_grad_(True)
    torch.testing.assert_close(gradient, torch.autograd.grad(energy(positions), positions)[0], rtol=0, atol=0)
    hessian = torch.func.jacrev(torch.func.grad(energy))(batch.positions).reshape(9, 9)
    # Exact but for the order of sums: second derivatives commute.
    torch.testing.assert_close(hessian, hessian.T, rtol=1e-12, atol=1e-10)


def test_vectors_need_pairs_of_the_same_atoms() -> None:
    batch = Batch.from_structures([random_structure(0, 3)])
    with pytest.raises(InputError, match="the batch has no pairs"):
        pair_vectors(batch)
    other = Batch.from_structures([random_structure(0, 2)], 2.0).pairs
    assert isinstance(other, Pairs)
    with pytest.raises(InputError, match="positions of 3 atoms and pairs of as many"):
        pair_vectors(batch, other)
    with pytest.raises(InputError, match="strain has the shape"):
        pair_vectors(batch.with_pairs(2.0), strain=torch.zeros(3, 3))
