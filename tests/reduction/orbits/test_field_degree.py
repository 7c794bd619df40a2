"""Degrees of fields of invariants against rings that are known, and the limits of what is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest

from invgen import Basis, TensorSpace, generate
from invgen.contractions.expression import Expression, parse
from invgen.reduction.orbits.bezout import Bezout, bezout
from invgen.reduction.orbits.field_degree import field_degree, within_reach

KNOWN = [
    ("3o", "SO3", 10, 15, 2),
    ("1o + 2e", "SO3", 4, 6, 2),
    ("4e", "O3", 7, 8, 5),
    ("4e", "O3", 7, 9, 5),
    ("2x2e", "O3", 3, 4, 3),
]


def bound_of(space: TensorSpace, core: Sequence[Expression]) -> Bezout:
    return bezout(space, [member.multidegree(space) for member in core])[0]


@pytest.mark.parametrize(("irreps", "group", "parameters", "degree", "expected"), KNOWN)
def test_the_next_generator_has_the_degree_of_the_hilbert_numerator(
    irreps: str, group: str, parameters: int, degree: int, expected: int
) -> None:
    space = TensorSpace(irreps, group)
    core = generate(space, parameters).contractions
    others = [g for g in generate(space, degree, select="integrity").contractions if g.degree == degree]
    assert field_degree(space, core, others, bound_of(space, core), "a test") == expected


def test_square_roots_and_functions_of_members_have_degrees_two_and_one() -> None:
    space = TensorSpace("s:0e + v:1o")
    core = [parse(", s,s"), parse("i,i v,v")]
    others = [parse(text) for text in ("s", ",i,i s,v,v", ",,i,i s,s,v,v")]
    degrees = [field_degree(space, core, [g], Bezout(Fraction(2), (1, 1)), "a test") for g in others]
    assert degrees == [2, 2, 1]


def test_members_of_several_degrees_are_taken_together() -> None:
    """s² and r³ leave six orbits; s alone tells two, r alone three, both all of them."""
    space = TensorSpace("s:0e + r:0e")
    core = [parse(", s,s"), parse(",, r,r,r")]
    one, other = parse("s"), parse(", r,s")
    assert field_degree(space, core, [one], Bezout(Fraction(6), (1, 1)), "a test") == 2
    assert field_degree(space, core, [one, other], Bezout(Fraction(6), (1, 1)), "a test") == 6


def test_another_prime_and_point_give_the_same() -> None:
    space = TensorSpace("4e")
    core = generate(space, 7).contractions
    octic = [g for g in generate(space, 8, select="integrity").contractions if g.degree == 8]
    assert {field_degree(space, core, octic, Bezout(Fraction(5), (1,)), f"run {i}") for i in range(3)} == {5}


def test_what_is_out_of_reach_proves_nothing() -> None:
    space = TensorSpace("3o + 4e")
    basis = generate(space, 5)
    bound = bound_of(space, basis.contractions)
    multidegrees = [m.multidegree(space) for m in basis.contractions]
    assert bound.bound > 1000 and not within_reach(bound, multidegrees, multidegrees[-1])
    assert field_degree(space, basis.contractions, basis.contractions[:1], bound, "a test") == 1
    assert field_degree(space, basis.contractions, [], bound, "a test") == 1


def test_dependent_members_prove_nothing() -> None:
    basis = Basis.from_contractions(["i,i v,v", "i,i,j,j v,v,v,v"], TensorSpace("v:1o"))
    assert field_degree(basis.space, basis.contractions, basis.contractions, Bezout(Fraction(4), (1,)), "a test") == 1
