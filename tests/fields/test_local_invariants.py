"""Invariants at every voxel: they are those of the moments, and do not change as the field turns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, fields, generate
from invgen.errors import InputError
from invgen.fields import Window
from invgen.testing.rotations import random_rotation

SCALAR = generate(TensorSpace.moments(range(4)), 3)
VECTOR = generate(TensorSpace.moments(range(3), "vector"), 3)
PLANE = generate(TensorSpace.moments(range(4), spatial_dimension=2, group="O2"), 3)


@pytest.mark.parametrize(
    ("basis", "shape"),
    [(SCALAR, (4, 5, 19)), (VECTOR, (4, 5, 6, 3)), (PLANE, (7, 18))],
    ids=["scalar", "vector", "plane"],
)
def test_invariants_are_those_of_the_moments(basis: Any, shape: tuple[int, ...]) -> None:
    field = np.random.default_rng(0).normal(size=shape)
    window = Window.hermite(1.3)
    found = fields.invariants(field, basis, window)
    values = "vector" if basis is VECTOR else "scalar"
    order = 2 if basis is VECTOR else 3
    wanted = basis.evaluate(fields.moments(field, order, window, values).values)
    assert found.shape == (*wanted.shape[:-1], len(basis))
    assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()  # some hundred roundings
    parts = list(fields.iterate(field, basis, window))
    assert np.array_equal(np.concatenate([y for _, y in parts]), found)
    assert [s.start for s, _ in parts] + [shape[0]] == [0] + [s.stop for s, _ in parts]


def _blobs(matrix: np.ndarray, size: int, spacing: tuple[float, float, float], vectors: bool) -> np.ndarray:
    """Eight Gaussian blobs of width 1.5 about the middle voxel, turned by a matrix; with vectors that turn too."""
    generator = np.random.default_rng(1)
    centres, amplitudes = generator.normal(size=(8, 3)) * 2.5, generator.normal(size=(8, 3))
    middle = size // 2
    axes = [(np.arange(size) - middle) * h for h in spacing]
    x = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    weights = [np.exp(-((x - matrix @ c) ** 2).sum(axis=-1) / (2 * 1.5**2)) for c in centres]
    if vectors:
        return sum(w[..., None] * (matrix @ a) for w, a in zip(weights, amplitudes, strict=True))  # type: ignore[return-value]
    return sum(w * a[0] for w, a in zip(weights, amplitudes, strict=True))  # type: ignore[return-value]


@pytest.mark.parametrize("kind", ["hermite", "gaussian"])
@pytest.mark.parametrize("vectors", [False, True], ids=["scalar", "vector"])
@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (1.0, 0.8, 1.1)], ids=["cubes", "bricks"])
def test_invariants_do_not_change_as_the_field_turns(
    kind: str, vectors: bool, spacing: tuple[float, float, float]
) -> None:
    basis, order = (VECTOR, 2) if vectors else (SCALAR, 3)
    window = Window(kind, 2.2)
    size, values = 43, "vector" if vectors else "scalar"
    middle = [[(size // 2) * h for h in spacing]]
    generator = np.random.default_rng(0)
    rows = []
    for matrix in (np.eye(3), random_rotation(generator), random_rotation(generator, reflect=True)):
        field = _blobs(matrix, size, spacing, vectors)
        at = fields.moments(field, order, window, values, spacing=spacing, at=middle)
        rows.append(basis.evaluate(at.values)[0])
    # Sampling changes moments of such blobs by less than 1e-10; what is beyond 6 sigma adds 1e-9 for Hermite functions.
    for row in rows[1:]:
        assert np.abs(row - rows[0]).max() <= 1e-8 * np.abs(rows[0]).max()


@pytest.mark.parametrize(
    ("field", "basis", "words"),
    [
        (np.zeros((4, 4, 4)), VECTOR, "has 2 components in the last axis"),
        (np.zeros((4, 4)), SCALAR, "the basis is of moments in 3 dimensions, the field has 2"),
        (np.zeros((4, 4, 4)), generate(TensorSpace("0e + 1o"), 2), "fields take bases of TensorSpace.moments"),
        (np.zeros((4, 4, 4)), SCALAR.with_convention("sphericart"), "in the convention 'cartesian'"),
        (np.zeros((4, 4, 4)), generate(TensorSpace.moments([0, 2]), 2), "fields take all orders from 0 on"),
        (np.zeros((4, 4, 4)), "basis", "basis is a Basis"),
    ],
)
def test_bases_that_do_not_fit_the_field_are_refused(field: np.ndarray, basis: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        fields.invariants(field, basis, Window.hermite(1.5))
