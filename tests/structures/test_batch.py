"""A batch is its structures, whichever way it is made, and refuses what makes no structures."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.structures import Batch, Structure, element_index, pair_vectors, structure_totals
from invgen.structures.segments import spread, total

ase_build = pytest.importorskip("ase.build")
pytest.importorskip("vesin")

MOLECULES = ("H2O", "CH4", "C6H6", "CH3CH2OH", "SiH4")


def molecule(name: str) -> Structure:
    """One of ASE's molecules with made-up targets."""
    atoms = ase_build.molecule(name)
    rng = np.random.default_rng(len(atoms))
    structure = Structure.from_ase(atoms)
    return replace(structure, energy=-len(atoms) * 1.5, forces=rng.normal(size=(len(atoms), 3)))


def equal(first: Batch, second: Batch) -> bool:
    for field in fields(Batch):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if field.name == "pairs" and one is not None:
            one, other = torch.cat(one.neighbours.lists), torch.cat(other.neighbours.lists)
        if (one is None) != (other is None) or (one is not None and not torch.equal(one, other)):
            return False
    return True


def test_a_batch_of_molecules_holds_them_one_after_the_other() -> None:
    structures = [molecule(name) for name in MOLECULES]
    batch = Batch.from_structures(structures, 3.0, dtype=torch.float64)
    assert (batch.structures, batch.atoms) == (5, sum(len(each) for each in structures))
    assert batch.atom_pointer.tolist() == [0, 3, 8, 20, 29, 34]
    assert batch.energy is not None and batch.forces is not None and batch.stress is None
    for k, structure in enumerate(structures):
        mine = batch.structure == k
        np.testing.assert_array_equal(batch.positions[mine].numpy(), structure.positions)
        np.testing.assert_array_equal(batch.species[mine].numpy(), structure.numbers)
        np.testing.assert_array_equal(batch.forces[mine].numpy(), structure.forces)
        assert float(batch.energy[k]) == structure.energy
    alone = Batch.from_structures([structures[3]], 3.0, dtype=torch.float64)
    assert batch.pairs is not None
    receivers = batch.structure[batch.pairs.neighbours.receivers] == 3
    assert torch.equal(pair_vectors(batch)[receivers], pair_vectors(alone))


def test_joining_batches_is_making_one_of_all_structures() -> None:
    structures = [molecule(name) for name in MOLECULES]
    whole = Batch.from_structures(structures, 2.5)
    parts = [Batch.from_structures(structures[:2], 2.5), Batch.from_structures(structures[2:], 2.5)]
    assert equal(Batch.concatenate(parts), whole)
    assert equal(Batch.from_structures(structures, dtype=torch.float64).with_pairs(2.5).to(dtype=torch.float32), whole)


def test_joining_refuses_batches_of_which_some_lack_a_target() -> None:
    water = molecule("H2O")
    parts = [Batch.from_structures([each]) for each in (water, replace(water, forces=None))]
    with pytest.raises(InputError, match="batch 1 has no forces, which others have"):
        Batch.concatenate(parts)
    with pytest.raises(InputError, match="at least one batch"):
        Batch.concatenate([])


def test_moving_a_batch_changes_floating_tensors_alone() -> None:
    batch = Batch.from_structures([molecule("CH4")], 3.0, dtype=torch.float64).to("cpu", torch.float32)
    assert batch.positions.dtype == batch.cell.dtype == batch.energy.dtype == torch.float32  # type: ignore[union-attr]
    assert batch.species.dtype == batch.structure.dtype == torch.int64 and batch.periodic.dtype == torch.bool
    meta = batch.to("meta")
    assert meta.positions.device.type == meta.pairs.neighbours.index.device.type == "meta"  # type: ignore[union-attr]
    with pytest.raises(InputError, match="positions are floating numbers"):
        batch.to(dtype=torch.int64)


def test_targets_that_some_structures_lack_are_asked_for_or_refused() -> None:
    structures = [molecule("H2O"), Structure.from_ase(ase_build.molecule("CH4"))]
    with pytest.raises(InputError, match="structure 1 has no energy, which the batch is to hold"):
        Batch.from_structures(structures)
    with pytest.raises(InputError, match="structure 0 has no stress"):
        Batch.from_structures(structures, targets=("stress",))
    assert Batch.from_structures(structures, targets=()).energy is None
    with pytest.raises(
        InputError, match="'force' is not a target; targets are energy, forces, stress, charges, dipole, polarizability"
    ):
        Batch.from_structures(structures, targets=("force",))
    with pytest.raises(InputError, match="at least one structure"):
        Batch.from_structures([])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"numbers": np.array([1, 119, 1])}, "has an atom of number 119"),
        ({"numbers": np.array([1, 0, 1])}, "has an atom of number 0"),
        ({"numbers": np.array([1.0, 8.0, 1.0])}, "numbers are atomic numbers, integers"),
        ({"numbers": np.zeros(0, int)}, "with at least one atom"),
        ({"positions": np.zeros((2, 3))}, r"positions of this structure have the shape \(3, 3\), got \(2, 3\)"),
        ({"positions": np.full((3, 3), np.nan)}, "positions of a structure are finite"),
        ({"forces": np.full((3, 3), np.inf)}, "forces of a structure are finite"),
        ({"energy": float("nan")}, "energy of a structure are finite"),
        ({"energy": "low"}, "energy of a structure are numbers"),
        ({"energy": True}, "energy of a structure are numbers"),
        ({"energy": 1j}, "energy of a structure are numbers"),
        ({"numbers": ["O"]}, "numbers are atomic numbers, integers"),
        ({"numbers": [[1], [8, 1]]}, "numbers are an array, whose rows have one length"),
        ({"periodic": [True, False]}, "periodic is true or false, for all directions or for each of three"),
        ({"periodic": "yes"}, "periodic is true or false"),
        ({"periodic": True}, r"periodic along \[True, True, True\], but those rows of its cell"),
        ({"periodic": True, "cell": np.array([[1.0, 0, 0], [0, 1, 0], [1, 1, 0]])}, "zero or linearly dependent"),
        ({"periodic": np.array([1, 1, 0]), "cell": np.array([[2.0, 0, 0], [4, 0, 0], [0, 0, 1]])}, "dependent"),
    ],
)
def test_structures_are_refused_in_one_sentence(change: dict[str, object], sentence: str) -> None:
    given: dict[str, object] = {"numbers": np.array([1, 8, 1]), "positions": np.eye(3)}
    with pytest.raises(InputError, match=sentence):
        Structure(**(given | change))  # type: ignore[arg-type]


def test_slabs_and_wires_need_only_their_periodic_cell_vectors() -> None:
    cell = np.array([[2.0, 0, 0], [1.0, 2.5, 0], [0, 0, 0]])
    slab = Structure(np.array([6]), np.zeros((1, 3)), cell, np.array([True, True, False]))
    batch = Batch.from_structures([slab], 2.1)
    assert batch.pairs is not None and batch.pairs.neighbours.pairs == 2
    with pytest.raises(InputError, match="structure 0 has a cell without volume"):
        _ = batch.volumes


def tensors() -> dict[str, torch.Tensor]:
    """Two hydrogen atoms in each of two structures."""
    return {
        "positions": torch.arange(12.0).reshape(4, 3),
        "species": torch.ones(4, dtype=torch.int64),
        "cell": torch.zeros(2, 3, 3),
        "periodic": torch.zeros(2, 3, dtype=torch.bool),
        "structure": torch.tensor([0, 0, 1, 1]),
    }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"positions": torch.zeros(4, 3, dtype=torch.int64)}, "positions of a batch are floating numbers"),
        ({"species": torch.ones(4)}, "species of a batch of 2 structures with 4 atoms"),
        ({"species": torch.tensor([1, 1, 1, 0])}, "species are atomic numbers from 1"),
        ({"structure": torch.tensor([0, 0, 0, 0])}, "structure must rise from 0 to 1"),
        ({"structure": torch.tensor([0, 1, 0, 1])}, "structure must rise from 0 to 1"),
        ({"forces": torch.zeros(4, 3, dtype=torch.float64)}, "forces of a batch of 2 structures"),
        ({"energy": torch.zeros(3)}, r"has the shape \(2,\) and is torch.float32, got \(3,\)"),
        ({"energy": torch.tensor([0.0, float("nan")])}, "energy of a batch are finite"),
        ({"energy": [0.0, 0.0]}, "energy of a batch is a torch tensor, got list"),
        ({"positions": None}, "positions of a batch is a torch tensor, got NoneType"),
        ({"energy": torch.zeros(2, device="meta")}, "positions are on cpu and energy on meta"),
        ({"periodic": torch.ones(2, 3, dtype=torch.bool)}, "zero or linearly dependent"),
    ],
)
def test_batches_are_refused_in_one_sentence(change: dict[str, torch.Tensor], sentence: str) -> None:
    Batch(**tensors())
    with pytest.raises(InputError, match=sentence):
        Batch(**(tensors() | change))


def test_what_is_not_a_structure_or_a_dtype_is_one_sentence() -> None:
    atoms = ase_build.molecule("H2O")
    with pytest.raises(InputError, match=r"a batch is made of structures, got Atoms; Structure.from_ase takes ase"):
        Batch.from_structures([atoms])
    with pytest.raises(InputError, match=r"an ase.Atoms is needed, got str"):
        Structure.from_ase("H2O")
    for dtype in ("float32", torch.int64, np.float32):
        for make in (
            lambda dtype=dtype: Batch.from_structures([molecule("H2O")], dtype=dtype),
            lambda dtype=dtype: Batch.from_structures([molecule("H2O")]).to(dtype=dtype),
        ):
            with pytest.raises(InputError, match=r"they cannot be .*; use torch.float32 or"):
                make()
    with pytest.raises(InputError, match="targets are given by their names"):
        Batch.from_structures([molecule("H2O")], targets=3)  # type: ignore[arg-type]


def test_pairs_of_other_atoms_are_refused() -> None:
    pairs = Batch.from_structures([molecule("H2O")], 3.0).pairs
    with pytest.raises(InputError, match="the pairs are of 3 atoms, the batch has 4"):
        Batch(**tensors(), pairs=pairs)


def test_elements_are_indexed_in_the_order_of_the_model() -> None:
    batch = Batch.from_structures([molecule("CH3CH2OH")])
    assert element_index(batch.species, (8, 1, 6))[:3].tolist() == [2, 2, 0]
    with pytest.raises(InputError, match="unknown elements C, O: the model knows H, Si"):
        element_index(batch.species, (1, 14))


@pytest.mark.parametrize("number", [-113, -1, 0, 119])
def test_what_is_no_atomic_number_is_no_element(number: int) -> None:
    """-113 would be carbon, and -1 oganesson, if the number were an index."""
    with pytest.raises(InputError, match=rf"atomic numbers go from 1 \(H\) to 118 \(Og\), got {number}$"):
        element_index(torch.tensor([6, number]), (6, 118))


def test_totals_and_spreading_are_adjoint_to_second_order_and_under_vmap() -> None:
    owners, pointer = torch.tensor([1, 0, 1, 3, 1]), torch.tensor([0, 1, 4, 4, 5])
    order = torch.argsort(owners, stable=True)
    values = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
    members = torch.randn(5, 2, dtype=torch.float64, requires_grad=True)
    sums = total(members, owners, pointer, order)
    expected = torch.stack([members[owners == k].sum(0) for k in range(4)])
    torch.testing.assert_close(sums, expected, rtol=0, atol=1e-15)  # sums of three
    inner = (sums * values).sum(), (members * spread(values, owners, pointer, order)).sum()
    torch.testing.assert_close(*inner, rtol=1e-13, atol=1e-15)
    for function, given in ((total, members), (spread, values)):
        assert torch.autograd.gradcheck(lambda x, f=function: f(x, owners, pointer, order) ** 2, given)
        assert torch.autograd.gradgradcheck(lambda x, f=function: f(x, owners, pointer, order) ** 2, given)
        stack = torch.randn(3, *given.shape, dtype=torch.float64)
        mapped = torch.vmap(lambda x, f=function: f(x, owners, pointer, order))(stack)
        assert torch.equal(mapped, torch.stack([function(each, owners, pointer, order) for each in stack]))


class Lengths(torch.nn.Module):
    """(structures): the sum of all lengths of pairs."""

    def forward(self, batch: Batch) -> torch.Tensor:
        assert batch.pairs is not None
        lists = batch.pairs.neighbours
        lengths = pair_vectors(batch).norm(dim=1)
        return structure_totals(total(lengths, lists.receivers, lists.row_pointer), batch)


def test_a_model_of_batches_is_exported_saved_and_run_on_others(tmp_path: Path) -> None:
    def crystals(count: int, atoms: int) -> Batch:
        rng = np.random.default_rng(atoms)
        return Batch.from_structures(
            [Structure(np.ones(atoms, int), rng.uniform(0, 6, (atoms, 3)), 6 * np.eye(3), True) for _ in range(count)],
            4.0,
        )

    auto, batch = {0: torch.export.Dim.AUTO}, crystals(3, 5)
    shapes = [
        [[auto] * 5, auto] if field.name == "pairs" else None if getattr(batch, field.name) is None else auto
        for field in fields(Batch)
        if field.name not in ("dipole", "polarizability")  # in the tree of a batch that has them alone
    ]
    program = torch.export.export(Lengths(), (batch,), dynamic_shapes=(shapes,), strict=False)
    torch.export.save(program, tmp_path / "lengths.pt2")
    loaded = torch.export.load(tmp_path / "lengths.pt2").module()
    for other in (batch, crystals(2, 7)):
        assert torch.equal(loaded(other), Lengths()(other))


def test_a_compiled_model_of_batches_has_the_same_forces() -> None:
    batch = Batch.from_structures([molecule(name) for name in MOLECULES], 3.0, dtype=torch.float64)

    def lengths(positions: torch.Tensor) -> torch.Tensor:
        return pair_vectors(batch, positions=positions).norm(dim=1).sum()

    gradients = []
    for function in (lengths, torch.compile(lengths, fullgraph=True, backend="aot_eager")):
        positions = batch.positions.clone().requires_grad_(True)
        gradients.append(torch.autograd.grad(function(positions), positions)[0])
    # Compilers may order the sums of at most 40 unit vectors differently.
    torch.testing.assert_close(gradients[1], gradients[0], rtol=0, atol=1e-13)
