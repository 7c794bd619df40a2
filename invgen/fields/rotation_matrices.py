"""Rotations acting on harmonic coordinates: turned templates, and their derivatives with respect to the rotation.

A rotation is a unit quaternion (x, y, z, w). With Euler angles it is Rz(α) Ry(β) Rz(γ). About z the components m and
-m mix by cosines and sines; about y a rotation is one about z between two fixed rotations that exchange the axes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from invgen.fields.harmonic_coordinates import Layout, generators_of

Floats = NDArray[np.float64]


def turned(coordinates: Floats, layout: Layout, quaternions: Floats) -> Floats:
    """The coordinates of a field that was turned, (n, size), for rotations (n, 4).

    Args:
        coordinates: (size,) for one field, or (n, size) for one to each rotation.
        layout: of the coordinates.
        quaternions: (n, 4), in the plane rotations about z.
    """
    x, y, z, w = np.moveaxis(np.asarray(quaternions, dtype=np.float64), -1, 0)
    found = np.empty((len(quaternions), layout.size))
    given = np.broadcast_to(coordinates, found.shape)
    if layout.dimension == 2:
        angles = [2.0 * np.arctan2(z, w)]
    else:
        half_sum, half_difference = np.arctan2(z, w), np.arctan2(-x, y)
        beta = 2.0 * np.arctan2(np.hypot(x, y), np.hypot(z, w))
        angles = [half_sum - half_difference, beta, half_sum + half_difference]
    for part in layout.parts:
        values = given[:, part.where].reshape(-1, part.count, part.size)
        values = _about_last_axis(values, angles[0], part.l, layout.dimension)
        if layout.dimension == 3 and part.l:
            exchange = _exchange(part.l)
            values = _about_last_axis(values @ exchange, angles[1], part.l, 3) @ exchange.T
            values = _about_last_axis(values, angles[2], part.l, 3)
        found[:, part.where] = values.reshape(len(found), -1)
    return found


def moved(coordinates: Floats, layout: Layout) -> Floats:
    """The generators applied to coordinates (..., size): (..., 3, size), in the plane (..., 1, size)."""
    axes = 3 if layout.dimension == 3 else 1
    found = np.zeros((*coordinates.shape[:-1], axes, layout.size))
    for part in layout.parts:
        if not part.l:
            continue
        values = coordinates[..., part.where].reshape(*coordinates.shape[:-1], 1, part.count, part.size)
        products = values @ np.swapaxes(generators_of(part.l, layout.dimension), -1, -2)[:, :, :]
        found[..., part.where] = products.reshape(*found.shape[:-1], -1)
    return found


def exponential(vectors: Floats) -> Floats:
    """The quaternions of rotation vectors, (..., 3) -> (..., 4)."""
    angles = np.linalg.norm(vectors, axis=-1, keepdims=True)
    # np.sinc(t) is sin(πt)/(πt), which is right at zero too.
    return np.concatenate([vectors * (0.5 * np.sinc(angles / (2.0 * np.pi))), np.cos(0.5 * angles)], axis=-1)


def product(first: Floats, second: Floats) -> Floats:
    """The quaternion of the rotation `second` followed by `first`, with unit norm."""
    a, b = first[..., :3], second[..., :3]
    u, v = first[..., 3:], second[..., 3:]
    vector = u * b + v * a + np.cross(a, b)
    found = np.concatenate([vector, u * v - (a * b).sum(axis=-1, keepdims=True)], axis=-1)
    result: Floats = found / np.linalg.norm(found, axis=-1, keepdims=True)
    return result


def angle_between(first: Floats, second: Floats) -> Floats:
    """The angle of the rotation between two, in radians."""
    found: Floats = 2.0 * np.arccos(np.clip(np.abs((first * second).sum(axis=-1)), 0.0, 1.0))
    return found


def _about_last_axis(values: Floats, angles: Floats, l: int, dimension: int) -> Floats:
    """A rotation about z on parts (n, count, size), one angle for each of n."""
    if not l:
        return values
    weights, signs = _weights(l, dimension)
    cosines, sines = np.cos(angles[:, None, None] * weights), np.sin(angles[:, None, None] * weights)
    return cosines * values + sines * signs * values[..., ::-1]


@cache
def _weights(l: int, dimension: int) -> tuple[Floats, Floats]:
    """|m| of each component, and the sign with which the component -m enters as it turns about z."""
    about_z = generators_of(l, dimension)[-1]
    across = np.diag(about_z[:, ::-1])
    return np.abs(across), np.sign(across)


@cache
def _exchange(l: int) -> Floats:
    """The rotation by -90 degrees about x, which takes the axis z to the axis y."""
    # The generator times i is Hermitian, with the whole numbers from -l to l as eigenvalues.
    values, vectors = np.linalg.eigh(1j * generators_of(l, 3)[0])
    found: Floats = ((vectors * np.exp(0.5j * np.pi * np.rint(values))) @ vectors.conj().T).real
    return found
