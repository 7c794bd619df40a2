"""Scheduling and simplification change the order and the number of instructions, never a value."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from invgen.ir import Builder, Program
from invgen.passes import differentiate
from invgen.passes.programs import kernel_programs
from invgen.passes.schedule import live_values, register_traffic, schedule
from invgen.passes.simplify import eliminate_dead_code, simplify
from tests.support.structured_hiphop import hiphop_program

RAW = {
    "value": lambda program: program,
    "vjp": differentiate.vjp,
    "value_and_vjp": differentiate.value_and_vjp,
    "jvp": differentiate.jvp,
    "vjp_of_vjp": differentiate.vjp_of_vjp,
}


def random_inputs(program: Program) -> dict[str, list[Fraction]]:
    rng = random.Random(2)
    return {name: [Fraction(rng.randint(-6, 6)) for _ in range(size)] for name, size in program.inputs}


@pytest.mark.parametrize("name", RAW)
def test_kernel_programs_compute_what_the_derivatives_say(name):
    raw = RAW[name](hiphop_program())
    final = getattr(kernel_programs(hiphop_program()), name)
    inputs = random_inputs(raw)
    assert final.evaluate(inputs, "fraction") == raw.evaluate(inputs, "fraction")
    assert (final.inputs, [n for n, _ in final.outputs]) == (raw.inputs, [n for n, _ in raw.outputs])
    assert final.operations <= raw.operations


@pytest.mark.parametrize("name", RAW)
def test_scheduling_lowers_register_traffic(name):
    raw = simplify(RAW[name](hiphop_program()))
    ordered = schedule(raw)
    assert ordered.operations == raw.operations
    assert sum(register_traffic(ordered)) < sum(register_traffic(raw))
    assert live_values(ordered) < live_values(raw)


def chain(length: int) -> Program:
    """x0·x1 + x2·x3 + ... with every product written before the first sum."""
    builder = Builder()
    x = builder.input("x", 2 * length)
    products = [builder.mul(x[2 * k], x[2 * k + 1]) for k in range(length)]
    total = products[0]
    for value in products[1:]:
        total = builder.add(total, value)
    builder.output("y", [total])
    return builder.build()


def test_live_values_and_traffic_of_a_known_case():
    assert live_values(chain(6)) == 6 + 1  # five products wait while the sixth is made from two inputs
    ordered = schedule(chain(6))
    assert live_values(ordered) == 3
    assert register_traffic(ordered, registers=3) == (12, 0)
    assert register_traffic(chain(6), registers=3)[1] > 0


def test_reversed_differences_are_written_once():
    builder = Builder()
    x, y, z = builder.input("x", 3)
    builder.output("y", [builder.neg(builder.sub(x, y)), z])
    assert [i.op for i in simplify(builder.build()).instructions if i.op != "input"] == ["sub"]
    shared = Builder()
    x, y, z = shared.input("x", 3)
    difference = shared.sub(x, y)
    shared.output("y", [shared.neg(difference), shared.mul(difference, z)])
    program = simplify(shared.build())
    assert program.operations == 3
    assert program.evaluate({"x": [5, 3, 7]}, "fraction") == {"y": [-2, 14]}


def test_dead_code_goes_and_inputs_stay():
    program = hiphop_program()
    first_two = Program(program.inputs, program.instructions, (("y", program.output("y")[:2]),))
    small = eliminate_dead_code(first_two)
    assert small.inputs == program.inputs
    assert small.operations == 5  # v·v: three squares and two sums
    x = random_inputs(program)
    assert small.evaluate(x, "fraction")["y"] == program.evaluate(x, "fraction")["y"][:2]
