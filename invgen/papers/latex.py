r"""Tables in LaTeX with `booktabs`, made for articles of two columns, or of one.

What fits into a column is a `table`, what fits into the page a `table*`. Wider text and formulas wrap, wider numbers
are split by columns with the key columns repeated. What is longer than a page goes on in a further float. Widths are
estimated from above, from those of Computer Modern at 8 points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil

from invgen.papers.table import CODE, FORMULA, NUMBER, TEXT, Cell, Column, PaperTable
from invgen.show.tables import latex_code, latex_escape

# Widths of a column and of the page, in points: the narrowest of the article class in two columns (229 and 469), REVTeX
# (246, 510) and IEEEtran (252, 516), and of the article class in one column (345).
_ROOM = {2: (222.0, 456.0), 1: (338.0, 338.0)}
_GAP, _WIDEST_GAP, _BORDER = 6, 12, 8  # between columns, in points, and what is added between groups
_LINES, _FORMULA_LINES = 44, 29  # of a page, at 8 points, beside a caption and notes; with indices at two heights
_NARROWEST = 64.0  # of a column that wraps
_DIGIT, _TYPEWRITER, _SPACE, _WIDE, _LETTER, _NARROW = 4.3, 4.3, 2.9, 7.3, 4.6, 2.6
_MATHEMATICS = re.compile(r"(\$[^$]*\$)")
_OPERATOR = re.compile(r"\\operatorname\{(\w+)\}")
_THOUSANDS = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")


def write_latex(table: PaperTable, columns: int = 2) -> str:
    """The floats of a table; only the first has its whole caption and its label, only the last the notes.

    Args:
        table: the table.
        columns: of the article, 2 or 1.
    """
    column, page = _ROOM[columns]
    floats = [part for split in _splits(table, page) for part in _pages(split)]
    texts = [r"% Needs \usepackage{booktabs}."]
    for number, part in enumerate(floats):
        room = column if part.width <= column else page
        star = "" if room == column else "*"
        texts += _float(part, table, room, star, first=number == 0, last=number == len(floats) - 1)
    return "\n".join(texts) + "\n"


def text(given: str) -> str:
    """Plain text with mathematics, in LaTeX."""
    pieces = _MATHEMATICS.split(given)
    return "".join(piece if i % 2 else latex_escape(piece) for i, piece in enumerate(pieces))


@dataclass(frozen=True)
class _Part:
    """Some columns and rows of a table, with the width of each column and whether it wraps."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    wraps: tuple[bool, ...]

    @property
    def width(self) -> float:
        return sum(self.widths) + _GAP * len(self.widths) + _BORDER * sum(self.borders)

    @property
    def borders(self) -> list[bool]:
        """For each column whether a group ends before it and another begins."""
        groups = [column.group for column in self.columns]
        return [False, *(before != after and "" not in (before, after) for before, after in pairwise(groups))]


def _splits(table: PaperTable, page: float) -> list[_Part]:
    """The columns, in as many parts as the page needs."""
    natural = [_column_width(table, i) for i in range(len(table.columns))]
    whole = _chosen(table, range(len(table.columns)), natural)
    if whole.width <= page:
        return [whole]
    wrapping = [i for i, column in enumerate(table.columns) if column.kind != NUMBER and natural[i] > _NARROWEST]
    room = page - _GAP * len(natural) - sum(w for i, w in enumerate(natural) if i not in wrapping)
    if wrapping and room >= _NARROWEST * len(wrapping):
        widths = dict(enumerate(natural))
        left = sorted(wrapping, key=lambda i: natural[i])
        while left:  # narrow ones keep what they need, the others share the rest
            share = room / len(left)
            widths[left[0]] = min(natural[left[0]], share)
            room -= widths[left.pop(0)]
        return [_chosen(table, range(len(natural)), [widths[i] for i in range(len(natural))], natural)]
    parts, keys = [], list(range(table.keys))
    taken = list(keys)
    for i in range(table.keys, len(natural)):
        if len(taken) > len(keys) and _chosen(table, (*taken, i), [natural[j] for j in (*taken, i)]).width > page:
            parts.append(_chosen(table, taken, [natural[j] for j in taken]))
            taken = list(keys)
        taken.append(i)
    return [*parts, _chosen(table, taken, [natural[j] for j in taken])]


def _chosen(
    table: PaperTable, places: Sequence[int], widths: Sequence[float], natural: Sequence[float] | None = None
) -> _Part:
    wraps = [False] * len(widths) if natural is None else [w < n for w, n in zip(widths, natural, strict=True)]
    rows = tuple(tuple(row[i] for i in places) for row in table.rows)
    columns = tuple(table.columns[i] for i in places)
    return _Part(columns, rows, _below_groups(columns, widths), tuple(wraps))


def _below_groups(columns: Sequence[Column], widths: Sequence[float]) -> tuple[float, ...]:
    """The widths of columns; what the heading of a group needs beyond them, TeX adds to its last column."""
    found, start = list(widths), 0
    for group, members in groupby(columns, key=lambda column: column.group):
        end = start + len(list(members))
        missing = _text_width(group) - sum(found[start:end]) - _GAP * (end - start - 1)
        found[end - 1] += max(0.0, missing)
        start = end
    return tuple(found)


def _pages(part: _Part) -> list[_Part]:
    """The rows, in as many parts as pages need."""
    pages: list[list[tuple[Cell, ...]]] = [[]]
    taken, most = 0, _FORMULA_LINES if _has_formulas(part) else _LINES
    for row in part.rows:
        lines = max(
            (
                ceil(1.1 * _cell_width(cell, column) / width)
                for cell, column, width, wraps in zip(row, part.columns, part.widths, part.wraps, strict=True)
                if wraps
            ),
            default=1,
        )
        if pages[-1] and taken + lines > most:
            pages.append([])
            taken = 0
        pages[-1].append(row)
        taken += lines
    return [replace(part, rows=tuple(rows)) for rows in pages]


def _has_formulas(part: _Part) -> bool:
    return any(column.kind == FORMULA for column in part.columns)


def _float(part: _Part, table: PaperTable, room: float, star: str, first: bool, last: bool) -> list[str]:
    gap = min(_WIDEST_GAP, int((room - sum(part.widths) - _BORDER * sum(part.borders)) / len(part.widths)))
    title = table.caption if first else table.caption.split(". ")[0].rstrip(".") + " (continued)."
    letters = {NUMBER: "r", TEXT: "l", CODE: "l", FORMULA: "l"}
    layout = "".join(
        (rf"@{{\hspace{{{gap + _BORDER}pt}}}}" if border else "")
        + (f"p{{{width:.0f}pt}}" if wraps else letters[column.kind])
        for column, width, wraps, border in zip(part.columns, part.widths, part.wraps, part.borders, strict=True)
    )
    lines = [
        rf"\begin{{table{star}}}",
        r"\centering",
        *([] if first else [r"\addtocounter{table}{-1}"]),
        rf"\caption{{{text(title)}}}",
        *([rf"\label{{tab:{table.name}}}"] if first else []),
        r"\vspace{4pt}\footnotesize",
        *([r"\renewcommand{\arraystretch}{1.5}"] if _has_formulas(part) else []),
        rf"\setlength{{\tabcolsep}}{{{gap / 2:g}pt}}",
        rf"\begin{{tabular}}{{{layout}}}",
        r"\toprule",
        *_headings(part.columns),
        r"\midrule",
    ]
    for row in part.rows:
        cells = (_cell(cell, column, w) for cell, column, w in zip(row, part.columns, part.wraps, strict=True))
        lines.append(" & ".join(cells) + r" \tabularnewline")
    lines += [r"\bottomrule", r"\end{tabular}"]
    if last and table.notes:
        notes = " ".join(text(note) for note in table.notes)
        lines += ["", r"\smallskip", rf"\parbox{{\linewidth}}{{\footnotesize\raggedright {notes}}}"]
    return [*lines, rf"\end{{table{star}}}"]


def _headings(columns: Sequence[Column]) -> list[str]:
    """A line of groups with rules below them, where there are groups, and the line of headings."""
    lines = []
    if any(column.group for column in columns):
        cells, rules, place = [], [], 0
        while place < len(columns):
            group = columns[place].group
            end = place + 1
            while group and end < len(columns) and columns[end].group == group:
                end += 1
            cells.append(rf"\multicolumn{{{end - place}}}{{c}}{{{text(group)}}}" if group else "")
            if group:
                rules.append(rf"\cmidrule(lr){{{place + 1}-{end}}}")
            place = end
        lines += [" & ".join(cells) + r" \tabularnewline", "".join(rules)]
    lines.append(" & ".join(map(_heading, columns)) + r" \tabularnewline")
    return lines


def _heading(column: Column) -> str:
    pieces = [text(piece) for piece in _heading_lines(column)]
    if len(pieces) == 1:
        return pieces[0]
    side = "r" if column.kind == NUMBER else "l"
    return rf"\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}" + r"\\".join(pieces) + r"\end{tabular}"


def _heading_lines(column: Column) -> list[str]:
    return [*column.heading.split("\n"), *([f"({column.unit})"] if column.unit else [])]


def _cell(cell: Cell, column: Column, wraps: bool) -> str:
    if cell is None or cell == "":
        return ""
    start = r"\raggedright " if wraps else ""
    if column.kind == FORMULA:
        formula = _OPERATOR.sub(r"\\mathop{\\mathrm{\1}}", str(cell))  # \operatorname is of amsmath
        return f"{start}${_breakable(formula) if wraps else formula}$"
    if column.kind == CODE:
        return start + latex_code(str(cell), wraps).replace("+ ", r"+ \allowbreak " if wraps else "+ ")
    if isinstance(cell, str):
        return start + text(cell)
    written = str(cell)
    if isinstance(cell, int) and abs(cell) >= 10_000:
        written = _THOUSANDS.sub(lambda _: r"\,", written)
    return f"${written}$"


def _breakable(formula: str) -> str:
    r"""A formula that may break after every factor, and after the comma of a coupling."""
    return formula.replace(r"\, ", r"\,\allowbreak ").replace(", ", r",\allowbreak ")


# --- widths ----------------------------------------------------------------------------------------------------------


def _column_width(table: PaperTable, place: int) -> float:
    column = table.columns[place]
    lines = [_text_width(line) for line in _heading_lines(column)]
    return max([*lines, *(_cell_width(row[place], column) for row in table.rows)])


def _cell_width(cell: Cell, column: Column) -> float:
    if cell is None:
        return 0.0
    if column.kind == CODE:
        return _TYPEWRITER * len(str(cell))
    if column.kind == FORMULA:
        return _formula_width(str(cell))
    if isinstance(cell, str):
        return _text_width(cell)
    return _DIGIT * len(str(cell)) + (_NARROW if len(str(cell)) > 4 else 0.0)


def _text_width(given: str) -> float:
    pieces = _MATHEMATICS.split(given)
    return sum(
        _formula_width(piece[1:-1]) if i % 2 else sum(map(_letter_width, piece)) for i, piece in enumerate(pieces)
    )


def _formula_width(formula: str) -> float:
    r"""Of all letters, indices a little narrower; \varepsilon counts as one letter, \mathrm{...} as its text."""
    bare = re.sub(r"\\(?:mathrm|mathsf|operatorname)\b", "", formula)
    bare = re.sub(r"\\,|\\allowbreak", " ", bare)
    bare = re.sub(r"\\[{}]", "(", bare)
    bare = re.sub(r"\\[A-Za-z]+", "m", bare)
    indices = sum(len(found) for found in re.findall(r"[_^]\{([^{}]*)\}", bare))
    return sum(_letter_width(c) for c in bare if c not in "{}_^\\") + 1.5 * len(re.findall(r"[A-Z]", bare)) - indices


def _letter_width(letter: str) -> float:
    if letter == " ":
        return _SPACE
    if letter.isdigit():
        return _DIGIT
    if letter in "mwMW@%=+<>-" or not letter.isascii():
        return _WIDE
    if letter.isupper():
        return 6.2
    return _NARROW if letter in "ijlft.,;:'!()[]|" else _LETTER
