"""The source of local moments: every function is in one group, and few enough sums are held in registers."""

from __future__ import annotations

import pytest

from invgen.emit import local_moments
from invgen.emit.local_moments import REGISTERS


@pytest.mark.parametrize("order", [0, 4, 5, 8, 20])
@pytest.mark.parametrize(("dtype", "real"), [("float32", "float"), ("float64", "double")])
def test_there_is_a_pass_for_each_number_of_functions(order: int, dtype: str, real: str) -> None:
    text = local_moments.render(order, dtype)
    assert f"typedef {real} real;" in text and f"SIDE = {order + 1}," in text
    assert [f"static void sums_{count}(" in text for count in range(1, order + 3)] == [True] * (order + 1) + [False]


@pytest.mark.parametrize("count", range(1, 22))
def test_groups_hold_each_function_once_and_fit_into_registers(count: int) -> None:
    found = local_moments._pass(count)
    assert sorted(k for group in found.groups for k in group.members) == list(range(count))
    for group in found.groups:
        assert group.members == tuple(sorted((*group.evens, *group.odds)))
        assert all(k % 2 == 0 for k in group.evens) and all(k % 2 == 1 for k in group.odds)
        assert len(group.members) * found.block <= REGISTERS
