from __future__ import annotations

from pathlib import Path

import pytest

from invgen.cli import main

SMALL = """\
title: Small
pdf: false
tables:
  - {name: counts, kind: invariants, n_max: 2, l_max: 2, caption: Counts.}
"""


@pytest.fixture
def built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "s.yaml").write_text(SMALL)
    folder = tmp_path / "p"
    assert main(["paper", "build", str(tmp_path / "s.yaml"), "-o", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder}: 1 table, 3 bases, 13 files\n"
    return folder


@pytest.mark.parametrize("options", [(), ("--quick",)])
def test_check_prints_every_claim(built: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]) -> None:
    assert main(["paper", "check", str(built), *options]) == 0
    captured = capsys.readouterr()
    assert captured.err == "" and all(line.startswith("ok ") for line in captured.out.splitlines())


def test_a_false_claim_is_one_line_and_2(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = built / "tables" / "counts.csv"
    path.write_bytes(path.read_bytes().replace(b",2,3", b",2,9"))
    assert main(["paper", "check", str(built)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and "has '9' where '3' is made" in captured.err
    assert [line for line in captured.out.splitlines() if line.startswith("FAILED")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("paper",), "build or check"),
        (("paper", "build", "s.yaml"), "-o/--output"),
        (("paper", "build", "none.yaml", "-o", "p"), "cannot read the specification"),
        (("paper", "check", "none"), "there is no paper folder"),
    ],
)
def test_bad_input_is_one_line_and_2(
    arguments: tuple[str, ...],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and words in captured.err


@pytest.mark.parametrize("command", ["build", "check"])
def test_both_steps_explain_themselves(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main(["paper", command, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"invgen paper {command}" in out and "example" in out and "Output:" in out
    assert all(len(line) <= 120 for line in out.splitlines())
