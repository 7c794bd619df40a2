"""Whether a polynomial is an invariant of a point group, decided in integers by infinitesimal rotations alone.

*Theorem.* Let D be the derivation along the rotation about an axis a, scaled by |a|, and K the sum of the ranks of a
term's factors, for the term where it is largest. The rotation about a by 2π/n leaves a polynomial P unchanged exactly
if D · prod of (D² + |a|² k²) maps P to zero, with the product over the multiples k of n up to K. It changes the sign
of P exactly if n is even and the same is true of the product over the odd multiples of n/2, without D.

*Proof.* On H_l D has the eigenvalues i m |a| with |m| <= l. Those of products are sums, so P is a sum of eigenvectors
with eigenvalues i k |a|, |k| <= K, which the rotation multiplies by e^(2πik/n). Hence P is unchanged exactly if only
multiples of n occur among the k. D² + |a|² k² annihilates the parts with k and -k, and multiplies each other part by a
number that is not zero; D does so with k = 0. For the change of sign the argument is the same. □

The rotation times the inversion must leave the terms that inversion keeps unchanged, and change the sign of the
others. No root of unity appears. Roots appear only where the direction of an axis needs them: the three-fold axis of
the sum of axes whose lengths have an irrational ratio is √α u + √β v + w. Coefficients are then of the form q + r √α +
s √β + t √(αβ), and are zero exactly if q, r, s and t are, as α, β and αβ are not squares.

Everything is computed modulo primes whose product exceeds all integers that can occur, so that zero modulo all of them
is zero. Most polynomials that are not invariants are found earlier, by their values at a point and its image modulo a
prime that has all the roots: different residues come from different values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import gcd, isqrt, lcm, prod

import numpy as np

from invgen.algebra.finite_field import PRIME_BITS, Vector, derived_points, derived_primes, is_prime
from invgen.reduction.given.frames import Derivation, Frame
from invgen.reduction.given.polynomials import Polynomial, Residues, as_residues, collected, derivative, values
from invgen.spaces import point_groups
from invgen.spaces.point_groups import INFINITE
from invgen.spaces.structural import STANDARD, Axes

# A prime that is 121 modulo 240 has roots of unity of order 60, and roots of -1, 2, 3 and 5, so that every set of
# integers has roots modulo some of them. It is 9 modulo 16, so that they are found by few powers.
_STEP = 240
_HIGHEST = 2**31 - (2**31 - 121) % _STEP
_SOME_ANGLE = 3  # z for a rotation by an angle that does not matter


@dataclass(frozen=True)
class Direction:
    """A vector along an axis: the sum of √(product of some of `squares`) times integer vectors.

    Attributes:
        squares: at most two integers; no product of different ones is a square.
        vectors: the bits of a key say which of the squares are multiplied; key 0 stands for 1.
        length_squared: of the vector.
    """

    squares: tuple[int, ...]
    vectors: dict[int, tuple[int, int, int]]
    length_squared: int


@dataclass(frozen=True, eq=False)
class FrameOperation:
    """A rotation by 2π / fold about an axis, or minus it, as it acts on the components of a frame.

    Attributes:
        fold: 0 for all rotations about the axis.
        sign: -1 for the rotation times the inversion.
        squares: as those of the `Direction` of the axis.
        derivations: along the rotation, for each key of `Direction.vectors`.
        unit: minus the square of the derivations' eigenvalue i |a| of weight 1.
        prime: modulo which there are roots of the squares, of -unit and, for a finite fold, of unity.
        points: a point modulo the prime, and where the rotation (without inversion) takes it, (2, dimension).
    """

    fold: int
    sign: int
    squares: tuple[int, ...]
    derivations: dict[int, Derivation]
    unit: int
    prime: int
    points: Vector


def operations(frame: Frame) -> tuple[FrameOperation, ...]:
    """Operations that generate the point group of the frame's space; inversion comes first."""
    space = frame.space
    if space.point_group is None:
        return ()
    found = []
    for operation in sorted(point_groups.generators(space.point_group), key=lambda o: o.fold != 1):
        direction = direction_of(operation.axis, space.orientation or STANDARD)
        derivations, scale = frame.along(list(direction.vectors.values()))
        by_key = dict(zip(direction.vectors, derivations, strict=True))
        unit = direction.length_squared * scale**2
        along = _Along(direction.squares, by_key, unit)
        start = derived_points(f"invgen 1|operation {space}", along.prime, 1, space.dimension)[0]
        image = along.turned(start, operation.fold, max(t.l for t in space.tensors))
        points = np.stack([start, image])
        found.append(
            FrameOperation(operation.fold, operation.sign, direction.squares, by_key, unit, along.prime, points)
        )
    return tuple(found)


class _Along:
    """A derivation as a matrix modulo a prime that has the roots in it and its eigenvalues.

    Args:
        squares: as those of a `FrameOperation`.
        derivations: as those of a `FrameOperation`.
        unit: as that of a `FrameOperation`.
    """

    def __init__(self, squares: Sequence[int], derivations: dict[int, Derivation], unit: int) -> None:
        for prime in range(_HIGHEST, 0, -_STEP):
            if is_prime(prime):
                roots = [_root_modulo(square, prime) for square in (*squares, -unit)]
                if all(roots):
                    break
        self.prime = prime
        *own, self._eigenvalue = (root or 0 for root in roots)
        self._parts = [(d, prod(_chosen(own, key)) % prime) for key, d in derivations.items()]

    def turned(self, point: Vector, fold: int, highest: int) -> Vector:
        """Where the rotation by 2π / fold takes a point, and for the fold 0 one by some angle.

        With N = D / (i |a|), whose eigenvalues are integers from -highest to highest, it is z^N for a root of unity z:
        z^(N + highest) = sum of binomial(N + highest, k) (z - 1)^k over k = 0..2 highest.
        """
        p = self.prime
        root = _root_of_unity(fold, p) if fold else _SOME_ANGLE
        step = pow(self._eigenvalue, -1, p)
        term, total = point, point
        for k in range(1, 2 * highest + 1):
            shifted = (self._applied(term) * step + term * (highest - k + 1)) % p
            term = shifted * ((root - 1) * pow(k, -1, p) % p) % p
            total = (total + term) % p
        return total * pow(root, -highest, p) % p

    def _applied(self, x: Vector) -> Vector:
        total = np.zeros_like(x)
        for derivation, factor in self._parts:
            values = (derivation.values % self.prime).astype(np.int64) * factor % self.prime
            rows = np.repeat(np.arange(len(x)), np.diff(derivation.starts))
            np.add.at(total, rows, values * x[derivation.columns] % self.prime)
        return total % self.prime


def direction_of(axis: tuple[int, int, int], axes: Axes) -> Direction:
    """The vector with these coordinates on the unit vectors along orthogonal axes, times a positive number."""
    lengths = [sum(v * v for v in row) for row in axes]
    last = [length for length, value in zip(lengths, axis, strict=True) if value][-1]
    squares: list[int] = []
    sums: dict[int, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * 3)
    for value, row, length in zip(axis, axes, lengths, strict=True):
        if value:  # value · row / √length, all times √last
            key, factor = _root(length * last, squares)
            sums[key] = [x + value * factor / length * v for x, v in zip(sums[key], row, strict=True)]
    entries = [x for vector in sums.values() for x in vector]
    unit = Fraction(lcm(*(x.denominator for x in entries)))
    unit /= gcd(*(int(x * unit) for x in entries))
    vectors = {key: (int(x * unit), int(y * unit), int(z * unit)) for key, (x, y, z) in sums.items()}
    # The vectors of different keys are sums over different axes, hence orthogonal.
    total = sum(_value(squares, key) * sum(v * v for v in vector) for key, vector in vectors.items())
    return Direction(tuple(squares), vectors, total)


def is_invariant(polynomial: Polynomial, frame: Frame, group: Sequence[FrameOperation]) -> bool:
    """Whether all operations leave a polynomial in the components of a frame unchanged.

    Complexity: for each operation a sort of all terms that its rotations make, twice for each factor D² + |a|² k².
    """
    exponents = polynomial.exponents
    odd = (exponents @ frame.is_odd[polynomial.columns] % 2).astype(bool)
    for operation in group:
        changed = odd if operation.sign < 0 else np.zeros_like(odd)
        for terms, sign in ((~changed, 1), (changed, -1)):
            if terms.any():
                part = Polynomial(polynomial.columns, exponents[terms], polynomial.coefficients[terms])
                highest = int((part.exponents @ frame.weights[part.columns]).max())
                before, after = values(part, operation.prime, operation.points)
                if (before - sign * after) % operation.prime or not _is_multiplied(part, operation, sign, highest):
                    return False
    return True


def _is_multiplied(polynomial: Polynomial, operation: FrameOperation, sign: int, highest: int) -> bool:
    """Whether the rotation of an operation multiplies a polynomial of weights up to `highest` by a sign."""
    fold = operation.fold
    if fold == 1:
        return sign > 0
    if sign < 0 and (fold == INFINITE or fold % 2):
        return False
    if fold == INFINITE:
        weights = range(1)
    else:
        weights = range(0, highest + 1, fold) if sign > 0 else range(fold // 2, highest + 1, fold)
    step = _Step(operation, polynomial, weights)
    state = {0: (polynomial.exponents, step.residues(polynomial))}
    for weight in weights:
        state = step.derived(state) if weight == 0 else step.without(state, weight)
        if not state:
            return True
    return False


class _Step:
    """Derivations of one polynomial modulo as many primes as its weights need."""

    def __init__(self, operation: FrameOperation, polynomial: Polynomial, weights: Sequence[int]) -> None:
        self._operation = operation
        self._columns = polynomial.columns
        norm = sum(  # by which a derivation multiplies sums of magnitudes at most
            _value(operation.squares, key) * polynomial.degree * derivation.norm
            for key, derivation in operation.derivations.items()
        )
        largest = polynomial.magnitude
        for weight in weights:
            largest *= norm**2 + operation.unit * weight**2 if weight else norm
        self.primes = np.array(_primes(largest.bit_length() // (PRIME_BITS - 1) + 1), dtype=np.int64)

    def residues(self, polynomial: Polynomial) -> Vector:
        found: Vector = (polynomial.coefficients[None, :] % self.primes[:, None]).astype(np.int64)
        return found

    def derived(self, state: dict[int, Residues]) -> dict[int, Residues]:
        """D of a polynomial whose coefficients are sums of roots, by the roots' keys."""
        return self._collected(self._derivatives(state))

    def without(self, state: dict[int, Residues], weight: int) -> dict[int, Residues]:
        """(D² + unit · weight²) of a polynomial, which has no part of this weight."""
        parts = self._derivatives(self.derived(state))
        factor = as_residues(self._operation.unit * weight**2, self.primes)
        for key, (exponents, residues) in state.items():
            parts[key].append((exponents, residues * factor % self.primes[:, None]))
        return self._collected(parts)

    def _derivatives(self, state: dict[int, Residues]) -> dict[int, list[Residues]]:
        parts: dict[int, list[Residues]] = defaultdict(list)
        for own, terms in state.items():
            for key, derivation in self._operation.derivations.items():
                square = _value(self._operation.squares, own & key)
                parts[own ^ key].append(derivative(terms, self._columns, derivation, square, self.primes))
        return parts

    def _collected(self, parts: dict[int, list[Residues]]) -> dict[int, Residues]:
        found = {key: collected(summands, self.primes) for key, summands in parts.items()}
        return {key: terms for key, terms in found.items() if len(terms[0])}


def _root(value: int, squares: list[int]) -> tuple[int, Fraction]:
    """The root of an integer as a key and a factor: factor · √(product of the key's squares); it may need a new one."""
    for key in range(2 ** len(squares)):
        product = _value(squares, key)
        root = isqrt(value * product)
        if root * root == value * product:
            return key, Fraction(root, product)
    squares.append(value)
    return 2 ** (len(squares) - 1), Fraction(1)


def _value(squares: Sequence[int], key: int) -> int:
    return prod(_chosen(squares, key))


def _chosen(values: Sequence[int], key: int) -> list[int]:
    """The values at the places of a key's bits."""
    return [value for place, value in enumerate(values) if key >> place & 1]


def _root_modulo(value: int, prime: int) -> int | None:
    """A root of an integer modulo a prime that is 9 modulo 16; None where there is none.

    With r = v^((p + 7) / 16), r² is v times an eighth root of unity, whose own root has order 8 if v has a root.
    """
    root, eighth = pow(value, (prime + 7) // 16, prime), _root_of_unity(8, prime)
    found = (root * pow(eighth, k, prime) % prime for k in range(4))
    return next((candidate for candidate in found if (candidate * candidate - value) % prime == 0), None)


def _root_of_unity(order: int, prime: int) -> int:
    """An element of this order, which has no prime factors but 2, 3 and 5, modulo a prime that has one."""
    found = (pow(base, (prime - 1) // order, prime) for base in range(2, prime))
    return next(r for r in found if all(pow(r, order // q, prime) != 1 for q in (2, 3, 5) if order % q == 0))


@cache
def _primes(count: int) -> tuple[int, ...]:
    return derived_primes("invgen 1|operations", count)
