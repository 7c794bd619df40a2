"""C11 with OpenMP for moments over neighbour lists: fixed passes around the emitted harmonics of a pair."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.arrays import arrays_of
from invgen.emit.folds import Fold, folds
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
            else tuple(harmonic_of(name, program, real.bits) for name, program in harmonics_programs(harmonics)),
            geometry=GEOMETRIES[geometry],
            passes=PASSES[form],
            entries=(
                *(Entry(name, 0) for name in ("value", "vjp_rows", "jvp", "second_rows")),
                *(Entry(name, 1) for name in ("vjp_columns", "second_columns")),
            ),
            folds=folds(real.bits),
            streamed=STREAMED_BYTES,
        ),
    )


def harmonic_of(name: str, program: Program, bits: int) -> Harmonic:
    """The straight-line function of a program, named as it."""
    statements = lane_statements(whole_part(program), bits)
    return Harmonic(name, arrays_of(program).parameters("restrict "), statements, program.operations)
