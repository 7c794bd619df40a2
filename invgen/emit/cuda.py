"""CUDA C without a header, for NVRTC; HIP for hipRTC by the same templates and another dialect.

Everything that a launch needs to know about a kernel stands beside it, in one line of the opening comment.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from invgen.emit.c import literal
from invgen.emit.header import Header
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir import Program
from invgen.passes.cuda_plan import Shape, most_values, pitch, shapes
from invgen.passes.cuda_split import Part, split
from invgen.passes.cuda_summands import summands
from invgen.passes.programs import KernelPrograms

TEMPLATE = "cuda/kernels.cu.j2"

LONG_OPERATIONS = 8_000
"""Operations beyond which a function that is linear in a cotangent becomes parts that add up: its outputs share too
much to be computed apart, and NVRTC's time for one kernel grows faster than its length."""

SECTIONED_OPERATIONS = 50_000
"""Operations of all kernels together beyond which they are several programs for NVRTC."""

SECTIONS = 16
"""How many: enough for a few processors to end at about the same time."""

_COTANGENT = "ybar"
_READ_BACK = 16
"""Sums of earlier parts that are read before the first of them is written again: none waits for memory alone."""


@dataclass(frozen=True)
class Dialect:
    """What may differ between the languages of two vendors; everything else of the text is C++17.

    Attributes:
        title: the language in words.
        kernel: the qualifier of a kernel.
        device: the qualifiers of a function that is inlined into one.
        shared: the qualifier of memory that a block shares.
        barrier: the expression at which the threads of a block wait for each other.
        unroll: the line before a loop that must be unrolled.
    """

    title: str
    kernel: str
    device: str
    shared: str
    barrier: str
    unroll: str


CUDA = Dialect(
    title="CUDA C++17 for NVRTC",
    kernel="__global__",
    device="__device__ __forceinline__",
    shared="__shared__",
    barrier="__syncthreads()",
    unroll="#pragma unroll",
)
HIP = replace(CUDA, title="HIP C++17 for hipRTC", unroll="#pragma clang loop unroll(full)")
"""Never run: no machine with an AMD GPU was at hand. A wavefront has 64 threads there, which divide a block as well."""


@dataclass(frozen=True)
class Array:
    """One vector argument: its name, its components, and the distance of two samples in a tile."""

    name: str
    size: int
    pitch: int


@dataclass(frozen=True)
class Body:
    """The straight-line code for one pair, whatever its rows are stored in."""

    name: str
    operations: int
    types: str
    parameters: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class StridedKernel:
    """One pair a thread: name, body, threads of a block, parameters, and what the body is called with."""

    name: str
    body: str
    threads: int
    arguments: str
    rows: str


@dataclass(frozen=True)
class TileKernel(StridedKernel):
    """One sample a thread, copied through shared memory: its arrays as well."""

    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    arrays: tuple[Array, ...]


@dataclass(frozen=True)
class WideKernel(TileKernel):
    """Several channels a thread: how many as well."""

    width: int


@dataclass(frozen=True)
class Section:
    """Bodies and the kernels that call them, which compile without the other sections.

    Opening and closing are the lines of the preprocessor around it; a single section has none.
    """

    opening: tuple[str, ...]
    closing: tuple[str, ...]
    bodies: tuple[Body, ...]
    strided_kernels: tuple[StridedKernel, ...]
    wide_kernels: tuple[WideKernel, ...]
    tile_kernels: tuple[TileKernel, ...]


@dataclass(frozen=True)
class CudaSource:
    """The fields of `cuda/kernels.cu.j2`; a plan is the line that tells the runtime what a kernel is."""

    header: Header
    dialect: Dialect
    real: str
    real_bytes: int
    plans: tuple[str, ...]
    sections: tuple[Section, ...]


def render(programs: KernelPrograms, dtype: str, header: Header, dialect: Dialect = CUDA) -> str:
    """The text of the five functions for one dtype; a long one has sections.

    Raises:
        InputError: for a dtype other than "float32" and "float64".
    """
    real = real_of(dtype, "GPU")
    units: list[tuple[Body, list[StridedKernel]]] = []
    plans: list[str] = []
    for function, program in programs.items():
        parts = parts_of(program, real.bytes)
        # A part writes some rows of its outputs alone, and what goes through registers or tiles goes back whole.
        forms = shapes(program, real.bytes) if len(parts) == 1 else shapes(program, real.bytes)[:1]
        for number, part in enumerate(parts):
            suffix = f"_part{number}" if len(parts) > 1 else ""
            kernels = [_kernel(function, suffix, program, shape) for shape in forms]
            units.append((body(f"{function}_body{suffix}", part, real.bits), kernels))
            for shape, kernel in zip(forms, kernels, strict=True):
                plans.append(_plan(kernel.name, function, program, shape))
    return render_template(
        TEMPLATE, CudaSource(header, dialect, real.name, real.bytes, tuple(plans), sections_of(units))
    )


def parts_of(program: Program, real_bytes: int) -> tuple[Part, ...]:
    """The parts of a program in the order in which their kernels run: for some outputs each, or terms of sums."""
    limit = most_values(real_bytes)
    if program.operations > LONG_OPERATIONS and _COTANGENT in dict(program.inputs):
        return summands(program, _COTANGENT, limit)
    return split(program, limit)


def sections_of(units: Sequence[tuple[Body, Sequence[StridedKernel]]]) -> tuple[Section, ...]:
    """Sections of about as many operations each, in order; a single one where all kernels have few."""
    weights = [body.operations * len(kernels) for body, kernels in units]
    total = sum(weights)
    if total <= SECTIONED_OPERATIONS:
        return (_section("", units),)
    places = [SECTIONS * sum(weights[:number]) // total for number in range(len(units))]
    return tuple(
        _section(f"section{place}", [unit for unit, own in zip(units, places, strict=True) if own == place])
        for place in sorted(set(places))
    )


def _section(name: str, units: Sequence[tuple[Body, Sequence[StridedKernel]]]) -> Section:
    kernels = [kernel for _, own in units for kernel in own]
    wide = tuple(kernel for kernel in kernels if isinstance(kernel, WideKernel))
    tile = tuple(kernel for kernel in kernels if isinstance(kernel, TileKernel) and kernel not in wide)
    strided = tuple(kernel for kernel in kernels if not isinstance(kernel, TileKernel))
    opening = ("", f"#if !defined(INVGEN_APART) || defined(INVGEN_{name})") if name else ()
    closing = ("", f"#endif /* INVGEN_{name} */") if name else ()
    return Section(opening, closing, tuple(body for body, _ in units), strided, wide, tile)


def body(name: str, part: Part, bits: int) -> Body:
    """The straight-line code of a part, as a function template over what its rows are stored in."""
    program = part.program
    read = {program.input_slots[value][0] for value in program.last_uses if value < program.input_count}
    written = {vector for (vector, _), places in zip(program.outputs, part.places) if places}
    names = [vector for vector, _ in (*program.inputs, *program.outputs)]
    return Body(
        name=name,
        operations=program.operations,
        types=", ".join(f"class {name.upper()}" for name in names),
        # A parameter that a part does not use has no name.
        parameters=", ".join(f"const {n.upper()} {n}" if n in read | written else f"const {n.upper()}" for n in names),
        statements=statements(part, bits),
    )


def _kernel(function: str, suffix: str, program: Program, shape: Shape) -> StridedKernel:
    inputs = tuple(Array(vector, size, pitch(size)) for vector, size in program.inputs)
    outputs = tuple(Array(vector, len(ids), pitch(len(ids))) for vector, ids in program.outputs)
    arrays = inputs + outputs
    qualifiers = ["const real *__restrict__ "] * len(inputs) + ["real *__restrict__ "] * len(outputs)
    kinds = ["Input"] * len(inputs) + ["Output"] * len(outputs)
    row = {
        "strided": "{kind}{{{array.name} + row(pair, channels, {array.size}), channels}}",
        "wide": "{kind}Lane<{width}>{{{array.name}_held, lane}}",
        "tile": "{kind}{{{array.name}_tile + threadIdx.x * {array.pitch}, 1}}",
    }[shape.form]
    strided = StridedKernel(
        name=f"invgen_{function}_{shape.form}{shape.width if shape.form == 'wide' else ''}{suffix}",
        body=f"{function}_body{suffix}",
        threads=shape.threads,
        arguments=", ".join(f"{qualifier}{array.name}" for qualifier, array in zip(qualifiers, arrays)),
        rows=", ".join(row.format(kind=kind, array=array, width=shape.width) for kind, array in zip(kinds, arrays)),
    )
    if shape.form == "strided":
        return strided
    held = (strided.name, strided.body, strided.threads, strided.arguments, strided.rows, inputs, outputs, arrays)
    return TileKernel(*held) if shape.form == "tile" else WideKernel(*held, shape.width)


def _plan(name: str, function: str, program: Program, shape: Shape) -> str:
    plan = {
        "name": name,
        "function": function,
        "form": shape.form,
        "width": shape.width,
        "threads": shape.threads,
        "arrays": [vector for vector, _ in (*program.inputs, *program.outputs)],
    }
    return json.dumps(plan, separators=(",", ":"))


def statements(part: Part, bits: int) -> tuple[str, ...]:
    """One statement per value, each input read just before its first use, each output written when it is there.

    What is added to an output waits for some others, so that they are read together before any of them is written.
    """
    program = part.program
    lines: list[str] = []
    places: dict[int, list[tuple[str, int]]] = {}
    for (name, ids), chosen in zip(program.outputs, part.places):
        for index, value in zip(chosen, ids):
            places.setdefault(value, []).append((name, index))
    waiting: list[tuple[str, int, int]] = []
    loaded: set[int] = set()

    def load(value: int) -> None:
        if value < program.input_count and value not in loaded:
            loaded.add(value)
            name, index = program.input_slots[value]
            lines.append(f"const real v{value} = {name}({index});")

    def store(value: int) -> None:
        for name, index in places.get(value, ()):
            if (name, index) in part.added:
                waiting.append((name, index, value))
            else:
                lines.append(f"{name}({index}) = v{value};")
        if len(waiting) >= _READ_BACK:
            add()

    def add() -> None:
        lines.extend(f"const real {name}_{index} = {name}({index});" for name, index, _ in waiting)
        lines.extend(f"{name}({index}) = {name}_{index} + v{value};" for name, index, value in waiting)
        waiting.clear()

    for value, instruction in enumerate(program.instructions):
        if instruction.op == "input":
            if value in places:
                load(value)
                store(value)
            continue
        for arg in instruction.args:
            load(arg)
        names = [f"v{arg}" for arg in instruction.args]
        constant = instruction.constant
        if constant is not None:
            factor = literal(constant, bits)
            text = f"{factor} * {names[0]}" if instruction.op == "scale" else factor
        elif instruction.op == "neg":
            text = f"-{names[0]}"
        else:
            symbol = {"add": "+", "sub": "-", "mul": "*"}[instruction.op]
            text = f"{names[0]} {symbol} {names[1]}"
        lines.append(f"const real v{value} = {text};")
        store(value)
    add()
    return tuple(lines)
