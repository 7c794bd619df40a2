"""The rotation generators obey the Lie algebra, keep norms, and move harmonic polynomials as rotations do."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from sympy import Poly, Rational, diff, symbols

from invgen.errors import InputError
from invgen.spaces import harmonics
from invgen.spaces.rotations import rotation_generators

RANKS = range(8)


def matrices(l: int) -> list[np.ndarray]:
    return [np.array(matrix, dtype=object) for matrix in rotation_generators(l)]


@pytest.mark.parametrize("l", [*RANKS, 20])
def test_commutators_are_those_of_so3(l: int) -> None:
    x, y, z = matrices(l)
    for a, b, c in ((x, y, z), (y, z, x), (z, x, y)):
        assert (a @ b - b @ a == c).all()


@pytest.mark.parametrize("l", RANKS)
def test_generators_are_antisymmetric_in_the_frobenius_norm(l: int) -> None:
    metric = np.array([1 / norm for norm in harmonics.squared_norms(l)], dtype=object)[:, None]
    for matrix in matrices(l):
        assert (metric * matrix == -(metric * matrix).T).all()


@pytest.mark.parametrize("l", RANKS)
def test_the_casimir_is_minus_l_times_l_plus_1(l: int) -> None:
    total = sum(matrix @ matrix for matrix in matrices(l))
    assert (total == -l * (l + 1) * np.eye(2 * l + 1, dtype=int)).all()


@pytest.mark.parametrize("l", RANKS)
def test_moments_of_a_point_move_as_the_point_does(l: int) -> None:
    """For T = r⊗...⊗r the components are P_m(r), and dr/dt = e_a × r."""
    r = symbols("x y z")
    polynomials = [
        sum(c * r[0] ** e[0] * r[1] ** e[1] * r[2] ** e[2] for e, c in p.items()) for p in harmonics.solid_harmonics(l)
    ]
    for axis, matrix in enumerate(rotation_generators(l)):
        velocity = [0, 0, 0]
        velocity[(axis + 1) % 3] = -r[(axis + 2) % 3]
        velocity[(axis + 2) % 3] = r[(axis + 1) % 3]
        for p, row in zip(polynomials, matrix, strict=True):
            moved = sum(diff(p, s) * v for s, v in zip(r, velocity, strict=True))
            expected = sum(Rational(c.numerator, c.denominator) * q for c, q in zip(row, polynomials, strict=True))
            assert Poly(moved - expected, *r).is_zero


def test_entries_are_fractions() -> None:
    assert all(isinstance(entry, Fraction) for matrix in rotation_generators(3) for row in matrix for entry in row)
    assert rotation_generators(0) == (((Fraction(0),),),) * 3


def test_a_negative_rank_is_refused() -> None:
    with pytest.raises(InputError, match="rank"):
        rotation_generators(-1)
