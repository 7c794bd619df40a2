"""C11 with OpenMP for moments of fields about every voxel: passes along the axes, unrolled by their functions."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.emit.reals import real_of
from invgen.emit.templating import render as render_template
from invgen.emit.version import CODEGEN_VERSION

TEMPLATE = "c/local_moments.c.j2"
LANE_BYTES = 64
"""Of the voxels that a pass sums at once: two vectors of 32 bytes for each of its functions."""


@dataclass(frozen=True)
class Pass:
    """Sums of one line over a window by several functions at once.

    Attributes:
        count: how many functions.
        evens: those that are even.
        odds: those that are odd.
    """

    count: int
    evens: tuple[int, ...]
    odds: tuple[int, ...]


@dataclass(frozen=True)
class LocalMomentsSource:
    """What the template needs.

    Attributes:
        real: the C type.
        order: the highest order of the moments.
        lanes: voxels along z that are summed at once.
        passes: one for each number of functions.
        codegen_version: of the text.
    """

    real: str
    order: int
    lanes: int
    passes: tuple[Pass, ...]
    codegen_version: int = CODEGEN_VERSION


def lanes_of(dtype: str) -> int:
    """Voxels along z that a pass sums at once."""
    return LANE_BYTES // real_of(dtype).bytes


def render(order: int, dtype: str) -> str:
    """The source of the moments up to an order.

    Args:
        order: the highest order, at least 0.
        dtype: "float32" or "float64".
    """
    passes = tuple(Pass(count, tuple(range(0, count, 2)), tuple(range(1, count, 2))) for count in range(1, order + 2))
    return render_template(TEMPLATE, LocalMomentsSource(real_of(dtype).name, order, lanes_of(dtype), passes))
