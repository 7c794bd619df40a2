"""Files give the structures that were written, in eV and Angstrom, or one sentence."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.structures import Frames, read
from invgen.structures.elements import atomic_number
from invgen.structures.units import ENERGY, GIGAPASCAL, LENGTH
from tests.support.data import data_file

ase = pytest.importorskip("ase")
ase_io = pytest.importorskip("ase.io")
ase_units = pytest.importorskip("ase.units")
from ase.build import bulk, molecule  # noqa: E402
from ase.calculators.emt import EMT  # noqa: E402

EV = {"energy_unit": "eV", "length_unit": "Angstrom"}


def computed() -> list[object]:
    """A molecule and two crystals with EMT's energies, forces and (for crystals) stresses."""
    images = [molecule("CH3CH2OH"), bulk("Cu", cubic=True), bulk("Al") * (2, 1, 1)]
    for atoms in images:
        atoms.rattle(0.1, seed=3)
        atoms.calc = EMT()
        atoms.get_potential_energy()
        atoms.get_forces()
        if atoms.pbc.all():
            atoms.get_stress()
    return images


def check_computed(frames: Frames, tolerance: float) -> None:
    for k, atoms in enumerate(computed()):
        mine = frames.structure(k)
        np.testing.assert_array_equal(mine.numbers, atoms.numbers)  # type: ignore[attr-defined]
        np.testing.assert_array_equal(mine.periodic, atoms.pbc)  # type: ignore[attr-defined]
        results = atoms.calc.results  # type: ignore[attr-defined]
        pairs = [(mine.positions, atoms.positions), (mine.cell, np.asarray(atoms.cell))]  # type: ignore[attr-defined]
        pairs += [(mine.energy, results["energy"]), (mine.forces, results["forces"])]
        if k:
            stress = np.asarray(mine.stress)
            pairs += [(stress[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]], results["stress"])]
        else:
            assert mine.stress is None
        for got, expected in pairs:
            np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)


# extxyz is written with eight decimals, a database in full.
@pytest.mark.parametrize(("name", "tolerance"), [("a.extxyz", 1e-8), ("a.xyz", 1e-8), ("a.db", 0), ("a.traj", 0)])
def test_files_of_ase_give_what_was_written(tmp_path: Path, name: str, tolerance: float) -> None:
    path = tmp_path / name
    if path.suffix == ".db":
        with pytest.importorskip("ase.db").connect(path) as database:
            for atoms in computed():
                database.write(atoms)
    else:
        ase_io.write(path, computed(), **({"format": "extxyz"} if path.suffix != ".traj" else {}))
    frames = read(path, require=("energy", "forces"))
    check_computed(frames, tolerance)
    assert frames.complete_targets == ("energy", "forces") and frames.has("stress").tolist() == [False, True, True]
    assert frames.metadata["source"] == name


def test_targets_under_other_names_are_named(tmp_path: Path) -> None:
    atoms = molecule("H2O")
    atoms.info["REF_energy"], atoms.info["config_type"] = -2.0, "water"
    atoms.arrays["REF_forces"] = np.eye(3)
    path = tmp_path / "water.xyz"
    ase_io.write(path, [atoms, atoms], format="extxyz")
    assert read(path).complete_targets == ()
    keys = {"energy": "REF_energy", "forces": "REF_forces"}
    frames = read(path, keys=keys, energy_unit="kcal/mol")
    assert frames.structure(1).energy == -2.0 * ENERGY["kcal/mol"]
    np.testing.assert_array_equal(frames.structure(0).forces, np.eye(3) * ENERGY["kcal/mol"])
    assert frames.labels["config_type"].tolist() == ["water", "water"]
    with pytest.raises(
        InputError, match=r"no frame of water.xyz has 'DFT_energy', which was named for energy; there are"
    ):
        read(path, keys={"energy": "DFT_energy"})
    with pytest.raises(InputError, match="keys name numbers, positions"):
        read(path, keys={"virials": "v"})
    with pytest.raises(InputError, match="name their own positions"):
        read(path, keys={"positions": "R"})
    with pytest.raises(InputError, match="2 of 2 frames have no forces, the first is frame 0"):
        read(path, require=("forces",))


def test_a_file_in_an_archive_is_read_by_its_name(tmp_path: Path) -> None:
    ase_io.write(tmp_path / "a.xyz", computed(), format="extxyz")
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "a.xyz", "folder/a.xyz")
    frames = read(tmp_path / "all.tar.gz", member="folder/a.xyz")
    check_computed(frames, 1e-8)
    assert frames.metadata["source"] == "all.tar.gz:folder/a.xyz"
    with pytest.raises(InputError, match=r"has no member 'a.xyz'; its files are folder/a.xyz"):
        read(tmp_path / "all.tar.gz", member="a.xyz")
    with pytest.raises(InputError, match=r"is an archive: pass member; its files are folder/a.xyz"):
        read(tmp_path / "all.tar.gz")
    with pytest.raises(InputError, match="member names a file in a tar archive"):
        read(tmp_path / "a.xyz", member="a.xyz")
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes((tmp_path / "all.tar.gz").read_bytes()[:200])
    with pytest.raises(InputError, match="damaged archive"):
        read(broken, member="folder/a.xyz")


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz"])
def test_an_archive_damaged_within_is_one_sentence(tmp_path: Path, ending: str) -> None:
    (tmp_path / "a.xyz").write_bytes(np.random.default_rng(0).bytes(20000))
    path = tmp_path / f"a.tar.{ending}"
    with tarfile.open(path, f"w:{ending}") as tar:
        tar.add(tmp_path / "a.xyz", "a.xyz")
    content = bytearray(path.read_bytes())
    content[9000:9400] = bytes(400)
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"a.tar.{ending} is a damaged archive"):
        read(path, member="a.xyz")


UNKNOWN_ELEMENT = "1\nProperties=species:S:1:pos:R:3 pbc='F F F'\nQq 0.0 0.0 0.0\n"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("absent.xyz", None, "there is no file"),
        ("unknown.xyz", UNKNOWN_ELEMENT, "ASE cannot read unknown.xyz: it knows no element 'Qq'$"),
        (
            "dummy.xyz",
            UNKNOWN_ELEMENT.replace("Qq", "X"),
            "frame 0 of dummy.xyz: the structure has an atom of number 0",
        ),
        ("text.xyz", "one\n", "ASE cannot read text.xyz"),
        ("a.weird", "one\n", "ASE cannot read a.weird"),
        ("a.npz", "one\n", "not a readable NumPy archive"),
        ("a.h5", "one\n", "not a readable HDF5 file"),
    ],
)
def test_unreadable_files_are_one_sentence(tmp_path: Path, name: str, content: str | None, sentence: str) -> None:
    if name.endswith(".h5"):
        pytest.importorskip("h5py")
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / name, **EV)  # type: ignore[arg-type]


def frames_of_equal_size() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    arrays = {"z": np.array([8, 1, 1]), "R": rng.normal(size=(4, 3, 3)), "E": rng.normal(size=(4, 1))}
    return arrays | {"F": rng.normal(size=(4, 3, 3)), "old": np.arange(4)}


@pytest.mark.parametrize("spelling", [{}, {"z": "nuclear_charges", "R": "coords", "E": "energies", "F": "forces"}])
@pytest.mark.parametrize("energy", ["kcal/mol", "Hartree"])
@pytest.mark.parametrize("length", ["Angstrom", "Bohr"])
def test_numpy_frames_of_one_molecule_are_converted(
    tmp_path: Path, spelling: dict[str, str], energy: str, length: str
) -> None:
    arrays = frames_of_equal_size()
    np.savez(tmp_path / "a.npz", **{spelling.get(name, name): value for name, value in arrays.items()})
    frames = read(tmp_path / "a.npz", energy_unit=energy, length_unit=length)
    ev, angstrom = ENERGY[energy], LENGTH[length]
    np.testing.assert_array_equal(frames.numbers, np.tile([8, 1, 1], 4))
    np.testing.assert_array_equal(frames.positions, arrays["R"].reshape(-1, 3) * angstrom)
    np.testing.assert_array_equal(frames.targets["energy"], arrays["E"][:, 0] * ev)
    np.testing.assert_array_equal(frames.targets["forces"], arrays["F"].reshape(-1, 3) * (ev / angstrom))
    np.testing.assert_array_equal(frames.labels["old"], np.arange(4))
    assert f"energy {energy}, length {length}, forces {energy}/{length}" in frames.metadata["units of the file"]


def test_units_are_those_of_codata() -> None:
    for name, theirs in {"kcal/mol": "kcal", "kJ/mol": "kJ", "Hartree": "Hartree", "Rydberg": "Rydberg"}.items():
        per_mol = ase_units.mol if "mol" in name else 1
        # ASE's default constants are CODATA 2014: they moved by some 1e-8.
        assert ENERGY[name] == pytest.approx(getattr(ase_units, theirs) / per_mol, rel=3e-8)
    assert LENGTH["Bohr"] == pytest.approx(ase_units.Bohr, rel=3e-8)
    assert GIGAPASCAL == pytest.approx(ase_units.GPa, rel=3e-8)


@pytest.mark.parametrize(("unit", "factor"), [(None, ENERGY["Hartree"] / LENGTH["Bohr"] ** 3), ("GPa", GIGAPASCAL)])
def test_stress_is_energy_per_volume_unless_named(tmp_path: Path, unit: str | None, factor: float) -> None:
    stress = np.arange(36.0).reshape(4, 3, 3)
    np.savez(tmp_path / "a.npz", **frames_of_equal_size(), stress=stress)
    frames = read(tmp_path / "a.npz", energy_unit="Hartree", length_unit="Bohr", stress_unit=unit)
    np.testing.assert_allclose(frames.targets["stress"], stress * factor, rtol=1e-15)


def test_padded_molecules_lose_their_padding(tmp_path: Path) -> None:
    numbers = np.array([[6, 1, 1, 1, 1], [8, 1, 1, 0, 0], [0, 18, 0, 0, 0]])
    positions = np.arange(45.0).reshape(3, 5, 3)
    np.savez(tmp_path / "qm.npz", Z=numbers, R=positions, F=positions * 2)
    frames = read(tmp_path / "qm.npz", **EV)  # type: ignore[arg-type]
    assert frames.sizes.tolist() == [5, 3, 1] and frames.elements == (1, 6, 8, 18)
    np.testing.assert_array_equal(frames.structure(2).positions, [[33.0, 34, 35]])
    np.testing.assert_array_equal(frames.structure(1).forces, positions[1, :3] * 2)


def packed() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {
        "n_atoms": np.array([2, 1]),
        "numbers": np.array([14, 14, 3]),
        "positions": rng.normal(size=(3, 3)),
        "forces": rng.normal(size=(3, 3)),
        "energy": np.array([1.0, 2.0]),
        "cell": np.stack([np.eye(3) * 5, np.eye(3) * 3]),
        "pbc": np.array([[True, True, False], [True, True, True]]),
        "split": np.array(["train", "test"]),
    }


def test_packed_structures_come_apart_where_they_end(tmp_path: Path) -> None:
    arrays = packed()
    np.savez(tmp_path / "a.npz", **arrays)
    frames = read(tmp_path / "a.npz", **EV)  # type: ignore[arg-type]
    second = frames.structure(1)
    np.testing.assert_array_equal(second.positions, arrays["positions"][2:])
    np.testing.assert_array_equal(second.cell, arrays["cell"][1])
    np.testing.assert_array_equal(frames.periodic, arrays["pbc"])
    assert frames[frames.labels["split"] == "test"].targets["energy"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda a: a.pop("numbers"), "a.npz has no numbers under numbers or atomic_numbers"),
        (lambda a: a.update(Z=a["numbers"]), "numbers and Z, either of which may be the numbers: say which"),
        (lambda a: a.update(n_atoms=np.array([2, 2])), "pointer must rise from 0 to the number of atoms, 3"),
        (lambda a: a.update(forces=a["forces"][:2]), "the arrays of a.npz do not fit together"),
        (lambda a: a.update(positions=a["positions"][:, :2]), r"positions of a.npz are numbers of shape \(..., 3\)"),
        (lambda a: a.update(numbers=np.array([14, 14, 0])), "atom of number 0"),
        (lambda a: a.update(numbers=np.array(["Si", "Si", "Xx"])), "'Xx' is not the symbol of an element"),
        (lambda a: a.update(numbers=np.array([14.5, 14, 3])), "numbers of a.npz are atomic numbers or symbols"),
        (lambda a: a.update(energy=np.array([1.0, np.inf])), "energy of frame 1 hold infinity"),
        (lambda a: a["forces"].__setitem__((0, 0), np.nan), "forces of frame 0 hold infinity, or NaN in part"),
        (lambda a: a["positions"].__setitem__((0, 0), np.nan), "positions and cells are finite"),
        (lambda a: a["cell"].__setitem__(1, 0), "structure 1 is periodic along"),
        (lambda a: a.update(energy=np.array(["a", "b"])), "the arrays of a.npz do not fit together"),
    ],
)
def test_arrays_that_make_no_structures_are_one_sentence(
    tmp_path: Path, change: Callable[[dict[str, np.ndarray]], object], sentence: str
) -> None:
    arrays = packed()
    change(arrays)
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / "a.npz", **EV)  # type: ignore[arg-type]


def test_units_of_arrays_are_asked_for(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **packed())
    with pytest.raises(InputError, match=r"a.npz does not say its units: pass energy_unit and length_unit"):
        read(tmp_path / "a.npz", energy_unit="eV")
    for unit in ({"energy_unit": "cal"}, {"length_unit": "m"}, {"stress_unit": "kbar"}):
        with pytest.raises(InputError, match="unknown unit of"):
            read(tmp_path / "a.npz", **(EV | unit))  # type: ignore[arg-type]


def test_groups_of_hdf5_are_joined_and_keep_what_was_not_computed(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    rng = np.random.default_rng(2)
    water, methane = rng.normal(size=(2, 3, 3)), rng.normal(size=(3, 5, 3))
    with h5py.File(tmp_path / "ani.h5", "w") as file:
        for name, symbols, places in (("set/H2O", "OHH", water), ("set/CH4", "CHHHH", methane)):
            group = file.create_group(name)
            group["coordinates"] = places
            group["species"] = np.array(list(symbols), dtype="S1")
            group["wb97x.energy"] = np.arange(len(places)) * 1.0
            forces = np.array(places)
            forces[1] = np.nan
            group["wb97x.forces"] = forces
            group["smiles"] = "C"
    keys = {"energy": "wb97x.energy", "forces": "wb97x.forces"}
    frames = read(tmp_path / "ani.h5", keys=keys, energy_unit="Hartree", length_unit="Angstrom")
    assert frames.labels["group"].tolist() == ["/set/CH4"] * 3 + ["/set/H2O"] * 2
    assert frames.sizes.tolist() == [5, 5, 5, 3, 3] and frames.structure(3).numbers.tolist() == [8, 1, 1]
    np.testing.assert_array_equal(frames.structure(4).positions, water[1])
    np.testing.assert_array_equal(frames.targets["energy"], np.array([0, 1, 2, 0, 1]) * ENERGY["Hartree"])
    assert frames.has("forces").tolist() == [True, False, True, True, False]
    assert frames[frames.has("forces")].complete_targets == ("energy", "forces")
    with pytest.raises(InputError, match=r"no group of ani.h5 holds positions under xyz"):
        read(tmp_path / "ani.h5", keys={"positions": "xyz"}, **EV)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="has no 'E0', which was named for energy"):
        read(tmp_path / "ani.h5", keys={"energy": "E0"}, **EV)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("library", "name", "sentence"),
    [("ase.io", "a.xyz", "read through ASE: pip install"), ("h5py", "a.h5", "HDF5 files need h5py: pip install")],
)
def test_a_library_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, name: str, sentence: str
) -> None:
    (tmp_path / name).touch()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / name, **EV)  # type: ignore[arg-type]


def test_rmd17_is_converted_from_kcal() -> None:
    path = data_file("rmd17/rmd17_ethanol_train_01.npz")
    frames = read(path, energy_unit="kcal/mol", length_unit="Angstrom", require=("energy", "forces"))
    assert len(frames) == 1000 and frames.elements == (1, 6, 8)
    # Ethanol in PBE is about -154.9 Hartree; forces of a trajectory at 500 K are of the order of eV/Angstrom.
    assert np.allclose(frames.targets["energy"] / ENERGY["Hartree"], -154.7, atol=0.3)
    assert 0.5 < frames.targets["forces"].std() < 2.0


def test_packed_metals_keep_cells_and_splits() -> None:
    frames = read(data_file("zuo2020/Li.npz"), energy_unit="eV", length_unit="Angstrom", require=("energy", "forces"))
    assert frames.elements == (3,) and frames.periodic.all()
    assert set(frames.labels["split"].tolist()) == {"train", "test"}
    density = frames.sizes / np.abs(np.linalg.det(frames.cells))
    # Lithium has 0.046 atoms per cubic Angstrom; strained cells, surfaces and hot liquids are within a factor of 4.
    assert (density > 0.046 / 4).all() and (density < 0.046 * 4).all()


def test_acetylacetone_is_read_out_of_its_archive() -> None:
    path = data_file("botnet/dataset_acac.tar.gz")
    frames = read(path, member="dataset_acac/train_300K.xyz", require=("energy", "forces"))
    assert len(frames) == 500 and set(frames.sizes.tolist()) == {15} and not frames.periodic.any()
    assert 0.3 < frames.targets["forces"].std() < 3.0
    atoms = read(path, member="dataset_acac/isolated_atoms.xyz", require=("energy",))
    assert atoms.sizes.tolist() == [1, 1, 1]


def test_random_methane_is_read() -> None:
    frames = read(data_file("methane/methane_1000_forces.npz"), **EV, require=("energy", "forces"))  # type: ignore[arg-type]
    assert len(frames) == 1000 and not frames.periodic.any()
    assert [int((frames.labels["split"] == name).sum()) for name in ("train", "val", "test")] == [800, 100, 100]


@pytest.mark.parametrize(
    "name", ["A.NPZ", "a.Npz", "A.H5", "A.HDF5", "A.XYZ", "A.EXTXYZ", "A.TRAJ", "A.DB", "A.TAR", "A.TAR.GZ", "A.TGZ"]
)
def test_the_ending_of_a_file_may_be_in_capitals(tmp_path: Path, name: str) -> None:
    path, small = tmp_path / name, tmp_path / name.lower()
    ending = name.lower().split(".", 1)[1]
    units = {"energy_unit": "eV", "length_unit": "Angstrom"}
    arrays = {"z": np.array([8, 1]), "R": np.arange(6.0).reshape(1, 2, 3), "E": np.array([-1.0])}
    member = None
    if ending == "npz":
        np.savez(small, **arrays)
    elif ending in ("h5", "hdf5"):
        h5py = pytest.importorskip("h5py")
        with h5py.File(small, "w") as file:
            for each, value in arrays.items():
                file[f"group/{each}"] = value
    elif ending.startswith("t") and ending != "traj":
        np.savez(tmp_path / "inside.npz", **arrays)
        with tarfile.open(small, "w" if ending == "tar" else "w:gz") as archive:
            archive.add(tmp_path / "inside.npz", "inside.npz")
        member = "inside.npz"
    else:
        ase_io.write(small, molecule("H2O"))
    small.rename(path)
    frames = read(path, member=member, **units)
    assert len(frames) == 1 and frames.numbers[0] == 8 and frames.metadata["source"].startswith(name)


def test_deuterium_and_tritium_are_hydrogen_or_one_sentence(tmp_path: Path) -> None:
    units = {"energy_unit": "eV", "length_unit": "Angstrom"}
    np.savez(tmp_path / "a.npz", z=np.array(["O", "D", "T"]), R=np.arange(9.0).reshape(1, 3, 3))
    assert read(tmp_path / "a.npz", **units).numbers.tolist() == [8, 1, 1]
    assert atomic_number("D") == atomic_number("T") == atomic_number("H") == 1
    for symbol in ("D", "T"):
        (tmp_path / "a.xyz").write_text(f"1\n\n{symbol} 0 0 0\n")
        with pytest.raises(InputError, match=rf"it knows no element '{symbol}'; write deuterium and tritium as H"):
            read(tmp_path / "a.xyz")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"keys": "energy"}, r"keys are a mapping of names to those of the file, .* got 'energy'"),
        ({"keys": {"energy": ["E"]}}, "keys are a mapping of names"),
        ({"energy_unit": ["eV"]}, r"unknown unit of energy \['eV'\]"),
        ({"stress_unit": np.array([1])}, "unknown unit of stress"),
        ({"require": 3}, "require names targets, energy, forces, stress, charges, dipole, polarizability, got 3"),
        ({"require": "force"}, "'force' is not a target"),
    ],
)
def test_options_of_other_types_are_one_sentence(tmp_path: Path, options: dict[str, object], sentence: str) -> None:
    np.savez(tmp_path / "a.npz", z=np.array([8, 1]), R=np.arange(6.0).reshape(1, 2, 3), E=np.array([-1.0]))
    given = {"energy_unit": "eV", "length_unit": "Angstrom"} | options
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / "a.npz", **given)  # type: ignore[arg-type]
    assert read(tmp_path / "a.npz", energy_unit="eV", length_unit="Angstrom", require="energy").has("energy").all()
    for path in (None, 3):
        with pytest.raises(InputError, match=f"a file is named by its path, got {path}"):
            read(path)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"z": np.array([b"O", b"\xff"])}, "is not the symbol of an element"),
        ({"z": np.array([True, True])}, "numbers of a.npz are atomic numbers or symbols, got bool"),
        ({"E": np.array([1j])}, "complex128 are not real numbers"),
        ({"pbc": np.array(["yes", "no", "no"])}, "pbc are true or false, got <U3"),
        ({"n_atoms": np.array([1.5, 0.5])}, "n_atoms are integers, one for each frame"),
        ({"n_atoms": np.array(2)}, "n_atoms are integers, one for each frame"),
        ({"cell": np.full((3, 3), "a")}, "do not fit together"),
    ],
)
def test_arrays_of_other_types_are_one_sentence(tmp_path: Path, change: dict[str, np.ndarray], sentence: str) -> None:
    given = {"z": np.array([8, 1]), "R": np.arange(6.0).reshape(1, 2, 3), "E": np.array([-1.0])}
    np.savez(tmp_path / "a.npz", **(given | change))
    with pytest.raises(InputError, match=sentence):
        read(tmp_path / "a.npz", energy_unit="eV", length_unit="Angstrom")


def test_links_of_hdf5_that_lead_nowhere_or_round_and_round_are_one_sentence(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    for target in ("/nowhere", "/"):
        with h5py.File(tmp_path / "a.h5", "w") as file:
            file["group/z"], file["group/R"] = np.array([8, 1]), np.arange(6.0).reshape(1, 2, 3)
            file["group/E"] = h5py.SoftLink(target)
        with pytest.raises(InputError, match=r"a.h5 is not a readable HDF5 file"):
            read(tmp_path / "a.h5", energy_unit="eV", length_unit="Angstrom")
