"""Writes what later versions must load: pickles, exported programs, a training run, a package, an enumeration.

    python -m tests.golden.write_fixtures FOLDER

The folder `written_at_a6f4487` was written so by that commit, and is not written again: it stands for the files of
users. `expected.npz` holds inputs and float64 outputs by file, `globals.json` what the pickles name.
"""

from __future__ import annotations

import json
import os
import pickle
import pickletools
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

import invgen
from invgen import Basis, TensorSpace, generate
from invgen.errors import InputError
from invgen.interop.export import export_forces
from invgen.interop.lammps import LammpsPotential
from invgen.nn import ACE, HIPHOPNN, HIPNN, HIPNNTS, AtomScalars, Chebyshev, Potential
from invgen.runtime import Neighbours
from invgen.structures import Batch, Structure
from invgen.training import Config, train
from invgen.training.ace import ACENetwork, OneEnergy
from invgen.training.curve import Curve

Values = Mapping[str, torch.Tensor]

SPECIES, CUTOFF, SEED = (1, 8), 3.0, 20
DOUBLE = torch.float64


# What is computed of each kind of object, on inputs by name. The test computes the same of what it loads.


def of_invariants(kernel: Any, given: Values) -> dict[str, torch.Tensor]:
    """The value and the first derivative."""
    value, vjp = kernel.value_and_vjp(given["x"], given["ybar"])
    return {"value": value, "vjp": vjp}


def of_weighted(kernel: Any, given: Values) -> dict[str, torch.Tensor]:
    """The value and the first derivatives."""
    value, xbar, wbar = kernel.value_and_vjp(given["x"], given["w"], given["species"], given["ybar"])
    return {"value": value, "xbar": xbar, "wbar": wbar}


def of_moments(kernel: Any, given: Values) -> dict[str, torch.Tensor]:
    """The value."""
    neighbours = Neighbours.from_receivers(given["receivers"], given["index"], 4)
    return {"value": kernel.value(given.get("vectors"), given["radial"], given["features"], neighbours)}


def of_basis(basis: Basis, given: Values) -> dict[str, torch.Tensor]:
    """The values."""
    return {"value": torch.from_numpy(basis.evaluate(given["x"].numpy()))}


def of_potential(potential: Potential, batch: Batch) -> dict[str, torch.Tensor]:
    """Energies, forces and stress."""
    with torch.no_grad():
        found = potential.eval()(batch, stress=True)
    return {"energy": found.energy, "forces": found.forces, "stress": found.stress}


def structure() -> Structure:
    """Six atoms in a periodic cell."""
    points = np.array([[0, 0, 0], [1.1, 0.1, 0], [0, 1.3, 0.2], [1.4, 1.2, 1.0], [0.2, 0.1, 1.5], [2.6, 0.3, 1.4]])
    return Structure(np.array([8, 1, 1, 8, 1, 8]), points, np.eye(3) * 4.0, True)


def batch_of() -> Batch:
    """The structure with its pairs."""
    return Batch.from_structures([structure()], CUTOFF, dtype=DOUBLE)


def program_arguments(batch: Batch) -> tuple[torch.Tensor, ...]:
    """What a program of `export_forces` takes."""
    offsets = batch.pairs.shifts.to(DOUBLE) @ batch.cell[0]
    return (batch.positions, batch.species, offsets, *batch.pairs.neighbours.lists)


def network(kind: str) -> Potential:
    """A tiny potential by the name of its network, with parameters drawn from a seed."""
    torch.manual_seed(SEED)
    sizes: dict[str, Any] = {"features": 3, "interactions": 1, "atom_layers": 1, "sensitivities": 3, "dtype": DOUBLE}
    if kind == "ACE":
        basis = generate(ACE.space(len(SPECIES), 1, 1), 2, select="linear")
        made = Potential(ACE(basis, SPECIES, Chebyshev(1, CUTOFF), target="torch"))
    elif kind == "ACENetwork":
        basis = generate(ACE.space(len(SPECIES), 1, 1), 2, select="linear")
        made = Potential(ACENetwork(basis, SPECIES, CUTOFF, 1, (3,), DOUBLE, "torch"), OneEnergy())
    elif kind == "HIPHOPNN":
        layers: torch.nn.Module = HIPHOPNN(SPECIES, CUTOFF, l_max=1, n_max=2, **sizes)
        made = Potential(layers, scalars={"charges": AtomScalars(layers.feature_sizes, dtype=DOUBLE)})
    else:
        layers = (
            HIPNN(SPECIES, CUTOFF, **sizes)
            if kind == "HIPNN"
            else HIPNNTS(SPECIES, CUTOFF, l_max=1, target="torch", **sizes)
        )
        made = Potential(layers)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(std=0.3)
    return made.eval()


NETWORKS = ("HIPNN", "HIPNNTS", "HIPHOPNN", "ACE", "ACENetwork")


def small_basis() -> Basis:
    """Invariants of a vector and a quadrupole up to degree 3."""
    return generate(TensorSpace("1o + 2e"), 3)


class Invariants(torch.nn.Module):
    """A kernel as a module of its own."""

    def __init__(self, kernel: Any) -> None:
        super().__init__()
        self.kernel = kernel

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.kernel(x)


class Moments(torch.nn.Module):
    """A kernel of moments that takes `Neighbours`."""

    def __init__(self, kernel: Any) -> None:
        super().__init__()
        self.kernel = kernel

    def forward(self, vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, pairs: Any) -> torch.Tensor:
        return self.kernel(vectors, radial, features, pairs)


class Energy(torch.nn.Module):
    """The energies of a batch."""

    def __init__(self, potential: Potential) -> None:
        super().__init__()
        self.potential = potential

    def forward(self, batch: Any) -> torch.Tensor:
        return self.potential(batch, forces=False).energy


def frames() -> dict[str, np.ndarray]:
    """Geometries of water with springs between the atoms: energies in eV, forces by hand."""
    rng = np.random.default_rng(SEED)
    rest = np.array([[0.0, 0, 0], [0.76, 0.59, 0], [-0.76, 0.59, 0]])
    positions = rest + 0.05 * rng.standard_normal((12, 3, 3))
    vectors = positions[:, :, None] - positions[:, None]
    distances = np.linalg.norm(vectors, axis=-1) + np.eye(3)
    strain = distances - np.linalg.norm(rest[:, None] - rest[None], axis=-1) - np.eye(3)
    return {
        "z": np.array([8, 1, 1]),
        "R": positions,
        "E": 2.5 * np.sum(strain**2, axis=(1, 2)) - 20.0,
        "F": -10.0 * np.sum((strain / distances)[..., None] * vectors, axis=2),
    }


def settings(output: str, model: dict[str, Any]) -> dict[str, Any]:
    """A run that takes a second."""
    return {
        "data": {
            "train": {"file": "frames.npz", "energy_unit": "eV", "length_unit": "Angstrom"},
            "validation": 4,
            "batch_size": 4,
        },
        "model": {"cutoff": CUTOFF, **model},
        "training": {"epochs": 4},
        "optimiser": {"learning_rate": 5e-3, "ema": 0.9},
        "hardware": {"threads": 1},
        "output": output,
        "dtype": "float64",
    }


RUNS: dict[str, dict[str, Any]] = {
    "hiphop": {
        "kind": "HIPHOPNN",
        "basis": {"l_max": 1, "max_degree": 2},
        "features": 2,
        "interactions": 1,
        "atom_layers": 1,
        "sensitivities": 3,
        "target": "torch",
    },
    "ace": {"kind": "ACE", "n_radial": 1, "basis": {"l_max": 1, "max_degree": 2}, "target": "torch"},
}


# Writing


def write_kernels(folder: Path) -> dict[str, torch.Tensor]:
    """Pickles of kernels of every family, and programs that call them."""
    generator, numbers = torch.Generator().manual_seed(SEED), {}

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=DOUBLE)

    def keep(file: str, made: Any, compute: Callable[..., Mapping[str, torch.Tensor]], given: Values) -> None:
        (folder / file).write_bytes(pickle.dumps(made))
        numbers.update({f"{file}/in/{name}": value for name, value in given.items()})
        numbers.update({f"{file}/out/{name}": value for name, value in compute(made, given).items()})

    basis = small_basis()
    count, dimension = len(basis), basis.space.dimension
    for target in ("c", "torch"):
        kernel = invgen.compile(basis, target, DOUBLE)
        given = {"x": normal(5, dimension, 2), "ybar": normal(5, count, 2)}
        keep(f"invariants_{target}.pkl", kernel, of_invariants, given)
    plain = invgen.compile(generate(TensorSpace("0e + 1o"), 2), "c", DOUBLE, "plain", name="plain")
    keep("invariants_plain.pkl", plain, of_invariants, {"x": normal(5, 4), "ybar": normal(5, 2)})

    several = [generate(TensorSpace("0e + 1o"), 2, select="linear", outputs=o) for o in ("0e", "1o")]
    for target in ("c", "torch"):
        weighted = invgen.compile_weighted(several, 2, target, DOUBLE)
        given = {
            "x": normal(5, weighted.dimension, 2),
            "w": normal(2, weighted.weights, 2),
            "species": torch.tensor([0, 1, 1, 0, 1]),
            "ybar": normal(5, weighted.rows, 2),
        }
        keep(f"weighted_{target}.pkl", weighted, of_weighted, given)

    pairs = {"receivers": torch.tensor([0, 0, 1, 2, 2, 2]), "index": torch.tensor([1, 2, 0, 0, 1, 3])}
    for form in invgen.runtime.MOMENTS_FORMS:
        moments = invgen.compile_moments(None if form == "environment" else 1, form, dtype=DOUBLE)
        given = {**pairs, "radial": normal(6, 2), "features": normal(4, 2, 3) if form == "mixed" else normal(4, 3)}
        if form != "environment":
            given["vectors"] = normal(6, 3)
        keep(f"moments_{form}.pkl", moments, of_moments, given)

    kernel, x = invgen.compile(basis, "c", DOUBLE), normal(5, dimension, 2)
    save_program(folder / "invariants.pt2", Invariants(kernel), (x,), numbers)
    neighbours = Neighbours.from_receivers(pairs["receivers"], pairs["index"], 4)
    moments = invgen.compile_moments(1, "mixed", dtype=DOUBLE)
    save_program(
        folder / "moments.pt2", Moments(moments), (normal(6, 3), normal(6, 2), normal(4, 2, 3), neighbours), numbers
    )
    return numbers


def save_program(path: Path, module: torch.nn.Module, given: tuple[Any, ...], numbers: dict[str, Any]) -> None:
    """Export, save, and keep tensors that went in and the one that came out."""
    torch.export.save(torch.export.export(module, given), path)
    tensors = {str(k): value for k, value in enumerate(given) if isinstance(value, torch.Tensor)}
    numbers.update({f"{path.name}/in/{name}": value for name, value in tensors.items()})
    with torch.no_grad():
        numbers[f"{path.name}/out/value"] = module(*given)


BASES: dict[str, Callable[[], Basis]] = {
    "independent": small_basis,
    "strata": lambda: generate(TensorSpace("2e + 3o"), 6, strata=True),
    "separating": lambda: generate(TensorSpace("1o + 2e", "SO3"), 6, select="separating"),
    "flexible": lambda: generate(TensorSpace("1o + 2e"), 10, select="flexible"),
    "covariants": lambda: generate(TensorSpace("0e + 1o"), 2, select="linear", outputs="1o"),
    "limited": lambda: generate(TensorSpace.ace(2, 1), 2, select="linear", total_degree=4),
    "moments": lambda: generate(TensorSpace.moments(range(3)), 3),
    "plane": lambda: generate(TensorSpace.moments(range(3), "scalar", 2, "O2"), 3),
}


def write_bases(folder: Path) -> dict[str, torch.Tensor]:
    """Pickled bases, spaces, a structure, a batch and a configuration, and the finished patterns of an enumeration."""
    numbers, rng = {}, np.random.default_rng(SEED)
    for name, make in BASES.items():
        basis, file = make(), f"basis_{name}.pkl"
        # As it came, without what it keeps once it has been used.
        (folder / file).write_bytes(pickle.dumps(basis))
        given = {"x": torch.from_numpy(rng.standard_normal((3, basis.space.dimension)))}
        numbers[f"{file}/in/x"] = given["x"]
        numbers[f"{file}/out/value"] = of_basis(basis, given)["value"]
    (folder / "bases.json").write_text(json.dumps({name: make().id for name, make in BASES.items()}, indent=1) + "\n")
    # Bases that were used hold more than the fields.
    used = small_basis()
    used.evaluate(np.zeros(used.space.dimension))
    used.report(), used.id, used[0].latex(), used[0].polynomial()
    (folder / "basis_used.pkl").write_bytes(pickle.dumps(used))
    others = (used[0], used.report(), used.verify(), InputError("a sentence"))
    (folder / "others.pkl").write_bytes(pickle.dumps(others))
    (folder / "space.pkl").write_bytes(pickle.dumps([make().space for make in BASES.values()]))
    (folder / "structures.pkl").write_bytes(
        pickle.dumps((structure(), batch_of(), Config.from_mapping(settings("run", RUNS["ace"]))))
    )
    generate(TensorSpace("1o + 2e"), 3, checkpoint=folder / "enumeration")
    return numbers


def write_potentials(folder: Path) -> dict[str, torch.Tensor]:
    """Whole modules, and programs with forces."""
    numbers, batch = {}, batch_of()
    for kind in NETWORKS:
        model = network(kind)
        torch.save(model, folder / f"potential_{kind}.pt")
        torch.save(model.state_dict(), folder / f"state_{kind}.pt")
        numbers.update({f"potential_{kind}.pt/out/{name}": value for name, value in of_potential(model, batch).items()})
    LammpsPotential(network("HIPNN")).save(folder / "lammps.pkl")
    program = export_forces(network("HIPHOPNN"))
    torch.export.save(program, folder / "forces.pt2")
    results = zip(("energies", "forces", "virial"), program.module()(*program_arguments(batch)))
    numbers.update({f"forces.pt2/out/{name}": value.detach() for name, value in results})
    save_program(folder / "energy.pt2", Energy(network("ACE").requires_grad_(False)), (batch,), numbers)
    return numbers


def write_runs(folder: Path) -> None:
    """A run that was killed after two of its four epochs, its whole curve, and the potentials of whole runs."""

    class Killed(Exception):
        pass

    whole = Curve.write

    def write_and_die(self: Curve) -> None:
        whole(self)
        if len(self.rows) == 3:
            raise Killed

    here = Path.cwd()
    runs = folder / "training"
    runs.mkdir()
    np.savez(runs / "frames.npz", **frames())
    os.chdir(runs)
    try:
        for name, model in RUNS.items():
            train(Config.from_mapping(settings(f"whole_{name}", model)))
            for file in ("potential.pt", "curve.csv"):
                shutil.move(f"whole_{name}/{file}", f"{name}_{file}")
            shutil.rmtree(f"whole_{name}")
        with mock.patch.object(Curve, "write", write_and_die):
            try:
                train(Config.from_mapping(settings("run", RUNS["hiphop"])))
            except Killed:
                pass
    finally:
        os.chdir(here)


def named(path: Path) -> Iterator[str]:
    """The globals that a pickle, or the pickles in an archive, name."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.namelist():
                content = archive.read(entry)
                if content[:2] == b"PK":
                    with tempfile.TemporaryDirectory() as scratch:
                        (Path(scratch) / "inner").write_bytes(content)
                        yield from named(Path(scratch) / "inner")
                elif content[:1] == b"\x80" and content[1] <= pickle.HIGHEST_PROTOCOL and content[-1:] == b".":
                    yield from _globals(content)
    elif path.suffix == ".pkl":
        yield from _globals(path.read_bytes())


def _globals(content: bytes) -> Iterator[str]:
    strings: list[str] = []
    memory: dict[int, str] = {}
    last = ""
    for operation, argument, _ in pickletools.genops(content):
        if operation.name == "GLOBAL":
            yield str(argument).replace(" ", ".")
        elif operation.name == "STACK_GLOBAL":
            yield ".".join(strings[-2:])
        elif operation.name == "MEMOIZE":
            memory[len(memory)] = last
        elif operation.name in ("BINPUT", "LONG_BINPUT"):
            memory[int(argument)] = last
        elif operation.name in ("BINGET", "LONG_BINGET") and memory.get(int(argument)):
            strings.append(memory[int(argument)])
        if operation.name in ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"):
            last = str(argument)
            strings.append(last)
        elif operation.name not in ("MEMOIZE", "BINPUT", "LONG_BINPUT"):
            last = ""


def write(folder: Path) -> None:
    """All of it."""
    folder.mkdir(parents=True)
    numbers = {**write_kernels(folder), **write_bases(folder), **write_potentials(folder)}
    write_runs(folder)
    invgen.write_package(generate(TensorSpace("0e + 1o"), 2), folder / "package_at_a6f4487")
    np.savez_compressed(folder / "expected.npz", **{name: value.detach().numpy() for name, value in numbers.items()})
    found = {
        str(path.relative_to(folder)): sorted({name for name in named(path) if name.startswith("invgen")})
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".pkl", ".pt", ".pt2", ".ckpt")
    }
    everything = sorted({name for names in found.values() for name in names})
    (folder / "globals.json").write_text(json.dumps({"all": everything, "files": found}, indent=1) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]).resolve())
