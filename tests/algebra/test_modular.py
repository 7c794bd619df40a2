"""Products of residues against Python's integers, up to the largest ones that are proved to fit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen.algebra.modular import PrimeField, fractions_mod, product_modulo

P31 = 2**31 - 1
PRIMES = st.sampled_from([2, 3, 101, 2**30 + 3, P31])


def naive(a: np.ndarray, b: np.ndarray, prime: int) -> list[list[int]]:
    columns = b.T.tolist()
    return [[sum(x * y for x, y in zip(row, column, strict=True)) % prime for column in columns] for row in a.tolist()]


@given(PRIMES, st.integers(1, 4), st.integers(0, 9), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_products_are_those_of_integers(prime: int, rows: int, inner: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # near the largest residue, where a sum that is not split overflows after two terms
    a, b = (prime - 1 - rng.integers(0, min(prime, 5), shape) for shape in ((rows, inner), (inner, columns)))
    assert product_modulo(a, b, prime).tolist() == naive(a, b, prime)


@pytest.mark.parametrize("inner", [2**16 - 1, 2**16, 2**16 + 1, 2**17 + 3])
def test_the_longest_sums_of_the_largest_residues_do_not_overflow(inner: int) -> None:
    largest = np.full((1, inner), P31 - 1, dtype=np.int64)
    assert product_modulo(largest, largest.T, P31).tolist() == [[inner % P31]]  # (-1)^2 each
    halves = np.full((1, inner), 2**31 - 2**16 - 1, dtype=np.int64)  # both halves of the split are large
    assert product_modulo(halves, halves.T, P31).tolist() == [[inner * (2**31 - 2**16 - 1) ** 2 % P31]]


def test_a_vector_times_a_matrix_is_a_vector() -> None:
    assert product_modulo(np.array([1, 2]), np.array([[3, 4, 5], [6, 7, 8]]), 7).tolist() == [1, 4, 0]


@given(st.lists(PRIMES, min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_a_batch_has_one_prime_for_each_entry(primes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    field = PrimeField(np.array(primes))
    a, b = (field.reduce(rng.integers(0, 2**40, (len(primes), 3, 3))) for _ in range(2))
    for p, left, right, found in zip(primes, a, b, field.matmul(a, b), strict=True):
        assert found.tolist() == naive(left, right, p)


@given(st.lists(st.fractions(max_denominator=2**20), min_size=1, max_size=5))
def test_residues_of_fractions_times_the_denominator_are_the_numerator(values: list[Fraction]) -> None:
    primes = [2**30 + 3, P31]
    for prime, row in zip(primes, fractions_mod(np.array(values, dtype=object), np.array(primes)), strict=True):
        for value, residue in zip(values, row.tolist(), strict=True):
            assert 0 <= residue < prime and (residue * value.denominator - value.numerator) % prime == 0
