"""The specification of a paper folder: one YAML file with a title and a list of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from invgen import schema, yaml_text
from invgen.checks import identifier, nearest, one_of
from invgen.errors import InputError
from invgen.papers.kinds import KINDS, Kind
from invgen.reduction.options import MEMORY

_TOP = ("title", "authors", "columns", "memory_limit", "pdf", "tables")
_ENTRY = ("name", "kind", "caption")


@dataclass(frozen=True)
class TableEntry:
    """One table of a specification.

    Attributes:
        name: of its files.
        kind: what it shows.
        caption: what stands above it.
        options: of the kind, checked.
    """

    name: str
    kind: Kind
    caption: str
    options: Any


@dataclass(frozen=True)
class PaperSpec:
    """A specification.

    Attributes:
        title: of the paper.
        authors: their names.
        tables: in the order of the file.
        text: the file's text, which the folder keeps.
        memory_limit: of each basis, in bytes.
        pdf: whether figures are made as PDF too, which needs matplotlib.
        columns: of the article, 2 or 1.
    """

    title: str
    authors: tuple[str, ...]
    tables: tuple[TableEntry, ...]
    text: str
    memory_limit: int = MEMORY
    pdf: bool = True
    columns: int = 2


def read(path: Path) -> PaperSpec:
    """The specification in a file.

    Raises:
        InputError: there is no such file, it is not YAML, or it names what does not exist.
    """
    return parse(yaml_text.read(path, "specification"), str(path))


def parse(text: str, called: str) -> PaperSpec:
    """The specification in a text; `called` names it in messages."""
    given = yaml_text.parse(text, called, yaml_text.package("specifications", "papers"))
    if not isinstance(given, Mapping):
        raise InputError(f"{called} holds names with values, such as title and tables, got {type(given).__name__}")
    try:
        return _spec(given, text)
    except InputError as error:
        raise InputError(f"{called}: {error}") from None


def _spec(given: Mapping[str, Any], text: str) -> PaperSpec:
    _known(given, _TOP, "a specification")
    title = _text(given, "title", "a specification")
    authors = given.get("authors", [])
    if not isinstance(authors, list) or not all(isinstance(author, str) for author in authors):
        raise InputError(f"authors is a list of names, got {authors!r}")
    tables = given.get("tables")
    if not isinstance(tables, list) or not tables:
        raise InputError(f"tables is a list of at least one entry with name, kind and caption, got {tables!r}")
    pdf = given.get("pdf", True)
    if not isinstance(pdf, bool):
        raise InputError(f"pdf is true or false, got {pdf!r}")
    columns = one_of("columns", given.get("columns", 2), (1, 2))
    entries = tuple(_entry(table, number) for number, table in enumerate(tables, 1))
    names = [entry.name for entry in entries]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"two tables are named {twice[0]!r}; give each a name of its own")
    return PaperSpec(title, tuple(authors), entries, text, _memory(given.get("memory_limit", MEMORY)), pdf, columns)


def _entry(given: Any, number: int) -> TableEntry:
    where = f"table {number}"
    if not isinstance(given, Mapping):
        raise InputError(f"{where} holds names with values, such as name, kind and caption, got {given!r}")
    name = identifier(where, given.get("name"))
    where = f"table {name!r}"
    wanted = _text(given, "kind", where)
    if wanted not in KINDS:
        raise InputError(
            f"{where}: there is no kind {wanted!r}; choose from {', '.join(KINDS)}{nearest(wanted, KINDS)}"
        )
    kind = KINDS[wanted]
    caption = " ".join(_text(given, "caption", where).split())
    options = {key: value for key, value in given.items() if key not in _ENTRY}
    return TableEntry(name, kind, caption, schema.from_mapping(kind.option_type, options, f"table {name}"))


def _known(given: Mapping[str, Any], allowed: tuple[str, ...], what: str) -> None:
    for name in given:
        if name not in allowed:
            raise InputError(
                f"{what} has no entry {name!r}; its entries are {', '.join(allowed)}{nearest(str(name), allowed)}"
            )


def _text(given: Mapping[str, Any], name: str, what: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{name} of {what} is a text, got {value!r}")
    return value


def _memory(value: Any) -> int:
    from invgen.reduction.search.estimates import check_memory, parse_memory

    return parse_memory(value) if isinstance(value, str) else check_memory(value)
