"""The binary forms that the icosahedral rotations keep, and the tensors that have them.

A traceless tensor of rank l is a binary form of degree 2l through the isotropic vector of `contractions.coupling`: x +
iy = -Y², x - iy = X² and z = XY. The forms that the icosahedral rotations keep are polynomials in Klein's three (Klein,
Vorlesungen über das Ikosaeder, 1884, I.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import gcd

from invgen.errors import EnumerationError
from invgen.spaces.harmonics import solid_harmonics, squared_norms

Form = dict[tuple[int, int], tuple[int, int]]  # (power of X, power of Y) -> (real, imaginary)


def icosahedral_forms(l: int) -> Iterator[Form]:
    """The binary forms of degree 2l that the icosahedral rotations keep: f^a H^b T^c with 6a + 10b + 15c = l."""
    vertices, faces, edges = _klein_forms()
    for c in (0, 1):
        for b in range((l - 15 * c) // 10 + 1 if l >= 15 * c else 0):
            if (l - 15 * c - 10 * b) % 6 == 0:
                form: Form = {(0, 0): (1, 0)}
                for factor, times in ((vertices, (l - 15 * c - 10 * b) // 6), (faces, b), (edges, c)):
                    for _ in range(times):
                        form = _form_product(form, factor)
                yield form


@cache
def _klein_forms() -> tuple[Form, Form, Form]:
    """Klein's forms of the vertices, of the faces and of the edges: f, its Hessian, and the Jacobian of the two.

    f = XY (i X^10 + 11 X^5 Y^5 + i Y^10) is Klein's own, turned by a right angle about z.
    """
    f: Form = {(11, 1): (0, 1), (6, 6): (11, 0), (1, 11): (0, 1)}
    by_x, by_y = _form_derivative(f, 0), _form_derivative(f, 1)
    hessian = _form_sum(
        _form_product(_form_derivative(by_x, 0), _form_derivative(by_y, 1)),
        _form_product(_form_derivative(by_x, 1), _form_derivative(by_x, 1)),
    )
    hessian = _primitive(hessian)
    jacobian = _form_sum(
        _form_product(by_x, _form_derivative(hessian, 1)), _form_product(by_y, _form_derivative(hessian, 0))
    )
    return f, hessian, _primitive(jacobian)


def _form_product(a: Form, b: Form) -> Form:
    result: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for (i, j), (p, q) in a.items():
        for (k, m), (r, s) in b.items():
            entry = result[i + k, j + m]
            entry[0] += p * r - q * s
            entry[1] += p * s + q * r
    return {key: (p, q) for key, (p, q) in result.items() if p or q}


def _form_derivative(form: Form, variable: int) -> Form:
    result: Form = {}
    for (i, j), (p, q) in form.items():
        power = (i, j)[variable]
        if power:
            result[i - (variable == 0), j - (variable == 1)] = (p * power, q * power)
    return result


def _form_sum(a: Form, minus: Form) -> Form:
    """a - minus."""
    result = dict(a)
    for key, (p, q) in minus.items():
        r, s = result.get(key, (0, 0))
        result[key] = (r - p, s - q)
    return {key: value for key, value in result.items() if value != (0, 0)}


def _primitive(form: Form) -> Form:
    unit = gcd(*(v for value in form.values() for v in value))
    return {key: (p // unit, q // unit) for key, (p, q) in form.items()}


def components_of_form(form: Form, l: int) -> list[Fraction]:
    """The rational components of the tensor with this binary form, up to a factor.

    Of an isotropic vector v with x + iy = -Y², x - iy = X² and z = XY, the form of P_m is, up to one factor for all m
    of one |m|, (XY)^(l - |m|) times the real or imaginary part of (x + iy)^|m|.
    """
    row = []
    for m in range(-l, l + 1):
        weight = _leading(l, m)
        high = form.get((l - abs(m), l + abs(m)), (0, 0))  # of (x + iy)^|m| = (-1)^m Y^2|m|
        low = form.get((l + abs(m), l - abs(m)), (0, 0))  # of (x - iy)^|m| = X^2|m|
        sign = (-1) ** abs(m)
        if m == 0:
            value = high
        elif m > 0:  # a Re + b Im has the coefficients (a - ib)/2 of x + iy and (a + ib)/2 of x - iy
            value = (sign * high[0] + low[0], sign * high[1] + low[1])
        else:  # b = i (plus - minus)
            value = (-(sign * high[1] - low[1]), sign * high[0] - low[0])
        row.append((Fraction(value[0]) / weight, Fraction(value[1]) / weight))
    real = [value for value, _ in row]
    imaginary = [value for _, value in row]
    if any(real) and any(imaginary):
        raise EnumerationError(f"a form of degree {2 * l} is not real; please report this as a defect")
    chosen = real if any(real) else imaginary
    return [value * norm for value, norm in zip(chosen, squared_norms(l), strict=True)]


def _leading(l: int, m: int) -> Fraction:
    """P_m at isotropic vectors over z^(l - |m|) times the real or imaginary part of (x + iy)^|m|, at one of them."""
    # X = 1 and Y = 2: x = -3/2, y = 5i/2, z = 2, so that x + iy = -4 and x - iy = 1.
    order = abs(m)
    total = Fraction(0)
    for (i, j, k), value in solid_harmonics(l)[l + m].items():  # j is odd where m < 0; one i is left out
        total += value * Fraction(-3, 2) ** i * Fraction(5, 2) ** j * (-1) ** (j // 2) * 2**k
    turned = int((-4) ** order)
    part = Fraction(turned + 1, 2) if m >= 0 else Fraction(1 - turned, 2)  # Im is i (1 - (-4)^|m|) / 2
    return total / (part * (1 << (l - order)))
