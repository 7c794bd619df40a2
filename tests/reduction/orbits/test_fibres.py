"""Bounds of the number of orbits in a generic fibre, against known rings and Hilbert series."""

from __future__ import annotations

from fractions import Fraction

import pytest

from invgen import Basis, TensorSpace, generate
from invgen.reduction.orbits.fibres import FibreBounds, fibre_bounds
from invgen.reduction.orbits.ring_degree import ring_degree

# Degrees of homogeneous systems of parameters and of the other generators, with the Hilbert numerator's value at 1.
RINGS = [
    ("1o", "O3", (2,), 1),
    ("2x1o", "O3", (2, 2, 2), 1),
    ("3x1o", "O3", (2,) * 6, 1),
    ("3x1o", "SO3", (2,) * 6, 2),
    ("2e", "O3", (2, 3), 1),
    ("2o", "O3", (2, 6), 1),
    ("3o", "O3", (2, 4, 6, 10), 1),
    ("3o", "SO3", (2, 4, 6, 10), 2),
    ("1o + 2e", "O3", (2, 2, 3, 3, 4), 1),
    ("1o + 2e", "SO3", (2, 2, 3, 3, 4), 2),
    ("4e", "O3", (2, 3, 4, 5, 6, 7), 5),
    ("0e + 0o", "O3", (1, 2), 1),
    ("0o + 1o", "O3", (2, 2), 1),
]


@pytest.mark.parametrize(("irreps", "group", "degrees", "numerator"), RINGS)
def test_the_degree_of_the_ring_is_that_of_its_hilbert_series(
    irreps: str, group: str, degrees: tuple[int, ...], numerator: int
) -> None:
    """H(t) = N(t) / prod(1 - t^d): the series times the denominator is a polynomial N with N(1) = numerator."""
    space = TensorSpace(irreps, group)
    top = sum(degrees) + 1
    series = space.hilbert_series(top)
    for degree in degrees:
        series = [value - (series[i - degree] if i >= degree else 0) for i, value in enumerate(series)]
    assert sum(series) == numerator
    product = Fraction(numerator)
    for degree in degrees:
        product /= degree
    assert ring_degree(space) == product


@pytest.mark.parametrize(
    ("irreps", "group", "max_degree", "bounds"),
    [
        ("3o", "O3", 10, (1, 1)),
        ("3o", "SO3", 10, (2, 2)),
        ("1o + 2e", "O3", 4, (1, 1)),
        ("1o + 2e", "SO3", 4, (2, 2)),
        ("4e", "O3", 7, (5, 5)),
        ("2x2e", "O3", 3, (3, 3)),
        ("2e", "O3", 3, (1, 1)),
        ("1o", "SO3", 2, (1, 1)),
        ("2x1o", "SO3", 2, (1, 1)),
    ],
)
def test_independent_selections_have_the_known_numbers_of_orbits(
    irreps: str, group: str, max_degree: int, bounds: tuple[int, int]
) -> None:
    assert generate(TensorSpace(irreps, group), max_degree).fibre() == FibreBounds(*bounds)


def test_an_invariant_that_changes_sign_tells_mirror_images_apart() -> None:
    space = TensorSpace("v:1o + q:2e", "SO3")
    basis = generate(space, 4)
    odd = "abc,a,bi,i,cj,jk,k eps,v,q,v,q,q,v"  # det(v, q v, q q v), the sixth generator
    both = Basis.from_contractions([*basis.contractions, odd], space)
    assert basis.fibre() == FibreBounds(2, 2) and not basis.fibre().separating
    assert both.fibre() == FibreBounds(1, 1) and both.fibre().separating


def test_without_full_rank_orbits_are_infinitely_many() -> None:
    bounds = generate(TensorSpace("3o"), 6).fibre()
    assert bounds.upper is None and "the rank is not full" in str(bounds)


def test_generators_of_the_whole_ring_leave_no_sign_undecided() -> None:
    assert generate(TensorSpace("3o", "SO3"), 15, select="integrity").fibre() == FibreBounds(1, 1)


def test_squares_of_vectors_leave_their_signs_undecided() -> None:
    space = TensorSpace("v:1o + q:2e + w:2e")
    basis = Basis.from_contractions(["i,i v,v", "ij,ij q,q", "ij,ij w,w", "ij,jk,kl,li q,w,q,w"], space)
    assert basis.fibre().lower == 4  # the signs of q and w; that of v is the inversion


def test_bounds_are_consistent_wherever_both_exist() -> None:
    for irreps, group, max_degree in [("0e+1o+2e+3o", "O3", 4), ("2x1o+2e", "SO3", 4), ("1e+2o", "O3", 6)]:
        bounds = generate(TensorSpace(irreps, group), max_degree).fibre()
        assert bounds.upper is not None and 1 <= bounds.lower <= bounds.upper


def test_witnesses_bound_the_orbits_of_a_binary_octic_from_below() -> None:
    """H_4 is the space of binary octics; its generators of degrees 2..7 are a system of parameters of degree 5."""
    space = TensorSpace("4e")
    basis = generate(space, 7)
    bounds = basis.fibre()
    assert bounds == FibreBounds(5, 5)
    assert {witness.degree for witness in bounds.witnesses} == {8}
    assert fibre_bounds(space, basis.contractions, range(6)) == FibreBounds(1, 5)
    products = [e for e in generate(space, 6, select="linear").contractions if e.degree == 6]
    assert fibre_bounds(space, basis.contractions, range(6), products) == FibreBounds(1, 5)


def test_without_full_rank_the_number_is_not_bounded_from_above() -> None:
    space = TensorSpace("3o", "SO3")
    assert fibre_bounds(space, generate(space, 4).contractions, None) == FibreBounds(2, None)
