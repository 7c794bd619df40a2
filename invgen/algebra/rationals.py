"""Linear equations over the rationals: elimination for small ones, p-adic lifting for others (Dixon 1982).

For an integer matrix A with an inverse C modulo p, the digits of A x = b are x_k = C r_k mod p with r_0 = b and r_{k+1}
= (r_k - A x_k) / p, so that A x = b modulo every power of p. Integers N and D with N = D x modulo p^k then satisfy A N
= D b modulo p^k; where both sides are together smaller than p^k they are equal, which proves x = N / D. Cramer's rule
and Hadamard's bound say that this is reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from math import isqrt, lcm

import numpy as np

from invgen.algebra.finite_field import PRIME_BITS, Vector, derived_primes, inverse
from invgen.algebra.modular import Array, product_modulo

_WORD = 2**62  # sums of magnitudes below this fit into int64
_FIRST_DIGITS = 2

Rational = Fraction | int


def solve(matrix: Sequence[Sequence[Rational]], right: Sequence[Sequence[Rational]]) -> list[list[Fraction]] | None:
    """The only X with matrix · X = right, or None where the matrix is singular.

    Args:
        matrix: n rows of n rationals.
        right: n rows of as many rationals as X has columns.

    Complexity: n^2 (n + columns · digits) products; digits of 31 bits, as many as the solution's numerators and common
    denominator have.
    """
    size = len(matrix)
    whole = _integers([[*row, *values] for row, values in zip(matrix, right, strict=True)])
    left, wanted = whole[:, :size], whole[:, size:]
    for prime in _primes(_singular_after(left)):
        found = inverse((left % prime).astype(np.int64), prime)
        if found is not None:
            return _lift(left, wanted, found, prime)
    return None


def inverted(matrix: Sequence[Sequence[Rational]]) -> list[list[Fraction]] | None:
    """The inverse of a square matrix of rationals, or None where it is singular."""
    return solve(matrix, [[int(i == j) for j in range(len(matrix))] for i in range(len(matrix))])


def reduced_rows(rows: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    """The reduced row echelon form of rational rows, without zero rows. Complexity: rows · rank · columns."""
    kept: list[list[Fraction]] = []
    pivots: list[int] = []
    for given in rows:
        row = list(given)
        for pivot, other in zip(pivots, kept, strict=True):
            if row[pivot]:
                row = _without(row, other, pivot)
        first = next((i for i, value in enumerate(row) if value), None)
        if first is None:
            continue
        row = [value / row[first] for value in row]
        kept = [_without(other, row, first) if other[first] else other for other in kept]
        kept.append(row)
        pivots.append(first)
    return [kept[i] for i in sorted(range(len(kept)), key=lambda i: pivots[i])]


def null_space(rows: Sequence[Sequence[Fraction]], columns: int) -> list[list[Fraction]]:
    """A basis of the vectors of this length on which all rows vanish."""
    reduced = reduced_rows(rows)
    pivots = [next(i for i, value in enumerate(row) if value) for row in reduced]
    found = []
    for free in range(columns):
        if free not in pivots:
            vector = [Fraction(int(i == free)) for i in range(columns)]
            for pivot, row in zip(pivots, reduced, strict=True):
                vector[pivot] = -row[free]
            found.append(vector)
    return found


def _without(row: Sequence[Fraction], other: Sequence[Fraction], pivot: int) -> list[Fraction]:
    """The row minus the multiple of another, whose pivot is 1, that clears the pivot."""
    factor = row[pivot]
    return [a - factor * b for a, b in zip(row, other, strict=True)]


def _integers(rows: Sequence[Sequence[Rational]]) -> Array:
    """Each row times the least common multiple of its denominators, as Python integers."""
    result = np.empty((len(rows), len(rows[0]) if rows else 0), dtype=object)
    for i, row in enumerate(rows):
        unit = lcm(*(value.denominator for value in row))
        result[i] = [value.numerator * (unit // value.denominator) for value in row]
    return result


@cache
def _primes(count: int) -> tuple[int, ...]:
    return derived_primes("invgen 1|rationals", count)


def _singular_after(matrix: Array) -> int:
    """A number of primes of 31 bits that do not all divide the determinant unless it is zero, by Hadamard's bound."""
    squares = [int(square) for square in (matrix * matrix).sum(axis=1)]
    bits = sum(square.bit_length() for square in squares) // 2 + 1
    return bits // (PRIME_BITS - 1) + 1


def _lift(matrix: Array, right: Array, found: Vector, prime: int) -> list[list[Fraction]]:
    """The solution from the inverse modulo a prime; it ends, as explained in the module's docstring."""
    reach = max(int(np.abs(matrix).sum(axis=1).max(initial=0)), 1)  # |A x| <= reach · max |x|
    start = int(np.abs(right).max(initial=0))
    dtype = np.int64 if reach * prime + max(reach, start) < _WORD else object
    rest, step = right.astype(dtype), matrix.astype(dtype)
    total, power, digits, wanted = np.zeros_like(right), 1, 0, _FIRST_DIGITS
    while True:
        digit = product_modulo(found, (rest % prime).astype(np.int64), prime)
        rest = (rest - step @ digit.astype(dtype)) // prime
        total = total + digit.astype(object) * power
        power, digits = power * prime, digits + 1
        if digits == wanted:
            solution = _reconstructed(total, power, reach, start)
            if solution is not None:
                return solution
            wanted *= 2


def _reconstructed(residues: Array, modulus: int, reach: int, start: int) -> list[list[Fraction]] | None:
    """The solution with these residues, or None where the modulus is too small to prove one."""
    bound = isqrt(modulus // 2)
    denominator = 1
    for residue in residues.ravel().tolist():
        value = residue * denominator % modulus
        if bound < value < modulus - bound:
            denominator *= _denominator(value, modulus, bound)
            if denominator > bound:
                return None
    numerators = residues * denominator % modulus
    numerators = np.where(numerators > modulus // 2, numerators - modulus, numerators)
    if reach * int(np.abs(numerators).max(initial=0)) + denominator * start >= modulus:
        return None
    return [[Fraction(value, denominator) for value in row] for row in numerators.tolist()]


def _denominator(value: int, modulus: int, bound: int) -> int:
    """The d of the fraction n / d = value modulo the modulus with |n| <= bound, by half of Euclid's algorithm."""
    before, after, d_before, d_after = modulus, value, 0, 1
    while after > bound:
        quotient = before // after
        before, after = after, before - quotient * after
        d_before, d_after = d_after, d_before - quotient * d_after
    return abs(d_after)
