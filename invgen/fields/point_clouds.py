"""Moments of point clouds, which are those of a field that is a sum of weights at points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from invgen.checks import integer, one_of
from invgen.errors import InputError
from invgen.fields.local_moments import MAX_ORDER, Moments
from invgen.fields.normalisation import NAMES, in_own_units, norms
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Floats, Window
from invgen.spaces.space import TensorSpace

TRANSLATION, SCALE, OFFSET, CONTRAST = NAMES


def point_cloud_moments(
    points: Any,
    order: int,
    weights: Any = None,
    normalise: str | Sequence[str] = (),
    window: Window | None = None,
    group: str | None = None,
) -> Moments:
    """The moments of points with weights: sums of weight times x^a y^b z^c, which turn with the points.

    They are the components of `fields.moments(at="whole")`, and `normalise` has the same meaning, but for "scale":
    weights of points are not densities, so moments of order n are divided by the n-th power of the size.

    Args:
        points: (n, 3), or (n, 2) in the plane.
        order: the highest order, 0 to 20.
        weights: (n,), ones by default.
        normalise: "translation" for moments about the centroid, "scale" for lengths in units of the root of the trace
            of order 2 divided by order 0, "contrast" (with "scale", or with a window) for the norm 1.
        window: a Gaussian window about the centroid, which "translation" must then ask for; by default none.
        group: of the space; O3 or O2 by default.

    Returns:
        The moments, (dim,) in float64, with the space of the orders that are left.

    Raises:
        InputError: there is no point, a number is not finite, the weights sum to zero where a centroid is needed, or
            the points have no extent where it is the unit.
    """
    places, masses = read_cloud(points, weights)
    highest = integer("order", order, 0, MAX_ORDER)
    names = read_names(normalise, highest, window)
    if TRANSLATION in names:
        places = places - centroid(places, masses)
    exponents = exponents_of(highest, places.shape[1])
    return finished(sums(places, masses, exponents, window), exponents, names, window, group, of_density=False)


def read_cloud(points: Any, weights: Any = None) -> tuple[Floats, Floats]:
    """Points (n, 3) or (n, 2) and their weights (n,) in float64; `InputError` if they are not, or there is none."""
    places = _floats("points", points)
    if places.ndim != 2 or places.shape[1] not in (2, 3) or not len(places):
        raise InputError(f"a point cloud has the shape (n, 3) or (n, 2) with at least one point, got {places.shape}")
    masses = np.ones(len(places)) if weights is None else _floats("weights", weights)
    if masses.shape != (len(places),):
        raise InputError(f"there is one weight for each of {len(places)} points, got the shape {masses.shape}")
    return places, masses


def _floats(what: str, given: Any) -> Floats:
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise InputError(f"{what} are real numbers, got an array of {array.dtype}")
    found: Floats = array.astype(np.float64)
    if not np.isfinite(found).all():
        raise InputError(f"{what} must be finite, got {int((~np.isfinite(found)).sum())} numbers that are not")
    return found


def read_names(normalise: str | Sequence[str], order: int, window: Window | None) -> tuple[str, ...]:
    """The normalisations of a whole object in the order in which they are done; `InputError` for those it has not."""
    given = (normalise,) if isinstance(normalise, str) else tuple(normalise)
    for name in given:
        one_of("a normalisation of a whole object", name, (TRANSLATION, SCALE, CONTRAST))
    names = tuple(name for name in NAMES if name in given)
    if order < len({TRANSLATION, SCALE} & set(names)) or (SCALE in names and order < 2):
        raise InputError(f'"translation" needs the moments of order 1 and "scale" those of order 2, got order {order}')
    if window is not None:
        if not isinstance(window, Window) or window.is_ball:
            raise InputError(
                f"window is a Gaussian window, such as fields.Window.hermite(2.0), or None, got {window!r}"
            )
        if TRANSLATION not in names or SCALE in names:
            raise InputError(
                'a window of a whole object lies at its centroid and has its own scale: use normalise="translation"'
            )
    elif CONTRAST in names and SCALE not in names:
        raise InputError('"contrast" needs "scale", too: moments of different orders have different units before')
    return names


def centroid(places: Floats, masses: Floats) -> Floats:
    """The centroid of points; `InputError` if their weights sum to zero but for rounding."""
    total = masses.sum()
    if abs(total) <= 1e-12 * np.abs(masses).sum():
        raise InputError('the weights sum to zero, so there is no centroid; leave out "translation"')
    found: Floats = masses @ places / total
    return found


def sums(places: Floats, masses: Floats, exponents: Sequence[tuple[int, ...]], window: Window | None) -> Floats:
    """The sums of weights times monomials, or times the functions of a window about zero, (moments,)."""
    order = max(map(sum, exponents))
    if window is None:
        rows = places.T[None] ** np.arange(order + 1)[:, None, None]  # (power, axis, point)
        factors = np.ones(len(exponents))
    else:
        # With the scale for the size of a voxel the functions are orthonormal in units of the scale.
        rows = window.functions(order, window.scale, places.T.ravel()).reshape(order + 1, places.shape[1], -1)
        factors = np.array([window.entry(e) for e in exponents])
    found = [np.prod([rows[power, axis] for axis, power in enumerate(e)], axis=0) @ masses for e in exponents]
    scaled: Floats = factors * np.array(found)
    return scaled


def finished(
    values: Floats,
    exponents: Sequence[tuple[int, ...]],
    names: Sequence[str],
    window: Window | None,
    group: str | None,
    of_density: bool,
) -> Moments:
    """Moments, which are about the centroid already, freed of scale and contrast, with the space that is left.

    Args:
        values: (moments,).
        exponents: of all orders from 0 on.
        names: the normalisations.
        window: of the moments.
        group: of the space.
        of_density: whether order 0 is a volume, which "scale" divides by the size to the power of the dimension.
    """
    dimension, order = len(exponents[0]), max(map(sum, exponents))
    if SCALE in names:
        scaled = in_own_units(values, exponents)
        values = scaled if of_density else scaled * (values[0] / scaled[0])
    kept = list(range(order + 1))
    if TRANSLATION in names and window is None:
        kept.remove(1)
        values = values[[sum(e) != 1 for e in exponents]]
    if CONTRAST in names:
        size = norms(values[:, None], [e for e in exponents if sum(e) in kept])
        if not size > 0:
            raise InputError('the moments vanish, so there is no contrast to divide by; leave out "contrast"')
        values = values / size
    counts = {TRANSLATION: 0 if window is not None else dimension, SCALE: 1, CONTRAST: 1}
    name = group if group is not None else "O3" if dimension == 3 else "O2"
    space = TensorSpace.moments(kept, "scalar", dimension, name)
    return Moments(values, space, None, window, {each: counts[each] for each in names})
