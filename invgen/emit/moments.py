"""C11 with OpenMP for moments over neighbour lists: fixed passes around the emitted harmonics of a pair."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.arrays import arrays_of
from invgen.emit.header import Header
from invgen.emit.lanes import lane_statements
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.errors import InputError
from invgen.ir import Program
from invgen.passes.programs import harmonics_programs
from invgen.passes.scratch_split import whole_part

FORMS = ("mixed", "full", "environment")
"""E[i, c, f] from mixed features, E[i, c, nu, f] from plain ones, and E[i, nu, f] without directions."""

STREAMED_BYTES = 32 << 20
"""Plain sums of that many bytes and more are written past the caches. Of 2 to 49 MiB both ways take equally long,
within 8 %; whatever reads the sums next finds up to 8 MiB of them sooner if they were not."""

TEMPLATE = "c/moments.c.j2"

PASSES = {
    "mixed": "c/moments_mixed.h",
    "full": "c/moments_outer.h",
    "environment": "c/moments_environment.h",
}


GEOMETRIES = {"none": "c/moments_none.h", "solid": "c/moments_solid.h", "unit": "c/moments_unit.c.j2"}


@dataclass(frozen=True)
class Harmonic:
    """One straight-line function of a chunk of pairs.

    Attributes:
        name: value, vjp, jvp or bend (the Hessian of <ybar, harmonics> times u).
        restrict_arguments: the arrays as C declares them.
        statements: the body for one pair.
        operations: arithmetic operations for one pair.
    """

    name: str
    restrict_arguments: str
    statements: tuple[str, ...]
    operations: int


@dataclass(frozen=True)
class Entry:
    """One function of the library, and whether it walks over columns (sources) or rows (receivers)."""

    name: str
    columns: int


@dataclass(frozen=True)
class Fold:
    """How the lanes of a group of vectors are summed for one vector size.

    Attributes:
        condition: the preprocessor line that selects it.
        lines: declarations that end with `folded`, which holds the groups' partial sums lane by lane.
        blocks: statements that add the blocks of 16 bytes of each of several such vectors, into the array `sums`.
    """

    condition: str
    lines: tuple[str, ...]
    blocks: tuple[str, ...]


@dataclass(frozen=True)
class MomentsSource:
    """The fields of `c/moments.c.j2`."""

    header: Header
    law: str
    real: str
    lane_integer: str
    sqrt: str
    harmonics: int
    kernels: tuple[Harmonic, ...]
    geometry: str
    passes: str
    entries: tuple[Entry, ...]
    folds: tuple[Fold, ...]
    streamed: int


def render(form: str, harmonics: Program | None, solid: bool, dtype: str, header: Header) -> str:
    """The C source of the six functions of one form and dtype.

    Args:
        form: one of `FORMS`.
        harmonics: the program x (3) -> y, None exactly for the form "environment".
        solid: whether `harmonics` takes the vector itself instead of its direction.
        dtype: "float32" or "float64".
        header: what the source says about itself.

    Raises:
        InputError: the form or dtype is unknown, or the form does not go with `harmonics`.
    """
    real = real_of(dtype)
    if form not in FORMS:
        raise InputError(f"the form of moments is one of {', '.join(FORMS)}, got {form!r}")
    if (harmonics is None) != (form == "environment"):
        raise InputError(f"harmonics go with the forms mixed and full, and must be absent otherwise, got form {form!r}")
    geometry = "none" if harmonics is None else "solid" if solid else "unit"
    return render_template(
        TEMPLATE,
        MomentsSource(
            header=header,
            law=laws.MOMENTS[form],
            real=real.name,
            lane_integer=real.integer,
            sqrt=real.sqrt,
            harmonics=1 if harmonics is None else len(harmonics.outputs[0][1]),
            kernels=()
            if harmonics is None
            else tuple(_function(name, program, real.bits) for name, program in harmonics_programs(harmonics)),
            geometry=GEOMETRIES[geometry],
            passes=PASSES[form],
            entries=(
                *(Entry(name, 0) for name in ("value", "vjp_rows", "jvp", "second_rows")),
                *(Entry(name, 1) for name in ("vjp_columns", "second_columns")),
            ),
            folds=tuple(_fold(size, real.bits) for size in (64, 32, 16)),
            streamed=STREAMED_BYTES,
        ),
    )


def _function(name: str, program: Program, bits: int) -> Harmonic:
    statements = lane_statements(whole_part(program), bits)
    return Harmonic(name, arrays_of(program).parameters("restrict "), statements, program.operations)


def _fold(size: int, bits: int) -> Fold:
    """Shuffles inside blocks of 16 bytes, where they are cheapest; whole blocks are added afterwards."""
    group = 4 if bits == 24 else 2
    lanes = size // 4 if bits == 24 else size // 8
    blocks = range(0, lanes, group)
    other = lanes

    def shuffled(first: str, second: str, places: tuple[str, ...]) -> str:
        chosen = [
            str(block + int(place[1]) + (other if place[0] == "b" else 0)) for block in blocks for place in places
        ]
        return f"SHUFFLE({first}, {second}, {', '.join(chosen)})"

    def folded(name: str, first: str, second: str, low: tuple[str, ...], high: tuple[str, ...]) -> str:
        return f"const vector {name} = {shuffled(first, second, low)} + {shuffled(first, second, high)};"

    condition = f"#if VECTOR_BYTES == {size}" if size == 64 else f"#elif VECTOR_BYTES == {size}"
    if bits == 53:
        one = folded("folded", "totals[0]", "totals[1]", ("a0", "b0"), ("a1", "b1"))
        return Fold(condition, (one,), _blocks(size, bits))
    single, double = (
        (("a0", "b0", "a1", "b1"), ("a2", "b2", "a3", "b3")),
        (
            ("a0", "a1", "b0", "b1"),
            ("a2", "a3", "b2", "b3"),
        ),
    )
    lines = (
        folded("first", "totals[0]", "totals[1]", *single),
        folded("second", "totals[2]", "totals[3]", *single),
        folded("folded", "first", "second", *double),
    )
    return Fold(condition, lines, _blocks(size, bits))


def _blocks(size: int, bits: int) -> tuple[str, ...]:
    """Sums over the blocks of 16 bytes of several vectors at once: half of each meets half of the next, and so on."""
    group, count = 4 if bits == 24 else 2, size // 16

    def merged(first: str, second: str, places: tuple[int, ...]) -> str:
        lanes = [str(place * group + k) for place in places for k in range(group)]
        return f"SHUFFLE({first}, {second}, {', '.join(lanes)})"

    def halves(name: str, first: str, second: str, low: tuple[int, ...], high: tuple[int, ...]) -> str:
        return f"const vector {name} = {merged(first, second, low)} + {merged(first, second, high)};"

    if count == 4:
        return (
            halves("first", "folded[0]", "folded[1]", (0, 1, 4, 5), (2, 3, 6, 7)),
            halves("second", "folded[2]", "folded[3]", (0, 1, 4, 5), (2, 3, 6, 7)),
            halves("all", "first", "second", (0, 2, 4, 6), (1, 3, 5, 7)),
            "store(sums, all);",
        )
    if count == 2:
        return halves("all", "folded[0]", "folded[1]", (0, 2), (1, 3)), "store(sums, all);"
    return "for (int pair = 0; pair < PAIRS; ++pair)", "    store(sums + pair * VECTOR, folded[pair]);"
