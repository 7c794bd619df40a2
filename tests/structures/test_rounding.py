"""Vectors of pairs are those of float64 positions, rounded once: far from the origin too, with gradients as before."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.structures import Batch, Dataset, Frames, Structure, pair_vectors

pytest.importorskip("vesin")

CUTOFF = 3.0
FAR = 5000.0


def molecules(shift: float = 0.0) -> list[Structure]:
    """Three molecules in free space."""
    rng = np.random.default_rng(3)
    return [Structure(np.full(n, 6), rng.uniform(0, 4, (n, 3)) + shift, energy=-1.0) for n in (5, 1, 8)]


def crystals(shift: float = 0.0) -> list[Structure]:
    """Three crystals, whose atoms have drifted by many whole cells, each by its own number."""
    rng = np.random.default_rng(4)
    made = []
    for n in (4, 2, 6):
        cell = 4.7 * np.eye(3) + rng.uniform(-0.5, 0.5, (3, 3))
        drift = np.round(shift / 4.7 * rng.uniform(-1, 1, (n, 3))) @ cell
        made.append(Structure(np.full(n, 14), rng.uniform(0, 4.7, (n, 3)) + drift, cell, True, energy=-1.0))
    return made


KINDS: dict[str, Callable[[float], list[Structure]]] = {"molecules": molecules, "crystals": crystals}


def reference(structures: list[Structure]) -> torch.Tensor:
    return pair_vectors(Batch.from_structures(structures, CUTOFF, dtype=torch.float64))


WAYS: dict[str, Callable[[list[Structure], torch.dtype], Batch]] = {
    "structures": lambda given, dtype: Batch.from_structures(given, CUTOFF, dtype=dtype),
    "frames": lambda given, dtype: Dataset(Frames.from_structures(given), CUTOFF, dtype=dtype).batch([0, 1, 2]),
    "cast": lambda given, dtype: Batch.from_structures(given, CUTOFF, dtype=torch.float64).to("cpu", dtype),
    "pairs": lambda given, dtype: Batch.from_structures(given, dtype=dtype).with_pairs(CUTOFF),
    "joined": lambda given, dtype: Batch.concatenate(
        [Batch.from_structures([each], CUTOFF, dtype=dtype) for each in given]
    ),
    "pickled": lambda given, dtype: pickle.loads(pickle.dumps(Batch.from_structures(given, CUTOFF, dtype=dtype))),
    "copied": lambda given, dtype: copy.deepcopy(Batch.from_structures(given, CUTOFF, dtype=dtype).to("cpu")),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_vectors_are_those_of_float64_rounded_once(kind: str, way: str, dtype: torch.dtype) -> None:
    for shift in (0.0, FAR):
        structures = KINDS[kind](shift)
        batch = WAYS[way](structures, dtype)
        assert batch.positions.dtype == batch.cell.dtype == batch.energy.dtype == dtype  # type: ignore[union-attr]
        assert torch.equal(pair_vectors(batch), reference(structures).to(dtype))


def test_back_in_float64_the_digits_are_there_again() -> None:
    structures = crystals(FAR)
    batch = Batch.from_structures(structures, CUTOFF, dtype=torch.float32).to(dtype=torch.float64)
    assert batch.exact is None
    assert torch.equal(batch.positions, torch.from_numpy(np.concatenate([each.positions for each in structures])))
    assert torch.equal(pair_vectors(batch), reference(structures))


@pytest.mark.parametrize("kind", KINDS)
def test_positions_that_were_changed_since_are_taken_as_they_are(kind: str) -> None:
    batch = Batch.from_structures(KINDS[kind](FAR), CUTOFF, dtype=torch.float32)
    moved = batch.positions + torch.tensor([1.0, -2.0, 0.5])
    as_they_are = pair_vectors(replace(batch, positions=moved).to(dtype=torch.float64))
    cell = batch.unrounded().cell
    # The cells were not changed, and still have their digits.
    expected = pair_vectors(replace(batch.to(dtype=torch.float64), positions=moved.double(), cell=cell))
    assert torch.equal(pair_vectors(batch, positions=moved), expected.float())
    if kind == "molecules":
        assert torch.equal(as_they_are, expected)
    # In place, behind the back of the batch.
    batch.positions.copy_(moved)
    assert torch.equal(pair_vectors(batch), expected.float())


def test_atoms_elsewhere_keep_their_digits_and_pairs() -> None:
    then, now = molecules(FAR), [replace(each, positions=each.positions + 1e-4) for each in molecules(FAR)]
    batch = Batch.from_structures(then, CUTOFF, dtype=torch.float32)
    places = torch.from_numpy(np.concatenate([each.positions for each in now]))
    there = batch.with_positions(places)
    assert there.pairs is batch.pairs and there.positions.dtype == torch.float32
    assert torch.equal(pair_vectors(there), reference(now).float())
    with pytest.raises(
        InputError, match=r"positions of this batch are floating numbers of shape \(14, 3\) on cpu, got"
    ):
        batch.with_positions(places[:3])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_by_positions_cells_and_strain_are_those_of_float64(kind: str, dtype: torch.dtype) -> None:
    gradients = []
    for shift, real in ((0.0, torch.float64), (FAR, dtype)):
        batch = Batch.from_structures(KINDS[kind](shift), CUTOFF, dtype=real)
        positions = batch.positions.clone().requires_grad_()
        strain = torch.zeros_like(batch.cell).requires_grad_()
        batch.cell.requires_grad_()
        lengths = pair_vectors(batch, positions=positions, strain=strain).square().sum(1).sqrt()
        energy = (-lengths).exp().sum()
        first = torch.autograd.grad(energy, (positions, strain), create_graph=True)
        second = torch.autograd.grad(sum(each.square().sum() for each in first), (positions, strain))
        assert {each.dtype for each in (*first, *second)} == {real}
        gradients.append([each.double() for each in (*first, *second)])
    # At most some forty terms of order one and their derivatives, in float32 the rounding of each.
    close = 2e-5 if dtype == torch.float32 else 1e-9
    for near, far in zip(*gradients):
        torch.testing.assert_close(far, near, rtol=close, atol=close)


def test_derivatives_in_forward_mode_and_under_vmap_are_those_of_a_linear_map() -> None:
    batch = Batch.from_structures(molecules(FAR), CUTOFF, dtype=torch.float32)
    tangent = torch.randn(batch.positions.shape, generator=torch.Generator().manual_seed(0))

    def vectors(positions: torch.Tensor) -> torch.Tensor:
        return pair_vectors(batch, positions=positions)

    lists = batch.pairs.neighbours  # type: ignore[union-attr]
    moved = (tangent.double()[lists.index] - tangent.double()[lists.receivers]).float()
    assert torch.equal(torch.func.vjp(vectors, batch.positions)[0], vectors(batch.positions))
    stack = torch.stack([batch.positions, batch.positions + 1])
    assert torch.equal(torch.vmap(vectors)(stack)[0], vectors(batch.positions))
    (back,) = torch.func.vjp(vectors, batch.positions)[1](moved)
    # <moved, J tangent> = <J^T moved, tangent>: sums of some hundred products in float32.
    torch.testing.assert_close((back * tangent).sum(), moved.square().sum(), rtol=1e-5, atol=0)


def test_a_batch_of_float64_holds_its_positions_once() -> None:
    batch = Batch.from_structures(molecules(), CUTOFF, dtype=torch.float64)
    assert batch.exact is None and batch.unrounded().positions is batch.positions


def test_a_program_of_a_batch_takes_its_fields_alone(tmp_path: Path) -> None:
    class Vectors(torch.nn.Module):
        def forward(self, batch: Batch) -> torch.Tensor:
            return pair_vectors(batch)

    batch = Batch.from_structures(crystals(), CUTOFF, dtype=torch.float32)
    torch.export.save(torch.export.export(Vectors(), (batch,), strict=False), tmp_path / "vectors.pt2")
    found = torch.export.load(tmp_path / "vectors.pt2").module()(batch)
    # Positions within 5 Angstrom, rounded to float32 once more.
    torch.testing.assert_close(found, pair_vectors(batch), rtol=0, atol=2e-6)
