"""All coupling trees of a multidegree, or the cheapest of each rank where they are many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from invgen.contractions.coupling import coupling
from invgen.contractions.trees import CouplingTree, Node, write
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces.space import TensorSpace

_ALL_UP_TO = 4  # the degree up to which all trees are listed
_KEPT = 3  # covariants of each rank beyond
_HIGHEST_DEGREE = 16


class TreeForms:
    """Coupling trees without couplings to rank 0 inside, one of each unordered pair of parts.

    An invariant ((A),(B))0 is listed for every way to split a multidegree into two, so every tree is met once for each
    of its edges.

    Args:
        space: the tensors.
    """

    def __init__(self, space: TensorSpace) -> None:
        self._space = space
        self._known: dict[tuple[Multidegree, bool], list[tuple[int, int, Node]]] = {}
        self._highest = 2 * max(t.l for t in space.tensors)

    def invariants(self, multidegree: Multidegree) -> Iterator[CouplingTree]:
        """The trees of rank 0, by the split of the multidegree; none beyond degree 16."""
        degree = sum(multidegree)
        if degree < 2 or degree > _HIGHEST_DEGREE:
            return
        few = degree > _ALL_UP_TO
        for part, rest in _splits(multidegree):
            for _, rank, left in self._covariants(part, few):
                for _, other, right in self._covariants(rest, few):
                    if rank == other and (part != rest or write(left) <= write(right)):
                        yield CouplingTree(write((left, right, 0)))

    def _covariants(self, multidegree: Multidegree, few: bool) -> list[tuple[int, int, Node]]:
        """(terms, rank, tree) of the covariants of rank 1 and more."""
        key = (multidegree, few)
        if key not in self._known:
            self._known[key] = self._list(multidegree, few)
        return self._known[key]

    def _list(self, multidegree: Multidegree, few: bool) -> list[tuple[int, int, Node]]:
        if sum(multidegree) == 1:
            tensor = self._space.tensors[multidegree.index(1)]
            return [(0, tensor.l, tensor.name)] if tensor.l else []
        found: list[tuple[int, int, Node]] = []
        for part, rest in _splits(multidegree):
            for cost, a, left in self._covariants(part, few):
                for more, b, right in self._covariants(rest, few):
                    if part == rest and write(left) > write(right):
                        continue
                    total = cost if left == right else cost + more
                    found += self._coupled(total, (a, left), (b, right), few)
        if not few:
            return found
        kept = []
        for rank in sorted({rank for _, rank, _ in found}):
            kept += sorted((f for f in found if f[1] == rank), key=lambda f: f[0])[:_KEPT]
        return kept

    def _coupled(
        self, cost: int, left: tuple[int, Node], right: tuple[int, Node], few: bool
    ) -> Iterator[tuple[int, int, Node]]:
        (a, u), (b, v) = left, right
        for rank in range(max(1, abs(a - b)), a + b + 1):
            if (u != v or not (a + b - rank) % 2) and not (few and rank > self._highest):
                found = coupling(a, b, rank)
                yield cost + (len(found.terms) if found else 0), rank, (u, v, rank)


def _splits(multidegree: Multidegree) -> Iterator[tuple[Multidegree, Multidegree]]:
    """The ways to write a multidegree as a sum of two, neither zero, the larger one first."""
    for part in product(*(range(k + 1) for k in multidegree)):
        rest = tuple(k - i for k, i in zip(multidegree, part, strict=True))
        if part >= rest and any(rest):
            yield part, rest
