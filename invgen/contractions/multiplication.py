"""Orders of multiplication worth trying: the pairwise trees of a contraction, the cheapest first."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import prod

from invgen.contractions.contraction import Contraction
from invgen.contractions.plans import Edges, Tree, axis_size, plan
from invgen.spaces.space import EPSILON

_ALL_TREES_UP_TO = 5  # vertices; beyond, only the plan of the contraction is tried
_TREES_TRIED = 12
_OUTER_ENTRIES = 36


def multiplication_orders(contraction: Contraction) -> list[Tree]:
    """Orders of multiplication worth trying: the cheapest ones for few tensors, otherwise the contraction's plan."""
    size = len(contraction.tensors)
    edges = contraction.legs[0]
    if size > _ALL_TREES_UP_TO or EPSILON in contraction.tensors or not _connected(size, edges):
        return [_planned(contraction)]
    trees = sorted(_all_trees((1 << size) - 1, edges), key=lambda pair: pair[0])
    return [tree for _, tree in trees[:_TREES_TRIED]]


def outer_orders(contraction: Contraction) -> list[Tree]:
    """Orders that begin with the product of two tensors that no index joins, where that has few entries.

    v v is a tensor that several contractions share, though none joins one v to the other.
    """
    size = len(contraction.tensors)
    if not 3 <= size <= 4 or EPSILON in contraction.tensors:
        return []
    edges = contraction.legs[0]
    ranks = [len(group) for group in contraction.groups]
    found: list[Tree] = []
    for a, b in combinations(range(size), 2):
        if _joined(1 << a, 1 << b, edges) or axis_size(ranks[a]) * axis_size(ranks[b]) > _OUTER_ENTRIES:
            continue
        rest = [v for v in range(size) if v not in (a, b)]
        if size == 3:
            found.append(((a, b), rest[0]))
        else:
            c, d = rest
            found += [((a, b), (c, d)), (((a, b), c), d), (((a, b), d), c)]
    return found


def _planned(contraction: Contraction) -> Tree:
    nodes: list[Tree] = list(range(len(contraction.tensors)))
    for step in plan(contraction).steps:
        nodes.append((nodes[step.left], nodes[step.right]))
    return nodes[-1]


def _connected(size: int, edges: Edges) -> bool:
    reached = 1
    for _ in range(size):
        for u, v, _m in edges:
            if reached >> u & 1 or reached >> v & 1:
                reached |= 1 << u | 1 << v
    return reached == (1 << size) - 1


@cache
def _all_trees(subset: int, edges: Edges) -> list[tuple[int, Tree]]:
    """All binary trees over a connected set of vertices, given as bits, that multiply only joined parts, with costs."""
    if subset & (subset - 1) == 0:
        return [(0, subset.bit_length() - 1)]
    found: list[tuple[int, Tree]] = []
    lowest = subset & -subset
    part = (subset - 1) & subset
    while part:
        rest = subset ^ part
        if part & lowest and _joined(part, rest, edges):
            cost = prod(
                axis_size(m)
                for u, v, m in edges
                if (part >> u & 1) != (part >> v & 1) or (rest >> u & 1) != (rest >> v & 1)
            )
            for left_cost, left in _all_trees(part, edges):
                found += [(cost + left_cost + c, (left, right)) for c, right in _all_trees(rest, edges)]
        part = (part - 1) & subset
    return found


def _joined(part: int, rest: int, edges: Edges) -> bool:
    return any((part >> u & 1 and rest >> v & 1) or (part >> v & 1 and rest >> u & 1) for u, v, _ in edges)
