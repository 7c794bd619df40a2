"""The number systems in which contractions are evaluated: prime fields, and whatever NumPy multiplies as it is.

*Why int64 does not overflow.* Residues modulo a prime p < 2^31 are at most 2^31 - 2, so that a product of two is below
2^62, and a sum or difference of such a product and a residue below 2^63. A sum of n products is not, so one factor is
split into 2^16 h + l with h < 2^15 and l < 2^16. For n <= 2^16 the sum of the n products by h is below 2^16 2^15 2^31 =
2^62. Its residue times 2^16 is at most 2^16 (2^31 - 2), the sum of the n products by l at most 2^16 (2^16 - 1)
(2^31 - 2), and both together at most 2^32 (2^31 - 2) < 2^63. Longer sums are taken in parts of 2^16.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]
_HALF = 16  # the bits of the lower part in a split product
_LONGEST = 1 << _HALF  # the length of sums that provably fit


class Arithmetic(Protocol):
    """What evaluation needs: products and sums over a leading batch axis."""

    def matmul(self, a: Array, b: Array) -> Array:
        """a · b over the last two axes, of one batch shape (batch, rows, inner), (batch, inner, columns)."""

    def reduce(self, a: Array) -> Array:
        """Bring sums and small integer multiples back into range; the first axis is the batch."""

    def constants(self, integers: Array) -> Array:
        """An array of integers as numbers that broadcast against batched arrays."""


class Plain:
    """NumPy's own arithmetic: exact on arrays of Python integers, Fractions or polynomials, rounded on floats.

    Args:
        dtype: of constants; object by default, which keeps them Python integers.
    """

    def __init__(self, dtype: DTypeLike = object) -> None:
        self._dtype = np.dtype(dtype)

    def matmul(self, a: Array, b: Array) -> Array:
        """a · b."""
        product: Array = np.matmul(a, b)
        return product

    def reduce(self, a: Array) -> Array:
        """a itself."""
        return a

    def constants(self, integers: Array) -> Array:
        """The integers in the constants' dtype."""
        return integers.astype(self._dtype)[None]


class PrimeField:
    """Arithmetic modulo one prime per batch entry, on int64 arrays with entries in [0, p).

    Args:
        primes: one prime below 2^31 for each entry of the batch.
    """

    def __init__(self, primes: Array) -> None:
        self.primes = np.asarray(primes, dtype=np.int64)

    def _modulus(self, ndim: int) -> Array:
        return self.primes.reshape(-1, *(1,) * (ndim - 1))

    def matmul(self, a: Array, b: Array) -> Array:
        """a · b mod p."""
        return product_modulo(a, b, self._modulus(a.ndim))

    def reduce(self, a: Array) -> Array:
        """a mod p."""
        return a % self._modulus(a.ndim)

    def constants(self, integers: Array) -> Array:
        """The integers mod p."""
        residues: Array = (integers[None] % self._modulus(integers.ndim + 1)).astype(np.int64)
        return residues


def product_modulo(a: Array, b: Array, modulus: Array | int) -> Array:
    """The matrix product a · b of residues.

    Args:
        a: int64 residues, (..., inner).
        b: int64 residues, (..., inner, columns) as `np.matmul` takes them.
        modulus: primes below 2^31 that broadcast against the product.
    """
    inner = a.shape[-1]
    if inner > _LONGEST:
        rest = product_modulo(a[..., _LONGEST:], b[..., _LONGEST:, :], modulus)
        total: Array = (product_modulo(a[..., :_LONGEST], b[..., :_LONGEST, :], modulus) + rest) % modulus
        return total
    high = np.matmul(a >> _HALF, b) % modulus
    low = np.matmul(a & (_LONGEST - 1), b)
    product: Array = ((high << _HALF) + low) % modulus
    return product


def fractions_mod(values: Array, primes: Array) -> Array:
    """Rationals modulo each prime: (...) -> (primes, ...); a prime must not divide a denominator."""
    flat = [Fraction(v) for v in np.asarray(values, dtype=object).ravel()]
    rows = [[f.numerator * pow(f.denominator, -1, int(p)) % int(p) for f in flat] for p in primes]
    return np.array(rows, dtype=np.int64).reshape(len(rows), *np.shape(values))
