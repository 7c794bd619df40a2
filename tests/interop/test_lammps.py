"""What LAMMPS would make of the potential's pair forces is what the potential says of the periodic structure.

A stand-in has the attributes of LAMMPS's MLIAPData and adds forces up as its C++ does. One test runs LAMMPS itself
where `INVGEN_LMP` says how, "lmp" or "mpiexec -n 2 lmp" (examples/lammps_mliap/README.md).
"""

from __future__ import annotations

import os
import pickle
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from invgen.errors import InputError
from invgen.interop.lammps import LammpsPotential
from invgen.nn import HIPHOPNN, MACE, Allegro, Potential
from invgen.structures import Batch, Structure
from tests.support.paths import REPOSITORY

pytest.importorskip("vesin")

CUTOFF = 2.5
SPECIES = (1, 8)


class MLIAPData:
    """One process with atoms of a periodic cell, and ghosts as far as `reach`, as mliap_unified_couple.pyx has it.

    It owns all atoms unless `owned` says which. Results are write-only there: what was written has other names.
    """

    def __init__(
        self,
        structure: Structure,
        reach: float,
        ghost_neighbours: bool,
        seed: int = 0,
        owned: Sequence[int] | None = None,
    ) -> None:
        cell, positions = np.asarray(structure.cell), structure.positions
        own = np.arange(len(positions)) if owned is None else np.array(owned)
        far = int(np.ceil(reach / np.abs(np.linalg.det(cell)) * np.linalg.norm(cell, axis=1).prod() ** (2 / 3))) + 1
        images = np.array(
            [(a, b, c) for a in range(-far, far + 1) for b in range(-far, far + 1) for c in range(-far, far + 1)]
        )
        images = images[np.lexsort((np.abs(images).sum(1) > 0,))]
        places = (positions[None] + (images @ cell)[:, None]).reshape(-1, 3)
        owners = np.tile(np.arange(len(positions)), len(images))
        away = np.linalg.norm(places[:, None] - positions[None, own], axis=-1).min(axis=1)
        kept = np.concatenate([own, np.setdiff1d(np.flatnonzero(away < reach), own)])
        self.x, self.owners, self.atoms = places[kept], owners[kept], len(positions)
        self.ntotal, self.nlistatoms = len(kept), len(own)
        self.natomneigh = self.ntotal if ghost_neighbours else self.nlistatoms
        self.elems = np.array([SPECIES.index(z) for z in structure.numbers[self.owners]], dtype=np.int32)
        self.iatoms = np.arange(self.natomneigh, dtype=np.int32)
        difference = self.x[None] - self.x[: self.natomneigh, None]
        close = np.linalg.norm(difference, axis=-1) < CUTOFF
        close[np.arange(self.natomneigh), np.arange(self.natomneigh)] = False
        i, j = np.nonzero(close)
        order = np.random.default_rng(seed).permutation(len(i))  # nothing promises an order
        self.pair_i, self.pair_j = i[order].astype(np.int32), j[order].astype(np.int32)
        self.rij = difference[self.pair_i, self.pair_j]
        self.npairs = len(order)
        self.f, self.virial = np.zeros((self.ntotal, 3)), np.zeros((3, 3))
        self.eatoms: np.ndarray | None = None
        self.energy: float | None = None

    def update_pair_forces(self, fij: np.ndarray) -> None:
        """As LAMMPS_NS::update_pair_forces does it; the argument there is a contiguous array of doubles."""
        assert fij.dtype == np.float64 and fij.flags.c_contiguous and fij.shape == (self.npairs, 3)
        np.add.at(self.f, self.pair_i, fij)
        np.add.at(self.f, self.pair_j, -fij)
        self.virial += self.rij.T @ fij

    def forces(self) -> np.ndarray:
        """Reverse communication: forces on ghosts belong to their owners."""
        total = np.zeros((self.atoms, 3))
        np.add.at(total, self.owners, self.f)
        return total


def structure() -> Structure:
    rng = np.random.default_rng(0)
    cell = np.eye(3) * 3.0 + np.tril(rng.uniform(-0.4, 0.4, (3, 3)), -1)
    positions = np.array([[0.1, 0.2, 0.0], [1.5, 1.4, 0.2], [0.2, 1.4, 1.6], [1.6, 0.1, 1.5]])
    return Structure(np.array([8, 1, 1, 8]), positions + rng.normal(size=(4, 3)) * 0.1, cell, True)


def potential(interactions: int = 2) -> Potential:
    torch.manual_seed(0)
    options = {"features": 6, "sensitivities": 6, "interactions": interactions, "dtype": torch.float64}
    return Potential(HIPHOPNN(SPECIES, CUTOFF, l_max=2, n_max=3, **options))


def allegro() -> Potential:
    """Three layers, which look no further than one."""
    torch.manual_seed(0)
    sizes = {"layers": 3, "l_max": 1, "channels": 2, "features": 4, "hidden": (4,)}
    return Potential(Allegro(SPECIES, CUTOFF, **sizes, dtype=torch.float64, target="torch"))


def equivariant() -> Potential:
    torch.manual_seed(0)
    options = {"messages": "0e + 1o", "correlation": 2, "l_max": 1, "channels": 2, "radial_hidden": (4,)}
    return Potential(MACE(SPECIES, CUTOFF, **options, dtype=torch.float64, target="torch"))


@pytest.mark.parametrize(
    ("interactions", "make"), [(1, potential), (2, potential), (2, lambda _: equivariant()), (1, lambda _: allegro())]
)
def test_energies_forces_and_virial_are_those_of_the_periodic_structure(
    interactions: int, make: Callable[[int], Potential]
) -> None:
    model, atoms = make(interactions), structure()
    data = MLIAPData(atoms, interactions * CUTOFF, ghost_neighbours=interactions > 1)
    LammpsPotential(model).compute_forces(data)
    with torch.no_grad():
        expected = model(Batch.from_structures([atoms], CUTOFF, dtype=torch.float64), stress=True)
    # Other orders of sums: rounding of some hundred terms.
    np.testing.assert_allclose(data.eatoms, expected.atoms.total, rtol=1e-11)
    assert data.energy == pytest.approx(expected.energy[0].item(), rel=1e-12)
    np.testing.assert_allclose(data.forces(), expected.forces, rtol=1e-10, atol=1e-11)
    volume = abs(np.linalg.det(np.asarray(atoms.cell)))
    np.testing.assert_allclose(data.virial / volume, expected.stress[0], rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize(("layers", "make"), [(2, equivariant), (1, allegro)])
def test_two_domains_with_ghosts_add_up_to_the_periodic_structure(layers: int, make: Callable[[], Potential]) -> None:
    model, atoms = make(), structure()
    with torch.no_grad():
        expected = model(Batch.from_structures([atoms], CUTOFF, dtype=torch.float64))

    def added_up(reach: float) -> tuple[np.ndarray, np.ndarray]:
        energies, forces = np.zeros(len(atoms)), np.zeros((len(atoms), 3))
        for owned in ([0, 3], [1, 2]):
            data = MLIAPData(atoms, reach, ghost_neighbours=layers > 1, owned=owned)
            LammpsPotential(model).compute_forces(data)
            energies[owned] = data.eatoms
            forces += data.forces()
        return energies, forces

    energies, forces = added_up(layers * CUTOFF)
    # Other orders of sums: rounding of some hundred terms.
    np.testing.assert_allclose(energies, expected.atoms.total, rtol=1e-11)
    np.testing.assert_allclose(forces, expected.forces, rtol=1e-10, atol=1e-11)
    # Ghosts that lack neighbours of their own have other features.
    too_near = added_up((layers - 0.5) * CUTOFF)[0]
    assert np.abs(too_near / np.asarray(expected.atoms.total) - 1).max() > 1e-6


def test_the_file_that_lammps_reads_gives_the_same(tmp_path: Path) -> None:
    model = LammpsPotential(potential())
    path = model.save(tmp_path / "model.pkl")
    found = pickle.loads(path.read_bytes())
    assert (found.element_types, found.rcutfac) == (["H", "O"], CUTOFF / 2)
    # LAMMPS takes memory for atoms x parameters x elements, although it never asks for a gradient by parameters.
    assert (found.ndescriptors, found.nparams) == (1, 1) and found.interface is None
    results = []
    for each in (model, found):
        data = MLIAPData(structure(), 2 * CUTOFF, ghost_neighbours=True)
        each.compute_forces(data)
        results.append((data.energy, data.forces().tolist()))
    assert results[0] == results[1]
    with pytest.raises(InputError, match=r"end the name in \.pkl"):
        model.save(tmp_path / "model.pt")


def test_what_cannot_be_right_is_refused() -> None:
    model = LammpsPotential(potential())
    with pytest.raises(InputError, match="unified FILE 1"):
        model.compute_forces(MLIAPData(structure(), CUTOFF, ghost_neighbours=False))
    unnamed = MLIAPData(structure(), 2 * CUTOFF, ghost_neighbours=True)
    unnamed.elems[0] = -1
    with pytest.raises(InputError, match="NULL"):
        model.compute_forces(unnamed)
    kokkos = type("MLIAPDataPy", (MLIAPData,), {"__module__": "mliap_unified_couple_kokkos"})
    with pytest.raises(InputError, match="kk"):
        model.compute_forces(kokkos(structure(), 2 * CUTOFF, ghost_neighbours=True))


def test_processes_without_atoms_and_atoms_without_pairs() -> None:
    model = LammpsPotential(potential())
    far = Structure(np.array([8, 1]), np.array([[0.0, 0, 0], [10, 10, 10]]), np.eye(3) * 20, True)
    data = MLIAPData(far, CUTOFF, ghost_neighbours=True)
    assert data.npairs == 0
    model.compute_forces(data)
    with torch.no_grad():
        expected = model.potential.self_energies(torch.tensor([8, 1]))
    np.testing.assert_allclose(data.eatoms, expected, rtol=1e-12)
    assert (data.f == 0).all()
    data.nlistatoms = 0
    model.compute_forces(data)
    assert data.energy == 0.0


INPUT = """
units metal
atom_style atomic
newton on
boundary p p p
region box block 0 9 0 8 0 7
create_box 2 box
mass 1 1.008
mass 2 15.999
{atoms}
neighbor 1.0 bin
comm_modify cutoff {reach}
pair_style mliap unified model.pkl {ghosts}
pair_coeff * * H O
compute virial all pressure NULL virial
thermo_style custom pe c_virial[1] c_virial[2] c_virial[3] c_virial[4] c_virial[5] c_virial[6]
thermo_modify format float %.17g
dump 1 all custom 1 forces id fx fy fz
dump_modify 1 sort id format float %.17g
run 0
"""
BAR = 1.6021765e6  # of one eV per cubic Angstrom, as LAMMPS's units metal have it


@pytest.mark.slow
@pytest.mark.skipif("INVGEN_LMP" not in os.environ, reason="INVGEN_LMP does not say how to run LAMMPS with ML-IAP")
@pytest.mark.parametrize("interactions", [1, 2])
def test_lammps_finds_the_energy_the_forces_and_the_pressure(tmp_path: Path, interactions: int) -> None:
    rng = np.random.default_rng(1)
    sites = np.stack(np.meshgrid(*[np.arange(4)] * 3, indexing="ij"), -1).reshape(-1, 3)
    cell = np.diag([9.0, 8.0, 7.0])
    positions = (sites + 0.5 + rng.uniform(-0.2, 0.2, sites.shape)) / 4 @ cell
    atoms = Structure(rng.choice(SPECIES, len(sites)), positions, cell, True)
    model = potential(interactions)
    LammpsPotential(model).save(tmp_path / "model.pkl")
    lines = [
        f"create_atoms {SPECIES.index(number) + 1} single {x!r} {y!r} {z!r}"
        for number, (x, y, z) in zip(atoms.numbers, positions.tolist())
    ]
    text = INPUT.format(atoms="\n".join(lines), reach=interactions * CUTOFF + 1, ghosts=int(interactions > 1))
    (tmp_path / "in.test").write_text(text)
    command = [*shlex.split(os.environ["INVGEN_LMP"]), "-in", "in.test", "-log", "none"]
    folders = [str(REPOSITORY), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(folders)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    with torch.no_grad():
        expected = model(Batch.from_structures([atoms], CUTOFF, dtype=torch.float64), stress=True)
    printed = run.stdout.split("PotEng", 1)[1].splitlines()[1].split()
    energy, *pressure = map(float, printed)
    forces = np.loadtxt(tmp_path / "forces", skiprows=9)[:, 1:]
    stress = np.asarray(expected.stress[0])[[0, 1, 2, 0, 0, 1], [0, 1, 2, 1, 2, 2]]
    # Distances differ in the last place by the rounding of shifted positions, sums by their order.
    assert energy == pytest.approx(expected.energy[0].item(), rel=1e-11)
    np.testing.assert_allclose(forces, expected.forces, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(np.array(pressure) / -BAR, stress, rtol=1e-7, atol=1e-10)
