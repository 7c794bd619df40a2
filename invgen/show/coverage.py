"""The picture of a report: a bar for every subspace, filled as far as the rank goes, with a mark and numbers beside it.

The colours are a blue and a red that every common colour blindness tells apart; marks and numbers say the same without
colour. The background is white, so that the picture is the same on light and dark pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from invgen.show.svg import NEUTRAL, PALETTE, Picture, document, number

FULL, SHORT = PALETTE[0], PALETTE[1]
_INK = "#1c1c1c"
_LETTER = 7.0  # the width of one at 11 pixels, generously
_NAME_LENGTH = 22
_BAR, _THICK = 96.0, 10.0
_LINE = 19.0
_MARGIN = 14.0
_GAP = 26.0  # between columns
_WIDTH = 880.0  # wide enough for two columns of long names, and for a page
_MAX_COLUMNS = 4
_CHECK = (((-4.0, 0.0), (-1.0, 3.0), (4.0, -4.0)),)
_CROSS = (((-3.5, -3.5), (3.5, 3.5)), ((-3.5, 3.5), (3.5, -3.5)))


@dataclass(frozen=True)
class Verdict:
    """A line of the head: what is asked, the answer in words, and whether it is a yes; None where it is neither."""

    question: str
    answer: str
    holds: bool | None


@dataclass(frozen=True)
class Bar:
    """A subspace: its name, the rank there, and the rank that is needed."""

    name: str
    rank: int
    needed: int


def coverage_svg(title: str, verdicts: Sequence[Verdict], sections: Sequence[tuple[str, Sequence[Bar]]]) -> str:
    """The picture as a self-contained SVG; every bar has the title that its whole name, rank and need make."""
    top = _MARGIN + 12
    body = [_text(_MARGIN, top, title, size=13, bold=True)]
    questions = max((len(v.question) for v in verdicts), default=0) * _LETTER
    for verdict in verdicts:
        top += _LINE
        if verdict.holds is not None:
            body.append(_mark(_MARGIN + 5, top - 4, verdict.holds))
        body.append(_text(_MARGIN + 16, top, verdict.question))
        body.append(_text(_MARGIN + 28 + questions, top, verdict.answer))
    width = max([_WIDTH, *(40 + questions + _LETTER * len(v.answer) + 2 * _MARGIN for v in verdicts)])
    for name, bars in sections:
        top += 1.6 * _LINE
        body.append(_text(_MARGIN, top, name, bold=True))
        top = _bars(body, bars, top + 6, width)
    height = top + _MARGIN + 4
    page = f'<rect width="{number(width)}" height="{number(height)}" fill="#ffffff"/>'
    return document(Picture(width, height, "\n".join([page, *body])), title)


def _bars(body: list[str], bars: Sequence[Bar], top: float, width: float) -> float:
    """The bars of a section, down the columns; the height at which they end."""
    names = max(len(_short(bar.name)) for bar in bars) * _LETTER
    numbers = max(len(_numbers(bar)) for bar in bars) * _LETTER
    cell = names + 8 + _BAR + 22 + numbers + _GAP
    columns = max(1, min(_MAX_COLUMNS, int((width - 2 * _MARGIN + _GAP) / cell)))
    rows = -(-len(bars) // columns)
    for i, bar in enumerate(bars):
        left, y = _MARGIN + (i // rows) * cell, top + _LINE * (i % rows + 0.7)
        start = left + names + 8
        full = bar.rank == bar.needed
        filled = _BAR * (bar.rank / bar.needed if bar.needed else 1.0)
        at = f'x="{number(start)}" y="{number(y - _THICK + 1)}" height="{number(_THICK)}"'
        body += [
            f"<g><title>{escape(f'{bar.name}: rank {_numbers(bar)}')}</title>",
            _text(left, y, _short(bar.name)),
            f'<rect {at} width="{number(filled)}" fill="{FULL if full else SHORT}"/>',
            f'<rect {at} width="{number(_BAR)}" fill="none" stroke="{NEUTRAL}"/>',
            _mark(start + _BAR + 12, y - 4, full),
            _text(start + _BAR + 22, y, _numbers(bar)) + "</g>",
        ]
    return top + _LINE * rows


def _numbers(bar: Bar) -> str:
    missing = bar.needed - bar.rank
    return f"{bar.rank} of {bar.needed}" + (f", lacks {missing}" if missing else "")


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 2] + ".."


def _text(x: float, y: float, text: str, size: int = 11, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{size}"{weight} fill="{_INK}">{escape(text)}</text>'


def _mark(x: float, y: float, holds: bool) -> str:
    """A check mark or a cross, drawn rather than written: not every font has them."""
    strokes = _CHECK if holds else _CROSS
    path = "".join("M" + "L".join(f"{number(x + a)} {number(y + b)}" for a, b in stroke) for stroke in strokes)
    return f'<path d="{path}" fill="none" stroke="{FULL if holds else SHORT}" stroke-width="2"/>'
