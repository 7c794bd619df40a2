"""How many orbits in the plane share generic values: exactly, from lattices of exponents.

With c and c* as independent variables, products of moments of weight 0 are the points of a lattice L of exponents, and
the fractions that SO(2) keeps are the field C(L). Members are X + X* and X - X* of products X, or products N = N* such
as norms c c*. Let the lattice of the N, and of those X and X* of which both parts are given, hold every X X*, and
let M be the lattice of all X, X* and N.

* [C(L) : C(M)] is the index of M in L.
* C(M) over the field of the members arises from the roots X, X* of t² - (X + X*) t + X X*, and X, -X* where X - X* is
  given. It is a Galois extension; its automorphisms are the choices of a root for every X that respect the relations
  among the X and N in M. Where X + X* and X - X* are members the root is determined. The X of one circuit of angles
  (one component of the matroid of the vectors X - X*) can only be exchanged together, and an exchange of components is
  allowed if every relation holds an even number of times an X in them of which X - X* is given.

The number of orbits of SO(2) is the product of both; O(2) puts them together two by two, unless reflections act on the
invariants of SO(2) as the identity does.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from invgen.algebra.lattices import Row, bezout_coefficients, contains, triangular
from invgen.contractions.expression import Expression
from invgen.contractions.planar_product import IMAGINARY, PlanarProduct
from invgen.reduction.orbits.ring_degree import rank_mod_2, reflection_counts
from invgen.spaces.space import TensorSpace

Exponents = tuple[int, ...]


def planar_orbits(space: TensorSpace, members: Sequence[Expression]) -> int | None:
    """The number of complex orbits that share generic values, for members of full rank in the plane.

    Returns:
        The number; None where the norm X X* of some product is not a product of what the members give.

    Complexity: a triangular form of one integer row for each member.
    """
    norms, parts = _read(space, members)
    given = [*norms, *(y for x in parts if len(parts[x]) > 1 for y in (x, _conjugate(space, x)))]
    fixed, _ = triangular(given)
    if not all(contains(fixed, [a + b for a, b in zip(x, _conjugate(space, x), strict=True)]) for x in parts):
        return None
    found = _index(space, [*given, *parts]) << _exchanges(space, given, parts)
    return found // 2 if reflection_counts(space) else found


def _read(space: TensorSpace, members: Sequence[Expression]) -> tuple[list[Exponents], dict[Exponents, set[str]]]:
    """The exponents of real products, and for each pair of conjugate ones those of one and the parts that are given."""
    norms: list[Exponents] = []
    parts: dict[Exponents, set[str]] = {}
    for member in members:
        if isinstance(member, PlanarProduct):
            x = _exponents(space, member)
            conjugate = _conjugate(space, x)
            if x == conjugate:
                norms.append(x)
            else:
                parts.setdefault(max(x, conjugate), set()).add(member.part)
    return norms, parts


def _exponents(space: TensorSpace, product: PlanarProduct) -> Exponents:
    """How often each moment occurs, and how often each conjugate: (c_1, c_1*, ...); a real moment has no conjugate."""
    result = [0] * (2 * len(space.tensors))
    for name, conjugated in product.moments:
        result[2 * space.index(name) + conjugated] += 1
    return tuple(result)


def _conjugate(space: TensorSpace, x: Exponents) -> Exponents:
    pairs = [(x[2 * i + 1], x[2 * i]) if t.l else (x[2 * i], x[2 * i + 1]) for i, t in enumerate(space.tensors)]
    return tuple(value for pair in pairs for value in pair)


def _index(space: TensorSpace, generators: Sequence[Exponents]) -> int:
    """The index of a lattice of full rank in that of all exponents of weight 0.

    With u of the least weight, all exponents are those of weight 0 and multiples of u, so that the index is that of the
    lattice and u in all exponents, a determinant.
    """
    weights = [sign * t.l for t in space.tensors for sign in (1, -1)]
    places = [j for i, t in enumerate(space.tensors) for j in ((2 * i, 2 * i + 1) if t.l else (2 * i,))]
    rows = [[x[j] for j in places] for x in generators]
    rows.append(bezout_coefficients([weights[j] for j in places]))
    basis, _ = triangular(rows)
    return abs(prod(row[i] for i, row in enumerate(basis)))


def _exchanges(space: TensorSpace, given: Sequence[Exponents], parts: dict[Exponents, set[str]]) -> int:
    """The binary logarithm of the number of ways to exchange products and their conjugates."""
    products = list(parts)
    angles = [[a - b for a, b in zip(x, _conjugate(space, x), strict=True)] for x in products]
    free = [c for c in _components(angles) if all(len(parts[products[i]]) == 1 for i in c)]
    _, relations = triangular([*given, *products])
    signs = [[i for i in c if parts[products[i]] == {IMAGINARY}] for c in free]
    rows = [tuple(sum(n[len(given) + i] for i in odd) for odd in signs) for n in relations]
    return len(free) - rank_mod_2(rows)


def _components(vectors: Sequence[Row]) -> list[list[int]]:
    """The components of the matroid of these vectors: those of one circuit belong together.

    The circuits that hold one vector outside a basis, and otherwise vectors of it, are enough to join them all.
    """
    component = list(range(len(vectors)))
    basis: list[tuple[int, list[Fraction], dict[int, Fraction]]] = []  # pivot, reduced vector, as a sum of vectors
    for number, vector in enumerate(vectors):
        rest, used = [Fraction(v) for v in vector], {number: Fraction(1)}
        for pivot, row, combination in basis:
            factor = rest[pivot] / row[pivot]
            if factor:
                rest = [a - factor * b for a, b in zip(rest, row, strict=True)]
                for i, coefficient in combination.items():
                    used[i] = used.get(i, Fraction(0)) - factor * coefficient
        place = next((i for i, value in enumerate(rest) if value), None)
        if place is not None:
            basis.append((place, rest, used))
            continue
        joined = {component[i] for i, coefficient in used.items() if coefficient}
        component = [min(joined) if c in joined else c for c in component]
    return [[i for i, c in enumerate(component) if c == first] for first in sorted(set(component))]
