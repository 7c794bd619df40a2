"""Contractions at points of prime fields or of the rationals, in rational components."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache

import numpy as np

from invgen.algebra.finite_field import Vector
from invgen.algebra.modular import Array, Plain, PrimeField, fractions_mod
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.spaces import conventions
from invgen.spaces.space import TensorSpace


def evaluator(space: TensorSpace, primes: Sequence[int], points: Vector) -> Evaluator:
    """An evaluator at `points` (batch, dimension), point i modulo primes[i], in rational components.

    Raises:
        ZeroDivisionError: a prime divides a denominator of the maps; primes of 31 bits do not for l <= 20.
    """
    distinct = tuple(sorted(set(primes)))
    maps = [_modular_map(tensor.l, tensor.spatial_dimension, distinct) for tensor in space.tensors]
    if len(distinct) > 1:
        row = [distinct.index(p) for p in primes]
        maps = [matrix[row] for matrix in maps]
    return Evaluator(space, maps, points, PrimeField(np.array(primes)))


def exact_evaluator(space: TensorSpace, points: Array) -> Evaluator:
    """An evaluator over the rationals at points (batch, dimension) of integers or Fractions."""
    exact = np.array([Fraction(v) for v in points.ravel().tolist()], dtype=object).reshape(points.shape)
    return Evaluator(space, [_rational_map(t.l, t.spatial_dimension)[None] for t in space.tensors], exact, Plain())


@cache
def _rational_map(l: int, spatial_dimension: int) -> Array:
    """The matrix of Fractions (entries, components) from rational components to tensor entries."""
    tensor_map = conventions.tensor_map("rational", l) if spatial_dimension == 3 else conventions.planar_map(l)
    scale = np.array([s.as_fraction() for s in tensor_map.scale], dtype=object)
    matrix: Array = np.array(tensor_map.matrix, dtype=object) * scale[None, :]
    return matrix


@lru_cache(maxsize=512)
def _modular_map(l: int, spatial_dimension: int, primes: tuple[int, ...]) -> Array:
    return fractions_mod(_rational_map(l, spatial_dimension), np.array(primes))


def jacobian(space: TensorSpace, contractions: Sequence[Expression], prime: int, point: Sequence[int]) -> Vector:
    """The Jacobian (contractions, dimension) modulo a prime at one point."""
    at = evaluator(space, [prime], np.array([point], dtype=np.int64))
    if not contractions:
        return np.zeros((0, space.dimension), dtype=np.int64)
    return np.stack([at.gradient(c)[0] for c in contractions])
