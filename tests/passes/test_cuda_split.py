"""Parts of a program compute each output once, exactly as the whole does, and hold fewer values."""

from __future__ import annotations

from fractions import Fraction

import pytest

import invgen.compiler.invariants as compiler
from invgen.ir import Program
from invgen.passes import cuda_split
from invgen.passes.cuda_plan import most_values, registers, shapes, tile_threads
from invgen.passes.cuda_split import split_for_cuda
from invgen.passes.schedule import live_values
from tests.support.basis_cases import basis_of

FUNCTIONS = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")


def program(function: str) -> Program:
    # Rational coefficients: the convention of hippynn has no roots.
    return getattr(compiler.programs_of(basis_of("hiphop_l3_n4")), function)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("limit", [30, 60])
def test_parts_are_a_partition_that_computes_the_same_exactly(
    function: str, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cuda_split, "WORTH", 100.0)
    monkeypatch.setattr(cuda_split, "RELAXED", (1.0,))
    whole = program(function)
    parts = split_for_cuda(whole, limit)
    inputs = {name: [Fraction(3 * i - 7, i + 2) for i in range(size)] for name, size in whole.inputs}
    wanted = whole.evaluate(inputs, "fraction")
    found = {name: [None] * len(values) for name, values in wanted.items()}
    for part in parts:
        assert part.program.inputs == whole.inputs
        values = part.program.evaluate(inputs, "fraction")
        for (name, _), places in zip(whole.outputs, part.places):
            for place, value in zip(places, values[name], strict=True):
                assert found[name][place] is None, "an output is computed twice"
                found[name][place] = value
    assert found == wanted
    if live_values(whole) > limit:
        assert len(parts) > 1
        assert max(live_values(part.program) for part in parts) < live_values(whole)


def test_a_program_that_fits_is_left_alone() -> None:
    whole = program("value")
    (part,) = split_for_cuda(whole, live_values(whole))
    assert part.program is whole and part.places == (tuple(range(13)),)


def test_parts_that_cost_too_much_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda_split, "WORTH", 1.0)
    whole = program("vjp")
    (part,) = split_for_cuda(whole, 20)
    assert part.program is whole


def test_the_limit_is_relaxed_until_the_parts_are_worth_it() -> None:
    whole = program("vjp_of_vjp")
    relaxed = 0
    for limit in (50, 60, 70):
        parts = split_for_cuda(whole, limit)
        assert sum(part.program.operations for part in parts) <= cuda_split.WORTH * whole.operations
        relaxed += len(parts) > 1 and not cuda_split._parts(whole, limit)
    assert relaxed


def test_wide_and_tile_kernels_are_made_where_registers_and_shared_memory_allow() -> None:
    value, second = program("value"), program("vjp_of_vjp")
    assert [(s.form, s.width) for s in shapes(value, 4)] == [("strided", 1), ("wide", 4), ("wide", 2), ("tile", 1)]
    assert [s.form for s in shapes(second, 4)] == ["strided", "tile"]
    assert registers(value, 8, 2) > registers(value, 4, 2) > registers(value, 4, 1)
    assert most_values(4) > most_values(8) > 100
    # 77 numbers a sample: 128 samples of them are 39 KB in float32 and too much in float64.
    assert (tile_threads(second, 4), tile_threads(second, 8)) == (128, 64)
