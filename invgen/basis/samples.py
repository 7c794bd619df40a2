"""What a basis evaluates: an array of components, exact or in floats as the convention says."""

from __future__ import annotations

import sys
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np

from invgen.algebra.modular import Array
from invgen.errors import InputError
from invgen.spaces import conventions
from invgen.spaces.space import TensorSpace


def read_samples(x: Any, space: TensorSpace, convention: str) -> tuple[Array, tuple[int, ...]]:
    """The samples (number, dimension) in x (..., dimension), and the shape of the axes before the last.

    Objects (integers and Fractions) in the convention "rational", in "cartesian" if x holds objects; otherwise float64.

    Raises:
        InputError: the last axis is not the dimension of the space, x is not numeric, or some of it is masked.
    """
    if _is_masked(x):
        raise InputError("x has masked values; fill them or drop their samples first")
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise InputError(f"x must be an array of components, not ragged lists ({error})") from error
    dimension = space.dimension
    if array.ndim < 1 or array.shape[-1] != dimension:
        raise InputError(f"the last axis must hold the {dimension} components of {space}, got shape {array.shape}")
    exact = convention == "rational" or (convention == conventions.CARTESIAN and array.dtype == object)
    if array.dtype.kind not in ("iuO" if exact else "iuf"):
        allowed = "integers and Fractions" if exact else "real numbers"
        raise InputError(
            f"the convention {convention!r} takes {allowed}, got {array.dtype}"
            + ("; use with_convention('sphericart') for floats" if exact else "")
        )
    if array.dtype == object and not all(isinstance(v, Rational) for v in array.flat):
        raise InputError(f"the convention {convention!r} takes integers and Fractions; use with_convention for floats")
    flat = array.reshape(-1, dimension)
    if not exact:
        return flat.astype(np.float64), array.shape[:-1]
    rationals = np.empty(flat.size, dtype=object)
    rationals[:] = [_rational(value) for value in flat.ravel().tolist()]
    return rationals.reshape(flat.shape), array.shape[:-1]


def _rational(value: Rational) -> int | Fraction:
    """The value in Python's integers: those of NumPy, which may be inside a Fraction too, overflow."""
    top, bottom = int(value.numerator), int(value.denominator)
    return top if bottom == 1 else Fraction(top, bottom)


def _is_masked(x: Any) -> bool:
    """Whether a masked array, or a list of them, hides values that `np.asarray` would bring back."""
    masked = sys.modules.get("numpy.ma")  # slow to load, and loaded already where there are masked arrays
    if masked is None:
        return False
    return any(masked.is_masked(part) for part in (x if isinstance(x, list | tuple) else [x]))
