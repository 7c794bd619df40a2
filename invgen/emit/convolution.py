"""C11 with OpenMP for convolutions over neighbour lists: fixed walks around emitted products of paths.

For one pair, a path costs one multiply-add for each entry of its matrix and channel, whatever rank harmonics have:
entries depend on the direction of the pair alone and are made once for all channels, 32 pairs at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from invgen.emit import laws
from invgen.emit.folds import Fold, folds
from invgen.emit.header import Header
from invgen.emit.moments import GEOMETRIES, Harmonic, harmonic_of
from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.ir.convolution import Convolution, PlacedPath
from invgen.ir.tensor_products import MatrixEntry
from invgen.passes.programs import harmonics_programs

TEMPLATE = "c/convolution.c.j2"

GIVEN = "c/convolution_given.h"

RADIAL = {"given": "c/weights_given_radial.h", "table": "c/weights_table_radial.h"}
"""What is kept of distances, by where weights come from, and"""
WEIGHTS = {"given": "c/weights_given.h", "table": "c/weights_table.h"}
"""how they are made."""

VJP_ROWS = 5
"""Rows of a cotangent that one walk over the channels reads, of 16 registers: a sum for each, and what is read."""
SECOND_ROWS = 3
"""The same where there are two sums for each."""


@dataclass(frozen=True)
class Tile:
    """The products of one path for some channels.

    Attributes:
        name: of the C function.
        law: what it does, in a comment.
        row: the first row of the sums that it adds to; 0 for single pairs.
        copies: the multiplicity: channels in one line are so many times the channels.
        parts: vectors that are taken at once.
        wide: whether they are several.
        first: lines before the pairs.
        lines: lines for one pair, or for one vector of channels.
        last: lines after them.
    """

    name: str
    law: str
    row: int
    copies: int
    parts: int
    wide: bool
    first: tuple[str, ...]
    lines: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class PathTiles:
    """What the products of single pairs need of one path.

    Attributes:
        target: the first row of the path in the output.
        weight: its first row of weights.
        source: its first row of the features.
        tiles: one for each component of the features and each group of rows of the output.
    """

    target: int
    weight: int
    source: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Walk:
    """The tiles of a sum over the pairs of receivers."""

    name: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class PairWalk:
    """The tiles of single pairs, and whether they read changes along u."""

    name: str
    along: bool
    paths: tuple[PathTiles, ...]


@dataclass(frozen=True)
class ConvolutionSource:
    """The fields of `c/convolution.c.j2`."""

    header: Header
    law: str
    paths: tuple[str, ...]
    real: str
    lane_integer: str
    sqrt: str
    harmonics: int
    coordinates: int
    source_rows: int
    weight_rows: int
    rows: int
    table: tuple[str, ...]
    kernels: tuple[Harmonic, ...]
    geometry: str
    radial: str
    weights: str
    folds: tuple[Fold, ...]
    walks: tuple[Walk, ...]
    pair_walks: tuple[PairWalk, ...]


def render(content: Convolution, dtype: str, header: Header) -> str:
    """The C source of the functions of a convolution.

    Args:
        content: what it computes.
        dtype: "float32" or "float64".
        header: what the source says about itself.

    Raises:
        InputError: the dtype is unknown.
    """
    real = real_of(dtype)
    paths = content.paths
    given = content.angular == "given"
    programs = harmonics_programs(content.matrices, linear=given)
    origin = "given" if content.knots is None else "table"
    return render_template(
        TEMPLATE,
        ConvolutionSource(
            header=header,
            law=laws.CONVOLUTION if content.knots is None else laws.TABULATED,
            paths=tuple(map(describe, paths)),
            real=real.name,
            lane_integer=real.integer,
            sqrt=real.sqrt,
            harmonics=len(content.matrices.output("y")),
            coordinates=content.matrices.input_count,
            source_rows=content.source_rows,
            weight_rows=content.weights,
            rows=content.rows,
            table=_table(content),
            kernels=tuple(harmonic_of(name, program, real.bits) for name, program in programs),
            geometry=GIVEN if given else GEOMETRIES[content.angular],
            radial=RADIAL[origin],
            weights=WEIGHTS[origin],
            folds=folds(real.bits),
            walks=(
                Walk("value", tuple(_sums("value", k, path, along=False) for k, path in enumerate(paths))),
                Walk("jvp", tuple(_sums("jvp", k, path, along=True) for k, path in enumerate(paths))),
            ),
            pair_walks=(
                _pair_walk("vjp", paths, VJP_ROWS, along=False),
                _pair_walk("second", paths, SECOND_ROWS, along=True),
            ),
        ),
    )


def _table(content: Convolution) -> tuple[str, ...]:
    """The constants of tables."""
    if content.knots is None:
        return ()
    knots = content.knots
    return (
        f"#define INTERVALS {knots.intervals}",
        f"#define FIRST_KNOT ((real){float(knots.first)!r})",
        f"#define KNOT_DENSITY ((real){float(knots.density)!r})",
    )


def describe(path: PlacedPath) -> str:
    """A path in words, for comments."""
    copies = f"{path.source.copies} x " if path.source.copies > 1 else ""
    return f"{copies}{path.source.irrep} with {path.harmonic.irrep} to {path.target.irrep}"


def _target_row(path: PlacedPath) -> int:
    return path.target.first + path.offset


def _strides(path: PlacedPath) -> tuple[str, str]:
    return (
        f"const int64_t step = {path.source.copies} * channels;",
        f"const int64_t to_step = {path.target.copies} * channels;",
    )


def _sums(kind: str, number: int, path: PlacedPath, along: bool) -> Tile:
    """Rows of the output += matrix times weighted features, or their change along u, for pairs of one receiver."""
    rows = 2 * path.target.l + 1
    # Sums, weighted features and what is read fill 16 registers.
    parts = {1: 4, 3: 2, 5: 2, 7: 2}.get(rows, 1) if not along else {1: 2, 3: 2}.get(rows, 1)
    first = [*_strides(path)]
    for m in range(rows):
        first.append(f"vector a{m}[TILE];")
        first.append(f"EACH a{m}[part] = GET(to + {m} * to_step, part);")
    first.append(f"const int64_t x_at = {path.source.first} * channels + at, w_at = {path.weight} * channels + at;")
    lines = [
        "const real *m = chunk->matrices + lane * HARMONICS;",
        "const real *x = chunk->x[lane] + x_at;",
        "const real *w = chunk->w[lane] + w_at;",
    ]
    if along:
        lines += [
            "const real *n = chunk->matrices_along + lane * HARMONICS;",
            "const real *u = chunk->x_along[lane] + x_at;",
            "const real *v = chunk->w_along[lane] + w_at;",
        ]
    names = "weight[TILE], term[TILE]" + (", weight_along[TILE], term_along[TILE]" if along else "")
    lines += [f"vector {names};", "EACH weight[part] = GET(w, part);"]
    if along:
        lines.append("EACH weight_along[part] = GET(v, part);")
    for n, entries in _by_component(path.entries):
        value = f"GET(x + {n} * step, part)"
        lines.append(f"EACH term[part] = weight[part] * {value};")
        if along:
            lines.append(
                f"EACH term_along[part] = weight[part] * GET(u + {n} * step, part) + weight_along[part] * {value};"
            )
        for m, _, entry in entries:
            place = f"[{entry}]"
            added = f"m{place} * term_along[part] + n{place} * term[part]" if along else f"m{place} * term[part]"
            lines.append(f"EACH a{m}[part] += {added};")
    last = [f"EACH PUT(to + {m} * to_step, a{m}[part], part);" for m in range(rows)]
    name = f"{kind}_{number}"
    return Tile(
        name,
        describe(path),
        _target_row(path),
        path.source.copies,
        parts,
        parts > 1,
        tuple(first),
        tuple(lines),
        tuple(last),
    )


def _pair_walk(kind: str, paths: Iterable[PlacedPath], most: int, along: bool) -> PairWalk:
    return PairWalk(kind, along, tuple(_gradients(kind, k, path, most, along) for k, path in enumerate(paths)))


def _gradients(kind: str, number: int, path: PlacedPath, most: int, along: bool) -> PathTiles:
    """Gradients of one pair by its weights and by the entries of its matrix."""
    tiles: list[Tile] = []
    for n, entries in _by_component(path.entries):
        for begin in range(0, len(entries), most):
            new = not tiles
            name = f"{kind}_{number}_{len(tiles)}"
            tiles.append(_gradient(name, path, n, entries[begin : begin + most], new, along))
    return PathTiles(_target_row(path), path.weight, path.source.first, tuple(tiles))


def _gradient(name: str, path: PlacedPath, n: int, entries: tuple[MatrixEntry, ...], new: bool, along: bool) -> Tile:
    parts = {1: 4, 2: 2}.get(len(entries), 1) if not along else {1: 2}.get(len(entries), 1)
    first = [*_strides(path)]
    for m, _, entry in entries:
        first += [f"const real m{m} = m[{entry}];", f"vector g{m}[TILE];", f"EACH g{m}[part] = (vector){{0}};"]
        if along:
            first += [
                f"const real n{m} = n[{entry}];",
                f"vector h{m}[TILE];",
                f"EACH h{m}[part] = (vector){{0}};",
            ]
    if along:
        lines = [
            "vector value[TILE], change[TILE], weight[TILE], weighted[TILE], moved[TILE], t[TILE], r[TILE], row[TILE];",
            f"EACH value[part] = GET(x + {n} * step + at, part);",
            f"EACH change[part] = GET(u + {n} * step + at, part);",
            "EACH weight[part] = GET(w + at, part);",
            "EACH weighted[part] = weight[part] * value[part];",
            "EACH moved[part] = weight[part] * change[part] + GET(v + at, part) * value[part];",
        ]
    else:
        lines = [
            "vector value[TILE], weight[TILE], weighted[TILE], t[TILE], row[TILE];",
            f"EACH value[part] = GET(x + {n} * step + at, part);",
            "EACH weight[part] = GET(w + at, part);",
            "EACH weighted[part] = weight[part] * value[part];",
        ]
    for k, (m, _, _) in enumerate(entries):
        sign = "+=" if k else "="
        lines += [f"EACH row[part] = GET(y + {m} * to_step + at, part);", f"EACH t[part] {sign} m{m} * row[part];"]
        if along:
            lines += [
                f"EACH r[part] {sign} n{m} * row[part];",
                f"EACH g{m}[part] += weighted[part] * row[part];",
                f"EACH h{m}[part] += moved[part] * row[part];",
            ]
        else:
            lines.append(f"EACH g{m}[part] += weighted[part] * row[part];")
    made = "value[part] * r[part] + change[part] * t[part]" if along else "value[part] * t[part]"
    before = "" if new else "GET(bar + at, part) + "
    lines.append(f"EACH PUT(bar + at, {before}{made}, part);")
    back = "weight[part] * r[part] + GET(v + at, part) * t[part]" if along else "weight[part] * t[part]"
    place = f"x_bar + {n} * step + at"
    lines.append(f"EACH PUT({place}, GET({place}, part) + {back}, part);")
    last = []
    for m, _, entry in entries:
        last.append(f"EACH first[{entry}] += g{m}[part];")
        if along:
            last.append(f"EACH second[{entry}] += h{m}[part];")
    law = f"{describe(path)}: component {n}, rows {', '.join(str(m) for m, _, _ in entries)}"
    return Tile(name, law, 0, path.source.copies, parts, parts > 1, tuple(first), tuple(lines), tuple(last))


def _by_component(entries: tuple[MatrixEntry, ...]) -> Iterator[tuple[int, tuple[MatrixEntry, ...]]]:
    for n, group in groupby(entries, key=lambda entry: entry[1]):
        yield n, tuple(group)
