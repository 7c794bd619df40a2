"""Values and gradients of contractions at given points, in any arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, singledispatch

import numpy as np

from invgen.algebra.levi_civita import LEVI_CIVITA
from invgen.algebra.modular import Arithmetic, Array
from invgen.contractions import planar_evaluation
from invgen.contractions.contraction import Contraction
from invgen.contractions.expression import Expression, no_row
from invgen.contractions.planar_product import PlanarProduct
from invgen.contractions.plans import PairwisePlan, Step, plan
from invgen.contractions.tree_evaluation import couple, couple_back, machine_integers
from invgen.contractions.trees import CouplingTree, Node
from invgen.spaces.harmonics import Exponents, components_of_tensor, monomials, multinomial
from invgen.spaces.point_groups import is_structural
from invgen.spaces.space import EPSILON, TensorSpace

_EPSILON = np.array(LEVI_CIVITA, dtype=np.int64)


class Evaluator:
    """Contractions of the tensors at a batch of points; tensors already unfolded for one edge pattern are kept.

    Args:
        space: whose tensors the contractions name.
        maps: for each tensor the matrix (batch or 1, monomials, 2l + 1) from components to tensor entries; for moments
            in the plane the identity.
        x: components, (batch, dimension).
        arithmetic: the number system of `maps` and `x`.
    """

    def __init__(self, space: TensorSpace, maps: Sequence[Array], x: Array, arithmetic: Arithmetic) -> None:
        self._space = space
        self._maps = maps
        self._arithmetic = arithmetic
        self._batch = len(x)
        self._dtype = x.dtype
        self._entries = [arithmetic.matmul(m, x[:, s, None])[..., 0] for m, s in zip(maps, space.slices, strict=True)]
        self._unfolded: dict[tuple[int, tuple[int, ...], tuple[bool, ...]], Array] = {}
        self._covariants: dict[Node, Array] = {}

    def value(self, expression: Expression) -> Array:
        """The invariant at every point, (batch,). Complexity: its multiplications (`contractions.costs`) per point."""
        return _value(expression, self)

    def gradient(self, expression: Expression) -> Array:
        """The derivatives with respect to the components at every point, (batch, dimension), by one backward sweep."""
        return _gradient(expression, self)

    def _contraction_value(self, contraction: Contraction) -> Array:
        return self._nodes(contraction, plan(contraction))[-1].reshape(self._batch)

    def _contraction_gradient(self, contraction: Contraction) -> Array:
        pairwise = plan(contraction)
        nodes = self._nodes(contraction, pairwise)
        seed = np.ones_like(nodes[-1])
        adjoints: list[Array] = [seed] * len(nodes)
        leaves = len(contraction.tensors)
        for number in range(len(nodes) - 1, leaves - 1, -1):
            step = pairwise.steps[number - leaves]
            left, right, up = nodes[step.left], nodes[step.right], adjoints[number]
            axes = _axes(pairwise, number)
            adjoints[step.left] = self._product(
                up, axes, step.right_open, right, _axes(pairwise, step.right), step.shared, _axes(pairwise, step.left)
            )
            adjoints[step.right] = self._product(
                up, axes, step.left_open, left, _axes(pairwise, step.left), step.shared, _axes(pairwise, step.right)
            )
        result = np.zeros((self._batch, self._space.dimension), dtype=self._dtype)
        for vertex, name in enumerate(contraction.tensors):
            if name != EPSILON:
                where = self._space.slices[self._space.index(name)]
                result[:, where] = self._arithmetic.reduce(
                    result[:, where] + self._fold(contraction, pairwise, vertex, adjoints[vertex])
                )
        return result

    def covariant(self, node: Node) -> Array:
        """The rational components of a coupling tree's covariant, (batch, 2L + 1); kept for later trees."""
        if node not in self._covariants:
            if isinstance(node, str) and is_structural(node):
                integers = machine_integers(self._space.structural(node).components)
                constants = self._arithmetic.constants(integers).astype(self._dtype)
                value = np.broadcast_to(constants, (self._batch, len(integers)))
            elif isinstance(node, str):
                tensor = self._space.index(node)
                value = self._arithmetic.matmul(self._projection(tensor), self._entries[tensor][..., None])[..., 0]
            else:
                left, right = self.covariant(node[0]), self.covariant(node[1])
                value = couple(self._arithmetic, _ranks(left, right, node[2]), left, right)
            self._covariants[node] = value
        return self._covariants[node]

    def covariant_jacobian(self, node: Node) -> Array:
        """The derivatives of the rational components with respect to the space's, (batch, 2L + 1, dimension)."""
        value = self.covariant(node)
        rows = []
        for m in range(value.shape[1]):
            seed = np.zeros_like(value)
            seed[:, m] = 1
            rows.append(self._tree_gradient(node, seed))
        return np.stack(rows, axis=1)

    def _projection(self, tensor: int) -> Array:
        matrix = np.array(components_of_tensor(self._space.tensors[tensor].l), dtype=np.int64)
        constants = self._arithmetic.constants(matrix)
        return np.broadcast_to(constants, (self._batch, *constants.shape[1:]))

    def _tree_gradient(self, root: Node, seed: Array) -> Array:
        """The derivatives of seed · covariant, (batch, dimension)."""
        result = np.zeros((self._batch, self._space.dimension), dtype=self._dtype)
        queue = [(root, seed)]
        while queue:
            node, adjoint = queue.pop()
            if isinstance(node, str) and is_structural(node):
                continue  # a constant
            if isinstance(node, str):
                tensor = self._space.index(node)
                where = self._space.slices[tensor]
                entries = self._arithmetic.matmul(adjoint[:, None, :], self._projection(tensor))
                by_component = self._arithmetic.matmul(entries, self._maps[tensor])[:, 0, :]
                result[:, where] = self._arithmetic.reduce(result[:, where] + by_component)
            else:
                left, right = self.covariant(node[0]), self.covariant(node[1])
                by_left, by_right = couple_back(self._arithmetic, _ranks(left, right, node[2]), left, right, adjoint)
                queue += [(node[0], by_left), (node[1], by_right)]
        return result

    def _planar_value(self, product: PlanarProduct) -> Array:
        return planar_evaluation.value(self._arithmetic, self._moments(product), product)

    def _moments(self, product: PlanarProduct) -> list[Array]:
        return [self._entries[self._space.index(name)] for name in product.factors]

    def _planar_gradient(self, product: PlanarProduct) -> Array:
        result = np.zeros((self._batch, self._space.dimension), dtype=self._dtype)
        found = planar_evaluation.gradient(self._arithmetic, self._moments(product), product)
        for name, derivative in zip(product.factors, found, strict=True):
            where = self._space.slices[self._space.index(name)]
            result[:, where] = self._arithmetic.reduce(result[:, where] + derivative)
        return result

    def _nodes(self, contraction: Contraction, pairwise: PairwisePlan) -> list[Array]:
        nodes = [self._leaf(contraction, pairwise, v) for v in range(len(contraction.tensors))]
        for step in pairwise.steps:
            left, right = nodes[step.left], nodes[step.right]
            left_axes, right_axes = _axes(pairwise, step.left), _axes(pairwise, step.right)
            out = step.left_open + step.right_open
            nodes.append(self._product(left, left_axes, step.shared, right, right_axes, step.right_open, out))
        return nodes

    def _product(
        self,
        a: Array,
        a_axes: tuple[int, ...],
        summed: tuple[int, ...],
        b: Array,
        b_axes: tuple[int, ...],
        kept: tuple[int, ...],
        out: tuple[int, ...],
    ) -> Array:
        """Multiply a and b, sum over the edges `summed`; b keeps `kept`; the result's axes are `out`."""
        free = tuple(e for e in a_axes if e not in summed)
        left = _arranged(a, a_axes, free, summed)
        right = _arranged(b, b_axes, summed, kept)
        sizes = {e: n for axes, array in ((a_axes, a), (b_axes, b)) for e, n in zip(axes, array.shape[1:], strict=True)}
        product = self._arithmetic.matmul(left, right)
        product = product.reshape(self._batch, *(sizes[e] for e in free + kept))
        order = [0, *(1 + (free + kept).index(e) for e in out)]
        return product.transpose(order)

    def _leaf(self, contraction: Contraction, pairwise: PairwisePlan, vertex: int) -> Array:
        legs = pairwise.legs[vertex]
        name = contraction.tensors[vertex]
        if name == EPSILON:
            constant = self._arithmetic.constants(_EPSILON).astype(self._dtype)
            return np.broadcast_to(constant, (self._batch, 3, 3, 3))
        shape = tuple(pairwise.multiplicities[e] for e in legs)
        heavy = tuple(pairwise.heavy[e] == vertex for e in legs)
        tensor = self._space.index(name)
        key = (tensor, shape, heavy)
        if key not in self._unfolded:
            unfolded = self._entries[tensor][:, _positions(shape)]
            weights = _weights(shape, heavy)
            if weights is not None:
                unfolded = self._arithmetic.reduce(unfolded * weights)
            self._unfolded[key] = unfolded
        return self._unfolded[key]

    def _fold(self, contraction: Contraction, pairwise: PairwisePlan, vertex: int, adjoint: Array) -> Array:
        """The adjoint of a leaf as derivatives with respect to the tensor's components."""
        legs = pairwise.legs[vertex]
        shape = tuple(pairwise.multiplicities[e] for e in legs)
        weights = _weights(shape, tuple(pairwise.heavy[e] == vertex for e in legs))
        if weights is not None:
            adjoint = self._arithmetic.reduce(adjoint * weights)
        order, starts = _segments(shape)
        by_entry = self._arithmetic.reduce(np.add.reduceat(adjoint.reshape(self._batch, -1)[:, order], starts, axis=1))
        tensor = self._space.index(contraction.tensors[vertex])
        return self._arithmetic.matmul(by_entry[:, None, :], self._maps[tensor])[:, 0, :]


# One row for each kind of expression. Functions, as dispatch on methods makes a new function at every call.


@singledispatch
def _value(expression: Expression, at: Evaluator) -> Array:
    no_row(expression, "values")


@_value.register
def _(contraction: Contraction, at: Evaluator) -> Array:
    return at._contraction_value(contraction)


@_value.register
def _(tree: CouplingTree, at: Evaluator) -> Array:
    return at.covariant(tree.root)[:, 0]


@_value.register
def _(product: PlanarProduct, at: Evaluator) -> Array:
    return at._planar_value(product)


@singledispatch
def _gradient(expression: Expression, at: Evaluator) -> Array:
    no_row(expression, "gradients")


@_gradient.register
def _(contraction: Contraction, at: Evaluator) -> Array:
    return at._contraction_gradient(contraction)


@_gradient.register
def _(tree: CouplingTree, at: Evaluator) -> Array:
    return at._tree_gradient(tree.root, np.ones_like(at.covariant(tree.root)))


@_gradient.register
def _(product: PlanarProduct, at: Evaluator) -> Array:
    return at._planar_gradient(product)


def _ranks(left: Array, right: Array, rank: int) -> tuple[int, int, int]:
    return (left.shape[1] // 2, right.shape[1] // 2, rank)


def _axes(pairwise: PairwisePlan, node: int) -> tuple[int, ...]:
    if node < len(pairwise.legs):
        return pairwise.legs[node]
    step: Step = pairwise.steps[node - len(pairwise.legs)]
    return step.left_open + step.right_open


def _arranged(a: Array, axes: tuple[int, ...], rows: tuple[int, ...], columns: tuple[int, ...]) -> Array:
    order = [0, *(1 + axes.index(e) for e in rows + columns)]
    arranged = a.transpose(order)
    size = 1
    for n in arranged.shape[1 : 1 + len(rows)]:
        size *= n
    return arranged.reshape(len(a), size, -1) if a.size else arranged.reshape(len(a), size, 0)


@cache
def unfolded_exponents(shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[Exponents, ...]]:
    """The entries of a symmetric tensor of rank sum(shape) seen as an array with one axis per edge.

    Returns:
        The array's shape and, in C order, the exponents of each of its entries.
    """
    sums: list[Exponents] = [(0, 0, 0)]
    for multiplicity in shape:
        sums = [(a + i, b + j, c + k) for a, b, c in sums for i, j, k in monomials(multiplicity)]
    return tuple(len(monomials(m)) for m in shape), tuple(sums)


@cache
def _positions(shape: tuple[int, ...]) -> Array:
    sizes, exponents = unfolded_exponents(shape)
    position = {e: i for i, e in enumerate(monomials(sum(shape)))}
    return np.array([position[e] for e in exponents], dtype=np.intp).reshape(sizes)


@cache
def _weights(shape: tuple[int, ...], heavy: tuple[bool, ...]) -> Array | None:
    """Multinomial weights of the heavy axes, or None where all are 1."""
    if not any(h and m > 1 for h, m in zip(heavy, shape, strict=True)):
        return None
    weights = np.ones((1,) * (1 + len(shape)), dtype=np.int64)
    for axis, (multiplicity, is_heavy) in enumerate(zip(shape, heavy, strict=True)):
        if is_heavy:
            line = np.array([multinomial(e) for e in monomials(multiplicity)], dtype=np.int64)
            weights = weights * line.reshape(*(1,) * (1 + axis), -1, *(1,) * (len(shape) - axis - 1))
    return weights


@cache
def _segments(shape: tuple[int, ...]) -> tuple[Array, Array]:
    """How to sum an unfolded adjoint by tensor entry: a sorting order and the start of each entry's run."""
    positions = _positions(shape).ravel()
    order = np.argsort(positions, kind="stable")
    starts = np.searchsorted(positions[order], np.arange(len(monomials(sum(shape)))))
    return order, starts
