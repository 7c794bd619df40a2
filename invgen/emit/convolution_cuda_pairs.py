"""Gradients of single pairs, for one warp of a CUDA kernel of convolutions: sums over channels in a fixed tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invgen.emit.convolution_cuda_sums import by_component, product, rows_of
from invgen.ir.convolution import PlacedPath
from invgen.ir.tensor_products import MatrixEntry

_LANES = 32

_HELD = {4: 64, 8: 32}
"""Sums over channels that one lane keeps in registers, by the bytes of a number."""

_LOADS = 16
"""Loads of a lane that wait side by side: where a path has fewer, several turns of the loop over channels are taken."""


@dataclass(frozen=True)
class PairGradients:
    """One kernel that makes gradients by vectors and weights of some pairs.

    Attributes:
        function: what it computes: the runtime calls it so, and its C name says it.
        law: what it does, in a comment.
        along: whether it reads changes along u.
        tile: pairs of one block.
        lines: lines for one pair.
    """

    function: str
    law: str
    along: bool
    tile: int
    lines: tuple[str, ...]


def pair_gradients(paths: Sequence[PlacedPath], tiles: tuple[int, int], real_bytes: int) -> tuple[PairGradients, ...]:
    """The gradients, and those of the inner product of u and the gradients.

    Args:
        paths: those of one part.
        tiles: pairs of one block, without and with changes along u.
        real_bytes: of a number.
    """
    most = _HELD[real_bytes]
    laws = ("The gradients by vectors and weights.", "The gradients by vectors and weights of <u, vjp>.")
    return tuple(
        PairGradients(
            function=function,
            law=law,
            along=along,
            tile=tiles[along],
            lines=tuple(line for path in paths for line in _path(path, along, most // 2 if along else most)),
        )
        for along, function, law in zip((False, True), ("vjp_pairs", "second_pairs"), laws, strict=True)
    )


def _path(path: PlacedPath, along: bool, most: int) -> Iterator[str]:
    """One path: its row of weights, and the gradient by its matrix, which takes the place of the matrix."""
    for begin in range(0, len(path.entries), most):
        yield from _pass(path, path.entries[begin : begin + most], along, first=begin == 0)


def _pass(path: PlacedPath, held: tuple[MatrixEntry, ...], along: bool, first: bool) -> Iterator[str]:
    """One walk over the channels for some entries; the first makes the gradient by weights from all of them."""
    sums = ("g", "h") if along else ("g",)
    groups = [held[k : k + _LANES] for k in range(0, len(held), _LANES)]
    yield "{"
    for name in sums:
        for number, group in enumerate(groups):
            yield f"    real {name}{number}[{_padded(len(group))}] = {{}};"
    width = f"{path.source.copies} * stride"
    yield f"    const int width = {width if first else f'by_vectors ? {width} : 0'};"
    yield f"#pragma unroll {_turns(path, along)}"
    yield "    for (int at = lane; at < width; at += 32) {"
    yield f"        const real weight = w[{path.weight} * stride + at];"
    read = path.entries if first else held
    rows, components = sorted({m for m, _, _ in read}), sorted({n for _, n, _ in read})
    yield "        " + rows_of("x", path.source, path.source.first, components, " + at")
    yield "        " + rows_of("y", path.target, path.target.first + path.offset, rows, " + at")
    if along:
        yield f"        const real change = v[{path.weight} * stride + at];"
        yield "        " + rows_of("u", path.source, path.source.first, components, " + at")
    if first:
        yield "        if (bar)"
        yield f"            bar[{path.weight} * stride + at] = {_by_weight(path, along)};"
    yield "        if (by_vectors) {"
    for n, entries in by_component(held):
        yield f"            const real t{n} = weight * x{n};"
        if along:
            yield f"            const real d{n} = weight * u{n} + change * x{n};"
        for m, _, entry in entries:
            number, place = divmod(entry - held[0][2], _LANES)
            yield f"            g{number}[{place}] += t{n} * y{m};"
            if along:
                yield f"            h{number}[{place}] += d{n} * y{m};"
    yield "        }"
    yield "    }"
    # All lanes have read the matrix: what stands at its place from now on is the gradient by it.
    yield "    __syncwarp();"
    yield "    if (by_vectors) {"
    for name, to in zip(sums, ("m", "n")):
        for number, group in enumerate(groups):
            yield f"        const real {name}{number}_total = total({name}{number});"
            yield f"        if (lane < {len(group)})"
            yield f"            {to}[{group[0][2]} + lane] = {name}{number}_total;"
    yield "    }"
    yield "}"


def _by_weight(path: PlacedPath, along: bool) -> str:
    terms = []
    for n, entries in by_component(path.entries):
        straight = f"({product('m', entries, 'y')})"
        terms.append(f"x{n} * ({product('n', entries, 'y')}) + u{n} * {straight}" if along else f"x{n} * {straight}")
    return " + ".join(terms)


def _turns(path: PlacedPath, along: bool) -> int:
    """Turns of the loop over channels that are taken at once."""
    loads = (2 if along else 1) * (2 * path.source.l + 2) + 2 * path.target.l + 1
    return 4 if 4 * loads <= 2 * _LOADS else 2 if loads <= _LOADS else 1


def _padded(count: int) -> int:
    """The least power of two that is not smaller."""
    return 1 << (count - 1).bit_length()
