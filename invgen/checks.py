"""Numbers of exactly one kind, read from JSON; a `ValueError` says what was found instead."""

from __future__ import annotations

from typing import Any


def integer(value: Any) -> int:
    """Return `value` if it is an integer; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected an integer, got {value!r}")
    return value


def natural(value: Any) -> int:
    """Return `value` if it is an integer of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"expected a natural number, got {value!r}")
    return value


def boolean(value: Any) -> bool:
    """Return `value` if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {value!r}")
    return value
