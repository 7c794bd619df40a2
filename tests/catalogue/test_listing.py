"""What the catalogue lists: our packages, those of other distributions, and what is wrong with any of them."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import regenerate

from invgen import catalogue, cli
from invgen.catalogue import listing as module
from tests.support.paths import GENERATED


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, module.GROUP)


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path with a package of another distribution, one that fails to import, and one that is none."""
    shutil.copytree(GENERATED / "strain_D2h", tmp_path / "orthorhombic", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "parent_that_fails").mkdir()
    (tmp_path / "parent_that_fails" / "__init__.py").write_text("1 / 0\n")
    (tmp_path / "no_package.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    points = [
        point("orthorhombic", "orthorhombic"),
        point("optimal_l2_n4", "orthorhombic"),
        point("fails", "parent_that_fails.inside"),
        point("absent", "module_that_does_not_exist"),
        point("plain", "no_package"),
    ]
    monkeypatch.setattr(module, "entry_points", lambda group: points if group == module.GROUP else [])
    yield tmp_path  # type: ignore[misc]
    for name in ("orthorhombic", "parent_that_fails", "no_package"):
        sys.modules.pop(name, None)


def test_every_package_of_the_repository_has_a_card_that_agrees_with_its_manifest() -> None:
    found = {entry.name: entry for entry in catalogue.entries()}
    assert set(found) >= set(regenerate.RECIPES)
    for name, recipe in regenerate.RECIPES.items():
        entry = found[name]
        assert entry.card is not None and entry.folder is not None and entry.complaint == ""
        assert (entry.card.name, entry.card.title, entry.card.use) == (name, recipe.title, recipe.use)
        assert entry.card.basis_id in (entry.folder / "__init__.py").read_text()
        assert sorted(entry.card.operations) == ["jvp", "value", "value_and_vjp", "vjp", "vjp_of_vjp"]


def test_titles_state_the_true_number_of_members() -> None:
    for entry in catalogue.entries():
        assert entry.card is not None
        assert str(entry.card.members) in entry.card.title.split(), entry.title


def test_every_word_must_occur() -> None:
    names = [entry.name for entry in catalogue.search(["Moments", "vector"])]
    assert names == ["moments_vector_2d", "moments_vector_3d"]
    assert len(catalogue.search()) == len(catalogue.entries())
    assert catalogue.search(["a word that no card has"]) == ()


@pytest.mark.usefixtures("added")
def test_other_distributions_add_packages_and_cannot_replace_ours() -> None:
    found = {entry.name: entry for entry in catalogue.entries()}
    assert found["orthorhombic"].card is not None and found["orthorhombic"].module == "orthorhombic"
    assert found["optimal_l2_n4"].source == "invgen"
    assert found["fails"].complaint == "parent_that_fails.inside fails to import: ZeroDivisionError('division by zero')"
    assert found["absent"].complaint == "its module module_that_does_not_exist does not exist"
    assert "is not a kernel package: it has no MANIFEST.json" in found["plain"].complaint


def test_a_damaged_card_is_a_complaint(added: Path) -> None:
    (added / "orthorhombic" / "CARD.json").write_text("{}")
    found = {entry.name: entry for entry in catalogue.entries()}
    assert found["orthorhombic"].complaint.endswith("or write the package again")


def test_the_command_lists_titles_and_cards(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["catalogue", "pope"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{name:<15}  {regenerate.RECIPES[name].title}" for name in ("pope_invariants", "pope_tensors")
    ]
    assert cli.main(["catalogue", "strain_Oh", "--cards"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("strain_Oh: 9 generators") and any("proved" in line for line in lines)


def test_a_search_that_finds_nothing_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["catalogue", "flexible_l33"]) == 2
    assert "has the words 'flexible_l33', did you mean 'flexible_l3'?" in capsys.readouterr().err
