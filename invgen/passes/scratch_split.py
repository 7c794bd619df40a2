"""Long programs in parts: each part is short enough for a compiler, and what one hands to the next lies in scratch.

A compiler's time grows faster than the length of a straight line, and what it keeps alive leaves the registers anyway.
Parts are cut where few values are alive. A value that later parts need is written to scratch once and read where it is
needed; what one or two operations make from the inputs is made again instead.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush

from invgen.errors import InputError
from invgen.ir import Instruction, Program

SCRATCH = "scratch"
"""The name of the array through which parts hand values on."""

REMADE = 2
"""Values that take at most this many operations from the inputs are made again in each part."""

Places = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class ScratchPart:
    """A program that reads and writes some components of the whole program's arrays, and of scratch.

    Attributes:
        program: its inputs and outputs are named as the whole program's arrays; "scratch" may be among both.
        reads: for each input vector of `program`, the places in the array of that name where its components are.
        writes: the same for its output vectors.
    """

    program: Program
    reads: Places
    writes: Places


@dataclass(frozen=True)
class ScratchSplit:
    """Parts that, run one after the other, compute what the whole program computes.

    Attributes:
        parts: in the order in which they run; a single one is the program itself.
        scratch: how many values scratch holds; 0 where there is one part.
    """

    parts: tuple[ScratchPart, ...]
    scratch: int

    @property
    def operations(self) -> int:
        """Arithmetic operations of all parts, those made again included."""
        return sum(part.program.operations for part in self.parts)

    @property
    def traffic(self) -> int:
        """How often a value of scratch is read or written."""
        return sum(len(ids) for part in self.parts for name, ids in (*part.reads, *part.writes) if name == SCRATCH)


def split_by_scratch(program: Program, most: int) -> ScratchSplit:
    """Cut a program, in its own order, into parts of at most `most` operations (and what is made again).

    Within a part's second half the cut is made where the fewest values cross it.

    Raises:
        InputError: `most` is less than 1, or an array of the program is called "scratch".
    """
    if most < 1:
        raise InputError(f"a part has at least one operation, got at most {most}")
    if any(name == SCRATCH for name, _ in (*program.inputs, *program.outputs)):
        raise InputError(f"{SCRATCH!r} names what parts hand on; give the program's arrays other names")
    if program.operations <= most:
        return ScratchSplit((whole_part(program),), 0)
    return _cut(program, most)


@lru_cache(maxsize=16)
def _cut(program: Program, most: int) -> ScratchSplit:
    """The parts of a program that is too long; kept, since the sources of both dtypes and the cost ask for the same."""
    remade = _remade(program)
    bounds = _bounds(program, remade, most)
    part_of = [0] * len(program.instructions)
    for number, (begin, end) in enumerate(bounds):
        part_of[begin:end] = [number] * (end - begin)
    outputs: dict[int, list[tuple[str, int]]] = {}
    for name, ids in program.outputs:
        for index, value in enumerate(ids):
            outputs.setdefault(value, []).append((name, index))
    bodies = [_body(program, remade, begin, end, outputs) for begin, end in bounds]
    last_read: dict[int, int] = {}
    for number, body in enumerate(bodies):
        own = set(body)
        for value in body:
            for arg in program.instructions[value].args:
                if arg not in own and arg >= program.input_count:
                    last_read[arg] = number
    slots, size = _slots(part_of, last_read)
    parts = []
    for number, (body, (begin, end)) in enumerate(zip(bodies, bounds)):
        first = 0 if number == 0 else begin
        # Outputs that are inputs are written by the first part.
        written = [(value, *place) for value in range(first, end) for place in outputs.get(value, ())]
        kept = [(value, SCRATCH, slots[value]) for value in range(begin, end) if value in slots]
        parts.append(_part(program, body, slots, written + kept))
    return ScratchSplit(tuple(parts), size)


def whole_part(program: Program) -> ScratchPart:
    """The part that is the whole program."""
    return ScratchPart(
        program,
        tuple((name, tuple(range(size))) for name, size in program.inputs),
        tuple((name, tuple(range(len(ids)))) for name, ids in program.outputs),
    )


def _remade(program: Program) -> list[bool]:
    """Whether parts make a value again: constants, and what few operations make from the inputs without sharing."""
    costs: list[int] = []
    for instruction in program.instructions:
        own = instruction.op not in ("input", "constant")
        costs.append(min(own + sum(costs[arg] for arg in instruction.args), REMADE + 1))
    return [cost <= REMADE for cost in costs]


def _bounds(program: Program, remade: Sequence[bool], most: int) -> list[tuple[int, int]]:
    """Where the parts begin and end."""
    begin, size = program.input_count, len(program.instructions)
    change = [0] * (size + 1)  # how many more values are alive before an instruction than before the one before it
    last = program.last_uses
    for value in range(begin, size):
        if not remade[value] and last.get(value, value) > value:
            change[value + 1] += 1
            if last[value] + 1 <= size:
                change[min(last[value] + 1, size)] -= 1
    alive, crossing = 0, []
    for step in change:
        alive += step
        crossing.append(alive)
    bounds = []
    while size - begin > most:
        end = min(range(begin + (most + 1) // 2, begin + most + 1), key=lambda cut: (crossing[cut], -cut))
        bounds.append((begin, end))
        begin = end
    return [*bounds, (begin, size)]


def _body(program: Program, remade: Sequence[bool], begin: int, end: int, outputs: Container[int]) -> list[int]:
    """The values that a part computes, in order; what can be made again only where this part uses it."""
    own: set[int] = set()
    needed: set[int] = set()
    for value in range(end - 1, begin - 1, -1):
        if not remade[value] or value in outputs or value in needed:
            own.add(value)
            needed.update(program.instructions[value].args)
    for value in sorted(needed - own, reverse=True):
        _add_again(program, remade, value, own)
    # What is made again comes where it is used first, so that it is not alive from the beginning.
    body: list[int] = []
    done: set[int] = set()

    def make(value: int) -> None:
        done.add(value)
        for arg in program.instructions[value].args:
            if arg in own and arg not in done:
                make(arg)
        body.append(value)

    for value in sorted(value for value in own if value >= begin):
        if value not in done:
            make(value)
    return body


def _add_again(program: Program, remade: Sequence[bool], value: int, own: set[int]) -> None:
    """Add a value that is made again, and what it is made from, to those of a part."""
    if value >= program.input_count and remade[value] and value not in own:
        own.add(value)
        for arg in program.instructions[value].args:
            _add_again(program, remade, arg, own)


def _slots(part_of: Sequence[int], last_read: dict[int, int]) -> tuple[dict[int, int], int]:
    """A place in scratch for each value that a later part reads; a place is used again after the part that read it."""
    slots: dict[int, int] = {}
    free: list[int] = []
    taken: list[tuple[int, int]] = []  # (last part that reads it, slot)
    size = 0
    for value in sorted(last_read):
        while taken and taken[0][0] < part_of[value]:
            heappush(free, heappop(taken)[1])
        if free:
            slots[value] = heappop(free)
        else:
            slots[value] = size
            size += 1
        heappush(taken, (last_read[value], slots[value]))
    return slots, size


def _part(
    program: Program, body: Sequence[int], slots: dict[int, int], written: Sequence[tuple[int, str, int]]
) -> ScratchPart:
    """The part that computes `body` and writes values to (array, place)."""
    own = set(body)
    wanted = {arg for value in body for arg in program.instructions[value].args if arg not in own}
    wanted |= {value for value, _, _ in written if value not in own}
    reads: dict[str, list[int]] = {name: [] for name, _ in program.inputs}
    place: dict[int, int] = {}
    order = sorted(value for value in wanted if value < program.input_count)
    passed = sorted((value for value in wanted if value >= program.input_count), key=lambda value: slots[value])
    for value in order:
        name, index = program.input_slots[value]
        reads[name].append(index)
    reads[SCRATCH] = [slots[value] for value in passed]
    instructions = [Instruction("input") for _ in (*order, *passed)]
    place.update((value, position) for position, value in enumerate((*order, *passed)))
    for value in body:
        old = program.instructions[value]
        place[value] = len(instructions)
        instructions.append(Instruction(old.op, tuple(place[arg] for arg in old.args), old.constant))
    names = [name for name, _ in program.outputs] + [SCRATCH]
    writes = {name: [(index, place[value]) for value, array, index in written if array == name] for name in names}
    used = [name for name in names if writes[name]]
    return ScratchPart(
        Program(
            tuple((name, len(ids)) for name, ids in reads.items() if ids),
            tuple(instructions),
            tuple((name, tuple(value for _, value in writes[name])) for name in used),
        ),
        tuple((name, tuple(ids)) for name, ids in reads.items() if ids),
        tuple((name, tuple(index for index, _ in writes[name])) for name in used),
    )
