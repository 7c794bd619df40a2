"""Bezout's bound in several gradings: what scaling, known rings and limits of counts say."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest

from invgen import TensorSpace, generate
from invgen.reduction.orbits.bezout import bezout
from invgen.reduction.orbits.ring_degree import ring_degree


@pytest.mark.parametrize(
    ("irreps", "group"),
    [("1o + 2e", "SO3"), ("0e + 1o + 3o", "O3"), ("2e + 3e + 0o", "O2"), ("2e", "O3"), ("1o", "O3")],
)
def test_doubling_all_degrees_divides_the_limit_by_a_power_of_two(irreps: str, group: str) -> None:
    space = TensorSpace(irreps, group)
    weights = [1 + i for i in range(len(space.tensors))]
    rank = space.dimension - space.orbit_dimension
    assert ring_degree(space, weights) == 2**rank * ring_degree(space, [2 * w for w in weights])


@pytest.mark.parametrize("weights", [(1, 1), (1, 2), (3, 2)])
@pytest.mark.parametrize(
    ("irreps", "group", "parameters", "numerator"),
    [
        ("1o + 2e", "O3", [(2, 0), (0, 2), (2, 1), (0, 3), (2, 2)], 1),
        ("1o + 2e", "SO3", [(2, 0), (0, 2), (2, 1), (0, 3), (2, 2)], 2),
        ("1e + 2e", "SO2", [(2, 0), (0, 2), (2, 1)], 2),
        ("2x1e", "O2", [(2, 0), (1, 1), (0, 2)], 1),
    ],
)
def test_systems_of_parameters_have_the_same_bound_in_every_grading(
    irreps: str, group: str, parameters: list[tuple[int, int]], numerator: int, weights: tuple[int, int]
) -> None:
    space = TensorSpace(irreps, group)
    product = Fraction(1)
    for multidegree in parameters:
        product *= sum(w * k for w, k in zip(weights, multidegree, strict=True))
    assert product * ring_degree(space, weights) == numerator
    assert [found.bound for found in bezout(space, parameters)] == [numerator]


def test_another_grading_can_lower_the_bound_of_members_that_are_no_system_of_parameters() -> None:
    space = TensorSpace("1o + 3o")
    multidegrees = [m.multidegree(space) for m in generate(space, 8).contractions]
    plain = ring_degree(space)
    for multidegree in multidegrees:
        plain *= sum(multidegree)
    found, degrees = bezout(space, multidegrees)
    assert 1 <= found.bound < plain == degrees.bound and degrees.weights == (1, 1)
    assert found.bound == ring_degree(space, found.weights) * prod(found.degree(m) for m in multidegrees)
