"""Against the generators, orbits and costs of docs/mathematics.md."""

from __future__ import annotations

import pytest

from invgen.compiler.invariants import costs as costs_of
from invgen.errors import InputError
from invgen.papers import listings
from invgen.papers.listings import Case, Cases, ListedBasis
from invgen.papers.work import TableWork, space_of


def test_generators_by_degree() -> None:
    cases = (Case("h3", "3o", 10), Case("strain", "cartesian ij=ji", 5, "Oh", title="strain"))
    table = listings.generators("t", "c", Cases(cases), TableWork()).table
    assert table.rows[0] == ("3o", "O(3)", 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 4)
    assert table.rows[1] == ("strain", "$O_{h}$", 1, 2, 3, 2, 1, None, None, None, None, None, 9)


def test_where_noethers_bound_is_reached_it_is_said() -> None:
    table = listings.generators("t", "c", Cases((Case("v", "1o", 2, "Ci"),)), TableWork()).table
    assert "By Noether's bound the lists of 1o under $C_{i}$ generate everything." in table.notes


def test_orbits_that_share_generic_values() -> None:
    cases = (Case("few", "2x2e", 3), Case("all", "2x2e", 4, select="separating"), Case("short", "2x2e", 2))
    table = listings.orbits("t", "c", Cases(cases), TableWork()).table
    assert [row[4:6] for row in table.rows] == [(7, 7), (7, 7), (3, 7)]
    assert table.rows[1][-2:] == (1, 1) and table.rows[2][-1] == "infinite"


def test_costs_are_those_of_the_compiler() -> None:
    result = listings.costs("t", "c", Cases((Case("l2", "0e + 1o + 2e", 4),)), TableWork())
    basis = TableWork().basis(space_of("0e + 1o + 2e", "O3"), 4)
    wanted = {name: cost.operations for name, cost in costs_of(basis).items()}
    assert {row[2]: row[3] for row in result.table.rows} == wanted
    assert f"{wanted['value']} operations for the 6 invariants" in result.sentences[0]


def test_members_are_numbered_as_in_kernels_and_have_their_formulas() -> None:
    result = listings.members("t", "c", ListedBasis("1o + 2e", 4, graphs=True), TableWork())
    basis = TableWork().basis(space_of("1o + 2e", "O3"), 4)
    assert [row[:3] for row in result.table.rows] == [(m.index, m.degree, m.latex()) for m in basis]
    assert result.pictures["t_graphs"].startswith("<svg") and basis.id[:16] in result.table.notes[1]


def test_cases_have_names_of_their_own() -> None:
    with pytest.raises(InputError, match="the case 'a' appears twice"):
        Cases((Case("a", "1o", 2), Case("a", "2e", 2)))


def test_what_is_wrong_with_a_case_names_it() -> None:
    cases = listings.Cases((listings.Case("cubic", "cartesian ij=ji", 2, "O"),))
    with pytest.raises(InputError, match=r"the case 'cubic': a bound of orbits is for O\(3\)"):
        listings.orbits("t", "c", cases, TableWork())
    with pytest.raises(InputError, match="the case 'v': "):
        listings.generators("t", "c", listings.Cases((listings.Case("v", "1q", 2),)), TableWork())
