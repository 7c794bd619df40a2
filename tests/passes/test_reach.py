"""What values need and how many are alive, in arrays, is what one value after the other says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.ir import Instruction, Program
from invgen.passes.reach import arguments_of, most_alive, needed_by, packed, sizes, unpacked
from invgen.passes.schedule import REGISTERS, register_traffic

ARITY = {"constant": 0, "neg": 1, "add": 2, "sub": 2, "mul": 2}


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Any operations on any earlier values, some of which nothing needs."""
    inputs = draw(st.integers(1, 4))
    instructions = [Instruction("input")] * inputs
    for position in range(inputs, inputs + draw(st.integers(0, 25))):
        op = draw(st.sampled_from(sorted(ARITY)))
        args = draw(st.lists(st.integers(0, position - 1), min_size=ARITY[op], max_size=ARITY[op]))
        instructions.append(Instruction(op, tuple(args)))
    ids = st.lists(st.integers(0, len(instructions) - 1), max_size=5)
    return Program((("x", inputs),), tuple(instructions), (("y", tuple(draw(ids))), ("z", tuple(draw(ids)))))


def cone(program: Program, root: int) -> set[int]:
    """A value and all that it depends on."""
    return {root}.union(*(cone(program, arg) for arg in program.instructions[root].args))


@given(programs())
@settings(max_examples=40)
def test_needs_are_those_of_each_root_alone(program: Program) -> None:
    roots = [value for _, ids in program.outputs for value in ids]
    bits = needed_by(program, [(value, 1 << number) for number, value in enumerate(roots)])
    rows = unpacked(bits, len(roots))
    assert [set(np.flatnonzero(row).tolist()) for row in rows] == [cone(program, root) for root in roots]
    assert sizes(bits, len(roots)) == [len(cone(program, root)) for root in roots]
    assert [packed(row) for row in rows] == [sum(1 << value for value in cone(program, root)) for root in roots]


def alive(program: Program, order: Sequence[int], outputs: Iterable[int]) -> int:
    """The definition: after each value, and while it is made, the values made before that are read later."""
    last = {value: value for value in outputs}
    for position in order:
        last.update(dict.fromkeys(program.instructions[position].args, position))
    begins = {
        value: next(position for position in order if value in program.instructions[position].args)
        if value < program.input_count
        else value
        for value, end in last.items()
        if end > value
    }
    reading = [sum(begin <= p <= last[v] for v, begin in begins.items() if v != p) for p in order]
    after = [sum(begin <= p < last[v] for v, begin in begins.items()) for p in order]
    return max([*reading, *after], default=0)


@given(programs())
@settings(max_examples=100)
def test_the_values_alive_are_those_between_their_first_and_last_use(program: Program) -> None:
    inputs, outputs = program.input_count, [value for _, ids in program.outputs for value in ids]
    needed = sorted(set().union(*(cone(program, root) for root in outputs)) - set(range(inputs)))
    for order in (needed, list(range(inputs, len(program.instructions)))):
        values = np.array(order, dtype=np.int64)
        found = most_alive(values, arguments_of(program)[values], inputs, np.array(outputs, dtype=np.int64))
        assert found == alive(program, order, outputs)


def traffic(program: Program, registers: int) -> tuple[int, int]:
    """Belady's rule as it is said: of what is held, what is used next the farthest from now is dropped."""
    size = len(program.instructions)
    uses = [[p for p in range(size) if value in program.instructions[p].args] for value in range(size)]
    in_memory = [not instruction.args for instruction in program.instructions]
    held: set[int] = set()
    loads = stores = 0
    for position, instruction in enumerate(program.instructions):
        args = set(instruction.args)
        if not args:
            continue
        for arrived, now in ((args, position - 1), ({position}, position)):
            loads += len(args - held) if arrived is args else 0
            held |= arrived
            held = {value for value in held if any(use > now for use in uses[value])}
            while len(held) > registers:
                following = {value: next(use for use in uses[value] if use > now) for value in held - arrived}
                dropped = max(following, key=lambda value: (following[value], -value))
                held.remove(dropped)
                stores += not in_memory[dropped]
                in_memory[dropped] = True
    return loads, stores


@given(programs(), st.sampled_from([2, 3, 5, REGISTERS]))
@settings(max_examples=100)
def test_traffic_is_that_of_the_rule_of_belady(program: Program, registers: int) -> None:
    assert register_traffic(program, registers) == traffic(program, registers)
