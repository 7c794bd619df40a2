from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from invgen.algebra.exact import ONE, ZERO, Surd, pi_bounds
from invgen.errors import InputError

fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)
positive = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6, max_denominator=10**6)
surds = st.builds(
    lambda square, power, negative: -Surd.root(square, power) if negative else Surd.root(square, power),
    positive,
    st.integers(-3, 3),
    st.booleans(),
)


def as_sympy(value: Surd) -> sympy.Expr:
    return (
        value.sign
        * sympy.sqrt(sympy.Rational(value.square.numerator, value.square.denominator))
        * sympy.sqrt(sympy.pi) ** value.pi_power
    )


@given(fractions, fractions)
def test_rationals_multiply_as_fractions_do(a: Fraction, b: Fraction) -> None:
    assert (Surd.rational(a) * Surd.rational(b)).as_fraction() == a * b
    assert (-Surd.rational(a)).as_fraction() == -a
    assert abs(Surd.rational(a)).as_fraction() == abs(a)


@given(surds, surds, st.sampled_from([20, 53, 200]))
def test_bounds_enclose_the_value_of_the_product_closely(a: Surd, b: Surd, bits: int) -> None:
    low, high = (a * b).bounds(bits)
    assert high - low <= abs(low + high) / 2 / 2**bits
    assert (low == high) == ((a * b).as_fraction() is not None)
    # 110 digits of SymPy's, of which 100 are right at least: the bounds are exact or further apart than 2^-210.
    exact = Fraction(str(sympy.N(as_sympy(a) * as_sympy(b), 110)))
    slack = abs(exact) / 10**100
    assert low - slack <= exact <= high + slack


@pytest.mark.parametrize("bits", [1, 53, 1000])
def test_pi_is_between_its_bounds(bits: int) -> None:
    low, high = pi_bounds(bits)
    with mp.workdps(400):
        assert mp.mpf(low.numerator) / low.denominator < mp.pi < mp.mpf(high.numerator) / high.denominator
    assert high - low <= 3 * Fraction(1, 2**bits)


@given(positive, st.integers(-6, 6), st.integers(-900, 900), st.sampled_from([11, 24, 53]))
def test_rounding_is_that_of_mpmath_to_many_digits(square: Fraction, power: int, scale: int, bits: int) -> None:
    square *= Fraction(2) ** scale
    with mp.workprec(600):
        root = mp.sqrt(mp.mpf(square.numerator) / square.denominator * mp.pi**power)
        with mp.workprec(bits):
            expected = float(+root)  # mpmath rounds to nearest, ties to even, once more after 600 bits
    assert Surd.root(square, power).round(bits) == expected


@given(surds)
def test_a_surd_times_its_inverse_is_one(a: Surd) -> None:
    assert a * a.inverse() == ONE
    assert a.inverse().inverse() == a


def test_zero_absorbs_and_has_no_inverse() -> None:
    assert Surd.rational(0) == ZERO == Surd.root(2, 1) * ZERO
    assert ZERO.as_fraction() == 0
    assert ZERO.round() == 0.0
    with pytest.raises(ZeroDivisionError):
        ZERO.inverse()


@pytest.mark.parametrize("square", [0, -1, Fraction(-1, 3)])
def test_only_positive_numbers_have_roots(square: Fraction) -> None:
    with pytest.raises(InputError, match="square of a surd must be positive"):
        Surd.root(square)


def test_irrational_surds_are_no_fractions() -> None:
    assert Surd.root(2).as_fraction() is None
    assert Surd.root(Fraction(4, 3)).as_fraction() is None
    assert Surd.root(4, 1).as_fraction() is None
    assert Surd.root(Fraction(4, 9)).as_fraction() == Fraction(2, 3)


@given(fractions)
def test_float64_rounding_of_a_rational_is_pythons(value: Fraction) -> None:
    # float(Fraction) is correctly rounded by the language, ties to even
    assert Surd.rational(value).round(53) == float(value)


@given(surds, st.sampled_from([(24, np.float32), (53, np.float64)]))
def test_rounding_gives_the_nearest_float(value: Surd, kind: tuple[int, type]) -> None:
    bits, dtype = kind
    rounded = dtype(value.round(bits))
    assert float(rounded) == value.round(bits)  # it is a number of that format
    with mp.workdps(80):
        exact = mp.mpf(str(sympy.N(as_sympy(value), 70)))
        errors = [
            abs(mp.mpf(float(v)) - exact)
            for v in (rounded, np.nextafter(rounded, dtype(np.inf)), np.nextafter(rounded, dtype(-np.inf)))
        ]
    assert errors[0] == min(errors)


@pytest.mark.parametrize(
    ("numerator", "expected"),
    [(2**24 + 1, 2.0**24), (2**24 + 3, 2.0**24 + 4), (-(2**24) - 1, -(2.0**24)), (2**25 - 1, 2.0**25)],
)
def test_ties_go_to_even(numerator: int, expected: float) -> None:
    assert Surd.rational(numerator).round(24) == expected
    assert Surd.rational(Fraction(numerator, 2**80)).round(24) == expected / 2.0**80


def test_rounding_happens_once() -> None:
    # Above the float32 tie by less than float64 can see: rounding through float64 would land on the tie and go down.
    value = Fraction(2**24 + 1) + Fraction(1, 2**60)
    assert Surd.rational(value).round(24) == 2.0**24 + 2
    assert float(np.float32(float(value))) == 2.0**24
