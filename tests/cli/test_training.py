"""`invgen train` answers every mistake that a configuration or its files can hold with one sentence and exit code 2."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from invgen import cli
from invgen.training.yaml_file import dump_yaml
from tests.support.training_cases import config, write

UNITS = "energy_unit: eV, length_unit: Angstrom"
BASIS = "model={kind: HIPHOPNN, cutoff: 3.0, features: 4, basis: {l_max: 3, max_degree: 4, select: flexible}}"
ACE = "model={kind: ACE, cutoff: 3.0, n_radial: 0, basis: {l_max: 1, max_degree: 2}}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with its frames, and files that do not fit it."""
    folder = tmp_path_factory.mktemp("train")
    write(folder)
    write(folder, "silicon.npz", z=np.array([14, 1, 1, 1, 1]))
    write(folder, "packed.npz", without=("F",), n_atoms=np.full(24, 5))
    (folder / "frames.txt").write_text("no frames")
    (folder / "broken.npz").write_bytes(b"PK junk")
    (folder / "run.yaml").write_text(dump_yaml(config(folder)))
    return folder


def refusal(folder: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence on standard error; nothing else was said or written."""
    before = sorted(folder.rglob("*"))
    assert cli.main(["train", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("invgen: ") and said.err.count("\n") == 1
    assert sorted(folder.rglob("*")) == before
    return said.err.strip()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (["data.train.energy_unit=kcal"], "data.train: unknown unit of energy 'kcal'; known are eV, meV, kcal/mol"),
        (["data.train.length_unit=angstrom"], "data.train: unknown unit of length 'angstrom'; known are Angstrom"),
        (["data.train.energy_unit=null"], "data.train: frames.npz does not say its units: pass energy_unit"),
        (["data.train.keys={energy: Energies}"], "frames.npz has no 'Energies', which was named for energy; there"),
        (["data.train.keys={energi: E}"], "data.train: keys name numbers, positions, energy"),
        (["data.train.keys={forces: E}"], "the arrays of frames.npz do not fit together"),
        (["data.train.file=packed.npz", "loss.forces=0"], "the arrays of packed.npz do not fit together"),
        (["data.train.file=nothing.npz"], "data.train: there is no file"),
        (["data.train.file=broken.npz"], "data.train: broken.npz is not a readable NumPy archive"),
        (["data.train.file=frames.txt"], "data.train: ASE cannot read frames.txt"),
        (["data.train.member=a.xyz"], "member names a file in a tar archive, and 'frames.npz' is not one"),
        (["data.train.select={split: train}"], "frames.npz has no label 'split' to select by; its labels are none"),
        (["data.train.frames=[0, 99]"], "data.train: frames of frames.npz go from 0 to 24, got 0 to 99"),
        (["data.validation=24"], "data.train has 24 frames, too few for 1 to train on and 24 to validate with"),
        (["loss.charges=1"], "24 of 24 frames have no charges"),
        (
            [f"data.test.other={{file: silicon.npz, {UNITS}}}"],
            "data.test.other: frame 0 has an atom of Si, but the model knows H, C: leave such frames out",
        ),
        (["data.test.other={file: frames.npz, energy_unit: ev, length_unit: nm}"], "data.test.other: unknown unit"),
        ([f"data.test.validation={{file: frames.npz, {UNITS}}}"], "test has a set called validation"),
        (["model.featuresx=8"], "run.yaml: model has no entry 'featuresx'; its entries are kind, cutoff"),
        (["modelx.cutoff=3"], "run.yaml: the configuration has no entry 'modelx'"),
        (["model.elements=[200]"], "elements are symbols or atomic numbers from 1 to 118, got 200"),
        (["model.elements=[]"], "elements are one or more"),
        (["model.elements=[H, Xx]"], "'Xx' is not the symbol of an element"),
        (["model.elements=[H]"], "data.train: frame 0 has an atom of C, but the model knows H"),
        ([BASIS], "model.basis: max_degree=4 is too low for select='flexible': the invariants of l3:3o alone do not "),
        ([BASIS], "there; raise max_degree to 10"),
        (["model={kind: HIPHOPNN, cutoff: 3.0, basis: {file: none.json}}"], "model.basis: there is no basis file"),
        ([ACE], "model: n_radial is at least 1, got 0"),
        (["seed=99999999999999999999"], "seed is from 0 to 2^63 - 1"),
        (["hardware.threads=99999999999"], "hardware: threads is at most 4096"),
        (["seed=2020-13-45"], "the value of seed is not YAML"),
        (["seed"], "a change is NAME=VALUE"),
        (["output=none/run"], "the folder none does not exist"),
    ],
)
def test_a_mistake_is_one_sentence(
    folder: Path, changes: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(folder / "run.yaml"), *(word for change in changes for word in ("--set", change))]
    assert sentence in refusal(folder, arguments, capsys)


def test_files_in_the_way_and_files_that_are_not_there_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, run = folder / "frames.txt", str(folder / "run.yaml")
    assert f"output is a folder, {file} is a file" in refusal(folder, [run, "--set", f"output={file}"], capsys)
    assert "cannot read the configuration" in refusal(folder, [str(folder / "none.yaml")], capsys)
    assert "cannot read the configuration" in refusal(folder, [str(folder)], capsys)
    assert "there is no last.ckpt" in refusal(folder, [run, "--resume"], capsys)
    assert "unrecognized arguments: --sett" in refusal(folder, [run, "--sett", "seed=1"], capsys)
    assert "there is no file" in refusal(folder, [run, "--data", str(folder / "nowhere")], capsys)
