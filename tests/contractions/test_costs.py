from __future__ import annotations

import pytest

from invgen.algebra.finite_field import derived_primes
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.costs import multiplications
from invgen.contractions.expression import parse
from invgen.reduction.search.covariants import CovariantPool
from invgen.reduction.search.values import PointValues
from invgen.spaces.space import TensorSpace
from tests.support.hiphop import SPACE

PLANE = TensorSpace("s:0e + a:1e + b:2e", "SO2")


@pytest.mark.parametrize(
    ("line", "space", "cost"),
    [
        ("s", SPACE, 0),
        ("i,i v,v", SPACE, 3),
        ("ij,ij q,q", SPACE, 6),  # entries of a symmetric tensor, not 9
        ("(q,q)0", SPACE, 5),
        ("((v,q)1,v)0", SPACE, 11 + 3),
        ("Re(s a a*)", PLANE, 3),
        ("Re(b a* a*)", PLANE, 6),
    ],
)
def test_costs_count_multiplications(line: str, space: TensorSpace, cost: int) -> None:
    assert multiplications(parse(line), space) == cost


@pytest.mark.parametrize("multidegree", [(0, 2, 1, 0), (0, 0, 2, 2), (1, 1, 1, 1), (0, 0, 0, 4)])
def test_candidates_are_ordered_by_this_cost(multidegree: tuple[int, ...]) -> None:
    """What the search prices while it builds expressions is the cost of the expressions that it builds."""
    (prime,) = derived_primes("costs", 1)
    found = [
        *connected_contractions(SPACE, multidegree),
        *CovariantPool(SPACE, PointValues(SPACE, prime, "costs")).invariants(multidegree),
    ]
    assert found
    assert [cost for cost, _ in found] == [multiplications(expression, SPACE) for _, expression in found]
