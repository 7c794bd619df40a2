"""C11 with OpenMP for moments of fields about every voxel: passes along the axes, unrolled by their functions."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.emit.version import CODEGEN_VERSION

TEMPLATE = "c/local_moments.c.j2"
REGISTERS = 12
"""Sums that a pass holds in vectors at a time; of the 16 that processors have, the rest holds what is added to them."""
FUSED = 5
"""Functions up to which even and odd ones are summed in one reading of a line."""
VECTORS = {1: 4, 2: 4}
"""Vectors at a time where functions are few, so that enough sums go on beside one another; two otherwise."""


@dataclass(frozen=True)
class Group:
    """Functions that are summed in one reading of a line.

    Attributes:
        evens: those that are even.
        odds: those that are odd.
        members: both.
    """

    evens: tuple[int, ...]
    odds: tuple[int, ...]
    members: tuple[int, ...]


@dataclass(frozen=True)
class Pass:
    """Sums of one line over a window by several functions at once.

    Attributes:
        count: how many functions.
        groups: them all.
        vectors: the numbers of the vectors that are summed at once.
        block: how many they are.
    """

    count: int
    groups: tuple[Group, ...]
    vectors: tuple[int, ...]
    block: int


@dataclass(frozen=True)
class LocalMomentsSource:
    """What the template needs.

    Attributes:
        real: the C type.
        side: one more than the highest order of the moments.
        most_vectors: the most vectors that a pass sums at once.
        passes: one for each number of functions.
        codegen_version: of the text.
    """

    real: str
    side: int
    most_vectors: int
    passes: tuple[Pass, ...]
    codegen_version: int = CODEGEN_VERSION


def render(order: int, dtype: str) -> str:
    """The source of the moments up to an order.

    Args:
        order: the highest order, at least 0.
        dtype: "float32" or "float64".
    """
    passes = tuple(_pass(count) for count in range(1, order + 2))
    most = max(each.block for each in passes)
    return render_template(TEMPLATE, LocalMomentsSource(real_of(dtype).name, order + 1, most, passes))


def _pass(count: int) -> Pass:
    block = VECTORS.get(count, 2)
    evens, odds = tuple(range(0, count, 2)), tuple(range(1, count, 2))
    if count <= FUSED:
        groups: tuple[Group, ...] = (_group(evens, odds),)
    else:
        size = REGISTERS // block
        groups = tuple(_group(evens[k : k + size], ()) for k in range(0, len(evens), size))
        groups += tuple(_group((), odds[k : k + size]) for k in range(0, len(odds), size))
    return Pass(count, groups, tuple(range(block)), block)


def _group(evens: tuple[int, ...], odds: tuple[int, ...]) -> Group:
    return Group(evens, odds, tuple(sorted((*evens, *odds))))
