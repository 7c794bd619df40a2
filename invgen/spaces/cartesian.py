"""Cartesian moments and their irreducible parts, exactly: x = A m with an invertible matrix of integers.

The moment m_abc of a field f is the sum (or integral) of x^a y^b z^c f. For every polynomial Q the sum of Q f is a
combination of moments, so an irreducible part is named by the polynomials that it integrates: r^2k P_m for a scalar
field, and vectors or matrices of polynomials r^2k Q_m for vector and matrix fields, where Q_m has harmonic entries of
degree l. The operators ∂, r x ∂ and (2L + 1) r - r² ∂ take the harmonic polynomials of degree L to vectors of harmonic
polynomials of degree L - 1, L and L + 1 and commute with rotations, hence they make all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise, product
from math import gcd

from invgen.algebra.levi_civita import levi_civita
from invgen.checks import as_integer, shown
from invgen.errors import InputError
from invgen.spaces.harmonics import Exponents, Polynomial, monomials, multinomial, solid_harmonics
from invgen.spaces.layouts import CartesianLayout, LayoutRow, NamedIrrep

# What a field's values are -> the letter of its tensors, the number of the values' indices in three dimensions, and
# their parity.
FIELDS = {"scalar": ("m", 0, 1), "vector": ("v", 1, -1), "matrix": ("t", 2, 1), "pseudovector": ("a", 1, 1)}
TENSOR = "c"  # the letter of a general Cartesian tensor
MAX_ORDER = 20
MAX_COMPONENTS = 5000  # as many as a space may have: more are refused before they are made
MAX_CONTRACTION_TERMS = 3**13

_AXES = "xyz"
_UNITS: tuple[Exponents, ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


def moments(orders: Iterable[int], values: str) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    """The irreducible parts of the moments of a field in three dimensions, and their layout.

    Args:
        orders: different orders from 0 to 20, in ascending order.
        values: "scalar", "vector", "pseudovector" or "matrix", what the field has at a point.

    Returns:
        The parts: deviators "m2_2", "m2_0" of the moments of order 2 of a scalar field; "v2_1_0", the part of rank 0 of
        deviator times vector, "a2_1_0" of deviator times pseudovector; "t2_0_1_1", the same for a matrix, whose trace,
        axial vector and symmetric deviator have the third number 0, 1 and 2. And the layout, moments in the order of
        `harmonics.monomials`.

    Raises:
        InputError: unknown values, orders other than those allowed, or more than 5000 components.
    """
    given = check_orders(orders, values)
    size = 3 ** FIELDS[values][1] * sum(len(monomials(n)) for n in given)
    if size > MAX_COMPONENTS:
        raise InputError(
            f"these moments have {size} components; at most {MAX_COMPONENTS} are supported, leave out orders"
        )
    return _moments(given, values)


def check_orders(orders: Iterable[int], values: str) -> tuple[int, ...]:
    """The orders of moments as a tuple; `InputError` unless they ascend from 0 to 20 and the values are known."""
    asked = list(orders) if isinstance(orders, Iterable) and getattr(orders, "ndim", None) != 0 else [orders]
    found = [as_integer(n) for n in asked] if isinstance(orders, Iterable) else []
    given = tuple(n for n in found if n is not None and 0 <= n <= MAX_ORDER)
    if not isinstance(values, str) or values not in FIELDS:
        raise InputError(f"values must be one of {', '.join(map(repr, FIELDS))}, got {values!r}")
    if not given or len(given) < len(found):
        got = ", ".join(map(shown, asked)) or "none"
        raise InputError(f"orders are integers from 0 to {MAX_ORDER}, at least one, got {got}")
    if any(a >= b for a, b in pairwise(given)):
        raise InputError(f"orders must differ and ascend, got {list(given)}; sort them")
    return given


@cache
def _moments(orders: tuple[int, ...], values: str) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    letter, indices, parity = FIELDS[values]
    columns = {
        key: i for i, key in enumerate((e, v) for n in orders for e in monomials(n) for v in _value_indices(indices))
    }
    parts: list[NamedIrrep] = []
    rows: list[LayoutRow] = []
    for n in orders:
        for l in range(n, -1, -2):
            for kind, rank in _couplings(indices, l):
                number = f"_{kind}" if indices == 2 else ""
                name = f"{letter}{n}_{l}{number}_{rank}" if indices else f"{letter}{n}_{l}"
                parts.append((name, rank, (-1) ** n * parity))
                block = [
                    {columns[e, v]: c for v, q in field.items() for e, c in _times_square(q, (n - l) // 2).items()}
                    for field in _fields(indices, l, kind, rank)
                ]
                rows += _primitive(block)
    recipe = ("moments", values, ",".join(map(str, orders)))
    return tuple(parts), CartesianLayout(recipe, tuple(_moment_name(letter, *key) for key in columns), tuple(rows))


def tensor(symmetries: str) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    """The irreducible parts of a Cartesian tensor with index symmetries, and the layout of its components.

    Args:
        symmetries: "ijk" for none; "ij=ji", "ij=-ji", "ijkl=jikl=klij".

    Returns:
        The parts "h0", "h2" or, of several of one rank, "h2_0", "h2_1", in ascending rank, of parity (-1)^order; the
        components "c11", "c12", ..., of which all others are copies up to a sign.

    Raises:
        InputError: the symmetries cannot be read, or leave nothing of the tensor.
    """
    return _tensor(symmetries)


@cache
def _tensor(symmetries: str) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    from invgen.spaces import index_symmetries  # moments have none

    symmetry = index_symmetries.parse(symmetries)
    free = index_symmetries.entries(symmetry)
    blocks = index_symmetries.decompose(symmetry)
    many = Counter(rank for rank, _ in blocks)
    seen = Counter[int]()
    parts: list[NamedIrrep] = []
    rows: list[LayoutRow] = []
    for rank, block in blocks:
        parts.append((f"h{rank}_{seen[rank]}" if many[rank] > 1 else f"h{rank}", rank, (-1) ** symmetry.order))
        seen[rank] += 1
        rows += _primitive(block)
    names = tuple(TENSOR + "".join(str(i + 1) for i in index) for index in free.free)
    return tuple(parts), CartesianLayout(("cartesian", symmetry.text), names, tuple(rows))


def rebuild(recipe: Sequence[str]) -> tuple[tuple[NamedIrrep, ...], CartesianLayout]:
    """Parts and layout from a layout's recipe.

    Raises:
        InputError: there is no such recipe.
    """
    match tuple(recipe):
        case ("moments", values, orders) if all(n.isascii() and n.isdigit() for n in orders.split(",")):
            return moments(map(int, orders.split(",")), values)
        case ("cartesian", symmetries):
            return tensor(symmetries)
    raise InputError(f"no Cartesian space is made from {list(recipe)!r}; see TensorSpace.moments and .cartesian")


def contraction_polynomial(
    subscripts: str, tensors: Sequence[str], layout: CartesianLayout
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """A full contraction of Cartesian tensors, expanded in the components of a layout; traces are allowed.

    A tensor is the whole moment tensor of one order, "m3" (fields: "v3", "a3", "t3", value indices last), or "c" for a
    general tensor: "iij,jkk" of ("m3", "m3") is the squared length of the vector T_iij.

    Returns:
        Coefficients, and for each the exponents of `layout.names`; terms in descending order of exponents.

    Raises:
        InputError: a tensor that the layout does not have, subscripts that do not fit it, a letter that does not appear
            exactly twice, or more than 3^13 terms.

    Complexity: 3^letters products.
    """
    if layout.recipe[0] not in ("moments", "cartesian"):
        raise InputError(f"contractions of Cartesian tensors need three dimensions, got {' '.join(layout.recipe)}")
    groups = subscripts.split(",")
    letters = sorted(set("".join(groups)))
    if len(groups) != len(tensors) or any("".join(groups).count(letter) != 2 for letter in letters):
        raise InputError(
            f"{subscripts!r} of {', '.join(tensors)} is not a full contraction; write one group of letters for each "
            "tensor, every letter twice"
        )
    if 3 ** len(letters) > MAX_CONTRACTION_TERMS:
        raise InputError(f"{subscripts!r} sums 3^{len(letters)} products, at most 3^13 are expanded; shorten it")
    tables = [_entries(layout, name) for name in tensors]
    for group, name, table in zip(groups, tensors, tables, strict=True):
        if len(group) != len(next(iter(table))):
            raise InputError(
                f"{name} has {len(next(iter(table)))} indices, but {group!r} of {subscripts!r} has {len(group)}; "
                "write one letter for each index"
            )
    total: Counter[tuple[int, ...]] = Counter()
    places = [tuple(letters.index(letter) for letter in group) for group in groups]
    for values in product(range(3), repeat=len(letters)):
        factors = [table[tuple(values[p] for p in place)] for place, table in zip(places, tables, strict=True)]
        sign = 1
        for _, factor in factors:
            sign *= factor
        if sign:
            total[tuple(sorted(column for column, _ in factors))] += sign
    terms = []
    for columns, coefficient in total.items():
        exponents = [0] * len(layout.names)
        for column in columns:
            exponents[column] += 1
        if coefficient:
            terms.append((tuple(exponents), coefficient))
    terms.sort(reverse=True)
    return tuple(c for _, c in terms), tuple(e for e, _ in terms)


def _entries(layout: CartesianLayout, name: str) -> Mapping[tuple[int, ...], tuple[int, int]]:
    """Column and sign of every entry of a Cartesian tensor, by its indices; sign 0 where it vanishes."""
    if layout.recipe[0] == "cartesian":
        if name == TENSOR:
            from invgen.spaces import index_symmetries

            return index_symmetries.entries(index_symmetries.parse(layout.recipe[1])).places
        raise InputError(f"the layout has no tensor {name!r}; it has {TENSOR}")
    values, orders = layout.recipe[1:]
    letter, indices, _ = FIELDS[values]
    known = {f"{letter}{n}": int(n) for n in orders.split(",")}
    if name not in known:
        raise InputError(f"the layout has no tensor {name!r}; it has {', '.join(known)}")
    column = {text: i for i, text in enumerate(layout.names)}
    n = known[name]
    table = {}
    for index in product(range(3), repeat=n + indices):
        exponents = (index[:n].count(0), index[:n].count(1), index[:n].count(2))
        table[index] = (column[_moment_name(letter, exponents, index[n:])], 1)
    return table


def _moment_name(letter: str, exponents: Exponents, value: tuple[int, ...]) -> str:
    powers = ("_" if max(exponents) > 9 else "").join(map(str, exponents))
    return letter + powers + ("_" + "".join(_AXES[i] for i in value) if value else "")


def _value_indices(count: int) -> tuple[tuple[int, ...], ...]:
    return tuple(product(range(3), repeat=count))


def _couplings(indices: int, l: int) -> list[tuple[int, int]]:
    """(rank of the value, rank of its product with a deviator of rank l), in the order of the parts."""
    kinds = {0: (0,), 1: (1,), 2: (0, 1, 2)}[indices]
    return [(kind, rank) for kind in kinds for rank in range(l + kind, abs(l - kind) - 1, -1)]


def _fields(indices: int, l: int, kind: int, rank: int) -> list[dict[tuple[int, ...], Polynomial]]:
    """For m = -rank..rank the polynomials Q_m, harmonic of degree l, one for each index of the field's value."""
    if kind == 0:
        unit: list[tuple[int, ...]] = [()] if indices == 0 else [(i, i) for i in range(3)]
        return [dict.fromkeys(unit, p) for p in solid_harmonics(rank)]
    if kind == 1:
        vectors = [_vector(p, rank, l) for p in solid_harmonics(rank)]
        if indices == 1:
            return [{(i,): q for i, q in enumerate(v)} for v in vectors]
        return [
            {(i, j): _scaled(levi_civita(i, j, 3 - i - j), v[3 - i - j]) for i in range(3) for j in range(3) if i != j}
            for v in vectors
        ]
    # H_l ⊗ H_2 lies in H_l ⊗ H_1 ⊗ H_1, so one of the ranks between leads to it
    ways = (
        [_deviator([_vector(q, between, l) for q in _vector(p, rank, between)]) for p in solid_harmonics(rank)]
        for between in range(min(l, rank) + 1, -1, -1)
        if abs(between - l) <= 1 and abs(between - rank) <= 1
    )
    return next(way for way in ways if any(way[0].values()))


def _vector(p: Polynomial, rank: int, l: int) -> list[Polynomial]:
    """A vector of harmonic polynomials of degree l from one of degree `rank`, commuting with rotations."""
    gradient = [_derivative(p, i) for i in range(3)]
    if l == rank - 1:
        return gradient
    if l == rank:
        return [
            _sum(
                _scaled(levi_civita(i, a, b), _times(gradient[b], _UNITS[a]))
                for a in range(3)
                for b in range(3)
                if a != b
            )
            for i in range(3)
        ]
    return [
        _sum([_scaled(2 * rank + 1, _times(p, _UNITS[i])), _scaled(-1, _times_square(gradient[i], 1))])
        for i in range(3)
    ]


def _deviator(matrix: Sequence[Sequence[Polynomial]]) -> dict[tuple[int, ...], Polynomial]:
    """Six times the symmetric traceless part of a matrix of polynomials."""
    trace = _sum(matrix[i][i] for i in range(3))
    return {
        (i, j): _sum(
            [_scaled(3, matrix[i][j]), _scaled(3, matrix[j][i]), _scaled(-2 if i == j else 0, trace)],
        )
        for i in range(3)
        for j in range(3)
    }


def _sum(polynomials: Iterable[Polynomial]) -> Polynomial:
    total: Counter[Exponents] = Counter()
    for p in polynomials:
        for e, c in p.items():
            total[e] += c
    return {e: c for e, c in total.items() if c}


def _scaled(factor: int, p: Polynomial) -> Polynomial:
    return {e: factor * c for e, c in p.items()} if factor else {}


def _times(p: Polynomial, by: Exponents) -> Polynomial:
    return {(a + by[0], b + by[1], c + by[2]): value for (a, b, c), value in p.items()}


def _times_square(p: Polynomial, power: int) -> Polynomial:
    """p · r^(2 power)."""
    return _sum(_scaled(multinomial(e), _times(p, (2 * e[0], 2 * e[1], 2 * e[2]))) for e in monomials(power))


def _derivative(p: Polynomial, axis: int) -> Polynomial:
    unit = _UNITS[axis]
    return {
        (a - unit[0], b - unit[1], c - unit[2]): (a, b, c)[axis] * value
        for (a, b, c), value in p.items()
        if (a, b, c)[axis]
    }


def _primitive(block: Sequence[Mapping[int, int]]) -> list[LayoutRow]:
    """The rows of one irreducible part without zeros, divided by the common divisor of all their coefficients."""
    shared = gcd(*(c for row in block for c in row.values()))
    return [tuple((column, c // shared) for column, c in sorted(row.items()) if c) for row in block]
