from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from invgen.algebra.finite_field import reduced_rows
from invgen.show.matrices.sparse import sparse_support

PRIME = 2_147_483_629


def in_span(rows: np.ndarray, target: np.ndarray) -> bool:
    return len(reduced_rows(rows, PRIME)[1]) == len(reduced_rows(np.vstack([rows, target]), PRIME)[1])


@given(
    arrays.arrays(np.int64, (6, 4), elements=st.integers(0, 3)),
    arrays.arrays(np.int64, 6, elements=st.integers(0, 2)),
)
def test_a_combination_is_found_in_independent_rows_and_none_is_shorter(rows: np.ndarray, weights: np.ndarray) -> None:
    target = weights @ rows % PRIME
    if not target.any():
        return
    found = sparse_support(rows, target, PRIME)
    assert found is not None
    assert found == sorted(found)
    chosen = rows[found]
    assert len(reduced_rows(chosen, PRIME)[1]) == len(found)
    assert in_span(chosen, target)
    shorter = [i for i in range(6) if len(found) > 1 and rows[i].any() and in_span(rows[[i]], target)]
    assert not shorter


def test_a_target_outside_the_span_is_not_made() -> None:
    assert sparse_support(np.array([[1, 0, 0], [0, 1, 0]]), np.array([0, 0, 1]), PRIME) is None


def test_a_later_single_row_is_preferred_to_two_earlier_ones() -> None:
    rows = np.array([[1, 0, 0], [0, 1, 0], [2, 2, 0]])
    assert sparse_support(rows, np.array([3, 3, 0]), PRIME) == [2]
    assert sparse_support(rows, np.array([3, 4, 0]), PRIME) == [0, 1]
