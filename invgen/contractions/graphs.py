"""Contraction graphs: loopless multigraphs whose vertices are tensors and whose edges are contracted index pairs.

The canonical form comes from colour refinement and individualisation, so two graphs have the same form exactly if
they are isomorphic (McKay, "Practical graph isomorphism", 1981). Hashes of refined colours alone would merge graphs
that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invgen.errors import InputError

EPSILON_VERTEX = -1
MAX_GRAPHS = 30_000  # partial graphs held at once; beyond, enumeration takes hours
Weights = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, order=True)
class ContractionGraph:
    """A full contraction up to the names of its indices.

    Attributes:
        vertices: for each vertex the position of its tensor in the space, or `EPSILON_VERTEX` for the Levi-Civita
            symbol.
        edges: (u, v, multiplicity) with u < v, sorted; the multiplicity is the number of index pairs.
    """

    vertices: tuple[int, ...]
    edges: tuple[tuple[int, int, int], ...]

    @property
    def weights(self) -> Weights:
        """The symmetric matrix of multiplicities."""
        matrix = [[0] * len(self.vertices) for _ in self.vertices]
        for u, v, multiplicity in self.edges:
            matrix[u][v] = matrix[v][u] = multiplicity
        return tuple(map(tuple, matrix))

    def canonical(self) -> ContractionGraph:
        """The representative of the isomorphism class; equal for isomorphic graphs and only for those."""
        order = canonical_order(self.vertices, self.weights)
        return _from_weights([self.vertices[i] for i in order], _permuted(self.weights, order))


def _from_weights(vertices: Sequence[int], weights: Weights) -> ContractionGraph:
    size = len(vertices)
    edges = tuple((u, v, weights[u][v]) for u in range(size) for v in range(u + 1, size) if weights[u][v])
    return ContractionGraph(tuple(vertices), edges)


def _permuted(weights: Weights, order: Sequence[int]) -> Weights:
    return tuple(tuple(weights[i][j] for j in order) for i in order)


def canonical_order(colours: Sequence[int], weights: Weights) -> tuple[int, ...]:
    """The order of vertices that makes (colours, weights) smallest among the leaves of the refinement tree.

    Complexity: one refinement where colours tell all vertices apart; in the worst case a factor for each vertex that
    must be individualised. Vertices that can be swapped without changing anything are tried once.
    """
    ranked = {colour: rank for rank, colour in enumerate(sorted(set(colours)))}
    best: tuple[Weights, tuple[int, ...]] | None = None
    stack = [[ranked[c] for c in colours]]
    while stack:
        cells = _refine(stack.pop(), weights)
        cell = _first_open_cell(cells)
        if cell is None:
            order = tuple(sorted(range(len(cells)), key=cells.__getitem__))
            form = (_permuted(weights, order), order)
            if best is None or form[0] < best[0]:
                best = form
            continue
        for vertex in _up_to_twins(cell, weights):
            stack.append([2 * c - (i == vertex) for i, c in enumerate(cells)])
    return best[1] if best else ()


def _refine(colours: list[int], weights: Weights) -> list[int]:
    """The coarsest refinement of `colours` in which equal colours see equal multisets of (multiplicity, colour)."""
    size = len(colours)
    classes = len(set(colours))
    while True:
        signatures = [
            (colours[i], sorted((weights[i][j], colours[j]) for j in range(size) if weights[i][j])) for i in range(size)
        ]
        distinct: list[tuple[int, list[tuple[int, int]]]] = []
        for signature in sorted(signatures):
            if not distinct or signature != distinct[-1]:
                distinct.append(signature)
        colours = [distinct.index(s) for s in signatures]
        if len(distinct) == classes:
            return colours
        classes = len(distinct)


def _first_open_cell(colours: Sequence[int]) -> list[int] | None:
    for colour in range(max(colours, default=-1) + 1):
        cell = [i for i, c in enumerate(colours) if c == colour]
        if len(cell) > 1:
            return cell
    return None


def _up_to_twins(cell: Sequence[int], weights: Weights) -> list[int]:
    chosen: list[int] = []
    for v in cell:
        others = [k for k in range(len(weights)) if k != v]
        if not any(all(weights[v][k] == weights[u][k] for k in others if k != u) for u in chosen):
            chosen.append(v)
    return chosen


def connected_graphs(vertices: Sequence[int], ranks: Sequence[int]) -> list[ContractionGraph]:
    """All connected loopless multigraphs with these vertex labels and degrees, one of each isomorphism class.

    Vertices are saturated one at a time; partial graphs are merged by the canonical form of what they have and what
    they still need. The Levi-Civita symbol meets three different tensors, since two of its indices on one symmetric
    tensor give zero.

    Returns:
        Canonical graphs in ascending order; empty where the degrees admit none.
    """
    if len(vertices) == 1:
        return [ContractionGraph(tuple(vertices), ())] if ranks[0] == 0 else []
    blank: Weights = tuple((0,) * len(vertices) for _ in vertices)
    frontier = {_Partial(tuple(vertices), tuple(ranks), blank).canonical()}
    finished: list[ContractionGraph] = []
    while frontier:
        following: set[_Partial] = set()
        if len(frontier) + len(finished) > MAX_GRAPHS:
            raise InputError(
                f"a multidegree of {len(vertices)} tensors of ranks up to {max(ranks)} has more than {MAX_GRAPHS} "
                "contraction graphs; lower max_degree, or use select='integrity', which couples tensors pairwise"
            )
        for partial in sorted(frontier):  # sets only merge; every use of them is sorted
            for grown in partial.saturations():
                if not any(grown.needs):
                    finished.append(_from_weights(grown.vertices, grown.weights))
                else:
                    following.add(grown.canonical())
        frontier = following
    return sorted({graph.canonical() for graph in finished})


@dataclass(frozen=True, order=True)
class _Partial:
    vertices: tuple[int, ...]
    needs: tuple[int, ...]
    weights: Weights

    def canonical(self) -> _Partial:
        pairs = sorted(set(zip(self.vertices, self.needs, strict=True)))
        colours = [pairs.index(p) for p in zip(self.vertices, self.needs, strict=True)]
        order = canonical_order(colours, self.weights)
        return _Partial(
            tuple(self.vertices[i] for i in order),
            tuple(self.needs[i] for i in order),
            _permuted(self.weights, order),
        )

    def saturations(self) -> Iterator[_Partial]:
        """All ways to give one vertex its missing edges that can still become connected and complete."""
        vertex = max(range(len(self.needs)), key=lambda i: (self.needs[i], -i))
        partners = [i for i, need in enumerate(self.needs) if need and i != vertex]
        limits = [
            min(self.needs[i], 1) if EPSILON_VERTEX in (self.vertices[i], self.vertices[vertex]) else self.needs[i]
            for i in partners
        ]
        for split in _splits(self.needs[vertex], limits):
            needs = list(self.needs)
            needs[vertex] = 0
            weights = [list(row) for row in self.weights]
            for i, multiplicity in zip(partners, split, strict=True):
                needs[i] -= multiplicity
                weights[vertex][i] = weights[i][vertex] = multiplicity
            if 2 * max(needs) <= sum(needs) and self._open(vertex, needs, weights):
                yield _Partial(self.vertices, tuple(needs), tuple(map(tuple, weights)))

    def _open(self, start: int, needs: list[int], weights: list[list[int]]) -> bool:
        """Whether the component of `start` spans the graph or still has free indices."""
        reached, queue = {start}, [start]
        while queue:
            row = weights[queue.pop()]
            new = [j for j, w in enumerate(row) if w and j not in reached]
            reached.update(new)
            queue.extend(new)
        return len(reached) == len(needs) or any(needs[i] for i in reached)


def _splits(total: int, limits: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if not limits:
        if total == 0:
            yield ()
        return
    for first in range(min(total, limits[0]), max(0, total - sum(limits[1:])) - 1, -1):
        for rest in _splits(total - first, limits[1:]):
            yield (first, *rest)
