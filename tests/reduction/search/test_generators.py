from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace
from invgen.errors import EnumerationError, InputError
from invgen.reduction.search import components as solving
from invgen.reduction.search.components import Component
from invgen.reduction.search.generators import GeneratorStage, Progress
from tests.support import oracles


def stage(space: TensorSpace, progress: Progress | None = None) -> GeneratorStage:
    return GeneratorStage(space, progress=progress)


def components(space: TensorSpace, max_degree: int) -> list[Component]:
    return [c for _, found in stage(space).degrees(max_degree) for c in found]


def generator_degrees(irreps: str, group: str, max_degree: int) -> dict[int, int]:
    found = components(TensorSpace(irreps, group=group), max_degree)
    return dict(Counter(sum(g.multidegree) for c in found for g in c.generators))


# Minimal generators of the invariant ring, by degree. Each is searched beyond the highest degree given here, to show
# that no more come, except H4, whose degrees 9 and 10 take seconds and minutes.
@pytest.mark.parametrize(
    ("irreps", "group", "searched", "degrees"),
    [
        ("0e", "O3", 4, {1: 1}),
        ("1o", "O3", 8, {2: 1}),
        ("1o", "SO3", 7, {2: 1}),
        ("2e", "O3", 9, {2: 1, 3: 1}),
        ("2x1o", "O3", 6, {2: 3}),
        ("3x1o", "SO3", 5, {2: 6, 3: 1}),
        ("3o", "O3", 10, {2: 1, 4: 1, 6: 1, 10: 1}),
        ("3o", "SO3", 10, {2: 1, 4: 1, 6: 1, 10: 1}),
        ("4e", "O3", 8, {2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1}),
        ("2x2e", "O3", 7, {2: 3, 3: 4, 4: 1}),
        ("1o + 2e", "O3", 7, {2: 2, 3: 2, 4: 1}),
        ("1o + 2e", "SO3", 7, {2: 2, 3: 2, 4: 1, 6: 1}),
    ],
)
def test_degrees_of_minimal_generators(irreps: str, group: str, searched: int, degrees: dict[int, int]) -> None:
    assert generator_degrees(irreps, group, searched) == degrees


@pytest.mark.slow  # graphs with nine vertices of degree 4
def test_degrees_of_minimal_generators_of_rank_four() -> None:
    assert generator_degrees("4e", "O3", 9) == dict.fromkeys(range(2, 10), 1)


def test_the_sixth_generator_of_a_vector_and_a_deviator_is_odd() -> None:
    found = components(TensorSpace("v:1o + q:2e", group="SO3"), 6)
    odd = [g for c in found for g in c.generators if "eps" in g.contraction.tensors]
    assert [g.multidegree for g in odd] == [(3, 3)]


@pytest.mark.parametrize(
    ("irreps", "group", "degree"),
    [
        ("0e + 1o + 2e", "O3", 5),
        ("1o + 2e", "SO3", 6),
        ("2x1o + 1e", "O3", 4),
        ("0o + 1e + 2o", "O3", 4),
        ("0o + 3x1o", "O3", 5),
        ("1o + 2e + 3o", "O3", 4),
    ],
)
def test_members_of_each_multidegree_are_as_many_as_the_molien_count_and_independent(
    irreps: str, group: str, degree: int
) -> None:
    space = TensorSpace(irreps, group=group)
    found = components(space, degree)
    rng = np.random.default_rng(0)
    points = [oracles.random_tensors(space, rng) for _ in range(24)]
    total = Counter[int]()
    for component in found:
        members = [*component.products, *component.generators]
        assert len(members) == component.count == space.count(component.multidegree)
        total[sum(component.multidegree)] += len(members)
        for member in members:
            assert member.contraction.check(space).multidegree(space) == component.multidegree == member.multidegree
        if sum(len(g) for g in members[0].contraction.groups) <= 12:
            rows = [[oracles.contract(m.contraction, space, x) for x in points[: len(members) + 4]] for m in members]
            assert oracles.exact_rank(rows) == len(members)
    assert [total[d] for d in range(1, degree + 1)] == space.hilbert_series(degree)[1:]


def test_pairs_of_odd_contractions_generate_where_parities_are_unnatural() -> None:
    # the square of a pseudo-scalar, and (a · b)² of a vector and a pseudo-vector: even, but no products of even ones
    assert generator_degrees("0o", "O3", 5) == {2: 1}
    found = components(TensorSpace("a:1o + b:1e"), 6)
    assert [g.multidegree for c in found for g in c.generators] == [(2, 0), (0, 2), (2, 2)]
    pair = next(g.contraction for c in found for g in c.generators if g.multidegree == (2, 2))
    assert sorted(pair.tensors) == ["a", "a", "b", "b"]
    # a pseudo-scalar times the determinant of three vectors holds one epsilon
    found = components(TensorSpace("s:0o + a:1o + b:1o + c:1o"), 4)
    with_epsilon = [g.contraction for c in found for g in c.generators if "eps" in g.contraction.tensors]
    assert [sorted(c.factors) for c in with_epsilon] == [["a", "b", "c", "s"]]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("eo")), min_size=1, max_size=3),
    st.sampled_from(["O3", "SO3"]),
    st.integers(1, 4),
)
def test_the_count_is_met_in_every_space(terms: list[tuple[int, str]], group: str, degree: int) -> None:
    space = TensorSpace(" + ".join(f"{l}{p}" for l, p in terms), group=group)
    counted = Counter(sum(c.multidegree) for c in components(space, degree) for _ in (*c.products, *c.generators))
    assert [counted[d] for d in range(1, degree + 1)] == space.hilbert_series(degree)[1:]


def test_products_and_generators_come_in_order_of_cost() -> None:
    for component in components(TensorSpace("0e + 1o + 2e + 3o"), 4):
        for members in (component.products, component.generators):
            costs = [m.cost for m in members]
            assert costs == sorted(costs)


def test_falling_short_of_the_count_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "connected_contractions", lambda space, multidegree: [])
    with pytest.raises(EnumerationError, match=r"\(2,\) of .*2e has 1 invariants, but the candidates span 0"):
        components(TensorSpace("2e"), 3)


def test_too_many_multidegrees_are_refused() -> None:
    with pytest.raises(InputError, match="degree 4 of 60 tensors has 595665 multidegrees, more than 500000; lower"):
        list(stage(TensorSpace("60x1o")).degrees(4))


def test_progress_ends_every_degree_with_all_done() -> None:
    told: list[tuple[str, int, int]] = []
    list(stage(TensorSpace("1o + 2e"), lambda *now: told.append(now)).degrees(3))
    for degree in (2, 3):
        done = [(d, t) for text, d, t in told if text == f"degree {degree}"]
        assert done == sorted(done) and done[-1][0] == done[-1][1] > 0
