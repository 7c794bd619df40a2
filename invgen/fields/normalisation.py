"""What moments may be freed of, and how many degrees of freedom that removes.

====================  =======  ========  =====================  ==============  ====================================
normalisation         every    points    whole, without window  removes         what it does
====================  =======  ========  =====================  ==============  ====================================
"translation"         no       monomials yes                    3, 2 in plane   moments about the centroid
"scale"               no       no        yes                    1               lengths in units of the object's own
"offset"              yes      yes       no                     1 a component   a constant added to the field
"contrast"            yes      yes       with "scale"           1               a factor of the field
====================  =======  ========  =====================  ==============  ====================================

All of them commute with rotations and reflections, so what is left has the invariants of its space. They are done in
this order. "translation" needs the amplitude that "offset" removes, so the two do not go together, nor do "scale" and
"offset". A whole field with a window takes "translation" alone and without order 1 being lost: the window is placed at
the field's centroid, and all moments under it stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import comb, factorial, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import one_of
from invgen.errors import InputError
from invgen.fields.grids import Grid
from invgen.fields.windows import HERMITE, Floats, Window

NAMES = ("translation", "scale", "offset", "contrast")
_TOO_SMALL = 1000  # roundings: what is left of a constant after the offset is projected out

Array = NDArray[Any]
Exponents = Sequence[tuple[int, ...]]


def read_normalise(normalise: Any, at: str, window: Window | None, order: int, components: int) -> tuple[str, ...]:
    """The normalisations in the order in which they are done.

    Args:
        normalise: names, or one.
        at: "every", "points" or "whole".
        window: of the moments.
        order: the highest order.
        components: of the field.

    Raises:
        InputError: a name that is none of them, or one that does not go with the rest.
    """
    given = (normalise,) if isinstance(normalise, str) else tuple(normalise)
    for name in given:
        one_of("a normalisation", name, NAMES)
    names = tuple(name for name in NAMES if name in given)
    windowed = "a window" if window is not None else "no window"
    if "translation" in names:
        if at == "every":
            raise InputError(
                'moments about every voxel keep their places: "translation" goes with at="whole", or with points under '
                "a window of monomials"
            )
        if components != 1:
            raise InputError(
                '"translation" is for fields of numbers, whose centroid orders 0 and 1 give; of vectors and matrices, '
                "give the point with at="
            )
        if at == "points" and window is not None and window.kind == HERMITE:
            raise InputError(
                '"translation" at points goes with monomials, Window.gaussian or Window.ball: Hermite functions do not '
                "turn into themselves as the centre moves"
            )
        if order < 1:
            raise InputError('"translation" needs the moments of order 1, got order 0')
    if "scale" in names and (at != "whole" or window is not None):
        raise InputError(
            f'"scale" takes lengths in units of the object itself, which goes with at="whole" without a window, got '
            f"at={at!r} with {windowed}; a window has its own scale"
        )
    if "scale" in names and order < 2:
        raise InputError(f'"scale" needs the moments of order 2, got order {order}')
    if "offset" in names and at == "whole":
        raise InputError('"offset" goes with windows about voxels or points: a whole field has no background to it')
    if "offset" in names and "translation" in names:
        raise InputError('"offset" moves the centroid, so it does not go with "translation"; choose one of them')
    if "contrast" in names and at == "whole" and "scale" not in names and window is None:
        raise InputError(
            '"contrast" of a whole field needs "scale", too: moments of different orders have different units before'
        )
    return names


def weights_of_norm(exponents: Exponents) -> Floats:
    """The factors of squares in the norm of symmetric tensors: how many of their entries are equal."""
    return np.array([factorial(sum(e)) / prod(map(factorial, e)) for e in exponents])


def norms(values: Array, exponents: Exponents) -> Array:
    """The norm of all moments at a point, of values (..., moments, components), which rotations do not change."""
    found: Array = np.sqrt(
        np.einsum("...mc,...mc,m->...", values, values, weights_of_norm(exponents).astype(values.dtype))
    )
    return found


def about_centroid(values: Array, exponents: Exponents) -> Array:
    """Moments of monomials about their own centroid, (..., moments); `InputError` where order 0 is zero."""
    dimension = len(exponents[0])
    places = {e: i for i, e in enumerate(exponents)}
    mass = values[..., 0]
    if (np.abs(mass) <= np.finfo(values.dtype).eps * np.abs(values).max()).any():
        raise InputError(
            'under a window the field sums to zero, so it has no centroid there; leave out "translation", or the point'
        )
    units = [tuple(int(i == axis) for i in range(dimension)) for axis in range(dimension)]
    shift = np.stack([values[..., places[unit]] / mass for unit in units], axis=-1)
    found = np.zeros_like(values)
    for e, i in places.items():
        for lower in product(*(range(k + 1) for k in e)):
            factor = prod(comb(k, j) for k, j in zip(e, lower, strict=True))
            powers = prod((-shift[..., axis]) ** (k - j) for axis, (k, j) in enumerate(zip(e, lower, strict=True)))
            found[..., i] += factor * powers * values[..., places[lower]]
    return found


def in_own_units(values: Floats, exponents: Exponents) -> Floats:
    """Moments of a whole field in units of its own size, the root of the trace of order 2 divided by order 0.

    Volumes are then in units of its cube, so that an object that is twice as large has equal moments.

    Raises:
        InputError: the trace and order 0 have different signs, or are zero.
    """
    dimension = len(exponents[0])
    doubles = [tuple(2 * int(i == axis) for i in range(dimension)) for axis in range(dimension)]
    trace = sum(values[exponents.index(e)] for e in doubles)
    square = trace / values[0] if values[0] else 0.0
    if not square > 0 or not np.isfinite(square):
        raise InputError(
            "the field has no size of its own, because the trace of order 2 divided by order 0 is not positive; leave "
            'out "scale"'
        )
    found: Floats = values / np.array([square ** ((sum(e) + dimension) / 2) for e in exponents])
    return found


def without_offset(values: Array, constant: Array, exponents: Exponents) -> Array:
    """Moments without the part along those of a constant field.

    Args:
        values: (..., moments, components).
        constant: the moments of ones, (moments,) or (..., moments); where they vanish nothing is taken away.
        exponents: of the moments.
    """
    weights = weights_of_norm(exponents).astype(values.dtype)
    along = np.einsum("...mc,...m,m->...c", values, constant, weights)
    size = np.einsum("...m,...m,m->...", constant, constant, weights)
    share = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
    found: Array = values - constant[..., :, None] * (along * share[..., None])[..., None, :]
    return found


def offset_projection(constant: Floats, exponents: Exponents, components: int) -> Floats:
    """The matrix of `without_offset`, (dim, dim)."""
    weights = weights_of_norm(exponents)
    single: Any = np.eye(len(exponents)) - np.outer(constant, constant * weights) / (constant @ (constant * weights))
    found: Floats = np.kron(single, np.eye(components))
    return found


def check_contrast(grid: Grid) -> None:
    """`InputError` if a field is constant where its weights are positive."""
    inside = np.ones(grid.shape, dtype=bool) if grid.weights is None else grid.weights > 0
    values = grid.values[inside]
    if grid.weights is not None:
        values = values / grid.weights[inside][:, None]
    spread = values.max(axis=0) - values.min(axis=0)
    if (spread <= 4 * np.finfo(values.dtype).eps * np.abs(values).max()).all():  # quotients are rounded twice
        raise InputError('the field is constant, so it has no contrast to divide by; leave out "contrast"')


def of_unit_norm(values: Array, exponents: Exponents, before: Array, one_by_one: bool) -> Array:
    """Moments divided by their norm.

    Args:
        values: (..., moments, components).
        exponents: of the moments.
        before: the norms before an offset was projected out, which say what is rounding.
        one_by_one: whether each point must have contrast; otherwise points without it have zeros.

    Raises:
        InputError: there is no contrast.
    """
    sizes = norms(values, exponents)
    least = _TOO_SMALL * np.finfo(values.dtype).eps * before.max(initial=0.0)
    empty = sizes <= least
    if empty.all() or (one_by_one and empty.any()):
        where = "everywhere" if empty.all() else f"about {int(empty.sum())} of the points"
        raise InputError(f'the moments vanish {where}, so there is no contrast to divide by; leave out "contrast"')
    found: Array = values * np.divide(1.0, sizes, out=np.zeros_like(sizes), where=~empty)[..., None, None]
    return found


def left(
    names: Sequence[str], at: str, window: Window | None, order: int, dimension: int, components: int
) -> tuple[tuple[int, ...], dict[str, int]]:
    """The orders that are left, and how many degrees of freedom each normalisation removed."""
    counts = {"translation": dimension, "scale": 1, "offset": components, "contrast": 1}
    removed = {name: counts[name] for name in names}
    if "translation" not in names:
        return tuple(range(order + 1)), removed
    if at == "whole" and window is not None:
        removed["translation"] = 0  # moments under the window stay, those of order 1 too
        return tuple(range(order + 1)), removed
    return tuple(n for n in range(order + 1) if n != 1), removed
