"""Clebsch-Gordan coupling of irreducible tensors, exact in rational components.

H_a ⊗ H_b holds each H_c with |a - b| <= c <= a + b once. Through T(v, ..., v) with the isotropic vector
v = ((X² - Y²)/2, i(X² + Y²)/2, XY), a traceless tensor of rank l is a binary form of degree 2l, and the coupling is the
transvectant (f, g)_r with r = a + b - c (Gordan 1868; Weyl, The Classical Groups). Its coefficients are integers, so
nothing is ever recovered from a square root; in rational components they are rational up to one common factor, which
is chosen so that they become coprime integers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import comb, gcd, lcm, perm

from invgen.spaces.harmonics import solid_harmonics, squared_norms

_Turned = tuple[int, int]  # (value, turns) means value · i^turns
_Entries = dict[tuple[int, int], _Turned]


@dataclass(frozen=True)
class Coupling:
    """The bilinear equivariant map H_a x H_b -> H_c in rational components: z_m = sum of coefficient · x_i · y_j.

    Attributes:
        terms: (m, i, j, coefficient) with components numbered from 0, coefficients coprime integers, the first
            positive; sorted.
        antisymmetric: whether a = b and exchanging x and y changes the sign; then coupling a tensor with itself is 0.
    """

    a: int
    b: int
    c: int
    terms: tuple[tuple[int, int, int, int], ...]

    @property
    def antisymmetric(self) -> bool:
        """Whether the coupling of equal ranks changes sign when its arguments are exchanged."""
        return self.a == self.b and (self.a + self.b - self.c) % 2 == 1


@cache
def coupling(a: int, b: int, c: int) -> Coupling | None:
    """The coupling of ranks a and b to c, or None where |a - b| <= c <= a + b fails."""
    if not abs(a - b) <= c <= a + b:
        return None
    order = a + b - c
    total: dict[tuple[int, int, int], int] = defaultdict(int)
    right, back = _by_power(_forms(b)), _by_power(_components(c))
    for (i, k1), (x, turns_x) in _forms(a).items():
        for k2 in range(2 * b + 1):
            weight = _transvectant(2 * a, 2 * b, order, k1, k2)
            if weight and 0 <= k1 + k2 - order <= 2 * c:
                for j, (y, turns_y) in right[k2]:
                    for m, (z, turns_z) in back[k1 + k2 - order]:
                        # All terms have i to an even power, or (odd order) all to an odd one, which is left out.
                        sign = 1 if (turns_x + turns_y + turns_z) % 4 < 2 else -1
                        total[m, i, j] += sign * weight * x * y * z
    nonzero = {key: value for key, value in sorted(total.items()) if value}
    unit = gcd(*nonzero.values())
    if next(iter(nonzero.values())) < 0:
        unit = -unit
    return Coupling(a, b, c, tuple((*key, value // unit) for key, value in nonzero.items()))


@cache
def _transvectant(p: int, q: int, r: int, k1: int, k2: int) -> int:
    """The coefficient with which X^(p-k1) Y^k1 and X^(q-k2) Y^k2 meet in the r-th transvectant."""
    return sum(
        (-1) ** s * comb(r, s) * perm(p - k1, r - s) * perm(k1, s) * perm(q - k2, s) * perm(k2, r - s)
        for s in range(r + 1)
    )


def _by_power(entries: _Entries) -> dict[int, list[tuple[int, _Turned]]]:
    """Entries (m, k) grouped by k."""
    grouped: dict[int, list[tuple[int, _Turned]]] = defaultdict(list)
    for (m, k), value in entries.items():
        grouped[k].append((m, value))
    return grouped


@cache
def _forms(l: int) -> _Entries:
    """The coefficient of X^(2l-k) Y^k in the form of component number m, up to one common factor: keys (m, k)."""
    exact: dict[tuple[int, int], tuple[Fraction, int]] = {}
    for m, (polynomial, norm) in enumerate(zip(solid_harmonics(l), squared_norms(l), strict=True)):
        parts: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
        for (a, b, c), coefficient in polynomial.items():  # T(v, ..., v) of the tensor P_m / |P_m|² is P_m(v) / |P_m|²
            for k, value in _isotropic_power(a, b, c).items():
                parts[k, b % 2] += (-1) ** (b // 2) * value * coefficient / norm
        exact.update({(m, k): (value, turns) for (k, turns), value in parts.items() if value})
    return _integers(exact)


@cache
def _components(l: int) -> _Entries:
    """The inverse of `_forms` up to one common factor: component m from the coefficient k, keys (m, k).

    Components ±M meet the coefficients k = l - M and l + M alone, and one of the two is real, the other imaginary, in
    each: the inverse of such a 2 x 2 block is half its entries' reciprocals.
    """
    halves = {m: sum(key[0] == m for key in _forms(l)) for m in range(2 * l + 1)}
    return _integers(
        {(m, k): (Fraction(1, value * halves[m]), -turns % 4) for (m, k), (value, turns) in _forms(l).items()}
    )


def _integers(exact: dict[tuple[int, int], tuple[Fraction, int]]) -> _Entries:
    bottom = lcm(*(value.denominator for value, _ in exact.values()))
    return {key: (int(value * bottom), turns) for key, (value, turns) in sorted(exact.items())}


@cache
def _isotropic_power(a: int, b: int, c: int) -> dict[int, Fraction]:
    """((X² - Y²)/2)^a ((X² + Y²)/2)^b (XY)^c by powers of Y; the i^b of v is left to the caller."""
    result: dict[int, Fraction] = defaultdict(Fraction)
    for i in range(a + 1):
        for j in range(b + 1):
            result[2 * i + 2 * j + c] += Fraction((-1) ** i * comb(a, i) * comb(b, j), 2 ** (a + b))
    return result
