"""The long list that is filtered is as long as is said, and the promised time is kept."""

from __future__ import annotations

from time import perf_counter

import pytest

from benchmarks.filter import long_list
from invgen import independent_subset


@pytest.mark.slow
def test_250_polynomials_with_10_to_the_5_terms_are_filtered_in_seconds() -> None:
    space, candidates = long_list(250)
    assert len(candidates) == 250 and sum(len(c) for c, _ in candidates) >= 10**5
    begin = perf_counter()
    found = independent_subset(candidates, space)
    assert perf_counter() - begin < 20, "the promise for two cores; 0.5 s were measured on an idle one"
    assert found.not_invariant == () and found.rank == found.certificate.target == 31
    assert found.certificate.verify(candidates, space)
