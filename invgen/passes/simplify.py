"""Smaller programs with the same outputs: dead values go, signs and factors settle where they cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from invgen.ir import Builder, Instruction, Program


def simplify(program: Program) -> Program:
    """The program written again, -(a - b) turned into b - a where a - b has no other use."""
    uses = program.use_counts
    builder = Builder()
    values: list[int] = [value for name, size in program.inputs for value in builder.input(name, size)]
    for instruction in program.instructions[len(values) :]:
        args = [values[arg] for arg in instruction.args]
        inner = program.instructions[instruction.args[0]] if instruction.op == "neg" else None
        if inner is not None and inner.op == "sub" and uses[instruction.args[0]] == 1:
            values.append(builder.reversed_sub(*(values[arg] for arg in inner.args)))
        else:
            values.append(builder.apply(instruction.op, args, instruction.constant))
    for name, ids in program.outputs:
        builder.output(name, [values[value] for value in ids])
    return builder.build()


def eliminate_dead_code(program: Program) -> Program:
    """The same program without the values that no output needs; inputs stay."""
    needed = [position < program.input_count for position in range(len(program.instructions))]
    for _, ids in program.outputs:
        for value in ids:
            needed[value] = True
    for position in range(len(needed) - 1, -1, -1):
        if needed[position]:
            for arg in program.instructions[position].args:
                needed[arg] = True
    return reorder(program, [position for position, wanted in enumerate(needed) if wanted])


def reorder(program: Program, order: Sequence[int]) -> Program:
    """The instructions in another valid order, inputs first; values that `order` leaves out are gone."""
    place = {value: position for position, value in enumerate(order)}
    instructions = []
    for value in order:
        old = program.instructions[value]
        instructions.append(Instruction(old.op, tuple(place[arg] for arg in old.args), old.constant))
    outputs = tuple((name, tuple(place[value] for value in ids)) for name, ids in program.outputs)
    return Program(program.inputs, tuple(instructions), outputs)
