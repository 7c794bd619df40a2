"""Polynomials as arrays of terms: canonical form, gradients and derivations, held against SymPy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.algebra.exact import Surd
from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.errors import InputError
from invgen.reduction.given.frames import Derivation
from invgen.reduction.given.polynomials import MAX_DEGREE, gradient, is_annihilated, read

DIMENSION = 4
BLOCKS = np.zeros(DIMENSION, dtype=np.int64)
X = sympy.symbols(f"x:{DIMENSION}")

coefficients = st.fractions(-9, 9, max_denominator=6) | st.integers(-(2**90), 2**90)
terms = st.lists(st.tuples(coefficients, st.tuples(*[st.integers(0, 3)] * DIMENSION)), max_size=8)


def as_sympy(given_terms: list, x: tuple = X) -> sympy.Expr:
    return sympy.Add(
        *(sympy.Rational(c) * sympy.Mul(*(v**k for v, k in zip(x, e, strict=True))) for c, e in given_terms)
    )


def split(given_terms: list) -> tuple[list, list]:
    return [c for c, _ in given_terms], [e for _, e in given_terms]


def derivation(matrix: list[list[int]]) -> Derivation:
    rows = [[(w, value) for w, value in enumerate(row) if value] for row in matrix]
    return Derivation(
        np.cumsum([0, *map(len, rows)], dtype=np.int64),
        np.array([w for row in rows for w, _ in row], dtype=np.int64),
        np.array([value for row in rows for _, value in row], dtype=np.int64),
    )


@given(terms)
def test_reading_keeps_the_polynomial_up_to_a_positive_factor(given_terms: list) -> None:
    found = read(*split(given_terms), BLOCKS)
    expected = sympy.Poly(as_sympy(given_terms), *X)
    if expected.is_zero:
        assert len(found.coefficients) == 0 and found.degree == 0
        return
    primitive = expected.clear_denoms(convert=True)[1].primitive()[1]
    exponents = np.zeros((len(found.exponents), DIMENSION), dtype=int)
    exponents[:, found.columns] = found.exponents
    read_terms = dict(zip(map(tuple, exponents.tolist()), found.coefficients.tolist(), strict=True))
    assert read_terms == {e: int(c) for e, c in primitive.terms()}
    assert found.degree == expected.total_degree()


@given(terms, st.randoms(use_true_random=False), st.fractions(0, 9, max_denominator=9).filter(bool))
def test_the_digest_sees_neither_order_nor_scale_nor_repetition(given_terms: list, random, scale: Fraction) -> None:
    other = [(c * scale * part, e) for c, e in given_terms for part in (Fraction(1, 3), Fraction(2, 3))]
    random.shuffle(other)
    assert read(*split(other), BLOCKS).digest == read(*split(given_terms), BLOCKS).digest


@given(terms, terms)
def test_the_digest_tells_polynomials_apart(one: list, other: list) -> None:
    a, b = (sympy.Poly(as_sympy(t), *X) for t in (one, other))
    same = a.is_zero and b.is_zero
    if not a.is_zero and not b.is_zero:
        ratio = a.LC() / b.LC()
        same = bool(ratio > 0) and (a - b * ratio).is_zero
    assert (read(*split(one), BLOCKS).digest == read(*split(other), BLOCKS).digest) == same


@given(terms, st.lists(st.booleans(), min_size=DIMENSION, max_size=DIMENSION))
@settings(max_examples=50)
def test_gradients_modulo_primes_are_those_of_sympy(given_terms: list, vanishing: list[bool]) -> None:
    primes = derived_primes("gradient", 2)
    points = np.concatenate([derived_points("gradient", p, 1, DIMENSION) for p in primes])
    points[:, vanishing] = 0  # a factor of zero must not spoil the other derivatives
    polynomial = read(*split(given_terms), BLOCKS)
    exponents = np.zeros((len(polynomial.exponents), DIMENSION), dtype=int)
    exponents[:, polynomial.columns] = polynomial.exponents
    expanded = as_sympy(list(zip(map(int, polynomial.coefficients), exponents.tolist(), strict=True)))
    found = gradient(polynomial, np.array(primes), points)
    for p, point, row in zip(primes, points.tolist(), found.tolist(), strict=True):
        at = dict(zip(X, point, strict=True))
        assert row == [int(sympy.diff(expanded, v).subs(at)) % p for v in X]


matrices = st.lists(st.lists(st.integers(-2, 2), min_size=DIMENSION, max_size=DIMENSION), min_size=4, max_size=4)


short = st.lists(st.tuples(coefficients, st.tuples(*[st.integers(0, 2)] * DIMENSION)), max_size=3)


@settings(max_examples=30)
@given(short, matrices)
def test_annihilation_is_that_of_sympy(given_terms: list, matrix: list[list[int]]) -> None:
    # What a rotation of the first two and of the last two components annihilates, and what a random matrix does not.
    x, y, z, w = X
    turning = derivation([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]])
    arguments = (x**2 + y**2, z**2 + w**2, x * z + y * w, x * w - y * z)
    composed = sympy.Poly(sympy.expand(as_sympy(given_terms, arguments)), *X)
    parts = [Fraction(int(c.p), int(c.q)) for c in composed.coeffs()], composed.monoms()
    assert is_annihilated(read(*parts, BLOCKS), turning)
    for action, polynomial in ((matrix, parts), (matrix, split(given_terms))):
        expanded = as_sympy(list(zip(*polynomial, strict=True)))
        moved = sum(
            sympy.diff(expanded, X[v]) * action[v][k] * X[k] for v in range(DIMENSION) for k in range(DIMENSION)
        )
        assert is_annihilated(read(*polynomial, BLOCKS), derivation(action)) == sympy.Poly(moved, *X).is_zero


@pytest.mark.parametrize("scale", [1, 2**40, 2**61, 2**63, 2**200])
def test_sums_that_do_not_fit_into_64_bits_are_exact(scale: int) -> None:
    turning = derivation([[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    square = [[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 1, 0]]
    assert is_annihilated(read([scale, scale, 1], square, BLOCKS), turning)
    # 2^64 more is the same modulo 2^64
    assert not is_annihilated(read([scale, scale + 2**64, 1], square, BLOCKS), turning)
    assert not is_annihilated(read([scale, scale + 1, 1], square, BLOCKS), turning)


def test_many_components_of_high_degree_are_told_apart() -> None:
    # Keys need several words: 150 components with exponents up to 40.
    dimension = 150
    blocks = np.zeros(dimension, dtype=np.int64)
    rng = np.random.default_rng(5)
    exponents = np.zeros((40, dimension), dtype=int)
    for row in exponents:
        row[rng.integers(0, dimension, 6)] += rng.integers(1, 40, 6)
    polynomial = read(np.arange(1, 41), exponents, blocks)
    assert len(polynomial.coefficients) == 40
    matrix = np.zeros((dimension, dimension), dtype=int)
    assert is_annihilated(polynomial, derivation(matrix.tolist()))
    matrix[int(np.flatnonzero(exponents[0])[-1]), 0] = 1
    assert not is_annihilated(polynomial, derivation(matrix.tolist()))


def test_columns_are_closed_under_rotations() -> None:
    blocks = np.array([0, 1, 1, 1, 4, 4])
    assert read([1], [[0, 0, 1, 0, 0, 0]], blocks).columns.tolist() == [1, 2, 3]
    assert read([1, 1], [[1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2]], blocks).columns.tolist() == [0, 4, 5]
    assert read([7], [[0] * 6], blocks).columns.tolist() == []


@pytest.mark.parametrize(
    ("factors", "exponents"),
    [
        ([], []),
        ([], np.zeros((0, DIMENSION), dtype=int)),
        ([0], [[1, 0, 0, 0]]),
        ([1, -1], [[1, 0, 0, 0], [1, 0, 0, 0]]),
        ([Fraction(1, 3), Fraction(-1, 3)], [[0, 0, 2, 0]] * 2),
    ],
)
def test_zero_is_a_polynomial(factors: list, exponents) -> None:
    zero = read(factors, exponents, BLOCKS)
    assert len(zero.coefficients) == 0 and zero.degree == 0 and zero.magnitude == 0
    points = np.ones((1, DIMENSION), dtype=np.int64)
    assert not gradient(zero, np.array(derived_primes("zero", 1)), points).any()
    assert is_annihilated(zero, derivation([[1] * DIMENSION] * DIMENSION))


@pytest.mark.parametrize(
    "factors",
    [
        (1, 2),
        np.array([1, 2]),
        np.array([1, 2], dtype=np.uint64),
        np.array([1, 2], dtype=np.int8),
        [Fraction(1, 2), 1],
        [sympy.Rational(1, 2), sympy.Integer(1)],
        [Surd.rational(Fraction(1, 2)), Surd.rational(1)],
        [np.int64(1), 2],
    ],
)
def test_exact_numbers_of_any_kind_are_read(factors) -> None:
    assert read(factors, [[0, 1, 0, 0], [1, 0, 0, 0]], BLOCKS).coefficients.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("factors", "exponents", "sentence"),
    [
        ([1.0], [[1, 0, 0, 0]], "1.0 is not exact"),
        ([True], [[1, 0, 0, 0]], "True is not exact"),
        (["1"], [[1, 0, 0, 0]], "'1' is not exact"),
        ([sympy.sqrt(2)], [[1, 0, 0, 0]], "is not exact"),
        ([Surd.root(2)], [[1, 0, 0, 0]], "irrational"),
        (np.array([1.0]), [[1, 0, 0, 0]], "got float64"),
        (np.array([[1]]), [[1, 0, 0, 0]], r"of \(1, 1\)"),
        (3, [[1, 0, 0, 0]], "got 3"),
        ([1], [[1, 0, 0]], r"shape \(terms, 4\)"),
        ([1], [1, 0, 0, 0], r"shape \(terms, 4\)"),
        ([1, 1], [[1, 0, 0, 0], [1, 0, 0]], "differ in length"),
        ([1], [[1.0, 0, 0, 0]], "integers"),
        ([1], [[True, False, False, False]], "integers"),
        ([1], "x", "integers"),
        ([1], None, "integers"),
        ([1], [[-1, 0, 0, 0]], "non-negative"),
        ([1], [[MAX_DEGREE, 1, 0, 0]], "degree is at most"),
        ([1], [[2**62] * 4], "degree is at most"),
        ([1, 2], [[1, 0, 0, 0]], "2 coefficients were given with 1 rows"),
        ([], [[1, 0, 0, 0]], "0 coefficients were given with 1 rows"),
        ([1], [], "1 coefficients were given with 0 rows"),
    ],
)
def test_what_is_no_polynomial_is_refused(factors, exponents, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(factors, exponents, BLOCKS)
