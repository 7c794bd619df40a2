"""CUDA C for convolutions over neighbour lists: a block an owner or a few pairs, lanes over channels, no atomics.

The matrices of a pair are made by one thread and shared by the block. Sums over pairs run in registers of one thread,
in the order of the pairs; gradients of a pair are sums over channels, which the lanes of a warp add in a fixed tree.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from invgen.emit import laws
from invgen.emit.convolution_cuda_pairs import PairGradients, pair_gradients
from invgen.emit.convolution_cuda_sums import SumWalk, sum_walks
from invgen.emit.convolution_tiles import describe
from invgen.emit.cuda_body import Body, body_of
from invgen.emit.header import Header
from invgen.emit.moments_cuda import GEOMETRIES
from invgen.emit.reals import Real, real_of
from invgen.emit.templating import render as render_template
from invgen.ir.convolution import Convolution, RowBlock
from invgen.passes.convolution_parts import convolution_parts
from invgen.passes.cuda_split import whole_of
from invgen.passes.programs import harmonics_programs

TEMPLATE = "cuda/convolution.cu.j2"

WARPS = 4
"""Warps of a block at most: what they share is the matrices of some pairs."""

BLOCKS = {4: 3, 8: 1}
"""Blocks that must have room on a multiprocessor, by the bytes of a number: what is left to a thread are 168 or 255
registers, in which nearly nothing spills."""

MOST_ROWS = {4: 112, 8: 56}
"""Rows of messages whose sums one thread keeps in registers, by the bytes of a number."""

MOST_ENTRIES = {4: 512, 8: 256}
"""Entries of matrices of one part: those of several pairs, twice, fit the shared memory of a block."""

TILE_BYTES = 32 * 1024
"""Shared memory for matrices: with this much, several blocks share a multiprocessor."""

MOST_TILE = 32
"""Pairs that a block opens at once to sum over the pairs of an owner."""

MOST_PAIR_TILE = 16
"""Pairs whose gradients are one block's work: fewer, so that small systems spread over many blocks."""

_LISTS = ("row_pointer", "index", "receivers", "column_pointer", "column_pairs")
_SIZES = ("atoms", "sources", "pairs")


@dataclass(frozen=True)
class ConvolutionPart:
    """Some of the paths with all their kernels.

    Attributes:
        section: its name, in the source of several parts; empty otherwise.
        suffix: what its kernels are called after their functions.
        paths: in words.
        bodies: what makes matrices and their derivatives, for one pair.
        entries: of the matrices of a pair.
        pitch: the distance of two pairs in shared memory: a multiple of 16 bytes, odd times, so that four entries are
            read at once and writing lanes meet few banks twice.
        copies: the largest multiplicity: channels side by side are so many times the channels.
        adds: whether gradients by vectors are added to those of earlier parts.
        walks: its sums over pairs.
        gradients: its gradients of pairs.
    """

    section: str
    suffix: str
    paths: tuple[str, ...]
    bodies: tuple[Body, ...]
    entries: int
    pitch: int
    copies: int
    adds: int
    walks: tuple[SumWalk, ...]
    gradients: tuple[PairGradients, ...]


@dataclass(frozen=True)
class ConvolutionCudaSource:
    """The fields of `cuda/convolution.cu.j2`; a plan is the line that tells the runtime what a kernel is."""

    header: Header
    law: str
    real: str
    sqrt: str
    plans: tuple[str, ...]
    warps: int
    blocks: int
    coordinates: int
    source_rows: int
    weight_rows: int
    rows: int
    directed: bool
    geometry: str
    parts: tuple[ConvolutionPart, ...]
    lists: str
    list_fields: str


def render(content: Convolution, dtype: str, header: Header) -> str:
    """The CUDA source of the functions of a convolution; the arguments are those of `emit.convolution.render`.

    Raises:
        InputError: the dtype is unknown.
    """
    real = real_of(dtype, "GPU")
    parts = tuple(_parts(content, real))
    return render_template(
        TEMPLATE,
        ConvolutionCudaSource(
            header=header,
            law=laws.CONVOLUTION,
            real=real.name,
            sqrt=real.sqrt,
            plans=tuple(json.dumps(plan, separators=(",", ":")) for plan in _plans(parts)),
            warps=WARPS,
            blocks=BLOCKS[real.bytes],
            coordinates=content.matrices.input_count,
            source_rows=content.source_rows,
            weight_rows=content.weights,
            rows=content.rows,
            directed=content.angular != "given",
            # Harmonics that are given have no direction, and the template then includes none.
            geometry=GEOMETRIES[content.angular if content.angular in GEOMETRIES else "unit"],
            parts=parts,
            lists=", ".join([*(f"const int64 *{name}" for name in _LISTS), *(f"int64 {name}" for name in _SIZES)]),
            list_fields="{" + ", ".join((*_LISTS, *_SIZES)) + "}",
        ),
    )


def tile_of(pitch: int, real_bytes: int, most: int) -> int:
    """Pairs whose matrices fit the shared memory of a block: a power of two."""
    tile = most
    while tile > 1 and tile * pitch * real_bytes > TILE_BYTES:
        tile //= 2
    return tile


def pitch_of(entries: int, real_bytes: int) -> int:
    """The least odd multiple of 16 bytes that holds the entries, in numbers."""
    wide = 16 // real_bytes
    return wide * (-(-entries // wide) | 1)


def _parts(content: Convolution, real: Real) -> Iterable[ConvolutionPart]:
    linear = content.angular == "given"
    found = convolution_parts(content, MOST_ROWS[real.bytes], MOST_ENTRIES[real.bytes])
    read: set[RowBlock] = set()
    # What no path reads has a gradient too, which the first part writes.
    unread = tuple(block for block in content.sources if all(path.source != block for path in content.paths))
    for number, part in enumerate(found):
        name = f"part{number}" if len(found) > 1 else ""
        entries = len(part.matrices.output("y"))
        pitch = pitch_of(entries, real.bytes)
        own = tuple(dict.fromkeys(path.source for path in part.paths))
        left = () if number else unread
        yield ConvolutionPart(
            section=name,
            suffix=f"_{name}" if name else "",
            paths=tuple(map(describe, part.paths)),
            bodies=tuple(
                body_of(f"harmonics_{each}", whole_of(program), real.bits)
                for each, program in harmonics_programs(part.matrices, linear)
            ),
            entries=entries,
            pitch=pitch,
            copies=max(block.copies for block in (*own, *left)),
            adds=int(number > 0),
            walks=sum_walks(
                part.paths,
                tiles=(tile_of(pitch, real.bytes, MOST_TILE), tile_of(2 * pitch, real.bytes, MOST_TILE)),
                added=frozenset(read & {*own}),
                left=left,
            ),
            gradients=pair_gradients(
                part.paths,
                tiles=(tile_of(pitch, real.bytes, MOST_PAIR_TILE), tile_of(2 * pitch, real.bytes, MOST_PAIR_TILE)),
                real_bytes=real.bytes,
            ),
        )
        read |= {*own}


def _plans(parts: Sequence[ConvolutionPart]) -> Iterable[dict[str, object]]:
    """What the runtime must know: which owners a kernel has, how many a block takes, and how wide they are."""
    for part in parts:
        for walk in part.walks:
            yield _plan(part, walk.function, "sources" if walk.by_sources else "atoms", 1)
        for gradients in part.gradients:
            yield _plan(part, gradients.function, "pairs", gradients.tile)


def _plan(part: ConvolutionPart, function: str, owners: str, each: int) -> dict[str, object]:
    return {
        "name": f"invgen_{function}{part.suffix}",
        "function": function,
        "owners": owners,
        "owners_per_block": each,
        "copies": part.copies,
        "warps": WARPS,
    }
