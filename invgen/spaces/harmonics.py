"""Exact harmonic polynomials and the integer maps between symmetric traceless tensors and their 2l + 1 components.

Rational components are un-normalised: x_m = P_m · T, where P_m is a harmonic polynomial with coprime integer
coefficients (z polar, m = -l..l, the signs of the real spherical harmonics without the Condon-Shortley phase), and
P · T contracts its coefficients with the entries of the symmetric tensor. For T = r⊗...⊗r that is P_m(r).
The entries of a symmetric tensor are labelled by exponents (a, b, c): T_(1,1,0) is T_xy.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from functools import cache
from math import comb, factorial, gcd, perm

from invgen.errors import InputError

Exponents = tuple[int, int, int]
Polynomial = dict[Exponents, int]
IntegerMatrix = tuple[tuple[int, ...], ...]


@cache
def monomials(order: int) -> tuple[Exponents, ...]:
    """The exponents (a, b, c) of sum `order` in the order of sorted indices: xx, xy, xz, yy, yz, zz."""
    return tuple((a, b, order - a - b) for a in range(order, -1, -1) for b in range(order - a, -1, -1))


def multinomial(exponents: Exponents) -> int:
    """How many entries of a full tensor share these exponents, (a + b + c)! / (a! b! c!)."""
    a, b, c = exponents
    return factorial(a + b + c) // (factorial(a) * factorial(b) * factorial(c))


@cache
def solid_harmonics(l: int) -> tuple[Polynomial, ...]:
    """The harmonic polynomials P_m of degree l, m = -l..l, with coprime integer coefficients.

    P_m = Π_m(z, r²) Re (x + iy)^m for m >= 0 and Π_|m|(z, r²) Im (x + iy)^|m| for m < 0, with a positive coefficient
    at the highest power of z. Orthogonal under the Frobenius product of their coefficient tensors.
    """
    if l < 0:
        raise InputError(f"a rank is at least 0, got l = {l}")
    return tuple(_solid_harmonic(l, m) for m in range(-l, l + 1))


def _solid_harmonic(l: int, m: int) -> Polynomial:
    order, imaginary = abs(m), m < 0
    azimuth = {
        (order - j, j): (-1) ** (j // 2) * comb(order, j) for j in range(order + 1) if j % 2 == imaginary
    }  # Im or Re of (x + iy)^order
    result: Polynomial = defaultdict(int)
    for k in range((l - order) // 2 + 1):
        legendre = (-1) ** k * comb(l, k) * comb(2 * l - 2 * k, l) * perm(l - 2 * k, order)
        for a, b, c in monomials(k):  # r^2k
            for (i, j), coefficient in azimuth.items():
                exponents = (2 * a + i, 2 * b + j, 2 * c + l - 2 * k - order)
                result[exponents] += legendre * multinomial((a, b, c)) * coefficient
    content = gcd(*result.values())
    return {e: value // content for e, value in sorted(result.items(), reverse=True) if value}


@cache
def squared_norms(l: int) -> tuple[Fraction, ...]:
    """The squared Frobenius norm of the symmetric tensor of each P_m: sum of coefficient² / multinomial."""
    return tuple(
        sum((Fraction(c * c, multinomial(e)) for e, c in polynomial.items()), Fraction(0))
        for polynomial in solid_harmonics(l)
    )


@cache
def sphere_norms(l: int) -> tuple[Fraction, ...]:
    """The integral of P_m² over the unit sphere, divided by 4π: l! / (2l + 1)!! times the squared Frobenius norm."""
    double_factorial = factorial(2 * l + 1) // (2**l * factorial(l))
    return tuple(norm * Fraction(factorial(l), double_factorial) for norm in squared_norms(l))


@cache
def components_of_tensor(l: int) -> IntegerMatrix:
    """The integer matrix (2l + 1, monomials) that takes the entries of a symmetric tensor to rational components.

    On tensors that are not traceless it takes the components of the traceless part (the deviator).
    """
    return tuple(tuple(p.get(e, 0) for e in monomials(l)) for p in solid_harmonics(l))


@cache
def tensor_of_components(l: int) -> tuple[IntegerMatrix, tuple[Fraction, ...]]:
    """The inverse on traceless tensors: T = matrix · (scale ⊙ x), with a matrix of coprime integer columns.

    Returns:
        The integer matrix (monomials, 2l + 1) and the positive rational scale of each component.
    """
    columns, scales = [], []
    for polynomial, norm in zip(solid_harmonics(l), squared_norms(l), strict=True):
        entries = [Fraction(polynomial.get(e, 0), multinomial(e)) for e in monomials(l)]
        unit = _common_unit(entries)
        columns.append([int(entry / unit) for entry in entries])
        scales.append(unit / norm)
    return tuple(zip(*columns, strict=True)), tuple(scales)


def _common_unit(values: list[Fraction]) -> Fraction:
    """The largest rational of which all `values` are integer multiples."""
    top, bottom = 0, 1
    for value in values:
        if value:
            top = gcd(top, value.numerator)
            bottom = bottom * value.denominator // gcd(bottom, value.denominator)
    return Fraction(top, bottom)


@cache
def free_entries(l: int) -> tuple[Exponents, ...]:
    """The 2l + 1 entries with at most one z index, which determine a traceless tensor."""
    return tuple(e for e in monomials(l) if e[2] < 2)


@cache
def tensor_of_free_entries(l: int) -> IntegerMatrix:
    """The integer matrix (monomials, 2l + 1) from `free_entries` to all entries, by T_zz = -T_xx - T_yy."""
    columns = {e: {e: 1} for e in free_entries(l)}

    def combination(e: Exponents) -> Polynomial:
        if e not in columns:
            a, b, c = e
            total: Polynomial = defaultdict(int)
            for other in ((a + 2, b, c - 2), (a, b + 2, c - 2)):
                for free, coefficient in combination(other).items():
                    total[free] -= coefficient
            columns[e] = dict(total)
        return columns[e]

    return tuple(tuple(combination(e).get(free, 0) for free in free_entries(l)) for e in monomials(l))
