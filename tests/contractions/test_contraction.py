from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen import TensorSpace
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import Contraction, from_graph, from_parts, index_letter, parse
from invgen.errors import InputError
from invgen.spaces.groups import weak_compositions
from tests.support import oracles

SPACE = TensorSpace("s:0e + v:1o + q:2e + t:3o")


def test_a_line_is_read_and_written_alike() -> None:
    contraction = parse("  i,ij,j   v,q,v ")
    assert contraction == Contraction("i,ij,j", ("v", "q", "v"))
    assert str(contraction) == "i,ij,j v,q,v"
    assert parse(str(contraction)) == contraction
    assert contraction.degree == 3
    assert contraction.multidegree(SPACE) == (0, 2, 1, 0)


def test_a_scalar_needs_no_indices() -> None:
    assert parse("s") == Contraction("", ("s",))
    assert parse("s,s") == Contraction(",", ("s", "s"))
    assert parse(str(parse("s"))) == parse("s")
    assert Contraction("", ("s",)).check(SPACE).degree == 1


def test_epsilon_counts_neither_as_degree_nor_as_factor() -> None:
    contraction = parse("ijk,i,jl,kl eps,v,q,q")
    assert contraction.degree == 3
    assert contraction.factors == ("v", "q", "q")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("i,i v", "has 2 index groups for 1 tensors"),
        ("i v,v", "has 1 index groups for 2 tensors"),
        ("i,j v,v", "index 'i' occurs 1 times.*has each twice"),
        ("ij,ij,ij q,q,q", "index 'i' occurs 3 times"),
        ("1,1 v,v", "'1' in the contraction .* is not an index"),
        ("ii q", "q_ii .*is a trace of a traceless tensor, hence zero"),
        ("ijj,i t,v", "t_ijj .* trace"),
        ("ijk,lmn,i,j,k,l,m,n eps,eps,v,v,v,v,v,v", "has two epsilons"),
        ("ij,ij eps,q", "eps has three indices.*gives it 2"),
        ("ijk,ij,k eps,q,v", "is zero: eps meets one symmetric tensor twice"),
        ("i,j k,l m,n", "cannot read the contraction .*write it as"),
        ("", "cannot read the contraction"),
    ],
)
def test_what_is_no_full_contraction_is_refused(line: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse(line)


@pytest.mark.parametrize(
    ("contraction", "words"),
    [
        (Contraction("i,i", ("v", "w")), "has no tensor 'w'; it has s, v, q, t"),
        (Contraction("ij,ij", ("v", "q")), "v has rank 1, the contraction .* gives it 2 indices"),
        (Contraction("", ()), "needs at least one tensor"),
        (Contraction("ijk,i,jl,kl", ("eps", "v", "q", "q")), "changes sign under inversion; it is an invariant of SO3"),
    ],
)
def test_what_is_no_invariant_of_the_space_is_refused(contraction: Contraction, words: str) -> None:
    with pytest.raises(InputError, match=words):
        contraction.check(SPACE)


def test_odd_contractions_belong_to_so3() -> None:
    contraction = parse("ijk,i,jl,kl eps,v,q,q")
    assert contraction.check(TensorSpace("v:1o + q:2e", group="SO3")) is contraction


@pytest.mark.parametrize(("degree", "count"), [(2, 3), (3, 4), (4, 12)])
def test_connected_contractions_of_the_first_three_ranks(degree: int, count: int) -> None:
    space = TensorSpace("1o + 2e + 3o")
    found = [c for m in weak_compositions(3, degree) if space.admits(m) for _, c in connected_contractions(space, m)]
    assert len(found) == len(set(found)) == count


def test_candidates_come_in_order_of_cost_and_hold_one_epsilon_where_ranks_are_odd() -> None:
    space = TensorSpace("v:1o + q:2e", group="SO3")
    for multidegree in weak_compositions(2, 4):
        found = connected_contractions(space, multidegree)
        assert [cost for cost, _ in found] == sorted(cost for cost, _ in found)
        for _, contraction in found:
            assert contraction.check(space).multidegree(space) == multidegree
            assert contraction.tensors.count("eps") == multidegree[0] % 2


@given(st.permutations(range(4)), st.permutations("abcdefg"))
def test_renaming_indices_and_permuting_factors_leaves_the_graph(
    order: tuple[int, ...], letters: tuple[str, ...]
) -> None:
    groups, tensors = ["ij", "jk", "ilm", "klm"], ["q", "q", "t", "t"]
    renamed = ["".join(letters["ijklm".index(c)] for c in group) for group in groups]
    contraction = Contraction(",".join(renamed[i] for i in order), tuple(tensors[i] for i in order))
    assert contraction.canonical_graph(SPACE) == parse("ij,jk,ilm,klm q,q,t,t").canonical_graph(SPACE)


def test_contractions_that_differ_have_different_graphs() -> None:
    lines = ["ij,jk,ilm,klm q,q,t,t", "ij,kl,ikm,jlm q,q,t,t", "ij,ij,klm,klm q,q,t,t", "ij,kl,ijm,klm q,q,t,t"]
    assert len({parse(line).canonical_graph(SPACE) for line in lines}) == len(lines)


def test_a_graph_written_out_has_that_graph() -> None:
    for multidegree in ((0, 2, 1, 2), (0, 1, 2, 1), (0, 0, 0, 4), (0, 4, 2, 0)):
        for _, contraction in connected_contractions(SPACE, multidegree):
            graph = contraction.canonical_graph(SPACE)
            assert graph == graph.canonical()
            assert from_graph(graph, SPACE) == contraction


def test_a_product_uses_fresh_letters_and_multiplies_values() -> None:
    a, b = parse("i,ij,j v,q,v"), parse("ij,ij q,q")
    product = a * b
    assert product == from_parts([a, b])
    assert product.tensors == ("v", "q", "v", "q", "q")
    tensors = oracles.random_tensors(SPACE, np.random.default_rng(0))
    values = [oracles.contract(c, SPACE, tensors) for c in (a, b, product)]
    assert values[0] * values[1] == values[2] != 0


def test_indices_never_run_out() -> None:
    letters = [index_letter(i) for i in range(300)]
    assert len(set(letters)) == 300
    assert all(letter.isalpha() and len(letter) == 1 for letter in letters)
    assert "".join(letters[:4]) == "ijkl"
