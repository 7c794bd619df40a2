"""Convolutions of many paths become several for a GPU, each of which fits the registers and shared memory of a block.

Paths that read the same features stay side by side, so that few features are read by two parts. A part is a convolution
of some of the paths with their rows in the arrays of all, and a program for their matrices alone. Parts exchange
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from invgen.ir.convolution import Convolution, PlacedPath
from invgen.passes.simplify import eliminate_dead_code


def convolution_parts(content: Convolution, most_rows: int, most_entries: int) -> tuple[Convolution, ...]:
    """The parts in order; a path that is larger than allowed is a part of its own.

    Args:
        content: the whole.
        most_rows: components of the messages of all paths of a part.
        most_entries: entries of their matrices.
    """
    return tuple(_part(content, paths) for paths in _groups(content, most_rows, most_entries))


def _groups(content: Convolution, most_rows: int, most_entries: int) -> Iterator[tuple[PlacedPath, ...]]:
    held: list[PlacedPath] = []
    rows = entries = 0
    for path in sorted(content.paths, key=lambda path: (path.source.first, path.weight)):
        more_rows, more_entries = 2 * path.target.l + 1, len(path.entries)
        if held and (rows + more_rows > most_rows or entries + more_entries > most_entries):
            yield tuple(held)
            held, rows, entries = [], 0, 0
        held.append(path)
        rows, entries = rows + more_rows, entries + more_entries
    yield tuple(held)


def _part(content: Convolution, paths: tuple[PlacedPath, ...]) -> Convolution:
    """Entries are numbered anew, those of a path side by side."""
    values = content.matrices.output("y")
    kept: list[int] = []
    own: list[PlacedPath] = []
    for path in paths:
        own.append(replace(path, entries=tuple((m, n, len(kept) + k) for k, (m, n, _) in enumerate(path.entries))))
        kept += [values[entry] for _, _, entry in path.entries]
    program = eliminate_dead_code(replace(content.matrices, outputs=(("y", tuple(kept)),)))
    return replace(content, paths=tuple(own), matrices=program)
