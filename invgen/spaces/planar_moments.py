"""Cartesian moments in the plane and their complex moments, exactly: x = A m with an invertible matrix of integers.

With z = x + iy the integral of z^(l+k) z̄^k f is a complex moment of weight l of a scalar field. The values of a vector
field are w = f_x + i f_y, of weight 1, those of a matrix field its trace, its antisymmetric part (a pseudo-scalar) and
its deviator (t_xx - t_yy) + i (t_xy + t_yx), of weight 2. A value of weight v and a polynomial of weight l make two
moments, of weights l + v (their product) and |l - v| (one of them conjugated); where l = v the latter is a real moment
and, as its imaginary part, a real pseudo-moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from math import comb, gcd

from invgen.errors import InputError
from invgen.spaces import layouts
from invgen.spaces.cartesian import FIELDS, MAX_COMPONENTS, check_orders
from invgen.spaces.layouts import CartesianLayout, LayoutRow, NamedIrrep

Value = tuple[int, ...]  # the indices of a field's value: (), (0,), (0, 1)
Column = tuple[int, int, Value]  # exponents of x and y, and the value
Gaussian = tuple[int, int]  # the real and the imaginary part

_AXES = "xy"


def moments(orders: Iterable[int], values: str) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    """The complex moments of a field in the plane, and their layout.

    Args:
        orders: different orders from 0 to 20, in ascending order.
        values: "scalar", "vector", "pseudovector" or "matrix", what the field has at a point; a pseudovector stands
            on the plane, so it is one number, which a reflection turns over.

    Returns:
        The parts, with weights for ranks: "m2_2", "m2_0" of the moments of order 2 of a scalar field; "v2_2_1", the
        part of weight 1 of order 2, of polynomials of weight 2; "t2_0_1_0", the same for a matrix, whose trace,
        antisymmetric part and deviator have the third number 0, 1 and 2. A pseudo-moment beside a moment of weight 0
        has "p" at the end of its name. And the layout, moments "m20", "m11", "m02", for each value.

    Raises:
        InputError: unknown values, orders other than those allowed, or more than 5000 components.
    """
    given = check_orders(orders, values)
    size = 2 ** _indices(values) * sum(n + 1 for n in given)
    if size > MAX_COMPONENTS:
        raise InputError(
            f"these moments have {size} components; at most {MAX_COMPONENTS} are supported, leave out orders"
        )
    return _moments(given, values)


def rebuild(recipe: Sequence[str]) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    """Parts and layout from a layout's recipe.

    Raises:
        InputError: there is no such recipe.
    """
    match tuple(recipe):
        case (layouts.PLANAR_MOMENTS, values, orders) if all(n.isascii() and n.isdigit() for n in orders.split(",")):
            return moments(map(int, orders.split(",")), values)
    raise InputError(f"no planar space is made from {list(recipe)!r}; see TensorSpace.moments")


@cache
def _moments(orders: tuple[int, ...], values: str) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    letter, indices = FIELDS[values][0], _indices(values)
    keys = [(a, n - a, v) for n in orders for a in range(n, -1, -1) for v in product(range(2), repeat=indices)]
    columns = {key: i for i, key in enumerate(keys)}
    parts: list[NamedIrrep] = []
    rows: list[LayoutRow] = []
    for n in orders:
        for l in range(n, -1, -2):
            polynomial = _polynomial((n + l) // 2, (n - l) // 2)
            for kind, weight, parity, value in _values(values):
                for rank, conjugate in ((l + weight, False), (abs(l - weight), True)):
                    if conjugate and not (l and weight):
                        continue  # one of the two is real: both are the same
                    number = f"_{kind}" if indices == 2 else ""
                    name = f"{letter}{n}_{l}{number}_{rank}" if indices else f"{letter}{n}_{l}"
                    form = _times(polynomial, _conjugate(value) if conjugate else value)
                    turn = -1 if conjugate and l < weight else 1  # the moment of weight l - v < 0 is conjugated, too
                    real = [(columns[c], z[0]) for c, z in form.items()]
                    imaginary = [(columns[c], turn * z[1]) for c, z in form.items()]
                    if rank:
                        parts.append((name, rank, parity))
                        rows += _primitive([real, imaginary])
                        continue
                    parts.append((name, 0, parity))
                    rows += _primitive([real])
                    if conjugate:
                        parts.append((f"{name}p", 0, -parity))
                        rows += _primitive([imaginary])
    names = tuple(_name(letter, *key) for key in keys)
    recipe = (layouts.PLANAR_MOMENTS, values, ",".join(map(str, orders)))
    recipe = (layouts.PLANAR_MOMENTS, values, ",".join(map(str, orders)))
    return tuple(parts), CartesianLayout(recipe, names, tuple(rows))


def _indices(values: str) -> int:
    """How many indices a field's value has in the plane."""
    return 0 if values == "pseudovector" else FIELDS[values][1]


def _values(values: str) -> list[tuple[int, int, int, dict[Value, Gaussian]]]:
    """(kind, weight, parity, linear form) of the irreducible parts of a field's value."""
    if values in ("scalar", "pseudovector"):
        return [(0, 0, 1 if values == "scalar" else -1, {(): (1, 0)})]
    if values == "vector":
        return [(1, 1, 1, {(0,): (1, 0), (1,): (0, 1)})]
    return [
        (0, 0, 1, {(0, 0): (1, 0), (1, 1): (1, 0)}),
        (1, 0, -1, {(0, 1): (1, 0), (1, 0): (-1, 0)}),
        (2, 2, 1, {(0, 0): (1, 0), (1, 1): (-1, 0), (0, 1): (0, 1), (1, 0): (0, 1)}),
    ]


def _polynomial(a: int, b: int) -> dict[tuple[int, int], Gaussian]:
    """z^a z̄^b in powers of x and y."""
    result: dict[tuple[int, int], Gaussian] = {}
    for j in range(a + 1):
        for k in range(b + 1):
            key, size = (a + b - j - k, j + k), comb(a, j) * comb(b, k)
            real, imaginary = result.get(key, (0, 0))
            turn = ((1, 0), (0, 1), (-1, 0), (0, -1))[(j - k) % 4]  # i^j (-i)^k
            result[key] = (real + size * turn[0], imaginary + size * turn[1])
    return result


def _times(polynomial: dict[tuple[int, int], Gaussian], value: dict[Value, Gaussian]) -> dict[Column, Gaussian]:
    return {
        (a, b, v): (c[0] * d[0] - c[1] * d[1], c[0] * d[1] + c[1] * d[0])
        for (a, b), c in polynomial.items()
        for v, d in value.items()
    }


def _conjugate(value: dict[Value, Gaussian]) -> dict[Value, Gaussian]:
    return {v: (real, -imaginary) for v, (real, imaginary) in value.items()}


def _primitive(block: Sequence[Sequence[tuple[int, int]]]) -> list[LayoutRow]:
    """The rows of one moment without zeros, divided by the common divisor of all their coefficients."""
    shared = gcd(*(c for row in block for _, c in row))
    return [tuple((column, c // shared) for column, c in sorted(row) if c) for row in block]


def _name(letter: str, a: int, b: int, value: Value) -> str:
    powers = f"{a}_{b}" if max(a, b) > 9 else f"{a}{b}"
    return letter + powers + ("_" + "".join(_AXES[i] for i in value) if value else "")
