from __future__ import annotations

import re
import sys
from xml.etree import ElementTree

import pytest

from invgen.errors import InputError
from invgen.papers import charts
from invgen.papers.table import Figure, Series

FIGURE = Figure(
    "A & B", "l", "members", (Series("one < two", ((0, 1), (1, 4), (2, 9))), Series("b", ((0, 0), (2, 30))))
)
GROWTH = Figure("Growth.", "nu", "count", (Series("all", ((1, 1), (2, 40), (3, 9876))),), logarithmic=True)


def numbers(text: str, pattern: str) -> list[int]:
    return [int(found) for found in re.findall(pattern, text)]


@pytest.mark.parametrize("figure", [FIGURE, GROWTH], ids=["linear", "logarithmic"])
def test_a_chart_is_xml_and_stays_inside_its_page(figure: Figure) -> None:
    root = ElementTree.fromstring(charts.svg(figure))
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    texts = [element for element in root.iter() if element.tag.endswith("text")]
    assert all(0 <= int(t.attrib["x"]) <= width and 0 <= int(t.attrib["y"]) <= height for t in texts)
    for series in figure.series:
        assert any(t.text == series.name for t in texts)
    assert all(0 <= x <= width for x in numbers(charts.svg(figure), r'cx="(-?\d+)"'))


def test_higher_counts_are_drawn_higher() -> None:
    ys = numbers(charts.svg(GROWTH), r'cy="(\d+)"')[:3]
    assert ys == sorted(ys, reverse=True) and len(set(ys)) == 3


def test_a_chart_of_one_value_has_ticks() -> None:
    figure = Figure("c", "x", "y", (Series("s", ((3, 1), (3, 1))),))
    assert ">3</text>" in charts.svg(figure)


@pytest.mark.parametrize("figure", [FIGURE, GROWTH], ids=["linear", "logarithmic"])
def test_a_pdf_has_no_date_and_is_the_same_twice(figure: Figure) -> None:
    made = charts.pdf(figure)
    assert made.startswith(b"%PDF-") and b"Date" not in made and made == charts.pdf(figure)


def test_settings_of_the_user_do_not_reach_a_pdf() -> None:
    import matplotlib

    before = charts.pdf(FIGURE)
    with matplotlib.rc_context({"lines.linewidth": 7.0, "font.size": 20.0, "axes.grid": True}):
        assert charts.pdf(FIGURE) == before
        assert matplotlib.rcParams["font.size"] == 20.0


def test_without_matplotlib_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"invgen\[papers\].*pdf: false"):
        charts.pdf(FIGURE)
