from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import Basis, TensorSpace, cli, generate
from invgen.algebra.finite_field import Echelon
from invgen.contractions.at_points import evaluator
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.plans import plan
from invgen.errors import BasisFileError, InputError
from invgen.reduction.search import batches
from invgen.reduction.search.generators import GeneratorStage
from invgen.reduction.search.jacobian_pass import JacobianPass, JacobianRank
from invgen.reduction.search.orders import Order, Ranking, canonical, cost_bound, describe, parse
from invgen.reduction.search.products import Candidate
from invgen.reduction.search.request import Request
from invgen.reduction.search.visits import Visits
from invgen.reduction.selections import independent


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


def one_by_one(request: Request) -> tuple[list[str], JacobianRank]:
    """What is kept of the visits of a request if each is offered alone."""
    rows, kept = JacobianPass(request.space, request.seed), []
    for level in Visits(request.space, Ranking.of(request.order, request.space), request.max_degree).levels():
        for visit in level:
            expression = visit.expression(request.space)
            if rows.rank < request.target and rows.offer(expression):
                kept.append(str(expression))
        if rows.rank == request.target:
            break
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
    asked = Request(space, degree, order=order)
    kept, rank = one_by_one(asked)
    found = independent.find(asked)
    assert ([str(m) for m in found.members], found.evidence) == (kept, rank)


def test_visiting_products_too_visits_every_invariant_and_keeps_the_same_rank() -> None:
    space = TensorSpace("0e + 2x1o + 2e")
    levels = list(Visits(space, Ranking.of("cost", space), 4, products=True).levels())
    assert sum(map(len, levels)) == sum(space.hilbert_series(4)) - 1
    costs = [{c.cost for c in level} for level in levels]
    assert all(len(c) == 1 for c in costs)
    rows, few = JacobianPass(space, "x"), JacobianPass(space, "x")
    for level in levels:
        rows.offer_all(level, space.dimension)
    for candidate in ranked(space, 4, "cost"):
        few.offer(candidate.contraction)
    assert rows.rank == few.rank == space.dimension - space.orbit_dimension


@pytest.mark.parametrize("order", ["cost", "weights"])
def test_higher_degrees_are_left_alone_where_they_cannot_win(order: str) -> None:
    # With max_degree far beyond what can be enumerated, the basis is found all the same: H1 + H2 needs degree 4.
    space = TensorSpace("1o + 2e")
    given_order = order if order == "cost" else {"l1": 1, "l2": 2}
    told: list[str] = []
    basis = generate(space, 1000, order=given_order, progress=lambda text, done, total: told.append(text))
    assert basis.certificate.complete and len(basis) == 5
    assert max(int(text.split()[1]) for text in told[1:]) < 10


@settings(max_examples=30)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=5))
def test_no_contraction_costs_less_than_its_bound(ranks: list[int]) -> None:
    ranks = ranks[:3] if sum(ranks) > 14 else ranks  # more indices only cost time
    space = TensorSpace(" + ".join(f"{l}e" for l in ranks), group="SO3")
    for cost, contraction in connected_contractions(space, [1] * len(ranks)):
        assert cost == plan(contraction).cost >= cost_bound(ranks, connected=True)
        assert cost >= cost_bound(ranks, connected=False)


def test_the_bound_is_met_by_chains_of_vectors_and_matrices() -> None:
    for ranks, cost in [((1, 1), 3), ((2, 2), 6), ((1, 1, 2), 12), ((1, 1, 2, 2), 21)]:
        assert cost_bound(ranks, connected=True) == cost


@given(st.integers(0, 6), st.integers(1, 30), st.booleans())
def test_the_bound_grows_with_the_degree(l: int, degree: int, connected: bool) -> None:
    assert cost_bound([l] * degree, connected) <= cost_bound([l] * (degree + 1), connected)


@pytest.mark.parametrize("sweep", [1, 2000, batches._SWEEP])
def test_sweeps_of_any_size_give_the_gradients_of_single_candidates(
    sweep: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_SWEEP", sweep)
    space = TensorSpace("3x1o + 3x2e + 3o")
    rows = JacobianPass(space, "sweeps")
    at = evaluator(space, rows.primes, rows.points)
    candidates = [c for level in Visits(space, Ranking.of("degree", space), 3).levels() for c in level]
    assert len(candidates) > 30
    found = batches.BatchGradients(space, rows.primes, rows.points).rows(candidates)
    assert found.shape == (len(candidates), len(rows.primes), space.dimension)
    for candidate, gradient in zip(candidates, found, strict=True):
        assert np.array_equal(gradient, at.gradient(candidate.expression(space)))


@settings(max_examples=30)
@given(st.integers(0, 6), st.integers(1, 6), st.integers(0, 10**6))
def test_residues_are_zero_exactly_inside_the_span(before: int, offered: int, seed: int) -> None:
    prime = 2147483629
    random = np.random.default_rng(seed)
    basis = random.integers(0, prime, (4, 7))
    inside = random.integers(0, 50, (before + offered, 4)) @ (basis % 1000)  # at most four dimensions
    blocked, single = Echelon(7, prime), Echelon(7, prime)
    for row in inside[:before]:
        assert blocked.insert(row) == single.insert(row)
    rests = blocked.residues(inside[before:])
    kept = []
    for i in range(offered):
        if rests[i].any():
            kept.append(i)
            blocked.insert_and_clear(rests, i, np.arange(i + 1, offered))
    assert kept == [i for i, row in enumerate(inside[before:]) if single.insert(row)]
    assert blocked.pivots == single.pivots


ACE = TensorSpace("n1l0:0e + n1l1:1o + n1l2:2e + n2l1:1o + n2l2:2e")


def test_a_cost_order_prefers_cheap_members_of_any_degree() -> None:
    space = TensorSpace("1o + 2e + 3o")
    by_degree, by_cost = generate(space, 4), generate(space, 4, order="cost")
    costs = [plan(c).cost for c in by_cost.contractions]
    assert costs == sorted(costs) and list(by_cost.degrees) != sorted(by_cost.degrees)
    assert sum(costs) < sum(plan(c).cost for c in by_degree.contractions)
    assert by_cost.certificate.complete and by_cost.verify() and by_cost.certificate.verify(by_cost)
    assert by_cost.id != by_degree.id


@pytest.mark.parametrize(
    ("irreps", "degree"), [("0e + 1o + 2e + 3o + 4e", 4), ("0e + 1o + 2e + 3o", 5), ("2x1o + 2e + 3o", 4)]
)
def test_members_of_a_cost_order_come_cheapest_first(irreps: str, degree: int) -> None:
    costs = [member.cost for member in generate(TensorSpace(irreps), degree, order="cost")]
    assert costs == sorted(costs)


def test_weights_keep_members_of_heavy_tensors_for_last() -> None:
    weights = {name: 50 if name == "n1l2" else 1 for name in ACE.names}
    basis = generate(ACE, 4, order=weights)
    sums = [sum(weights[t] for t in c.factors) for c in basis.contractions]
    assert sums == sorted(sums)
    assert basis.certificate.complete and basis.certificate.verify(basis)


def test_an_order_changes_the_members_but_not_the_rank() -> None:
    for degree in (2, 3, 4):
        orders: list[Any] = ["degree", "cost", {name: i + 1 for i, name in enumerate(ACE.names)}]
        ranks = {generate(ACE, degree, order=order).certificate.rank for order in orders}
        assert len(ranks) == 1


def test_raising_the_degree_may_change_members_of_a_cost_order() -> None:
    # What "not prefix-stable" warns of: here it happens.
    space = TensorSpace("1o + 2e + 3o")
    three, four = (generate(space, degree, order="cost").contractions for degree in (3, 4))
    assert four[: len(three)] != three


def test_proportional_weights_are_one_order() -> None:
    weights = {name: i + 2 for i, name in enumerate(ACE.names)}
    scaled = {name: Fraction(w, 3) for name, w in reversed(weights.items())}
    assert canonical(weights, ACE) == canonical(scaled, ACE) == tuple(sorted(weights.items()))
    assert generate(ACE, 3, order=weights).id == generate(ACE, 3, order=scaled).id
    assert canonical(dict.fromkeys(ACE.names, 7), ACE) == tuple((name, 1) for name in sorted(ACE.names))


ONE = {name: 1 for name in ACE.names}


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("size", "order must be one of 'degree', 'cost', or a mapping of weights"),
        ("given", "order must be one of"),
        (None, "got None"),
        (["degree"], "got \\['degree'\\]"),
        ({**ONE, "n9l9": 1}, "the weights name 'n9l9', but the space has n1l0"),
        ({"n1l0": 1}, "leave out n1l1, n1l2, n2l1, n2l2; give every tensor a weight"),
        ({}, "leave out n1l0"),
        ({**ONE, "n1l1": 0}, "a weight is a positive int or Fraction, got 0 for n1l1"),
        ({**ONE, "n1l1": -2}, "got -2 for n1l1"),
        ({**ONE, "n1l1": 0.5}, "got 0.5 for n1l1"),
        ({**ONE, "n1l1": True}, "got True for n1l1"),
        ({**ONE, "n1l1": "2"}, "got '2' for n1l1"),
        ({**ONE, "n1l1": 10**10}, "the weight of n1l1 is 10000000000; at most 1000000000"),
    ],
)
def test_bad_orders_are_refused_with_what_is_allowed(order: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        generate(ACE, 3, order=order)


@pytest.mark.parametrize("select", ["linear", "integrity", "flexible"])
@pytest.mark.parametrize("order", ["cost", {"l1": 1, "l2": 2}])
def test_only_independent_has_a_choice_of_order(select: str, order: Any) -> None:
    with pytest.raises(InputError, match=f"goes with select='independent' only, got select='{select}'"):
        generate(TensorSpace("1o + 2e"), 4, select=select, order=order)


@pytest.mark.parametrize("order", ["cost", {**ONE, "n2l2": Fraction(5, 2)}])
def test_files_keep_the_order_and_verify_from_the_file_alone(order: Any, tmp_path: Path) -> None:
    basis = generate(ACE, 4, order=order)
    loaded = Basis.load(basis.save(tmp_path / "basis.json"))
    assert loaded == basis and loaded.id == basis.id
    assert loaded.certificate.verify(loaded)
    assert loaded.order == (order if order == "cost" else (*((n, 2) for n in ACE.names[:-1]), ("n2l2", 5)))


@pytest.mark.parametrize(
    "order",
    [
        "given",
        "size",
        5,
        None,
        {"n1l0": 1},
        [["n1l0", 1]],
        [[name, 2] for name in ACE.names],
        [[name, 1] for name in reversed(ACE.names)],
        [[name, 1.0] for name in ACE.names],
        [[name, True] for name in ACE.names],
        [*([name, 1] for name in ACE.names), ["n2l2", 1]],
        [[name, 1, 1] for name in ACE.names],
        [["n9l9", 1], *([name, 1] for name in ACE.names[1:])],
    ],
)
def test_files_with_an_order_in_any_other_form_are_refused(order: Any, tmp_path: Path) -> None:
    path = generate(ACE, 3, order="cost").save(tmp_path / "basis.json")
    data = json.loads(path.read_text())
    data["selection"]["order"] = order
    path.write_text(json.dumps(data))
    with pytest.raises(BasisFileError, match="is damaged"):
        Basis.load(path)


def test_files_of_other_selections_have_no_other_order(tmp_path: Path) -> None:
    for basis, order in [
        (generate(ACE, 3, select="linear"), "cost"),
        (Basis.from_contractions(["n1l0"], ACE), "degree"),
    ]:
        path = basis.save(tmp_path / "basis.json")
        text = path.read_text()
        path.write_text(text.replace(f'"order": "{basis.order}"', f'"order": "{order}"'))
        assert path.read_text() != text
        with pytest.raises(BasisFileError, match=re.escape(f"its order is {order!r}")):
            Basis.load(path)


def test_tables_say_which_orders_are_not_prefix_stable() -> None:
    assert "ordered by degree, contraction forms" in generate(ACE, 3).table()
    assert "ordered by cost (not prefix-stable)" in generate(ACE, 3, order="cost").table()
    weights = canonical({"l1": 3, "l2": Fraction(1, 2)}, TensorSpace("1o + 2e"))
    assert describe(weights) == "weights l1=6, l2=1 (not prefix-stable)"


def test_the_command_line_reads_names_and_weights() -> None:
    assert parse("cost") == "cost"
    assert parse("v=1, q=3/2") == {"v": 1, "q": Fraction(3, 2)}
    for text, words in [
        ("v=1,q", "cannot read the weight 'q'"),
        ("v=-1", "cannot read the weight 'v=-1'"),
        ("v=1/0", "cannot read the weight 'v=1/0'"),
        ("v=1.5", "cannot read the weight 'v=1.5'"),
        ("v=1,v=2", "v has two weights"),
    ]:
        with pytest.raises(InputError, match=re.escape(words)):
            parse(text)


def test_the_command_line_makes_what_python_makes(tmp_path: Path) -> None:
    space = TensorSpace("1o + 2e")
    for text, order in [("cost", "cost"), ("l1=3,l2=1/2", {"l1": 3, "l2": Fraction(1, 2)})]:
        path = tmp_path / "basis.json"
        assert cli.main(["generate", "1o + 2e", "--max-degree", "4", "--order", text, "-o", str(path)]) == 0
        assert Basis.load(path) == generate(space, 4, order=order)
