from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace, generate
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import Contraction
from invgen.errors import EnumerationError
from invgen.reduction.search.jacobian_pass import JacobianPass, jacobian_rank
from invgen.reduction.search.request import PRIMES
from invgen.spaces.groups import weak_compositions
from tests.support import oracles


def natural(l_max: int, l_min: int = 0) -> str:
    return " + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_min, l_max + 1))


def connected(space: TensorSpace, max_degree: int) -> list[Contraction]:
    return [
        c
        for degree in range(1, max_degree + 1)
        for m in weak_compositions(len(space.tensors), degree)
        if space.admits(m)
        for _, c in connected_contractions(space, m)
    ]


SPACES = ["1o", "2e", "1o + 2e", "2x1o", "2x2e", "1o + 2e + 0e", "1e + 1o", "2o + 1o", "3o", "1o + 3o", "3x1o"]


@settings(max_examples=40)
@given(
    st.sampled_from(SPACES),
    st.sampled_from(["O3", "SO3"]),
    st.integers(2, 4),
    st.integers(0, 10**6),
    st.randoms(use_true_random=False),
)
def test_the_rank_modulo_primes_is_the_exact_rank(irreps: str, group: str, degree: int, seed: int, random) -> None:
    # Random subsets of candidates, zero and dependent ones among them, by full Cartesian tensors at a rational point.
    space = TensorSpace(irreps, group=group)
    candidates = [c for c in connected(space, degree) if sum(len(g) for g in c.groups) <= 12]
    random.shuffle(candidates)
    candidates = candidates[:6]
    found = jacobian_rank(space, candidates, f"seed {seed}")
    x = oracles.random_tensors(space, np.random.default_rng(seed), bound=10**6)
    rows = [oracles.contract_gradient(c, space, x) for c in candidates]
    assert found.rank == oracles.exact_rank(rows)
    assert found.rejections == len(candidates) - found.rank
    for i in range(len(candidates)):  # greedy: kept exactly if the rank rises
        assert (i in found.accepted) == (oracles.exact_rank(rows[: i + 1]) > oracles.exact_rank(rows[:i]))
    minor = [[rows[i][c] for c in found.columns] for i in found.accepted]  # almost surely not zero here either
    assert oracles.exact_rank(minor) == found.rank


# Lowest degree at which invariants up to that degree reach full rank.
FULL_RANK = [
    ("2e", 3),
    ("4e", 7),
    ("6e", 6),
    ("1o + 2e", 4),
    ("1o + 3o", 6),
    ("2e + 3o", 5),
    ("2e + 4e", 4),
    ("3o + 4e", 5),
    ("1o + 2e + 3o", 4),
    (natural(4, 1), 4),
    (natural(5, 1), 4),
    ("3o", 10),
    ("2o", 6),
    ("1o + 1e", 4),
    ("1e + 2o", 6),
    ("2e + 2o", 5),
]


@pytest.mark.parametrize(("irreps", "degree"), FULL_RANK)
def test_lowest_degree_of_full_rank(irreps: str, degree: int) -> None:
    space = TensorSpace(irreps)
    below, reached = generate(space, degree - 1), generate(space, degree)
    assert not below.certificate.complete and below.certificate.rank < below.certificate.target
    assert reached.certificate.complete
    assert len(reached) == space.dimension - space.orbit_dimension
    assert reached.contractions[: len(below)] == below.contractions


@pytest.mark.slow
def test_a_tensor_of_rank_five_needs_degree_eight() -> None:
    # Up to a lower degree the members are those of that degree and below, as is held above and in test_cheapest.
    basis = generate(TensorSpace("5o"), 8)
    assert basis.certificate.complete and len(basis) == 11 - 3
    assert max(basis.degrees) == 8


@pytest.mark.parametrize("l", [0, 1, 2, 3, 4])
def test_one_tensor_has_one_or_2l_minus_2_independent_invariants(l: int) -> None:
    degree = {0: 1, 1: 2, 2: 3, 3: 10, 4: 7}[l]
    basis = generate(TensorSpace(f"{l}{'eo'[l % 2]}"), degree)
    assert len(basis) == (1 if l < 2 else 2 * l - 2) == basis.certificate.rank


@pytest.mark.parametrize(
    ("irreps", "extra"), [("1o + 2e", 2), ("1o + 3o", 2), ("2e + 3o", 3), ("2x1o", 1), ("2x2e", 3)]
)
def test_mixed_invariants_that_anchor_a_pair(irreps: str, extra: int) -> None:
    space = TensorSpace(irreps)
    degree = 10 if "3o" in irreps else 5
    basis = generate(space, degree)
    single = sum(len(generate(TensorSpace([t]), degree)) for t in space.tensors)
    assert len(basis) == single + extra


def test_pseudo_tensors_have_the_same_rank_in_higher_degrees() -> None:
    assert generate(TensorSpace("2e"), 6).degrees == (2, 3)
    assert generate(TensorSpace("2o"), 6).degrees == (2, 6)
    assert generate(TensorSpace("3e"), 10).degrees == (2, 4, 6, 10)


INDEPENDENT = {
    2: [2, 3, 4, 5, 6],
    3: [2, 5, 8, 14, 20],
    4: [2, 6, 13, 22, 33],
}


@pytest.mark.parametrize("n_max", INDEPENDENT)
@pytest.mark.parametrize("l_max", range(1, 6))
def test_counts_by_degree_and_rank(n_max: int, l_max: int) -> None:
    assert len(generate(TensorSpace(natural(l_max)), n_max)) == INDEPENDENT[n_max][l_max - 1]


@pytest.mark.parametrize(("l_max", "members"), [(2, 6), (3, 13), (4, 22), (5, 33), (6, 46)])
def test_spherical_functions_are_complete_at_degree_four(l_max: int, members: int) -> None:
    basis = generate(TensorSpace(natural(l_max)), 4)
    assert len(basis) == basis.certificate.target == members
    assert basis.certificate.complete


@pytest.mark.slow
def test_cumulative_ranks_up_to_rank_ten() -> None:
    basis = generate(TensorSpace(natural(10)), 4)
    assert [sum(d <= k for d in basis.degrees) for k in range(1, 5)] == [1, 11, 91, 118]
    assert basis.certificate.complete


@pytest.mark.slow
def test_cumulative_ranks_of_eight_channels_up_to_rank_four() -> None:
    space = TensorSpace(" + ".join(f"8x{l}{'eo'[l % 2]}" for l in range(5)))
    basis = generate(space, 3)
    assert [sum(d <= k for d in basis.degrees) for k in range(1, 4)] == [8, 130, 197]
    assert basis.certificate.complete


@pytest.mark.parametrize(("n_max", "l_max", "needed"), [(1, 3, 13), (2, 2, 15), (2, 3, 29), (3, 2, 24)])
def test_ace_spaces_reach_their_functional_rank(n_max: int, l_max: int, needed: int) -> None:
    space = TensorSpace(" + ".join(f"{n_max}x{l}{'eo'[l % 2]}" for l in range(l_max + 1)))
    assert len(generate(space, 4)) == needed


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("eo")), min_size=1, max_size=3),
    st.sampled_from(["O3", "SO3"]),
)
def test_raising_the_degree_only_appends(terms: list[tuple[int, str]], group: str) -> None:
    space = TensorSpace("0e + " + " + ".join(f"{l}{p}" for l, p in terms), group=group)
    previous: tuple[Contraction, ...] = ()
    for degree in range(1, 5):
        members = generate(space, degree).contractions
        assert members[: len(previous)] == previous
        assert all(c.degree == degree for c in members[len(previous) :])
        previous = members


@pytest.mark.parametrize("irreps", ["1o + 2e", "2x2e", "0e + 1o + 2e + 3o", "1e + 1o"])
def test_the_greedy_set_is_maximal_and_independent_over_the_rationals(irreps: str) -> None:
    space = TensorSpace(irreps)
    basis = generate(space, 4)
    x = oracles.random_tensors(space, np.random.default_rng(5), bound=50)
    rows = [oracles.contract_gradient(c, space, x) for c in basis.contractions]
    assert oracles.exact_rank(rows) == len(basis)
    for candidate in connected(space, 4):
        if sum(len(g) for g in candidate.groups) <= 12:
            assert oracles.exact_rank([*rows, oracles.contract_gradient(candidate, space, x)]) == len(basis)


def test_members_come_in_order_of_degree_and_then_cost() -> None:
    from invgen.contractions.plans import plan

    basis = generate(TensorSpace(natural(4)), 4)
    keys = [(c.degree, plan(c).cost) for c in basis.contractions]
    assert keys == sorted(keys)


def test_no_prime_that_sees_all_rows_is_an_error() -> None:
    rows = JacobianPass(TensorSpace("1o"), "test")
    assert rows.offer(Contraction("i,i", ("l1", "l1")))
    assert len(rows.result().primes) == PRIMES
    rows._accepted.append(99)  # as if every prime had missed a row
    with pytest.raises(EnumerationError, match="no prime sees all kept rows"):
        rows.result()


def test_the_first_prime_of_the_result_is_one_that_saw_every_row() -> None:
    rows = JacobianPass(TensorSpace("2e"), "test")
    quadratic, cubic = Contraction("ij,ij", ("l2", "l2")), Contraction("ij,jk,ki", ("l2",) * 3)
    for unit in np.eye(5, dtype=np.int64):
        rows._echelons[0].insert(unit)  # the first prime sees nothing new any more
    assert rows.offer(quadratic) and rows.offer(cubic)
    found = rows.result()
    assert found.rank == 2 and found.accepted == (0, 1)
    assert found.primes[0] == rows.primes[1]
    assert found.points[0] == tuple(rows.points[1])
