"""CUDA C without a header, for NVRTC; HIP for hipRTC by the same templates and another dialect.

Everything that a launch needs to know about a kernel stands beside it, in one line of the opening comment.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from invgen.emit.c import literal
from invgen.emit.cuda_plan import Shape, most_values, pitch, shapes
from invgen.emit.cuda_split import Part, split
from invgen.emit.header import Header
from invgen.emit.templating import render as render_template
from invgen.errors import InputError
from invgen.ir import Program
from invgen.passes.programs import KernelPrograms

TEMPLATE = "cuda/kernels.cu.j2"


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
class CudaSource:
    """The fields of `cuda/kernels.cu.j2`; a plan is the line that tells the runtime what a kernel is."""

    header: Header
    dialect: Dialect
    real: str
    real_bytes: int
    plans: tuple[str, ...]
    bodies: tuple[Body, ...]
    strided_kernels: tuple[StridedKernel, ...]
    wide_kernels: tuple[WideKernel, ...]
    tile_kernels: tuple[TileKernel, ...]


def render(programs: KernelPrograms, dtype: str, header: Header, dialect: Dialect = CUDA) -> str:
    """The text of the five functions for one dtype.

    Raises:
        InputError: for a dtype other than "float32" and "float64".
    """
    if dtype not in ("float32", "float64"):
        raise InputError(f"dtype {dtype!r} has no GPU kernel; use 'float32' or 'float64'")
    real, bits, size = ("float", 24, 4) if dtype == "float32" else ("double", 53, 8)
    bodies: list[Body] = []
    kernels: list[StridedKernel] = []
    plans: list[str] = []
    for function, program in programs.items():
        parts = split(program, most_values(size))
        # A part writes some rows of its outputs alone, and what goes through registers or tiles goes back whole.
        forms = shapes(program, size) if len(parts) == 1 else shapes(program, size)[:1]
        for number, part in enumerate(parts):
            suffix = f"_part{number}" if len(parts) > 1 else ""
            bodies.append(body(f"{function}_body{suffix}", part, bits))
            for shape in forms:
                kernels.append(_kernel(function, suffix, program, shape))
                plans.append(_plan(kernels[-1].name, function, program, shape))
    wide = tuple(kernel for kernel in kernels if isinstance(kernel, WideKernel))
    tile = tuple(kernel for kernel in kernels if isinstance(kernel, TileKernel) and kernel not in wide)
    strided = tuple(kernel for kernel in kernels if not isinstance(kernel, TileKernel))
    return render_template(
        TEMPLATE, CudaSource(header, dialect, real, size, tuple(plans), tuple(bodies), strided, wide, tile)
    )


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
    """One statement per value, each input read just before its first use, each output written when it is there."""
    program = part.program
    lines: list[str] = []
    stores: dict[int, list[str]] = {}
    for (name, ids), places in zip(program.outputs, part.places):
        for index, value in zip(places, ids):
            stores.setdefault(value, []).append(f"{name}({index})")
    loaded: set[int] = set()

    def load(value: int) -> None:
        if value < program.input_count and value not in loaded:
            loaded.add(value)
            name, index = program.input_slots[value]
            lines.append(f"const real v{value} = {name}({index});")

    for value, instruction in enumerate(program.instructions):
        if instruction.op == "input":
            if value in stores:
                load(value)
                lines.extend(f"{target} = v{value};" for target in stores[value])
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
        lines.extend(f"{target} = v{value};" for target in stores.get(value, []))
    return tuple(lines)
