"""Values of invariants and covariants at points of GF(p), computed once and extended when more points are asked for."""

from __future__ import annotations

import numpy as np

from invgen.algebra.finite_field import Vector, derived_points
from invgen.contractions.at_points import evaluator
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.contractions.trees import Node
from invgen.spaces.space import TensorSpace

_FIRST_CHUNK = 16


def functionals(content: str, prime: int, count: int, width: int) -> Vector:
    """Linear forms on covariants of `width` components, one for each point, (count, width); on scalars it is 1."""
    if width == 1:
        return np.ones((count, 1), dtype=np.int64)
    return derived_points(f"{content}|forms of {width}", prime, count, width)


def applied(forms: Vector, values: Vector, prime: int) -> Vector:
    """The form of each point applied to the covariant there, (count,)."""
    result: Vector = (forms * values % prime).sum(axis=1) % prime
    return result


class PointValues:
    """The first n points of a sequence derived from `content`, and the values of expressions there.

    Chunks of points double in size, so that neither few nor many points cost much overhead.

    Args:
        space: whose tensors the expressions name.
        prime: below 2^31.
        content: what the points are derived from.
    """

    def __init__(self, space: TensorSpace, prime: int, content: str) -> None:
        self.prime = prime
        self._space = space
        self._content = content
        self._chunks: list[Evaluator] = []
        self._ends = [0]
        self._values: dict[Expression, Vector] = {}

    def values(self, expression: Expression, count: int) -> Vector:
        """The invariant at the first `count` points."""
        known = self._values.get(expression)
        if known is None or len(known) < count:
            self._extend(count)
            done = 0 if known is None else self._ends.index(len(known))
            parts = [] if known is None else [known]
            while self._ends[done] < count:
                parts.append(self._chunks[done].value(expression))
                done += 1
            known = self._values[expression] = np.concatenate(parts)
        return known[:count]

    def covariant(self, node: Node, count: int) -> Vector:
        """The covariant at the first `count` points, (count, 2L + 1)."""
        self._extend(count)
        needed = next(i for i, end in enumerate(self._ends) if end >= count)
        return np.concatenate([chunk.covariant(node) for chunk in self._chunks[:needed]])[:count]

    def functional(self, node: Node, count: int) -> Vector:
        """A linear form of the covariant at each of the first `count` points, a form derived for each point."""
        values = self.covariant(node, count)
        forms = functionals(self._content, self.prime, count, values.shape[1])
        return applied(forms, values, self.prime)

    def _extend(self, count: int) -> None:
        while self._ends[-1] < count:
            start = self._ends[-1]
            size = max(start, _FIRST_CHUNK)
            points = derived_points(self._content, self.prime, size, self._space.dimension, start)
            self._chunks.append(evaluator(self._space, [self.prime] * size, points))
            self._ends.append(start + size)
