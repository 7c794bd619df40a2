"""Exact solutions against elimination with Fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from invgen.algebra import rationals
from invgen.algebra.rationals import inverted, solve

small = st.fractions(min_value=-20, max_value=20, max_denominator=6)
large = st.integers(-(2**80), 2**80).map(Fraction)


def squares(values: st.SearchStrategy[Fraction]) -> st.SearchStrategy[list[list[Fraction]]]:
    return st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(values, min_size=n, max_size=n), min_size=n, max_size=n)
    )


def eliminated(matrix: list[list[Fraction]], right: list[list[Fraction]]) -> list[list[Fraction]] | None:
    """Gauss and Jordan, with Fractions alone."""
    size = len(matrix)
    rows = [[*map(Fraction, row), *map(Fraction, values)] for row, values in zip(matrix, right, strict=True)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k]), None)
        if pivot is None:
            return None
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(size):
            if i != k:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[size:] for row in rows]


@given(squares(small) | squares(large), st.data())
@settings(max_examples=50)
def test_solutions_are_those_of_elimination(matrix: list[list[Fraction]], data: st.DataObject) -> None:
    column = st.lists(small | large, min_size=len(matrix), max_size=len(matrix))
    right = [list(row) for row in zip(*data.draw(st.lists(column, min_size=1, max_size=2)), strict=True)]
    assert solve(matrix, right) == eliminated(matrix, right)


@given(squares(st.sampled_from([Fraction(0), Fraction(1), Fraction(-1)])))
@example([[Fraction(0)]])
@example([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]])
def test_a_singular_matrix_has_no_inverse_and_any_other_has_one(matrix: list[list[Fraction]]) -> None:
    unit = [[Fraction(i == j) for j in range(len(matrix))] for i in range(len(matrix))]
    assert inverted(matrix) == eliminated(matrix, unit)


def test_a_prime_that_divides_the_determinant_is_passed_over() -> None:
    first, second = rationals.derived_primes("invgen 1|rationals", 2)
    assert inverted([[first * second]]) == [[Fraction(1, first * second)]]
    assert solve([[first, 1], [0, second]], [[1], [1]]) == [
        [Fraction(second - 1, first * second)],
        [Fraction(1, second)],
    ]


def test_no_equations_have_no_unknowns() -> None:
    assert solve([], []) == []


@pytest.mark.parametrize("bits", [29, 30, 31, 45])
def test_words_and_long_integers_meet_where_words_end(bits: int) -> None:
    # The products of digits of 31 bits by entries of `bits` bits are where int64 gives way to Python's integers.
    matrix = [[Fraction(2**bits - 1 - 3 * i - j * j) for j in range(4)] for i in range(4)]
    matrix[0][0], matrix[1][2], matrix[3][1] = Fraction(1), Fraction(-(2**bits)), Fraction(7)
    right = [[Fraction(2**bits)], [Fraction(1)], [Fraction(-(2**bits))], [Fraction(0)]]
    assert solve(matrix, right) == eliminated(matrix, right) is not None
