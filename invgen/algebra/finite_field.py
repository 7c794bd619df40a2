"""Primes and points derived from the content they serve, and linear algebra over GF(p): one elimination for all of it.

Residues and their products fit into int64, see `algebra.modular`. A reduced row echelon form is unique, and so are the
null space in reduced form, the inverse, and the rows outside the span of those before them: results do not depend on
whether python-flint or `Echelon` computes them, nor on the order of the steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.algebra.modular import product_modulo

Vector = NDArray[np.int64]

PRIME_BITS = 31
_WITNESSES = (2, 3, 5, 7)  # a deterministic Miller-Rabin test below 3,215,031,751
_SMALL = 20_000  # entries below which loading flint and converting to it cost more than they save


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

    @classmethod
    def of(cls, rows: Iterable[Vector], width: int, prime: int) -> Echelon:
        """The span of all rows."""
        echelon = cls(width, prime)
        for row in rows:
            echelon.insert(row)
            if echelon.rank == width:
                break
        return echelon

    @property
    def rank(self) -> int:
        """The dimension of the span."""
        return len(self._pivots)

    @property
    def pivots(self) -> tuple[int, ...]:
        """The pivot column of each accepted vector, in order of acceptance: a minor that is not zero."""
        return tuple(self._pivots)

    @property
    def reduced_rows(self) -> Vector:
        """The reduced row echelon form of the span without zero rows, (rank, width)."""
        return self._storage[np.argsort(self._pivots)] if self._pivots else self._storage[:0]

    def residues(self, vectors: Vector) -> Vector:
        """The vectors modulo the span: zero at all pivots, and zero everywhere if and only if inside the span.

        Args:
            vectors: (number, width), any integers.

        Complexity: number · rank · (width - rank) in one matrix product.
        """
        rest: Vector = vectors % self._prime
        if self._pivots:
            free = _others(self._pivots, rest.shape[1])
            known = product_modulo(rest[:, self._pivots], self._storage[: self.rank][:, free], self._prime)
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
                rest = (rest - product_modulo(factors[present], self._storage[present], p)) % p
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


def rank(matrix: Vector, prime: int) -> int:
    """The rank of an integer matrix modulo a prime below 2^31."""
    if matrix.size > _SMALL and _flint() is not None:
        return int(_flint_matrix(matrix, prime).rank())  # an LU decomposition, which costs less than echelon form
    return len(independent_rows(matrix, prime))


def independent_rows(matrix: Vector, prime: int) -> list[int]:
    """The rows that are outside the span of those before them, in order.

    They are the pivot columns of the reduced row echelon form of the transpose, which python-flint computes where it is
    installed and the matrix is large; the answer is the same without it.

    Complexity: rows · columns · rank.
    """
    rows, columns = matrix.shape
    if rows * columns > _SMALL and _flint() is not None:
        return _flint_rows(matrix, prime)
    echelon = Echelon(columns, prime)
    kept = []
    for i, row in enumerate(matrix):
        if echelon.insert(row):
            kept.append(i)
            if echelon.rank == columns:
                break
    return kept


def reduced_rows(matrix: Vector, prime: int) -> tuple[Vector, list[int]]:
    """The reduced row echelon form of an integer matrix modulo a prime without zero rows, and its pivot columns."""
    echelon = Echelon.of(matrix, matrix.shape[1], prime)
    return echelon.reduced_rows, sorted(echelon.pivots)


def null_space(matrix: Vector, prime: int) -> Vector:
    """A basis of {x : matrix · x = 0} modulo a prime, (nullity, columns), in reduced row echelon form."""
    reduced, pivots = reduced_rows(matrix, prime)
    free = _others(pivots, matrix.shape[1])
    kernel = np.zeros((len(free), matrix.shape[1]), dtype=np.int64)
    kernel[np.arange(len(free)), free] = 1
    kernel[:, pivots] = -reduced[:, free].T % prime
    return reduced_rows(kernel, prime)[0]


def inverse(matrix: Vector, prime: int) -> Vector | None:
    """The inverse of a square integer matrix modulo a prime, None where it is singular modulo the prime."""
    size = len(matrix)
    reduced, pivots = reduced_rows(np.concatenate([matrix, np.eye(size, dtype=np.int64)], axis=1), prime)
    return reduced[:, size:] if pivots == list(range(size)) else None


def _others(some: list[int], count: int) -> Vector:
    """The numbers below `count` that are not among some, ascending; `np.setdiff1d` would load masked arrays."""
    kept = np.ones(count, dtype=bool)
    kept[some] = False
    return np.flatnonzero(kept)


@cache
def _flint() -> Any:
    """The module, or None: the optional extra "flint" is faster, never different, and slow to load."""
    try:
        import flint
    except ImportError:
        return None
    return flint


def _flint_matrix(matrix: Vector, prime: int) -> Any:
    rows, columns = matrix.shape
    flint = _flint()
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
