"""Moments of the solid inside a mesh of triangles: integrals of monomials, exact but for rounding.

The solid is a sum of signed tetrahedra from the origin to each face. In a tetrahedron with the corners 0, a, b and c a
point is u a + v b + w c, so that x^p y^q z^r is a polynomial in u, v and w, whose monomials have the integrals
6 V i! j! k! / (i + j + k + 3)! with the signed volume V.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from invgen.checks import integer
from invgen.errors import InputError, needs
from invgen.fields.local_moments import MAX_ORDER, Moments
from invgen.fields.point_clouds import TRANSLATION, finished, read_names
from invgen.fields.slabs import exponents_of
from invgen.fields.windows import Floats
from invgen.spaces.harmonics import monomials

_BLOCK = 2**21  # numbers of the polynomials of one order that are held at a time

Integers = NDArray[np.int64]


def mesh_moments(
    vertices: Any, faces: Any, order: int, normalise: str | Sequence[str] = (), group: str | None = None
) -> Moments:
    """The moments of the solid that a closed mesh bounds: integrals of x^a y^b z^c, which turn with it.

    They are the components of `fields.moments(at="whole")`, to which those of a solid made of voxels converge, and
    `normalise` has the same meaning.

    Args:
        vertices: (n, 3).
        faces: (m, 3), numbers of vertices, counter-clockwise seen from outside.
        order: the highest order, 0 to 20.
        normalise: "translation", "scale" and (with "scale") "contrast", as for `fields.point_cloud_moments`.
        group: of the space; O3 by default.

    Returns:
        The moments, (dim,) in float64, with the space of the orders that are left.

    Raises:
        InputError: the mesh is not closed, its faces do not run in one sense, it is inside out, or encloses no volume.

    Complexity: per face the sum over moments of the number of monomials of their order, 4000 for order 8.
    """
    corners, triangles = read_mesh_arrays(vertices, faces)
    highest = integer("order", order, 0, MAX_ORDER)
    names = read_names(normalise, highest, None)
    if TRANSLATION in names:
        # From the middle of the box no tetrahedron is much larger than the solid.
        corners = corners - (corners.min(axis=0) + corners.max(axis=0)) / 2
        first = integrals(corners[triangles], 1)
        corners = corners - first[1:] / first[0]
    return finished(integrals(corners[triangles], highest), exponents_of(highest, 3), names, None, group, True)


def read_mesh(path: str | Path) -> tuple[Floats, Integers]:
    """The vertices (n, 3) and faces (m, 3) of a file that trimesh reads: STL, OBJ, PLY, OFF and others.

    Vertices at one place are merged, because STL repeats them for each face.

    Raises:
        InputError: the file is not there or holds no mesh.
        MissingPackageError: trimesh is not installed.
    """
    needs("trimesh")
    import trimesh

    if not Path(path).is_file():
        raise InputError(f"there is no file {path}; name a mesh")
    try:
        found = trimesh.load(Path(path), force="mesh")
        found.merge_vertices()
        return np.asarray(found.vertices, dtype=np.float64), np.asarray(found.faces, dtype=np.int64)
    except Exception as error:  # readers of a dozen formats raise what they like
        raise InputError(f"{path} is not a mesh that trimesh reads: {error}; convert it to PLY or STL") from error


def read_mesh_arrays(vertices: Any, faces: Any) -> tuple[Floats, Integers]:
    """Vertices and faces without the degenerate ones; `InputError` if they bound no solid."""
    points, triangles = np.asarray(vertices), np.asarray(faces)
    if points.dtype.kind not in "fiu" or points.ndim != 2 or points.shape[1] != 3:
        raise InputError(f"vertices have the shape (n, 3), got {points.dtype} of the shape {points.shape}")
    if triangles.dtype.kind not in "iu" or triangles.ndim != 2 or triangles.shape[1] != 3 or not len(triangles):
        raise InputError(
            f"faces are at least one triangle of numbers of vertices, (m, 3), got {triangles.dtype} of the shape "
            f"{triangles.shape}"
        )
    if not np.isfinite(points).all():
        raise InputError(f"vertices must be finite, got {int((~np.isfinite(points)).sum())} numbers that are not")
    if triangles.min() < 0 or triangles.max() >= len(points):
        raise InputError(f"faces name vertices from 0 to {len(points) - 1}, got {triangles.min()} to {triangles.max()}")
    places = points.astype(np.float64)
    kept = triangles.astype(np.int64)
    # A face that names a vertex twice has no area, and its edges cancel each other.
    kept = kept[(kept != np.roll(kept, 1, axis=1)).all(axis=1)]
    check_closed(kept, len(points))
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    volume = integrals((places - middle)[kept], 0)[0] if len(kept) else 0.0
    box = float(np.prod(np.ptp(places, axis=0)))
    if abs(volume) <= 1e-12 * box or not box > 0:
        raise InputError("the mesh encloses no volume; give a solid, or its vertices to fields.point_cloud_moments")
    if volume < 0:
        raise InputError(f"the mesh is inside out, its volume is {volume:.3g}; reverse its faces with faces[:, ::-1]")
    return places, kept


def check_closed(faces: Integers, vertices: int) -> None:
    """`InputError` unless every edge is passed as often in one direction as in the other."""
    starts, ends = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    keys = np.minimum(starts, ends) * vertices + np.maximum(starts, ends)
    edges, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    signs = np.bincount(inverse.ravel(), weights=np.where(starts < ends, 1.0, -1.0), minlength=len(edges))
    odd = int((counts % 2 != 0).sum())
    if odd:
        raise InputError(
            f"the mesh is not closed: {odd} of {len(edges)} edges have a face on one side only; fill its holes, and "
            "merge vertices at one place (fields.read_mesh does)"
        )
    if signs.any():
        raise InputError(
            f"the faces of the mesh do not run in one sense: at {int((signs != 0).sum())} of {len(edges)} edges "
            "neighbours turn against each other; orient them counter-clockwise seen from outside"
        )


def integrals(corners: Floats, order: int) -> Floats:
    """The integrals of all monomials up to an order over signed tetrahedra from the origin, (moments,).

    Args:
        corners: (faces, 3 corners, 3 coordinates).
        order: the highest order.
    """
    size = max(1, _BLOCK // len(monomials(order)) ** 2)
    parts = [_integrals(corners[start : start + size], order) for start in range(0, len(corners), size)]
    found: Floats = np.sum(parts, axis=0)
    return found


def _integrals(corners: Floats, order: int) -> Floats:
    determinants = np.linalg.det(corners)
    found = [determinants.sum(keepdims=True) / 6.0]
    # The polynomials of order n in u, v and w, (monomials of x, y and z; monomials of u, v and w; faces).
    polynomials = np.ones((1, 1, len(corners)))
    for n in range(1, order + 1):
        before: dict[tuple[int, ...], int] = {e: i for i, e in enumerate(monomials(n - 1))}
        now = list(monomials(n))
        places: dict[tuple[int, ...], int] = {e: i for i, e in enumerate(now)}
        made = np.zeros((len(now), len(now), len(corners)))
        for i, e in enumerate(now):
            axis = next(a for a in range(3) if e[a])
            lower = polynomials[before[_less(e, axis)]]
            for corner in range(3):
                above = [places[_less(f, corner, -1)] for f in before]
                made[i, above] += lower * corners[:, corner, axis]
        polynomials = made
        shares = [factorial(f[0]) * factorial(f[1]) * factorial(f[2]) / factorial(n + 3) for f in now]
        found.append(np.einsum("ijf,j,f->i", polynomials, np.array(shares), determinants))
    return np.concatenate(found)


def _less(exponents: Sequence[int], axis: int, by: int = 1) -> tuple[int, ...]:
    return tuple(k - by * (a == axis) for a, k in enumerate(exponents))
