"""A virial of a file is read as the stress -virial/volume, whoever wrote the file, and refused without a volume."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from invgen.errors import InputError
from invgen.structures import Frames, read
from invgen.structures.units import ENERGY, LENGTH

pytest.importorskip("ase")

# A symmetric tensor, eV, none of whose entries is another; Voigt's order of it; a cell of 40 Angstrom^3.
VIRIAL = np.array([[64.0, 1.0, -2.0], [1.0, 32.0, 3.0], [-2.0, 3.0, 16.0]])
VOIGT = VIRIAL[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]
CELL = np.array([[4.0, 0, 0], [1.0, 5.0, 0], [0, 0, -2.0]])
STRESS = -VIRIAL / 40
FORMS = {"nine": VIRIAL.reshape(9), "six": VOIGT}
NAMES = ("REF_virial", "REF_virials", "ref_virial", "dft_virial", "DFT_virials", "mace_Virials")
UNITS = {"energy_unit": "eV", "length_unit": "Angstrom"}


def text(values: np.ndarray) -> str:
    return " ".join(map(str, values.reshape(-1).tolist()))


def xyz(path: Path, info: str, cell: np.ndarray | None = CELL) -> Path:
    lattice = "" if cell is None else f'Lattice="{text(cell)}" '
    path.write_text(f"2\n{lattice}Properties=species:S:1:pos:R:3 energy=-1.0 {info}\nH 0 0 0\nH 0 0 1\n")
    return path


def arrays(path: Path, **more: np.ndarray) -> Path:
    given = {"z": np.array([1, 1]), "R": np.arange(12.0).reshape(2, 2, 3), "E": np.zeros(2)} | more
    if path.suffix == ".npz":
        np.savez(path, **given)
    else:
        h5py = pytest.importorskip("h5py")
        with h5py.File(path, "w") as file:
            for name, value in given.items():
                file[f"group/{name}"] = value
    return path


def check(frames: Frames, stress: np.ndarray = STRESS) -> None:
    # Rounding of a determinant and a quotient.
    np.testing.assert_allclose(frames.targets["stress"], np.broadcast_to(stress, (len(frames), 3, 3)), rtol=1e-14)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["virial", "virials", "Virial", "VIRIALS"])
def test_a_virial_is_found_by_its_name(tmp_path: Path, name: str, form: str) -> None:
    path = xyz(tmp_path / "a.xyz", f'{name}="{text(FORMS[form])}"')
    if form == "six" and name == "virial":
        with pytest.raises(InputError, match="expecting special 3x3 matrix"):  # ASE takes nine under this very name
            read(path)
    else:
        check(read(path))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name", ["REF_virial", "REF_virials", "ref_virial", "dft_virial", "DFT_virials", "mace_Virials"]
)
def test_a_virial_of_another_name_is_named_as_the_stress_or_as_the_virial(tmp_path: Path, name: str, form: str) -> None:
    path = xyz(tmp_path / "a.xyz", f'{name}="{text(FORMS[form])}" w="{text(FORMS[form])}"')
    assert "stress" not in read(path).targets
    for keys in ({"stress": name}, {"virial": name}, {"virial": "w"}):
        check(read(path, keys=keys))
    # A name that says nothing of a virial is taken at its word.
    np.testing.assert_array_equal(read(path, keys={"stress": "w"}).targets["stress"][0], VIRIAL)


@pytest.mark.parametrize("name", ["stress", "REF_stress", "virial_stress"])
def test_a_stress_stays_a_stress_and_comes_before_a_virial(tmp_path: Path, name: str) -> None:
    path = xyz(tmp_path / "a.xyz", f'{name}="{text(np.eye(3))}" virial="{text(VIRIAL)}"')
    np.testing.assert_array_equal(read(path, keys={"stress": name}).targets["stress"][0], np.eye(3))
    check(read(path, keys={"virial": "virial"}))
    if name == "stress":
        np.testing.assert_array_equal(read(path).targets["stress"][0], np.eye(3))


@pytest.mark.parametrize("ending", ["npz", "h5"])
@pytest.mark.parametrize("shape", [(2, 3, 3), (2, 9), (2, 6)])
def test_virials_of_arrays_have_any_of_the_three_forms(tmp_path: Path, shape: tuple[int, ...], ending: str) -> None:
    virials = np.stack([FORMS["six" if shape[-1] == 6 else "nine"]] * 2).reshape(shape)
    path = arrays(tmp_path / f"a.{ending}", virials=virials, cell=CELL)
    check(read(path, **UNITS))
    check(read(path, keys={"stress": "virials"}, **UNITS))
    two_cells = np.stack([CELL, 2 * CELL])
    path = arrays(tmp_path / f"b.{ending}", REF_virial=virials, cells=two_cells)
    frames = read(path, keys={"virial": "REF_virial"}, **UNITS)
    np.testing.assert_allclose(frames.targets["stress"], np.stack([STRESS, STRESS / 8]), rtol=1e-14)
    stresses = read(arrays(tmp_path / f"c.{ending}", stress=-virials / 40, cell=CELL), **UNITS)
    check(stresses)


def test_a_virial_is_in_the_unit_of_energies_whatever_stresses_are_in(tmp_path: Path) -> None:
    path = arrays(tmp_path / "a.npz", virial=np.stack([VIRIAL] * 2), cell=CELL)
    for stress_unit in (None, "GPa"):
        frames = read(path, energy_unit="Hartree", length_unit="Bohr", stress_unit=stress_unit)
        check(frames, STRESS * ENERGY["Hartree"] / LENGTH["Bohr"] ** 3)


def test_frames_without_a_virial_have_no_stress(tmp_path: Path) -> None:
    virials, cells = np.stack([VIRIAL, np.full((3, 3), np.nan)]), np.stack([CELL, np.zeros((3, 3))])
    frames = read(arrays(tmp_path / "a.npz", virial=virials, cells=cells, pbc=np.array(False)), **UNITS)
    assert frames.has("stress").tolist() == [True, False]
    first = xyz(tmp_path / "first.xyz", f'virials="{text(VIRIAL)}"').read_text()
    second = xyz(tmp_path / "second.xyz", "").read_text()
    (tmp_path / "both.xyz").write_text(first + second)
    assert read(tmp_path / "both.xyz").has("stress").tolist() == [True, False]


@pytest.mark.parametrize("keys", [None, {"stress": "virials"}, {"virial": "virials"}])
def test_a_virial_without_a_cell_is_refused_and_can_be_left_out(tmp_path: Path, keys: dict[str, str] | None) -> None:
    files = [
        (xyz(tmp_path / "a.xyz", f'virials="{text(VIRIAL)}"', None), {}),
        (xyz(tmp_path / "b.xyz", f'pbc="T T F" virials="{text(VIRIAL)}"', np.diag([4.0, 4.0, 0.0])), {}),
        (arrays(tmp_path / "a.npz", virials=np.stack([VIRIAL] * 2)), UNITS),
    ]
    for path, units in files:
        with pytest.raises(InputError, match=rf"frame .*{path.name} has a virial and no cell with volume"):
            read(path, keys=keys, **units)
        assert "stress" not in read(path, keys={"stress": ""}, **units).targets


def test_what_is_ambiguous_or_no_virial_is_refused(tmp_path: Path) -> None:
    path = xyz(tmp_path / "a.xyz", f'Virial="{text(VIRIAL)}" virials="{text(VIRIAL)}"')
    with pytest.raises(InputError, match=r"frame 0 of a.xyz has Virial and virials, either of which may be the virial"):
        read(path)
    with pytest.raises(InputError, match="a stress and a virial"):
        read(path, keys={"stress": "virials", "virial": "Virial"})
    with pytest.raises(InputError, match=r"the virials of frame 0 of b.xyz has 3 x 3 or six numbers"):
        read(xyz(tmp_path / "b.xyz", 'virials="1 2 3"'))
    with pytest.raises(InputError, match=r"no frame of a.xyz has 'vir', which was named for virial"):
        read(path, keys={"virial": "vir"})


def test_virials_of_atoms_are_not_that_of_the_structure(tmp_path: Path) -> None:
    lattice = f'Lattice="{text(CELL)}" Properties=species:S:1:pos:R:3:virial:R:9'
    atom = f"H 0 0 {{}} {text(VIRIAL)}\n"
    (tmp_path / "a.xyz").write_text(f"2\n{lattice}\n{atom.format(0)}{atom.format(1)}")
    assert "stress" not in read(tmp_path / "a.xyz").targets
