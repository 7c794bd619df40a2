"""Filtering lists under point groups: the exact test of polynomials against sums over groups and spans of bases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import Basis, TensorSpace, generate, independent_subset
from invgen.algebra.modular import product_modulo
from invgen.errors import InputError
from invgen.reduction.given import operations
from invgen.reduction.given.entries import read_entries
from invgen.reduction.given.operations import direction_of
from invgen.spaces.point_groups import POINT_GROUPS
from tests.support import oracles, reynolds

Terms = dict[tuple[int, ...], Fraction]  # exponents -> coefficient
Axes = tuple[tuple[int, int, int], ...]

DIAGONAL: Axes = ((1, 1, 1), (1, -1, 0), (1, 1, -2))  # lengths √3, √2 and √6: no two have a rational ratio
HALF_TURNED: Axes = ((1, 1, 0), (-1, 1, 0), (0, 0, 1))
RATIONAL: Axes = ((1, 2, 2), (2, 1, -2), (2, -2, 1))
CASES: list[tuple[str, Axes | None]] = [
    ("Oh", None),
    ("Oh", DIAGONAL),
    ("D3d", None),
    ("D3d", DIAGONAL),
    ("C3h", None),
    ("Td", None),
    ("T", HALF_TURNED),
    ("Th", DIAGONAL),
    ("Ih", None),
    ("Ih", RATIONAL),
    ("Dinfh", None),
    ("Dinfh", HALF_TURNED),
]
# Other components are another frame for the same test; four groups show its kinds of axes.
IN_OTHER_COMPONENTS = [("D3d", DIAGONAL), ("T", HALF_TURNED), ("Ih", None), ("Dinfh", HALF_TURNED)]
FINITE = [name for name, group in POINT_GROUPS.items() if not group.is_axial]


def pair(polynomial: Terms) -> tuple[list[Fraction], list[tuple[int, ...]]]:
    return list(polynomial.values()), list(polynomial)


def add(a: Terms, b: Terms, factor: Fraction | int = 1) -> Terms:
    total = defaultdict(Fraction, a)
    for e, c in b.items():
        total[e] += factor * c
    return dict(total)


def expanded(basis: Basis, convention: str) -> list[Terms]:
    members = basis.with_convention(convention)
    return [{e: c.as_fraction() for e, c in m.polynomial().items()} for m in members]


@cache
def integrity(make: Callable[..., TensorSpace], text: str, group: str, axes: Axes | None, degree: int) -> Basis:
    return generate(make(text, group=group, orientation=axes), max_degree=degree, select="integrity")


def monomial(dimension: int, *powers: tuple[int, int]) -> Terms:
    exponents = [0] * dimension
    for place, power in powers:
        exponents[place] += power
    return {tuple(exponents): Fraction(1)}


def accepted(polynomials: list[Terms], space: TensorSpace, convention: str | None = None) -> list[bool]:
    found = independent_subset([pair(p) for p in polynomials], space, convention)
    return [i not in found.not_invariant for i in range(len(polynomials))]


def exactly(polynomials: list[Terms], space: TensorSpace) -> list[bool]:
    """The same without the test at a point: it is made at the origin, which no rotation moves."""
    listed = read_entries([pair(p) for p in polynomials], space, "rational")
    group = [replace(o, points=np.zeros_like(o.points)) for o in listed.operations]
    return [operations.is_invariant(entry, listed.frame, group) for entry in listed.entries]


def summed(polynomial: Terms, space: TensorSpace, seed: int) -> bool:
    """Whether all elements of a finite group in its standard setting keep the value at a point modulo a prime."""
    p = reynolds.prime()
    points = np.random.default_rng(seed).integers(0, p, size=space.dimension)
    orbit = product_modulo(reynolds.representation(space.tensors, space.group), points, p)
    values = set()
    for x in orbit.tolist():
        total = 0
        for exponents, coefficient in polynomial.items():
            term = coefficient.numerator * pow(coefficient.denominator, -1, p)
            for v, k in zip(x, exponents, strict=True):
                term = term * pow(v, k, p) % p
            total += term
        values.add(total % p)
    return len(values) == 1


@pytest.mark.parametrize(
    ("convention", "group", "axes"),
    [
        *(("rational", *case) for case in CASES),
        *((convention, *case) for convention in ("cartesian", "hippynn") for case in IN_OTHER_COMPONENTS),
    ],
)
def test_expanded_bases_are_accepted_and_a_monomial_more_is_not(convention: str, group: str, axes: Axes | None) -> None:
    if convention == "cartesian":
        basis = integrity(TensorSpace.cartesian, "ij=ji", group, axes, 4)
        spoilt = monomial(6, (0, 2), (1, 1), (4, 1))  # even under inversion
    else:
        basis = integrity(TensorSpace, "v:1o + q:2e", group, axes, 3)
        spoilt = monomial(8, (0, 1), (1, 1), (4, 2))  # v[-1] v[0] q[-1]^2
    polynomials = expanded(basis, convention)
    space = basis.space
    found = independent_subset([pair(p) for p in polynomials], space, convention)
    assert found.not_invariant == ()
    assert found.rank == Basis.from_contractions(list(basis), space).certificate.rank
    assert found.certificate.target == space.dimension - space.orbit_dimension
    assert found.certificate.verify([pair(p) for p in polynomials], space)
    assert not any(accepted([add(p, spoilt, Fraction(1, 3)) for p in polynomials], space, convention))
    if convention == "rational":
        assert all(exactly(polynomials, space))
        assert not any(exactly([add(p, spoilt) for p in polynomials], space))


@pytest.mark.parametrize("group", list(POINT_GROUPS))
def test_invariants_of_all_rotations_are_accepted_unless_inversion_matters(group: str) -> None:
    irreps = "u:1o + v:1o + w:1o"
    invariants = expanded(integrity(TensorSpace, irreps, "SO3", None, 3), "rational")
    *even, triple = invariants  # six scalar products and the triple product, which inversion changes
    space = TensorSpace(irreps, group=group)
    assert accepted(even, space) == exactly(even, space) == [True] * 6
    assert accepted([triple], space) == exactly([triple], space) == [POINT_GROUPS[group].is_chiral]


@cache
def linear(irreps: str, group: str, axes: Axes | None) -> list[Terms]:
    basis = generate(TensorSpace(irreps, group=group, orientation=axes), max_degree=3, select="linear")
    return expanded(basis, "rational")


SPACES = ["1o", "2e", "1e + 1o", "3o", "0o + 2o"]


@st.composite
def polynomials(draw: st.DrawFn, irreps: str) -> Terms:
    """An invariant of a group that often lies between the one asked for and the identity, or anything."""
    size = TensorSpace(irreps).dimension
    result: Terms = {}
    for _ in range(draw(st.integers(1, 3))):
        group = draw(st.sampled_from(["C1", "C2", "Cs", "D2", "C3", "S4", "C4v", "D3d", "Td", "O", "C3h", "I"]))
        members = linear(irreps, group, None) if draw(st.booleans()) else []
        part = (
            draw(st.sampled_from(members))
            if members
            else monomial(size, *draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(1, 2)), max_size=2)))
        )
        result = add(result, part, draw(st.fractions(-2, 2, max_denominator=3)))
    return {e: c for e, c in result.items() if c}


@settings(max_examples=50)
@given(st.data(), st.sampled_from(SPACES), st.sampled_from(FINITE), st.integers(0, 2**32))
def test_sums_over_finite_groups_say_the_same(data: st.DataObject, irreps: str, group: str, seed: int) -> None:
    polynomial = data.draw(polynomials(irreps))
    space = TensorSpace(irreps, group=group)
    expected = summed(polynomial, space, seed)
    assert exactly([polynomial], space) == accepted([polynomial], space) == [expected]


@pytest.mark.parametrize(
    ("group", "axes"), [("T", HALF_TURNED), ("Th", DIAGONAL), ("D3d", DIAGONAL), ("Cinfv", RATIONAL)]
)
def test_turned_groups_accept_what_their_bases_span(group: str, axes: Axes) -> None:
    space = TensorSpace("2e", group=group, orientation=axes)
    own = linear("2e", group, axes)
    others = [
        *linear("2e", group, None),
        *linear("2e", "C2", axes),
        *linear("2e", "C3", axes),
        *linear("2e", "O", None),
    ]
    candidates = [*own, *others, add(own[0], own[-1], Fraction(-2, 7))]
    monomials = sorted({e for p in candidates for e in p})
    rows = [[p.get(e, Fraction(0)) for e in monomials] for p in candidates]
    rank = oracles.exact_rank(rows[: len(own)])
    assert rank == len(own)
    expected = [oracles.exact_rank([*rows[: len(own)], row]) == rank for row in rows]
    assert not all(expected)
    assert exactly(candidates, space) == accepted(candidates, space) == expected


def test_what_a_tetragonal_group_keeps_a_cubic_one_may_change() -> None:
    tetragonal = monomial(5, (2, 1))  # q[0] ~ 3 z^2 - r^2
    squared = monomial(5, (4, 2))  # q[2]^2, q[2] ~ x^2 - y^2
    for polynomial in (tetragonal, squared):
        assert accepted([polynomial], TensorSpace("q:2e", group="D4h")) == [True]
        assert accepted([polynomial], TensorSpace("q:2e", group="Oh")) == [False]
        assert accepted([polynomial], TensorSpace("q:2e", group="Dinfh")) == [polynomial is tetragonal]


def test_zero_and_constants_are_invariants_of_every_group() -> None:
    for group in ("C1", "S4", "T", "Ih", "Dinfh"):
        space = TensorSpace("0o + 1o", group=group)
        assert accepted([{}, {(0,) * 4: Fraction(3)}], space) == [True, True]


def test_mirrors_and_improper_axes_keep_odd_terms_of_all_odd_weights() -> None:
    x, z = (2, 1), (1, 1)  # components are in the order y, z, x
    powers = [monomial(3, (2, 5)), monomial(3, x, (1, 2)), monomial(3, (2, 2), z), monomial(3, x, (0, 4))]
    assert exactly(powers, TensorSpace("1o", group="Cs")) == [True, True, False, True]
    odd = TensorSpace("0o + 3e", group="S4")  # parity -1 in all: -R keeps odd terms of weights 2, 6, ...
    high = add(monomial(8, (0, 1), (6, 3)), monomial(8, (0, 1), (6, 1), (2, 2)), -3)  # s Re((q2 + i q-2)^3), weight 6
    whole = [high, monomial(8, (0, 1), (6, 3)), monomial(8, (0, 1), (6, 2)), monomial(8, (0, 1), (6, 1))]
    assert exactly(whole, odd) == [True, True, False, True]


def test_pseudo_scalars_change_under_groups_that_are_not_chiral() -> None:
    single, square = monomial(1, (0, 1)), monomial(1, (0, 2))
    for group, kept in (("C3", True), ("C3i", False), ("C3v", False), ("C3h", False), ("Cinf", True), ("Cinfv", False)):
        assert accepted([single, square], TensorSpace("0o", group=group)) == [kept, True]


def test_large_coefficients_and_axes_are_exact() -> None:
    q = linear("2e", "Oh", None)[0]
    large = 10**40
    space = TensorSpace("2e", group="Oh", orientation=((10**9, 1, 0), (-1, 10**9, 0), (0, 0, 1)))
    assert exactly([q], space) == [True]  # the norm
    almost = add({e: c * large for e, c in q.items()}, monomial(5, (2, 2)))
    assert accepted([almost], TensorSpace("2e", group="Oh")) == [False]
    assert exactly([almost], space) == [False]


# Coupling trees and contractions


def test_trees_with_structural_tensors_are_read_in_their_group() -> None:
    for group, axes in (("Td", None), ("D3d", DIAGONAL), ("C3h", None)):
        basis = integrity(TensorSpace, "v:1o + q:2e", group, axes, 3)
        lines = [str(member) for member in basis]
        assert any("@" in line for line in lines)
        for candidates in (lines, list(basis)):
            found = independent_subset(candidates, basis.space)
            assert found.not_invariant == () and found.rank == 8
            assert found.certificate.verify(candidates, basis.space)
        assert found.indices == independent_subset([pair(p) for p in expanded(basis, "rational")], basis.space).indices


def test_odd_trees_and_contractions_are_reported() -> None:
    space = TensorSpace("v:1o + w:1e + q:2e", group="Td")
    candidates = ["((v,q)3,@3o)0", "((w,q)3,@3o)0", "i,i v,v", "i,i v,w", "ij,ij q,q", "(v,w)0", "((q,q)4,@4e)0"]
    found = independent_subset(candidates, space)
    assert found.not_invariant == (1, 3, 5) and found.indices == (0, 2, 4, 6)
    chiral = TensorSpace("v:1o + w:1e + q:2e", group="T")
    assert independent_subset([c.replace("@3o", "@3e") for c in candidates], chiral).not_invariant == ()


@pytest.mark.parametrize("orientation", [None, HALF_TURNED])
def test_lists_of_trees_with_structural_tensors_are_kept_as_given(orientation: Axes | None, tmp_path: Path) -> None:
    made = integrity(TensorSpace, "v:1o + q:2e", "Td", orientation, 3)
    lines = [str(member) for member in made][::-1]
    basis = Basis.from_contractions(lines, made.space)
    assert [str(member) for member in basis] == lines and basis.select == "given"
    assert (basis.certificate.rank, basis.certificate.target) == (8, 8)
    assert all(claim.holds for claim in basis.verify())
    basis.save(tmp_path / "basis.json")
    assert Basis.load(tmp_path / "basis.json") == basis
    with pytest.raises(InputError, match="sign under inversion"):
        Basis.from_contractions(["((w,q)3,@3o)0"], TensorSpace("w:1e + q:2e", group="Td"))
    with pytest.raises(InputError, match="not of Td"):
        Basis.from_contractions(["i,i v,w"], TensorSpace("v:1o + w:1e", group="Td"))


@pytest.mark.parametrize("tree", ["((q,q)4,@3o)0", "((q,q)4,@4o)0", "((q,q)2,@4e)2", "((q,q)4,@4e_1)0"])
def test_trees_that_a_group_cannot_read_are_refused(tree: str) -> None:
    with pytest.raises(InputError, match="entry 1"):
        independent_subset(["ij,ij q,q", tree], TensorSpace("q:2e", group="Td"))


def test_the_orientation_belongs_to_the_content_and_nothing_else_changed() -> None:
    plain, turned = (TensorSpace("q:2e", group="D3d", orientation=axes) for axes in (None, DIAGONAL))
    contents = [read_entries(["ij,ij q,q"], space, None).content for space in (plain, turned)]
    assert contents[0].startswith("invgen 1|subset|q:2e|D3d|rational|")
    assert contents[1].startswith(f"invgen 1|subset|q:2e|D3d {DIAGONAL}|rational|")
    certificates = [independent_subset(["ij,ij q,q"], space).certificate for space in (plain, turned)]
    assert certificates[0].verify(["ij,ij q,q"], plain) and not certificates[0].verify(["ij,ij q,q"], turned)
    assert read_entries(["ij,ij q,q"], TensorSpace("q:2e"), None).content == (
        "invgen 1|subset|q:2e|O3|rational|b6a747539c21b582546f8dce67f791dfdc9787a5479ab89a00fe970461fcf2ef"
    )


# The list of a paper


def test_the_cubic_invariants_of_a_symmetric_matrix_are_filtered_to_six() -> None:
    space = TensorSpace.cartesian("ij=ji", group="Oh")
    assert space.components == ("c11", "c12", "c13", "c22", "c23", "c33")
    a, f, e, b, d, c = range(6)  # S11, S12, S13, S22, S23, S33

    def total(*terms: tuple[tuple[int, int], ...]) -> Terms:
        result: Terms = {}
        for term in terms:
            result = add(result, monomial(6, *term))
        return result

    trace = total(((a, 1),), ((b, 1),), ((c, 1),))
    squares = total(((a, 2),), ((b, 2),), ((c, 2),))
    minors = total(((a, 1), (b, 1)), ((b, 1), (c, 1)), ((c, 1), (a, 1)))  # (trace^2 - squares) / 2
    shears = total(((d, 2),), ((e, 2),), ((f, 2),))
    diagonal = total(((a, 1), (b, 1), (c, 1)))
    shear = total(((d, 1), (e, 1), (f, 1)))
    mixed = total(((a, 1), (d, 2)), ((b, 1), (e, 2)), ((c, 1), (f, 2)))
    quartic = total(((d, 2), (e, 2)), ((e, 2), (f, 2)), ((f, 2), (d, 2)))
    hexagonal = total(((a, 1), (d, 2)), ((b, 1), (e, 2)))  # what a cubic group does not keep
    candidates = [trace, squares, minors, shears, hexagonal, diagonal, shear, mixed, quartic]
    found = independent_subset([pair(p) for p in candidates], space)
    assert found.not_invariant == (4,)
    assert found.indices == (0, 1, 3, 5, 6, 7) and found.rank == 6
    assert found.certificate.complete and found.certificate.error_log2 == 0


# Axes


def test_directions_of_axes_have_roots_only_where_they_are_needed() -> None:
    assert direction_of((0, 0, 1), DIAGONAL).vectors == {0: (1, 1, -2)}
    assert direction_of((1, 1, 1), RATIONAL).vectors == {0: (5, 1, 1)}
    assert direction_of((0, 2, 1), RATIONAL).squares == ()
    for axes in (HALF_TURNED, DIAGONAL):
        found = direction_of((1, 1, 1), axes)
        products = {0: 1, **{1 << i: s for i, s in enumerate(found.squares)}}
        products[3] = products.get(1, 1) * products.get(2, 1)
        vector = sum(np.sqrt(products[key]) * np.array(v) for key, v in found.vectors.items())
        wanted = sum(np.array(axis) / np.linalg.norm(axis) for axis in axes)
        assert np.allclose(vector / np.linalg.norm(vector), wanted / np.sqrt(3), rtol=0, atol=1e-14)  # rounding alone
        assert np.isclose(vector @ vector, found.length_squared, rtol=1e-14)  # rounding alone
