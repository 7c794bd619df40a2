"""CUDA C without a header, for NVRTC; HIP for hipRTC by the same templates and another dialect.

Everything that a launch needs to know about a kernel is beside it, in one line of the opening comment.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from invgen.emit.arrays import arrays_of
from invgen.emit.cuda_body import Body, body_of
from invgen.emit.header import Header
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir import Program
from invgen.passes.cuda_plan import Shape, most_values, pitch, shapes
from invgen.passes.cuda_split import CudaPart, split_for_cuda
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
"""Never run: no AMD GPU was available. A wavefront has 64 threads there, which divide a block as well."""


@dataclass(frozen=True)
class TiledArray:
    """One vector argument: its name, its components, and the distance of two samples in a tile."""

    name: str
    size: int
    pitch: int


@dataclass(frozen=True)
class CudaKernel:
    """A body for one shape of threads.

    Attributes:
        name: its C name.
        body: the function template that it calls.
        threads: of a block.
        width: channels of one thread.
        arguments: the arrays as C++ declares them.
        rows: what the body is called with.
        inputs: the arrays it reads.
        outputs: the arrays it writes.
        arrays: both, in the order of the arguments.
    """

    name: str
    body: str
    threads: int
    width: int
    arguments: str
    rows: str
    inputs: tuple[TiledArray, ...]
    outputs: tuple[TiledArray, ...]
    arrays: tuple[TiledArray, ...]


Unit = tuple[Body, Sequence[tuple[Shape, CudaKernel]]]
"""A body and the kernels that call it, with their shapes."""


@dataclass(frozen=True)
class Section:
    """Bodies and the kernels that call them, which compile without the other sections.

    A single section has no name, and no lines of the preprocessor around it.
    """

    name: str
    bodies: tuple[Body, ...]
    strided_kernels: tuple[CudaKernel, ...]
    wide_kernels: tuple[CudaKernel, ...]
    tile_kernels: tuple[CudaKernel, ...]


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

    Args:
        programs: the five functions.
        dtype: "float32" or "float64".
        header: what the source says about itself.
        dialect: `CUDA` for NVRTC, or `HIP` for the same kernels as text that hipRTC compiles; nothing here runs it.

    Raises:
        InputError: for a dtype other than "float32" and "float64".
    """
    real = real_of(dtype, "GPU")
    units: list[Unit] = []
    plans: list[str] = []
    for function, program in programs.items():
        parts = parts_of(program, real.bytes)
        # A part writes some rows of its outputs alone, and what goes through registers or tiles goes back whole.
        forms = shapes(program, real.bytes) if len(parts) == 1 else shapes(program, real.bytes)[:1]
        for number, part in enumerate(parts):
            suffix = f"_part{number}" if len(parts) > 1 else ""
            kernels = [(shape, _kernel(function, suffix, program, shape)) for shape in forms]
            units.append((body_of(f"{function}_body{suffix}", part, real.bits), kernels))
            plans += [_plan(kernel.name, function, program, shape) for shape, kernel in kernels]
    source = CudaSource(header, dialect, real.name, real.bytes, tuple(plans), sections_of(units))
    return render_template(TEMPLATE, source)


def parts_of(program: Program, real_bytes: int) -> tuple[CudaPart, ...]:
    """The parts of a program in the order in which their kernels run: for some outputs each, or terms of sums."""
    limit = most_values(real_bytes)
    if program.operations > LONG_OPERATIONS and _COTANGENT in dict(program.inputs):
        return summands(program, _COTANGENT, limit)
    return split_for_cuda(program, limit)


def sections_of(units: Sequence[Unit]) -> tuple[Section, ...]:
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


def _section(name: str, units: Sequence[Unit]) -> Section:
    kernels = {
        form: tuple(kernel for _, own in units for shape, kernel in own if shape.form == form)
        for form in ("strided", "wide", "tile")
    }
    bodies = tuple(body for body, _ in units)
    return Section(name, bodies, kernels["strided"], kernels["wide"], kernels["tile"])


def _kernel(function: str, suffix: str, program: Program, shape: Shape) -> CudaKernel:
    arrays = arrays_of(program)
    inputs = tuple(TiledArray(array.name, array.size, pitch(array.size)) for array in arrays.inputs)
    outputs = tuple(TiledArray(array.name, array.size, pitch(array.size)) for array in arrays.outputs)
    kinds = ["Input"] * len(inputs) + ["Output"] * len(outputs)
    row = {
        "strided": "{kind}{{{array.name} + row(pair, channels, {array.size}), channels}}",
        "wide": "{kind}Lane<{width}>{{{array.name}_held, lane}}",
        "tile": "{kind}{{{array.name}_tile + threadIdx.x * {array.pitch}, 1}}",
    }[shape.form]
    rows = [row.format(kind=kind, array=array, width=shape.width) for kind, array in zip(kinds, inputs + outputs)]
    return CudaKernel(
        name=f"invgen_{function}_{shape.form}{shape.width if shape.form == 'wide' else ''}{suffix}",
        body=f"{function}_body{suffix}",
        threads=shape.threads,
        width=shape.width,
        arguments=arrays.parameters("__restrict__ "),
        rows=", ".join(rows),
        inputs=inputs,
        outputs=outputs,
        arrays=inputs + outputs,
    )


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
