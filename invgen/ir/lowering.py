"""From a basis to a straight-line program: tensor entries first, then products that members share.

A node is a partial product of tensors with open indices. Since every tensor is symmetric, it depends on the indices
of each tensor only through their exponents, and since every tensor is traceless, entries with two z indices of one
tensor follow from two others. Equal entries, also those of members lowered earlier, become one value in the builder;
of all orders of multiplication, and of all sums of couplings through irreducible covariants, the one that adds the
fewest operations is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import product
from math import prod

from invgen.algebra.levi_civita import levi_civita
from invgen.basis.basis import Basis
from invgen.contractions.contraction import Contraction
from invgen.contractions.multiplication import Tree, orders, outer_orders
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.plans import Edges
from invgen.contractions.trees import CouplingTree
from invgen.ir.builder import Builder
from invgen.ir.components import in_convention, rational_components
from invgen.ir.couplings import Components, coupled
from invgen.ir.planar import product_of_moments
from invgen.ir.program import Program
from invgen.ir.recoupling import Recoupling, recouplings
from invgen.spaces import conventions
from invgen.spaces.cartesian import Row
from invgen.spaces.harmonics import Exponents, monomials, multinomial
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import EPSILON, Irrep

_REFINED_UP_TO = 5_000
"""Members times operations up to which each member's way is chosen anew beside all others."""

_SWEEPS = 3

Index = tuple[Exponents, ...]


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


def lower(basis: Basis) -> Program:
    """The value program x -> y of a basis, in its convention; outputs in the order of `basis.output_names`.

    Members are written in ascending and in descending order of degree, each in the way that adds the fewest operations
    to what is there. Where the basis is small, each member's way is then chosen anew beside all others as they stand,
    until nothing changes. Of all programs seen, the first with the fewest operations is returned.

    Complexity: for small bases members² times the ways of a member, on `_REFINED_UP_TO` operations at most; beyond,
    each member's ways are tried once in either order.
    """
    places = sorted(range(len(basis)), key=lambda k: basis.contractions[k].degree)
    descending = sorted(places, key=lambda k: -basis.contractions[k].degree)
    written = [_Lowering(basis) for _ in range(2)]
    for lowering, order in zip(written, (places, descending), strict=True):
        lowering.write_all(order, {})
    best = min(written, key=lambda lowering: lowering.program.operations)
    if len(basis) * best.program.operations <= _REFINED_UP_TO:
        for start in written:
            best = min(best, _refined(basis, places, start), key=lambda lowering: lowering.program.operations)
    return best.program


def _refined(basis: Basis, order: Sequence[int], start: _Lowering) -> _Lowering:
    """The ways of `start` changed one at a time while that lowers the number of operations."""
    ways = dict(start.ways)
    best = start
    settled = 0  # members tried since the others last changed
    for k in list(ways) * _SWEEPS:
        trial = _Lowering(basis)
        trial.write_all([other for other in order if other != k], ways)
        trial.write(k)
        if trial.program.operations < best.program.operations:
            best = trial
        settled = settled + 1 if trial.ways[k] == ways[k] else 1
        ways[k] = trial.ways[k]
        if settled == len(ways):
            break
    return best


class _Lowering:
    """A program that is being written, member by member; `ways` numbers the way in which each was written."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self._builder = Builder()
        self._x = self._builder.input("x", basis.space.dimension)
        self._entries = {
            tensor.name: _entries_of(self._builder, basis, tensor, where, self._x)
            for tensor, where in zip(basis.space.tensors, basis.space.slices, strict=True)
            if any(tensor.name in c.tensors for c in basis.contractions if not isinstance(c, CouplingTree))
        }
        self._outputs: dict[int, list[int]] = {}
        self.ways: dict[int, int] = {}

    def write_all(self, order: Sequence[int], ways: Mapping[int, int]) -> None:
        """Write members in their ways, or the cheapest ones where none are given."""
        for k in order:
            self.write(k, ways.get(k))

    def write(self, k: int, way: int | None = None) -> None:
        """Write one member."""
        builder, member = self._builder, self._basis.contractions[k]
        if isinstance(member, PlanarProduct):
            moments = {name: list(own.values()) for name, own in self._entries.items()}
            self._outputs[k] = [product_of_moments(builder, member, moments)]
        elif not isinstance(member, CouplingTree):
            ways = _ways(builder, member, self._entries, self._components)
            self.ways[k] = builder.cheapest(ways) if way is None else way
            self._outputs[k] = [ways[self.ways[k]]()]
        elif self._basis.outputs == SCALAR:
            self._outputs[k] = [builder.scale(*c) for c in coupled(builder, member.root, self._components)]
        else:
            self._outputs[k] = in_convention(builder, self._basis, coupled(builder, member.root, self._components))

    @cached_property
    def program(self) -> Program:
        """The program, when all members are written, without values that none of them needs."""
        self._builder.output("y", [value for k in range(len(self._basis)) for value in self._outputs[k]])
        return self._builder.build()

    def _components(self, name: str) -> Components:
        return rational_components(self._builder, self._basis, self._x, name)


def _entries_of(builder: Builder, basis: Basis, tensor: Irrep, where: slice, x: Sequence[int]) -> dict[Exponents, int]:
    """The entries of a tensor from the inputs of the program."""
    if basis.space.layout is None or basis.convention != conventions.CARTESIAN:
        return _tensor_entries(builder, conventions.map_of(basis.convention, tensor), x[where])
    layout = basis.space.layout.rows[where]
    tensor_map = conventions.map_of("rational", tensor)

    def by_components() -> dict[Exponents, int]:
        return _tensor_entries(builder, tensor_map, [builder.combine((c, x[i]) for i, c in row) for row in layout])

    def at_once() -> dict[Exponents, int]:
        return _cartesian_entries(builder, tensor_map, layout, x)

    ways = (at_once, by_components)
    return ways[builder.cheapest(ways)]()


def _cartesian_entries(
    builder: Builder, tensor_map: conventions.TensorMap, layout: Sequence[Row], x: Sequence[int]
) -> dict[Exponents, int]:
    """The entries of a traceless tensor as combinations of Cartesian components, or from the trace."""
    entries: dict[Index, int] = {}
    for exponents, row in zip(tensor_map.entries, tensor_map.matrix, strict=True):
        weights: dict[int, Fraction] = {}
        for coefficient, scale, parts in zip(row, tensor_map.scale, layout, strict=True):
            for i, c in parts if coefficient else ():
                weights[i] = weights.get(i, Fraction(0)) + coefficient * c * (scale.as_fraction() or 0)

        def direct(weights: dict[int, Fraction] = weights) -> int:
            return builder.combine((c, x[i]) for i, c in sorted(weights.items()) if c)

        value = _cheaper_entry(builder, direct, (exponents,), entries)
        if value is not None:
            entries[exponents,] = value
    return {exponents: value for (exponents,), value in entries.items()}


def _tensor_entries(builder: Builder, tensor_map: conventions.TensorMap, x: Sequence[int]) -> dict[Exponents, int]:
    """The entries of a tensor from its components, each by its row of the map or from the trace."""
    scaled = [builder.scale(s, value) for s, value in zip(tensor_map.scale, x, strict=True)]
    entries: dict[Index, int] = {}
    for exponents, row in zip(tensor_map.entries, tensor_map.matrix, strict=True):

        def direct(row: tuple[int, ...] = row) -> int:
            return builder.combine((c, s) for c, s in zip(row, scaled, strict=True) if c)

        value = _cheaper_entry(builder, direct, (exponents,), entries)
        if value is not None:
            entries[exponents,] = value
    return {exponents: value for (exponents,), value in entries.items()}


def _cheaper_entry(
    builder: Builder, direct: Callable[[], int | None], index: Index, known: dict[Index, int]
) -> int | None:
    """An entry directly, or as minus the two entries that make a trace with it."""
    mark = builder.mark()
    value = direct()
    cost = builder.cost_since(mark)
    for position, (a, b, c) in enumerate(index):
        if c >= 2 and cost > 1:
            partners = [
                known.get((*index[:position], other, *index[position + 1 :]))
                for other in ((a + 2, b, c - 2), (a, b + 2, c - 2))
            ]
            first, second = partners
            if first is not None and second is not None:
                builder.rollback(mark)
                traced = builder.neg(builder.add(first, second))
                if builder.cost_since(mark) <= cost:
                    return traced
                builder.rollback(mark)
                return direct()
    return value


def _ways(
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
    trees = orders(contraction)
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

            value = _cheaper_entry(builder, direct, index, result)
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
