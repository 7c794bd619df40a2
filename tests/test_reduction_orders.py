from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace
from invgen.reduction.components import Candidate
from invgen.reduction.generators import GeneratorStage
from invgen.reduction.independent import JacobianPass, JacobianRank, independent
from invgen.reduction.orders import Order, Ranking, canonical
from invgen.reduction.visits import Visits


def ranked(space: TensorSpace, max_degree: int, order: Order) -> list[Candidate]:
    """All generators, enumerated degree by degree and then sorted: what visits must equal."""
    ranking = Ranking.of(order, space)
    found = []
    for degree, components in GeneratorStage(space).degrees(max_degree):
        for component in components:
            weight = sum(w * k for w, k in zip(ranking.weights, component.multidegree, strict=True))
            for number, g in enumerate(component.generators):
                key = (ranking.key(degree, weight, g.cost), [-k for k in component.multidegree], number)
                found.append((key, g))
    return [g for _, g in sorted(found, key=lambda pair: pair[0])]


def one_by_one(space: TensorSpace, candidates: list[Candidate], content: str) -> tuple[list[str], JacobianRank]:
    rows = JacobianPass(space, content)
    kept = []
    for candidate in candidates:
        if rows.rank == space.dimension - space.orbit_dimension:
            break
        if rows.offer(candidate.contraction):
            kept.append(str(candidate.contraction))
    return kept, rows.result()


# Repeated, mixed and unnatural tensors, so that families, ties and products of two odd invariants all occur.
SPACES = [
    ("0e + 2x1o + 2x2e", "O3", 4),
    ("3x1o + 2e", "O3", 5),
    ("3x1o + 2e", "SO3", 4),
    ("2x2e", "O3", 6),
    ("0e + 1o + 2e + 3o", "O3", 4),
    ("0e + 1o + 2e + 3o + 4e", "O3", 4),
    ("1o + 3o", "O3", 6),
    ("1o + 3o", "SO3", 5),
    ("2e", "O3", 9),
    ("2x0o + 1e + 2x1o", "O3", 4),
    ("1o + 1e + 2o", "O3", 5),
    ("0e + 0o + 2o + 1e", "O3", 5),
    ("0e + 0o + 2o + 1e", "SO3", 5),
    ("2x0e + 0o", "O3", 3),
]


@st.composite
def requests(draw: st.DrawFn) -> tuple[TensorSpace, int, Order]:
    irreps, group, degree = draw(st.sampled_from(SPACES))
    space = TensorSpace(irreps, group=group)
    weights = {t.name: draw(st.integers(1, 4)) for t in space.tensors}
    order = draw(st.sampled_from(["degree", "cost", canonical(weights, space), canonical(weights, space)]))
    return space, degree - draw(st.integers(0, 1)), order


@settings(max_examples=60)
@given(requests())
def test_visits_are_all_generators_in_the_order_of_their_keys(request: tuple[TensorSpace, int, Order]) -> None:
    space, degree, order = request
    visited = [c for level in Visits(space, Ranking.of(order, space), degree).levels() for c in level]
    assert [c.expression(space) for c in visited] == [g.contraction for g in ranked(space, degree, order)]


@settings(max_examples=60)
@given(requests())
def test_blocks_keep_exactly_what_one_by_one_keeps(request: tuple[TensorSpace, int, Order]) -> None:
    space, degree, order = request
    kept, found = one_by_one(space, ranked(space, degree, order), "some content")
    members, blocks = independent(space, degree, "some content", order=order)
    assert ([str(m) for m in members], blocks) == (kept, found)
