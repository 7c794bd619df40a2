"""Which values of a program need which others, and how many are alive at once, for many sets of outputs in one pass.

A set of values is a row of booleans or, where only its size is asked for, the bits of an integer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from invgen.ir import Program

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

_BLOCK = 1 << 14
"""Values whose bits are unpacked at once where only sums are wanted."""


def arguments_of(program: Program) -> Ids:
    """The arguments of each value, shape (values, 2); -1 where there is none."""
    flat: list[int] = []
    for instruction in program.instructions:
        args = instruction.args
        flat += args if len(args) == 2 else (args[0], -1) if args else (-1, -1)
    return np.array(flat, dtype=np.int64).reshape(-1, 2)


def needed_by(program: Program, roots: Iterable[tuple[int, int]], through: Sequence[int] | None = None) -> list[int]:
    """For each value the bits of all roots that need it, itself included; `roots` are (value, bits).

    With `through` an argument passes on only the bits in its own entry, or all of them where that is 0.
    """
    bits = [0] * len(program.instructions)
    for value, own in roots:
        bits[value] |= own
    for value in range(len(bits) - 1, program.input_count - 1, -1):
        if own := bits[value]:
            for arg in program.instructions[value].args:
                bits[arg] |= own & through[arg] if through is not None and through[arg] else own
    return bits


def unpacked(bits: Sequence[int], count: int) -> Mask:
    """Row r, column v: whether integer v has bit r; shape (count, integers)."""
    return np.ascontiguousarray(_columns(bits, count).T)


def sizes(bits: Sequence[int], count: int) -> list[int]:
    """How many of the integers have bit r, for each r below `count`."""
    total = np.zeros(count, dtype=np.int64)
    for begin in range(0, len(bits), _BLOCK):
        total += _columns(bits[begin : begin + _BLOCK], count).sum(axis=0, dtype=np.int64)
    return [int(size) for size in total]


def packed(mask: Mask) -> int:
    """The integer whose bit v is entry v."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def _columns(bits: Sequence[int], count: int) -> Mask:
    width = max(1, (count + 7) // 8)
    text = b"".join([each.to_bytes(width, "little") for each in bits])
    rows = np.frombuffer(text, dtype=np.uint8).reshape(-1, width)
    return np.unpackbits(rows, axis=1, count=count, bitorder="little").view(np.bool_)


def most_alive(order: Ids, arguments: Ids, inputs: int, outputs: Ids) -> int:
    """The largest number of values held at once; inputs count from their first use, outputs until their last use.

    Args:
        order: the values that are computed, ascending.
        arguments: of each of them, shape (values, 2), -1 where there is none.
        inputs: values below it are inputs.
        outputs: the values that are wanted.
    """
    if not len(order):
        return 0
    size = int(order[-1]) + 1
    read = arguments >= 0
    args, readers = arguments[read], np.broadcast_to(order[:, None], arguments.shape)[read]
    # Of several assignments to one entry the last one stays: here the last reader, below the first.
    last = np.full(max(size, inputs), -1)
    last[outputs] = outputs
    last[args] = readers
    first = np.full(inputs, -1)
    own = args < inputs
    first[args[own][::-1]] = readers[own][::-1]

    def counted(positions: Ids) -> Ids:
        return np.bincount(np.searchsorted(order, positions), minlength=len(order))

    begun = counted(first[first >= 0])
    ended = counted(last[(last >= 0) & (last != np.arange(len(last)))])
    made = last[order] > order
    after = np.cumsum(begun - ended + made)
    return int(max((after + ended - made).max(), after.max(), 0))
