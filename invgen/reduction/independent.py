"""The greedy pass: a maximal functionally independent subset of all invariants up to a degree.

An invariant is kept if its gradient raises the rank of the Jacobian at a point of GF(p). Keeping is proved by the
minor it makes; rejecting may err with the probability that the certificate bounds. Generators suffice as candidates:
the gradient of a product is a combination of its factors' gradients (Langbein and Hagen 2009 run the same pass with
floating-point ranks).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.reduction.components import Candidate
from invgen.reduction.finite_field import Echelon, Vector, derived_points, derived_primes
from invgen.reduction.generators import GeneratorStage, Progress
from invgen.reduction.points import evaluator
from invgen.spaces import TensorSpace

PRIMES = 3


@dataclass(frozen=True)
class JacobianRank:
    """What a greedy pass found.

    Attributes:
        accepted: positions of the kept contractions, whose rows are independent.
        columns: a minor of these rows that is not zero at the first prime and point.
        primes: the primes, the proving one first.
        points: one point of GF(p)^dimension for each prime.
        rejections: how many contractions were found dependent.
    """

    accepted: tuple[int, ...]
    columns: tuple[int, ...]
    primes: tuple[int, ...]
    points: tuple[tuple[int, ...], ...]
    rejections: int

    @property
    def rank(self) -> int:
        """A lower bound of the generic rank over the rationals, and almost surely equal to it."""
        return len(self.accepted)


class JacobianPass:
    """The rows kept so far, at three primes and points at once.

    Args:
        space: whose components are the columns.
        content: what primes and points are derived from.
    """

    def __init__(self, space: TensorSpace, content: str) -> None:
        self.primes = derived_primes(content, PRIMES)
        self.points = np.concatenate([derived_points(content, p, 1, space.dimension) for p in self.primes])
        self._evaluator = evaluator(space, self.primes, self.points)
        self._echelons = [Echelon(space.dimension, p) for p in self.primes]
        self._accepted: list[int] = []
        self._seen = 0

    @property
    def rank(self) -> int:
        """The number of contractions kept."""
        return len(self._accepted)

    def offer(self, contraction: Expression) -> bool:
        """Keep the contraction if its gradient is new at any of the primes."""
        gradient: Vector = self._evaluator.gradient(contraction)
        raised = [echelon.insert(row) for echelon, row in zip(self._echelons, gradient, strict=True)]
        if any(raised):
            self._accepted.append(self._seen)
        self._seen += 1
        return any(raised)

    def result(self) -> JacobianRank:
        """The pass so far, proved at the first prime that saw every kept row as new.

        Raises:
            EnumerationError: each prime missed a row that another saw, which has a probability below 2^-50.
        """
        for i, echelon in enumerate(self._echelons):
            if echelon.rank == self.rank:
                order = [i, *(j for j in range(PRIMES) if j != i)]
                return JacobianRank(
                    tuple(self._accepted),
                    echelon.pivots,
                    tuple(self.primes[j] for j in order),
                    tuple(tuple(int(v) for v in self.points[j]) for j in order),
                    self._seen - self.rank,
                )
        raise EnumerationError("no prime sees all kept rows as independent; please report this as a defect")


def jacobian_rank(space: TensorSpace, contractions: Iterable[Expression], content: str) -> JacobianRank:
    """The rank of given contractions, kept greedily in their order."""
    rows = JacobianPass(space, content)
    for contraction in contractions:
        rows.offer(contraction)
    return rows.result()


def independent(
    space: TensorSpace, max_degree: int, content: str, progress: Progress | None = None
) -> tuple[list[Expression], JacobianRank]:
    """A maximal independent subset of the invariants up to `max_degree`.

    The order is degree, then cost, then multidegree (descending), then canonical form, so raising max_degree only
    appends. Enumeration stops at rank dim V - dim orbit, which nothing can exceed.
    """
    target = space.dimension - space.orbit_dimension
    rows = JacobianPass(space, content)
    kept: list[Expression] = []
    for _, components in GeneratorStage(space, progress=progress).degrees(max_degree):
        for candidate in sorted((g for c in components for g in c.generators), key=_cost):
            if rows.offer(candidate.contraction):
                kept.append(candidate.contraction)
                if rows.rank == target:
                    return kept, rows.result()
    return kept, rows.result()


def _cost(candidate: Candidate) -> int:
    return candidate.cost
