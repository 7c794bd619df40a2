from __future__ import annotations

import subprocess
import sys

import networkx
import pytest

from invgen.basis.basis import Basis
from invgen.basis.generation import generate
from invgen.spaces.space import TensorSpace

SO3 = TensorSpace("v:1o + q:2e + w:1e", group="SO3")


def test_the_graph_of_a_contraction_has_tensors_as_nodes_and_index_lines_as_edges() -> None:
    graph = Basis.from_contractions(["ijk,il,jl,k eps,q,q,w"], SO3)[0].graph()
    assert list(graph.nodes(data=True)) == [
        (0, {"kind": "epsilon", "name": "eps"}),
        (1, {"kind": "tensor", "name": "q", "l": 2, "parity": 1}),
        (2, {"kind": "tensor", "name": "q", "l": 2, "parity": 1}),
        (3, {"kind": "tensor", "name": "w", "l": 1, "parity": 1}),
    ]
    assert list(graph.edges(keys=True)) == [(0, 1, "i"), (0, 2, "j"), (0, 3, "k"), (1, 2, "l")]
    assert graph.edges[1, 2, "l"] == {"index": "l"}


def test_contracted_index_pairs_are_parallel_edges_and_ranks_are_degrees() -> None:
    basis = generate(TensorSpace("0e + 1o + 2e + 3o"), 4)
    for member in basis:
        graph = member.graph()
        assert networkx.is_connected(graph)
        assert graph.number_of_edges() == len(set(member.contraction) - {","})
        assert all(graph.degree[vertex] == l for vertex, l in graph.nodes(data="l"))
    square = next(m for m in basis if m.contraction == "ijk,ijk").graph()
    assert square.number_of_edges(0, 1) == 3


def test_the_graph_of_a_coupling_tree_joins_every_coupling_to_its_parts() -> None:
    graph = Basis.from_contractions(["((v,q)1,v)0"], SO3)[0].graph()
    assert [(node["kind"], node["name"], node["l"]) for _, node in graph.nodes(data=True)] == [
        ("tensor", "v", 1),
        ("tensor", "q", 2),
        ("coupling", "1", 1),
        ("tensor", "v", 1),
        ("coupling", "0", 0),
    ]
    assert networkx.is_tree(graph)
    assert sorted(map(sorted, graph.edges())) == [[0, 2], [1, 2], [2, 4], [3, 4]]


def test_covariants_have_graphs() -> None:
    basis = generate(TensorSpace("1o + 2e"), 2, select="linear", outputs="1o")
    assert [len(member.graph()) for member in basis] == [2 * member.degree - 1 for member in basis]


def test_the_graph_of_a_planar_product_joins_the_part_to_every_factor() -> None:
    space = TensorSpace("a:1e + b:2o", "SO2")
    graph = Basis.from_contractions(["Im(a a b*)"], space)[0].graph()
    assert graph.nodes[0] == {"kind": "part", "name": "Im"}
    assert graph.nodes[3] == {"kind": "tensor", "name": "b", "conjugated": True, "l": 2, "parity": -1}
    assert list(graph.edges()) == [(0, 1), (0, 2), (0, 3)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Re(a a b*)", "Re(a b* a)", True),
        ("Re(a a b*)", "Im(a a b*)", False),
        ("Re(a a b*)", "Re(a* a* b)", False),  # equal values, written differently
    ],
)
def test_planar_products_have_isomorphic_graphs_if_they_differ_in_the_order_of_factors(
    one: str, other: str, same: bool
) -> None:
    basis = Basis.from_contractions([one, other], TensorSpace("a:1e + b:2e", "SO2"))
    match = networkx.algorithms.isomorphism.categorical_node_match(["kind", "name", "conjugated"], [None] * 3)
    assert networkx.is_isomorphic(basis[0].graph(), basis[1].graph(), match) == same


def test_networkx_is_loaded_by_the_first_graph() -> None:
    code = (
        "import sys; from invgen import Basis, TensorSpace;"
        "basis = Basis.from_contractions(['i,i v,v'], TensorSpace('v:1o'));"
        "basis[0].latex(), basis.table('latex'); before = 'networkx' in sys.modules;"
        "basis[0].graph(); print(before, 'networkx' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


def test_the_cost_of_a_member_is_that_of_its_cheapest_order() -> None:
    basis = Basis.from_contractions(["i,i v,v", "ij,ij q,q"], SO3)
    assert [member.cost for member in basis] == [3, 6]
