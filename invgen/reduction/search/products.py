"""Products of invariants, and of invariants and one equivariant map, as values at points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import le, sub

import numpy as np

from invgen.algebra.finite_field import Vector
from invgen.contractions.expression import Expression
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.values import PointValues
from invgen.spaces.space import EPSILON


@dataclass(frozen=True)
class Candidate:
    """An invariant with its multidegree and cost; a product is a disconnected contraction."""

    multidegree: Multidegree
    cost: int
    contraction: Expression


def product_rows(
    generators: Sequence[Candidate], multidegree: Multidegree, points: PointValues, length: int
) -> list[Vector]:
    """The values of all products of generators of a multidegree, the generators themselves included."""
    one = np.ones(length, dtype=np.int64)
    return [values for _, values in multisets(generators, multidegree, one, points, any_epsilons=True)]


def map_rows(
    members: Sequence[Candidate],
    invariants: Sequence[Candidate],
    multidegree: Multidegree,
    points: PointValues,
    length: int,
) -> Iterator[Vector]:
    """Linear forms of all products of one equivariant map and of invariants that make a multidegree."""
    for first in members:
        if fits(first.multidegree, multidegree):
            start = points.functional(first.contraction.root, length)
            if first.multidegree == multidegree:
                yield start
                continue
            rest = difference(multidegree, first.multidegree)
            for _, values in multisets(invariants, rest, start, points, any_epsilons=True):
                yield values


def multisets(
    generators: Sequence[Candidate],
    multidegree: Multidegree,
    values: Vector,
    points: PointValues,
    any_epsilons: bool,
    epsilons: int = 0,
) -> Iterator[tuple[tuple[Candidate, ...], Vector]]:
    """All multisets of generators whose multidegrees sum to `multidegree`, with the products of their values."""
    # A multidegree is one integer, a field of bits for each tensor: a part fits if no field borrows its highest bit.
    width = max(multidegree).bit_length() + 1
    guard = sum(1 << (width * i + width - 1) for i in range(len(multidegree)))
    fitting = [(_packed(g.multidegree, width), g) for g in generators if fits(g.multidegree, multidegree)]

    def extend(
        left: list[tuple[int, Candidate]], rest: int, product: Vector, epsilons: int
    ) -> Iterator[tuple[tuple[Candidate, ...], Vector]]:
        for i, (part, first) in enumerate(left):
            now = epsilons + epsilon_count(first)
            if now > 1 and not any_epsilons:
                continue
            guarded = rest - part | guard
            others = [pair for pair in left[i:] if (guarded - pair[0]) & guard == guard]
            if others or rest == part:
                result = product * points.values(first.contraction, len(values)) % points.prime
                if rest == part:
                    yield (first,), result
                for more, total in extend(others, rest - part, result, now):
                    yield (first, *more), total

    return extend(fitting, _packed(multidegree, width), values, epsilons)


def _packed(multidegree: Multidegree, width: int) -> int:
    return sum(k << (width * i) for i, k in enumerate(multidegree))


def epsilon_count(candidate: Candidate) -> int:
    """How many Levi-Civita symbols an invariant has."""
    return candidate.contraction.tensors.count(EPSILON)


def fits(part: Multidegree, whole: Multidegree) -> bool:
    """Whether no degree of a multidegree exceeds another's."""
    return all(map(le, part, whole))


def difference(whole: Multidegree, part: Multidegree) -> Multidegree:
    """The degrees that are left."""
    return tuple(map(sub, whole, part))
