"""Primes, points and row echelon forms over GF(p), all derived from the content they serve."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

try:
    import flint
except ImportError:  # the optional extra "flint": faster, never different
    flint: Any = None  # type: ignore[no-redef]

Vector = NDArray[np.int64]

PRIME_BITS = 31
_WITNESSES = (2, 3, 5, 7)  # a deterministic Miller-Rabin test below 3,215,031,751
_HALF = 16
_SMALL = 20_000  # entries below which converting to flint costs more than it saves


def is_prime(n: int) -> bool:
    """Whether n < 2^31 is prime, by the Miller-Rabin test with witnesses that leave no exception below 2^31."""
    if n < 2 or any(n % w == 0 for w in _WITNESSES):
        return n in _WITNESSES
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for witness in _WITNESSES:
        power = pow(witness, odd, n)
        if power in (1, n - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % n
            if power == n - 1:
                break
        else:
            return False
    return True


def derived_primes(content: str, count: int) -> tuple[int, ...]:
    """`count` different primes of 31 bits, a function of `content` through SHA-256."""
    primes: list[int] = []
    counter = 0
    while len(primes) < count:
        candidate = _digest(content, "prime", counter) % 2 ** (PRIME_BITS - 1) + 2 ** (PRIME_BITS - 1) | 1
        counter += 1
        if is_prime(candidate) and candidate not in primes:
            primes.append(candidate)
    return tuple(primes)


def derived_points(content: str, prime: int, count: int, dimension: int, start: int = 0) -> Vector:
    """Points number start, start + 1, ... of GF(p)^dimension, each a function of content, prime and its number.

    Returns:
        (count, dimension), entries in [0, prime). The excess of small residues is below 2^-220, since 256 bits are
        reduced modulo 31.
    """
    rows = [
        [_digest(content, f"point {prime} {number}", i) % prime for i in range(dimension)]
        for number in range(start, start + count)
    ]
    return np.array(rows, dtype=np.int64).reshape(count, dimension)


def _digest(content: str, purpose: str, counter: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{content}|{purpose}|{counter}".encode()).digest(), "big")


class Echelon:
    """The span of the vectors inserted so far, as a reduced row echelon form modulo a prime.

    Args:
        width: the length of the vectors.
        prime: below 2^31.
    """

    def __init__(self, width: int, prime: int) -> None:
        self._prime = prime
        self._storage = np.zeros((16, width), dtype=np.int64)  # doubled when full
        self._pivots: list[int] = []

    @property
    def rank(self) -> int:
        """The dimension of the span."""
        return len(self._pivots)

    @property
    def pivots(self) -> tuple[int, ...]:
        """The pivot column of each accepted vector, in order of acceptance: a minor that is not zero."""
        return tuple(self._pivots)

    def residues(self, vectors: Vector) -> Vector:
        """The vectors modulo the span: zero at all pivots, and zero everywhere if and only if inside the span.

        Args:
            vectors: (number, width), any integers.

        Complexity: number · rank · (width - rank) in one matrix product.
        """
        rest: Vector = vectors % self._prime
        if self._pivots:
            free = np.setdiff1d(np.arange(rest.shape[1]), self._pivots)
            known = _product(rest[:, self._pivots], self._storage[: self.rank][:, free], self._prime)
            reduced = np.zeros_like(rest)
            reduced[:, free] = (rest[:, free] - known) % self._prime
            rest = reduced
        return rest

    def insert_and_clear(self, residues: Vector, row: int, others: Vector) -> None:
        """Insert one of `residues`, and bring those numbered `others` modulo the new span in place."""
        if self.insert(residues[row]):
            factors = residues[others, self._pivots[-1]]
            touched = others[factors != 0]
            update = factors[factors != 0][:, None] * self._storage[self.rank - 1]
            residues[touched] = (residues[touched] - update) % self._prime

    def insert(self, vector: Vector) -> bool:
        """Add a vector; True if it was outside the span. Complexity: O(rank · width)."""
        p = self._prime
        rest = vector % p
        if self._pivots:
            factors = rest[self._pivots]
            present = np.flatnonzero(factors)
            if len(present):
                rest = (rest - _product(factors[present], self._storage[present], p)) % p
        support = np.flatnonzero(rest)
        if not len(support):
            return False
        pivot = int(support[0])
        rest = rest * pow(int(rest[pivot]), -1, p) % p
        column = self._storage[: self.rank, pivot]
        touched = np.flatnonzero(column)
        if len(touched):
            self._storage[touched] = (self._storage[touched] - column[touched, None] * rest[None, :]) % p
        if self.rank == len(self._storage):
            self._storage = np.concatenate([self._storage, np.zeros_like(self._storage)])
        self._storage[self.rank] = rest
        self._pivots.append(pivot)
        return True


def _product(coefficients: Vector, rows: Vector, prime: int) -> Vector:
    high = (coefficients >> _HALF) @ rows % prime
    low = (coefficients & ((1 << _HALF) - 1)) @ rows
    result: Vector = ((high << _HALF) + low) % prime
    return result


def rank(matrix: Vector, prime: int) -> int:
    """The rank of an integer matrix modulo a prime below 2^31."""
    if matrix.size > _SMALL and flint is not None:
        return int(_flint_matrix(matrix, prime).rank())  # an LU decomposition, which costs less than echelon form
    return len(independent_rows(matrix, prime))


def independent_rows(matrix: Vector, prime: int) -> list[int]:
    """The rows that are outside the span of those before them, in order.

    They are the pivot columns of the reduced row echelon form of the transpose, which python-flint computes where it is
    installed and the matrix is large; the answer does not depend on who computes it.

    Complexity: rows · columns · rank.
    """
    rows, columns = matrix.shape
    if rows * columns > _SMALL and flint is not None:
        return _flint_rows(matrix, prime)
    echelon = Echelon(columns, prime)
    kept = []
    for i, row in enumerate(matrix):
        if echelon.insert(row):
            kept.append(i)
            if echelon.rank == columns:
                break
    return kept


def _flint_matrix(matrix: Vector, prime: int) -> Any:
    rows, columns = matrix.shape
    integers = flint.fmpz_mat(rows, columns, (matrix % prime).ravel().tolist())  # read faster than residues
    return flint.nmod_mat(integers, prime)


def _flint_rows(matrix: Vector, prime: int) -> list[int]:
    reduced, found = _flint_matrix(matrix.T, prime).rref()
    pivots: list[int] = []
    for i in range(found):
        j = pivots[-1] + 1 if pivots else 0
        while int(reduced[i, j]) == 0:
            j += 1
        pivots.append(j)
    return pivots
