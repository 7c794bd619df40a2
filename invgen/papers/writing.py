"""Tables as CSV and Markdown, and text with mathematics as plain text."""

from __future__ import annotations

import csv
import io
import re

from invgen.papers.table import CODE, FORMULA, NUMBER, Cell, Column, PaperTable

_COMMANDS = {
    r"\dim": "dim",
    r"\max": "max",
    r"\nu": "nu",
    r"\le": "<=",
    r"\ge": ">=",
    r"\dots": "...",
    r"\times": "x",
    r"\oplus": "+",
    r"\varphi": "phi",
    r"\,": " ",
    r"\infty": "inf",
    r"\\": " ",
}
_OPERATORS = (r"\dim", r"\le", r"\ge", r"\times", r"\oplus")
_MATHEMATICS = re.compile(r"\$([^$]*)\$")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+ ?|.)")


def plain(text: str) -> str:
    r"""Text without mathematics: "$l_{\max}$" is "l_max"."""

    def command(match: re.Match[str]) -> str:
        # The space after a command ends its name; after operators it is printed all the same.
        name = match[0].rstrip(" ") if match[0][1].isalpha() else match[0]
        space = " " if name in _OPERATORS and match[0] != name else ""
        return _COMMANDS.get(name, name[1:]) + space

    def inside(match: re.Match[str]) -> str:
        return re.sub(r"[{}]", "", _COMMAND.sub(command, match[1]))

    return _MATHEMATICS.sub(inside, one_line(text))


def heading(column: Column) -> str:
    """The whole heading of a column in a line, with its group and unit, with mathematics."""
    unit = f" ({column.unit})" if column.unit else ""
    return " ".join(filter(None, (column.group, one_line(column.heading)))) + unit


def one_line(text: str) -> str:
    """A heading without its line feeds, and without the hyphens before them."""
    return text.replace("-\n", "").replace("\n", " ")


def write_csv(table: PaperTable) -> str:
    """The rows below one line of headings, as RFC 4180 has them (lines end with CR LF)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(plain(heading(column)) for column in table.columns)
    for row in table.rows:
        writer.writerow(_bare(cell, column) for cell, column in zip(row, table.columns, strict=True))
    return text.getvalue()


def write_markdown(table: PaperTable) -> str:
    """The caption, the table, and the notes."""
    lines = [f"**{table.caption}**", "", _markdown_row([heading(column) for column in table.columns])]
    lines.append(f"| {' | '.join('---:' if column.kind == NUMBER else '---' for column in table.columns)} |")
    for row in table.rows:
        lines.append(_markdown_row([_markdown(cell, column) for cell, column in zip(row, table.columns, strict=True)]))
    if table.notes:
        lines += ["", *(f"- {note}" for note in table.notes)]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _markdown(cell: Cell, column: Column) -> str:
    if cell is None or cell == "":
        return ""
    if column.kind == CODE:
        return f"`{cell}`"
    return f"${cell}$" if column.kind == FORMULA else str(cell)


def _bare(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    return str(cell) if column.kind in (CODE, FORMULA) else plain(str(cell))
