"""How far invariants are from being functions of others: a proved lower bound of the degree of a field extension.

Let f_1, ..., f_r be independent members of degrees d_i, r = dim V - dim orbit, and g another invariant of degree e, in
any grading of the tensors (see `reduction.bezout`).
The irreducible relation P(f, g) = 0 has the degree k = [C(f, g) : C(f)] in g, and a weighted degree W with

    k' W <= B e,   B = d_1 ... d_r · lim (1 - t)^r H(t),   k' = [C(V)^G : C(f, g)],

as the ring of invariants contains k' independent copies of C[f, g], of Hilbert series (1 - t^W) / ((1 - t^e) prod
(1 - t^d_i)). Hence the coefficient of g^i in P has degree at most (B - i) e / min d_i in f.

On the curve f(x(s)) = a + s v over GF(p) (see `reduction.power_series`) g is a power series. If k < K, then lifting a
to p-adic numbers without algebraic relation, the curve lifts, P does not vanish on the line, and, divided by a power
of p, it reduces to a relation of 1, g, ..., g^(K-1) over GF(p)[s] with coefficients of those degrees, not all zero. So
linear independence of the s^j g^i modulo some power of s proves k >= K. That is all: the rank of a matrix
modulo p.

Of several g_j one takes sum c_j g_j h^(e - e_j) with a further variable h of degree 1, which changes neither B nor
degrees of fields, at h = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_points
from invgen.algebra.series import multiply, series_prime
from invgen.contractions.at_points import jacobian
from invgen.contractions.expression import Expression
from invgen.reduction.orbits.bezout import Bezout
from invgen.reduction.orbits.power_series import SeriesCurve
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces.space import TensorSpace

MAX_UNKNOWNS = 1000  # coefficients of a relation that is looked for
MAX_EVALUATIONS = 2**19  # points of the curve times members
_SPREAD = 8  # between the degrees of members that vary
_SPARE = 8  # terms beyond the unknowns, so that independent series show it


def field_degree(
    space: TensorSpace, core: Sequence[Expression], others: Sequence[Expression], bezout: Bezout, content: str
) -> int:
    """A number that [C(core, others) : C(core)] is proved to reach; 1, which proves nothing, where it is out of reach.

    Args:
        space: the tensors and the group.
        core: dim V - dim orbit independent members.
        others: further invariants.
        bezout: B for the core, and its grading.
        content: what prime, point and direction are derived from.

    Complexity: the rank of a matrix of n² residues, n = sum of (B - i) e / min d_i over i < B, 1,000 at most: where
    that is not enough, fewer powers of g are looked at.
    """
    if not core or not others:
        return 1
    blocks = _blocks(bezout, [c.multidegree(space) for c in core], [g.multidegree(space) for g in others])
    terms = sum(blocks) + _SPARE
    work = max(m.degree for m in (*core, *others)) * terms * (len(core) + len(others))
    if len(blocks) < 2 or work > MAX_EVALUATIONS:
        return 1
    prime = series_prime(content)
    point = derived_points(content, prime, 1, space.dimension)[0]
    columns = _columns(jacobian(space, core, prime, [int(v) for v in point]), prime)
    if len(columns) < len(core):
        return 1
    factors = derived_points(f"{content}|factors", prime, 1, len(core) + len(others))[0]
    varies = np.array(_vary(bezout, [c.multidegree(space) for c in core]))
    direction: Vector = np.where(varies, factors[: len(core)], 0)
    curve = SeriesCurve(space, core, columns, prime, point, direction, terms)
    series = np.zeros(terms, dtype=np.int64)
    for factor, row in zip(factors[len(core) :], curve.series(others, terms), strict=True):
        series = (series + factor * row) % prime
    return _independent_powers(series, blocks, prime)


def within_reach(bezout: Bezout, core: Sequence[Multidegree], other: Multidegree) -> bool:
    """Whether the degree of a field that an invariant generates can be told from half the bound, so that it is proved.

    Args:
        bezout: B for the core, and its grading.
        core: multidegrees of the core.
        other: multidegree of the invariant.
    """
    return 2 * len(_blocks(bezout, core, [other])) > bezout.bound


def _vary(bezout: Bezout, core: Sequence[Multidegree]) -> list[bool]:
    """Which members vary along the curve: any choice proves what it finds, and a high lowest degree is cheap.

    In a grading that puts tensors far apart these are the members of the highest ones. Scalars alone need not vary.
    """
    top = max((bezout.degree(m) for m in core if sum(m) > 1), default=0)
    return [sum(m) > 1 and _SPREAD * bezout.degree(m) >= top for m in core] if top else [True] * len(core)


def _blocks(bezout: Bezout, core: Sequence[Multidegree], others: Sequence[Multidegree]) -> list[int]:
    """How many coefficients each power of g has in a relation, for as many powers as can be looked at."""
    lowest = min(bezout.degree(m) for m, varies in zip(core, _vary(bezout, core), strict=True) if varies)
    ratio = Fraction(max(map(bezout.degree, others)), lowest)
    blocks: list[int] = []
    for power in range(min(floor(bezout.bound), MAX_UNKNOWNS)):
        size = floor((bezout.bound - power) * ratio) + 1
        if sum(blocks) + size > MAX_UNKNOWNS:
            break
        blocks.append(size)
    return blocks


def _independent_powers(series: Vector, blocks: Sequence[int], prime: int) -> int:
    """The number of powers 1, g, ... whose multiples by 1, s, ..., as many as the blocks say, are independent."""
    terms = len(series)
    echelon = Echelon(terms, prime)
    power = np.zeros(terms, dtype=np.int64)
    power[0] = 1
    for number, size in enumerate(blocks):
        for shift in range(size):
            row = np.zeros(terms, dtype=np.int64)
            row[shift:] = power[: terms - shift]
            if not echelon.insert(row):
                return number
        power = multiply(power, series, prime)
    return len(blocks)


def _columns(matrix: Vector, prime: int) -> tuple[int, ...]:
    """Components with respect to which the Jacobian is not singular; fewer than its rows if there are none."""
    return Echelon.of(matrix, matrix.shape[1], prime).pivots
