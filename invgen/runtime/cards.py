"""Cards of kernel packages: what a package computes, what is proved of it, and when to use it, in one small JSON file.

A card is read without torch and without the sources, so that a list of hundreds of packages is quick.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from invgen.checks import json_format
from invgen.errors import BasisFileError

CARD: Final = "CARD.json"
"""The file of a kernel package that says what it is; packages may lack it."""
FORMAT: Final = "invgen-card"
FORMAT_VERSION: Final = 1


@dataclass(frozen=True)
class Card:
    """What a person wants to know before using a package.

    Attributes:
        name: of the package.
        title: what it computes, in a line.
        use: when to use it, in a sentence or two.
        topics: the fields of work that it is for.
        space: the tensors that its components are of.
        group: under which the members are invariant or covariant.
        outputs: "invariants", or the irrep or Cartesian tensor that members are.
        selection: how members were chosen, and up to which degree.
        convention: of the components.
        dimension: the number of components.
        members: how many.
        proved: what the certificate claims, in words.
        basis_id: the hash of the basis.
        operations: of each function of the kernel, per sample and channel.
    """

    name: str
    title: str
    use: str
    topics: tuple[str, ...]
    space: str
    group: str
    outputs: str
    selection: str
    convention: str
    dimension: int
    members: int
    proved: str
    basis_id: str
    operations: dict[str, int]

    def dumps(self) -> str:
        """The text of the file, the same bytes for the same card."""
        content = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        return json.dumps(content, indent=2, ensure_ascii=True) + "\n"

    def __str__(self) -> str:
        functions = ", ".join(f"{name} {count}" for name, count in self.operations.items())
        kind = self.outputs if self.outputs == "invariants" else f"of {self.outputs}"
        rows = {
            "use": self.use,
            "topics": ", ".join(self.topics),
            "space": f"{self.space} ({self.dimension} components)",
            "group": self.group,
            "members": f"{self.members} {kind}",
            "selection": self.selection,
            "convention": self.convention,
            "proved": self.proved,
            "operations": functions,
            "basis": self.basis_id,
        }
        return "\n".join([f"{self.name}: {self.title}", *(f"  {name:<11} {text}" for name, text in rows.items())])


def read_card(folder: Path) -> Card | None:
    """The card of the package in a folder; None where it has none.

    Raises:
        BasisFileError: the file cannot be read, or is not a card.
    """
    path = folder / CARD
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BasisFileError(f"{path} cannot be read ({error}); write the package again") from error
    what, remedy = "the card of a kernel package", "write the package again"
    json_format(content, FORMAT, (FORMAT_VERSION,), path, what, remedy, BasisFileError)
    return _card(path, content)


def _card(path: Path, content: dict[str, Any]) -> Card:
    texts = ("name", "title", "use", "space", "group", "outputs", "selection", "convention", "proved", "basis_id")
    kinds: dict[str, type] = {
        **dict.fromkeys(texts, str),
        "topics": list,
        "dimension": int,
        "members": int,
        "operations": dict,
    }
    for name, kind in kinds.items():
        if not isinstance(content.get(name), kind):
            raise BasisFileError(f"{path} is damaged: {name!r} is missing or is not {kind.__name__}")
    fields = {name: content[name] for name in kinds}
    return Card(**{**fields, "topics": tuple(map(str, content["topics"]))})
