"""How a program becomes GPU kernels: several channels per thread, tiles in shared memory, parts that fit registers.

The model counts 32-bit registers. A thread that loads WIDTH channels at once holds all rows of inputs and outputs WIDTH
times, and the temporaries of one channel. A thread of one channel holds what is alive. Where the estimate is above what
a thread may have, the values that do not fit go to local memory, which costs more than computing a part of them twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from invgen.ir import Program
from invgen.passes.schedule import live_values

REGISTERS = 255
"""32-bit registers that one thread can address, on every architecture since 2012."""

ADDRESSES = 24
"""Of these, what pointers, strides and indices take; read off kernels with few values."""

SHARED_BYTES = 48 * 1024
"""Shared memory that a kernel may declare without asking the driver for more."""

ACCESS_BYTES = 16
"""The widest access of one thread to memory."""

THREADS = 128
"""Threads of a block: four warps, so that small calls spread over many multiprocessors."""


@dataclass(frozen=True)
class Shape:
    """One way in which threads share the work of a program.

    Attributes:
        form: "strided" (one pair a thread, rows a stride apart), "wide" (WIDTH channels a thread, 16-byte accesses) or
            "tile" (one channel: a block copies consecutive samples through shared memory).
        width: channels of one thread.
        threads: threads of one block.
    """

    form: str
    width: int
    threads: int


def most_values(real_bytes: int) -> int:
    """The values that a thread can hold at once."""
    return (REGISTERS - ADDRESSES) // (real_bytes // 4)


def shapes(program: Program, real_bytes: int) -> tuple[Shape, ...]:
    """The shapes that a program is emitted in: always strided, wide and tile where they fit."""
    found = [Shape("strided", 1, THREADS)]
    width = ACCESS_BYTES // real_bytes
    while width > 1:
        if registers(program, real_bytes, width) <= REGISTERS:
            found.append(Shape("wide", width, THREADS))
        width //= 2
    threads = tile_threads(program, real_bytes)
    if threads:
        found.append(Shape("tile", 1, threads))
    return tuple(found)


def registers(program: Program, real_bytes: int, width: int) -> int:
    """The registers of one thread that computes `width` channels one after the other, by the model above."""
    words = real_bytes // 4
    live = live_values(program)
    rows = sum(size for _, size in program.inputs) + sum(len(ids) for _, ids in program.outputs)
    return ADDRESSES + words * (live if width == 1 else width * rows + live)


def tile_threads(program: Program, real_bytes: int) -> int:
    """Threads whose samples fit shared memory, or 0: below a warp a block is better off with strided accesses."""
    row = sum(pitch(size) for _, size in program.inputs) + sum(pitch(len(ids)) for _, ids in program.outputs)
    for threads in (THREADS, THREADS // 2, THREADS // 4):
        if threads * row * real_bytes <= SHARED_BYTES:
            return threads
    return 0


def pitch(components: int) -> int:
    """The distance of two samples in a tile: odd, so that 32 neighbouring threads meet 32 different banks."""
    return components | 1
