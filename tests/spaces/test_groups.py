from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen.spaces import groups
from tests.support import oracles

irreps = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([1, -1])), min_size=1, max_size=3)
factors = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=3)


@pytest.mark.parametrize(("l", "k"), [(0, 5), (1, 3), (2, 4), (3, 3), (5, 2), (4, 0)])
def test_weights_of_a_symmetric_power_are_those_of_its_multisets(l: int, k: int) -> None:
    weights = groups.symmetric_power_weights(l, k)
    assert len(weights) == 2 * k * l + 1
    assert sum(weights) == comb(2 * l + k, k)
    assert weights == weights[::-1]
    assert weights[k * l] - (weights[k * l + 1] if k * l else 0) == oracles.invariants_by_weights([(l, k)])


@given(factors)
def test_the_count_is_weight_zero_minus_weight_one(pairs: list[tuple[int, int]]) -> None:
    assert groups.count_invariants(pairs) == oracles.invariants_by_weights(pairs)


@given(factors, st.integers(0, 6))
def test_covariants_of_a_rank_are_the_invariants_with_one_more_tensor_of_it(
    pairs: list[tuple[int, int]], rank: int
) -> None:
    assert groups.count_covariants(pairs, rank) == oracles.invariants_by_weights([*pairs, (rank, 1)])


@given(factors, st.randoms(use_true_random=False))
def test_the_count_does_not_depend_on_the_order_of_factors(pairs: list[tuple[int, int]], random) -> None:
    shuffled = [*pairs]
    random.shuffle(shuffled)
    assert groups.count_invariants(shuffled) == groups.count_invariants(pairs)


@given(irreps, st.sampled_from(["O3", "SO3"]), st.integers(0, 6))
def test_the_hilbert_series_is_the_molien_integral(pairs: list[tuple[int, int]], group: str, degree: int) -> None:
    integral = oracles.molien_series(pairs, group, degree)
    # Coefficients stay below 10^5 here, so float64 sums of a few hundred terms are off by less than 10^-6.
    np.testing.assert_allclose(groups.hilbert_series(pairs, group, degree), integral, atol=1e-6)


@given(irreps, st.sampled_from(["O3", "SO3"]), st.integers(0, 4))
def test_the_hilbert_series_is_the_sum_over_multidegrees(pairs: list[tuple[int, int]], group: str, degree: int) -> None:
    def admitted(multidegree: tuple[int, ...]) -> bool:
        return group == "SO3" or sum(k for (_, p), k in zip(pairs, multidegree) if p < 0) % 2 == 0

    total = sum(
        groups.count_invariants((l, k) for (l, _), k in zip(pairs, m))
        for m in groups.weak_compositions(len(pairs), degree)
        if admitted(m)
    )
    assert groups.hilbert_series(pairs, group, degree)[degree] == total


@pytest.mark.parametrize(("labels", "distinct", "equal"), [(1, 3, 1), (2, 5, 1), (3, 7, 2), (4, 9, 2)])
def test_the_scalar_in_a_product_of_four_tensors(labels: int, distinct: int, equal: int) -> None:
    assert groups.count_invariants([(labels, 1)] * 4) == distinct
    assert groups.count_invariants([(labels, 4)]) == equal


def test_multidegrees_come_once_each_in_descending_order() -> None:
    listed = list(groups.weak_compositions(3, 4))
    assert listed == sorted({(a, b, 4 - a - b) for a in range(5) for b in range(5 - a)}, reverse=True)
    assert len(listed) == groups.count_weak_compositions(3, 4)
