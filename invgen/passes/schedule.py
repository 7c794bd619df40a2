"""The order of instructions: few values alive at once, loads as late as possible.

A compiler keeps roughly the order it is given, so the order decides how often a value leaves the registers and comes
back. Orders are compared by that number for a machine of `REGISTERS` registers that always drops the value whose
next use is farthest (the rule of Belady, IBM Systems Journal 5, 78, 1966).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from invgen.ir import Program
from invgen.passes.simplify import reorder, simplify

REGISTERS = 30
"""Vector registers of the machine that orders are compared on: 32, less room for a constant and a product."""


def schedule(program: Program) -> Program:
    """The same instructions in the best of a few orders; ties go to the first, so the result is reproducible."""
    outputs = [value for _, ids in program.outputs for value in ids]
    cones = _cone_sizes(program)
    candidates = (
        outputs,
        outputs[::-1],
        sorted(outputs, key=lambda value: (cones[value], value)),
        sorted(outputs, key=lambda value: (-cones[value], value)),
    )
    orders = [reorder(program, depth_first(program, roots)) for roots in candidates]
    return min(orders, key=lambda ordered: sum(register_traffic(ordered)))


def polish(program: Program) -> Program:
    """The program simplified and then scheduled: how every program ends before it is emitted."""
    return schedule(simplify(program))


def depth_first(program: Program, roots: Iterable[int]) -> list[int]:
    """An order that finishes one root after the other, and of two arguments first the one that needs more registers."""
    need = _register_need(program)
    done = [instruction.op == "input" for instruction in program.instructions]
    order = list(range(program.input_count))
    for root in roots:
        stack = [(root, False)]
        while stack:
            value, arguments_done = stack.pop()
            if done[value]:
                continue
            if arguments_done:
                done[value] = True
                order.append(value)
                continue
            stack.append((value, True))
            # What is pushed last is computed first.
            args = sorted(set(program.instructions[value].args), key=lambda arg: (need[arg], arg))
            stack.extend((arg, False) for arg in args)
    return order


def live_values(program: Program) -> int:
    """The largest number of values held at once; inputs count from their first use, outputs until their last use."""
    outputs = [value for _, ids in program.outputs for value in ids]
    return live_values_of(program, range(len(program.instructions)), outputs)


def live_values_of(program: Program, positions: Sequence[int], outputs: Iterable[int]) -> int:
    """`live_values` of the program that is left of these instructions, in their order, and of these outputs."""
    instructions = program.instructions
    last = {value: value for value in outputs}
    for position in positions:
        for arg in instructions[position].args:
            last[arg] = position
    live: set[int] = set()
    most = 0
    for position in positions:
        instruction = instructions[position]
        if instruction.op == "input":
            continue
        live.update(instruction.args)
        most = max(most, len(live))
        live.difference_update([arg for arg in instruction.args if last[arg] <= position])
        if last.get(position, -1) > position:
            live.add(position)
            most = max(most, len(live))
    return most


def register_traffic(program: Program, registers: int = REGISTERS) -> tuple[int, int]:
    """(loads, stores) of a machine with this many registers, the first read of each input included."""
    uses: list[list[int]] = [[] for _ in program.instructions]
    for position, instruction in enumerate(program.instructions):
        for arg in instruction.args:
            uses[arg].append(position)
    for positions in uses:
        positions.reverse()  # the next use is last and is popped when it is past
    never = len(uses)
    in_memory = [instruction.op in ("input", "constant") for instruction in program.instructions]
    held: set[int] = set()
    farthest: list[tuple[int, int]] = []  # (-next use, value), outdated entries are skipped
    loads = stores = 0

    def hold(value: int) -> None:
        held.add(value)
        heappush(farthest, (-uses[value][-1], value))

    def make_room(limit: int, keep: tuple[int, ...]) -> None:
        nonlocal stores
        kept: list[tuple[int, int]] = []
        while len(held) > limit:
            entry = heappop(farthest)
            value = entry[1]
            if value not in held or uses[value][-1:] != [-entry[0]]:
                continue
            if value in keep:
                kept.append(entry)
                continue
            held.remove(value)
            if not in_memory[value]:
                in_memory[value] = True
                stores += 1
        for entry in kept:
            heappush(farthest, entry)

    for position, instruction in enumerate(program.instructions):
        if instruction.op in ("input", "constant"):
            continue
        for arg in set(instruction.args):
            if arg not in held:
                loads += 1
                hold(arg)
        make_room(registers, instruction.args)
        for arg in set(instruction.args):
            while uses[arg] and uses[arg][-1] <= position:
                uses[arg].pop()
            if uses[arg]:
                heappush(farthest, (-uses[arg][-1], arg))
            else:
                held.discard(arg)
        if uses[position] and uses[position][-1] < never:
            hold(position)
            make_room(registers, (position,))
    return loads, stores


def _register_need(program: Program) -> list[int]:
    """Sethi and Ullman's numbers: the registers that a value needs if nothing is shared."""
    need: list[int] = []
    for instruction in program.instructions:
        parts = sorted((need[arg] for arg in set(instruction.args)), reverse=True)
        need.append(max((part + index for index, part in enumerate(parts)), default=1))
    return need


def _cone_sizes(program: Program) -> dict[int, int]:
    """For each output, the number of instructions that it depends on."""
    sizes: dict[int, int] = {}
    for _, ids in program.outputs:
        for root in ids:
            seen = {root}
            stack = [root]
            while stack:
                for arg in program.instructions[stack.pop()].args:
                    if arg not in seen:
                        seen.add(arg)
                        stack.append(arg)
            sizes[root] = len(seen)
    return sizes
