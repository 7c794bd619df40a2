"""Filtering lists: invariants told from other polynomials exactly, ranks and their certificates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache
from math import lcm, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import invgen
from invgen import Basis, TensorSpace, generate, independent_subset
from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.contractions.contraction import Contraction
from invgen.contractions.trees import CouplingTree
from invgen.errors import InputError
from invgen.reduction.given.entries import read_entries
from invgen.reduction.given.subset import Subset
from invgen.spaces.cartesian import contraction_polynomial
from invgen.spaces.harmonics import tensor_of_components
from tests.support import oracles

Terms = dict[tuple[int, ...], Fraction]  # exponents -> coefficient

Q = TensorSpace("v:1o + q:2e")


def pair(polynomial: Terms) -> tuple[list[Fraction], list[tuple[int, ...]]]:
    return list(polynomial.values()), list(polynomial)


def expanded(expression: object, space: TensorSpace, convention: str = "rational") -> Terms:
    member = Basis.from_contractions([expression], space, convention)[0]
    return {e: c.as_fraction() for e, c in member.polynomial().items()}


def add(a: Terms, b: Terms, factor: Fraction | int = 1) -> Terms:
    total = defaultdict(Fraction, a)
    for e, c in b.items():
        total[e] += factor * c
    return dict(total)


def multiply(a: Terms, b: Terms) -> Terms:
    total: Terms = defaultdict(Fraction)
    for e, c in a.items():
        for f, d in b.items():
            total[tuple(i + j for i, j in zip(e, f, strict=True))] += c * d
    return dict(total)


def value(polynomial: Terms, x: list[Fraction]) -> Fraction:
    return sum((c * prod(v**k for v, k in zip(x, e, strict=True) if k) for e, c in polynomial.items()), Fraction(0))


def derivatives(polynomial: Terms, x: list[Fraction]) -> list[Fraction]:
    row = []
    for v in range(len(x)):
        lowered = {(*e[:v], e[v] - 1, *e[v + 1 :]): c * e[v] for e, c in polynomial.items() if e[v]}
        row.append(value(lowered, x))
    return row


def changes(polynomial: Terms, space: TensorSpace, rng: np.random.Generator) -> bool:
    """Whether rational rotations, and under O(3) the inversion, change the value at a rational point."""
    tensors = oracles.random_tensors(space, rng, bound=10**6)  # no component vanishes by chance
    matrix = oracles.rotation([int(k) for k in rng.integers(1, 10**4, 4)])  # no symmetry of a monomial
    before = value(polynomial, oracles.rational_vector(tensors))
    moved = [oracles.transformed(space, tensors, matrix)]
    if space.group == "O3":
        moved.append(oracles.transformed(space, tensors, matrix, inverted=True))
    return any(value(polynomial, oracles.rational_vector(t)) != before for t in moved)


@cache
def members(irreps: str, group: str) -> list[Terms]:
    """Expanded invariants of low degree; under SO(3) also those that O(3) drops."""
    basis = generate(TensorSpace(irreps, group=group), max_degree=3, select="linear", convention="rational")
    return [{e: c.as_fraction() for e, c in m.polynomial().items()} for m in basis]


SPACES = ["1o", "2e", "1o + 2e", "2x1o", "1e + 1o", "0e + 1o", "2o + 1o", "0o + 0e", "3x1o"]


@st.composite
def lists(draw: st.DrawFn) -> tuple[TensorSpace, list[Terms]]:
    irreps, group = draw(st.sampled_from(SPACES)), draw(st.sampled_from(["O3", "SO3"]))
    space = TensorSpace(irreps, group=group)
    pool = [*members(irreps, "SO3"), {}, {(0,) * space.dimension: Fraction(3)}]
    choice = st.sampled_from(pool)
    result: list[Terms] = []
    for kind in draw(st.lists(st.sampled_from("one sum product repeat spoilt".split()), min_size=1, max_size=6)):
        first, second = draw(choice), draw(choice)
        if kind == "one":
            result.append(first)
        elif kind == "sum":
            result.append(add(first, second, draw(st.fractions(-3, 3, max_denominator=4))))
        elif kind == "product":
            result.append(multiply(first, second))
        elif kind == "repeat" and result:
            result.append({e: -2 * c for e, c in result[0].items()})
        else:
            exponents = tuple(draw(st.integers(0, 2)) for _ in range(space.dimension))
            result.append(add(first, {exponents: Fraction(1, draw(st.integers(1, 3)))}))
    return space, result


@settings(max_examples=60)
@given(lists(), st.integers(0, 2**32))
def test_lists_are_filtered_as_exact_ranks_and_rotations_say(case: tuple[TensorSpace, list[Terms]], seed: int) -> None:
    space, polynomials = case
    rng = np.random.default_rng(seed)
    found = independent_subset([pair(p) for p in polynomials], space)
    assert found.not_invariant == tuple(i for i, p in enumerate(polynomials) if changes(p, space, rng))
    x = oracles.rational_vector(oracles.random_tensors(space, rng, bound=10**6))
    rows, kept = [], []
    for i, polynomial in enumerate(polynomials):
        if i not in found.not_invariant:
            row = derivatives(polynomial, x)
            if oracles.exact_rank([*rows, row]) > len(rows):
                rows.append(row)
                kept.append(i)
    assert found.indices == tuple(kept)
    assert found.rank == len(kept) == found.certificate.rank
    assert found.certificate.verify([pair(p) for p in polynomials], space)


@pytest.mark.parametrize("convention", ["rational", "hippynn"])
def test_polynomials_give_the_same_indices_as_the_contractions_they_expand(convention: str) -> None:
    space = TensorSpace("0e + 1o + 2e + 3o")
    basis = generate(space, max_degree=4, select="linear", convention=convention)
    by_contraction = independent_subset(basis, space)
    polynomials = [(list(p.values()), list(p)) for p in (m.polynomial() for m in basis)]
    by_polynomial = independent_subset(polynomials, space, convention=convention)
    mixed = [p if i % 2 else m for i, (p, m) in enumerate(zip(polynomials, basis, strict=True))]
    by_both = independent_subset(mixed, space, convention=convention)
    independent = generate(space, max_degree=4, select="independent").contractions
    assert tuple(str(basis[i]) for i in by_contraction.indices) == tuple(map(str, independent))
    assert by_contraction.indices == by_polynomial.indices == by_both.indices
    for found in (by_contraction, by_polynomial, by_both):
        assert found.rank == 13 and found.certificate.complete and found.certificate.error_log2 == 0
        assert found.not_invariant == ()


def test_components_of_another_convention_are_not_invariant_by_accident() -> None:
    space = TensorSpace("2e")
    polynomial = expanded("ij,ij l2,l2", space, "hippynn")
    assert independent_subset([pair(polynomial)], space, convention="hippynn").rank == 1
    assert independent_subset([pair(polynomial)], space).not_invariant == (0,)


def test_every_way_to_write_an_entry_is_read() -> None:
    tree = CouplingTree("((q,q)2,q)0")
    member = generate(Q, max_degree=2)[0]
    found = independent_subset(
        [
            ("i,i", ("v", "v")),
            ["i,i", ["v", "v"]],
            "i,i v,v",
            Contraction("i,i", ("v", "v")),
            member,
            "(v,v)0",
            tree,
            "ij,jk,ki q,q,q",
            pair(expanded("ij,jk,ki q,q,q", Q)),
        ],
        Q,
    )
    assert found.indices == (0, 6)
    assert str(member) == "i,i v,v"


def test_the_order_given_decides_what_is_kept() -> None:
    square, cube = "ij,ij q,q", "ij,jk,ki q,q,q"
    product = pair(multiply(expanded(square, Q), expanded(cube, Q)))
    assert independent_subset([square, cube, product], Q).indices == (0, 1)
    assert independent_subset([product, square, cube], Q).indices == (0, 1)
    assert independent_subset([cube, product, square], Q).indices == (0, 1)
    assert independent_subset(["i,i v,v", product, square, cube, "i,ij,j v,q,v"], Q).indices == (0, 1, 2, 4)


def test_what_changes_sign_under_inversion_is_no_invariant_of_o3() -> None:
    a = TensorSpace("a:1o + b:1o + c:1o")
    triple = ("ijk,i,j,k", ("eps", "a", "b", "c"))
    squares = ["i,i a,a", "i,i b,b", "i,i c,c", "i,i a,b", "i,i b,c", "i,i a,c"]
    assert independent_subset([triple, *squares], a).not_invariant == (0,)
    assert independent_subset([triple, *squares], a).indices == (1, 2, 3, 4, 5, 6)
    rotations = TensorSpace(a.tensors, "SO3")
    polynomial = pair(expanded(triple, rotations))
    for entry in (triple, polynomial):
        assert independent_subset([entry], a).not_invariant == (0,)
        found = independent_subset([entry, *squares], rotations)
        assert found.not_invariant == () and found.indices == (0, 1, 2, 3, 4, 5)
    assert independent_subset(["v,v", "v"], TensorSpace("v:0o")).not_invariant == (1,)


def test_one_changed_coefficient_in_many_terms_is_found() -> None:
    space = TensorSpace("2e + 3o")
    long = multiply(expanded("ijk,ijl,km,lm l3,l3,l2,l2", space), expanded("ij,ij l2,l2", space))
    assert len(long) > 200
    place = sorted(long)[len(long) // 2]
    spoilt = {**long, place: long[place] + Fraction(1, 10**30)}
    found = independent_subset([pair(spoilt), pair(long)], space)
    assert found.not_invariant == (0,) and found.indices == (1,)


def test_what_looks_invariant_modulo_all_primes_is_found_by_the_exact_test() -> None:
    square = expanded("i,i v,v", Q)
    primes = derived_primes("spoilt", 3)
    points = np.concatenate([derived_points("spoilt", p, 1, Q.dimension) for p in primes])
    spoilt = add(square, {(2, *[0] * 7): Fraction(prod(primes))})
    listed = read_entries([pair(square), pair(spoilt)], Q, None)
    at = listed.at(primes, points)
    good, bad = listed.entries
    assert (at.gradient(good) == at.gradient(bad)).all(), "modulo the primes they are the same"
    assert at.is_invariant(good, at.gradient(good)) and not at.is_invariant(bad, at.gradient(bad))


# Langbein and Hagen (2009) and the lists that follow them contract whole Cartesian moment tensors, traces included.
CARTESIAN = [
    ("", ("m0",)),
    ("ii", ("m2",)),
    ("ij,ij", ("m2", "m2")),
    ("ii,jj", ("m2", "m2")),
    ("ij,jk,ki", ("m2", "m2", "m2")),
    ("i,i", ("m1", "m1")),
    ("i,ij,j", ("m1", "m2", "m1")),
    ("i,ij,jk,k", ("m1", "m2", "m2", "m1")),
    ("i,ij,jk,kl,l", ("m1", "m2", "m2", "m2", "m1")),
    ("iij,j", ("m3", "m1")),
    ("iij,jkk", ("m3", "m3")),
    ("ijk,ijk", ("m3", "m3")),
    ("ijk,i,jk", ("m3", "m1", "m2")),
    ("ijk,i,j,k", ("m3", "m1", "m1", "m1")),
]


def test_lists_over_cartesian_moments_are_filtered_in_the_moments() -> None:
    space = TensorSpace.moments(orders=range(4))
    polynomials = [contraction_polynomial(subscripts, names, space.layout) for subscripts, names in CARTESIAN]
    single = ([1], [[int(name == "m110") for name in space.components]])
    found = independent_subset([*polynomials, single], space)
    assert found.certificate.convention == "cartesian"
    assert found.not_invariant == (14,)
    # (tr T)² depends on tr T, and the third power of a 3 x 3 matrix between vectors on the lower ones (Cayley-Hamilton)
    assert found.indices == tuple(i for i in range(14) if i not in (3, 8))
    assert found.certificate.verify([*polynomials, single], space)
    assert not found.certificate.complete and found.certificate.target == 17


def test_a_cartesian_list_has_the_same_indices_in_irreducible_components() -> None:
    space = TensorSpace.moments(orders=range(4))
    moments = [contraction_polynomial(subscripts, names, space.layout) for subscripts, names in CARTESIAN]
    # m = A^-1 x, by SymPy's polynomials
    import sympy

    x = sympy.symbols(f"x:{space.dimension}")
    inverse = sympy.Matrix(space.layout.matrix).inv() * sympy.Matrix(x)
    irreducible = []
    for coefficients, exponents in moments[:12]:
        total = sympy.Add(
            *(
                c * sympy.Mul(*(inverse[v] ** k for v, k in enumerate(e) if k))
                for c, e in zip(coefficients, exponents, strict=True)
            )
        )
        polynomial = sympy.Poly(total, *x)
        irreducible.append((polynomial.coeffs(), polynomial.monoms()))
    by_moments = independent_subset(moments[:12], space)
    by_parts = independent_subset(irreducible, space, convention="rational")
    assert by_moments.indices == by_parts.indices and by_parts.not_invariant == ()


def test_nothing_but_rejected_entries_leaves_an_empty_subset() -> None:
    zero = ([], [])
    constant = ([5], [[0] * 8])
    single = ([1], [[1] + [0] * 7])
    for candidates, spoilt in (([zero], ()), ([constant, zero], ()), ([single], (0,)), ([single, constant], (0,))):
        found = independent_subset(candidates, Q)
        assert (found.indices, found.rank, found.not_invariant) == ((), 0, spoilt)
        assert found.certificate.verify(candidates, Q)
        assert found.certificate.error_log2 == 0, "that constants are dependent needs no random point"


def test_scalars_alone_have_no_orbits() -> None:
    space = TensorSpace("a:0e + b:0o")
    a, b, ab = ([1], [[1, 0]]), ([1], [[0, 1]]), ([1], [[1, 1]])
    found = independent_subset([a, b, ab, ([2, 3], [[0, 2], [2, 0]])], space)
    assert found.not_invariant == (1, 2) and found.indices == (0, 3)
    assert found.certificate.complete
    assert independent_subset([ab, b, a], TensorSpace(space.tensors, "SO3")).indices == (0, 1)


# Certificates


def short_list() -> list:
    return ["i,i v,v", "ij,ij q,q", pair(multiply(*[expanded("ij,ij q,q", Q)] * 2)), ([1], [[1] * 8])]


def test_the_error_bound_covers_rejections_that_are_not_proved() -> None:
    complete = ["i,i v,v", "ij,ij q,q", "ij,jk,ki q,q,q", "i,ij,j v,q,v", "i,ij,jk,k v,q,q,v"]
    assert independent_subset([*complete, complete[0]], Q).certificate.error_log2 == 0
    assert independent_subset(complete[:2], Q).certificate.error_log2 == 0
    certificate = independent_subset(short_list(), Q).certificate
    assert not certificate.complete
    # three primes of 31 bits; polynomials as small as these lose less than 12 bits of each
    assert -90 < certificate.error_log2 < -54


def test_gradients_in_integer_coordinates_are_within_their_bound() -> None:
    space = TensorSpace("1o + 2e + 3o")
    expressions = ["ijk,ijk l3,l3", "ijk,ij,k l3,l2,l1", "((l2,l2)2,l2)0", "(l3,(l1,l2)3)0", "ijk,ijl,kl l3,l3,l2"]
    scales = [s for t in space.tensors for s in tensor_of_components(t.l)[1]]
    unit = lcm(*((1 / s).denominator for s in scales))
    for expression in expressions:
        polynomial = expanded(expression, space)
        listed = read_entries([expression, pair(polynomial)], space, None)
        bottom = lcm(*(c.denominator for c in polynomial.values()))  # polynomials are taken up to a factor
        top = np.gcd.reduce([int(c * bottom) for c in polynomial.values()])
        for entry, factor in zip(listed.entries, (Fraction(1), Fraction(bottom, int(top))), strict=True):
            largest = 0
            for v in range(space.dimension):
                rows = [
                    abs(factor * c) * e[v] * prod((unit / s) ** k for s, k in zip(scales, e, strict=True) if k)
                    for e, c in polynomial.items()
                ]
                assert all(r.denominator == 1 for r in rows), "integer coordinates make integer coefficients"
                largest = max(largest, int(sum(rows)))
            assert 0 < largest <= 2 ** listed.log2_gradient(entry)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("size", 3),
        ("convention", "hippynn"),
        ("not_invariant", ()),
        ("not_invariant", (2, 3)),
        ("rank", 3),
        ("rank", 1),
        ("target", 6),
        ("complete", True),
        ("rows", (0, 2)),
        ("rows", (0,)),
        ("columns", (0, 1)),
        ("primes", (2147483647,) * 3),
        ("points", ((0,) * 8,) * 3),
        ("error_log2", 0),
        ("error_log2", -100),
    ],
)
def test_a_certificate_with_one_field_changed_is_refused(name: str, value: object) -> None:
    found = independent_subset(short_list(), Q)
    assert found.certificate.verify(short_list(), Q)
    assert all(claim.holds for claim in found.certificate.claims(short_list(), Q))
    changed = replace(found.certificate, **{name: value})
    assert changed != found.certificate
    assert not changed.verify(short_list(), Q)


def test_every_field_of_the_certificate_is_tried() -> None:
    marks = test_a_certificate_with_one_field_changed_is_refused.pytestmark
    tried = {name for name, _ in marks[0].args[1]}
    assert tried == {f.name for f in fields(independent_subset(short_list(), Q).certificate)}


@pytest.mark.parametrize("change", ["order", "coefficient", "longer", "space", "group"])
def test_a_certificate_belongs_to_its_list_and_space(change: str) -> None:
    certificate = independent_subset(short_list(), Q).certificate
    candidates, space = short_list(), Q
    if change == "order":
        candidates = [candidates[1], candidates[0], *candidates[2:]]
    elif change == "coefficient":
        candidates[3] = ([1, 1], [[1] * 8, [2] + [0] * 7])
    elif change == "longer":
        candidates.append("i,i v,v")
    elif change == "space":
        space = TensorSpace("v:1o + q:2o")
    else:
        space = TensorSpace(Q.tensors, "SO3")
    assert not certificate.verify(candidates, space)


def test_permuted_primes_or_points_are_refused() -> None:
    certificate = independent_subset(short_list(), Q).certificate
    assert not replace(certificate, points=certificate.points[::-1]).verify(short_list(), Q)
    assert not replace(certificate, primes=certificate.primes[:2]).verify(short_list(), Q)


def test_the_result_does_not_depend_on_how_terms_are_written() -> None:
    polynomial = expanded("ij,jk,ki q,q,q", Q)
    scaled = [(list(p.values()), list(p)) for p in (polynomial, {e: 7 * c for e, c in reversed(polynomial.items())})]
    first, second = (independent_subset([p, "i,i v,v"], Q) for p in scaled)
    assert first == second


# Input


@pytest.mark.parametrize(
    ("candidates", "sentence"),
    [
        ([], "the list of candidates is empty"),
        ("i,i v,v", "candidates are a list"),
        (7, "candidates are a list"),
        (["i,i v,v", "i,i w,w"], "entry 1 of the list: .*no tensor 'w'"),
        ([("i,i", ("v", "w"))], "entry 0 of the list: .*no tensor 'w'"),
        (["(v,w)0"], "entry 0 of the list: .*no tensor 'w'"),
        (["i,i v,v", "ii q"], "entry 1 of the list: .*trace of a traceless tensor"),
        (["i,i,j v,v,v"], "entry 0 of the list: index 'j' occurs 1 times"),
        (["i,i q,q"], "entry 0 of the list: q has rank 2"),
        (["(q,q)2"], "entry 0 of the list: .*rank 2; an invariant has rank 0"),
        (["i,i"], "entry 0 of the list: .*no tensor 'i'"),
        (["i,i v,v v"], "entry 0 of the list: cannot read"),
        ([("i,i", "vv")], "entry 0 of the list: .*tuple of tensor names"),
        ([("i,i", (1, 2))], "entry 0 of the list: .*tuple of tensor names"),
        ([None], "entry 0 of the list: cannot read None"),
        ([([1], [[0] * 8], 3)], "entry 0 of the list: cannot read"),
        (["i,i v,v", ([1.5], [[2] + [0] * 7])], "entry 1 of the list: the coefficient 1.5 is not exact"),
        ([(np.array([1.0]), [[2] + [0] * 7])], "entry 0 of the list: coefficients are"),
        ([([1], [[2, 0]])], r"entry 0 of the list: exponents have the shape \(terms, 8\)"),
        ([([1], [[-2] + [0] * 7])], "entry 0 of the list: exponents are non-negative"),
        ([([1, 2], [[2] + [0] * 7])], "entry 0 of the list: 2 coefficients were given with 1 rows"),
    ],
)
def test_entries_that_cannot_be_read_are_named(candidates: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        independent_subset(candidates, Q)


def test_conventions_with_irrational_coefficients_are_refused() -> None:
    with pytest.raises(InputError, match="irrational coefficients in the convention 'sphericart'"):
        independent_subset(["i,i v,v"], Q, convention="sphericart")
    member = generate(Q, max_degree=2, convention="sphericart")[1]
    polynomial = member.polynomial()
    with pytest.raises(InputError, match="entry 0 of the list: a coefficient is irrational"):
        independent_subset([(list(polynomial.values()), list(polynomial))], Q)


def test_the_name_is_public() -> None:
    assert invgen.independent_subset is independent_subset
    assert isinstance(independent_subset(["i,i v,v"], Q), Subset)
