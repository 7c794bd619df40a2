"""Gradients of many candidates at a few points, those of one form in one sweep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from invgen.algebra.finite_field import Vector
from invgen.contractions.at_points import evaluator
from invgen.contractions.expression import Expression
from invgen.contractions.plans import axis_size
from invgen.reduction.search.visits import Places, Visit
from invgen.spaces.space import TensorSpace

_FEW = 3  # up to so many candidates of one form, reusing unfolded tensors is faster than a common sweep
_SWEEP = 2**22  # numbers in the largest array of a sweep, so that a sweep needs a few hundred MB at most


class BatchGradients:
    """Gradients at one point for each of some primes; every candidate's equals that of the one-by-one evaluator.

    Args:
        space: whose tensors the candidates name.
        primes: below 2^31.
        points: (primes, dimension), entries in [0, p).
    """

    def __init__(self, space: TensorSpace, primes: Sequence[int], points: Vector) -> None:
        self._space = space
        self._primes = tuple(primes)
        self._points = points
        self._single = evaluator(space, self._primes, points)

    def row(self, expression: Expression) -> Vector:
        """The gradient of an expression in the names of the space, (primes, dimension)."""
        gradient: Vector = self._single.gradient(expression)
        return gradient

    def rows(self, candidates: Sequence[Visit]) -> Vector:
        """The gradients, (candidates, primes, dimension). Complexity: a few times the candidates' costs."""
        result = np.zeros((len(candidates), len(self._primes), self._space.dimension), dtype=np.int64)
        forms: dict[tuple[Expression, Places], list[int]] = {}
        for i, candidate in enumerate(candidates):
            forms.setdefault((candidate.written, candidate.there), []).append(i)
        for (written, there), members in forms.items():
            if len(members) <= _FEW:
                for i in members:
                    result[i] = self.row(candidates[i].expression(self._space))
                continue
            here = np.array([candidates[i].here for i in members])
            maps = [axis_size(t.l) * t.dimension for t in (self._space.tensors[i] for i in there)]
            largest = max(candidates[members[0]].cost, *maps)  # no array of a sweep has more numbers for each point
            step = max(1, _SWEEP // (largest * len(self._primes)))
            for start in range(0, len(members), step):
                part = slice(start, start + step)
                self._sweep(result, written, there, members[part], here[part])
        return result

    def _sweep(self, result: Vector, written: Expression, there: Places, members: list[int], here: Vector) -> None:
        """The gradients of one form for several choices of tensors: points of the space of one choice."""
        space = self._space.of([self._space.tensors[i] for i in there])
        columns = np.concatenate([self._columns(here[:, k]) for k in range(len(there))], axis=1)
        batch = self._points[:, columns]  # (primes, members, dimension of the choice)
        primes = [p for p in self._primes for _ in members]
        found = evaluator(space, primes, batch.reshape(len(primes), -1)).gradient(written).reshape(batch.shape)
        result[np.array(members)[:, None], :, columns] = found.transpose(1, 2, 0)

    def _columns(self, places: Vector) -> Vector:
        """The components of one tensor for each choice; they all have the same rank."""
        slices = [self._space.slices[i] for i in places]
        return np.array([range(s.start, s.stop) for s in slices], dtype=np.intp)
