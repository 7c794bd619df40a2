"""Charts of counts: SVG text of our own, the same bytes everywhere, and PDF by matplotlib, bound to its version."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from math import log10
from typing import Any

from invgen.errors import InputError
from invgen.papers.table import Figure
from invgen.show.svg import NEUTRAL, PALETTE

_WIDTH, _HEIGHT = 420, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 14, 14, 46
_STEPS = (1, 2, 5)
_LARGE = 10_000
_LEGEND = 16  # height of a line


def svg(figure: Figure) -> str:
    """The chart as a self-contained SVG; its colours can be read on white and on black pages."""
    x_ticks, y_ticks = _ticks_of(figure)
    height = _HEIGHT + _LEGEND * len(figure.series)
    body = []
    for value in y_ticks:
        y = _y(figure, value, y_ticks)
        body.append(
            f'<path d="M{_LEFT} {y}H{_WIDTH - _RIGHT}" stroke="{NEUTRAL}" stroke-opacity="0.3"/>'
            + _text(
                _LEFT - 7,
                y + 4,
                _raised(value, figure, '10<tspan dy="-4" font-size="9">{}</tspan>'),
                "end",
                markup=True,
            )
        )
    for value in x_ticks:
        x = _x(value, x_ticks)
        body.append(
            f'<path d="M{x} {_HEIGHT - _BOTTOM}v4" stroke="{NEUTRAL}"/>'
            + _text(x, _HEIGHT - _BOTTOM + 17, str(value), "middle")
        )
    body.append(f'<path d="M{_LEFT} {_TOP}V{_HEIGHT - _BOTTOM}H{_WIDTH - _RIGHT}" fill="none" stroke="{NEUTRAL}"/>')
    body.append(_text((_LEFT + _WIDTH - _RIGHT) // 2, _HEIGHT - 10, figure.x, "middle"))
    middle = (_TOP + _HEIGHT - _BOTTOM) // 2
    body.append(f'<g transform="translate(14 {middle}) rotate(-90)">{_text(0, 0, figure.y, "middle")}</g>')
    for number, series in enumerate(figure.series):
        colour = PALETTE[number % len(PALETTE)]
        places = [(_x(x, x_ticks), _y(figure, y, y_ticks)) for x, y in series.points]
        line = "L".join(f"{x} {y}" for x, y in places)
        body.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        body += [_mark(number, x, y, colour) for x, y in places]
        down = _HEIGHT + _LEGEND * number
        body.append(f'<path d="M{_LEFT} {down}h24" stroke="{colour}" stroke-width="1.6"/>')
        body.append(_mark(number, _LEFT + 12, down, colour) + _text(_LEFT + 32, down + 4, series.name, "start"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">'
        f"<title>{escape(figure.caption)}</title>\n" + "\n".join(body) + "\n</svg>\n"
    )


def pdf(figure: Figure) -> bytes:
    """The chart as a PDF without a date; the same bytes for the versions of `versions()`.

    Raises:
        InputError: matplotlib is not installed.
    """
    versions()
    import matplotlib
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure as Page

    # What a user has in matplotlibrc must not reach the page.
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"pdf.fonttype": 42, "font.size": 8, "axes.spines.top": False})
        matplotlib.rcParams["axes.spines.right"] = False
        page = Page(figsize=(3.3, 2.4), layout="constrained")
        FigureCanvasPdf(page)
        axes: Any = page.add_subplot()
        x_ticks, y_ticks = _ticks_of(figure)
        for number, series in enumerate(figure.series):
            xs, ys = zip(*series.points, strict=True)
            axes.plot(
                xs,
                ys,
                label=series.name,
                color=PALETTE[number % len(PALETTE)],
                marker="osD^v"[number % 5],
                markersize=3,
                linewidth=1.0,
            )
        if figure.logarithmic:
            axes.set_yscale("log")
        axes.minorticks_off()
        axes.set_xticks(x_ticks, [str(v) for v in x_ticks])
        axes.set_yticks(y_ticks, [_raised(v, figure, "$10^{{{}}}$") for v in y_ticks])
        axes.set_ylim(*_limits(figure, y_ticks))
        axes.set_xlabel(figure.x)
        axes.set_ylabel(figure.y)
        axes.grid(axis="y", alpha=0.3, linewidth=0.5)
        if len(figure.series) > 1:
            axes.legend(frameon=False, handlelength=1.6)
        found = io.BytesIO()
        page.savefig(found, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return found.getvalue()


def versions() -> dict[str, str]:
    """What the bytes of a PDF depend on.

    Raises:
        InputError: matplotlib is not installed.
    """
    try:
        import fontTools
        import matplotlib
    except ImportError as error:
        raise InputError(
            "figures as PDF need matplotlib: pip install 'invgen[papers]', or write 'pdf: false' in the specification"
        ) from error
    return {"fonttools": str(fontTools.version), "matplotlib": str(matplotlib.__version__)}


def _ticks_of(figure: Figure) -> tuple[list[int], list[int]]:
    points = [point for series in figure.series for point in series.points]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if figure.logarithmic:
        y_ticks = [10**k for k in range(len(str(max(ys))) + 1) if 10**k <= 10 * max(ys)]
    else:
        y_ticks = _ticks(0, max(ys), 6)
    return _ticks(min(xs), max(xs), 12, whole=True), y_ticks


def _ticks(low: int, high: int, most: int, whole: bool = False) -> list[int]:
    """At most so many steps of 1, 2 or 5 times a power of ten; the last is at least `high`, or `high` where `whole`."""
    step = next(unit * 10**power for power in range(12) for unit in _STEPS if (high - low) <= most * unit * 10**power)
    found = list(range(low, high + 1, step)) or [low]
    if not whole and found[-1] < high:
        found.append(found[-1] + step)
    return found if len(found) > 1 else [low, low + 1]


def _limits(figure: Figure, ticks: Sequence[int]) -> tuple[float, float]:
    return (ticks[0], ticks[-1]) if figure.logarithmic else (0, ticks[-1] * 1.04)


def _x(value: int, ticks: Sequence[int]) -> int:
    inside = _WIDTH - _LEFT - _RIGHT - 24
    return _LEFT + 12 + round(inside * (value - ticks[0]) / (ticks[-1] - ticks[0]))


def _y(figure: Figure, value: int, ticks: Sequence[int]) -> int:
    inside = _HEIGHT - _TOP - _BOTTOM - 6
    if figure.logarithmic:
        share = log10(value / ticks[0]) / log10(ticks[-1] / ticks[0])
    else:
        share = value / ticks[-1]
    return _HEIGHT - _BOTTOM - round(inside * share)


def _raised(value: int, figure: Figure, power: str) -> str:
    """A number; on logarithmic axes large powers of ten as `power` writes their exponent."""
    return power.format(len(str(value)) - 1) if figure.logarithmic and value >= _LARGE else str(value)


def _text(x: int, y: int, text: str, anchor: str, markup: bool = False) -> str:
    inside = text if markup else escape(text)
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{NEUTRAL}">{inside}</text>'


def _mark(number: int, x: int, y: int, colour: str) -> str:
    """A disc, a square or a diamond, so that lines differ without colours too."""
    if number % 3 == 0:
        return f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>'
    if number % 3 == 1:
        return f'<path d="M{x - 3} {y - 3}h6v6h-6z" fill="{colour}"/>'
    return f'<path d="M{x} {y - 4}l4 4l-4 4l-4 -4z" fill="{colour}"/>'
