"""C11 with OpenMP for weighted contractions: samples of one species are visited together, in chunks of fixed size.

With a gather, samples of one index are: the rows of z that they share take the place of weights by species, and the
weights are those of all chunks.
"""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.arrays import Array, arrays_of, serial_below
from invgen.emit.c_parts import PartSource, part_sources
from invgen.emit.header import Header
from invgen.emit.lanes import lane_statements
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.emit.weighted_roles import GATHERED, Roles, roles_of
from invgen.ir import Program
from invgen.passes.gathered import GatheredPrograms
from invgen.passes.scratch_split import ScratchPart, split_by_scratch
from invgen.passes.weighted import WeightedPrograms
from invgen.runtime import constants

TEMPLATE = "c/weighted.c.j2"

WHOLE_OPERATIONS = 6000
"""Operations up to which a function stays in one piece. MACE's contraction to 0e + 1o at l <= 3 and degree 3 has 5279,
for which GCC takes 0.75 ms each; with 14,000 in one piece it takes 1.15 ms, and on one core whatever their number."""

PART_OPERATIONS = 1000
"""Operations of a part of a longer function: GCC takes a fifth less time than for parts of 2000."""

PANEL_LINES = 4
"""Cache lines of channels that a thread works on at a time, so that weights and their sums stay in the first cache."""


@dataclass(frozen=True)
class WeightedFunction:
    """One C function.

    Attributes:
        name: value, vjp, ...
        samples_in: arrays with a sample axis that it reads.
        samples_out: those that it writes.
        by_species: arrays without a sample axis that it reads: weights, and what is gathered.
        summed: arrays of sums over a chunk that it adds to.
        tiled: all of them.
        statements: the body for one lane, of a function in one piece.
        parts: functions for the parts of a longer one.
        calls: the statements that call them.
        scratch: how many values they hand on.
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
    parts: tuple[PartSource, ...]
    calls: tuple[str, ...]
    scratch: int
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
    parted: bool
    gathered: bool
    functions: tuple[WeightedFunction, ...]


def render(programs: WeightedPrograms | GatheredPrograms, dtype: str, header: Header) -> str:
    """The C source of all functions of a weighted contraction for one dtype.

    Raises:
        InputError: for a dtype other than "float32" and "float64".
    """
    real = real_of(dtype)
    roles = roles_of(programs)
    functions = tuple(_function(name, program, real.bits, roles) for name, program in programs.items())
    lanes = 64 // real.bytes
    return render_template(
        TEMPLATE,
        WeightedSource(
            header=header,
            real=real.name,
            lanes=lanes,
            chunk=constants.WEIGHTED_CHUNK,
            panel=PANEL_LINES * lanes,
            parted=any(function.parts for function in functions),
            gathered=roles is GATHERED,
            functions=functions,
        ),
    )


def _function(name: str, program: Program, bits: int, roles: Roles) -> WeightedFunction:
    arrays = arrays_of(program)
    whole = program.operations <= WHOLE_OPERATIONS
    found = split_by_scratch(program, program.operations + 1 if whole else PART_OPERATIONS)

    def statements(part: ScratchPart) -> tuple[str, ...]:
        return lane_statements(part, bits, roles.summed)

    def strides(reads: bool, writes: bool) -> list[str]:
        return ["stride"] if reads or writes else []

    parts, calls = part_sources(name, found, "real", strides, statements)
    samples_in = tuple(array for array in arrays.inputs if array.name not in roles.read)
    samples_out = tuple(array for array in arrays.outputs if array.name not in roles.summed)
    by_species = tuple(array for array in arrays.inputs if array.name in roles.read)
    summed = tuple(array for array in arrays.outputs if array.name in roles.summed)
    return WeightedFunction(
        name=name,
        samples_in=samples_in,
        samples_out=samples_out,
        by_species=by_species,
        summed=summed,
        tiled=samples_in + by_species + samples_out + summed,
        statements=() if parts else statements(found.parts[0]),
        parts=parts,
        calls=calls,
        scratch=found.scratch,
        operations=found.operations,
        serial_below=serial_below(max(found.operations, arrays.numbers)),
        arguments=arrays.parameters(),
        restrict_arguments=arrays.parameters("restrict "),
        names=arrays.names,
        tiles=", ".join(f"{array.name}_tile" for array in arrays.all),
        of_sample=", ".join(_at(array, "sample", "channel", roles) for array in arrays.all),
        of_chunk=", ".join(_of_chunk(array, roles) for array in arrays.all),
    )


def _at(array: Array, sample: str, channel: str, roles: Roles) -> str:
    if array.name in roles.read + roles.summed:
        return f"{array.name} + {channel}"
    return f"{array.name} + {sample} * {array.size} * channels + {channel}"


def _of_chunk(array: Array, roles: Roles) -> str:
    if array.name in roles.together:
        return f"{array.name} + kind[chunk] * {array.size} * channels"
    if array.name in roles.summed:
        return f"{array.name} + chunk * {array.size} * channels"
    return array.name
