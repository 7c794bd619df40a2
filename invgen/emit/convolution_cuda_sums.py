"""Sums over the pairs of receivers and of sources, for one thread of a CUDA kernel of convolutions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from invgen.ir.convolution import PlacedPath, RowBlock
from invgen.ir.tensor_products import MatrixEntry

_MANY = 64
"""Entries of matrices beyond which pairs are taken one at a time: their loads fill the time already."""


@dataclass(frozen=True)
class SumWalk:
    """One kernel that sums over pairs.

    Attributes:
        function: what it computes: the runtime calls it so, and its C name says it.
        law: what it does, in a comment.
        by_sources: whether sums are of sources, else of receivers.
        along: whether it reads changes along u.
        pointer: where the pairs of an owner begin.
        others: how many there may be at the other end of a pair.
        arguments: what it reads and writes, as C++ declares it.
        tile: pairs that are opened at once.
        unroll: pairs whose loads wait side by side.
        first: lines before the pairs.
        lines: lines for one pair.
        last: lines after them.
    """

    function: str
    law: str
    by_sources: bool
    along: bool
    pointer: str
    others: str
    arguments: str
    tile: int
    unroll: int
    first: tuple[str, ...]
    lines: tuple[str, ...]
    last: tuple[str, ...]


def sum_walks(
    paths: Sequence[PlacedPath],
    tiles: tuple[int, int],
    added: frozenset[RowBlock],
    left: Sequence[RowBlock],
) -> tuple[SumWalk, ...]:
    """Value and its change along u by receivers, and the gradients of both by features.

    Args:
        paths: those that read the same features side by side.
        tiles: pairs that are opened at once, without and with changes along u.
        added: features to whose gradients earlier parts have written.
        left: features that nothing reads, whose gradients are zero.
    """
    unroll = 4 if sum(len(path.entries) for path in paths) <= _MANY else 1
    found = []
    for along in (False, True):
        arguments = _reads(("vectors", "weights", "features"), along)
        law = "The change of the sums along u." if along else "The sums over the pairs of every receiver."
        function = "jvp" if along else "value"
        found.append(
            SumWalk(
                function=function,
                law=law,
                by_sources=False,
                along=along,
                pointer="row_pointer",
                others="sources",
                arguments=f"{arguments}, real *out",
                tile=tiles[along],
                unroll=unroll,
                first=tuple(_zeros(f"a{p}", 2 * path.target.l + 1) for p, path in enumerate(paths)),
                lines=tuple(_products(paths, along)),
                last=tuple(_written(paths)),
            )
        )
    for along in (False, True):
        function = "second_sources" if along else "vjp_sources"
        arguments = _reads(("vectors", "weights"), along, ("ybar",))
        what = "their change along u" if along else "the gradient"
        blocks = tuple(dict.fromkeys(path.source for path in paths))
        found.append(
            SumWalk(
                function=function,
                law=f"By features: {what}.",
                by_sources=True,
                along=along,
                pointer="column_pointer",
                others="atoms",
                arguments=f"{arguments}, real *features_bar",
                tile=tiles[along],
                unroll=unroll,
                first=tuple(_zeros(f"b{b}", 2 * block.l + 1) for b, block in enumerate(blocks)),
                lines=tuple(_gradients(paths, along)),
                last=tuple(_features_written(blocks, added, left)),
            )
        )
    return tuple(found)


def by_component(entries: tuple[MatrixEntry, ...]) -> Iterator[tuple[int, tuple[MatrixEntry, ...]]]:
    """Entries by the component of the features that they multiply."""
    for n, group in groupby(entries, key=lambda entry: entry[1]):
        yield n, tuple(group)


def product(pointer: str, entries: Iterable[MatrixEntry], values: str) -> str:
    """The sum of entries times what stands for the rows of the messages."""
    return " + ".join(f"{pointer}[{entry}] * {values}{m}" for m, _, entry in entries)


def rows_of(name: str, block: RowBlock, first: int, components: Iterable[int] | None = None, at: str = "") -> str:
    """Declares what the rows of some components of a block hold, all if left out; `first` is the row of component 0."""
    read = range(2 * block.l + 1) if components is None else components
    return "const real " + ", ".join(f"{name}{k} = {name}[{first + k * block.copies} * stride{at}]" for k in read) + ";"


def _reads(points: tuple[str, ...], along: bool, more: tuple[str, ...] = ()) -> str:
    names = [*points, *more, *((f"u_{name}" for name in points) if along else ())]
    return ", ".join(f"const real *{name}" for name in names)


def _zeros(name: str, count: int) -> str:
    return "real " + ", ".join(f"{name}_{k} = 0" for k in range(count)) + ";"


def _by_source(paths: Sequence[PlacedPath]) -> Iterator[tuple[RowBlock, list[tuple[int, PlacedPath]]]]:
    """Paths with their numbers by the features that they read."""
    for block, group in groupby(enumerate(paths), key=lambda numbered: numbered[1].source):
        yield block, list(group)


def _opened(along: bool, receivers: bool) -> Iterator[str]:
    """Where the rows of one pair stand."""
    yield "const real *w = weights + pair_tile[k] * (WEIGHT_ROWS * channels) + at;"
    if along:
        yield "const real *v = u_weights + pair_tile[k] * (WEIGHT_ROWS * channels) + at;"
    if receivers:
        yield "const real *y = ybar + other_tile[k] * (ROWS * channels) + at;"
        return
    yield "const real *x = features + other_tile[k] * (SOURCE_ROWS * channels) + at;"
    if along:
        yield "const real *u = u_features + other_tile[k] * (SOURCE_ROWS * channels) + at;"


def _products(paths: Sequence[PlacedPath], along: bool) -> Iterator[str]:
    """Sums += matrix times weighted features, or their change along u."""
    yield from _opened(along, receivers=False)
    for block, group in _by_source(paths):
        yield f"if (at < {block.copies} * stride) {{"
        yield "    " + rows_of("x", block, block.first)
        if along:
            yield "    " + rows_of("u", block, block.first)
        for p, path in group:
            yield "    {"
            yield f"        const real weight = w[{path.weight} * stride];"
            if along:
                yield f"        const real change = v[{path.weight} * stride];"
            for n, entries in by_component(path.entries):
                yield f"        const real t{n} = weight * x{n};"
                if along:
                    yield f"        const real d{n} = weight * u{n} + change * x{n};"
                for m, _, entry in entries:
                    added = f"m[{entry}] * d{n} + n[{entry}] * t{n}" if along else f"m[{entry}] * t{n}"
                    yield f"        a{p}_{m} += {added};"
            yield "    }"
        yield "}"


def _gradients(paths: Sequence[PlacedPath], along: bool) -> Iterator[str]:
    """Gradients by features += weighted transposes of matrices times gradients of the sums."""
    yield from _opened(along, receivers=True)
    for b, (block, group) in enumerate(_by_source(paths)):
        yield f"if (at < {block.copies} * stride) {{"
        for _, path in group:
            yield "    {"
            yield f"        const real weight = w[{path.weight} * stride];"
            if along:
                yield f"        const real change = v[{path.weight} * stride];"
            yield "        " + rows_of("y", path.target, path.target.first + path.offset)
            for n, entries in by_component(path.entries):
                straight = product("m", entries, "y")
                if along:
                    yield f"        b{b}_{n} += weight * ({product('n', entries, 'y')}) + change * ({straight});"
                else:
                    yield f"        b{b}_{n} += weight * ({straight});"
            yield "    }"
        yield "}"


def _written(paths: Sequence[PlacedPath]) -> Iterator[str]:
    yield "real *to = out + task.owner * (ROWS * channels) + at;"
    for block, group in _by_source(paths):
        yield f"if (at < {block.copies} * stride) {{"
        for p, path in group:
            for m in range(2 * path.target.l + 1):
                row = path.target.first + path.offset + m * path.target.copies
                yield f"    to[{row} * stride] = row.sound ? a{p}_{m} : not_a_number();"
        yield "}"


def _features_written(
    blocks: Sequence[RowBlock], added: frozenset[RowBlock], left: Sequence[RowBlock]
) -> Iterator[str]:
    yield "real *to = features_bar + task.owner * (SOURCE_ROWS * channels) + at;"
    for b, block in enumerate((*blocks, *left)):
        yield f"if (at < {block.copies} * stride) {{"
        for n in range(2 * block.l + 1):
            value = f"b{b}_{n}" if b < len(blocks) else "(real)0"
            sign = "+=" if block in added else "="
            yield f"    to[{block.first + n * block.copies} * stride] {sign} row.sound ? {value} : not_a_number();"
        yield "}"
