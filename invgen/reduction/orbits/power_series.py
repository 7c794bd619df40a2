"""The curve on which given invariants are linear functions of a parameter, as power series modulo a prime.

Polynomials are composed at roots of unity (see `algebra.series`). Where the Jacobian of f_1..f_r by
r components is not singular at x0, Newton's iteration (Hensel's lemma) finds the only x(s) with x(0) = x0 and f(x(s)) =
f(x0) + s v, the other components kept; each step doubles the number of correct coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from invgen.algebra.finite_field import Vector, inverse
from invgen.algebra.series import interpolate, matrix_product, power_of_two, refined_inverse, transform
from invgen.contractions.at_points import evaluator
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.spaces.space import TensorSpace

_CHUNK = 2**13  # points at which members are evaluated at once


class SeriesCurve:
    """The curve x(s) with f(x(s)) = f(x0) + s v, modulo s^terms.

    Args:
        space: whose components move.
        members: f_1..f_r, independent at the point.
        columns: r components that move; the Jacobian with respect to them is not singular at the point, modulo
            the prime.
        prime: from `series_prime`.
        point: x0, (dimension,).
        direction: v, (r,).
        terms: how many coefficients are wanted.

    Complexity: members at about 2 · degree · terms points.
    """

    def __init__(
        self,
        space: TensorSpace,
        members: Sequence[Expression],
        columns: Sequence[int],
        prime: int,
        point: Vector,
        direction: Vector,
        terms: int,
    ) -> None:
        self._space = space
        self._prime = prime
        self.terms = terms
        self.x: Vector = point[:, None].copy()
        degree = max(m.degree for m in members)
        start = np.array([self.series([m], 1)[0, 0] for m in members])
        first = inverse(self._gradients(members, columns, 1), prime)
        if first is None:
            raise EnumerationError("the members' Jacobian is singular at the point; please report this as a defect")
        slopes = first[..., None]
        known = 1
        while known < terms:
            after = min(2 * known, terms)
            size = power_of_two(max(degree * (known - 1) + 1, after))
            slope = interpolate(np.moveaxis(self._gradients_at(members, columns, size), 0, -1), prime)[..., :known]
            slopes = refined_inverse(slopes, slope, known, prime)
            rest = self.series(members, after)
            rest[:, 0] -= start
            rest[:, 1] -= direction
            step = matrix_product(slopes, rest[:, None, known:] % prime, after - known, prime)[:, 0]
            x = np.zeros((len(self.x), after), dtype=np.int64)
            x[:, :known] = self.x
            x[list(columns), known:] = -step % prime
            self.x, known = x, after

    def series(self, members: Sequence[Expression], terms: int) -> Vector:
        """The members along what is known of the curve, (members, terms)."""
        degree = max(m.degree for m in members)
        size = power_of_two(max(degree * (self.x.shape[1] - 1) + 1, terms))
        points = transform(self.x, size, self._prime).T
        values = []
        for start in range(0, size, _CHUNK):
            some = points[start : start + _CHUNK]
            at = evaluator(self._space, [self._prime] * len(some), some)
            values.append(np.stack([at.value(m) for m in members]))
        return interpolate(np.concatenate(values, axis=1) % self._prime, self._prime)[:, :terms]

    def _gradients_at(self, members: Sequence[Expression], columns: Sequence[int], size: int) -> Vector:
        points = transform(self.x, size, self._prime).T
        rows = []
        for start in range(0, size, _CHUNK):
            some = points[start : start + _CHUNK]
            at = evaluator(self._space, [self._prime] * len(some), some)
            rows.append(np.stack([at.gradient(m)[:, list(columns)] for m in members], axis=1))
        return np.concatenate(rows) % self._prime

    def _gradients(self, members: Sequence[Expression], columns: Sequence[int], size: int) -> Vector:
        return np.asarray(self._gradients_at(members, columns, size)[0])
