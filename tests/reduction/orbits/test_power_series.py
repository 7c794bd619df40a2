"""Series and curves modulo a prime against integer arithmetic, and the curve against what defines it."""

from __future__ import annotations

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.algebra.finite_field import derived_points, is_prime
from invgen.reduction.orbits.power_series import Curve, interpolate, multiply, series_prime, transform

PRIME = series_prime("a test")


def test_the_prime_has_31_bits_and_roots_of_unity() -> None:
    assert is_prime(PRIME) and 2**30 < PRIME < 2**31 and PRIME % 2**20 == 1
    assert series_prime("another test") != PRIME == series_prime("a test")


@pytest.mark.parametrize("size", [1, 2, 64])
def test_values_at_roots_of_unity_are_those_of_the_polynomial(size: int) -> None:
    coefficients = derived_points("polynomial", PRIME, 1, size)[0]
    values = transform(coefficients, size, PRIME)
    root = next(int(v) for v in transform(np.array([0, 1]), size, PRIME)[1:]) if size > 1 else 1
    for power in range(size):
        x = pow(root, power, PRIME)
        assert values[power] == sum(int(c) * pow(x, j, PRIME) for j, c in enumerate(coefficients)) % PRIME
    assert (interpolate(values, PRIME) == coefficients).all()


def test_products_are_truncated_convolutions() -> None:
    a, b = derived_points("factors", PRIME, 2, 9)
    expected = [sum(int(a[j]) * int(b[n - j]) for j in range(n + 1)) % PRIME for n in range(9)]
    assert multiply(a, b, PRIME).tolist() == expected


@pytest.mark.parametrize("terms", [1, 2, 5, 33])
def test_members_are_linear_along_the_curve(terms: int) -> None:
    space = TensorSpace("1o + 2e")
    members = generate(space, 4).contractions
    point, direction = derived_points("curve", PRIME, 1, 8)[0], derived_points("direction", PRIME, 1, 5)[0]
    columns = generate(space, 4).certificate.columns
    curve = Curve(space, members, columns, PRIME, point, direction, terms)
    assert curve.x.shape == (8, terms) and (curve.x[:, 0] == point).all()
    assert not curve.x[[j for j in range(8) if j not in columns], 1:].any()
    found = curve.series(members, terms)
    assert not found[:, 2:].any()
    assert terms < 2 or (found[:, 1] == direction).all()
