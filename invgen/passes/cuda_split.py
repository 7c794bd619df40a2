"""Programs that need more registers than a thread has become several, each for some of the outputs.

Outputs that share subexpressions stay together: a part grows by the output that adds the fewest operations to it, as
long as it holds few enough values at once. Every part computes what it needs itself, so parts exchange nothing and may
run in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

from invgen.ir import Program
from invgen.passes.schedule import live_values, live_values_of, schedule
from invgen.passes.simplify import reorder

WORTH = 2.5
"""Operations of all parts as a multiple of the whole's, above which spilling some values costs less."""

RELAXED = (1.0, 1.5, 2.0, 3.0)
"""Multiples of the limit that are tried in turn until the parts are worth it."""

_TRIES = 3
"""How many outputs a part tries to take before it is closed."""


@dataclass(frozen=True)
class CudaPart:
    """A program for some components of the outputs of a larger one.

    Attributes:
        program: reads the inputs of the larger one; its output vectors are shortened to the components it computes.
        places: for each output vector, where its components belong in the larger one's.
        added: the (output vector, place) whose component is added to what an earlier part wrote there.
    """

    program: Program
    places: tuple[tuple[int, ...], ...]
    added: frozenset[tuple[str, int]] = frozenset()


def split_for_cuda(program: Program, limit: int) -> tuple[CudaPart, ...]:
    """Parts that hold at most `limit` values at once where one output allows it; every component is in one part.

    A program that fits is returned alone. Where the parts would compute more than `WORTH` times as much, the limit is
    relaxed; where that does not help either, the program is returned alone and spills.
    """
    whole = whole_of(program)
    live = live_values(program)
    for factor in RELAXED:
        if live <= factor * limit:
            break
        parts = _parts(program, factor * limit)
        if parts:
            return parts
    return (whole,)


def whole_of(program: Program) -> CudaPart:
    """The part that computes everything."""
    return CudaPart(program, tuple(tuple(range(len(ids))) for _, ids in program.outputs))


def _parts(program: Program, limit: float) -> tuple[CudaPart, ...]:
    """Parts that hold at most `limit` values at once where one output allows it; none if they are not worth it."""
    slots = tuple((vector, place) for vector, (_, ids) in enumerate(program.outputs) for place in range(len(ids)))
    cones = _cones(program)
    cone = {slot: cones[program.outputs[slot[0]][1][slot[1]]] for slot in slots}
    left = list(slots)
    parts: list[CudaPart] = []
    operations = 0
    while left:
        # The output that depends on most comes first: others can join what it computes.
        seed = max(left, key=lambda slot: cone[slot].bit_count())
        chosen, covered = {seed}, cone[seed]
        left.remove(seed)
        while left:
            nearest = sorted(left, key=lambda slot: (cone[slot] & ~covered).bit_count())[:_TRIES]
            fits = next((slot for slot in nearest if _live(program, {*chosen, slot}) <= limit), None)
            if fits is None:
                break
            chosen.add(fits)
            covered |= cone[fits]
            left.remove(fits)
        part = _part(program, chosen)
        operations += part.program.operations
        if operations > WORTH * program.operations:
            return ()
        parts.append(part)
    return tuple(CudaPart(schedule(part.program), part.places) for part in parts)


def _part(program: Program, slots: set[tuple[int, int]]) -> CudaPart:
    """The part that computes the outputs at these (vector, place), with the instructions in their old order."""
    places = tuple(
        tuple(place for place in range(len(ids)) if (vector, place) in slots)
        for vector, (_, ids) in enumerate(program.outputs)
    )
    outputs = tuple(
        (name, tuple(ids[place] for place in chosen)) for (name, ids), chosen in zip(program.outputs, places)
    )
    partial = Program(program.inputs, program.instructions, outputs)
    wanted = _needed(program, [value for _, ids in outputs for value in ids])
    return CudaPart(reorder(partial, [*range(program.input_count), *wanted]), places)


def _live(program: Program, slots: set[tuple[int, int]]) -> int:
    """The most values that the part for these (vector, place) holds at once."""
    outputs = [program.outputs[vector][1][place] for vector, place in slots]
    read = {value: program.instructions[value].args for value in _needed(program, outputs)}
    return live_values_of(read, program.input_count, outputs)


def _needed(program: Program, outputs: list[int]) -> list[int]:
    """The instructions that these values need, in their order, without the inputs."""
    instructions, inputs = program.instructions, program.input_count
    needed: set[int] = set()
    stack = list(outputs)
    while stack:
        value = stack.pop()
        if value >= inputs and value not in needed:
            needed.add(value)
            stack.extend(instructions[value].args)
    return sorted(needed)


def _cones(program: Program) -> list[int]:
    """For each value, the operations that it depends on, as the bits of an integer."""
    cones: list[int] = []
    for value, instruction in enumerate(program.instructions):
        bits = 0 if instruction.op in ("input", "constant") else 1 << value
        for arg in instruction.args:
            bits |= cones[arg]
        cones.append(bits)
    return cones
