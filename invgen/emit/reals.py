"""The floating-point types that kernels are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from invgen.errors import InputError


@dataclass(frozen=True)
class Real:
    """One type: its name in C, its bytes, the bits of its mantissa, the integer as wide, and its square root."""

    name: str
    bytes: int
    bits: int
    integer: str
    sqrt: str


REALS: Final = {
    "float32": Real("float", 4, 24, "int32_t", "sqrtf"),
    "float64": Real("double", 8, 53, "int64_t", "sqrt"),
}


def real_of(dtype: str, kind: str = "C") -> Real:
    """The type of a dtype.

    Args:
        dtype: "float32" or "float64".
        kind: of the kernels, for the sentence.

    Raises:
        InputError: it is another dtype.
    """
    if dtype not in REALS:
        raise InputError(f"dtype {dtype!r} has no {kind} kernel; use 'float32' or 'float64'")
    return REALS[dtype]
