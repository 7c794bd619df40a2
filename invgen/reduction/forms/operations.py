"""How many operations a program of several invariants takes, counted before there is a program.

An expression is a list of sums of products. A product or a sum that an earlier expression has computed is not counted
again: of contractions, values that agree up to sign at a random point modulo two primes of 31 bits are one; of coupling
trees, components of the same covariant are. Sums over symmetric indices, squares and couplings of a covariant with
itself are counted with their symmetry, and an entry with two z indices of one tensor as one addition, as it follows
from the trace. Entries and components of the tensors themselves are not counted: other members need them, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, singledispatch
from itertools import product
from math import prod

import numpy as np

from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.algebra.levi_civita import LEVI_CIVITA
from invgen.algebra.modular import Array, PrimeField
from invgen.contractions.contraction import Contraction
from invgen.contractions.coupling import coupling
from invgen.contractions.evaluation import unfolded_exponents
from invgen.contractions.expression import Expression, no_row
from invgen.contractions.multiplication import multiplication_orders
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.plans import Tree, plan
from invgen.contractions.trees import CouplingTree, Node, common_ratio
from invgen.errors import InputError
from invgen.spaces.harmonics import components_of_tensor, monomials, multinomial, tensor_of_components
from invgen.spaces.space import EPSILON, TensorSpace

_CONTENT = "invgen 1|operations"
_LARGEST = 1 << 20  # products of one step; beyond, the plan's cost is taken for the operations
_SHIFT = 31


@dataclass(frozen=True)
class Sum:
    """A sum of products: its key, its additions and scalings, and the keys of its products."""

    key: int
    additions: int
    products: tuple[int, ...]


class Ledger:
    """The products and sums written so far, and what an expression would add to them.

    Args:
        space: the tensors that expressions name.
    """

    def __init__(self, space: TensorSpace) -> None:
        self._space = space
        self._primes = np.array(derived_primes(_CONTENT, 2), dtype=np.int64)
        self._field = PrimeField(self._primes)
        points = np.concatenate([derived_points(_CONTENT, int(p), 1, space.dimension) for p in self._primes])
        self._entries = []
        self._known: set[int] = {0}
        for tensor, where in zip(space.tensors, space.slices, strict=True):
            matrix = self._field.constants(np.array(tensor_of_components(tensor.l)[0], dtype=np.int64))
            entries = self._field.matmul(np.broadcast_to(matrix, (2, *matrix.shape[1:])), points[:, where, None])
            self._entries.append(entries[..., 0])
            self._known |= set(self._keys(entries[..., 0]).tolist())
        self._ids: dict[object, int] = {}
        self._coupled: dict[Node, tuple[tuple[Sum, ...], tuple[tuple[Fraction, int], ...]]] = {}

    def added(self, expression: Expression) -> int:
        """Operations that the cheapest way of computing the expression adds to what is written.

        Raises:
            InputError: the expression is a product of moments in the plane, which has no other form.
        """
        return min(self._cost(sums) for sums in _ways(expression, self))

    def write(self, expression: Expression) -> int:
        """Compute the expression the cheapest way (the first of equal ones) and return the operations added."""
        cost, sums = min(((self._cost(sums), sums) for sums in _ways(expression, self)), key=lambda way: way[0])
        for entry in sums:
            self._known.add(entry.key)
            self._known.update(entry.products)
        return cost

    def _cost(self, sums: Sequence[Sum]) -> int:
        """New sums with their additions, and their products, each once."""
        fresh: set[int] = set()
        cost = 0
        for entry in sums:
            if entry.key in self._known or entry.key in fresh:
                continue
            before = len(fresh)
            fresh.update(key for key in entry.products if key not in self._known)
            cost += entry.additions + len(fresh) - before
            fresh.add(entry.key)
        return cost

    # -- coupling trees --------------------------------------------------------------------------------------------

    def _tree(self, root: Node) -> Sequence[Sum]:
        if isinstance(root, str):
            return ()
        below = (*self._covariant(root[0])[0], *self._covariant(root[1])[0])
        return (*below, *self._covariant(root)[0])

    def _covariant(self, node: Node) -> tuple[tuple[Sum, ...], tuple[tuple[Fraction, int], ...]]:
        """All sums of a covariant, those of its parts first, and its components as factors and keys."""
        if node not in self._coupled:
            self._coupled[node] = self._couple(node)
        return self._coupled[node]

    def _couple(self, node: Node) -> tuple[tuple[Sum, ...], tuple[tuple[Fraction, int], ...]]:
        if isinstance(node, str):
            units = _units(self._space.tensors[self._space.index(node)].l)
            return (), tuple((unit, self._id((node, m))) for m, unit in enumerate(units))
        (before, left), (also, right) = self._covariant(node[0]), self._covariant(node[1])
        found = coupling(len(left) // 2, len(right) // 2, node[2])
        rows: list[dict[int, Fraction]] = [{} for _ in range(2 * node[2] + 1)]
        for m, i, j, coefficient in found.terms if found else ():
            (f, u), (g, v) = left[i], right[j]
            pair = self._id((min(u, v), max(u, v)))
            rows[m][pair] = rows[m].get(pair, Fraction(0)) + coefficient * f * g
        sums, components = [], []
        for m, row in enumerate(rows):
            terms = {pair: c for pair, c in row.items() if c}
            unit = common_ratio(terms.values()) if node[2] else Fraction(1)
            scalings = len({abs(c) for c in terms.values()} - {unit})
            key = self._id((node, m)) if len(terms) != 1 or scalings else next(iter(terms))
            sums.append(Sum(key, max(len(terms) - 1, 0) + scalings, tuple(terms)))
            components.append((unit, key))
        return (*before, *also, *sums), tuple(components)

    def _id(self, what: object) -> int:
        """A negative number, so that it differs from the keys of values."""
        return self._ids.setdefault(what, -len(self._ids) - 1)

    # -- contractions ----------------------------------------------------------------------------------------------

    def _keys(self, values: Array) -> Array:
        """One number for each pair of residues (2, ...), the same for opposite values, 0 for zero."""
        opposite = (self._primes.reshape(-1, *(1,) * (values.ndim - 1)) - values) % self._primes.reshape(
            -1, *(1,) * (values.ndim - 1)
        )
        first, second = ((v[0] << _SHIFT) + v[1] for v in (values, opposite))
        keys: Array = np.minimum(first, second)
        return keys

    def _contraction(self, contraction: Contraction, tree: Tree) -> Sequence[Sum]:
        edges, legs = contraction.legs
        epsilon = contraction.tensors.index(EPSILON) if EPSILON in contraction.tensors else -1
        sums: list[Sum] = []

        def build(part: Tree) -> tuple[tuple[int, ...], frozenset[int], Array]:
            if not isinstance(part, int):
                return multiply(build(part[0]), build(part[1]))
            if part == epsilon:
                return legs[part], frozenset((part,)), self._field.reduce(np.array([LEVI_CIVITA] * 2))
            sizes, exponents = unfolded_exponents(tuple(edges[e][2] for e in legs[part]))
            own = self._entries[self._space.index(contraction.tensors[part])]
            place = {e: i for i, e in enumerate(monomials(sum(edges[e][2] for e in legs[part])))}
            return legs[part], frozenset((part,)), own[:, [place[e] for e in exponents]].reshape(2, *sizes)

        def multiply(
            left: tuple[tuple[int, ...], frozenset[int], Array], right: tuple[tuple[int, ...], frozenset[int], Array]
        ) -> tuple[tuple[int, ...], frozenset[int], Array]:
            shared = tuple(e for e in left[0] if e in right[0])
            rows, columns = (tuple(e for e in side[0] if e not in shared) for side in (left, right))
            a = _matrix(left[2], left[0], rows, shared)
            b = _matrix(right[2], right[0], shared, columns)
            weights = _weights(tuple(edges[e][2] for e in shared))
            vertices = left[1] | right[1]
            ends = [(u if u in vertices else v, m) for u, v, m in (edges[e] for e in rows + columns)]
            products = self._field.reduce(a[:, :, None, :] * b.transpose(0, 2, 1)[:, None])  # (2, rows, columns, sum)
            values = self._field.reduce(self._field.reduce(products * weights).sum(axis=-1))
            traced = _traced(tuple(ends), epsilon).reshape(-1)
            sums.extend(self._sums(values, products, weights, traced))
            sizes = [len(monomials(m)) for _, m in ends]
            return rows + columns, vertices, values.reshape(2, *sizes)

        if max(_step_sizes(contraction, tree), default=0) > _LARGEST:
            return [Sum(self._id(contraction), plan(contraction).cost, ())]
        build(tree)
        return sums

    def _sums(self, values: Array, products: Array, weights: Array, traced: Array) -> list[Sum]:
        """The different entries of a product of two nodes, in order of first appearance."""
        keys, firsts = np.unique(self._keys(values).reshape(-1), return_index=True)
        terms = self._keys(products).reshape(-1, products.shape[-1])
        result = []
        for place in sorted(firsts[keys != 0].tolist()):
            row = terms[place]
            present = row != 0
            distinct = tuple(dict.fromkeys(row[present].tolist()))
            scalings = len(set(weights[present].tolist()) - {1})
            additions = len(distinct) - 1 + scalings
            key = int(self._keys(values[:, place // values.shape[2], place % values.shape[2]]))
            if traced[place] and additions + len(distinct) > 1:
                additions, distinct = 1, ()
            result.append(Sum(key, additions, distinct))
        return result


@singledispatch
def _ways(expression: Expression, ledger: Ledger) -> list[Sequence[Sum]]:
    """The ways of computing an expression, each as all its sums in an order in which they can be written."""
    no_row(expression, "count of operations")


@_ways.register
def _(contraction: Contraction, ledger: Ledger) -> list[Sequence[Sum]]:
    return [ledger._contraction(contraction, tree) for tree in multiplication_orders(contraction)]


@_ways.register
def _(tree: CouplingTree, ledger: Ledger) -> list[Sequence[Sum]]:
    return [ledger._tree(tree.root)]


@_ways.register
def _(product: PlanarProduct, ledger: Ledger) -> list[Sequence[Sum]]:
    raise InputError(f"{product} is a product of moments in the plane, which has one form only")


@cache
def _units(l: int) -> tuple[Fraction, ...]:
    """Rational components of a tensor as multiples of the numbers that its entries are made from, which are there."""
    back, (there, _) = components_of_tensor(l), tensor_of_components(l)
    return tuple(Fraction(sum(c * entry[m] for c, entry in zip(row, there, strict=True))) for m, row in enumerate(back))


def _matrix(a: Array, axes: tuple[int, ...], rows: tuple[int, ...], columns: tuple[int, ...]) -> Array:
    """The array as (2, entries of `rows`, entries of `columns`)."""
    arranged = a.transpose([0, *(1 + axes.index(e) for e in rows + columns)])
    return arranged.reshape(2, prod(arranged.shape[1 : 1 + len(rows)]), -1)


@cache
def _weights(multiplicities: tuple[int, ...]) -> Array:
    """How often each product occurs in the sum over all index pairs of the shared edges."""
    return np.array([prod(map(multinomial, summed)) for summed in product(*map(monomials, multiplicities))])


@cache
def _traced(ends: tuple[tuple[int, int], ...], epsilon: int) -> Array:
    """Which entries have two z indices of one tensor, (vertex, multiplicity) for each open edge."""
    found = []
    for index in product(*(monomials(m) for _, m in ends)):
        z = dict.fromkeys((vertex for vertex, _ in ends), 0)
        for (vertex, _), (_, _, c) in zip(ends, index, strict=True):
            z[vertex] += c
        found.append(any(c >= 2 for vertex, c in z.items() if vertex != epsilon))
    return np.array(found)


def _step_sizes(contraction: Contraction, tree: Tree) -> list[int]:
    """The products of every step, with the entries of edges as axes."""
    edges = contraction.legs[0]
    sizes: list[int] = []

    def visit(part: Tree) -> frozenset[int]:
        if isinstance(part, int):
            return frozenset((part,))
        left, right = visit(part[0]), visit(part[1])
        touching = [m for u, v, m in edges if ((u in left) != (v in left)) or ((u in right) != (v in right))]
        sizes.append(prod(len(monomials(m)) for m in touching))
        return left | right

    visit(tree)
    return sizes
