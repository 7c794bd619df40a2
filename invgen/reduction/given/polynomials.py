"""Polynomials in the components of a space: canonical form, gradients modulo primes, and exact derivations.

Everything runs over whole arrays of terms, with int64 where sums provably fit and Python integers elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from numbers import Rational
from typing import Any, TypeAlias

import numpy as np

from invgen.algebra.exact import Surd
from invgen.algebra.finite_field import Vector
from invgen.algebra.modular import Array
from invgen.errors import InputError
from invgen.reduction.given.frames import Derivation

MAX_DEGREE = 1000
_WORD = 2**62  # sums of magnitudes below this fit into int64

Residues: TypeAlias = tuple[Vector, Vector]
"""Exponents (terms, k) of a polynomial and its coefficients modulo n primes, (n, terms), both int64."""


@dataclass(frozen=True, eq=False)
class Polynomial:
    """A polynomial with coprime integer coefficients; two equal ones (up to a positive factor) have equal digests.

    Terms are sorted by their exponents, no two have the same, and no coefficient is zero.

    Attributes:
        columns: the components that occur and those that rotations mix with them, (k,) int64.
        exponents: (terms, k) int64, over `columns`.
        coefficients: (terms,), int64 if the sum of their magnitudes is below 2^62, otherwise Python integers.
    """

    columns: Vector
    exponents: Vector
    coefficients: Array

    @property
    def degree(self) -> int:
        """The total degree; 0 for constants and zero."""
        return int(self.exponents.sum(axis=1).max(initial=0))

    @property
    def magnitude(self) -> int:
        """The sum of the coefficients' magnitudes."""
        return sum(abs(int(c)) for c in self.coefficients)

    @property
    def digest(self) -> str:
        """SHA-256 of the terms, the same on every machine."""
        content = hashlib.sha256()
        content.update(",".join(map(str, self.columns.tolist())).encode() + b"|")
        content.update(self.exponents.astype("<i8").tobytes())
        content.update(b"|" + ",".join(map(str, self.coefficients.tolist())).encode())
        return content.hexdigest()


def read(coefficients: Any, exponents: Any, blocks: Vector) -> Polynomial:
    """The polynomial with these terms, up to a positive rational factor; repeated exponents are summed.

    Args:
        coefficients: (terms,) integers, Fractions or rational `Surd`s.
        exponents: (terms, dimension) non-negative integers, in the order of the components.
        blocks: (dimension,), for each component a number shared by all that rotations mix with it.

    Raises:
        InputError: a coefficient is not exact, the shapes do not fit, an exponent is negative or not an integer, or the
            degree exceeds 1000.
    """
    powers = _exponents(exponents, len(blocks))
    factors = _integers(coefficients)
    if len(factors) != len(powers):
        raise InputError(
            f"{len(factors)} coefficients were given with {len(powers)} rows of exponents; give one row for each"
        )
    columns = np.flatnonzero(np.isin(blocks, blocks[powers.any(axis=0)]))
    powers = powers[:, columns]
    base = max(2, int(powers.max(initial=0)) + 1)
    keys = _place_values(len(columns), base) @ powers.T
    order, first = _groups(keys)
    sums = np.add.reduceat(_array(factors)[order], first) if len(first) else np.zeros(0, dtype=np.int64)
    kept = np.flatnonzero(sums)
    return Polynomial(columns, powers[order[first[kept]]], _primitive(sums[kept]))


def gradient(polynomial: Polynomial, primes: Vector, points: Vector) -> Vector:
    """The derivatives with respect to all components at points[i] modulo primes[i]: (n, dimension) -> (n, dimension).

    Every term is differentiated with respect to each of its variables through prefix and suffix products, so that
    components may be zero. Complexity: n · terms · (variables per term).
    """
    result = np.zeros_like(points)
    count, width = polynomial.exponents.shape
    term, variable = np.nonzero(polynomial.exponents)
    if not len(term):
        return result
    modulus = primes[:, None]
    sizes = np.bincount(term, minlength=count)
    slot = np.arange(len(term)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    variables = np.full((int(sizes.max()), count), width, dtype=np.int64)  # beside the components, a constant 1
    powers = np.zeros_like(variables)
    variables[slot, term] = variable
    powers[slot, term] = polynomial.exponents[term, variable]
    table = _powers(points[:, polynomial.columns], primes, int(powers.max()))
    before = [(polynomial.coefficients[None, :] % modulus).astype(np.int64)]
    for v, e in zip(variables[:-1], powers[:-1], strict=True):
        before.append(before[-1] * table[:, e, v] % modulus)
    after = np.ones_like(before[0])
    total = np.zeros((len(primes), width + 1), dtype=np.int64)
    for v, e, left in zip(variables[::-1], powers[::-1], before[::-1], strict=True):
        derived = table[:, np.maximum(e - 1, 0), v] * e % modulus
        parts = left * derived % modulus * after % modulus
        for row, part in zip(total, parts, strict=True):
            np.add.at(row, v, part)  # at most 2^31 terms of 31 bits
        after = after * table[:, e, v] % modulus
        total %= modulus
    result[:, polynomial.columns] = total[:, :width]
    return result


def values(polynomial: Polynomial, prime: int, points: Vector) -> Vector:
    """The values at points modulo a prime: (n, dimension) -> (n,)."""
    primes = np.full(len(points), prime)
    highest = int(polynomial.exponents.max(initial=0))
    table = _powers(points[:, polynomial.columns], primes, highest)
    terms = np.broadcast_to(
        (polynomial.coefficients % prime).astype(np.int64), (len(points), len(polynomial.exponents))
    )
    for column, powers in enumerate(polynomial.exponents.T):
        if powers.any():
            terms = terms * table[:, powers, column] % prime
    total: Vector = terms.sum(axis=1) % prime
    return total


def is_annihilated(polynomial: Polynomial, derivation: Derivation) -> bool:
    """Whether a derivation maps the polynomial to zero, decided by collecting all terms exactly.

    The derivation must not lead out of the polynomial's columns.

    Complexity: sorting terms · (variables per term) · (entries per row of the matrix) integers.
    """
    exponents = polynomial.exponents
    if not exponents.any():
        return True
    term, taken, put, entry = _replacements(polynomial.columns, exponents, derivation)
    largest = polynomial.magnitude * polynomial.degree * int(np.abs(derivation.values).sum())
    coefficients = polynomial.coefficients.astype(np.int64 if largest < _WORD else object)
    weights = coefficients[term] * exponents[term, taken] * derivation.values[entry]
    places = _place_values(len(polynomial.columns), int(exponents.max()) + 2)
    keys = (places @ exponents.T)[:, term]
    keys += places[:, put] - places[:, taken]
    order, first = _groups(keys)
    return not len(first) or not np.add.reduceat(weights[order], first).any()


def derivative(terms: Residues, columns: Vector, derivation: Derivation, factor: int, primes: Vector) -> Residues:
    """`factor` times what a derivation makes of a polynomial modulo primes; it must not lead out of the columns.

    Terms with the same exponents are not summed; `collected` does that.
    """
    exponents, residues = terms
    term, taken, put, entry = _replacements(columns, exponents, derivation)
    modulus = primes[:, None]
    matrix = (derivation.values[None, :] % modulus).astype(np.int64) * as_residues(factor, primes) % modulus
    values = residues[:, term] * exponents[term, taken] % modulus * matrix[:, entry] % modulus
    moved = exponents[term]
    places = np.arange(len(moved))
    moved[places, taken] -= 1
    moved[places, put] += 1
    return moved, values


def as_residues(value: int, primes: Vector) -> Vector:
    """An integer of any size modulo primes, (n, 1)."""
    return np.array([[value % int(p)] for p in primes], dtype=np.int64)


def collected(parts: Sequence[Residues], primes: Vector) -> Residues:
    """The sum of polynomials modulo primes, without terms whose residues are all zero. Complexity: one sort."""
    exponents = np.concatenate([part[0] for part in parts])
    residues = np.concatenate([part[1] for part in parts], axis=1)
    order, first = _groups(_place_values(exponents.shape[1], int(exponents.max(initial=0)) + 2) @ exponents.T)
    if not len(order):
        return exponents, residues
    sums = np.add.reduceat(residues[:, order], first, axis=1) % primes[:, None]  # at most 2^32 residues of 31 bits
    kept = sums.any(axis=0)
    return exponents[order[first[kept]]], sums[:, kept]


def _replacements(columns: Vector, exponents: Vector, derivation: Derivation) -> tuple[Vector, Vector, Vector, Vector]:
    """For every monomial that a derivation makes of a term by x_v -> G_vw x_w: the term, v, w, and where G_vw is."""
    term, variable = np.nonzero(exponents)
    local = np.zeros(int(columns.max(initial=0)) + 1, dtype=np.int64)
    local[columns] = np.arange(len(columns))
    rows = columns[variable]
    sizes = derivation.starts[rows + 1] - derivation.starts[rows]
    source = np.repeat(np.arange(len(term)), sizes)
    entry = np.arange(len(source)) - np.repeat(np.cumsum(sizes) - sizes - derivation.starts[rows], sizes)
    return term[source], variable[source], local[derivation.columns[entry]], entry


def _exponents(given: Any, dimension: int) -> Vector:
    try:
        array = np.asarray(given)
    except ValueError:
        raise InputError("the rows of exponents differ in length; give one per component of the space") from None
    if array.shape in ((0,), (0, dimension)):
        return np.zeros((0, dimension), dtype=np.int64)
    if array.dtype.kind not in "iu":
        raise InputError(f"exponents are non-negative integers below {MAX_DEGREE + 1}, got an array of {array.dtype}")
    if array.ndim != 2 or array.shape[1] != dimension:
        raise InputError(
            f"exponents have the shape (terms, {dimension}), one for each component of the space, got {array.shape}"
        )
    if array.min() < 0 or array.max() > MAX_DEGREE or int(array.astype(np.int64).sum(axis=1).max()) > MAX_DEGREE:
        raise InputError(f"exponents are non-negative and a term's degree is at most {MAX_DEGREE}")
    return array.astype(np.int64)


def _integers(given: Any) -> list[int]:
    """The coefficients times the smallest positive integer that makes them integers."""
    if hasattr(given, "dtype"):  # an array of whatever library
        given = np.asarray(given)
        if given.ndim != 1 or given.dtype.kind not in "iuO":
            raise InputError(f"coefficients are a list of integers or Fractions, got {given.dtype} of {given.shape}")
        given = given.tolist()
    if not isinstance(given, Iterable) or isinstance(given, str | bytes):
        raise InputError(f"coefficients are a list of integers or Fractions, got {given!r}")
    exact = [_exact(value) for value in given]
    bottom = lcm(*(value.denominator for value in exact))
    return [value.numerator * (bottom // value.denominator) for value in exact]


def _exact(value: Any) -> int | Fraction:
    if isinstance(value, Surd):
        rational = value.as_fraction()
        if rational is None:
            raise InputError("a coefficient is irrational; expand the invariant in the convention 'rational'")
        return rational
    if isinstance(value, bool) or not isinstance(value, Rational):
        raise InputError(f"the coefficient {value!r} is not exact; give integers or Fractions")
    bottom = int(value.denominator)
    return int(value.numerator) if bottom == 1 else Fraction(int(value.numerator), bottom)


def _array(integers: list[int]) -> Array:
    if sum(map(abs, integers)) < _WORD:
        return np.array(integers, dtype=np.int64)
    array = np.empty(len(integers), dtype=object)
    array[:] = integers
    return array


def _primitive(coefficients: Array) -> Array:
    integers = [int(c) for c in coefficients]
    content = gcd(*integers) or 1
    return _array([c // content for c in integers])


def _powers(x: Vector, primes: Vector, highest: int) -> Vector:
    """x^e for e = 0..highest with a last component 1: (n, k) -> (n, highest + 1, k + 1)."""
    n, k = x.shape
    table = np.ones((n, highest + 1, k + 1), dtype=np.int64)
    for e in range(1, highest + 1):
        table[:, e, :k] = table[:, e - 1, :k] * x % primes[:, None]
    return table


def _place_values(columns: int, base: int) -> Vector:
    """Weights (words, columns) that write exponents below `base` as integers of 62 bits, the first column highest."""
    digits = 1
    while base ** (digits + 1) < _WORD:
        digits += 1
    words = max(1, -(-columns // digits))
    places = np.zeros((words, columns), dtype=np.int64)
    for v in range(columns):
        places[v // digits, v] = base ** (digits - 1 - v % digits)
    return places


def _groups(keys: Vector) -> tuple[Vector, Vector]:
    """An order that brings equal columns of `keys` (words, n) together, and where each group starts."""
    order = np.lexsort(keys[::-1])
    if not len(order):
        return order, order
    ordered = keys[:, order]
    changed = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    return order, np.concatenate([[0], 1 + np.flatnonzero(changed)])
