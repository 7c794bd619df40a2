"""C11 with OpenMP: straight-line code on vectors of lanes, as GCC and Clang provide them for every processor."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.arrays import Array, arrays_of, serial_below
from invgen.emit.c_parts import PartSource, part_sources
from invgen.emit.header import Header
from invgen.emit.printing import c_syntax, print_part
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.errors import InputError
from invgen.ir import Program
from invgen.passes.programs import KernelPrograms
from invgen.passes.scratch_split import SCRATCH, ScratchPart, ScratchSplit, split_by_scratch

TEMPLATE = "c/kernels.c.j2"

PREFETCHED_LINES = 160
"""Cache lines that prefetching may hold at a time: a third of a 32 KiB cache; the rest is for spills."""


STREAMED_BYTES = 1 << 25
"""Results of this many bytes go past the caches: about what a shared cache holds, so that they would not stay there."""

PART_OPERATIONS = 2000
"""Operations that one C function holds at most; what compilers take for a longer one grows faster than its length."""

MEMORY_BOUND = 18
"""Operations per number read or written up to which a function waits for memory; beyond, streaming was slower."""


@dataclass(frozen=True)
class CKernel:
    """One C function.

    Attributes:
        name: value, vjp, ...
        inputs: the arrays it reads.
        outputs: the arrays it writes.
        arrays: both, in the order of the arguments.
        statements: the body for one vector of lanes.
        parts: functions that the body calls where the program is long.
        operations: arithmetic operations for one lane.
        serial_below: the number of units of work under which starting threads costs more than it brings.
        ahead: how many units ahead to prefetch: few enough that they stay in the first cache.
        arguments: the parameters as C declares them.
        restrict_arguments: the same with `restrict`.
        names: the arguments as a call passes them.
        tiles: the local copies of the same arrays.
        block_pointers: the first element of each array's block.
        next_arguments: parameters for the place of each array that is prefetched.
        later_pointers: that place where there are blocks of channels.
        pair_pointers: that place where there are not.
        streamed_pointers: as block_pointers, with tiles in place of the outputs.
        streamed_later: as later_pointers, with nothing that matters in place of the outputs.
        memory_bound: 1 if it waits for memory more than for arithmetic, else 0.
        rows_written: how many numbers it writes per sample and channel.
        aligned: a condition on the outputs.
    """

    name: str
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    arrays: tuple[Array, ...]
    statements: tuple[str, ...]
    parts: tuple[PartSource, ...]
    operations: int
    serial_below: int
    ahead: int
    arguments: str
    restrict_arguments: str
    names: str
    tiles: str
    block_pointers: str
    next_arguments: str
    later_pointers: str
    pair_pointers: str
    streamed_pointers: str
    streamed_later: str
    memory_bound: int
    rows_written: int
    aligned: str


@dataclass(frozen=True)
class Width:
    """Of vectors of so many bytes: which numbers of two the two merged ones hold, and what stores one past the caches.

    Merging takes numbers of both in turns, from the lower halves and from the upper halves.
    """

    bytes: int
    lower: str
    upper: str
    stream: str


@dataclass(frozen=True)
class CSource:
    """The fields of `c/kernels.c.j2`.

    Attributes:
        header: what the source says about itself.
        real: the type of numbers in memory.
        number: the type of numbers that are computed with.
        lanes: of a unit of work.
        streamed: bytes of results from which on they go past the caches.
        index: the integer as wide as a number in memory.
        widths: what vectors of each size need.
        parted: whether a function is cut into parts.
        scratch: the most values that any function hands on between its parts.
        scratch_owner: the section that holds the memory for them.
        kernels: the functions.
    """

    header: Header
    real: str
    number: str
    lanes: int
    streamed: int
    index: str
    widths: tuple[Width, ...]
    parted: bool
    scratch: int
    scratch_owner: str
    kernels: tuple[CKernel, ...]


def render(programs: KernelPrograms, dtype: str, header: Header, accumulate: str = "") -> str:
    """The C source of the five functions for one dtype.

    With `accumulate="float64"` arrays keep their dtype, and every operation is one on doubles: results are rounded
    once, when they are stored.

    Raises:
        InputError: for a dtype other than "float32" and "float64", or arithmetic narrower than the dtype.
    """
    real, number = real_of(dtype), real_of(accumulate or dtype)
    if number.bytes < real.bytes:
        raise InputError(f"{dtype} cannot be computed in {accumulate}; leave accumulate out")
    lanes = 64 // real.bytes
    splits = {name: split_by_scratch(program, PART_OPERATIONS) for name, program in programs.items()}
    kernels = tuple(_kernel(name, program, splits[name], number.bits, lanes) for name, program in programs.items())
    return render_template(
        TEMPLATE,
        CSource(
            header=header,
            real=real.name,
            number=number.name,
            lanes=lanes,
            streamed=STREAMED_BYTES,
            index=real.integer,
            widths=tuple(_width(size, size // real.bytes) for size in (64, 32, 16)),
            parted=any(kernel.parts for kernel in kernels),
            scratch=max(found.scratch for found in splits.values()),
            scratch_owner=kernels[0].name,
            kernels=kernels,
        ),
    )


def _width(number_of_bytes: int, side: int) -> Width:
    turns = [str(index) for pair in zip(range(side), range(side, 2 * side)) for index in pair]
    stream = {64: "__builtin_ia32_movntps512", 32: "__builtin_ia32_movntps256", 16: "__builtin_ia32_movntps"}
    return Width(number_of_bytes, ", ".join(turns[:side]), ", ".join(turns[side:]), stream[number_of_bytes])


def _kernel(name: str, program: Program, found: ScratchSplit, bits: int, lanes: int) -> CKernel:
    arrays = arrays_of(program)
    inputs, outputs = arrays.inputs, arrays.outputs
    block = [f"{array.name} + sample * {array.size} * channels + channel" for array in arrays.all]
    later = [f"{array.name} + later * {array.size} * channels + later_channel" for array in arrays.all]
    tiles = [f"{array.name}_tile" for array in outputs]
    parts, body = _body(name, found, bits)
    return CKernel(
        name=name,
        inputs=inputs,
        outputs=outputs,
        arrays=arrays.all,
        statements=interleaved(body, prefetches(inputs, outputs)),
        parts=parts,
        operations=found.operations,
        serial_below=serial_below(max(found.operations, arrays.numbers) * lanes),
        ahead=max(1, PREFETCHED_LINES // max(1, arrays.numbers)),
        arguments=arrays.parameters(),
        restrict_arguments=arrays.parameters("restrict "),
        names=arrays.names,
        tiles=", ".join(f"{array.name}_tile" for array in arrays.all),
        block_pointers=", ".join(block),
        next_arguments=", ".join(f"const real *{array.name}_next" for array in arrays.all),
        later_pointers=", ".join(later),
        pair_pointers=", ".join(f"{a.name} + (sample + ahead) * {a.size} * channels" for a in arrays.all),
        streamed_pointers=", ".join([*block[: len(inputs)], *tiles]),
        streamed_later=", ".join([*later[: len(inputs)], *(f"{array.name}_idle" for array in outputs)]),
        memory_bound=int(found.operations <= MEMORY_BOUND * arrays.numbers),
        rows_written=sum(array.size for array in outputs),
        aligned=" && ".join(f"aligned({array.name})" for array in outputs),
    )


def prefetches(inputs: tuple[Array, ...], outputs: tuple[Array, ...]) -> tuple[str, ...]:
    """One statement per row of each array."""
    read = [f"PREFETCH({a.name}_next + {row} * next_stride);" for a in inputs for row in range(a.size)]
    return (
        *read,
        *(f"PREFETCH_TO_WRITE({a.name}_next + {row} * out_stride);" for a in outputs for row in range(a.size)),
    )


def interleaved(statements: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """The statements in their order, and the others in theirs, spread evenly between them.

    Prefetched all at once, the lines of a unit fill the queues for memory and the arithmetic waits.
    """
    lines: list[str] = []
    taken = 0
    for done, statement in enumerate(statements, start=1):
        lines.append(statement)
        due = done * len(others) // len(statements)
        lines += others[taken:due]
        taken = due
    return tuple(lines)


def _body(name: str, found: ScratchSplit, bits: int) -> tuple[tuple[PartSource, ...], tuple[str, ...]]:
    """The functions for the parts of a program, and a body that calls them; or none, and the whole body."""

    def strides(reads: bool, writes: bool) -> list[str]:
        own = ["stride"] * reads + ["out_stride"] * writes
        return [*own, "lane"] if own else []

    def statements(part: ScratchPart) -> tuple[str, ...]:
        return tuple(print_part(part, c_syntax("vector", bits, "constant({})"), _read, _write))

    parts, calls = part_sources(name, found, "vector", strides, statements)
    if not parts:
        return (), statements(found.parts[0])
    return parts, (("vector *restrict scratch = scratch_block;",) if found.scratch else ()) + calls


def _read(name: str, index: int) -> str:
    return f"scratch[{index}]" if name == SCRATCH else f"load({name} + {index} * stride + lane)"


def _write(name: str, index: int, value: str) -> str:
    return (
        f"scratch[{index}] = {value};" if name == SCRATCH else f"store({name} + {index} * out_stride + lane, {value});"
    )
