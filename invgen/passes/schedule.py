"""The order of instructions: few values alive at once, loads as late as possible.

A compiler keeps roughly the order it is given, so the order decides how often a value leaves the registers and comes
back. Orders are compared by that number for a machine of `REGISTERS` registers that always drops the value whose
next use is farthest (the rule of Belady, IBM Systems Journal 5, 78, 1966).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from invgen.ir import Program
from invgen.passes.reach import Ids, arguments_of, most_alive, needed_by, sizes
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
    arguments, read = _by_need(program), arguments_of(program)
    best: list[int] = []
    least: int | None = None
    for number, roots in enumerate(candidates):
        if roots in candidates[:number]:
            continue
        order = _depth_first(program, arguments, roots)
        # Only the best order becomes a program, and no order is followed farther than it can still be the best.
        traffic = sum(_traffic(read, order, REGISTERS, least))
        if least is None or traffic < least:
            best, least = order, traffic
    return reorder(program, best)


def polish(program: Program) -> Program:
    """The program simplified and then scheduled: how every program ends before it is emitted."""
    return schedule(simplify(program))


def live_values(program: Program) -> int:
    """The largest number of values held at once; inputs count from their first use, outputs until their last use."""
    inputs = program.input_count
    outputs = np.array([value for _, ids in program.outputs for value in ids], dtype=np.int64)
    return most_alive(np.arange(inputs, len(program.instructions)), arguments_of(program)[inputs:], inputs, outputs)


def register_traffic(program: Program, registers: int = REGISTERS) -> tuple[int, int]:
    """(loads, stores) of a machine with this many registers, two at least; the first read of each input included."""
    return _traffic(arguments_of(program), range(len(program.instructions)), registers)


def _traffic(arguments: Ids, order: Sequence[int], registers: int, limit: int | None = None) -> tuple[int, int]:
    """(loads, stores) of the values in an order; where their sum reaches `limit`, as many as were met some time later.

    `arguments` are those of each value. Values without arguments are in memory from the start.
    """
    read, ranks, first = _next_uses(arguments, order)
    never = len(order)
    in_memory = [own[0] < 0 for own in read]
    # What is held, with its rank: (never - next use) · never + place. The least is dropped: the one whose next use is
    # farthest, and of equals the earlier. What is read now has the nearest use of all, and is not dropped.
    held: dict[int, int] = {}
    loads = stores = 0
    for position, (one, other) in enumerate(read):
        if one < 0:
            continue
        if one not in held:
            loads += 1
            held[one] = (never - position) * never + one
        if other >= 0 and other not in held:
            loads += 1
            held[other] = (never - position) * never + other
        while len(held) > registers:
            place = min(held.values()) % never
            del held[place]
            if not in_memory[place]:
                in_memory[place] = True
                stores += 1
        first_rank, second_rank = ranks[position]
        if first_rank:
            held[one] = first_rank
        else:
            del held[one]
        if other >= 0:
            if second_rank:
                held[other] = second_rank
            else:
                del held[other]
        if first[position]:
            if len(held) == registers:
                # Room for the value itself, which stays.
                place = min(held.values()) % never
                del held[place]
                if not in_memory[place]:
                    in_memory[place] = True
                    stores += 1
                if limit is not None and loads + stores >= limit:
                    break
            held[position] = first[position]
    return loads, stores


def _next_uses(arguments: Ids, order: Sequence[int]) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """The places of the different arguments of each value in an order, and the ranks that they have after it; -1, 0.

    The third list has the rank of each value when it is made. A rank is 0 where no use follows.
    """
    never = len(order)
    place = np.full(len(arguments) + 1, -1)  # the last entry is that of the argument -1
    place[np.asarray(order, dtype=np.int64)] = np.arange(never)
    read = place[arguments[np.asarray(order, dtype=np.int64)]]
    read[read[:, 0] == read[:, 1], 1] = -1
    used = read >= 0
    args = read[used]
    readers = np.broadcast_to(np.arange(never)[:, None], read.shape)[used]
    by_argument = np.argsort(args, kind="stable")
    args, readers = args[by_argument], readers[by_argument]
    own_ranks = (never - readers) * never + args
    again = args[1:] == args[:-1]
    following = np.zeros(len(args), dtype=np.int64)
    following[:-1][again] = own_ranks[1:][again]
    first = np.zeros(never, dtype=np.int64)
    begins = np.ones(len(args), dtype=np.bool_)
    begins[1:] = ~again
    first[args[begins]] = own_ranks[begins]
    in_order = np.empty(len(args), dtype=np.int64)
    in_order[by_argument] = following
    ranks: Ids = np.zeros(read.shape, dtype=np.int64)
    ranks[used] = in_order
    places: list[list[int]] = read.tolist()
    after: list[list[int]] = ranks.tolist()
    return places, after, first.tolist()


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
                # What is pushed last is computed first.
                if waiting := [arg for arg in arguments[value] if not done[arg]]:
                    stack.append(~value)
                    stack += waiting
                else:
                    done[value] = True
                    order.append(value)
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
    roots = list(dict.fromkeys(value for _, ids in program.outputs for value in ids))
    bits = needed_by(program, [(value, 1 << number) for number, value in enumerate(roots)])
    return dict(zip(roots, sizes(bits, len(roots))))
