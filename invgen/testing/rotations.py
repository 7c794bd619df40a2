"""Rotations and reflections acting on components, in any convention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from invgen import checks
from invgen.spaces import conventions, harmonics
from invgen.spaces.point_groups import generators
from invgen.spaces.space import TensorSpace
from invgen.spaces.structural import STANDARD

Floats = NDArray[np.float64]


def random_rotation(generator: np.random.Generator, reflect: bool = False, spatial_dimension: int = 3) -> Floats:
    """A random rotation matrix, uniform in SO(3) or SO(2); times the inversion, or y -> -y, if `reflect`.

    Args:
        generator: where random numbers come from.
        reflect: whether the determinant is -1.
        spatial_dimension: 3, or 2 for the plane.
    """
    if spatial_dimension == 2:
        angle = generator.uniform(0.0, 2.0 * np.pi)
        c, s, sign = np.cos(angle), np.sin(angle), -1.0 if reflect else 1.0
        return np.array([[c, -s * sign], [s, c * sign]])
    quaternion = generator.normal(size=4)
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    rotation: Floats = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
    return -rotation if reflect else rotation


def random_element(space: TensorSpace, generator: np.random.Generator, reflect: bool = False) -> Floats:
    """A random element of the group of a space.

    Under O(3), SO(3), O(2) and SO(2) it is uniform, and a reflection if `reflect` and the group has one. Under a point
    group it is a product of twelve random powers of its generators, in the orientation of the space.
    """
    if space.point_group is None:
        return random_rotation(generator, reflect and space.group in ("O3", "O2"), space.spatial_dimension)
    axes = np.array(space.orientation or STANDARD, dtype=np.float64).T
    axes /= np.linalg.norm(axes, axis=0)
    operations = generators(space.point_group)
    matrix = np.eye(3)
    for choice in generator.integers(len(operations), size=12):
        operation = operations[choice]
        turns = generator.integers(max(operation.fold, 2)) if operation.fold else generator.uniform()
        angle = 2.0 * np.pi * turns / (operation.fold or 1)
        rotation = _about(axes @ np.array(operation.axis, dtype=np.float64), angle)
        matrix = (operation.sign if operation.sign > 0 or turns % 2 else 1) * rotation @ matrix
    return matrix


def _about(axis: Floats, angle: float) -> Floats:
    """The rotation by an angle about an axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    rotation: Floats = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    return rotation


def harmonic_components(l: int, vectors: Floats, convention: str) -> Floats:
    """The components of the traceless part of r⊗...⊗r, the solid harmonics of a convention.

    Shapes: (..., 3) -> (..., 2l + 1). For l = 0 the only component is that of the number 1.

    Args:
        l: the rank.
        vectors: r, of any length.
        convention: what the components are written in.

    Raises:
        InputError: l is not an integer of at least 0.
    """
    l = checks.integer("l", l, least=0)
    x, y, z = np.moveaxis(np.asarray(vectors, dtype=np.float64), -1, 0)
    powers = np.stack([x**a * y**b * z**c for a, b, c in harmonics.monomials(l)], axis=-1)
    to_traceless, unit = harmonics.tensor_of_components(l)
    rational = powers @ _floats(harmonics.components_of_tensor(l)).T
    entries = (rational * np.array([float(s) for s in unit])) @ _floats(to_traceless).T
    scale, matrix = conventions.component_matrix(convention, l)
    components: Floats = (entries @ _floats(matrix).T) * np.array([s.round() for s in scale])
    return components


def representation(space: TensorSpace, matrix: Floats, convention: str) -> Floats:
    """The matrix D with which an orthogonal matrix acts on the components of a space: x -> D x.

    The matrix is (3, 3), in the plane (2, 2); D is block diagonal. A tensor of unnatural parity gets one more sign
    under a reflection. Fitted to the solid harmonics of random points, accurate to about 1e-13 for l <= 8. In
    "cartesian" it is A^-1 D A, no longer block diagonal.

    Args:
        space: what transforms.
        matrix: orthogonal.
        convention: what the components are written in.
    """
    if space.layout is not None and convention == conventions.CARTESIAN:
        layout = _floats(space.layout.matrix)
        moved = representation(space, matrix, "rational") @ layout
        return np.asarray(np.linalg.solve(layout, moved), dtype=np.float64)
    if space.spatial_dimension == 2:
        return _planar_representation(space, matrix)
    result = np.zeros((space.dimension, space.dimension))
    reflects = np.linalg.det(matrix) < 0
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        points = np.random.default_rng(tensor.l).normal(size=(4 * tensor.dimension, 3))
        points /= np.linalg.norm(points, axis=-1, keepdims=True)
        before = harmonic_components(tensor.l, points, convention)
        after = harmonic_components(tensor.l, points @ matrix.T, convention)
        block = np.linalg.lstsq(before, after, rcond=None)[0].T
        unnatural = tensor.parity != (-1) ** tensor.l
        result[where, where] = -block if reflects and unnatural else block
    return result


def _planar_representation(space: TensorSpace, matrix: Floats) -> Floats:
    """A moment c of weight m turns by e^(imφ), after y -> -y made it its conjugate, times its parity."""
    result = np.zeros((space.dimension, space.dimension))
    reflects = np.linalg.det(matrix) < 0
    angle = np.arctan2(matrix[1, 0], matrix[0, 0])
    for tensor, where in zip(space.tensors, space.slices, strict=True):
        c, s = np.cos(tensor.l * angle), np.sin(tensor.l * angle)
        block = np.array([[c, -s], [s, c]]) @ np.diag([1.0, -1.0 if reflects else 1.0])
        result[where, where] = (tensor.parity if reflects else 1) * block[: tensor.dimension, : tensor.dimension]
    return result


def _floats(matrix: harmonics.IntegerMatrix) -> Floats:
    return np.array(matrix, dtype=np.float64)
