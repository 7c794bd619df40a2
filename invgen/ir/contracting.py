"""Contractions as programs: partial products of tensors with open indices, in every order that may be cheapest.

Since every tensor is symmetric, a partial product depends on the indices of each tensor only through their exponents,
and since every tensor is traceless, entries with two z indices of one tensor follow from two others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from math import prod

from invgen.algebra.levi_civita import levi_civita
from invgen.contractions.contraction import Contraction
from invgen.contractions.multiplication import multiplication_orders, outer_orders
from invgen.contractions.plans import Edges, Tree
from invgen.ir.builder import Builder
from invgen.ir.couplings import Components, coupled
from invgen.ir.entries import Index, cheaper_entry
from invgen.ir.recoupling import Recoupling, recouplings
from invgen.spaces.harmonics import Exponents, monomials, multinomial
from invgen.spaces.space import EPSILON


@dataclass(frozen=True)
class _Node:
    """A partial product.

    Attributes:
        vertices: the tensors multiplied so far.
        open: the tensors among them with open indices, in order; their numbers of open indices follow from the graph.
        entries: the value id for the exponents of each open tensor.
    """

    vertices: frozenset[int]
    open: tuple[int, ...]
    entries: dict[Index, int]


def ways_of_contraction(
    builder: Builder,
    contraction: Contraction,
    entries: dict[str, dict[Exponents, int]],
    components: Callable[[str], Components],
) -> list[Callable[[], int]]:
    """The ways in which a contraction can be written: orders of multiplication, and sums of couplings."""
    network, trees, traced, sums = _known_ways(contraction)
    ways: list[Callable[[], int]] = [partial(network.scalar, builder, entries, tree) for tree in trees]
    if traced:
        ways.append(partial(network.trace_of_product, builder, entries))
    return [*ways, *(partial(_recoupled, builder, found, components) for found in sums)]


@lru_cache(maxsize=4096)
def _known_ways(contraction: Contraction) -> tuple[_Network, tuple[Tree, ...], bool, tuple[Recoupling, ...]]:
    """Orders of multiplication, whether the trace of a product is another way, and sums of couplings."""
    network = _Network.of(contraction)
    trees = multiplication_orders(contraction)
    trees += [tree for tree in outer_orders(contraction) if tree not in trees]
    traced = len(contraction.tensors) == 2 and bool(network.edges) and network.edges[0][2] > 1
    return network, tuple(trees), traced, recouplings(contraction)


def _recoupled(builder: Builder, found: Recoupling, components: Callable[[str], Components]) -> int:
    """A sum of coupling trees."""
    terms = []
    for coefficient, node in found:
        ((factor, value),) = coupled(builder, node, components)
        terms.append((coefficient * factor, value))
    return builder.combine(terms)


@dataclass(frozen=True)
class _Network:
    """A contraction with one pseudo-vertex for each index of the Levi-Civita symbol.

    Attributes:
        contraction: what is computed.
        edges: (u, v, multiplicity) between vertices or pseudo-vertices.
        epsilon: the vertex of the Levi-Civita symbol, or None.
    """

    contraction: Contraction
    edges: Edges
    epsilon: int | None

    @classmethod
    def of(cls, contraction: Contraction) -> _Network:
        edges, legs = contraction.legs
        if EPSILON not in contraction.tensors:
            return cls(contraction, edges, None)
        epsilon, size = contraction.tensors.index(EPSILON), len(contraction.tensors)
        leg = {edge: size + position for position, edge in enumerate(legs[epsilon])}
        split = tuple(
            (leg[i] if u == epsilon else u, leg[i] if v == epsilon else v, m) for i, (u, v, m) in enumerate(edges)
        )
        return cls(contraction, split, epsilon)

    def scalar(self, builder: Builder, entries: dict[str, dict[Exponents, int]], tree: Tree) -> int:
        """The full contraction, multiplied in the order of `tree`."""
        return self._value(builder, self._node(builder, entries, tree).entries.get(()))

    def trace_of_product(self, builder: Builder, entries: dict[str, dict[Exponents, int]]) -> int:
        """Two tensors contracted over all index pairs but one, then traced: cheap where that product is there."""
        left, right = (self._leaf(builder, entries, v) for v in (0, 1))
        multiplicity = self.edges[0][2]
        partial = _Network(self.contraction, ((0, 1, multiplicity - 1), (0, 2, 1), (1, 3, 1)), None)
        matrix = partial._multiply(builder, left, right).entries
        diagonal = [matrix[e, e] for e in monomials(1) if (e, e) in matrix]
        return builder.sum(diagonal)

    def _value(self, builder: Builder, value: int | None) -> int:
        return builder.constant(0) if value is None else value

    def _node(self, builder: Builder, entries: dict[str, dict[Exponents, int]], tree: Tree) -> _Node:
        if isinstance(tree, int):
            return self._leaf(builder, entries, tree)
        return self._multiply(builder, self._node(builder, entries, tree[0]), self._node(builder, entries, tree[1]))

    def _leaf(self, builder: Builder, entries: dict[str, dict[Exponents, int]], vertex: int) -> _Node:
        if vertex == self.epsilon:
            first = len(self.contraction.tensors)
            axes = monomials(1)
            signs = {(axes[i], axes[j], axes[k]): levi_civita(i, j, k) for i, j, k in product(range(3), repeat=3)}
            legs = (first, first + 1, first + 2)
            return _Node(frozenset(legs), legs, {i: builder.constant(sign) for i, sign in signs.items() if sign})
        own = entries[self.contraction.tensors[vertex]]
        if self.contraction.groups[vertex]:
            return _Node(frozenset((vertex,)), (vertex,), {(e,): value for e, value in own.items()})
        return _Node(frozenset((vertex,)), (), dict.fromkeys([()], *own.values()))

    def _multiply(self, builder: Builder, left: _Node, right: _Node) -> _Node:
        """Multiply two nodes and sum over all index pairs between them."""
        kept, rows = _sums(self.edges, left.vertices, left.open, right.vertices, right.open)
        result: dict[Index, int] = {}
        for index, terms in rows:

            def direct(terms: Sequence[tuple[int, Index, Index]] = terms) -> int | None:
                weights: dict[tuple[int, int], int] = {}
                for weight, first, second in terms:
                    a, b = left.entries.get(first), right.entries.get(second)
                    if a is not None and b is not None:
                        pair = (a, b) if a <= b else (b, a)
                        weights[pair] = weights.get(pair, 0) + weight
                if not weights:
                    return None
                return builder.combine([(weight, builder.mul(*pair)) for pair, weight in weights.items()])

            value = cheaper_entry(builder, direct, index, result)
            if value is not None:
                result[index] = value
        return _Node(left.vertices | right.vertices, kept, result)


@lru_cache(maxsize=2048)
def _sums(
    edges: Edges, left: frozenset[int], left_open: tuple[int, ...], right: frozenset[int], right_open: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[tuple[Index, tuple[tuple[int, Index, Index], ...]], ...]]:
    """The vertices of a product that stay open and, for each index, its terms: a weight and the factors' indices."""
    vertices = left | right
    shared = [e for e in edges if e[0] in vertices and e[1] in vertices and _crosses(e, left, right)]
    free = {
        v: sum(m for a, b, m in edges if (a == v and b not in vertices) or (b == v and a not in vertices))
        for v in left_open + right_open
    }
    kept = tuple(v for v in left_open + right_open if free[v])
    sums = [(prod(multinomial(e) for e in summed), summed) for summed in product(*(monomials(m) for _, _, m in shared))]
    rows = []
    for index in product(*(monomials(free[v]) for v in kept)):
        outer = dict(zip(kept, index, strict=True))
        terms = tuple(
            (weight, _filled(left_open, outer, shared, summed), _filled(right_open, outer, shared, summed))
            for weight, summed in sums
        )
        rows.append((index, terms))
    return kept, tuple(rows)


def _crosses(edge: tuple[int, int, int], left: frozenset[int], right: frozenset[int]) -> bool:
    u, v, _ = edge
    return (u in left and v in right) or (v in left and u in right)


def _filled(
    open_vertices: tuple[int, ...],
    outer: dict[int, Exponents],
    shared: Sequence[tuple[int, int, int]],
    summed: tuple[Exponents, ...],
) -> Index:
    """The index of a factor: for each of its tensors the outer exponents plus those summed over."""
    index = []
    for vertex in open_vertices:
        a, b, c = outer.get(vertex, (0, 0, 0))
        for (u, v, _), (i, j, k) in zip(shared, summed, strict=True):
            if vertex in (u, v):
                a, b, c = a + i, b + j, c + k
        index.append((a, b, c))
    return tuple(index)
