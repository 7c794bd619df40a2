"""Exact constants of the form ±sqrt(q π^k), the only irrational numbers that a convention needs.

Coefficients stay exact from the harmonic polynomials to the emitted literal, where they are rounded once. Rounding is
integer arithmetic: q π^k is enclosed in rationals, whose square roots `math.isqrt` encloses, until both ends round to
the same number. π is 16 arctan(1/5) - 4 arctan(1/239) (Machin), whose alternating series encloses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from math import ceil, floor, isqrt

from invgen.errors import InputError


@dataclass(frozen=True)
class Surd:
    """The number sign · sqrt(square · π^pi_power), closed under multiplication and inversion.

    Attributes:
        sign: -1, 0 or 1.
        square: non-negative rational; 0 exactly if sign is 0.
        pi_power: integer power of π under the root; 0 if sign is 0.
    """

    sign: int
    square: Fraction
    pi_power: int = 0

    @classmethod
    def rational(cls, value: Fraction | int) -> Surd:
        """The rational number `value`."""
        value = Fraction(value)
        return cls((value > 0) - (value < 0), value * value)

    @classmethod
    def root(cls, square: Fraction | int, pi_power: int = 0) -> Surd:
        """The positive root sqrt(square · π^pi_power)."""
        square = Fraction(square)
        if square <= 0:
            raise InputError(f"the square of a surd must be positive, got {square}")
        return cls(1, square, pi_power)

    # The builder compares, hashes and multiplies the same few constants very often: fractions are slow at that.
    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Surd):
            return NotImplemented
        return (
            self._hash == other._hash
            and self.sign == other.sign
            and self.pi_power == other.pi_power
            and self.square == other.square
        )

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.sign, self.square, self.pi_power))

    def __mul__(self, other: Surd) -> Surd:
        return _product(self, other)

    def __neg__(self) -> Surd:
        return self._negative

    @cached_property
    def _negative(self) -> Surd:
        return Surd(-self.sign, self.square, self.pi_power)

    def __abs__(self) -> Surd:
        return self if self.sign >= 0 else -self

    def inverse(self) -> Surd:
        """The reciprocal; raises `ZeroDivisionError` for zero."""
        return Surd(self.sign, 1 / self.square, -self.pi_power)

    def as_fraction(self) -> Fraction | None:
        """The value as a rational number, or None where it is irrational."""
        if self.pi_power:
            return None
        top, bottom = isqrt(self.square.numerator), isqrt(self.square.denominator)
        if top * top != self.square.numerator or bottom * bottom != self.square.denominator:
            return None
        return self.sign * Fraction(top, bottom)

    def bounds(self, bits: int) -> tuple[Fraction, Fraction]:
        """Rationals low <= value <= high, equal where the value is rational, otherwise less than 2^-bits |value| apart.

        With e = 2^-(bits + 3), π to a relative e / |k| encloses the square q π^k within 3e and its root within 2e;
        the root is taken of integers so large that rounding it down and up adds e each.
        """
        exact = self.as_fraction()
        if exact is not None:
            return exact, exact
        own = bits + 3
        below, above = pi_bounds(own + abs(self.pi_power).bit_length())
        ends = sorted((self.square * below**self.pi_power, self.square * above**self.pi_power))
        # The square is above 2^(size - 1): its root times 2^shift is above 2^own.
        size = self.square.numerator.bit_length() - self.square.denominator.bit_length() + min(0, 2 * self.pi_power)
        shift = own + 1 - (size - 1) // 2
        low = Fraction(isqrt(floor(ends[0] * Fraction(4) ** shift))) / Fraction(2) ** shift
        high = Fraction(isqrt(ceil(ends[1] * Fraction(4) ** shift)) + 1) / Fraction(2) ** shift
        return (low, high) if self.sign > 0 else (-high, -low)

    def round(self, bits: int = 53) -> float:
        """The nearest binary floating-point number with `bits` bits of mantissa (24: float32, 53: float64).

        Ties go to even. Rounding happens once, from the exact value. Ever closer bounds end at one number, since an
        irrational number is not a tie.
        """
        return _rounded(self, bits)


ZERO = Surd(0, Fraction(0))
ONE = Surd.rational(1)


@lru_cache(maxsize=1 << 16)
def _product(left: Surd, right: Surd) -> Surd:
    sign = left.sign * right.sign
    return Surd(sign, left.square * right.square, left.pi_power + right.pi_power) if sign else ZERO


# A program has few different constants, and writes each of them very often.
@lru_cache(maxsize=1 << 16)
def _rounded(value: Surd, bits: int) -> float:
    closeness = bits + 32
    while True:
        low, high = (_round_fraction(bound, bits) for bound in value.bounds(closeness))
        if low == high:
            return low
        closeness *= 2


@cache
def pi_bounds(bits: int) -> tuple[Fraction, Fraction]:
    """Rationals low < π < high, less than 2^-bits π apart.

    In units of 2^-(bits + 32) each term of the two series is rounded down by less than 1, what is left out after the
    last is below 1, and both are multiplied by 16 or 4. Neither series has more than bits + 32 terms, so all errors
    are below 20 (bits + 33) units, which is less than 2^31 for any `bits` up to 10^8.
    """
    unit = 1 << (bits + 32)
    total = 0
    for factor, base in ((16, 5), (-4, 239)):
        power, odd, sign = unit // base, 1, factor
        while power:
            total += sign * (power // odd)
            power, odd, sign = power // (base * base), odd + 2, -sign
    error = 1 << 31
    return Fraction(total - error, unit), Fraction(total + error, unit)


def _round_fraction(value: Fraction, bits: int) -> float:
    """Round a rational to `bits` bits, ties to even, ignoring the exponent range of small formats."""
    if value == 0:
        return 0.0
    magnitude = abs(value)
    shift = magnitude.numerator.bit_length() - magnitude.denominator.bit_length() - bits
    scaled = magnitude / Fraction(2) ** shift  # in (2^(bits-1), 2^(bits+1))
    if scaled >= 2**bits:
        shift += 1
        scaled /= 2
    whole = round(scaled)  # Python rounds fractions half to even
    return float((1 if value > 0 else -1) * Fraction(whole) * Fraction(2) ** shift)
