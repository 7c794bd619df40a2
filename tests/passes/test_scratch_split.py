"""Parts that hand values on through scratch compute what the whole program computes."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from invgen.algebra.exact import Surd
from invgen.errors import InputError
from invgen.ir import Builder, Program
from invgen.passes.programs import kernel_programs
from invgen.passes.scratch_split import REMADE, SCRATCH, ScratchSplit, split_by_scratch
from tests.support.structured_hiphop import hiphop_program

NAMES = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")


def run(program: Program, found: ScratchSplit, inputs: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The parts one after the other; scratch begins with values that would spoil every result."""
    arrays: dict[str, list[Any]] = dict(inputs)
    arrays |= {name: [None] * len(ids) for name, ids in program.outputs}
    arrays[SCRATCH] = [None] * found.scratch
    for part in found.parts:
        reads = {name: [arrays[name][index] for index in ids] for name, ids in part.reads}
        for name, values in part.program.evaluate(reads, "fraction").items():
            for index, value in zip(dict(part.writes)[name], values, strict=True):
                arrays[name][index] = value
    return {name: arrays[name] for name, _ in program.outputs}


def draw(program: Program) -> dict[str, list[Fraction]]:
    rng = random.Random(3)
    return {name: [Fraction(rng.randint(-5, 5)) for _ in range(size)] for name, size in program.inputs}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("most", [1, 7, 60, 250, 10_000])
def test_the_parts_together_are_the_program(name, most):
    program = getattr(kernel_programs(hiphop_program()), name)
    found = split_by_scratch(program, most)
    inputs = draw(program)
    assert run(program, found, inputs) == program.evaluate(inputs, "fraction")
    assert (len(found.parts) == 1) == (program.operations <= most)
    assert len(found.parts) > 1 or not found.scratch


def test_parts_are_short_and_read_what_an_earlier_part_wrote():
    program = kernel_programs(hiphop_program()).vjp_of_vjp
    found = split_by_scratch(program, 300)
    written: set[int] = set()
    for part in found.parts:
        made = [i for i in part.program.instructions if i.op not in ("input", "constant")]
        used_again = REMADE * sum(len(i.args) for i in made)
        assert 0 < len(made) <= 300 + used_again
        assert set(dict(part.reads).get(SCRATCH, ())) <= written
        written |= set(dict(part.writes).get(SCRATCH, ()))
    assert written == set(range(found.scratch))
    # Little is made again, and scratch is small beside what is computed.
    assert found.operations < 1.08 * program.operations
    assert found.scratch < 150 and found.traffic < program.operations / 4


def test_outputs_that_are_inputs_constants_or_repeated_are_written_once_each():
    builder = Builder()
    x = builder.input("x", 3)
    product = builder.mul(x[0], x[1])
    cube = builder.mul(builder.mul(product, x[2]), product)
    root = builder.scale(Surd.rational(3), cube)
    builder.output("y", [x[2], builder.constant(Fraction(1, 3)), product, product, cube, root, builder.neg(product)])
    program = builder.build()
    inputs = draw(program)
    for most in (1, 2, 3, 100):
        found = split_by_scratch(program, most)
        assert run(program, found, inputs) == program.evaluate(inputs, "fraction")
        places = [(name, index) for part in found.parts for name, ids in part.writes for index in ids if name == "y"]
        assert sorted(places) == [("y", index) for index in range(7)]


def test_bad_requests_are_refused():
    with pytest.raises(InputError, match="at least one"):
        split_by_scratch(hiphop_program(), 0)
    builder = Builder()
    builder.output("y", builder.input("scratch", 1))
    with pytest.raises(InputError, match="scratch"):
        split_by_scratch(builder.build(), 5)
