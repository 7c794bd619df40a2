from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen import TensorSpace, generate
from invgen.contractions.contraction import Contraction
from invgen.errors import InputError
from tests.support import oracles

ACE = {(1, 3): [1, 4, 8, 23, 45], (2, 2): [2, 9, 26, 75, 192], (2, 3): [2, 12, 46, 220], (3, 2): [3, 18, 74, 300]}


@pytest.mark.parametrize("size", ACE)
def test_ace_counts_are_reached(size: tuple[int, int]) -> None:
    n_max, l_max = size
    space = TensorSpace(" + ".join(f"{n_max}x{l}{'eo'[l % 2]}" for l in range(l_max + 1)))
    basis = generate(space, len(ACE[size]), select="linear")
    counted = Counter(basis.degrees)
    assert [counted[d] for d in range(1, len(ACE[size]) + 1)] == ACE[size]
    assert basis.certificate.complete and basis.certificate.verify(basis)


@pytest.mark.parametrize(
    ("irreps", "group", "degree"),
    [("2e", "O3", 8), ("3o", "SO3", 6), ("2x2e", "O3", 4), ("1o + 2e", "SO3", 5), ("0o + 1e + 1o", "O3", 4)],
)
def test_members_are_linearly_independent_over_the_rationals(irreps: str, group: str, degree: int) -> None:
    space = TensorSpace(irreps, group=group)
    basis = generate(space, degree, select="linear", convention="rational")
    assert [Counter(basis.degrees)[d] for d in range(1, degree + 1)] == space.hilbert_series(degree)[1:]
    rng = np.random.default_rng(0)
    points = np.array(
        [oracles.rational_vector(oracles.random_tensors(space, rng)) for _ in range(len(basis) + 3)], dtype=object
    )
    # All degrees at once: invariants of different degrees are independent too, as functions on enough points.
    assert oracles.exact_rank(basis.evaluate(points).tolist()) == len(basis)


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from("eo")), min_size=1, max_size=2),
    st.sampled_from(["O3", "SO3"]),
)
def test_raising_the_degree_only_appends(terms: list[tuple[int, str]], group: str) -> None:
    space = TensorSpace("0e + " + " + ".join(f"{l}{p}" for l, p in terms), group=group)
    previous: tuple[Contraction, ...] = ()
    for degree in range(1, 5):
        members = generate(space, degree, select="linear").contractions
        assert members[: len(previous)] == previous
        assert all(c.degree == degree for c in members[len(previous) :])
        previous = members


def test_products_are_members_and_the_constant_is_not() -> None:
    basis = generate(TensorSpace("s:0e + v:1o"), 2, select="linear")
    assert {(c.degree, tuple(sorted(c.tensors))) for c in basis.contractions} == {
        (1, ("s",)),
        (2, ("s", "s")),
        (2, ("v", "v")),
    }


def test_too_many_members_are_refused_before_any_work() -> None:
    with pytest.raises(InputError, match="linearly independent invariants up to degree 12, more than 20000; lower"):
        generate(TensorSpace("0e + 1o + 2e + 3o + 4e"), 12, select="linear")
