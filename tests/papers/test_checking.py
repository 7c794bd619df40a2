from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from invgen.errors import InputError
from invgen.papers import building, charts, checking, manifest, spec

SMALL = """\
title: Small
pdf: false
tables:
  - {name: counts, kind: invariants, n_max: 2, l_max: 2, caption: Counts.}
  - {name: formulas, kind: members, space: 1o + 2e, max_degree: 3, caption: Formulas.}
"""


PRINTED = """\
title: Printed
tables:
  - {name: counts, kind: invariants, n_max: 2, l_max: 1, caption: Counts.}
"""


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A folder with a figure as PDF."""
    building.build(spec.parse(PRINTED, "s.yaml"), tmp_path / "printed")
    return tmp_path / "printed"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper") / "p"
    building.build(spec.parse(SMALL, "s.yaml"), folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "p")


def failed(folder: Path, quick: bool = False) -> list[str]:
    return [claim.text for claim in checking.check(folder, quick) if not claim.holds]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_bytes()
    assert old.encode() in text
    path.write_bytes(text.replace(old.encode(), new.encode(), 1))


@pytest.mark.parametrize("quick", [False, True])
def test_a_folder_that_was_just_made_holds(folder: Path, quick: bool) -> None:
    claims = list(checking.check(folder, quick))
    assert all(claim.holds for claim in claims)
    assert sum("its certificate" in claim.text for claim in claims) == 4


@pytest.mark.parametrize(
    ("path", "old", "new", "where"),
    [
        ("tables/counts.csv", ",2,3\r", ",2,4\r", "row 2, 'l_max 2': has '4' where '3' is made"),
        ("tables/counts.csv", ",2,3\r", ",2\r", "line 3, column"),
        ("tables/counts.tex", "& $6$", "& $66$", "has '66$"),
        ("tables/counts.md", "| 6 |", "| 7 |", "has '7 |' where '6 |' is made"),
        ("figures/counts.svg", 'r="3"', 'r="4"', "has '4\" "),
        ("methods.tex", "where 6", "where 5", "has '5 are needed"),
        ("spec.yaml", "Small", "Smile", "line 1, column 10"),
        ("bases/formulas.json", '"max_degree": 3', '"max_degree": 4', "has '4,"),
    ],
)
def test_a_changed_number_is_found_and_its_place_is_named(
    folder: Path, path: str, old: str, new: str, where: str
) -> None:
    replaced(folder / path, old, new)
    (text,) = failed(folder)
    assert text.startswith(f"{path}: ") and where in text
    assert failed(folder, quick=True)[0] == f"{path} was changed"


def test_a_changed_pdf_is_found_and_the_byte_is_named(printed: Path) -> None:
    assert failed(printed) == []
    replaced(printed / "figures" / "counts.pdf", "PDF-1.4", "PDF-1.5")
    assert failed(printed) == ["figures/counts.pdf: differs from byte 7"]


def test_missing_and_added_files_are_named(folder: Path) -> None:
    (folder / "cite.bib").unlink()
    (folder / "tables" / "more.tex").write_text("x")
    assert failed(folder) == ["cite.bib is missing", "tables/more.tex is not made by the specification"]
    assert failed(folder, quick=True)[:2] == ["cite.bib is missing", "tables/more.tex is not in the manifest"]


def test_a_false_certificate_with_fitting_hashes_is_found(folder: Path) -> None:
    from invgen.basis import file as basis_file

    path = folder / "bases" / "formulas.json"
    data = json.loads(path.read_text())
    data["certificate"]["target"] += 1
    data["id"] = basis_file._digest({k: v for k, v in data.items() if k not in ("id", "provenance")})
    path.write_text(json.dumps(data))
    old = manifest.read(folder)
    hashes = {**old.files, "bases/formulas.json": manifest.digest(path.read_bytes())}
    ids = {**old.bases, "bases/formulas.json": data["id"]}
    (folder / manifest.NAME).write_text(manifest.Manifest(old.invgen, old.spec, hashes, ids, old.bound).dumps())
    (text,) = failed(folder, quick=True)
    assert text.startswith("bases/formulas.json: ") and "no more than" in text
    assert any("other hashes" in text for text in failed(folder))


def test_a_changed_manifest_is_refused(folder: Path) -> None:
    replaced(folder / manifest.NAME, '"invgen": "0', '"invgen": "1')
    with pytest.raises(InputError, match="does not match its id"):
        failed(folder)


def test_another_version_of_invgen_is_named(folder: Path) -> None:
    old = manifest.read(folder)
    (folder / manifest.NAME).write_text(manifest.Manifest("0.0.9", old.spec, old.files, old.bases, old.bound).dumps())
    texts = [claim.text for claim in checking.check(folder)]
    assert any("made by invgen 0.0.9" in text for text in texts)


def other_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "versions", lambda: {"fonttools": "4", "matplotlib": "3.8.0"})


def test_pdfs_are_compared_under_their_versions_alone(printed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other_versions(monkeypatch)
    monkeypatch.setattr(charts, "pdf", lambda _: b"other bytes")
    texts = [claim.text for claim in checking.check(printed) if "is bound to" in claim.text]
    assert len(texts) == 1 and all("not compared under" in t and "its hash holds" in t for t in texts)
    assert failed(printed) == []
    replaced(printed / "figures" / "counts.pdf", "PDF-1.4", "PDF-1.5")
    (text,) = failed(printed)
    assert text.startswith("figures/counts.pdf is bound to") and text.endswith("its hash differs")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: shutil.rmtree(f), "there is no paper folder"),
        (lambda f: (f / manifest.NAME).unlink(), "is not a paper folder"),
        (lambda f: (f / manifest.NAME).write_text("{"), "is not JSON"),
        (lambda f: (f / manifest.NAME).write_text("[]"), "lacks the format mark"),
        (lambda f: replaced(f / manifest.NAME, '"format_version": 1', '"format_version": 2'), "format version 2"),
    ],
)
def test_what_is_no_paper_folder_is_one_sentence(folder: Path, damage: Callable[[Path], None], words: str) -> None:
    damage(folder)
    with pytest.raises(InputError, match=words):
        failed(folder)
