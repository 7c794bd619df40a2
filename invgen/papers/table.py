"""What a table of a paper holds: exact cells in columns, a caption and notes; how it looks is the matter of writers.

Headings, captions, notes and cells of the kind "text" are plain text in which `$...$` is mathematics, in the LaTeX that
`writing.plain` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

Cell: TypeAlias = int | Fraction | str | None

NUMBER, TEXT, CODE, FORMULA = "number", "text", "code", "formula"
KINDS = (NUMBER, TEXT, CODE, FORMULA)


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        heading: what it holds; a line feed breaks it in LaTeX.
        kind: "number" (on the right), "text", "code" (typewriter) or "formula" (LaTeX mathematics, which breaks at its
            operators).
        unit: of its numbers, empty where they are counts.
        group: a heading above this one, shared with neighbours of the same group.
    """

    heading: str
    kind: str = NUMBER
    unit: str = ""
    group: str = ""


@dataclass(frozen=True)
class PaperTable:
    """A table.

    Attributes:
        name: of its files, an identifier.
        caption: one or more sentences.
        columns: from left to right.
        rows: one cell for each column; None is an empty cell.
        notes: sentences below it.
        keys: how many columns name a row: they are repeated where a wide table is split.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    keys: int = 1

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; a fraction is {"fraction": [numerator, denominator]}."""
        return {
            "name": self.name,
            "caption": self.caption,
            "columns": [[c.heading, c.kind, c.unit, c.group] for c in self.columns],
            "rows": [[_cell_to_json(cell) for cell in row] for row in self.rows],
            "notes": list(self.notes),
            "keys": self.keys,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PaperTable:
        """Read `to_json`."""
        return cls(
            data["name"],
            data["caption"],
            tuple(Column(*column) for column in data["columns"]),
            tuple(tuple(_cell_from_json(cell) for cell in row) for row in data["rows"]),
            tuple(data["notes"]),
            data["keys"],
        )


@dataclass(frozen=True)
class Series:
    """One line of a figure: its name, and points with integer coordinates."""

    name: str
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Figure:
    """A chart of counts.

    Attributes:
        caption: one or more sentences.
        x: the name of the horizontal axis.
        y: the name of the vertical axis.
        series: the lines, in the order of the legend.
        logarithmic: whether the vertical axis is; its points are positive then.
    """

    caption: str
    x: str
    y: str
    series: tuple[Series, ...]
    logarithmic: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings."""
        series = [[s.name, [list(point) for point in s.points]] for s in self.series]
        return {"caption": self.caption, "x": self.x, "y": self.y, "series": series, "logarithmic": self.logarithmic}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Figure:
        """Read `to_json`."""
        series = tuple(Series(name, tuple((x, y) for x, y in points)) for name, points in data["series"])
        return cls(data["caption"], data["x"], data["y"], series, data["logarithmic"])


@dataclass(frozen=True)
class TableResult:
    """What one entry of a specification gives.

    Attributes:
        table: the table.
        sentences: of the methods paragraph, with the numbers filled in.
        bases: the texts of basis files by name, each with its certificate.
        figure: a chart of the table, None where it has none.
        cite: keys of `citations.ENTRIES` beyond those that every paper cites.
        pictures: SVG texts by name, such as the contraction graphs of a basis.
    """

    table: PaperTable
    sentences: tuple[str, ...]
    bases: Mapping[str, str] = field(default_factory=dict)
    figure: Figure | None = None
    cite: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        name: str,
        caption: str,
        columns: Iterable[Column],
        rows: Iterable[tuple[Cell, ...]],
        notes: Iterable[str],
        sentence: str,
        *,
        keys: int = 1,
        bases: Mapping[str, str] | None = None,
        figure: Figure | None = None,
        cite: Iterable[str] = (),
        pictures: Mapping[str, str] | None = None,
    ) -> TableResult:
        """A table from its parts, with one sentence for the methods paragraph."""
        table = PaperTable(name, caption, tuple(columns), tuple(rows), tuple(notes), keys)
        return cls(table, (sentence,), dict(bases or {}), figure, tuple(cite), dict(pictures or {}))

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings."""
        return {
            "table": self.table.to_json(),
            "sentences": list(self.sentences),
            "bases": dict(self.bases),
            "figure": None if self.figure is None else self.figure.to_json(),
            "cite": list(self.cite),
            "pictures": dict(self.pictures),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TableResult:
        """Read `to_json`; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(
            PaperTable.from_json(data["table"]),
            tuple(data["sentences"]),
            dict(data["bases"]),
            None if data["figure"] is None else Figure.from_json(data["figure"]),
            tuple(data["cite"]),
            dict(data["pictures"]),
        )


def _cell_to_json(cell: Cell) -> Any:
    return {"fraction": [cell.numerator, cell.denominator]} if isinstance(cell, Fraction) else cell


def _cell_from_json(cell: Any) -> Cell:
    if isinstance(cell, dict):
        return Fraction(*cell["fraction"])
    if cell is not None and not isinstance(cell, int | str):
        raise ValueError(f"expected a cell, got {cell!r}")
    return cell
