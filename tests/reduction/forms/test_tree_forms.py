from __future__ import annotations

import numpy as np
import pytest

from invgen import TensorSpace
from invgen.algebra.finite_field import derived_primes, rank
from invgen.contractions.trees import Node
from invgen.reduction.forms.tree_forms import TreeForms
from invgen.reduction.search.generators import GeneratorStage
from invgen.reduction.search.values import PointValues


@pytest.mark.parametrize(
    ("irreps", "multidegree"),
    [
        ("1o + 2e", (2, 1)),
        ("1o + 2e", (2, 2)),
        ("2e + 3o", (2, 2)),
        ("1o + 2e + 3o + 4e", (1, 1, 1, 1)),
        ("4e", (4,)),
        ("2e + 4e", (3, 2)),  # from degree 5 on only some trees are listed
        ("3o", (10,)),
    ],
)
def test_trees_and_products_of_lower_invariants_span_a_multidegree(irreps: str, multidegree: tuple[int, ...]) -> None:
    space = TensorSpace(irreps)
    count = space.count(multidegree)
    points = PointValues(space, derived_primes("span", 1)[0], "span")
    component = GeneratorStage(space).component(multidegree)
    expressions = [p.contraction for p in component.products] + list(TreeForms(space).invariants(multidegree))
    values = np.stack([points.values(e, count + 2) for e in expressions])
    assert rank(values, points.prime) == count


def parts(node: Node) -> frozenset[object] | str:
    return node if isinstance(node, str) else frozenset([(parts(node[0]), 0), (parts(node[1]), 0), node[2]])


@pytest.mark.parametrize("multidegree", [(4, 0), (2, 2), (1, 3), (0, 2), (3, 3)])
def test_no_tree_is_listed_twice_and_all_are_invariants(multidegree: tuple[int, ...]) -> None:
    space = TensorSpace("2e + 3o", "SO3")
    found = [tree.check(space) for tree in TreeForms(space).invariants(multidegree)]
    assert all(tree.multidegree(space) == multidegree for tree in found)
    assert len({parts(tree.root) for tree in found}) == len(found)


def test_degrees_without_a_coupling_have_no_trees() -> None:
    space = TensorSpace("0e + 2e")
    assert list(TreeForms(space).invariants((1, 0))) == []
    assert list(TreeForms(space).invariants((1, 2))) == []  # a scalar is a factor, and the rest an invariant by itself
    assert list(TreeForms(space).invariants((0, 17))) == []
    assert [str(tree) for tree in TreeForms(space).invariants((0, 2))] == ["(l2,l2)0"]
