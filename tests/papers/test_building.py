from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import invgen
from invgen.basis import generation
from invgen.errors import InputError
from invgen.papers import building, manifest, spec
from invgen.papers.kinds import KINDS
from tests.support.paths import REPOSITORY

SMALL = """\
title: Small
pdf: false
tables:
  - {name: counts, kind: invariants, n_max: 2, l_max: 2, caption: Counts.}
  - {name: formulas, kind: members, space: 1o + 2e, max_degree: 3, caption: Formulas.}
"""


def parsed(text: str = SMALL) -> spec.PaperSpec:
    return spec.parse(text, "s.yaml")


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in [*manifest.files_of(folder), manifest.NAME]}


def test_a_folder_holds_every_kind_of_file(tmp_path: Path) -> None:
    building.build(parsed(SMALL.replace("pdf: false\n", "")), tmp_path / "p")
    assert manifest.files_of(tmp_path / "p") == [
        "README.md",
        *(f"bases/counts_l{l}.json" for l in range(3)),
        "bases/formulas.json",
        "cite.bib",
        "example.tex",
        *(f"figures/{name}.{kind}" for name in ("counts", "formulas") for kind in ("pdf", "svg")),
        "methods.md",
        "methods.tex",
        "spec.yaml",
        *(f"tables/{name}.{kind}" for name in ("counts", "formulas") for kind in ("csv", "md", "tex")),
    ]
    assert os.listdir(tmp_path) == ["p"], "nothing is left beside it"


def test_a_basis_file_is_the_one_that_generate_saves(tmp_path: Path) -> None:
    building.build(parsed(), tmp_path / "p")
    basis = invgen.Basis.load(tmp_path / "p" / "bases" / "formulas.json")
    assert basis == invgen.generate(invgen.TensorSpace("1o + 2e"), 3)


def test_the_methods_paragraph_has_the_numbers(tmp_path: Path) -> None:
    building.build(parsed(), tmp_path / "p")
    text = (tmp_path / "p" / "methods.tex").read_text(encoding="utf-8")
    assert "there are 3 functionally independent invariants up to degree 2, where 6 are needed" in text
    assert r"\cite{invgen,allen2025,bujack2025}" in text
    assert "[cite]" not in (tmp_path / "p" / "methods.md").read_text(encoding="utf-8")


def test_an_unchanged_folder_is_replaced_and_the_same(tmp_path: Path) -> None:
    building.build(parsed(), tmp_path / "p")
    before = contents(tmp_path / "p")
    building.build(parsed(), tmp_path / "p")
    assert contents(tmp_path / "p") == before


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    building.build(parsed(), tmp_path / "p")
    assert (tmp_path / "p" / manifest.NAME).is_file()


def test_what_somebody_changed_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "p"
    building.build(parsed(), folder)
    monkeypatch.setattr(generation, "generate", lambda *_, **__: pytest.fail("worked before it looked"))
    table = folder / "tables" / "counts.csv"
    table.write_bytes(table.read_bytes() + b"more")
    with pytest.raises(InputError, match=r"was changed since invgen made it \(tables/counts.csv was changed\)"):
        building.build(parsed(), folder)
    table.unlink()
    with pytest.raises(InputError, match="is missing"):
        building.build(parsed(), folder)


@pytest.mark.parametrize("name", ["notes.txt", "tables/mine.tex"])
def test_files_of_others_are_kept(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "p"
    building.build(parsed(), folder)
    (folder / name).write_text("mine")
    with pytest.raises(InputError, match=f"{name} is not in the manifest"):
        building.build(parsed(), folder)


def test_places_that_are_no_paper_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("mine")
    with pytest.raises(InputError, match="is not a paper folder"):
        building.build(parsed(), tmp_path / "other")
    with pytest.raises(InputError, match="is not a folder"):
        building.build(parsed(), tmp_path / "other" / "thesis.tex")
    with pytest.raises(InputError, match="create it first"):
        building.build(parsed(), tmp_path / "none" / "p")
    assert (tmp_path / "other" / "thesis.tex").read_text() == "mine"


def test_a_run_that_was_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, made = tmp_path / "p", []
    original = type(KINDS["members"]).make

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        type(KINDS["members"]), "make", property(lambda kind: stop if kind.name == "members" else original.fget(kind))
    )
    with pytest.raises(KeyboardInterrupt):
        building.build(parsed(), folder)
    assert os.listdir(tmp_path) == [".p.parts"] and os.listdir(tmp_path / ".p.parts") == ["counts.json"]
    monkeypatch.setattr(
        type(KINDS["members"]), "make", property(lambda kind: made.append(kind.name) or original.fget(kind))
    )
    building.build(parsed(SMALL.replace("caption: Counts.", "caption: Other words.")), folder)
    assert made == ["members"] and os.listdir(tmp_path) == ["p"]
    assert "Other words." in (folder / "tables" / "counts.tex").read_text()


def test_what_was_kept_for_another_request_or_is_damaged_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    parts = building.parts_of(folder)
    building.make(parsed(), parts=parts)
    (parts / "formulas.json").write_text('{"key": ')
    building.build(parsed(SMALL.replace("n_max: 2", "n_max: 3")), folder)
    building.build(parsed(SMALL.replace("n_max: 2", "n_max: 3")), tmp_path / "q")
    assert contents(folder) == contents(tmp_path / "q")


def test_a_basis_beyond_the_memory_limit_names_its_table(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"table 'counts' of the kind invariants: the request needs about .*memory_limit"
    ):
        building.build(parsed(SMALL + "memory_limit: 500\n"), tmp_path / "p")
    assert os.listdir(tmp_path) == []


def test_progress_names_the_table() -> None:
    told: list[str] = []
    building.make(parsed(), lambda text, done, total: told.append(text))
    assert told and all(text.startswith(("counts: ", "formulas: ")) for text in told)


def test_the_same_bytes_under_every_hash_seed_and_locale(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        SMALL.replace("pdf: false\n", "").replace("Formulas.", "Fœrmulas."), encoding="utf-8"
    )
    for seed, locale in (("0", "C"), ("7", "C.UTF-8")):
        path = {"PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": seed, "LC_ALL": locale}
        command = [sys.executable, "-m", "invgen", "paper", "build", "s.yaml", "-o", f"p{seed}"]
        subprocess.run(command, cwd=tmp_path, env={**os.environ, **path}, check=True, stdout=subprocess.DEVNULL)
    assert contents(tmp_path / "p0") == contents(tmp_path / "p7")


def test_the_first_folder_of_the_documentation_is_made_and_holds(tmp_path: Path) -> None:
    from invgen.papers import checking

    page = (REPOSITORY / "docs" / "papers.md").read_text(encoding="utf-8")
    first = page.partition("```yaml\n")[2].partition("```")[0]
    building.build(parsed(first), tmp_path / "first")
    claims = list(checking.check(tmp_path / "first"))
    assert len(claims) > 20 and all(claim.holds for claim in claims)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["counts", "generators"])
def test_whole_specifications_can_be_built_and_checked(tmp_path: Path, name: str) -> None:
    from invgen.papers import checking

    building.build(spec.read(REPOSITORY / "papers" / f"{name}.yaml"), tmp_path / name)
    claims = list(checking.check(tmp_path / name, quick=True))
    assert len(claims) > 10 and all(claim.holds for claim in claims)
