"""C11 with OpenMP for weighted contractions: samples of one species are visited together, in chunks of fixed size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from invgen.emit.c import literal
from invgen.emit.header import Header
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir import Program
from invgen.passes.weighted import WeightedPrograms
from invgen.runtime import constants

TEMPLATE = "c/weighted.c.j2"

PANEL_LINES = 4
"""Cache lines of channels that a thread works on at a time, so that weights and their sums stay in the first cache."""

PARALLEL_WORK = 1 << 19
"""Operations under which a call stays on one thread: about the time that a parallel region takes to start and join."""

_BY_SPECIES = ("w", "v")
_SUMMED = ("wbar", "grad_w")


@dataclass(frozen=True)
class Array:
    """One array argument: (samples, size, channels), by species (species, size, channels), or sums of chunks."""

    name: str
    size: int


@dataclass(frozen=True)
class Function:
    """One C function.

    Attributes:
        name: value, vjp, ...
        samples_in: arrays with a sample axis that it reads.
        samples_out: those that it writes.
        by_species: arrays of weights that it reads.
        summed: arrays of sums over a chunk that it adds to.
        statements: the body for one lane.
        operations: arithmetic operations for one lane.
        serial_below: the number of (sample, channel) pairs under which threads cost more than they bring.
        arguments: the parameters as C declares them.
        restrict_arguments: the same with `restrict`.
        names: the arguments as a call passes them.
        tiles: the local copies of the same arrays.
        of_sample: the arrays at a sample and channel.
        of_chunk: the arrays at a species and a chunk.
    """

    name: str
    samples_in: tuple[Array, ...]
    samples_out: tuple[Array, ...]
    by_species: tuple[Array, ...]
    summed: tuple[Array, ...]
    statements: tuple[str, ...]
    operations: int
    serial_below: int
    arguments: str
    restrict_arguments: str
    names: str
    tiles: str
    of_sample: str
    of_chunk: str


@dataclass(frozen=True)
class WeightedSource:
    """The fields of `c/weighted.c.j2`."""

    header: Header
    real: str
    lanes: int
    chunk: int
    panel: int
    functions: tuple[Function, ...]


def render(programs: WeightedPrograms, dtype: str, header: Header) -> str:
    """The C source of all functions of a weighted contraction for one dtype.

    Raises:
        InputError: for a dtype other than "float32" and "float64".
    """
    real = real_of(dtype)
    functions = tuple(_function(name, program, real.bits) for name, program in programs.items())
    lanes = 64 // real.bytes
    chunk, panel = constants.WEIGHTED_CHUNK, PANEL_LINES * lanes
    return render_template(TEMPLATE, WeightedSource(header, real.name, lanes, chunk, panel, functions))


def _function(name: str, program: Program, bits: int) -> Function:
    inputs = tuple(Array(vector, length) for vector, length in program.inputs)
    outputs = tuple(Array(vector, len(ids)) for vector, ids in program.outputs)
    arrays = inputs + outputs
    kinds = ["const real *"] * len(inputs) + ["real *"] * len(outputs)
    work = max(program.operations, sum(array.size for array in arrays))
    return Function(
        name=name,
        samples_in=tuple(array for array in inputs if array.name not in _BY_SPECIES),
        samples_out=tuple(array for array in outputs if array.name not in _SUMMED),
        by_species=tuple(array for array in inputs if array.name in _BY_SPECIES),
        summed=tuple(array for array in outputs if array.name in _SUMMED),
        statements=tuple(statements(program, bits)),
        operations=program.operations,
        serial_below=max(2, -(-PARALLEL_WORK // work)),
        arguments=", ".join(f"{kind}{array.name}" for kind, array in zip(kinds, arrays, strict=True)),
        restrict_arguments=", ".join(f"{kind}restrict {array.name}" for kind, array in zip(kinds, arrays, strict=True)),
        names=", ".join(array.name for array in arrays),
        tiles=", ".join(f"{array.name}_tile" for array in arrays),
        of_sample=", ".join(_at(array, "sample", "channel") for array in arrays),
        of_chunk=", ".join(_of_chunk(array) for array in arrays),
    )


def _at(array: Array, sample: str, channel: str) -> str:
    if array.name in _BY_SPECIES + _SUMMED:
        return f"{array.name} + {channel}"
    return f"{array.name} + {sample} * {array.size} * channels + {channel}"


def _of_chunk(array: Array) -> str:
    if array.name in _BY_SPECIES:
        return f"{array.name} + kind[chunk] * {array.size} * channels"
    if array.name in _SUMMED:
        return f"{array.name} + chunk * {array.size} * channels"
    return array.name


def statements(program: Program, bits: int) -> Iterator[str]:
    """One C statement per value, each input read just before its first use, each output written when it is there."""
    stores: dict[int, list[str]] = {}
    for name, ids in program.outputs:
        sign = "+=" if name in _SUMMED else "="
        for index, value in enumerate(ids):
            stores.setdefault(value, []).append(f"{name}[{index} * stride + lane] {sign} v{value};")
    loaded: set[int] = set()

    def load(value: int) -> Iterator[str]:
        if value < program.input_count and value not in loaded:
            loaded.add(value)
            name, index = program.input_slots[value]
            yield f"const real v{value} = {name}[{index} * stride + lane];"

    for value, instruction in enumerate(program.instructions):
        if instruction.op == "input":
            if value in stores:
                yield from load(value)
                yield from stores[value]
            continue
        for arg in instruction.args:
            yield from load(arg)
        yield f"const real v{value} = {_expression(program, value, bits)};"
        yield from stores.get(value, ())


def _expression(program: Program, value: int, bits: int) -> str:
    instruction = program.instructions[value]
    names = [f"v{arg}" for arg in instruction.args]
    if instruction.constant is not None:
        return " * ".join([literal(instruction.constant, bits), *names])
    symbol = {"add": " + ", "sub": " - ", "mul": " * ", "neg": "-"}[instruction.op]
    return symbol.join(names) if len(names) == 2 else symbol + names[0]
