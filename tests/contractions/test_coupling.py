"""Couplings and coupling trees against rotations, contractions and SymPy's Clebsch-Gordan coefficients."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from sympy.physics.wigner import clebsch_gordan

from invgen import InputError, TensorSpace
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.contraction import parse
from invgen.contractions.coupling import coupling
from invgen.contractions.trees import CouplingTree
from invgen.spaces.space import Irrep
from invgen.testing import random_rotation, representation

TRIPLES = [(a, b, c) for a in range(5) for b in range(5) for c in range(abs(a - b), a + b + 1)]


def dense(a: int, b: int, c: int) -> np.ndarray:
    found = coupling(a, b, c)
    assert found is not None
    array = np.zeros((2 * c + 1, 2 * a + 1, 2 * b + 1))
    for m, i, j, coefficient in found.terms:
        array[m, i, j] = coefficient
    return array


@pytest.mark.parametrize(("a", "b", "c"), TRIPLES)
def test_a_coupling_commutes_with_rotations(a: int, b: int, c: int) -> None:
    rng = np.random.default_rng(100 * a + 10 * b + c)
    rotation = random_rotation(rng)
    left, right, out = (
        representation(TensorSpace([Irrep("t", l, (-1) ** l)]), rotation, "rational") for l in (a, b, c)
    )
    map_ = dense(a, b, c)
    rotated_before = np.einsum("mij,ip,jq->mpq", map_, left, right)
    rotated_after = np.einsum("mn,npq->mpq", out, map_)
    # 1e-11: the representation is fitted to about 1e-13, and up to 81 products are summed
    assert np.abs(rotated_before - rotated_after).max() <= 1e-11 * np.abs(map_).max() * np.abs(out).max() * 10


@pytest.mark.parametrize(("a", "b", "c"), [(1, 1, 3), (0, 2, 1), (4, 1, 2)])
def test_there_is_no_coupling_outside_the_triangle(a: int, b: int, c: int) -> None:
    assert coupling(a, b, c) is None


@pytest.mark.parametrize(("a", "b", "c"), [triple for triple in TRIPLES if triple[0] == triple[1]])
def test_coupling_equal_tensors_vanishes_exactly_for_odd_transvectants(a: int, b: int, c: int) -> None:
    map_ = dense(a, b, c)
    odd = (a + b - c) % 2 == 1
    assert coupling(a, b, c).antisymmetric == odd
    assert np.array_equal(map_, (-1 if odd else 1) * map_.transpose(0, 2, 1))


@pytest.mark.parametrize(("a", "b", "c"), [(1, 1, 2), (2, 1, 3), (2, 2, 2), (3, 3, 4), (4, 2, 4)])
def test_the_axial_coefficients_are_in_the_ratio_of_sympys(a: int, b: int, c: int) -> None:
    """Component m = 0 of z from components 0 and 0, +1 and -1 pairs: compared through the squared ratio."""
    map_ = dense(a, b, c)
    assert (map_[c, a, b] == 0) == (clebsch_gordan(a, b, c, 0, 0, 0) == 0)
    terms = {(i - a, j - b) for i, j in zip(*np.nonzero(map_[c]), strict=True)}
    expected = {
        (sign * m, sign * m)
        for m in range(min(a, b) + 1)
        for sign in (1, -1)
        if clebsch_gordan(a, b, c, m, -m, 0) + clebsch_gordan(a, b, c, -m, m, 0) != 0
    }
    assert terms == expected


@pytest.mark.parametrize(
    ("tree", "line"),
    [
        ("(q,q)0", "ij,ij q,q"),
        ("((q,q)2,q)0", "ij,jk,ik q,q,q"),
        ("((v,q)1,v)0", "i,ij,j v,q,v"),
        ("(v,(t,q)1)0", "i,ijk,jk v,t,q"),
    ],
)
def test_a_tree_of_the_only_invariant_of_its_multidegree_is_a_multiple_of_the_contraction(tree: str, line: str) -> None:
    space = TensorSpace("v:1o + q:2e + t:3o")
    points = np.arange(45, dtype=object).reshape(3, 15) % 7 - 3
    points[1] = points[1][::-1]
    at = exact_evaluator(space, points)
    ours, theirs = at.value(CouplingTree(tree).check(space)), at.value(parse(line))
    ratio = next(a / b for a, b in zip(ours, theirs, strict=True) if b)
    assert isinstance(ratio, Fraction) and ratio != 0
    assert all(a == ratio * b for a, b in zip(ours, theirs, strict=True))
    assert (at.gradient(CouplingTree(tree)) == ratio * at.gradient(parse(line))).all()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("((q,q)2,q", "ends too early"),
        ("(q,q)9", "couples ranks 2 and 2 to 9, which is not between 0 and 4"),
        ("q", "has rank 2; an invariant has rank 0"),
        ("(q q)2", "without spaces"),
        ("", "cannot read"),
        ("(q,x)2", "no tensor 'x'"),
    ],
)
def test_what_is_no_invariant_tree_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        CouplingTree(text).check(TensorSpace("v:1o + q:2e"))


def test_a_tree_that_inversion_reverses_is_refused_under_o3() -> None:
    CouplingTree("(v,w)0").check(TensorSpace("v:1o + w:1e", "SO3"))
    with pytest.raises(InputError, match="changes sign under inversion"):
        CouplingTree("(v,w)0").check(TensorSpace("v:1o + w:1e", "O3"))
