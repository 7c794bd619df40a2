"""`invgen detect`: what it hands to `fields.detect`, and the table that it writes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from invgen import fields
from invgen.cli import detection, main

Run = Callable[..., tuple[int, str, str]]

TABLE = np.zeros(
    2,
    dtype=[
        ("position", "f8", (3,)),
        ("voxel", "i8", (3,)),
        ("scale", "f8"),
        ("score", "f8"),
        ("p_value", "f8"),
        ("quaternion", "f8", (4,)),
        ("rotation_covariance", "f8", (3, 3)),
        ("runner_up", "f8"),
    ],
)
TABLE["voxel"] = [[1, 2, 3], [4, 5, 6]]
TABLE["position"] = TABLE["voxel"] * [1.0, 1.0, 1.5]
TABLE["score"], TABLE["quaternion"] = [0.9, 0.8], [[0, 0, 0, 1], [0, 0, 1, 0]]
HEAD = "x,y,z,voxel_x,voxel_y,voxel_z,scale,score,p_value,qx,qy,qz,qw," + ",".join(
    f"cov_{a}{b}" for a in "xyz" for b in "xyz"
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `invgen detect` in this process: exit code, standard output, standard error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["detect", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "f.npz", field=rng.normal(size=(12, 12, 12)), spacing=[1, 1, 1.5], origin=[10, 20, 30])
    np.savez(tmp_path / "t.npz", template=rng.normal(size=(8, 8, 8)), spacing=[1, 1, 1.5])
    return tmp_path / "f.npz", tmp_path / "t.npz"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the stand-ins of `fields.Template` and `fields.detect` are called with."""
    calls: dict[str, Any] = {}

    def template(patch: Any, **options: Any) -> Any:
        calls["template"] = (patch, options)
        return SimpleNamespace()

    def detect(field: Any, template: Any, **options: Any) -> Any:
        calls["detect"] = (field, options)
        return TABLE

    monkeypatch.setattr(fields, "Template", template, raising=False)
    monkeypatch.setattr(fields, "detect", detect, raising=False)
    return calls


def test_the_table_has_positions_in_the_units_and_the_origin_of_the_field(
    run: Run, files: tuple[Path, Path], seen: dict[str, Any], tmp_path: Path
) -> None:
    out = tmp_path / "peaks.csv"
    assert run(*files, "-o", out) == (0, f"{out}: 2 detections\n", "")
    assert out.read_text().splitlines()[0] == f"{HEAD},runner_up"
    rows = list(csv.DictReader(out.open()))
    assert [rows[0][name] for name in "xyz"] == ["11", "22", "34.5"]
    assert [rows[1][f"voxel_{name}"] for name in "xyz"] == ["4", "5", "6"]
    assert (rows[1]["score"], rows[1]["qz"], rows[1]["cov_zz"]) == ("0.8", "1", "0")
    patch, options = seen["template"]
    assert patch.shape == (8, 8, 8) and options["order"] == 6 and options["spacing"] == (1, 1, 1.5)
    assert options["window"] == fields.Window.hermite(0.28 * 4)
    assert seen["detect"][0].shape == (12, 12, 12) and seen["detect"][1] == {"spacing": (1, 1, 1.5)}


def test_options_reach_the_search(run: Run, files: tuple[Path, Path], seen: dict[str, Any]) -> None:
    given = ("--scales", "0.8,1", "--threshold", "0.5", "--min-distance", "3", "--angle", "15", "--spacing", "2")
    code, out, _ = run(*files, "-o", "-", *given, "--max-order", "4", "--window", "2.5")
    assert code == 0 and out.startswith("x,y,z,") and out.count("\n") == 3
    wanted = {"scales": (0.8, 1.0), "threshold": 0.5, "min_distance": 3.0, "angle": 15.0, "spacing": (2.0, 2.0, 2.0)}
    assert seen["detect"][1] == wanted
    assert seen["template"][1]["window"] == fields.Window.hermite(2.5) and seen["template"][1]["order"] == 4


def test_detections_are_written_as_points(
    run: Run, files: tuple[Path, Path], seen: dict[str, Any], tmp_path: Path
) -> None:
    pyvista = pytest.importorskip("pyvista")
    assert run(*files, "-o", tmp_path / "p.csv", "--points", tmp_path / "p.vtp")[0] == 0
    np.testing.assert_allclose(pyvista.read(tmp_path / "p.vtp").points[0], [11, 22, 34.5])


def test_the_table_is_in_the_axes_of_the_file(run: Run, seen: dict[str, Any], tmp_path: Path) -> None:
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    np.savez(tmp_path / "f.npz", field=np.ones((3, 3, 3)), direction=turn)
    np.save(tmp_path / "t.npy", np.ones((8, 8, 8)))
    _, out, _ = run(tmp_path / "f.npz", tmp_path / "t.npy", "-o", "-")
    assert out.splitlines()[1].startswith("-2,1,4.5,1,2,3,")


def test_every_option_of_the_table_is_explained(run: Run) -> None:
    _, out, _ = run("--help")
    text = " ".join(out.split())
    assert all(f"{option.flag} " in text for option in detection.OPTIONS)
    assert '"field"' in text and '"spacing"' in text


def test_bad_input_is_one_sentence(run: Run, files: tuple[Path, Path], seen: dict[str, Any], tmp_path: Path) -> None:
    field, template = files
    np.save(tmp_path / "t2.npy", np.ones((8, 8)))
    np.save(tmp_path / "t3.npy", np.ones((8, 8, 8)))
    out = tmp_path / "peaks.csv"
    for arguments, words in (
        ((tmp_path / "gone.npz", template), "does not exist"),
        ((field, tmp_path / "t2.npy"), "the field has 3 axes, the template 2"),
        ((field, tmp_path / "t3.npy"), "spacing is 1,1,1.5, the template's 1,1,1"),
        ((field, template, "--memory-limit", "1MiB"), "12 x 12 x 12 voxels needs about 64.1 MiB"),
        ((field, template, "--threshold", "1", "--false-discoveries", "0.1"), "--threshold replaces"),
        ((field, template, "--scales", "a"), "expected a number, got 'a'"),
        ((field, template, "--spacing", "1,2"), "--spacing is one number, or 3, got 2"),
        ((field, template, "--field-key", "x"), "no array 'x'"),
        ((field, template, "--points", tmp_path / "p.vtk"), "writes a .vtp file"),
    ):
        code, said, err = run(*arguments, "-o", out)
        assert (code, said) == (2, "") and words in err and err.count("\n") == 1, err
    assert not out.exists()
