"""The ranks of printed lists, as docs/mathematics.md states them."""

from __future__ import annotations

from math import comb

from invgen.papers.published import LISTS, Lists, published
from invgen.papers.work import TableWork


def test_printed_lists_have_these_ranks() -> None:
    table = published("t", "c", Lists(("langbein_hagen", "hu", "hu_flusser", "hippynn")), TableWork()).table
    assert [row[2:5] for row in table.rows] == [(6, 6, 7), (7, 6, 6), (8, 6, 6), (13, 13, 13)]
    assert [row[5] for row in table.rows[1:3]] == ["2", "1"]


def test_lists_that_are_not_here_say_where_their_numbers_are_from() -> None:
    result = published("t", "c", Lists(("milad_mat_3", "milad_indep_4")), TableWork())
    assert [row[2:5] for row in result.table.rows] == [(42, 13, 13), (28, 26, 28)]
    assert "benchmarks/milad_lists.py" in result.table.notes[-1] and result.cite == ("milad", "milad")
    assert all(
        printed.measured == comb(int(name.split("_")[2]) + 3, 3) - 7
        for name, printed in LISTS.items()
        if name.startswith("milad_mat")
    )
