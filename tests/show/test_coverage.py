"""The picture of a report: what is drawn is what the report says, and nothing rests on colour alone."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from invgen import Basis
from invgen.show.coverage import FULL, SHORT, Bar, Verdict, coverage_svg
from invgen.show.report import Report
from tests.support import hiphop

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report() -> Report:
    return Basis.from_contractions(hiphop.HIPPYNN, hiphop.SPACE).report()


def bars(text: str) -> dict[str, ET.Element]:
    """The groups of a picture by their titles."""
    groups = ET.fromstring(text).iter(f"{SVG}g")
    return {group.findtext(f"{SVG}title", ""): group for group in groups}


def strokes(group: ET.Element) -> int:
    """Of its mark: one for a check mark, two for a cross."""
    (path,) = group.iter(f"{SVG}path")
    return path.attrib["d"].count("M")


def test_every_row_is_a_bar_filled_as_far_as_its_rank_goes(report: Report) -> None:
    drawn = bars(report.svg())
    assert len(drawn) == len(report.rows)
    for row in report.rows:
        name = "all of them" if row.section == "whole" else row.name
        (group,) = [g for title, g in drawn.items() if title.startswith(f"{name}: rank {row.rank} of {row.needed}")]
        filled, outline = group.iter(f"{SVG}rect")
        share = float(filled.attrib["width"]) / float(outline.attrib["width"])
        assert share == pytest.approx(row.rank / row.needed, abs=1e-3)  # coordinates have two decimals
        assert filled.attrib["fill"] == (FULL if row.full else SHORT)


def test_marks_and_numbers_say_without_colour_what_falls_short(report: Report) -> None:
    drawn = bars(report.svg())
    short = drawn["t: rank 2 of 4, lacks 2"]
    assert strokes(short) == 2 and "2 of 4, lacks 2" in "".join(short.itertext())
    full = drawn["v + q: rank 5 of 5"]
    assert strokes(full) == 1 and "lacks" not in "".join(full.itertext())


def test_the_head_says_what_the_report_says(report: Report) -> None:
    words = "\n".join(text.text or "" for text in ET.fromstring(report.svg()).iter(f"{SVG}text"))
    for line in ("13 members on s:0e + v:1o + q:2e + t:3o under O3", "every vanishing pattern", "falls short"):
        assert line in words
    assert report.fibre.verdict in words


def test_the_page_is_white_and_everything_lies_on_it(report: Report) -> None:
    root = ET.fromstring(report.svg())
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    page, *others = root.iter(f"{SVG}rect")
    assert (page.attrib["fill"], float(page.attrib["width"]), float(page.attrib["height"])) == (
        "#ffffff",
        width,
        height,
    )
    for rect in others:
        assert 0 <= float(rect.attrib["x"]) <= float(rect.attrib["x"]) + float(rect.attrib["width"]) <= width
        assert 0 <= float(rect.attrib["y"]) <= float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height
    for text in root.iter(f"{SVG}text"):
        # 7 pixels a letter are more than DejaVu Sans takes at this size.
        assert float(text.attrib["x"]) + 7 * len(text.text or "") <= width + 1
        assert 0 < float(text.attrib["y"]) < height


def test_bars_of_a_section_do_not_overlap() -> None:
    many = [Bar(f"tensor {i} + another tensor {i}", 10, 12) for i in range(57)]
    text = coverage_svg("57 bars", [], [("pairs", many)])
    corners = [
        tuple(float(list(group.iter(f"{SVG}rect"))[1].attrib[k]) for k in ("x", "y")) for group in bars(text).values()
    ]
    assert len(set(corners)) == 57
    for i, (x, y) in enumerate(corners):
        # A bar is 96 wide and 10 high, and its numbers stand to its right.
        assert all(abs(x - u) >= 200 or abs(y - v) >= 12 for u, v in corners[:i])


def test_names_are_escaped_and_a_need_of_nothing_is_met() -> None:
    text = coverage_svg("a < b", [Verdict("c & d", "<e>", True)], [("f", [Bar("<g>", 0, 0)])])
    assert "<g>" in bars(text)["<g>: rank 0 of 0"].findtext(f"{SVG}title", "")
    assert strokes(bars(text)["<g>: rank 0 of 0"]) == 1


def test_the_notebook_shows_the_picture_beside_the_table(report: Report) -> None:
    html = report._repr_html_()
    assert html.count("<svg") == 1 and html.index("<svg") < html.index("<table>")


def test_the_picture_does_not_depend_on_the_hash_seed() -> None:
    code = "import invgen; print(invgen.generate(invgen.TensorSpace('3o + 4e'), 5).report().svg())"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(texts) == 1 and "3 of 6, lacks 3" in texts.pop()
