"""The products of convolutions in C: what a path adds to sums, and gradients of its weights, features and matrices.

A tile holds sums for a few vectors of channels in registers. How many depends on the 16 registers of AVX2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from invgen.ir.convolution import PlacedPath
from invgen.ir.tensor_products import MatrixEntry

SPREAD_ROWS = 4
"""Rows of sums that are held at once, for two vectors of channels; one more where that is all that there are."""
GATHERED_ROWS = 3
"""Rows up to which components are gathered before they have their weight, where there are not fewer of them."""
ALONG_ROWS = 3
"""Rows up to which changes are summed for two vectors of channels at once."""
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
        row: the first row of the sums.
        source: that of the features.
        weight: that of the weights.
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
    source: int
    weight: int
    copies: int
    parts: int
    wide: bool
    first: tuple[str, ...]
    lines: tuple[str, ...]
    last: tuple[str, ...]


def describe(path: PlacedPath) -> str:
    """A path in words, for comments."""
    copies = f"{path.source.copies} x " if path.source.copies > 1 else ""
    return f"{copies}{path.source.irrep} with {path.harmonic.irrep} to {path.target.irrep}"


def _strides(path: PlacedPath) -> tuple[str, str]:
    return (
        f"const int64_t step = {path.source.copies} * channels;",
        f"const int64_t to_step = {path.target.copies} * channels;",
    )


def sums(kind: str, number: int, path: PlacedPath, along: bool) -> tuple[Tile, ...]:
    """Rows of the output += matrix times weighted features, or their change along u, for pairs of one receiver."""
    rows = tuple(range(2 * path.target.l + 1))
    components = len({n for _, n, _ in path.entries})
    if components >= len(rows) and components > 1 and len(rows) <= (1 if along else GATHERED_ROWS):
        return (_sum(f"{kind}_{number}", path, rows, _gathered(path, rows, along), along),)
    groups = [rows] if along or len(rows) <= SPREAD_ROWS + 1 else [rows[:SPREAD_ROWS], rows[SPREAD_ROWS:]]
    return tuple(
        _sum(f"{kind}_{number}_{k}", path, group, _spread(path, group, along), along) for k, group in enumerate(groups)
    )


def _sum(name: str, path: PlacedPath, rows: tuple[int, ...], products: tuple[str, ...], along: bool) -> Tile:
    """The sums of some rows."""
    parts = 4 if len(rows) == 1 else 1 if along and len(rows) > ALONG_ROWS else 2
    first = [*_strides(path), f"vector {', '.join(f'a{m}[TILE]' for m in rows)};"]
    places = [(m, f"to + {m} * to_step") for m in rows]
    first.append("if (fresh) {")
    first += [f"    EACH a{m}[part] = (vector){{0}};" for m, _ in places]
    first.append("} else {")
    first += [f"    EACH a{m}[part] = GET({place}, part);" for m, place in places]
    first.append("}")
    first.append(f"const int64_t x_at = {path.source.first} * channels + at, w_at = {path.weight} * channels + at;")
    last = [f"EACH PUT({place}, a{m}[part], part);" for m, place in places]
    law = f"{describe(path)}: rows {rows[0]} to {rows[-1]}" if len(rows) > 1 else describe(path)
    if rows[0] == 0:
        # Other rows of the path read the same weights later.
        read = ("w", "w_along") if along else ("w",)
        ahead = (f"ask_ahead(chunk->{each}[lane] + w_at, channels, parts * VECTOR);" for each in read)
        products = (*ahead, *products)
    return _tile(name, law, path, parts, first, products, last)


def _tile(
    name: str, law: str, path: PlacedPath, parts: int, first: Iterable[str], lines: Iterable[str], last: Iterable[str]
) -> Tile:
    return Tile(
        name,
        law,
        path.target.first + path.offset,
        path.source.first,
        path.weight,
        path.source.copies,
        parts,
        parts > 1,
        tuple(first),
        tuple(lines),
        tuple(last),
    )


def _reads(along: bool) -> list[str]:
    """Where what a pair brings begins."""
    lines = [
        "const real *m = chunk->harmonics + lane;",
        "const real *x = chunk->x[lane] + x_at;",
        "const real *w = chunk->w[lane] + w_at;",
    ]
    if along:
        lines += [
            "const real *n = chunk->harmonics_along + lane;",
            "const real *u = chunk->x_along[lane] + x_at;",
            "const real *v = chunk->w_along[lane] + w_at;",
        ]
    return lines


def _spread(path: PlacedPath, rows: tuple[int, ...], along: bool) -> tuple[str, ...]:
    """Each component times its weight, which is added to every row."""
    names = "weight[TILE], term[TILE]" + (", weight_along[TILE], term_along[TILE]" if along else "")
    lines = [*_reads(along), f"vector {names};", "EACH weight[part] = GET(w, part);"]
    if along:
        lines.append("EACH weight_along[part] = GET(v, part);")
    for n, entries in _by_component(path.entries):
        own = [(m, entry) for m, _, entry in entries if m in rows]
        if not own:
            continue
        value = f"GET(x + {n} * step, part)"
        lines.append(f"EACH term[part] = weight[part] * {value};")
        if along:
            lines.append(
                f"EACH term_along[part] = weight[part] * GET(u + {n} * step, part) + weight_along[part] * {value};"
            )
        for m, entry in own:
            place = f"[{entry} * CHUNK]"
            if along:
                lines.append(f"EACH a{m}[part] += m{place} * term_along[part];")
                lines.append(f"EACH a{m}[part] += n{place} * term[part];")
            else:
                lines.append(f"EACH a{m}[part] += m{place} * term[part];")
    return tuple(lines)


def _gathered(path: PlacedPath, rows: tuple[int, ...], along: bool) -> tuple[str, ...]:
    """The matrix times the components, whose rows then have the weight: fewer products where rows are fewer."""
    sums = [f"s{m}[TILE]" for m in rows] + ([f"r{m}[TILE]" for m in rows] if along else [])
    lines = [*_reads(along), f"vector {', '.join(['value[TILE]', *(['change[TILE]'] if along else []), *sums])};"]
    begun: set[int] = set()
    for n, entries in _by_component(path.entries):
        lines.append(f"EACH value[part] = GET(x + {n} * step, part);")
        if along:
            lines.append(f"EACH change[part] = GET(u + {n} * step, part);")
        for m, _, entry in entries:
            place, sign = f"[{entry} * CHUNK]", "+=" if m in begun else "="
            begun.add(m)
            lines.append(f"EACH s{m}[part] {sign} m{place} * value[part];")
            if along:
                lines.append(f"EACH r{m}[part] {sign} m{place} * change[part];")
                lines.append(f"EACH r{m}[part] += n{place} * value[part];")
    for m in sorted(begun):
        lines.append(f"EACH a{m}[part] += GET(w, part) * {'r' if along else 's'}{m}[part];")
        if along:
            lines.append(f"EACH a{m}[part] += GET(v, part) * s{m}[part];")
    return tuple(lines)


def gradients(kind: str, number: int, path: PlacedPath, along: bool, plain: bool = False) -> tuple[Tile, ...]:
    """Gradients of one pair by its weights and by the entries of its matrix.

    Args:
        kind: of the walk.
        number: of the path.
        path: the path.
        along: whether they are gradients of a change along u, and
        plain: whether those by weights without it stand after them.
    """
    most = SECOND_ROWS if along else VJP_ROWS
    tiles: list[Tile] = []
    for n, entries in _by_component(path.entries):
        for begin in range(0, len(entries), most):
            new = not tiles
            name = f"{kind}_{number}_{len(tiles)}"
            tiles.append(_gradient(name, path, n, entries[begin : begin + most], new, along, plain))
    return tuple(tiles)


def _gradient(
    name: str, path: PlacedPath, n: int, entries: tuple[MatrixEntry, ...], new: bool, along: bool, plain: bool
) -> Tile:
    parts = {1: 4, 2: 2}.get(len(entries), 1) if not along else {1: 2}.get(len(entries), 1)
    first = [*_strides(path)]
    for m, _, entry in entries:
        first += [f"const real m{m} = m[{entry} * CHUNK];", f"vector g{m}[TILE];", f"EACH g{m}[part] = (vector){{0}};"]
        if along:
            first += [
                f"const real n{m} = n[{entry} * CHUNK];",
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
    if new:
        # Other tiles of the path read the same weights later.
        ahead = [f"ask_ahead({each} + at, channels, parts * VECTOR);" for each in ("wv" if along else "w")]
        lines = [*ahead, "ask_ahead_to_write(w_bar + at, channels, parts * VECTOR);", *lines]
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
    before = "" if new else "GET(w_bar + at, part) + "
    lines.append(f"EACH PUT(w_bar + at, {before}{made}, part);")
    if plain:
        first.append("real *w_plain = w_bar + WEIGHT_ROWS * channels;")
        before = "" if new else "GET(w_plain + at, part) + "
        lines.append(f"EACH PUT(w_plain + at, {before}value[part] * t[part], part);")
    back = "weight[part] * r[part] + GET(v + at, part) * t[part]" if along else "weight[part] * t[part]"
    place = f"x_bar + {n} * step + at"
    lines.append(f"EACH PUT({place}, GET({place}, part) + {back}, part);")
    last = []
    for m, _, entry in entries:
        last.append(f"EACH first[{entry}] += g{m}[part];")
        if along:
            last.append(f"EACH second[{entry}] += h{m}[part];")
    law = f"{describe(path)}: component {n}, rows {', '.join(str(m) for m, _, _ in entries)}"
    return _tile(name, law, path, parts, first, lines, last)


def _by_component(entries: tuple[MatrixEntry, ...]) -> Iterator[tuple[int, tuple[MatrixEntry, ...]]]:
    for n, group in groupby(entries, key=lambda entry: entry[1]):
        yield n, tuple(group)
