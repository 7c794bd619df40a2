"""Against the counts of the literature and of docs/mathematics.md."""

from __future__ import annotations

from math import comb

import pytest

from invgen import Basis
from invgen.basis import file as basis_file
from invgen.papers import counts
from invgen.papers.table import TableResult
from invgen.papers.work import TableWork


def column(result: TableResult, heading: str, group: str = "") -> list[object]:
    place = next(i for i, c in enumerate(result.table.columns) if (c.heading, c.group) == (heading, group))
    return [row[place] for row in result.table.rows]


def bases(result: TableResult) -> dict[str, Basis]:
    return {name: Basis.of(basis_file.held(basis_file.loads(text, name), name)) for name, text in result.bases.items()}


def test_the_table_of_degrees_and_ranks() -> None:
    options = counts.InvariantsOptions(n_max=4, l_max=3, hippynn=True)
    rows = counts.invariants("t", "c", options, TableWork()).table.rows
    assert [row[2:] for row in rows[:4]] == [(1, 1, 1, 1), (1, 2, 3, 4), (1, 2, 5, 8), (1, 2, 6, 13)]
    assert rows[4][2:] == (1, 2, 6, 13)
    assert [row[2:] for row in rows[5:]] == [(1, 1, 1, 1), (1, 2, 3, 4), (1, 2, 5, 7), (1, 2, 6, 13)]


def test_every_kept_basis_has_the_rank_of_its_row() -> None:
    result = counts.invariants("t", "c", counts.InvariantsOptions(n_max=3, l_max=3), TableWork())
    found = bases(result)
    assert set(found) == {f"t_l{l}" for l in range(4)}
    assert all(claim.holds for basis in found.values() for claim in basis.verify())
    assert [found[f"t_l{l}"].certificate.rank for l in range(4)] == list(result.table.rows[2][2:])


def test_flexible_sets() -> None:
    result = counts.flexible("t", "c", counts.FlexibleOptions(l_max=4), TableWork())
    assert column(result, "needed") == [6, 13, 22]
    assert column(result, "members", "one anchor") == [6, 13, 22]
    assert column(result, "members", "all pairs") == [6, 15, 29]


@pytest.mark.parametrize(("values", "size", "orders"), [("scalar", 1, 4), ("vector", 3, 2), ("matrix", 9, 1)])
def test_moments_in_three_dimensions(values: str, size: int, orders: int) -> None:
    result = counts.moments("t", "c", counts.MomentsOptions(values=values, orders=orders), TableWork())  # type: ignore[arg-type]
    sizes = [size * comb(o + 3, 3) for o in range(orders + 1)]
    assert column(result, "$\\dim V$") == sizes
    full = 1 if values == "vector" else 2  # orders from which a generic stabiliser is finite
    if orders >= full:
        assert column(result, "needed")[full:] == [n - 3 for n in sizes[full:]]
    assert column(result, "rank", "certified") == column(result, "needed")


@pytest.mark.parametrize(("values", "size"), [("scalar", 1), ("vector", 2), ("matrix", 4)])
def test_moments_in_the_plane(values: str, size: int) -> None:
    result = counts.moments("t", "c", counts.MomentsOptions(values=values, dimension=2, orders=3), TableWork())  # type: ignore[arg-type]
    needed = [size * comb(o + 2, 2) - 1 for o in range(4)]
    assert column(result, "needed")[1:] == needed[1:]
    assert column(result, "rank", "certified") == column(result, "needed")


def test_what_is_not_certified_is_counted_and_says_so() -> None:
    result = counts.moments("t", "c", counts.MomentsOptions(orders=3, certify=1, keep=0), TableWork())
    assert column(result, "rank", "certified") == [1, 2, None, None]
    assert column(result, "2", "counted, by degree") == [1, 2, 5, 8]
    assert "Orders above 1 are counted only." in result.table.notes and set(result.bases) == {"t_order0"}


def test_ace_full_and_independent() -> None:
    result = counts.ace("t", "c", counts.AceOptions(boxes=((1, 3), (2, 2)), correlation=4), TableWork())
    assert [row[3:7] for row in result.table.rows] == [(1, 4, 8, 23), (2, 9, 26, 75)]
    assert column(result, "rank", "independent") == [13, 15] == column(result, "needed", "independent")
    assert column(result, "all") == [36, 112]
