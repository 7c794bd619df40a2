"""The order in which to multiply a contraction out, and what that costs.

The indices that join two tensors are one axis: a symmetric tensor seen through m indices of one edge has
(m + 1)(m + 2) / 2 different entries, not 3^m. The cost is the number of multiplications of the best pairwise order,
a function of the contraction alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import prod
from typing import TypeAlias

from invgen.contractions.contraction import Contraction

COST_VERSION = 1
_EXHAUSTIVE_VERTICES = 7  # beyond, pairs are merged greedily: subsets of subsets grow as 3^n

Edges: TypeAlias = tuple[tuple[int, int, int], ...]
Tree: TypeAlias = "int | tuple[Tree, Tree]"
"""An order of multiplication: a vertex, or the product of two trees."""


@dataclass(frozen=True)
class Step:
    """Multiply nodes `left` and `right` and sum over the edges they share; vertices are the first nodes.

    The axes of the result are `left_open` then `right_open`.
    """

    left: int
    right: int
    left_open: tuple[int, ...]
    right_open: tuple[int, ...]
    shared: tuple[int, ...]


@dataclass(frozen=True)
class PairwisePlan:
    """A pairwise order of multiplication.

    Attributes:
        legs: for each vertex the edges on its axes, in order.
        multiplicities: for each edge the number of index pairs.
        heavy: for each edge the vertex that carries the multinomial weights of the sum over entries.
        steps: the products; step i makes node number len(legs) + i.
        cost: multiplications of all steps.
    """

    legs: tuple[tuple[int, ...], ...]
    multiplicities: tuple[int, ...]
    heavy: tuple[int, ...]
    steps: tuple[Step, ...]
    cost: int


def plan(contraction: Contraction) -> PairwisePlan:
    """The cheapest pairwise order; ties go to the order found first, so the plan is a function of the contraction.

    Complexity: 3^n subset pairs for n <= 7 tensors, n^3 merges beyond.
    """
    edges, legs = contraction.legs
    return _plan(edges, legs)


@cache
def _plan(edges: Edges, legs: tuple[tuple[int, ...], ...]) -> PairwisePlan:
    trees = _components(edges, len(legs))
    steps: list[Step] = []
    axes: dict[int, tuple[int, ...]] = dict(enumerate(legs))
    cost = 0

    def multiply(left: int, right: int) -> int:
        nonlocal cost
        shared = tuple(e for e in axes[left] if e in axes[right])
        step = Step(
            left,
            right,
            tuple(e for e in axes[left] if e not in shared),
            tuple(e for e in axes[right] if e not in shared),
            shared,
        )
        steps.append(step)
        node = len(legs) + len(steps) - 1
        axes[node] = step.left_open + step.right_open
        cost += prod(axis_size(edges[e][2]) for e in (*step.left_open, *step.right_open, *shared))
        return node

    def build(tree: Tree) -> int:
        if isinstance(tree, int):
            return tree
        return multiply(build(tree[0]), build(tree[1]))

    roots = [build(_best_tree(vertices, edges)) for vertices in trees]
    total = roots[0]
    for root in roots[1:]:
        total = multiply(total, root)
    return PairwisePlan(legs, tuple(m for _, _, m in edges), tuple(u for u, _, _ in edges), tuple(steps), cost)


def axis_size(multiplicity: int) -> int:
    """Different entries of a symmetric tensor of this order, (m + 1)(m + 2) / 2."""
    return (multiplicity + 1) * (multiplicity + 2) // 2


def _components(edges: Edges, size: int) -> list[tuple[int, ...]]:
    parent = list(range(size))
    for u, v, _ in edges:
        a, b = parent[u], parent[v]
        parent = [min(a, b) if p in (a, b) else p for p in parent]
    return [tuple(i for i in range(size) if parent[i] == root) for root in sorted(set(parent))]


def _best_tree(vertices: tuple[int, ...], edges: Edges) -> Tree:
    if len(vertices) > _EXHAUSTIVE_VERTICES:
        return _greedy_tree(vertices, edges)
    local = [(1 << vertices.index(u), 1 << vertices.index(v), axis_size(m)) for u, v, m in edges if u in vertices]
    best: dict[int, tuple[int, Tree]] = {1 << i: (0, v) for i, v in enumerate(vertices)}
    for subset in sorted(range(1, 1 << len(vertices)), key=lambda s: (s.bit_count(), s)):
        if subset.bit_count() < 2:
            continue
        lowest = subset & -subset
        part = (subset - 1) & subset
        while part:
            rest = subset ^ part
            if part & lowest and part in best and rest in best:
                joined = False
                size = 1
                for u, v, dimension in local:
                    inside_part, inside_rest = bool(part & u) + bool(part & v), bool(rest & u) + bool(rest & v)
                    if inside_part == inside_rest == 1:
                        joined = True
                    if 1 in (inside_part, inside_rest):
                        size *= dimension
                if joined:
                    cost = size + best[part][0] + best[rest][0]
                    if subset not in best or cost < best[subset][0]:
                        best[subset] = (cost, (best[part][1], best[rest][1]))
            part = (part - 1) & subset
    return best[(1 << len(vertices)) - 1][1]


def _greedy_tree(vertices: tuple[int, ...], edges: Edges) -> Tree:
    """Merge the pair whose product is cheapest, then smallest, until one node is left."""
    groups: list[tuple[frozenset[int], Tree]] = [(frozenset((v,)), v) for v in vertices]
    while len(groups) > 1:
        choices = []
        for i, (left, _) in enumerate(groups):
            for j in range(i + 1, len(groups)):
                right = groups[j][0]
                cost = result = 1
                joined = False
                for u, v, m in edges:
                    in_left, in_right = (u in left) + (v in left), (u in right) + (v in right)
                    if in_left == in_right == 1:
                        joined = True
                        cost *= axis_size(m)
                    elif 1 in (in_left, in_right):
                        cost *= axis_size(m)
                        result *= axis_size(m)
                if joined:
                    choices.append((cost, result, i, j))
        _, _, i, j = min(choices)
        merged = (groups[i][0] | groups[j][0], (groups[i][1], groups[j][1]))
        groups = [g for k, g in enumerate(groups) if k not in (i, j)] + [merged]
    return groups[0][1]
