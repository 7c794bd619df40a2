"""The card of a kernel package, from its basis and from what its author says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invgen.basis.basis import Basis
from invgen.checks import nearest
from invgen.compiler.invariants import costs
from invgen.errors import InputError
from invgen.runtime.cards import Card
from invgen.show.tables import rank_sentence
from invgen.spaces.outputs import SCALAR


@dataclass(frozen=True)
class CardWords:
    """What the author of a package says of it: the fields of `Card` of these names."""

    title: str
    use: str
    topics: tuple[str, ...]


def card_words(given: Mapping[str, Any]) -> CardWords:
    """The words of a card, checked.

    Raises:
        InputError: a field is missing, unknown, empty or of another type.
    """
    names = ("title", "use", "topics")
    if not isinstance(given, Mapping):
        raise InputError(f"a card is a mapping with the fields {', '.join(names)}, got {given!r}")
    for name in given:
        if name not in names:
            raise InputError(f"a card has no field {name!r}{nearest(str(name), names)}; it has {', '.join(names)}")
    for name in ("title", "use"):
        if not isinstance(given.get(name), str) or not given[name].strip():
            raise InputError(f"the card's {name} is a text, got {given.get(name)!r}")
    topics = given.get("topics", ())
    if isinstance(topics, str) or not all(isinstance(topic, str) for topic in topics):
        raise InputError(f"the card's topics are a list of texts, got {topics!r}")
    return CardWords(given["title"].strip(), given["use"].strip(), tuple(topics))


def card_of(basis: Basis, name: str, words: CardWords) -> Card:
    """The card of a package of a basis; counts, proof and operations are those of the basis."""
    degree = "a given list" if basis.select == "given" else f"{basis.select}, degree <= {basis.max_degree}"
    return Card(
        name=name,
        title=words.title,
        use=words.use,
        topics=words.topics,
        space=str(basis.space),
        group=basis.space.group,
        outputs="invariants" if basis.outputs == SCALAR else basis.outputs,
        selection=degree,
        convention=basis.convention,
        dimension=basis.space.dimension,
        members=len(basis),
        proved=rank_sentence(basis),
        basis_id=basis.id,
        operations={function: cost.operations for function, cost in costs(basis).items()},
    )
