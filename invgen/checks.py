"""Checks of what callers pass, and of numbers in JSON files; a leaf that every stage may import.

NumPy's numbers, arrays without axes and everything else that Python takes for an index are numbers: they become `int`
or `float` here, before anything is hashed, stored or printed. True and false are not numbers.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from numbers import Real
from typing import Any, TypeVar

from invgen.errors import InputError, InvgenError

_Value = TypeVar("_Value")


def as_integer(value: Any) -> int | None:
    """The integer that a value is, as `int`; None where it is not an integer."""
    # A tensor that holds true or false has an index, 1 or 0.
    if isinstance(value, bool) or _holds_bools(value):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def as_real(value: Any) -> float | None:
    """The real number that a value is, as `float`, infinities and NaN among them; None where it is not a number."""
    whole = as_integer(value)
    scalar = isinstance(value, Real) and not isinstance(value, bool)
    array = getattr(value, "ndim", None) == 0 and hasattr(value, "dtype") and not _holds_bools(value)
    if whole is None and not scalar and not array:
        return None
    try:
        return float(value if whole is None else whole)
    except (TypeError, ValueError, OverflowError):
        return None


def shown(value: Any) -> str:
    """A value as its user thinks of it: 3, where NumPy says np.int64(3)."""
    item = getattr(value, "item", None)
    return repr(item()) if callable(item) and getattr(value, "ndim", None) == 0 else repr(value)


def integer(what: str, value: Any, least: int | None = None, most: int | None = None) -> int:
    """An integer, within bounds where they are given.

    Args:
        what: the words that the sentence begins with, such as "the number of species".
        value: what the caller passed.
        least: the lowest value allowed.
        most: the highest value allowed.

    Raises:
        InputError: the value is not an integer or is out of bounds.
    """
    found = as_integer(value)
    if found is None or (least is not None and found < least) or (most is not None and found > most):
        raise InputError(f"{what} is an integer{_bounds(least, most)}, got {shown(value)}")
    return found


def positive(what: str, value: Any) -> float:
    """A positive finite number as a float.

    Raises:
        InputError: the value is not a positive finite number.
    """
    found = as_real(value)
    if found is None or not 0 < found < math.inf:
        raise InputError(f"{what} is a positive number, got {shown(value)}")
    return found


def not_negative(what: str, value: Any) -> float:
    """A finite number of at least zero as a float.

    Raises:
        InputError: the value is not a finite number, or is negative.
    """
    found = as_real(value)
    if found is None or not 0 <= found < math.inf:
        raise InputError(f"{what} is a number of at least 0, got {shown(value)}")
    return found


def one_of(what: str, value: _Value, allowed: Iterable[_Value]) -> _Value:
    """One of a few values.

    Raises:
        InputError: the value is not one of them; the sentence lists them.
    """
    choices = tuple(allowed)
    # Equality with an array is an array, so what cannot be hashed is not compared.
    if not _hashable(value) or value not in choices:
        raise InputError(f"{what} must be one of {', '.join(map(repr, choices))}, got {value!r}")
    return value


def identifier(what: str, value: Any) -> str:
    """A name that C and Python take: ASCII letters, digits and underscores, and no digit first.

    Raises:
        InputError: the value is not such a name.
    """
    if not isinstance(value, str) or not value.isascii() or not value.isidentifier():
        raise InputError(f"{what} cannot be named {value!r}: use letters, digits and underscores, and no digit first")
    return value


def nearest(given: str, allowed: Iterable[str]) -> str:
    """The end of a sentence about a wrong name: `, did you mean 'x'?` where an allowed name is near, else nothing."""
    from difflib import get_close_matches  # 10 ms that only a mistake should cost

    found = get_close_matches(given, list(allowed), n=1)
    return f", did you mean {found[0]!r}?" if found else ""


def json_integer(value: Any) -> int:
    """An integer as JSON holds it; a `ValueError` says what was found instead."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected an integer, got {value!r}")
    return value


def json_format(
    data: Any, mark: str, versions: tuple[int, ...], source: object, what: str, remedy: str, error: type[InvgenError]
) -> None:
    """Refuse the content of a JSON file that is not of a format, or is of a version that this invgen does not read.

    Args:
        data: what the file holds.
        mark: what its `format` is.
        versions: what its `format_version` may be.
        source: the file, as a sentence names it.
        what: what it should be, "a basis file".
        remedy: what to do, after "or".
        error: what is raised.
    """
    if not isinstance(data, dict) or data.get("format") != mark:
        raise error(f"{source} is not {what}: it lacks the format mark {mark!r}; name another file, or {remedy}")
    version = data.get("format_version")
    if isinstance(version, bool) or version not in versions:
        known = " and ".join(map(str, versions))
        raise error(
            f"{source} has format version {version!r}, and this invgen reads {known}; use the version of invgen that "
            f"wrote it, or {remedy}"
        )


def json_natural(value: Any) -> int:
    """An integer of at least 0 as JSON holds it; a `ValueError` says what was found instead."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"expected a natural number, got {value!r}")
    return value


def json_boolean(value: Any) -> bool:
    """True or false as JSON holds it; a `ValueError` says what was found instead."""
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {value!r}")
    return value


def _bounds(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f" of at least {least}"
    return "" if most is None else f" of at most {most}"


def _holds_bools(value: Any) -> bool:
    """Whether a value is a scalar, an array or a tensor of true and false, of NumPy or another library."""
    return str(getattr(value, "dtype", "")).endswith("bool")


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
