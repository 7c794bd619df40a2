"""Truncated series against sums of products of Python's integers and Fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.algebra.finite_field import derived_points, is_prime
from invgen.algebra.series import (
    interpolate,
    matrix_product,
    multiply,
    power_of_two,
    rational_inverse,
    rational_product,
    refined_inverse,
    series_prime,
    transform,
)

PRIME = series_prime("a test")
rationals = st.lists(st.fractions(min_value=-9, max_value=9, max_denominator=9), min_size=1, max_size=6)


def convolved(a: list, b: list, terms: int) -> list:
    return [
        sum(a[j] * b[n - j] for j in range(n + 1) if j < len(a) and n - j < len(b))
        for n in range(min(terms, len(a) + len(b) - 1))
    ]


def test_the_prime_has_31_bits_and_roots_of_unity() -> None:
    assert is_prime(PRIME) and 2**30 < PRIME < 2**31 and PRIME % 2**20 == 1
    assert series_prime("another test") != PRIME == series_prime("a test")


@pytest.mark.parametrize("size", [1, 2, 64])
def test_values_at_roots_of_unity_are_those_of_the_polynomial(size: int) -> None:
    coefficients = derived_points("polynomial", PRIME, 1, size)[0]
    values = transform(coefficients, size, PRIME)
    root = next(int(v) for v in transform(np.array([0, 1]), size, PRIME)[1:]) if size > 1 else 1
    for power in range(size):
        x = pow(root, power, PRIME)
        assert values[power] == sum(int(c) * pow(x, j, PRIME) for j, c in enumerate(coefficients)) % PRIME
    assert (interpolate(values, PRIME) == coefficients).all()


@given(st.integers(1, 40), st.text(max_size=3))
@settings(max_examples=30)
def test_products_are_truncated_convolutions(terms: int, content: str) -> None:
    a, b = derived_points(content, PRIME, 2, terms)
    expected = [value % PRIME for value in convolved(a.tolist(), b.tolist(), terms)]
    assert multiply(a, b, PRIME).tolist() == expected


@given(rationals, rationals, st.integers(1, 8))
@settings(max_examples=20)
def test_rational_products_are_truncated_convolutions(a: list[Fraction], b: list[Fraction], terms: int) -> None:
    assert rational_product(a, b, terms) == convolved(a, b, terms)


@given(rationals.filter(lambda a: a[0] != 0), st.integers(1, 8))
@settings(max_examples=20)
def test_a_series_times_its_inverse_is_one(a: list[Fraction], terms: int) -> None:
    assert convolved(a, rational_inverse(a, terms), terms)[:terms] == [1] + [0] * (min(terms, len(a) + terms - 1) - 1)


@given(st.integers(1, 3), st.integers(1, 9), st.text(max_size=3))
@settings(max_examples=30)
def test_a_matrix_of_series_times_its_refined_inverse_is_one(size: int, terms: int, content: str) -> None:
    matrix = derived_points(content, PRIME, size * size, terms).reshape(size, size, terms)
    matrix[..., 0] = np.eye(size, dtype=np.int64)  # an inverse at s = 0 to begin with
    found = refined_inverse(matrix[..., :1], matrix, terms, PRIME)
    unit = np.zeros((size, size, terms), dtype=np.int64)
    unit[..., 0] = np.eye(size, dtype=np.int64)
    assert (matrix_product(matrix, found, terms, PRIME) == unit).all()


@given(st.integers(1, 2**20))
def test_a_power_of_two_is_the_first_that_reaches(least: int) -> None:
    power = power_of_two(least)
    assert power >= least and (power == 1 or power // 2 < least) and power & (power - 1) == 0
