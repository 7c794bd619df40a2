"""Files that invgen wrote at commit a6f4487 load, and give the numbers that they gave then.

What stands in `written_at_a6f4487` is what users have: pickles name modules and classes, exported programs name
operators by the keys of kernels, checkpoints name the entries of state dicts. See `write_fixtures`.
"""

from __future__ import annotations

import csv
import importlib
import json
import pickle
import shutil
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen import TensorSpace, generate
from invgen.interop.export import export_forces
from invgen.runtime import Neighbours
from invgen.training import load_potential, train
from invgen.training.yaml_file import read_config
from tests.golden import write_fixtures as wrote

FOLDER = Path(__file__).with_name("written_at_a6f4487")
# float64: compilers and processors differ in the order of sums of at most a few hundred terms of order one.
CLOSE = {"rtol": 1e-10, "atol": 1e-11}
# A few steps of an optimiser amplify such differences.
TRAINED = {"rel": 1e-6}


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Tensors of these tests are too small to share out."""


@cache
def numbers(file: str, side: str) -> dict[str, torch.Tensor]:
    """Inputs ("in") or outputs ("out") of a file by name."""
    with np.load(FOLDER / "expected.npz") as arrays:
        prefix = f"{file}/{side}/"
        found = {
            name.removeprefix(prefix): torch.from_numpy(arrays[name]) for name in arrays if name.startswith(prefix)
        }
    assert found or side == "in"
    return found


def assert_as_before(file: str, found: Mapping[str, torch.Tensor]) -> None:
    wanted = numbers(file, "out")
    assert sorted(found) == sorted(wanted)
    for name, tensor in found.items():
        torch.testing.assert_close(
            tensor.detach(), wanted[name], **CLOSE, msg=lambda text, name=name: f"{name}: {text}"
        )


def pickled(file: str) -> Any:
    return pickle.loads((FOLDER / file).read_bytes())


def test_the_expectations_are_of_files_that_are_here() -> None:
    with np.load(FOLDER / "expected.npz") as arrays:
        assert {name.split("/")[0] for name in arrays} <= {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("name", json.loads((FOLDER / "globals.json").read_text())["all"])
def test_what_pickles_name_is_there(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    assert callable(getattr(importlib.import_module(module), attribute))


@pytest.mark.parametrize("kind", ["c", "torch", "plain"])
def test_a_pickled_kernel_of_invariants(kind: str) -> None:
    kernel = pickled(file := f"invariants_{kind}.pkl")
    assert isinstance(kernel, invgen.runtime.Kernel) and kernel.layout == ("plain" if kind == "plain" else "channel")
    assert_as_before(file, wrote.of_invariants(kernel, numbers(file, "in")))


@pytest.mark.parametrize("target", ["c", "torch"])
def test_a_pickled_weighted_kernel(target: str) -> None:
    kernel = pickled(file := f"weighted_{target}.pkl")
    assert isinstance(kernel, invgen.runtime.WeightedKernel)
    assert_as_before(file, wrote.of_weighted(kernel, numbers(file, "in")))


@pytest.mark.parametrize("form", invgen.runtime.MOMENTS_FORMS)
def test_a_pickled_kernel_of_moments(form: str) -> None:
    kernel = pickled(file := f"moments_{form}.pkl")
    assert isinstance(kernel, invgen.runtime.MomentsKernel)
    assert_as_before(file, wrote.of_moments(kernel, numbers(file, "in")))


def test_kernels_built_now_equal_the_pickled_ones() -> None:
    basis = wrote.small_basis()
    for target in ("c", "torch"):
        assert invgen.compile(basis, target, torch.float64).spec == pickled(f"invariants_{target}.pkl").spec
    assert invgen.compile_moments(1, "mixed", dtype=torch.float64).spec == pickled("moments_mixed.pkl").spec


@pytest.mark.parametrize("name", wrote.BASES)
def test_a_pickled_basis(name: str) -> None:
    basis, made = pickled(file := f"basis_{name}.pkl"), wrote.BASES[name]()
    assert basis == made and basis.id == made.id == json.loads((FOLDER / "bases.json").read_text())[name]
    assert basis.space == made.space and basis.certificate == made.certificate
    assert_as_before(file, wrote.of_basis(basis, numbers(file, "in")))


def test_a_pickled_basis_that_was_used_and_what_it_gave() -> None:
    used, made = pickled("basis_used.pkl"), wrote.small_basis()
    assert used == made and used.id == made.id and [m.latex() for m in used] == [m.latex() for m in made]
    member, report, claims, error = pickled("others.pkl")
    assert member == made[0] and member.polynomial() == made[0].polynomial()
    # Their sentences may be said better; what they are about stays.
    assert type(report) is type(made.report()) and [type(claim) for claim in claims] == [type(c) for c in made.verify()]
    assert isinstance(error, invgen.InputError) and str(error) == "a sentence"


def test_pickled_spaces_structures_and_configurations() -> None:
    assert pickled("space.pkl") == [make().space for make in wrote.BASES.values()]
    structure, batch, config = pickled("structures.pkl")
    made = wrote.batch_of()
    assert np.array_equal(structure.positions, wrote.structure().positions)
    assert torch.equal(batch.positions, made.positions)
    assert torch.equal(batch.pairs.neighbours.index, made.pairs.neighbours.index)
    assert config == wrote.Config.from_mapping(wrote.settings("run", wrote.RUNS["ace"]))


def test_an_enumeration_goes_on_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "enumeration"
    shutil.copytree(FOLDER / "enumeration", folder)
    space = TensorSpace("1o + 2e")
    assert generate(space, 3, checkpoint=folder).id == generate(space, 3).id
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in (FOLDER / "enumeration").iterdir())


@pytest.mark.parametrize("kind", wrote.NETWORKS)
def test_a_whole_potential_and_its_weights(kind: str) -> None:
    batch, file = wrote.batch_of(), f"potential_{kind}.pt"
    whole = torch.load(FOLDER / file, weights_only=False)
    assert_as_before(file, wrote.of_potential(whole, batch))
    fresh = wrote.network(kind)
    with torch.no_grad():
        for parameter in fresh.parameters():
            parameter.zero_()
    fresh.load_state_dict(torch.load(FOLDER / f"state_{kind}.pt"))
    assert_as_before(file, wrote.of_potential(fresh, batch))


def test_the_file_for_lammps() -> None:
    model = pickled("lammps.pkl")
    assert (model.element_types, model.rcutfac, model.ghosts) == (["H", "O"], wrote.CUTOFF / 2, False)
    assert_as_before("potential_HIPNN.pt", wrote.of_potential(model.potential, wrote.batch_of()))


# Programs: the process has their operators once it has built the same kernels or networks.


def program(file: str) -> torch.nn.Module:
    return torch.export.load(FOLDER / file).module()


def test_a_program_with_invariants() -> None:
    invgen.compile(wrote.small_basis(), "c", torch.float64)
    given = numbers("invariants.pt2", "in")
    assert_as_before("invariants.pt2", {"value": program("invariants.pt2")(given["0"])})


def test_a_program_that_takes_neighbours() -> None:
    invgen.compile_moments(1, "mixed", dtype=torch.float64)
    given = numbers("moments.pt2", "in")
    pairs = numbers("moments_mixed.pkl", "in")
    neighbours = Neighbours.from_receivers(pairs["receivers"], pairs["index"], 4)
    value = program("moments.pt2")(*(given[str(k)] for k in range(3)), neighbours)
    assert_as_before("moments.pt2", {"value": value})


def test_a_program_that_takes_a_batch() -> None:
    wrote.network("ACE")
    assert_as_before("energy.pt2", {"value": program("energy.pt2")(wrote.batch_of())})


def test_a_program_with_forces() -> None:
    wrote.network("HIPHOPNN")
    results = program("forces.pt2")(*wrote.program_arguments(wrote.batch_of()))
    assert_as_before("forces.pt2", dict(zip(("energies", "forces", "virial"), results)))


@pytest.mark.slow
def test_the_program_that_is_exported_now_calls_the_same_operators() -> None:
    def operators(program: Any) -> list[str]:
        return [str(node.target) for node in program.graph.nodes if str(node.target).startswith("invgen.")]

    now = export_forces(wrote.network("HIPHOPNN"))
    then = torch.export.load(FOLDER / "forces.pt2")
    assert operators(now) == operators(then) != []


# Training


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(FOLDER / "training", tmp_path / "training")
    monkeypatch.chdir(tmp_path / "training")
    return tmp_path / "training"


def rows(path: Path) -> list[dict[str, float]]:
    return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(path.read_text().splitlines())]


@pytest.mark.parametrize("name", wrote.RUNS)
def test_a_trained_potential_has_the_errors_that_its_curve_says(name: str, runs: Path) -> None:
    from invgen.training import evaluate
    from invgen.training.data import load_data

    trained = load_potential(runs / f"{name}_potential.pt")
    assert trained.config.model.kind == wrote.RUNS[name]["kind"] and trained.elements == wrote.SPECIES
    best = min(row["validation_loss"] for row in rows(runs / f"{name}_curve.csv"))
    found = evaluate(trained, load_data(trained.config, runs).validation)
    assert found["loss"] == pytest.approx(best, rel=1e-9)


def test_a_killed_run_goes_on_along_its_curve(runs: Path) -> None:
    assert len(rows(runs / "run" / "curve.csv")) == 3
    train(read_config(runs / "run" / "config.yaml"), resume=True)
    found, wanted = rows(runs / "run" / "curve.csv"), rows(runs / "hiphop_curve.csv")
    assert len(found) == 4
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours == pytest.approx(theirs, **TRAINED)


# Packages


@pytest.fixture
def package() -> Iterator[Any]:
    sys.path.insert(0, str(FOLDER))
    try:
        yield importlib.import_module("package_at_a6f4487")
    finally:
        sys.path.remove(str(FOLDER))
        sys.modules.pop("package_at_a6f4487", None)


@pytest.mark.parametrize("target", ["c", "torch"])
def test_a_kernel_package(package: Any, target: str) -> None:
    made = generate(TensorSpace("0e + 1o"), 2)
    assert package.basis_id == made.id and package.components == made.components
    x = np.random.default_rng(0).standard_normal((5, 4))
    kernel = package.kernel(dtype=torch.float64, layout="plain", target=target)
    torch.testing.assert_close(kernel(torch.from_numpy(x)), torch.from_numpy(made.evaluate(x)), **CLOSE)
