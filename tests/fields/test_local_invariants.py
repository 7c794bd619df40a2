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


SMALL = generate(TensorSpace.moments(range(3)), 2)


@pytest.mark.parametrize("shape", [(5, 6, 7), (4, 3, 40), (40, 2, 1)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_slabs_threads_and_memory_that_is_given_change_no_bit(shape: tuple[int, ...], dtype: Any) -> None:
    field = np.random.default_rng(0).normal(size=shape).astype(dtype)
    window = Window.hermite(1.2)
    whole = fields.invariants(field, SMALL, window, threads=1)
    assert whole.dtype == dtype
    assert np.array_equal(fields.invariants(field, SMALL, window, threads=3), whole)
    out = np.moveaxis(np.full((*shape[:-1], len(SMALL), shape[-1]), np.nan, dtype=dtype), -2, -1)
    assert fields.invariants(field, SMALL, window, out=out) is out
    assert np.array_equal(out, whole)
    parts = [y for _, y in fields.iterate(field, SMALL, window, threads=2)]
    assert np.array_equal(np.concatenate(parts), whole)


def test_several_windows_come_one_after_another() -> None:
    field = np.random.default_rng(0).normal(size=(6, 5, 9)).astype(np.float32)
    windows = [Window.hermite(1.2), Window.gaussian(2.0), Window.hermite(5.0)]
    found = fields.invariants(field, SMALL, windows)
    assert found.shape == (3, 6, 5, 9, len(SMALL))
    for part, window in zip(found, windows, strict=True):
        assert np.array_equal(part, fields.invariants(field, SMALL, window))
    parts = list(fields.iterate(field, SMALL, windows))
    assert np.array_equal(np.concatenate([y for _, y in parts], axis=1), found)
    assert fields.invariants(field, SMALL, windows[:1]).shape == (1, 6, 5, 9, len(SMALL))


def test_slabs_are_as_thick_as_the_limit_of_numbers_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invgen.fields.slabs.SLAB", 2 * 4 * 5 * len(SMALL))
    field = np.random.default_rng(0).normal(size=(5, 4, 5))
    whole = fields.invariants(field, SMALL, Window.hermite(1.2))
    parts = list(fields.iterate(field, SMALL, Window.hermite(1.2)))
    assert [(s.start, s.stop) for s, _ in parts] == [(0, 2), (2, 4), (4, 5)]
    assert all(np.array_equal(y, whole[s]) for s, y in parts)


@pytest.mark.torch
def test_other_targets_give_the_same_from_the_moments_of_slabs() -> None:
    field = np.random.default_rng(0).normal(size=(5, 4, 6))
    wanted = fields.invariants(field, SMALL, Window.hermite(1.2))
    found = fields.invariants(field, SMALL, Window.hermite(1.2), target="torch")
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"window": []}, "window is a Window or several of them, got none"),
        ({"window": [1.2]}, "window is a Window"),
        ({"threads": 0}, "threads"),
        ({"memory_limit": 100}, "use fields.iterate"),
        ({"out": 3}, "out is an array of float64 of the shape"),
        ({"out": np.zeros((4, 4, 4, 1))}, "out is an array of float64 of the shape"),
        ({"out": np.zeros((4, 4, 4, len(SMALL)), dtype=np.float32)}, "out is an array of float64 of the shape"),
        ({"out": np.zeros((4, 4, 4, len(SMALL)))}, "with its last two axes exchanged"),
    ],
)
def test_bad_options_are_one_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        fields.invariants(np.zeros((4, 4, 4)), SMALL, **{"window": Window.hermite(1.2), **options})


def test_memory_of_smoothed_fields_is_counted_where_slabs_are_made() -> None:
    with pytest.raises(InputError, match="more than memory_limit"):
        fields.iterate(np.zeros((4, 4, 4)), SMALL, Window.hermite(8.0), memory_limit=100)


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
