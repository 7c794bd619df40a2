"""The greedy pass over gradients: a maximal functionally independent subset of what is offered.

An invariant is kept if its gradient raises the rank of the Jacobian at a point of GF(p). Keeping is proved by the
minor it makes; rejecting may err with the probability that the certificate bounds (Langbein and Hagen 2009 run the same
pass with floating-point ranks).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_points, derived_primes
from invgen.algebra.modular import fractions_mod
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.reduction.search.batches import BatchGradients
from invgen.reduction.search.request import PRIMES
from invgen.reduction.search.visits import Visit
from invgen.spaces.space import TensorSpace


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
        seed: the text that primes and points are derived from.
        point: (dimension,) rational components of the one point to look at; a generic one by default.
    """

    def __init__(self, space: TensorSpace, seed: str, point: Sequence[Fraction] | None = None) -> None:
        self.primes = derived_primes(seed, PRIMES)
        if point is None:
            self.points = np.concatenate([derived_points(seed, p, 1, space.dimension) for p in self.primes])
        else:
            self.points = fractions_mod(np.array(list(point), dtype=object), np.array(self.primes))
        self._gradients = BatchGradients(space, self.primes, self.points)
        self._echelons = [Echelon(space.dimension, p) for p in self.primes]
        self._accepted: list[int] = []
        self._seen = 0

    @property
    def rank(self) -> int:
        """The number of contractions kept."""
        return len(self._accepted)

    def offer(self, contraction: Expression) -> bool:
        """Keep the contraction if its gradient is new at any of the primes."""
        gradient: Vector = self._gradients.row(contraction)
        raised = [echelon.insert(row) for echelon, row in zip(self._echelons, gradient, strict=True)]
        if any(raised):
            self._accepted.append(self._seen)
        self._seen += 1
        return any(raised)

    def offer_all(self, candidates: Sequence[Visit], enough: int) -> list[int]:
        """Offer one after the other until the rank is `enough`; the positions kept, as `offer` would keep them."""
        if self.rank >= enough:
            return []
        gradients = self._gradients.rows(candidates)
        rests = [echelon.residues(gradients[:, i]) for i, echelon in enumerate(self._echelons)]
        kept: list[int] = []
        left = _not_zero(rests, np.arange(len(candidates)))
        while len(left) and self.rank < enough:
            kept.append(int(left[0]))
            self._accepted.append(self._seen + kept[-1])
            for echelon, rest in zip(self._echelons, rests, strict=True):
                echelon.insert_and_clear(rest, kept[-1], left[1:])
            left = _not_zero(rests, left[1:])
        self._seen += len(candidates) if self.rank < enough else kept[-1] + 1
        return kept

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


def jacobian_rank(space: TensorSpace, contractions: Iterable[Expression], seed: str) -> JacobianRank:
    """The rank of given contractions, kept greedily in their order."""
    rows = JacobianPass(space, seed)
    for contraction in contractions:
        rows.offer(contraction)
    return rows.result()


def _not_zero(rests: Sequence[Vector], rows: Vector) -> Vector:
    """The rows that are not zero modulo every prime. A row that is zero is inside the span and stays there."""
    kept: Vector = rows[np.any([rest[rows].any(axis=1) for rest in rests], axis=0)]
    return kept
