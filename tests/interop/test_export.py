"""A potential exported with its forces gives the potential's numbers for other numbers of atoms and pairs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import invgen
from invgen.errors import InputError
from invgen.interop.export import export_forces
from invgen.nn import ACE, HIPHOPNN, HIPNN, HIPNNTS, MACE, Allegro, Chebyshev, Potential
from invgen.runtime import Neighbours
from invgen.structures import Batch, Structure
from invgen.training.ace import ACENetwork, OneEnergy

pytest.importorskip("vesin")

SPECIES, CUTOFF = (1, 6, 8), 3.0
SMALL = {"features": 4, "sensitivities": 4, "atom_layers": 0, "interactions": 1, "dtype": torch.float64}


@lru_cache
def hiphop(target: str) -> tuple[Potential, torch.export.ExportedProgram]:
    """One small HIP-HOP-NN and its program, which takes seconds to make.

    Two tests share the one with target torch: their names put them into one half of the slow tests.
    """
    torch.manual_seed(0)
    model = Potential(HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, target=target, **SMALL))
    return model, export_forces(model)


def batch(atoms: int, periodic: bool, seed: int) -> Batch:
    rng = np.random.default_rng(seed)
    side = 1.6 * atoms ** (1 / 3)
    grid = np.stack(np.meshgrid(*[np.arange(4) * 1.6] * 3), -1).reshape(-1, 3)[:atoms]
    points = grid + rng.normal(size=(atoms, 3)) * 0.1
    cell = np.eye(3) * (side + 2.0)
    return Batch.from_structures(
        [Structure(rng.choice(SPECIES, atoms), points, cell, periodic)], CUTOFF, dtype=torch.float64
    )


def arguments(data: Batch) -> tuple[torch.Tensor, ...]:
    """What the exported program takes."""
    pairs = data.pairs
    offsets = torch.zeros(pairs.neighbours.pairs, 3, dtype=data.positions.dtype)
    if pairs.shifts is not None:
        offsets = pairs.shifts.to(data.positions.dtype) @ data.cell[0]
    return (data.positions, data.species, offsets, *pairs.neighbours.lists)


def ace(readout: str, target: str) -> Potential:
    """ACE of three elements with random parameters; the one with a small network as `invgen train` makes it."""
    basis = invgen.generate(ACE.space(len(SPECIES), 1, 1), 3 if target == "c" else 2, select="linear")
    torch.manual_seed(2)
    if readout == "linear":
        model = Potential(ACE(basis, SPECIES, Chebyshev(1, CUTOFF), target=target))
    else:
        model = Potential(ACENetwork(basis, SPECIES, CUTOFF, 1, (4,), torch.float64, target), OneEnergy())
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.1)
    return model


def unknown_element() -> tuple[torch.Tensor, ...]:
    """Two dimers far from each other, of which one has an atom of nitrogen."""
    points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [50, 0, 0], [51, 0, 0]], dtype=torch.float64)
    lists = Neighbours.from_receivers(torch.arange(4), torch.tensor([1, 0, 3, 2]), 4).lists
    return points, torch.tensor([1, 7, 6, 1]), torch.zeros_like(points), *lists


def assert_same(program: Callable[..., Any], model: Potential, data: Batch) -> None:
    energies, forces, virial = program(*arguments(data))
    with torch.no_grad():
        expected = model(data, stress=True)
    # The same operations up to the order of sums.
    torch.testing.assert_close(energies, expected.atoms.total, rtol=1e-11, atol=1e-12)
    torch.testing.assert_close(forces, expected.forces, rtol=1e-10, atol=1e-11)
    torch.testing.assert_close(virial / data.volumes[0], expected.stress[0], rtol=1e-10, atol=1e-11)


def saved_and_loaded(
    program: torch.export.ExportedProgram, model: Potential, target: str, folder: Path
) -> Callable[..., Any]:
    """The program from its file, which gives the model's numbers at two sizes with the operators of the target."""
    torch.export.save(program, folder / "model.pt2")
    loaded = torch.export.load(folder / "model.pt2").module()
    for atoms, periodic in ((2, False), (11, True)):
        assert_same(loaded, model, batch(atoms, periodic, seed=atoms))
    operators = {str(node.target).split(".")[0] for node in program.graph.nodes if node.op == "call_function"}
    assert ("invgen" in operators) == (target == "c")
    return loaded


def test_a_saved_program_gives_the_potentials_numbers_at_any_size(tmp_path: Path) -> None:
    model, program = hiphop("c")
    assert all(p.requires_grad for p in model.parameters()), "the potential stays as it is"
    saved_and_loaded(program, model, "c", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [HIPNN, HIPNNTS])
def test_every_kind_of_network_exports(kind: type[torch.nn.Module]) -> None:
    torch.manual_seed(1)
    model = Potential(kind(SPECIES, CUTOFF, **SMALL))
    assert_same(export_forces(model).module(), model, batch(9, True, seed=3))


@pytest.mark.parametrize("target", ["c", pytest.param("torch", marks=pytest.mark.slow)])
def test_allegro_exports_and_elements_it_does_not_know_are_nan(target: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    sizes = {"layers": 1, "channels": 2, "features": 4, "hidden": (4,), "l_max": 1}
    model = Potential(Allegro(SPECIES, CUTOFF, **sizes, dtype=torch.float64, target=target))
    loaded = saved_and_loaded(export_forces(model), model, target, tmp_path)
    assert loaded(*unknown_element())[0].isnan().tolist() == [True, True, False, False]


@pytest.mark.slow
@pytest.mark.parametrize(("readout", "target"), [("linear", "c"), ("network", "torch")])
def test_ace_exports_and_elements_it_does_not_know_are_nan(readout: str, target: str, tmp_path: Path) -> None:
    model = ace(readout, target)
    loaded = saved_and_loaded(export_forces(model), model, target, tmp_path)
    assert loaded(*unknown_element())[0].isnan().tolist() == [True, True, False, False]


@pytest.mark.slow
def test_an_equivariant_network_exports_as_plain_operators_and_elements_it_does_not_know_are_nan(
    tmp_path: Path,
) -> None:
    torch.manual_seed(0)
    # One layer holds every operator: a second one calls them again.
    options: dict[str, Any] = {"messages": "0e", "correlation": 2, "l_max": 1, "layers": 1, "channels": 2}
    options |= {"radial_hidden": (), "readout": None}
    model = Potential(MACE(SPECIES, CUTOFF, **options, dtype=torch.float64, target="torch"))
    loaded = saved_and_loaded(export_forces(model), model, "torch", tmp_path)
    assert loaded(*unknown_element())[0].isnan().tolist() == [True, True, False, False]


def test_a_program_that_takes_float64_coordinates_keeps_the_digits_of_a_float32_potential() -> None:
    torch.manual_seed(0)
    model = Potential(HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, **{**SMALL, "dtype": torch.float32}))
    program = export_forces(model, coordinates=torch.float64).module()
    data = batch(11, True, seed=3)
    positions, *rest = arguments(data)
    energies, forces, virial = program(positions + 5000.0, *rest)
    with torch.no_grad():
        expected = model(data.to(dtype=torch.float32), stress=True)
    assert {each.dtype for each in (energies, forces, virial)} == {torch.float32}
    # Rounding in float32, and the order of sums.
    torch.testing.assert_close(energies, expected.atoms.total, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(forces, expected.forces, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(virial / data.volumes[0].float(), expected.stress[0], rtol=1e-4, atol=1e-5)
    with pytest.raises(InputError, match="coordinates are floating numbers, they cannot be"):
        export_forces(model, coordinates=torch.int64)


@pytest.mark.slow
def test_a_program_of_plain_operators_runs_without_invgen_at_any_size(tmp_path: Path) -> None:
    model, program = hiphop("torch")
    torch.export.save(program, tmp_path / "model.pt2")
    systems = [batch(atoms, periodic, seed=atoms) for atoms, periodic in ((2, False), (11, True))]
    torch.save([[each.detach() for each in arguments(data)] for data in systems], tmp_path / "inputs.pt")
    code = (
        "import sys, torch\n"
        "program = torch.export.load('model.pt2').module()\n"
        "torch.save([program(*each) for each in torch.load('inputs.pt')], 'outputs.pt')\n"
        "assert not any(name.split('.')[0] == 'invgen' for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    for data, found in zip(systems, torch.load(tmp_path / "outputs.pt"), strict=True):
        assert_same(lambda *_, found=found: found, model, data)


@pytest.mark.slow
def test_a_program_compiled_ahead_of_time_gives_the_potentials_numbers_at_any_size(tmp_path: Path) -> None:
    model, program = hiphop("torch")
    package = str(tmp_path / "model.pt2")
    # One wrapper and a few small kernels: a header compiled ahead, or optimised code, would serve nothing else. To find
    # out which vectors the processor has takes programs of its own.
    compiler = tmp_path / "unoptimised-c++"
    own = os.environ.get("CXX") or shutil.which("g++") or "c++"
    compiler.write_text(f'#!/bin/sh\nexec {own} "$@" -O0\n')
    compiler.chmod(0o755)
    quick = {"aot_inductor.precompile_headers": False, "cpp.cxx": (None, str(compiler)), "cpp.simdlen": 1}
    torch._inductor.aoti_compile_and_package(program, package_path=package, inductor_configs=quick)
    loaded = torch._inductor.aoti_load_package(package)
    for atoms, periodic in ((2, False), (11, True)):
        assert_same(loaded, model, batch(atoms, periodic, seed=atoms))
