"""Programs that need more registers than a thread has become several, each for some of the outputs.

Outputs that share subexpressions stay together: a part grows by the output that adds the fewest operations to it, as
long as it holds few enough values at once. Every part computes what it needs itself, so parts exchange nothing and may
run in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from invgen.ir import Program
from invgen.passes.reach import Ids, Mask, arguments_of, most_alive, needed_by, packed, unpacked
from invgen.passes.schedule import live_values, schedule
from invgen.passes.simplify import reorder

Slot = tuple[int, int]
"""A component of an output: (output vector, place)."""

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
    reach = _reach(program)
    left = list(reach.slots)
    parts: list[CudaPart] = []
    operations = 0
    while left:
        # The output that depends on most comes first: others can join what it computes.
        seed = max(left, key=lambda slot: reach.cones[slot].bit_count())
        chosen, covered = {seed}, reach.cones[seed]
        left.remove(seed)
        while left:
            nearest = sorted(left, key=lambda slot: (reach.cones[slot] & ~covered).bit_count())[:_TRIES]
            fits = next((slot for slot in nearest if reach.live({*chosen, slot}) <= limit), None)
            if fits is None:
                break
            chosen.add(fits)
            covered |= reach.cones[fits]
            left.remove(fits)
        part = reach.part(chosen)
        operations += part.program.operations
        if operations > WORTH * program.operations:
            return ()
        parts.append(part)
    return tuple(CudaPart(schedule(part.program), part.places) for part in parts)


@dataclass(frozen=True)
class _Reach:
    """What the components of the outputs of a program depend on.

    Attributes:
        program: the program.
        arguments: of each value.
        slots: (output vector, place) of each component, and its number.
        needed: for each number, whether a component needs a value, itself included.
        cones: for each component, the operations that it depends on, as the bits of an integer.
    """

    program: Program
    arguments: Ids
    slots: Mapping[Slot, int]
    needed: Mask
    cones: Mapping[Slot, int]

    def part(self, chosen: Set[Slot]) -> CudaPart:
        """The part that computes these components, with the instructions in their old order."""
        program = self.program
        places = tuple(
            tuple(place for place in range(len(ids)) if (vector, place) in chosen)
            for vector, (_, ids) in enumerate(program.outputs)
        )
        outputs = tuple((name, tuple(ids[place] for place in own)) for (name, ids), own in zip(program.outputs, places))
        partial = Program(program.inputs, program.instructions, outputs)
        return CudaPart(reorder(partial, [*range(program.input_count), *self._wanted(chosen).tolist()]), places)

    def live(self, chosen: Set[Slot]) -> int:
        """The most values that the part for these components holds at once."""
        wanted = self._wanted(chosen)
        outputs = np.array([self.program.outputs[vector][1][place] for vector, place in chosen])
        return most_alive(wanted, self.arguments[wanted], self.program.input_count, outputs)

    def _wanted(self, chosen: Set[Slot]) -> Ids:
        """The instructions that these components need, in their order, without the inputs."""
        inputs = self.program.input_count
        return np.flatnonzero(self.needed[[self.slots[slot] for slot in chosen], inputs:].any(axis=0)) + inputs


def _reach(program: Program) -> _Reach:
    values = {
        (vector, place): value for vector, (_, ids) in enumerate(program.outputs) for place, value in enumerate(ids)
    }
    needed = unpacked(
        needed_by(program, [(value, 1 << number) for number, value in enumerate(values.values())]), len(values)
    )
    works = np.array([instruction.op not in ("input", "constant") for instruction in program.instructions])
    slots = {slot: number for number, slot in enumerate(values)}
    cones = {slot: packed(needed[number] & works) for slot, number in slots.items()}
    return _Reach(program, arguments_of(program), slots, needed, cones)
