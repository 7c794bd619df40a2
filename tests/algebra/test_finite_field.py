from __future__ import annotations

import hashlib

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from invgen.algebra import finite_field
from invgen.algebra.finite_field import (
    Echelon,
    derived_points,
    derived_primes,
    inverse,
    is_prime,
    null_space,
    rank,
    reduced_rows,
)
from tests.support import oracles

P31 = 2**31 - 1


@given(st.integers(0, 2**31 - 1))
def test_primality_is_sympys(n: int) -> None:
    assert is_prime(n) == sympy.isprime(n)


def test_primality_of_small_numbers_and_known_pseudoprimes() -> None:
    assert [n for n in range(60) if is_prime(n)] == list(sympy.primerange(60))
    # strong pseudoprimes to base 2, to bases 2 and 3, to 2, 3 and 5
    assert not any(map(is_prime, (2047, 3277, 1373653, 25326001, 2**31 - 3)))
    assert is_prime(P31)


@given(st.text(max_size=20), st.integers(1, 4))
def test_derived_primes_have_31_bits_and_differ(content: str, count: int) -> None:
    primes = derived_primes(content, count)
    assert len(set(primes)) == count
    assert all(p.bit_length() == 31 and sympy.isprime(p) for p in primes)
    assert primes[: count - 1] == derived_primes(content, count - 1)


def test_primes_and_points_are_a_function_of_the_content_for_ever() -> None:
    # Written out with hashlib alone: certificates made today must verify in later versions.
    def digest(text: str) -> int:
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")

    numbers = (digest(f"content|prime|{i}") % 2**30 + 2**30 | 1 for i in range(10**6))
    first = next(n for n in numbers if sympy.isprime(n))
    assert derived_primes("content", 1) == (first,)
    expected = [[digest(f"content|point {first} {n}|{i}") % first for i in range(3)] for n in (4, 5)]
    assert derived_points("content", first, 2, 3, start=4).tolist() == expected


def test_points_differ_between_contents_primes_and_numbers() -> None:
    drawn = [
        tuple(derived_points(content, p, 1, 4, start)[0])
        for content in ("a", "b")
        for p in derived_primes("c", 2)
        for start in (0, 1)
    ]
    assert len(set(drawn)) == 8


matrices = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 5), st.integers(0, 2**32 - 1))


def low_rank(shape: tuple[int, int, int, int]) -> np.ndarray:
    rows, columns, inner, seed = shape
    rng = np.random.default_rng(seed)
    return rng.integers(-9, 10, (rows, inner)) @ rng.integers(-9, 10, (inner, columns))


@given(matrices)
def test_the_rank_modulo_a_large_prime_is_the_exact_rank(shape: tuple[int, int, int, int]) -> None:
    # Entries are below 405, so minors are below 2^31 / 2 only up to size 3; larger ones vanish mod p by chance of 1e-9.
    matrix = low_rank(shape)
    assert rank(matrix, P31) == oracles.exact_rank(matrix.tolist())


@given(matrices, st.sampled_from([2, 3, 5, 7, 101]))
def test_the_rank_modulo_a_small_prime_is_flints(shape: tuple[int, int, int, int], prime: int) -> None:
    matrix = low_rank(shape)
    theirs = flint.nmod_mat(*matrix.shape, [int(v) % prime for v in matrix.ravel()], prime)
    assert rank(matrix, prime) == theirs.rank()
    assert rank(matrix, prime) <= oracles.exact_rank(matrix.tolist())


@given(matrices)
def test_accepted_rows_and_pivots_are_a_minor_that_is_not_zero(shape: tuple[int, int, int, int]) -> None:
    matrix = low_rank(shape)
    echelon = Echelon(matrix.shape[1], P31)
    accepted = [i for i, row in enumerate(matrix) if echelon.insert(row)]
    assert echelon.rank == len(accepted) == len(set(echelon.pivots))
    minor = matrix[np.ix_(accepted, echelon.pivots)]
    values = [int(v) % P31 for v in minor.ravel()]
    if accepted:
        assert flint.nmod_mat(len(accepted), len(accepted), values, P31).det() != 0
    # and acceptance is greedy: a row is kept exactly if it raises the rank of those before
    for i in range(len(matrix)):
        before = oracles.exact_rank(matrix[:i].tolist())
        assert (i in accepted) == (oracles.exact_rank(matrix[: i + 1].tolist()) > before)


def test_the_largest_residues_do_not_overflow() -> None:
    width = 400
    rng = np.random.default_rng(1)
    matrix = P31 - 1 - rng.integers(0, 3, (width // 2, width))
    doubled = np.vstack([matrix, matrix[::-1]])
    assert rank(doubled, P31) == width // 2


@given(matrices)
def test_flint_and_our_own_elimination_keep_the_same_rows(shape: tuple[int, int, int, int]) -> None:
    matrix = low_rank(shape)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finite_field, "_SMALL", -1)
        by_flint, its_rank = finite_field.independent_rows(matrix, P31), rank(matrix, P31)
        patch.setattr(finite_field, "_flint", lambda: None)
        assert finite_field.independent_rows(matrix, P31) == by_flint
        assert rank(matrix, P31) == its_rank


@given(matrices, st.sampled_from([2, 3, 101, P31]))
def test_reduced_rows_are_flints(shape: tuple[int, int, int, int], prime: int) -> None:
    matrix = low_rank(shape)
    theirs, found = flint.nmod_mat(*matrix.shape, [int(v) % prime for v in matrix.ravel()], prime).rref()
    rows, pivots = reduced_rows(matrix, prime)
    assert rows.tolist() == [[int(theirs[i, j]) for j in range(matrix.shape[1])] for i in range(found)]
    assert pivots == [int(np.flatnonzero(row)[0]) for row in rows]


@given(matrices, st.sampled_from([2, 3, 101, P31]))
def test_the_null_space_is_orthogonal_complementary_and_reduced(shape: tuple[int, int, int, int], prime: int) -> None:
    matrix = low_rank(shape)
    kernel = null_space(matrix, prime)
    assert kernel.shape == (matrix.shape[1] - rank(matrix, prime), matrix.shape[1])
    assert not ((matrix % prime).astype(object) @ kernel.T % prime).any()
    assert reduced_rows(kernel, prime)[0].tolist() == kernel.tolist()


@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.sampled_from([2, 3, 101, P31]))
def test_an_inverse_is_one_from_both_sides_and_missing_where_the_rank_is(size: int, seed: int, prime: int) -> None:
    matrix = np.random.default_rng(seed).integers(-9, 10, (size, size))
    found = inverse(matrix, prime)
    assert (found is None) == (rank(matrix, prime) < size)
    if found is not None:
        exact = (matrix % prime).astype(object)
        assert (exact @ found % prime == np.eye(size, dtype=int)).all()
        assert (found @ exact % prime == np.eye(size, dtype=int)).all()


@given(matrices, st.integers(0, 2**32 - 1))
def test_residues_vanish_inside_the_span_and_at_its_pivots_only(shape: tuple[int, int, int, int], seed: int) -> None:
    matrix = low_rank(shape)
    echelon = Echelon.of(matrix, matrix.shape[1], P31)
    rng = np.random.default_rng(seed)
    inside = rng.integers(-9, 10, (3, len(matrix))) @ matrix
    assert not echelon.residues(inside).any()
    others = rng.integers(-(2**40), 2**40, (3, matrix.shape[1]))
    rest = echelon.residues(others)
    assert not rest[:, list(echelon.pivots)].any()
    assert not echelon.residues(others - rest).any()


def test_an_empty_span_holds_only_zero() -> None:
    echelon = Echelon(3, 101)
    assert not echelon.insert(np.array([0, 101, -202]))
    assert echelon.rank == 0 and echelon.pivots == ()
    assert rank(np.zeros((0, 3), dtype=np.int64), 101) == 0


@pytest.mark.parametrize("prime", [101, P31])
def test_insertion_accepts_negative_entries(prime: int) -> None:
    echelon = Echelon(2, prime)
    assert echelon.insert(np.array([-1, 2]))
    assert not echelon.insert(np.array([prime - 2, 4]))
    assert echelon.insert(np.array([0, -1]))
