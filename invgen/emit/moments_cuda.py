"""CUDA C for moments over neighbour lists: a warp an owner or a few pairs, lanes over features, no atomics.

Sums over neighbours run in registers of one lane: all harmonics of a rank-3 kernel, or up to 32 radial functions. Where
there are more, several warps share an owner, and each computes the messages of its pairs itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.cuda_body import Body, body_of
from invgen.emit.header import Header
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.errors import InputError
from invgen.ir import Program
from invgen.passes.cuda_plan import SHARED_BYTES
from invgen.passes.cuda_split import whole_of
from invgen.passes.programs import harmonics_programs

TEMPLATE = "cuda/moments.cu.j2"
PASSES = {"mixed": "cuda/moments_mixed.cu.j2", "environment": "cuda/moments_environment.cu.j2"}
GEOMETRIES = {"solid": "cuda/moments_solid.cuh", "unit": "cuda/moments_unit.cu.j2"}

FORMS = tuple(PASSES)
"""The forms that have a GPU kernel; "full" is "mixed" with the mixing afterwards, and n times as large."""

WARPS = 4
"""Warps of a block; they share nothing."""

MOST_COMPONENTS = {4: 32, 8: 16}
"""Harmonics whose sums one lane keeps in registers, by the bytes of a number."""

MOST_TILE = 32
"""Pairs that a warp opens at once, one a lane, to sum over the neighbours of an owner."""

MOST_PAIR_TILE = 16
"""Pairs whose gradients are one warp's work: fewer, so that small systems spread over many warps."""

ROW_COUNTS = (8, 16, 32)
"""Radial functions whose sums one lane keeps; powers of two, for the sums over lanes."""

_LISTS = ("row_pointer", "index", "receivers", "column_pointer", "column_pairs")
_SIZES = ("atoms", "sources", "pairs")


@dataclass(frozen=True)
class RowCount:
    """Radial functions whose sums one lane keeps: how many, and the number of the last."""

    count: int
    last: int


@dataclass(frozen=True)
class MomentsCudaSource:
    """The fields of `cuda/moments.cu.j2`; a plan is the line that tells the runtime what a kernel is."""

    header: Header
    law: str
    real: str
    sqrt: str
    plans: tuple[str, ...]
    bodies: tuple[Body, ...]
    harmonics: int
    components: int
    parts: int
    padded: int
    warps: int
    tile: int
    pair_tile: int
    row_counts: tuple[RowCount, ...]
    geometry: str
    passes: str
    lists: str
    list_fields: str


def render(form: str, harmonics: Program | None, solid: bool, dtype: str, header: Header) -> str:
    """The CUDA source of one form and dtype.

    Args:
        form: one of `FORMS`.
        harmonics: the program x (3) -> y, None exactly for the form "environment".
        solid: whether `harmonics` takes the vector itself instead of its direction.
        dtype: "float32" or "float64".
        header: what the source says about itself.

    Raises:
        InputError: the form or dtype has no GPU kernel, or the form does not go with `harmonics`.
    """
    real = real_of(dtype, "GPU")
    if form not in FORMS:
        raise InputError(
            f"moments of form {form!r} have no GPU kernel: use one of {', '.join(map(repr, FORMS))}, or "
            "target='torch', which has every form on every device"
        )
    if (harmonics is None) != (form == "environment"):
        raise InputError(f"harmonics go with the form mixed, and must be absent otherwise, got form {form!r}")
    count = 1 if harmonics is None else len(harmonics.outputs[0][1])
    parts = -(-count // MOST_COMPONENTS[real.bytes])
    components = -(-count // parts)
    tile = _tile(count, real.bytes)
    pair_tile = min(MOST_PAIR_TILE, tile)
    kernels = _plans(form, parts, pair_tile)
    return render_template(
        TEMPLATE,
        MomentsCudaSource(
            header=header,
            law=laws.MOMENTS[form],
            real=real.name,
            sqrt=real.sqrt,
            plans=tuple(json.dumps(plan, separators=(",", ":")) for plan in kernels),
            bodies=()
            if harmonics is None
            else tuple(
                body_of(f"harmonics_{name}", whole_of(program), real.bits)
                for name, program in harmonics_programs(harmonics)
            ),
            harmonics=count,
            components=components,
            parts=parts,
            padded=1 << (components - 1).bit_length(),
            warps=WARPS,
            tile=tile,
            pair_tile=pair_tile,
            row_counts=tuple(RowCount(count, count - 1) for count in ROW_COUNTS),
            geometry=GEOMETRIES["solid" if solid else "unit"],
            passes=PASSES[form],
            lists=", ".join([*(f"const int64 *{name}" for name in _LISTS), *(f"int64 {name}" for name in _SIZES)]),
            list_fields="{" + ", ".join((*_LISTS, *_SIZES)) + "}",
        ),
    )


def _tile(harmonics: int, real_bytes: int) -> int:
    """Pairs whose harmonics, twice, fit shared memory for every warp of a block."""
    row = WARPS * (2 * (harmonics | 1) * real_bytes + 16)
    tile = MOST_TILE
    while tile > 1 and tile * row > SHARED_BYTES:
        tile //= 2
    return tile


def _plans(form: str, parts: int, pair_tile: int) -> tuple[dict[str, object], ...]:
    """What the runtime must know: which owners a kernel has, how many warps share one, and radial functions a lane."""
    directed = form == "mixed"
    inner, outer = ((0,), ROW_COUNTS) if directed else (ROW_COUNTS, (0,))

    def plan(function: str, owners: str, rows: int, each: int = 1) -> dict[str, object]:
        return {
            "name": f"invgen_{function}_{rows}" if rows else f"invgen_{function}",
            "function": function,
            "owners": owners,
            "owners_per_warp": each,
            "parts": parts,
            "rows": rows,
            "warps": WARPS,
        }

    found = [plan(function, "atoms", rows) for function in ("value", "jvp") for rows in inner]
    second = ("vjp", "second") if directed else ("vjp",)
    found += [plan(f"{function}_sources", "sources", rows) for function in second for rows in outer]
    found += [plan(f"{function}_pairs", "pairs", rows, pair_tile) for function in second for rows in ROW_COUNTS]
    return tuple(found)
