"""What an author says of a package, checked; the rest of its card is that of the basis."""

from __future__ import annotations

from typing import Any

import pytest

from invgen import TensorSpace, generate
from invgen.compiler.cards import card_of, card_words
from invgen.compiler.invariants import costs
from invgen.errors import InputError


def test_counts_and_operations_are_those_of_the_basis() -> None:
    basis = generate(TensorSpace("1o + 2e"), 4)
    card = card_of(basis, "here", card_words({"title": " a line ", "use": "always", "topics": ["x"]}))
    assert (card.title, card.members, card.dimension, card.outputs) == ("a line", len(basis), 8, "invariants")
    assert card.basis_id == basis.id and card.operations["vjp"] == costs(basis)["vjp"].operations


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("title", "a card is a mapping with the fields title, use, topics, got 'title'"),
        ({"titel": "a", "use": "b"}, "a card has no field 'titel', did you mean 'title'"),
        ({"title": "a"}, "the card's use is a text, got None"),
        ({"title": " ", "use": "b"}, "the card's title is a text, got ' '"),
        ({"title": "a", "use": "b", "topics": "atoms"}, "the card's topics are a list of texts, got 'atoms'"),
    ],
)
def test_words_that_are_no_card_are_one_sentence(given: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        card_words(given)
