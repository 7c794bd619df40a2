"""Cards: what is written is what is read, and a damaged one is one sentence."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from invgen.errors import BasisFileError
from invgen.runtime.cards import CARD, Card, read_card
from tests.support.paths import GENERATED

TEXTS = ("name", "title", "use", "space", "group", "outputs", "selection", "convention", "proved", "basis_id")
WORDS = Card(**{name: name for name in TEXTS}, topics=("a", "b"), dimension=3, members=2, operations={"value": 7})


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text(WORDS.dumps())
    assert read_card(tmp_path) == WORDS
    assert "value 7" in str(WORDS) and "2 of outputs" in str(WORDS)


def test_a_folder_without_a_card_has_none(tmp_path: Path) -> None:
    assert read_card(tmp_path) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "is not the card of a kernel package"),
        ({"format_version": 9}, "has format version 9, and this invgen reads 1"),
        ({"title": 3}, "is damaged: 'title' is missing or is not str"),
        ({"operations": None}, "is damaged: 'operations' is missing or is not dict"),
    ],
)
def test_a_damaged_card_is_one_sentence(change: dict[str, object], words: str, tmp_path: Path) -> None:
    (tmp_path / CARD).write_text(json.dumps({**json.loads(WORDS.dumps()), **change}))
    with pytest.raises(BasisFileError, match=words):
        read_card(tmp_path)


def test_a_card_that_is_no_json_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text("{")
    with pytest.raises(BasisFileError, match="cannot be read"):
        read_card(tmp_path)


def test_cards_of_the_catalogue_hold_every_field() -> None:
    for path in sorted(GENERATED.glob(f"*/{CARD}")):
        card = read_card(path.parent)
        assert card is not None and all(value for value in asdict(card).values()), path
