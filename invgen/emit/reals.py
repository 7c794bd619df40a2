"""The floating-point types that kernels are written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from invgen.errors import InputError


@dataclass(frozen=True)
class Real:
    """One type: its name in C, its bytes, and the bits of its mantissa."""

    name: str
    bytes: int
    bits: int


REALS: Final = {"float32": Real("float", 4, 24), "float64": Real("double", 8, 53)}


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
