"""Power series modulo a prime, and the curve on which given invariants are linear functions of a parameter.

Polynomials are multiplied and composed at roots of unity: the prime is 1 modulo 2^20. Where the Jacobian of f_1..f_r by
r components is not singular at x0, Newton's iteration (Hensel's lemma) finds the only x(s) with x(0) = x0 and f(x(s)) =
f(x0) + s v, the other components kept; each step doubles the number of correct coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from invgen.algebra.finite_field import Vector, derived_points, is_prime
from invgen.contractions.at_points import evaluator
from invgen.contractions.expression import Expression
from invgen.spaces.space import TensorSpace

ORDER_LOG2 = 20  # roots of unity of order 2^20 exist
_LOW = 2**10  # 31-bit primes are c 2^20 + 1 with 2^10 <= c < 2^11
_CHUNK = 2**13  # points that members are evaluated at at once


def series_prime(content: str) -> int:
    """A prime of 31 bits that is 1 modulo 2^20, a function of `content` through SHA-256."""
    number = 0
    while True:
        digit = int(derived_points(f"{content}|series prime", _LOW, 1, 1, number)[0, 0])
        candidate = ((_LOW + digit) << ORDER_LOG2) + 1
        if is_prime(candidate):
            return candidate
        number += 1


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


class Curve:
    """The curve x(s) with f(x(s)) = f(x0) + s v, modulo s^terms.

    Args:
        space: whose components move.
        members: f_1..f_r, independent at the point.
        columns: r components that move, by which the Jacobian at the point is not singular modulo the prime.
        prime: from `series_prime`.
        point: x0, (dimension,).
        direction: v, (r,).
        terms: how many coefficients are wanted.

    Complexity: members at about 2 · degree · terms points.
    """

    def __init__(
        self,
        space: TensorSpace,
        members: Sequence[Expression],
        columns: Sequence[int],
        prime: int,
        point: Vector,
        direction: Vector,
        terms: int,
    ) -> None:
        self._space = space
        self._prime = prime
        self.terms = terms
        self.x: Vector = point[:, None].copy()
        degree = max(m.degree for m in members)
        start = np.array([self.series([m], 1)[0, 0] for m in members])
        inverse = _inverse_matrix(self._gradients(members, columns, 1), prime)[..., None]
        known = 1
        while known < terms:
            after = min(2 * known, terms)
            size = power_of_two(max(degree * (known - 1) + 1, after))
            slope = interpolate(np.moveaxis(self._gradients_at(members, columns, size), 0, -1), prime)[..., :known]
            inverse = _refine(inverse, slope, known, prime)
            rest = self.series(members, after)
            rest[:, 0] -= start
            rest[:, 1] -= direction
            step = _matrix_product(inverse, rest[:, None, known:] % prime, after - known, prime)[:, 0]
            x = np.zeros((len(self.x), after), dtype=np.int64)
            x[:, :known] = self.x
            x[list(columns), known:] = -step % prime
            self.x, known = x, after

    def series(self, members: Sequence[Expression], terms: int) -> Vector:
        """The members along what is known of the curve, (members, terms)."""
        degree = max(m.degree for m in members)
        size = power_of_two(max(degree * (self.x.shape[1] - 1) + 1, terms))
        points = transform(self.x, size, self._prime).T
        values = []
        for start in range(0, size, _CHUNK):
            some = points[start : start + _CHUNK]
            at = evaluator(self._space, [self._prime] * len(some), some)
            values.append(np.stack([at.value(m) for m in members]))
        return interpolate(np.concatenate(values, axis=1) % self._prime, self._prime)[:, :terms]

    def _gradients_at(self, members: Sequence[Expression], columns: Sequence[int], size: int) -> Vector:
        points = transform(self.x, size, self._prime).T
        rows = []
        for start in range(0, size, _CHUNK):
            some = points[start : start + _CHUNK]
            at = evaluator(self._space, [self._prime] * len(some), some)
            rows.append(np.stack([at.gradient(m)[:, list(columns)] for m in members], axis=1))
        return np.concatenate(rows) % self._prime

    def _gradients(self, members: Sequence[Expression], columns: Sequence[int], size: int) -> Vector:
        return np.asarray(self._gradients_at(members, columns, size)[0])


def _refine(inverse: Vector, matrix: Vector, terms: int, prime: int) -> Vector:
    """The inverse (r, r, terms) of a matrix of series, from one that has fewer terms: Y + Y (1 - M Y)."""
    known = inverse.shape[-1]
    while known < terms:
        known = min(2 * known, terms)
        defect = -_matrix_product(matrix[..., :known], inverse, known, prime)
        defect[..., 0] += np.eye(len(matrix), dtype=np.int64)
        step = _matrix_product(inverse, defect % prime, known, prime)
        step[..., : inverse.shape[-1]] += inverse
        inverse = step % prime
    return inverse


def _matrix_product(a: Vector, b: Vector, terms: int, prime: int) -> Vector:
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


def _inverse_matrix(matrix: Vector, prime: int) -> Vector:
    """The inverse of a matrix that is not singular modulo the prime."""
    size = len(matrix)
    rows = np.concatenate([matrix % prime, np.eye(size, dtype=np.int64)], axis=1)
    for i in range(size):
        pivot = i + int(np.flatnonzero(rows[i:, i])[0])
        rows[[i, pivot]] = rows[[pivot, i]]
        rows[i] = rows[i] * pow(int(rows[i, i]), -1, prime) % prime
        others = rows[:, i].copy()
        others[i] = 0
        rows = (rows - others[:, None] * rows[i]) % prime
    return rows[:, size:]


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
