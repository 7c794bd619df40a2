from __future__ import annotations

from itertools import combinations, combinations_with_replacement

import networkx as nx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from invgen.contractions.contraction import from_graph
from invgen.contractions.graphs import EPSILON_VERTEX, ContractionGraph, connected_graphs
from invgen.spaces.space import TensorSpace
from tests.support import oracles

SPACE = TensorSpace("s:0e + v:1o + u:1o + q:2e + t:3o", "SO3")

# (vertices, degree): connected loopless regular multigraphs (OEIS A000421 for degree 3)
REGULAR = {(2, 3): 1, (4, 3): 2, (6, 3): 6, (8, 3): 20, (10, 3): 91, (5, 4): 6, (6, 4): 19, (7, 4): 50}


@st.composite
def graphs(draw: st.DrawFn) -> ContractionGraph:
    size = draw(st.integers(1, 7))
    labels = sorted(draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size)))
    pairs = [(u, v) for u in range(size) for v in range(u + 1, size)]
    weights = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2]), min_size=len(pairs), max_size=len(pairs)))
    return ContractionGraph(tuple(labels), tuple((u, v, w) for (u, v), w in zip(pairs, weights) if w))


def permuted(graph: ContractionGraph, order: list[int]) -> ContractionGraph:
    place = {old: new for new, old in enumerate(order)}
    edges = sorted((*sorted((place[u], place[v])), m) for u, v, m in graph.edges)
    return ContractionGraph(tuple(graph.vertices[i] for i in order), tuple(edges))


@given(graphs(), st.data())
def test_numbering_vertices_differently_leaves_the_canonical_graph(
    graph: ContractionGraph, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(graph.vertices))))
    assert permuted(graph, list(order)).canonical() == graph.canonical()


@given(graphs())
def test_the_canonical_graph_is_isomorphic_to_the_graph(graph: ContractionGraph) -> None:
    canonical = graph.canonical()
    assert oracles.isomorphic(graph, canonical)
    assert canonical.canonical() == canonical
    assert list(canonical.vertices) == sorted(graph.vertices)


@given(graphs(), st.data())
def test_moving_one_edge_changes_the_canonical_graph_unless_isomorphic(
    graph: ContractionGraph, data: st.DataObject
) -> None:
    assume(graph.edges)
    u, v, m = data.draw(st.sampled_from(graph.edges))
    rest = tuple(e for e in graph.edges if e[:2] != (u, v))
    changed = ContractionGraph(graph.vertices, tuple(sorted((*rest, (u, v, m + 1)))))
    assert (changed.canonical() == graph.canonical()) == oracles.isomorphic(changed, graph)
    swapped = [*range(len(graph.vertices))]
    w = data.draw(st.sampled_from(swapped))
    swapped[u], swapped[w] = swapped[w], swapped[u]  # move all edges of u to w, keeping labels
    moved = ContractionGraph(graph.vertices, permuted(graph, swapped).edges)
    assert (moved.canonical() == graph.canonical()) == oracles.isomorphic(moved, graph)


@pytest.mark.parametrize("family", [(6, 3), (7, 4), (8, 3)])
def test_hashes_of_refined_colours_merge_graphs_that_the_canonical_form_tells_apart(family: tuple[int, int]) -> None:
    size, degree = family
    found = connected_graphs([0] * size, [degree] * size)
    hashes = {
        nx.weisfeiler_lehman_graph_hash(oracles.as_networkx(g), edge_attr="multiplicity", node_attr="label")
        for g in found
    }
    assert len(hashes) < len(found) == REGULAR[family]  # the trap is real, and avoided
    assert not any(oracles.isomorphic(a, b) for a, b in combinations(found, 2))


@pytest.mark.parametrize("family", list(REGULAR))
def test_regular_graphs_are_all_found_once(family: tuple[int, int]) -> None:
    size, degree = family
    found = connected_graphs([0] * size, [degree] * size)
    assert len(found) == REGULAR[family]
    # Each class stands for n! / |Aut| labelled graphs. Counting those in another way fails if a class is missing
    # (too few) or listed twice (too many).
    assert oracles.mass(found) == oracles.count_connected_labelled((degree,) * size)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=2, max_size=6))
def test_all_connected_graphs_are_found_once(tensors: list[tuple[int, int]]) -> None:
    # a label fixes the degree, as a tensor has one rank
    tensors = sorted((10 * label + rank, rank) for label, rank in tensors)
    labels, ranks = zip(*tensors)
    found = connected_graphs(labels, ranks)
    assert found == sorted(set(found)) == [g.canonical() for g in found]
    for graph in found:
        assert list(graph.vertices) == sorted(labels)
        assert [sum(row) for row in graph.weights] == [v % 10 for v in graph.vertices]
        assert oracles.connected(graph)
    assert oracles.mass(found) == oracles.count_connected_labelled(ranks)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5))
def test_enumeration_agrees_with_brute_force_up_to_isomorphism(ranks: list[int]) -> None:
    classes: list[ContractionGraph] = []
    for graph in oracles.labelled_multigraphs(ranks):
        if oracles.connected(graph) and not any(oracles.isomorphic(graph, c) for c in classes):
            classes.append(graph)
    found = connected_graphs([0] * len(ranks), ranks)
    assert len(found) == len(classes)
    assert all(sum(oracles.isomorphic(f, c) for c in classes) == 1 for f in found)


def test_labelled_graphs_are_counted_right() -> None:
    # The oracle itself, against listing: symmetric matrices with zero diagonal and given row sums.
    for ranks in ((3, 3, 3, 3), (1, 2, 2, 3), (4, 2, 2), (2, 2, 2, 2, 2)):
        listed = list(oracles.labelled_multigraphs(ranks))
        assert len(listed) == len(set(listed)) == oracles.count_labelled(tuple(sorted(ranks)))
        assert sum(map(oracles.connected, listed)) == oracles.count_connected_labelled(ranks)


def test_the_levi_civita_symbol_meets_three_different_tensors() -> None:
    found = connected_graphs([EPSILON_VERTEX, 0, 1, 2], [3, 1, 2, 2])
    assert found
    for graph in found:
        row = graph.weights[graph.vertices.index(EPSILON_VERTEX)]
        assert sorted(row) == [0, 1, 1, 1]
    assert connected_graphs([EPSILON_VERTEX, 0, 1], [3, 1, 2]) == []


@pytest.mark.parametrize("ranks", [[1], [3], [1, 2], [5, 1, 1], [1, 1, 1], [1, 1, 1, 1], [0, 1, 1], [0, 0]])
def test_degrees_that_no_connected_graph_has_give_none(ranks: list[int]) -> None:
    assert connected_graphs([0] * len(ranks), ranks) == []


def test_a_scalar_alone_is_a_graph() -> None:
    assert connected_graphs([0], [0]) == [ContractionGraph((0,), ())]


def numbered_graphs(vertices: tuple[int, ...], ranks: list[int]) -> list[ContractionGraph]:
    """Every connected graph of these tensors, one for each way to join numbered tensors."""
    found = []
    for graph in oracles.labelled_multigraphs(ranks):
        simple = all(m == 1 for u, v, m in graph.edges if EPSILON_VERTEX in (vertices[u], vertices[v]))
        if simple and oracles.connected(graph):
            found.append(ContractionGraph(vertices, graph.edges))
    return found


@pytest.mark.parametrize(("names", "degree"), [("v u q t", 4), ("v q t", 5)])
def test_canonical_graphs_are_equal_exactly_where_networkx_finds_an_isomorphism(names: str, degree: int) -> None:
    """All graphs of all multidegrees: `graph()` of contractions as networkx compares them, against our numbering."""
    match = nx.algorithms.isomorphism.categorical_node_match("name", None)
    with_several = 0
    for tensors in combinations_with_replacement(map(SPACE.index, names.split()), degree):
        ranks = [SPACE.tensors[v].l for v in tensors]
        odd = sum(ranks) % 2
        vertices, ranks = ((EPSILON_VERTEX, *tensors), [3, *ranks]) if odd else (tensors, ranks)
        representatives: list[tuple[ContractionGraph, nx.MultiGraph]] = []
        for numbered in numbered_graphs(vertices, ranks):
            contraction = from_graph(numbered, SPACE)
            canonical, graph = contraction.canonical_graph(SPACE), contraction.graph()
            same = [(canonical == other, nx.is_isomorphic(graph, made, match)) for other, made in representatives]
            assert all(equal == isomorphic for equal, isomorphic in same)
            if not any(equal for equal, _ in same):
                representatives.append((canonical, graph))
        assert sorted(canonical for canonical, _ in representatives) == connected_graphs(vertices, ranks)
        with_several += len(representatives) > 1
    assert with_several > 3
