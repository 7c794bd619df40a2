"""The order of instructions: few values alive at once, loads as late as possible.

A compiler keeps roughly the order it is given, so the order decides how often a value leaves the registers and comes
back. Orders are compared by that number for a machine of `REGISTERS` registers that always drops the value whose
next use is farthest (the rule of Belady, IBM Systems Journal 5, 78, 1966).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    arguments = _by_need(program)
    best: list[int] = []
    least: int | None = None
    for roots in candidates:
        order = _depth_first(program, arguments, roots)
        # Only the best order becomes a program, and no order is followed farther than it can still be the best.
        traffic = sum(_traffic(*_placed(program, order), REGISTERS, least))
        if least is None or traffic < least:
            best, least = order, traffic
    return reorder(program, best)


def polish(program: Program) -> Program:
    """The program simplified and then scheduled: how every program ends before it is emitted."""
    return schedule(simplify(program))


def live_values(program: Program) -> int:
    """The largest number of values held at once; inputs count from their first use, outputs until their last use."""
    outputs = [value for _, ids in program.outputs for value in ids]
    inputs = program.input_count
    read = {position: program.instructions[position].args for position in range(inputs, len(program.instructions))}
    return live_values_of(read, inputs, outputs)


def live_values_of(read: Mapping[int, Sequence[int]], inputs: int, outputs: Iterable[int]) -> int:
    """`live_values` of what computes these outputs: the arguments of each value in the order of computation.

    Values below `inputs` are inputs.
    """
    last = {value: value for value in outputs}
    for position, args in read.items():
        for arg in args:
            last[arg] = position
    ends = Counter(position for value, position in last.items() if position != value)
    begun: set[int] = set()
    live = most = 0
    for position, args in read.items():
        for arg in args:
            if arg < inputs and arg not in begun:
                begun.add(arg)
                live += 1
        if live > most:
            most = live
        live -= ends[position]
        if last.get(position, -1) > position:
            live += 1
            if live > most:
                most = live
    return most


def register_traffic(program: Program, registers: int = REGISTERS) -> tuple[int, int]:
    """(loads, stores) of a machine with this many registers, two at least; the first read of each input included."""
    return _traffic(*_placed(program, range(len(program.instructions))), registers)


def _placed(program: Program, order: Sequence[int]) -> tuple[list[tuple[int, ...]], list[bool]]:
    """For each value in an order: the places of its different arguments, and whether it is in memory from the start."""
    place = {value: position for position, value in enumerate(order)}
    instructions = [program.instructions[value] for value in order]
    args = [tuple({place[arg] for arg in instruction.args}) for instruction in instructions]
    return args, [instruction.op in ("input", "constant") for instruction in instructions]


def _traffic(
    read: Sequence[tuple[int, ...]], in_memory: list[bool], registers: int, limit: int | None = None
) -> tuple[int, int]:
    """(loads, stores) where each value reads these different ones; as many as were met when their sum reached `limit`.

    What is stored is marked in `in_memory`.
    """
    never = len(read)
    # For each argument of each value, the next value that reads it; in the end, the first that reads each value.
    upcoming = [never] * never
    following: list[tuple[int, ...]] = [()] * never
    for position in range(never - 1, -1, -1):
        if args := read[position]:
            following[position] = tuple([upcoming[arg] for arg in args])
            for arg in args:
                upcoming[arg] = position
    held: set[int] = set()
    # (never - next use) · never + value, so that the farthest comes first, and of equals the earlier value. What is
    # read now has the nearest use of all that are held, and is never dropped for what is read with it.
    farthest: list[int] = []
    loads = stores = 0

    def make_room(keep: int) -> None:
        nonlocal stores
        kept = -1
        while len(held) > registers:
            entry = heappop(farthest)
            use, value = divmod(entry, never)
            if value not in held or upcoming[value] != never - use:
                continue  # outdated
            if value == keep:
                kept = entry
                continue
            held.remove(value)
            if not in_memory[value]:
                in_memory[value] = True
                stores += 1
        if kept >= 0:
            heappush(farthest, kept)

    for position, args in enumerate(read):
        if in_memory[position]:
            continue
        for arg in args:
            if arg not in held:
                loads += 1
                held.add(arg)
        if len(held) > registers:
            make_room(position)
        for arg, use in zip(args, following[position]):
            upcoming[arg] = use
            if use == never:
                held.discard(arg)
            else:
                heappush(farthest, (never - use) * never + arg)
        if upcoming[position] != never:
            held.add(position)
            heappush(farthest, (never - upcoming[position]) * never + position)
            if len(held) > registers:
                make_room(position)
        if limit is not None and loads + stores >= limit:
            break
    return loads, stores


def _depth_first(program: Program, arguments: Sequence[Sequence[int]], roots: Iterable[int]) -> list[int]:
    """An order that finishes one root after the other, and of the arguments of a value the last one first."""
    inputs = program.input_count
    done = [position < inputs for position in range(len(program.instructions))]
    order = list(range(inputs))
    for root in roots:
        stack = [root]
        while stack:
            value = stack.pop()
            if value < 0:  # a value whose arguments are done
                value = ~value
                if not done[value]:
                    done[value] = True
                    order.append(value)
            elif not done[value]:
                stack.append(~value)
                # What is pushed last is computed first.
                stack.extend([arg for arg in arguments[value] if not done[arg]])
    return order


def _by_need(program: Program) -> list[tuple[int, ...]]:
    """The different arguments of each value, those that need more registers last.

    Values need Sethi and Ullman's numbers of registers: what they need if nothing is shared.
    """
    need: list[int] = []
    arguments: list[tuple[int, ...]] = []
    for instruction in program.instructions:
        args = instruction.args
        if len(args) == 2 and args[0] != args[1]:
            first, second = args
            low, high = need[first], need[second]
            if (high, second) < (low, first):
                first, second, low, high = second, first, high, low
            arguments.append((first, second))
            need.append(max(high, low + 1))
        else:
            arguments.append(args[:1])
            need.append(need[args[0]] if args else 1)
    return arguments


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
