"""Truncated power series: over the rationals, and modulo primes at roots of unity.

Modulo a prime that is 1 modulo 2^20, polynomials are multiplied and composed by their values at roots of unity.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count

import numpy as np

from invgen.algebra.finite_field import Vector, derived_points, is_prime

ORDER_LOG2 = 20  # roots of unity of order 2^20 exist
_LOW = 2**10  # 31-bit primes are c 2^20 + 1 with 2^10 <= c < 2^11


def rational_product(a: Sequence[Fraction], b: Sequence[Fraction], terms: int) -> list[Fraction]:
    """The product of two polynomials or series, its first `terms` coefficients at most."""
    result = [Fraction(0)] * min(terms, len(a) + len(b) - 1)
    for i, x in enumerate(a[:terms]):
        for j, y in enumerate(b[: terms - i]):
            result[i + j] += x * y
    return result


def rational_inverse(a: Sequence[Fraction], terms: int) -> list[Fraction]:
    """The first `terms` coefficients of 1 / a, where a[0] is not zero."""
    result = [1 / a[0]]
    for n in range(1, terms):
        result.append(-sum((a[k] * result[n - k] for k in range(1, min(n, len(a) - 1) + 1)), Fraction(0)) / a[0])
    return result


def series_prime(content: str) -> int:
    """A prime of 31 bits that is 1 modulo 2^20, a function of `content` through SHA-256.

    91 of the 2^10 candidates are prime, and digits are drawn until one is met.
    """
    digits = (int(derived_points(f"{content}|series prime", _LOW, 1, 1, number)[0, 0]) for number in count())
    candidates = (((_LOW + digit) << ORDER_LOG2) + 1 for digit in digits)
    return next(candidate for candidate in candidates if is_prime(candidate))


def transform(coefficients: Vector, size: int, prime: int) -> Vector:
    """Values (..., size) of polynomials (..., n <= size) at the powers of a root of unity of order `size`.

    Args:
        coefficients: from the constant one on.
        size: a power of 2, 2^20 at most.
        prime: from `series_prime`.

    Complexity: size · log size.
    """
    flat = coefficients.reshape(-1, coefficients.shape[-1])
    padded = np.zeros((len(flat), size), dtype=np.int64)
    padded[:, : flat.shape[1]] = flat
    result = _fourier(padded, _root(size, prime), prime)
    return result.reshape(*coefficients.shape[:-1], size)


def interpolate(values: Vector, prime: int) -> Vector:
    """The coefficients of the polynomials of degree below `size` with these `transform` values (..., size)."""
    size = values.shape[-1]
    root = pow(_root(size, prime), -1, prime)
    found = _fourier(values.reshape(-1, size), root, prime) * pow(size, -1, prime) % prime
    return found.reshape(values.shape)


def multiply(a: Vector, b: Vector, prime: int) -> Vector:
    """The product of two series of n terms, truncated to n terms."""
    terms = len(a)
    size = power_of_two(2 * terms)
    return interpolate(transform(a, size, prime) * transform(b, size, prime) % prime, prime)[:terms]


def power_of_two(least: int) -> int:
    """The first power of 2 that is not below `least`."""
    return 1 << (least - 1).bit_length()


def matrix_product(a: Vector, b: Vector, terms: int, prime: int) -> Vector:
    """The product of matrices of series, (rows, columns, terms)."""
    size = power_of_two(a.shape[-1] + b.shape[-1])
    left, right = transform(a, size, prime), transform(b, size, prime)
    total = np.zeros((a.shape[0], b.shape[1], size), dtype=np.int64)
    for k in range(a.shape[1]):
        total = (total + left[:, k, None, :] * right[None, k, :, :]) % prime
    found = interpolate(total, prime)
    result = np.zeros((*found.shape[:2], terms), dtype=np.int64)
    result[..., : min(size, terms)] = found[..., :terms]
    return result


def refined_inverse(inverse: Vector, matrix: Vector, terms: int, prime: int) -> Vector:
    """The inverse (r, r, terms) of a matrix of series, from one that has fewer terms: Y + Y (1 - M Y)."""
    known = inverse.shape[-1]
    while known < terms:
        known = min(2 * known, terms)
        defect = -matrix_product(matrix[..., :known], inverse, known, prime)
        defect[..., 0] += np.eye(len(matrix), dtype=np.int64)
        step = matrix_product(inverse, defect % prime, known, prime)
        step[..., : inverse.shape[-1]] += inverse
        inverse = step % prime
    return inverse


def _root(size: int, prime: int) -> int:
    """A root of unity whose order is `size` exactly, a power of 2 up to 2^20."""
    if size == 1:
        return 1
    base = 2
    while pow(base, (prime - 1) // 2, prime) == 1:
        base += 1
    return pow(base, (prime - 1) // size, prime)


def _fourier(values: Vector, root: int, prime: int) -> Vector:
    """Sum of values[:, j] root^(j k) for k = 0, 1, ...: transforms of a[j::S] are joined two by two."""
    size = values.shape[-1]
    powers = np.ones(1, dtype=np.int64)
    while len(powers) < size:
        powers = np.concatenate([powers, powers * pow(root, len(powers), prime) % prime])
    parts = values[:, :, None] % prime
    while parts.shape[1] > 1:
        half, length = parts.shape[1] // 2, parts.shape[2]
        odd = parts[:, half:] * powers[::half][:length] % prime
        parts = np.concatenate([parts[:, :half] + odd, parts[:, :half] - odd], axis=2) % prime
    return parts[:, 0]
