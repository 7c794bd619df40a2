from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen import TensorSpace
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import Contraction, parse
from invgen.contractions.plans import axis_size, plan

SPACE = TensorSpace("v:1o + q:2e + t:3o + w:4e", group="SO3")


def cheapest(contraction: Contraction) -> int:
    """The smallest cost over all pairwise orders that never form an outer product, by trying them all."""
    edges, legs = contraction.legs

    @cache
    def search(nodes: frozenset[frozenset[int]]) -> int:
        if len(nodes) == 1:
            return 0
        costs = []
        listed = sorted(nodes, key=sorted)
        for i, a in enumerate(listed):
            for b in listed[i + 1 :]:
                if any((u in a and v in b) or (u in b and v in a) for u, v, _ in edges):
                    cost = 1
                    for u, v, m in edges:
                        if ((u in a) != (v in a)) or ((u in b) != (v in b)):
                            cost *= axis_size(m)
                    costs.append(cost + search(nodes - {a, b} | {a | b}))
        return min(costs)

    return search(frozenset(frozenset((v,)) for v in range(len(legs))))


@pytest.mark.parametrize(
    "multidegree", [(2, 1, 0, 0), (1, 1, 1, 0), (0, 2, 2, 0), (1, 2, 1, 1), (0, 1, 2, 2), (3, 0, 1, 0)]
)
def test_small_contractions_are_multiplied_in_the_cheapest_order(multidegree: tuple[int, ...]) -> None:
    found = connected_contractions(SPACE, multidegree)
    assert found
    for cost, contraction in found:
        assert cost == plan(contraction).cost == cheapest(contraction)


@pytest.mark.parametrize(
    ("line", "cost"),
    [
        ("s", 0),
        ("i,i v,v", 3),
        ("ij,ij q,q", 6),  # one edge of two indices has six entries, not nine
        ("ijk,ijk t,t", 10),
        ("i,ij,j v,q,v", 9 + 3),
        ("ij,jk,ki q,q,q", 27 + 9),
        ("i,i,j,j v,v,v,v", 3 + 3 + 1),
    ],
)
def test_costs_by_hand(line: str, cost: int) -> None:
    assert plan(parse(line)).cost == cost


def check(contraction: Contraction) -> None:
    """Every node is used once and the last one has no open index."""
    made = plan(contraction)
    used = [n for step in made.steps for n in (step.left, step.right)]
    total = len(made.legs) + len(made.steps)
    assert sorted(used) == list(range(total - 1))
    axes = dict(enumerate(made.legs))
    for number, step in enumerate(made.steps, len(made.legs)):
        assert sorted(axes[step.left]) == sorted(step.left_open + step.shared)
        assert sorted(axes[step.right]) == sorted(step.right_open + step.shared)
        assert max(step.left, step.right) < number
        axes[number] = step.left_open + step.right_open
    assert axes[total - 1] == ()


@given(st.integers(2, 12))
def test_chains_of_any_length_have_a_complete_plan(length: int) -> None:
    letters = "abcdefghijklmnop"
    groups = [letters[i] + letters[(i + 1) % length] for i in range(length)]
    chain = Contraction(",".join(groups), ("q",) * length)
    check(chain)
    # a closed chain of 3 x 3 matrices needs no product dearer than 27
    assert plan(chain).cost <= 27 * (length - 2) + 9


def test_products_of_parts_have_a_complete_plan() -> None:
    for line in ("ij,ij,kl,kl q,q,q,q", ", s,s", ",i,i s,v,v", "ijk,i,j,k,ab,ab eps,v,v,v,q,q"):
        check(parse(line))


def test_the_plan_depends_on_the_contraction_alone() -> None:
    assert plan(parse("i,ij,j v,q,v")) == plan(parse("a,ab,b x,y,x"))
