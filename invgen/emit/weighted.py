"""C11 with OpenMP for weighted contractions: samples of one species are visited together, in chunks of fixed size."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.arrays import Array, arrays_of, serial_below
from invgen.emit.header import Header
from invgen.emit.lanes import lane_statements
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir import Program
from invgen.passes.scratch_split import whole_part
from invgen.passes.weighted import BY_SPECIES, SUMMED, WeightedPrograms
from invgen.runtime import constants

TEMPLATE = "c/weighted.c.j2"

PANEL_LINES = 4
"""Cache lines of channels that a thread works on at a time, so that weights and their sums stay in the first cache."""


@dataclass(frozen=True)
class Function:
    """One C function.

    Attributes:
        name: value, vjp, ...
        samples_in: arrays with a sample axis that it reads.
        samples_out: those that it writes.
        by_species: arrays of weights that it reads.
        summed: arrays of sums over a chunk that it adds to.
        tiled: all of them.
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
    tiled: tuple[Array, ...]
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
    arrays = arrays_of(program)
    samples_in = tuple(array for array in arrays.inputs if array.name not in BY_SPECIES)
    samples_out = tuple(array for array in arrays.outputs if array.name not in SUMMED)
    by_species = tuple(array for array in arrays.inputs if array.name in BY_SPECIES)
    summed = tuple(array for array in arrays.outputs if array.name in SUMMED)
    return Function(
        name=name,
        samples_in=samples_in,
        samples_out=samples_out,
        by_species=by_species,
        summed=summed,
        tiled=samples_in + by_species + samples_out + summed,
        statements=lane_statements(whole_part(program), bits, SUMMED),
        operations=program.operations,
        serial_below=serial_below(max(program.operations, arrays.numbers)),
        arguments=arrays.parameters(),
        restrict_arguments=arrays.parameters("restrict "),
        names=arrays.names,
        tiles=", ".join(f"{array.name}_tile" for array in arrays.all),
        of_sample=", ".join(_at(array, "sample", "channel") for array in arrays.all),
        of_chunk=", ".join(_of_chunk(array) for array in arrays.all),
    )


def _at(array: Array, sample: str, channel: str) -> str:
    if array.name in BY_SPECIES + SUMMED:
        return f"{array.name} + {channel}"
    return f"{array.name} + {sample} * {array.size} * channels + {channel}"


def _of_chunk(array: Array) -> str:
    if array.name in BY_SPECIES:
        return f"{array.name} + kind[chunk] * {array.size} * channels"
    if array.name in SUMMED:
        return f"{array.name} + chunk * {array.size} * channels"
    return array.name
