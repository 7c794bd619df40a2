from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from invgen.errors import InputError
from invgen.papers import spec
from invgen.papers.counts import MomentsOptions
from invgen.papers.kinds import KINDS
from tests.support.paths import REPOSITORY

ENTRY = "  - {name: counts, kind: invariants, n_max: 3, l_max: 2, caption: Counts.}\n"
TEXT = f"title: Small\ntables:\n{ENTRY}"


def test_a_specification_keeps_its_text_and_its_order() -> None:
    text = TEXT + "  - {name: f, kind: moments, values: vector, caption: 'Two\n    lines.'}\nauthors: [A. B., C. D.]\n"
    found = spec.parse(text, "s.yaml")
    assert (found.title, found.authors, found.text) == ("Small", ("A. B.", "C. D."), text)
    assert [(entry.name, entry.kind.name) for entry in found.tables] == [("counts", "invariants"), ("f", "moments")]
    assert found.tables[1].options == MomentsOptions(values="vector") and found.tables[1].caption == "Two lines."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "is not YAML"),
        ("- a", "holds names with values"),
        ("tables: []\ntitle: a", "at least one entry"),
        (TEXT.replace("title: Small", "titles: Small"), "did you mean 'title'"),
        (TEXT.replace("title: Small\n", ""), "title of a specification is a text"),
        (TEXT.replace("invariants", "invariant"), "did you mean 'invariants'"),
        (TEXT.replace("n_max", "nmax"), "table counts has no entry 'nmax'"),
        (TEXT.replace("n_max: 3", "n_max: many"), "table counts.n_max is a whole number"),
        (TEXT.replace("n_max: 3", "n_max: 30"), "n_max is an integer from 1 to 8"),
        (TEXT.replace("name: counts", "name: ../counts"), "use letters, digits and underscores"),
        (TEXT.replace("caption: Counts.", "caption: 3"), "caption of table 'counts' is a text"),
        (TEXT + ENTRY, "two tables are named 'counts'"),
        (TEXT + "title: again\n", "appears twice"),
        (TEXT + "columns: 3\n", "columns must be one of 1, 2"),
        (TEXT + "pdf: perhaps\n", "pdf is true or false"),
        (TEXT + "memory_limit: lots\n", "cannot read the memory limit"),
        (TEXT + "authors: me\n", "authors is a list of names"),
        ("title: a\ntables: [{name: x, kind: generators, cases: [], caption: c}]", "cases is empty"),
        ("title: a\ntables: [{name: x, kind: published, lists: [huu], caption: c}]", "did you mean 'hu'"),
    ],
)
def test_what_is_no_specification_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(InputError, match=r"s\.yaml") as caught:
        spec.parse(text, "s.yaml")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the specification"):
        spec.read(tmp_path / "none.yaml")


def test_without_pyyaml_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(InputError, match=r"invgen\[papers\]"):
        spec.parse(TEXT, "s.yaml")


@pytest.mark.parametrize("path", sorted((REPOSITORY / "papers").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_specifications_of_the_repository_can_be_read(path: Path) -> None:
    assert spec.read(path).tables


def test_every_kind_has_a_function_and_options_of_its_own() -> None:
    shown = {entry.kind.name for path in (REPOSITORY / "papers").glob("*.yaml") for entry in spec.read(path).tables}
    assert shown == set(KINDS), "papers/ shows every kind"
    for kind in KINDS.values():
        assert callable(kind.make) and isinstance(kind.option_type, type) and kind.summary


def test_every_kind_is_explained_in_the_documentation() -> None:
    text = (REPOSITORY / "docs" / "papers.md").read_text(encoding="utf-8")
    missing: list[Any] = [name for name in KINDS if f"`{name}`" not in text]
    assert not missing
