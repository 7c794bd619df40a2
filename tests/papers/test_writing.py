from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest

from invgen.papers.table import CODE, FORMULA, TEXT, Column, Figure, PaperTable, Series, TableResult
from invgen.papers.writing import heading, plain, write_csv, write_markdown

TABLE = PaperTable(
    "t",
    "A caption.",
    (
        Column("space", TEXT),
        Column("$n$", group="$l_{\\max}$", unit="eV"),
        Column("code", CODE),
        Column("formula", FORMULA),
    ),
    (("$H_0, \\dots, H_3$ | x", 3, "a|b", "v_{i}\\, v_{i}"), ("plain", Fraction(1, 3), None, None)),
    ("A note.",),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$l_{\\max}$", "l_max"),
        ("needed, $\\dim V - \\dim$ orbit", "needed, dim V - dim orbit"),
        ("$H_0, \\dots, H_{10}$", "H_0, ..., H_10"),
        ("$n \\le 4$", "n <= 4"),
        ("$D_{\\infty h}$", "D_infh"),
        ("no mathematics: {x} \\y", "no mathematics: {x} \\y"),
        ("com-\nponents", "components"),
        ("two\nlines", "two lines"),
    ],
)
def test_mathematics_becomes_plain_text(text: str, wanted: str) -> None:
    assert plain(text) == wanted


def test_csv_gives_every_cell_back() -> None:
    rows = list(csv.reader(io.StringIO(write_csv(TABLE))))
    assert rows[0] == ["space", "l_max n (eV)", "code", "formula"]
    assert rows[1:] == [["H_0, ..., H_3 | x", "3", "a|b", "v_{i}\\, v_{i}"], ["plain", "1/3", "", ""]]
    assert all(line.endswith("\r\n") for line in io.StringIO(write_csv(TABLE), newline=""))


def test_markdown_escapes_bars_and_marks_code_and_formulas() -> None:
    text = write_markdown(TABLE)
    assert "| $H_0, \\dots, H_3$ \\| x | 3 | `a\\|b` | $v_{i}\\, v_{i}$ |" in text
    assert "| --- | ---: | --- | --- |" in text and text.endswith("- A note.\n")


def test_a_heading_has_its_group_and_unit() -> None:
    assert heading(TABLE.columns[1]) == "$l_{\\max}$ $n$ (eV)"


def test_results_survive_json() -> None:
    figure = Figure("c", "x", "y", (Series("s", ((1, 2), (2, 4))),), True)
    result = TableResult(TABLE, ("A sentence.",), {"b": "{}"}, figure, ("hu1962",), {"p": "<svg/>"})
    assert TableResult.from_json(result.to_json()) == result
    with pytest.raises(ValueError, match="expected a cell"):
        PaperTable.from_json({**TABLE.to_json(), "rows": [[1.5, 2, 3, 4]]})
