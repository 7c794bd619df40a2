"""Exact constants of the form ±sqrt(q π^k), the only irrational numbers that a convention needs.

Coefficients stay exact from the harmonic polynomials to the emitted literal, where they are rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isqrt

from mpmath import mp, mpf

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
        return self.sign == other.sign and self.pi_power == other.pi_power and self.square == other.square

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

    def to_mpf(self, digits: int = 60) -> mpf:
        """The value to `digits` decimal digits."""
        with mp.workdps(digits + 10):
            return self.sign * mp.sqrt(mpf(self.square.numerator) / self.square.denominator * mp.pi**self.pi_power)

    def round(self, bits: int = 53) -> float:
        """The nearest binary floating-point number with `bits` bits of mantissa (24: float32, 53: float64).

        Ties go to even. Rounding happens once, from the exact value.
        """
        exact = self.as_fraction()
        if exact is not None:
            return _round_fraction(exact, bits)
        for digits in (60, 120, 240, 480):
            low, high = (_bound(self, digits, direction) for direction in (-1, 1))
            rounded = _round_fraction(low, bits)
            if rounded == _round_fraction(high, bits):
                return rounded
        raise ArithmeticError(f"{self} could not be rounded to {bits} bits")  # an irrational number is never a tie


ZERO = Surd(0, Fraction(0))
ONE = Surd.rational(1)


@lru_cache(maxsize=1 << 16)
def _product(left: Surd, right: Surd) -> Surd:
    sign = left.sign * right.sign
    return Surd(sign, left.square * right.square, left.pi_power + right.pi_power) if sign else ZERO


def _bound(value: Surd, digits: int, direction: int) -> Fraction:
    """A rational bound below (direction -1) or above (+1) `value`, off by 10^-digits relative."""
    sign, mantissa, exponent, _ = value.to_mpf(digits)._mpf_
    centre = (-1) ** sign * Fraction(mantissa) * Fraction(2) ** exponent
    bound: Fraction = centre + direction * abs(centre) / 10**digits
    return bound


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
