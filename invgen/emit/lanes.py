"""Scalar C for one lane of arrays [component][stride], which compilers vectorise over the lanes.

Scratch is [value][LANES].
"""

from __future__ import annotations

from collections.abc import Container

from invgen.emit.printing import c_syntax, print_part
from invgen.passes.scratch_split import SCRATCH, ScratchPart


def lane_statements(part: ScratchPart, bits: int, summed: Container[str] = ()) -> tuple[str, ...]:
    """The statements of a part; to the arrays in `summed` they add."""

    def read(name: str, index: int) -> str:
        return f"{name}[{index} * {'LANES' if name == SCRATCH else 'stride'} + lane]"

    def write(name: str, index: int, value: str) -> str:
        return f"{read(name, index)} {'+=' if name in summed else '='} {value};"

    return tuple(print_part(part, c_syntax("real", bits), read, write))
