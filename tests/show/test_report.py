"""`basis.report()` against published ranks, independent restrictions, and floating-point ranks on symmetric inputs."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.basis.basis import Basis
from invgen.contractions.printing import polynomial
from invgen.contractions.trees import CouplingTree
from invgen.reduction.proofs.error_bounds import minor_error_log2, tree_bits
from invgen.show.report import SECTIONS, Report, Row
from tests.support import hiphop


@pytest.fixture(scope="module")
def pair() -> Report:
    return generate(TensorSpace("3o + 4e"), 5).report()


@pytest.fixture(scope="module")
def minimal() -> Report:
    space = TensorSpace("0e + 1o + 2e + 3o + 4e + 5o + 6e")
    return generate(space, 10, select="flexible", flexible="minimal-set").report()


def test_hippynn_s_list_falls_short_where_it_is_known_to(hippynn: Basis) -> None:
    report = hippynn.report()
    assert {name: (report.row(name).rank, report.row(name).needed) for name in ("t", "v + t", "q + t", "v + q")} == {
        "t": (2, 4),
        "v + t": (5, 7),
        "q + t": (7, 9),
        "v + q": (5, 5),
    }
    assert report.complete and not report.flexible
    assert {row.name for row in report.shortfalls if row.section in ("tensor", "pair")} == {
        "t",
        "s + t",
        "v + t",
        "q + t",
    }


@pytest.fixture(scope="module")
def hippynn() -> Basis:
    return Basis.from_contractions(hiphop.HIPPYNN, hiphop.SPACE)


def test_ranks_three_and_four_to_degree_five_fall_short_on_inversion(pair: Report) -> None:
    assert (pair.row("C_i").rank, pair.row("C_i").needed) == (3, 6)
    assert (pair.row("C_2h").rank, pair.row("C_2h").needed) == (3, 4)
    assert pair.complete and not pair.symmetric and not pair.flexible
    assert [row.name for row in pair.shortfalls if row.section == "stratum"] == ["C_i", "C_2h"]


def test_a_minimal_flexible_set_is_full_everywhere(minimal: Report) -> None:
    assert minimal.complete and minimal.flexible and minimal.spherical and minimal.symmetric
    assert minimal.shortfalls == () and minimal.members == 72
    assert sum(row.section == "pair" for row in minimal.rows) == 21


def test_a_specific_set_is_full_on_singles_and_on_pairs_with_its_anchor() -> None:
    report = generate(TensorSpace("0e + 1o + 2e + 3o + 4e"), 10, select="flexible").report()
    for row in report.rows:
        if row.section == "tensor" or (row.section == "pair" and ("l2" in row.name or "l0" in row.name)):
            assert row.full, row
    assert {r.name for r in report.shortfalls if r.section == "pair"} == {"l1 + l3", "l1 + l4", "l3 + l4"}


def test_tensors_and_pairs_agree_with_the_certified_restriction(hippynn: Basis) -> None:
    report = hippynn.report()
    for size in (1, 2):
        for names in combinations(hippynn.space.names, size):
            certificate = hippynn.restricted(names).certificate
            row = report.row(" + ".join(names))
            assert (row.rank, row.needed) == (certificate.rank, certificate.target)
    assert (report.rows[0].rank, report.rows[0].needed) == (13, 13)


def test_floating_point_ranks_on_inversion_symmetric_inputs_agree(pair: Report) -> None:
    basis = generate(TensorSpace("3o + 4e"), 5)
    x = np.zeros(16)
    x[7:] = np.random.default_rng(5).normal(size=9)
    jacobian = basis.jacobian(x)
    # Gradients of invariants lie in V^H: those by the odd tensor are exactly zero. Degrees differ, so rows are scaled.
    assert not jacobian[:, :7].any()
    norms = np.linalg.norm(jacobian, axis=1, keepdims=True)
    scaled = jacobian[norms[:, 0] > 0] / norms[norms[:, 0] > 0]
    assert np.linalg.matrix_rank(scaled, tol=1e-9) == pair.row("C_i").rank


@pytest.mark.parametrize("mode", ["specific", "minimal-set"])
def test_flexible_moment_sets_survive_spherical_functions(mode: str) -> None:
    space = TensorSpace("a0:0e + a1:1o + b0:0e + a2:2e + b1:1o + a3:3o")  # scalar moments of orders 0 to 3
    report = generate(space, 10, select="flexible", flexible=mode).report()
    row = report.row("a0 ~ b0, a1 ~ b1")
    assert row.section == "spherical" and row.dimension == 16
    assert (row.rank, row.needed) == (13, 13) and report.spherical


def test_a_set_without_pure_invariants_falls_short_on_spherical_functions() -> None:
    space = TensorSpace("a:2e + b:2e")
    mixed = Basis.from_contractions(["ij,ij a,a", "ij,ij a,b", "ij,ij b,b"], space).report()
    row = mixed.row("a ~ b")
    assert (row.rank, row.needed) == (1, 2) and not mixed.spherical
    assert row.error_log2 is not None and row.error_log2 < -20
    full = Basis.from_contractions(["ij,ij a,a", "ij,jk,ki a,a,b"], space).report().row("a ~ b")
    assert (full.rank, full.needed) == (2, 2)


def test_without_tensors_of_one_kind_there_is_no_line_for_spherical_functions(pair: Report) -> None:
    assert not [row for row in pair.rows if row.section == "spherical"]
    assert pair.spherical == pair.complete


def test_shortfalls_are_proved_where_too_few_members_are_left_and_bounded_otherwise() -> None:
    report = Basis.from_contractions(
        ["i,ij,j v,q,v", "ij,ij q,q", "ij,ij,kl,kl q,q,q,q"], TensorSpace("v:1o + q:2e")
    ).report()
    assert report.row("v") == Row("tensor", "v", 3, 0, 1, 0) and report.row("v").verdict == "falls short by 1, proved"
    bounded = report.row("q")
    assert (bounded.rank, bounded.needed) == (1, 2) and bounded.error_log2 is not None and bounded.error_log2 < -20
    assert bounded.verdict == f"falls short by 1 (error below 2^{bounded.error_log2})"
    polyhedral = Basis.from_contractions(
        ["ijkl,ijkl h,h", "ijkl,ijkl,abcd,abcd h,h,h,h"], TensorSpace("h:4e + s:0e")
    ).report()
    assert (polyhedral.row("O").rank, polyhedral.row("O").needed) == (1, 2)
    assert polyhedral.row("O").error_log2 is None and "no error bound" in polyhedral.row("O").verdict


def test_the_error_bound_knows_the_coefficients_of_coupling_trees() -> None:
    space = TensorSpace("a:4e + b:4e")
    contractions = Basis.from_contractions(["ijkl,ijkl a,a", "ijkl,ijkl b,b", "ijkl,ijkl,abcd,abcd a,a,a,a"], space)
    squares = [CouplingTree(t) for t in ("(a,a)0", "(b,b)0", "((a,a)0,(a,a)0)0")]
    trees = Basis.from_contractions(squares, space)
    loose, tight = trees.report().row("a"), contractions.report().row("a")
    assert (loose.rank, loose.needed) == (tight.rank, tight.needed) == (1, 6)
    by_hand = minor_error_log2(space, 4, 2, tree_bits(space, squares)) + 6  # three primes, from a quarter of all
    assert loose.error_log2 == by_hand < -20
    total = sum(abs(c.as_fraction()) for c in polynomial(squares[2], space, "rational").values())
    assert 4 * total <= 2 ** tree_bits(space, squares)  # a derivative of degree 4 has coefficients up to 4 times these
    huge = CouplingTree("((((a,a)8,(a,a)8)16,((a,a)8,(a,a)8)16)0,((a,a)0,(a,a)0)0)0")
    bits = tree_bits(space, [huge])
    assert bits > 2 * 12 * 4 + 12 * 10  # beyond what contractions of this degree have: 9^(indices / 2) and the maps
    row = Basis.from_contractions([*squares, huge], space).report().row("a")
    assert row.error_log2 == minor_error_log2(space, 12, row.rank + 1, bits) + 6


def test_a_wrong_prime_cannot_make_a_report_better(pair: Report) -> None:
    assert all(row.rank <= row.needed <= row.dimension for row in pair.rows)
    assert all(row.error_log2 == 0 for row in pair.rows if row.full)


def test_groups_without_a_row_are_a_key_error(pair: Report) -> None:
    with pytest.raises(KeyError, match="C_7"):
        pair.row("C_7")


def test_it_is_the_same_every_time_and_is_plain_json(pair: Report) -> None:
    again = generate(TensorSpace("3o + 4e"), 5).report()
    assert again == pair and str(again) == str(pair)
    data = json.loads(json.dumps(pair.to_json()))
    assert data == pair.to_json()
    assert [row["name"] for row in data["rows"]] == [row.name for row in pair.rows]
    assert (data["complete"], data["flexible"], data["symmetric"]) == (True, False, False)
    assert {row["section"] for row in data["rows"]} <= set(SECTIONS)


def test_the_text_says_what_falls_short_and_counts_the_rest(pair: Report, minimal: Report) -> None:
    text = str(pair)
    assert "every vanishing pattern falls short" in text and "C_i   3 of 6  falls short by 3" in text
    assert text.isascii() and text.startswith("13 members on l3:3o + l4:4e under O3\n")
    assert "all 21 have full rank, proved" in str(minimal)
    many = Basis.from_contractions(["i,i l1_0,l1_0"], TensorSpace("9x1o")).report()
    assert "24 more fall short, see .shortfalls" in str(many)


def test_the_html_escapes_and_holds_the_same_rows(pair: Report) -> None:
    html = pair._repr_html_()
    assert html.count("<table>") == html.count("</table>") == 1
    assert "<td>C_i</td><td>3</td><td>6</td>" in html and "falls short by 3" in html


def test_under_so3_parity_does_not_matter() -> None:
    report = generate(TensorSpace("3o", "SO3"), 10).report()
    assert report.flexible
    with pytest.raises(KeyError):
        report.row("C_i")
    assert report.row("C_3").needed == 2
