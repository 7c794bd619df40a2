"""The C kernel of local moments against its definition: boxes, steps, boundaries and components of any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from invgen.fields.box_kernel import Passes, Weights
from invgen.fields.grids import BOUNDARIES, Grid
from invgen.fields.slabs import exponents_of, stored_shape

ORDER = 2


def weights_of(generator: np.random.Generator, reach: int, step: int) -> Weights:
    """Any even and odd functions."""
    half = generator.normal(size=(ORDER + 1, reach + 1))
    half[1::2, 0] = 0.0
    sign = np.where(np.arange(ORDER + 1) % 2, -1.0, 1.0)[:, None]
    return Weights(np.concatenate([sign * half[:, :0:-1], half], axis=1), step)


def by_definition(
    grid: Grid, factors: dict[tuple[int, ...], float], weights: Sequence[Weights], begin: Any, end: Any
) -> np.ndarray:
    """(x, y, z, moments times components) as sums over shifted copies of a padded field, one axis after another."""
    margin = 60
    pad = [(margin, margin)] * grid.dimension + [(0, 0)]
    part = np.pad(grid.values.astype(np.float64), pad, mode=BOUNDARIES[grid.boundary])  # type: ignore[call-overload]
    for axis, (each, low, high) in enumerate(zip(weights, begin, end, strict=True)):
        reach = each.rows.shape[1] // 2
        taken = [
            np.take(part, np.arange(low, high) + margin + (j - reach) * each.step, axis=axis)
            for j in range(2 * reach + 1)
        ]
        part = np.tensordot(np.stack(taken, axis=-1), each.rows, axes=(-1, 1))  # orders come last
    found = [factor * part[(..., *e)] for e, factor in factors.items()]
    return np.stack(found, axis=-2).reshape(*found[0].shape[:-1], -1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seed", range(12))
def test_any_box_has_the_moments_of_its_voxels(seed: int, dtype: Any) -> None:
    generator = np.random.default_rng(seed)
    dimension = 2 if seed % 4 == 3 else 3
    sizes = generator.integers(1, 8, size=dimension)
    sizes[-1] = generator.integers(1, 70)
    components = int(generator.integers(1, 4))
    field = generator.normal(size=(*sizes, components)).astype(dtype)
    grid = Grid(field, (1.0,) * dimension, list(BOUNDARIES)[seed % 3])
    # Inside, whole or beyond the faces.
    begin, end = [(sizes // 3, sizes), (0 * sizes, sizes), (0 * sizes - 3, sizes + 2)][generator.integers(3)]
    weights = [weights_of(generator, *generator.integers((0, 1), (9, 4))) for _ in sizes]
    factors = {e: float(generator.integers(1, 5)) for e in exponents_of(ORDER, dimension)}
    passes = Passes(grid, factors, weights)
    out = np.full(stored_shape(end - begin, passes.rows), np.nan, dtype=dtype)
    passes.run(begin, end, out, 1)
    wanted = by_definition(grid, factors, weights, begin, end)
    # Some hundred roundings of sums whose terms may cancel.
    tolerance = 1e-13 if dtype is np.float64 else 1e-4
    assert np.abs(np.moveaxis(out, -2, -1) - wanted).max() <= tolerance * np.abs(wanted).max()
    again = np.empty_like(out)
    passes.run(begin, end, again, 3)
    assert np.array_equal(again, out)


def test_a_part_of_a_box_has_the_same_bits() -> None:
    generator = np.random.default_rng(0)
    grid = Grid(generator.normal(size=(9, 8, 41, 1)).astype(np.float32), (1.0,) * 3, "nearest")
    factors = dict.fromkeys(exponents_of(ORDER, 3), 1.0)
    passes = Passes(grid, factors, [weights_of(generator, 3, 2) for _ in range(3)])
    whole = np.empty(stored_shape(grid.shape, passes.rows), dtype=np.float32)
    passes.run((0, 0, 0), grid.shape, whole, 1)
    part = np.empty(stored_shape((3, 2, 17), passes.rows), dtype=np.float32)
    passes.run((2, 3, 5), (5, 5, 22), part, 2)
    assert np.array_equal(part, whole[2:5, 3:5, :, 5:22])


def test_an_offset_counts_voxels_from_another_one() -> None:
    generator = np.random.default_rng(0)
    grid = Grid(generator.normal(size=(5, 6, 7, 1)), (1.0,) * 3, "zero")
    factors = dict.fromkeys(exponents_of(ORDER, 3), 1.0)
    weights = [weights_of(generator, 2, 1) for _ in range(3)]
    one, other = (np.empty(stored_shape((2, 2, 3), len(factors))) for _ in range(2))
    Passes(grid, factors, weights).run((1, 2, 3), (3, 4, 6), one, 1)
    Passes(grid, factors, weights, (1, 2, 3)).run((0, 0, 0), (2, 2, 3), other, 1)
    assert np.array_equal(one, other)
