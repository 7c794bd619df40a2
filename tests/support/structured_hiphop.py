"""hippynn's 13 invariants written by hand as a structured program: the yardstick for what the passes make of it.

Components as hippynn has them: s; x, y, z; xx, xy, xz, yy, yz; xxx, xxy, xxz, xyy, xyz, yyy, yyz. The z-z entries
follow from zero trace.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from invgen.ir import Builder, Program


def hiphop_program() -> Program:
    """The value program: 16 components in, the 13 invariants in hippynn's order out."""
    b = Builder()
    x = b.input("x", 16)
    v = x[1:4]
    q = _second_order(b, x[4:9])
    t = _third_order(b, x[9:16])
    pairs = [(i, j) for i in range(3) for j in range(i, 3)]

    def double_dot(left: dict[tuple[int, ...], int], right: dict[tuple[int, ...], int]) -> int:
        return b.combine((1 if i == j else 2, b.mul(left[i, j], right[i, j])) for i, j in pairs)

    a = {(i, j): b.dot([q[i, k] for k in range(3)], [q[k, j] for k in range(3)]) for i, j in pairs}
    tt = {}
    for i, j in pairs:
        terms = [
            (1 if k == m else 2, b.mul(t[tuple(sorted((i, k, m)))], t[tuple(sorted((j, k, m)))])) for k, m in pairs
        ]
        tt[i, j] = b.combine(terms)
    c = [b.dot([q[i, k] for k in range(3)], v) for i in range(3)]
    d = {(i, j): b.dot([t[tuple(sorted((i, j, k)))] for k in range(3)], v) for i, j in pairs[:5]}
    d[2, 2] = b.neg(b.add(d[0, 0], d[1, 1]))
    e = [
        b.combine((1 if k == m else 2, b.mul(t[tuple(sorted((i, k, m)))], q[k, m])) for k, m in pairs) for i in range(3)
    ]
    vv = {(i, j): b.mul(v[i], v[j]) for i, j in pairs}
    outputs = [
        x[0],
        b.sum([vv[0, 0], vv[1, 1], vv[2, 2]]),
        b.sum([a[0, 0], a[1, 1], a[2, 2]]),
        double_dot(a, q),
        b.sum([tt[0, 0], tt[1, 1], tt[2, 2]]),
        double_dot(tt, tt),
        b.dot(c, v),
        b.dot(c, c),
        double_dot(d, vv),
        double_dot(tt, vv),
        double_dot(tt, q),
        double_dot(tt, a),
        b.dot(e, e),
    ]
    b.output("y", outputs)
    return b.build()


def hiphop_by_definition(x: list[Fraction]) -> list[Fraction]:
    """The same numbers from the definitions, by loops over all Cartesian indices."""
    s, v = x[0], x[1:4]
    axes = range(3)
    q = _table(x[4:9], 2)
    t = _table(x[9:16], 3)
    a = {(i, j): sum(q[i, k] * q[k, j] for k in axes) for i, j in product(axes, axes)}
    tt = {(i, j): sum(t[i, k, m] * t[j, k, m] for k in axes for m in axes) for i, j in product(axes, axes)}
    c = [sum(q[i, k] * v[k] for k in axes) for i in axes]
    d = {(i, j): sum(t[i, j, k] * v[k] for k in axes) for i, j in product(axes, axes)}
    e = [sum(t[i, k, m] * q[k, m] for k in axes for m in axes) for i in axes]

    def dots(left: dict[tuple[int, int], Fraction], right: dict[tuple[int, int], Fraction]) -> Fraction:
        return sum((left[key] * right[key] for key in left), Fraction(0))

    vv = {(i, j): v[i] * v[j] for i, j in product(axes, axes)}
    return [
        s,
        sum(component * component for component in v),
        dots(q, q),
        dots(a, q),
        sum(component * component for component in t.values()),
        dots(tt, tt),
        sum(c[i] * v[i] for i in axes),
        sum(c[i] * c[i] for i in axes),
        dots(d, vv),
        dots(tt, vv),
        dots(tt, q),
        dots(tt, a),
        sum(component * component for component in e),
    ]


def _second_order(b: Builder, x: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    xx, xy, xz, yy, yz = x
    zz = b.neg(b.add(xx, yy))
    rows = ((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))
    return {(i, j): rows[i][j] for i in range(3) for j in range(3)}


def _third_order(b: Builder, x: tuple[int, ...]) -> dict[tuple[int, ...], int]:
    xxx, xxy, xxz, xyy, xyz, yyy, yyz = x
    known = {(0, 0, 0): xxx, (0, 0, 1): xxy, (0, 0, 2): xxz, (0, 1, 1): xyy, (0, 1, 2): xyz, (1, 1, 1): yyy}
    known[1, 1, 2] = yyz
    for k in range(3):
        key = tuple(sorted((k, 2, 2)))
        known[key] = b.neg(b.add(known[tuple(sorted((0, 0, k)))], known[tuple(sorted((1, 1, k)))]))
    return known


def _table(x: list[Fraction], rank: int) -> dict[tuple[int, ...], Fraction]:
    names = [key for key in product(range(3), repeat=rank) if key == tuple(sorted(key)) and key[-2:] != (2, 2)]
    known = dict(zip(names, x))
    for key in product(range(3), repeat=rank):
        if key == tuple(sorted(key)) and key[-2:] == (2, 2):
            rest = key[:-2]
            known[key] = -sum((known[tuple(sorted((*rest, i, i)))] for i in range(2)), Fraction(0))
    return {key: known[tuple(sorted(key))] for key in product(range(3), repeat=rank)}
