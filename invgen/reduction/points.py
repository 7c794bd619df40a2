"""Contractions at points of prime fields or of the rationals, in rational components."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from invgen import conventions
from invgen.contractions.arithmetic import Array, Plain, PrimeField, fractions_mod
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.reduction.finite_field import Vector
from invgen.spaces import TensorSpace


def evaluator(space: TensorSpace, primes: Sequence[int], points: Vector) -> Evaluator:
    """An evaluator at `points` (batch, dimension), point i modulo primes[i], in rational components.

    Raises:
        ZeroDivisionError: a prime divides a denominator of the maps; primes of 31 bits do not for l <= 20.
    """
    distinct = sorted(set(primes))
    row = [distinct.index(p) for p in primes]
    maps = [fractions_mod(matrix, np.array(distinct))[row] for matrix in _rational_maps(space)]
    return Evaluator(space, maps, points, PrimeField(np.array(primes)))


def exact_evaluator(space: TensorSpace, points: Array) -> Evaluator:
    """An evaluator over the rationals at points (batch, dimension) of integers or Fractions."""
    exact = np.array([Fraction(v) for v in points.ravel().tolist()], dtype=object).reshape(points.shape)
    return Evaluator(space, [matrix[None] for matrix in _rational_maps(space)], exact, Plain())


def _rational_maps(space: TensorSpace) -> list[Array]:
    """For each tensor the matrix of Fractions (monomials, 2l + 1) from rational components to tensor entries."""
    maps = []
    for tensor in space.tensors:
        tensor_map = conventions.tensor_map("rational", tensor.l)
        scale = np.array([s.as_fraction() for s in tensor_map.scale], dtype=object)
        maps.append(np.array(tensor_map.matrix, dtype=object) * scale[None, :])
    return maps


def jacobian(space: TensorSpace, contractions: Sequence[Expression], prime: int, point: Sequence[int]) -> Vector:
    """The Jacobian (contractions, dimension) modulo a prime at one point."""
    at = evaluator(space, [prime], np.array([point], dtype=np.int64))
    if not contractions:
        return np.zeros((0, space.dimension), dtype=np.int64)
    return np.stack([at.gradient(c)[0] for c in contractions])
