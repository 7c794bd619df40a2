"""The 13 invariants of 0e + 1o + 2e + 3o leave 16 orbits with equal values, counted in a second way; a 14th helps.

The members without t tell the orbits of s, v and q apart, and only the identity of O(3) keeps a generic (v, q). So
orbits with equal values are the solutions t of the seven other members at a fixed v and q. Their number modulo a prime
is the dimension of a quotient ring, which a Groebner basis shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

import sympy
from sympy.polys.orderings import grevlex

from invgen import Basis, TensorSpace, generate
from invgen.reduction.orbits.fibres import FibreBounds

SPACE = TensorSpace("s:0e + v:1o + q:2e + t:3o")
PRIME = 32_003
POINT = (3, 5, 7, 11, 2, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53)
FIXED = 9  # components of s, v and q


def power(point: Sequence[int], exponents: Sequence[int]) -> int:
    return prod(pow(x, k, PRIME) for x, k in zip(point, exponents, strict=True))


def solutions(basis: Basis) -> int:
    """The number of t over the closure of GF(p), with multiplicity, that have the members' values at the point."""
    unknowns = sympy.symbols("t0:7")
    equations = []
    for member in basis:
        if "t" not in member.tensors:
            continue
        polynomial, value = sympy.Integer(0), 0
        for exponents, surd in member.polynomial().items():
            fraction = surd.as_fraction()
            assert fraction is not None
            known = fraction.numerator * pow(fraction.denominator, -1, PRIME) * power(POINT[:FIXED], exponents[:FIXED])
            value += known * power(POINT[FIXED:], exponents[FIXED:])
            monomial = sympy.prod(x**k for x, k in zip(unknowns, exponents[FIXED:], strict=True))
            polynomial += known % PRIME * monomial
        equations.append(polynomial - value % PRIME)
    found = sympy.groebner(equations, *unknowns, order="grevlex", modulus=PRIME)
    leading = [p.monoms(order=grevlex)[0] for p in found.polys]
    bounds = [min(m[i] for m in leading if sum(m) == m[i] > 0) for i in range(7)]  # powers of one unknown
    below = product(*(range(b) for b in bounds))
    return sum(not any(all(a >= b for a, b in zip(m, top, strict=True)) for top in leading) for m in below)


def test_sixteen_orbits_share_generic_values_and_one_more_member_tells_them_apart() -> None:
    basis = generate(SPACE, 4, convention="rational")
    assert basis.fibre() == FibreBounds(16, 16)
    assert solutions(basis) == 16
    full = generate(SPACE, 4, convention="rational", select="separating")
    assert len(full) == 14 and full.contractions[:13] == basis.contractions
    assert full.certificate.fibre == FibreBounds(1, 1)
    assert solutions(full) == 1
