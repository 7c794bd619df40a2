"""Data sets give the same batches as a search from the start, splits repeat, atomic energies are least squares."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from invgen.errors import InputError
from invgen.structures import AtomicEnergies, Batch, Dataset, Frames, Structure, pair_vectors, split_indices
from invgen.structures import datasets as datasets_module
from invgen.structures.units import Units

pytest.importorskip("vesin")


def structures(count: int = 6) -> list[Structure]:
    """Atoms in cells and in free space, with energies and forces."""
    rng = np.random.default_rng(7)
    made = []
    for k in range(count):
        atoms = int(rng.integers(1, 8))
        numbers, places = rng.choice([1, 6, 8], atoms), rng.uniform(0, 5, (atoms, 3))
        forces = rng.normal(size=(atoms, 3))
        made.append(Structure(numbers, places, np.eye(3) * 5, k % 2 == 0, energy=float(rng.normal()), forces=forces))
    return made


def test_frames_give_back_the_structures() -> None:
    for k, (before, after) in enumerate(
        zip(structures(), map(Frames.from_structures(structures()).structure, range(6)))
    ):
        for name in ("numbers", "positions", "cell", "periodic", "forces"):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name), err_msg=f"{name} {k}")
        assert before.energy == after.energy and after.stress is None and after.charges is None


def test_batches_are_those_of_a_search_from_the_start_in_the_order_asked_for() -> None:
    frames = Frames.from_structures(structures())
    dataset = Dataset(frames, 3.0, dtype=torch.float64)
    for chosen in ([4, 0, 3], [2], [1, 3, 5], [0, 0]):
        batch = dataset.batch(chosen)
        expected = Batch.from_structures([frames.structure(k) for k in chosen], 3.0, dtype=torch.float64)
        assert batch.frame.tolist() == chosen  # type: ignore[union-attr]
        assert batch.pairs is not None and expected.pairs is not None
        for mine, theirs in zip(batch.pairs.neighbours.lists, expected.pairs.neighbours.lists):
            assert torch.equal(mine, theirs)
        for name in ("positions", "species", "cell", "periodic", "structure", "energy", "forces"):
            assert torch.equal(getattr(batch, name), getattr(expected, name)), name
        assert torch.equal(pair_vectors(batch), pair_vectors(expected))
        assert batch.stress is None and batch.charges is None


def test_pairs_of_a_frame_are_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(*given: object, **named: object) -> object:
        calls.append(named["name"])
        return find(*given, **named)  # type: ignore[arg-type]

    find = datasets_module.find_pairs
    monkeypatch.setattr(datasets_module, "find_pairs", counted)
    dataset = Dataset(Frames.from_structures(structures()), 3.0)
    assert dataset.nbytes == 0
    dataset.batch([1, 2])
    dataset.batch([2, 1, 1])
    assert calls == ["frame 1", "frame 2"]
    assert len(set(dataset.prepare() and calls)) == len(calls) == 6
    pairs = sum(dataset.pairs(k).index.size for k in range(6))
    periodic = sum(dataset.pairs(k).index.size for k in range(0, 6, 2))
    atoms = int(dataset.frames.sizes.sum())
    assert dataset.nbytes == 12 * pairs + 12 * periodic + 8 * (atoms + 6)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_gives_batches_of_all_frames(workers: int) -> None:
    dataset = Dataset(Frames.from_structures(structures()), 3.0).prepare()
    loader = DataLoader(dataset, batch_size=4, shuffle=True, collate_fn=dataset.collate, num_workers=workers)
    batches = list(loader)
    assert [each.structures for each in batches] == [4, 2]
    assert sorted(k for each in batches for k in each.frame.tolist()) == list(range(6))


def test_datasets_refuse_in_one_sentence() -> None:
    frames = Frames.from_structures(structures())
    with pytest.raises(InputError, match="6 of 6 frames have no stress, the first is frame 0"):
        Dataset(frames, 3.0, targets=("stress",))
    with pytest.raises(InputError, match="positions are floating numbers"):
        Dataset(frames, 3.0, dtype=torch.int64)
    with pytest.raises(InputError, match="a cutoff is a positive number"):
        Dataset(frames, 0.0)
    dataset = Dataset(frames, 3.0)
    for indices in ([], [6], [-1]):
        with pytest.raises(InputError, match="a batch has at least one frame, numbered 0 to 5"):
            dataset.batch(indices)
    near = Structure(np.array([1, 6]), np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"atoms 0 \(H\) and 1 \(C\) of frame 1 are 0.0e\+00 Angstrom apart"):
        Dataset(Frames.from_structures([structures()[0], near]), 3.0).batch([0, 1])


def test_frames_with_a_target_are_chosen_by_it() -> None:
    bare = [Structure(each.numbers, each.positions) for each in structures(2)]
    frames = Frames.from_structures([bare[0], *structures(3), bare[1]])
    assert frames.has("energy").tolist() == [False, True, True, True, False] and frames.complete_targets == ()
    assert not frames.has("charges").any()
    with pytest.raises(InputError, match=r"2 of 5 frames have no energy, the first is frame 0: .*frames\[frames.has"):
        frames.require("energy")
    kept = frames[frames.has("energy")].require("energy", "forces")
    assert len(kept) == 3 and Dataset(kept, 3.0).targets == ("energy", "forces")


def test_frames_are_chosen_by_slices_numbers_and_masks() -> None:
    frames = Frames.from_structures(structures(), labels={"name": np.array(list("abcdef"))})
    for chosen, expected in (
        (slice(1, None, 2), "bdf"),
        ([5, 0, 0], "faa"),
        (np.array([-1, 2]), "fc"),
        (frames.labels["name"] == "d", "d"),
    ):
        some = frames[chosen]
        assert "".join(some.labels["name"]) == expected
        for k, letter in enumerate(expected):
            np.testing.assert_array_equal(
                some.structure(k).positions, frames.structure("abcdef".index(letter)).positions
            )
    for wrong, sentence in (([6], "frames go from 0 to 5"), ([0.5], "chosen by whole numbers"), (3, "structure")):
        with pytest.raises(InputError, match=sentence):
            frames[wrong]
    with pytest.raises(InputError, match="there are no frames"):
        frames[[]]


def test_unknown_elements_are_named_with_their_frame() -> None:
    frames = Frames.from_structures([structures()[0], Structure(np.array([8, 79]), np.eye(3)[:2])])
    assert frames.require_elements((1, 6, 8, 79)) is frames
    with pytest.raises(InputError, match="frame 1 has an atom of Au, but the model knows H, C, O"):
        frames.require_elements((1, 6, 8))


def test_splits_are_disjoint_and_repeat_with_their_seed() -> None:
    first, second = split_indices(100, (70, 20), 5), split_indices(100, (70, 20), 5)
    assert [part.size for part in first] == [70, 20] and all(map(np.array_equal, first, second))
    assert len(set(np.concatenate(first).tolist())) == 90
    assert not np.array_equal(first[0], split_indices(100, (70, 20), 6)[0])
    # Published splits must come back with every later numpy: its Generator may change only with a notice.
    assert split_indices(10, (4,), 0)[0].tolist() == [4, 6, 2, 7]
    parts = Frames.from_structures(structures()).split(4, 2, seed=1)
    assert [len(part) for part in parts] == [4, 2]
    for counts in ((101,), (-1,), (0.5,), (True,)):
        with pytest.raises(InputError, match="split"):
            split_indices(100, counts, 0)  # type: ignore[arg-type]


def test_atomic_energies_explain_sums_of_atomic_energies() -> None:
    true = {1: -13.5, 6: -1030.0, 8: -2041.0}
    made = [
        Structure(each.numbers, each.positions, energy=sum(true[int(n)] for n in each.numbers))
        for each in structures(30)
    ]
    frames = Frames.from_structures(made)
    fitted = AtomicEnergies.fit(frames)
    # Least squares of 30 exact sums: rounding of energies of 1e4 eV.
    np.testing.assert_allclose(fitted.energies, list(true.values()), rtol=0, atol=1e-9)
    rest = fitted.subtract(frames)
    np.testing.assert_allclose(rest.targets["energy"], 0, atol=1e-9)
    assert rest.metadata["energy"].startswith("total minus atomic energies in eV: H -13.")
    table = AtomicEnergies((1, 6, 8), (-13.5, -1030.0, -2041.0)).table()
    for structure in made[:3]:
        assert float(table[torch.from_numpy(structure.numbers.copy())].sum()) == structure.energy


def _atom(number: int, energy: float, periodic: bool = False) -> Structure:
    return Structure(np.array([number]), np.zeros((1, 3)), np.eye(3) * 9.0, periodic, energy=energy)


def _water(energy: float) -> Structure:
    return Structure(np.array([8, 1, 1]), np.eye(3), energy=energy)


def test_isolated_atoms_give_their_energies_exactly() -> None:
    frames = Frames.from_structures([_atom(1, -13.6), _atom(8, -432.0), *[_water(-469.2)] * 50])
    assert AtomicEnergies.fit(frames) == AtomicEnergies((1, 8), (-13.6, -432.0))


def test_elements_without_an_isolated_atom_take_what_is_left() -> None:
    fitted = AtomicEnergies.fit(Frames.from_structures([_atom(1, -13.5), *[_water(-469.0)] * 3]))
    assert fitted.energies[0] == -13.5
    # One exact sum of numbers below 500: a few units in the last place.
    assert fitted.energies[1] == pytest.approx(-442.0, rel=1e-14)


def test_one_atom_of_a_crystal_is_not_isolated_unless_its_label_says_so() -> None:
    given = [_atom(79, -3.8, periodic=True), _atom(79, -0.2, periodic=True)]
    assert AtomicEnergies.fit(Frames.from_structures(given)).energies[0] == pytest.approx(-2.0, rel=1e-14)
    labels = {"config_type": np.array(["fcc", "IsolatedAtom"])}
    assert AtomicEnergies.fit(Frames.from_structures(given, labels)).energies == (-0.2,)


def _same(first: Frames, second: Frames) -> bool:
    names = ("numbers", "positions", "pointer", "cells", "periodic")
    arrays = all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names)
    targets = all(np.array_equal(first.targets[name], second.targets[name]) for name in first.targets)
    return arrays and targets and list(first.targets) == list(second.targets) and first.metadata == second.metadata


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, lambda each: pickle.loads(pickle.dumps(each))])
def test_frames_and_data_sets_are_copied_and_pickled(copied: Callable[[Any], Any]) -> None:
    frames = Frames.from_structures(structures(4), {"split": np.arange(4)}, {"source": "a test"})
    again = copied(frames)
    assert _same(frames, again) and np.array_equal(again.labels["split"], np.arange(4))
    assert not again.positions.flags.writeable, "what is frozen stays frozen"
    dataset = copied(Dataset(frames, 3.0).prepare())
    assert _same(frames, dataset.frames) and dataset.nbytes == Dataset(frames, 3.0).prepare().nbytes


@pytest.mark.slow
def test_worker_processes_that_are_not_forked_load_the_same_batches() -> None:
    dataset = Dataset(Frames.from_structures(structures(4)), 3.0)
    loader = DataLoader(
        dataset, batch_size=2, num_workers=1, collate_fn=dataset.collate, multiprocessing_context="forkserver"
    )
    for batch, start in zip(loader, (0, 2), strict=True):
        assert torch.equal(batch.positions, dataset.batch([start, start + 1]).positions)


def test_one_composition_leaves_the_solution_of_least_norm() -> None:
    water = [Structure(np.array([8, 1, 1]), np.eye(3), energy=energy) for energy in (-8.0, -12.0)]
    fitted = AtomicEnergies.fit(Frames.from_structures(water))
    # (2, 1) x = -10 with least norm is -10 (2, 1) / 5.
    np.testing.assert_allclose(fitted.energies, (-4.0, -2.0), rtol=1e-14)
    gold = Frames.from_structures([Structure(np.array([79]), np.zeros((1, 3)), energy=0.0)])
    with pytest.raises(InputError, match="no atomic energy for Au; there are those of H, O"):
        fitted.of(gold)
    with pytest.raises(InputError, match="1 of 1 frames have no energy"):
        AtomicEnergies.fit(Frames.from_structures([Structure(np.array([1]), np.zeros((1, 3)))]))
    with pytest.raises(InputError, match="atomic energies are one for each element"):
        AtomicEnergies((1, 1), (0.0, 0.0))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"numbers": ["H"]}, "numbers of frames are int64, got <U1"),
        ({"numbers": [1.5]}, "numbers of frames are int64, got float64"),
        ({"positions": "a"}, "positions of frames are float64, got <U1"),
        ({"pointer": 0}, "numbers and pointer have one axis"),
        ({"periodic": [["a", "b", "c"]]}, "periodic of frames are bool, got <U1"),
        ({"targets": {"energy": "x"}}, "energy of frames are float64, got <U1"),
        ({"targets": {"energy": [True]}}, "energy of frames are float64, got bool"),
        ({"labels": {"group": 3}}, "the label 'group' has one entry per frame"),
    ],
)
def test_frames_of_other_types_are_one_sentence(change: dict[str, Any], sentence: str) -> None:
    given = {
        "numbers": [1],
        "positions": np.zeros((1, 3)),
        "pointer": [0, 1],
        "cells": np.zeros((1, 3, 3)),
        "periodic": np.zeros((1, 3), dtype=bool),
    }
    Frames(**given)
    with pytest.raises(InputError, match=sentence):
        Frames(**(given | change))


def test_what_is_not_a_frame_or_an_element_is_one_sentence() -> None:
    frames = Frames.from_structures(structures())
    dataset = Dataset(frames, 3.0)
    for call, sentence in (
        (lambda: Dataset(structures(), 3.0), "a data set is made of frames, got list"),
        (lambda: Dataset(frames, 3.0, dtype="float32"), "positions are floating numbers"),
        (lambda: dataset.batch([True, False]), "frames are chosen by whole numbers, got bool"),
        (lambda: dataset.batch([0.5]), "frames are chosen by whole numbers, got float64"),
        (lambda: dataset["a"], "frames are chosen by whole numbers, got 'a'"),
        (lambda: dataset.pairs(99), "the number of a frame is an integer from 0 to 5, got 99"),
        (lambda: frames.structure("a"), "frames go from 0 to 5, got 'a'"),
        (lambda: frames.structure(True), "frames go from 0 to 5, got True"),
        (lambda: frames.split(1, seed=None), "the seed of a split is an integer of at least 0, got None"),
        (lambda: frames.require_elements(["H"]), "an atomic number is an integer from 1 to 118, got 'H'"),
        (lambda: AtomicEnergies((1,), ("low",)), "the energy of an atom is a finite number, got 'low'"),
    ):
        with pytest.raises(InputError, match=sentence):
            call()


class Sent:
    """What a worker is given and what it gives back."""

    def __init__(self) -> None:
        frames = Frames.from_structures(structures())
        batch = Dataset(frames, 3.0, dtype=torch.float32).prepare().batch([0, 1, 2])
        assert batch.pairs is not None
        self.things: dict[str, Any] = {
            "structure": frames.structure(1),
            "frames": frames,
            "dataset": Dataset(frames, 3.0, dtype=torch.float32).prepare(),
            "batch": batch,
            "pairs": batch.pairs,
            "neighbours": batch.pairs.neighbours,
            "energies": AtomicEnergies.fit(frames),
            "units": Units("Hartree", "Bohr"),
        }


def numbers_of(thing: Any) -> list[Any]:
    """All that a thing holds, as arrays and texts."""
    if isinstance(thing, torch.Tensor | np.ndarray):
        return [np.asarray(thing)]
    if isinstance(thing, dict | MappingProxyType):
        return [each for name in thing for each in [name, *numbers_of(thing[name])]]
    if isinstance(thing, list | tuple):
        return [each for value in thing for each in numbers_of(value)]
    if hasattr(thing, "__dict__") and not isinstance(thing, type):
        return numbers_of(vars(thing))
    return [str(thing)]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_everything_goes_to_a_worker_and_comes_back(method: str) -> None:
    sent = Sent().things
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        returned = pool.submit(dict, sent).result(timeout=300)
    for name, thing in sent.items():
        before, after = numbers_of(thing), numbers_of(returned[name])
        assert type(returned[name]) is type(thing) and len(before) == len(after) > 0, name
        for one, other in zip(before, after):
            np.testing.assert_array_equal(one, other, err_msg=name)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_workers_make_the_batches_of_a_loader(method: str) -> None:
    dataset = Dataset(Frames.from_structures(structures()), 3.0, dtype=torch.float32)
    loader = DataLoader(
        dataset, batch_size=3, num_workers=1, collate_fn=dataset.collate, multiprocessing_context=method, timeout=300
    )
    for k, batch in enumerate(loader):
        expected = dataset.batch(range(3 * k, 3 * k + 3))
        assert batch.exact is not None
        assert torch.equal(pair_vectors(batch), pair_vectors(expected))
        assert torch.equal(batch.energy, expected.energy)  # type: ignore[arg-type]
