"""Generators of the invariants, multidegree by multidegree, each held against its Molien count.

In every multidegree the products of lower generators are counted first; connected contractions are added, cheapest
first, until the count is met. It must be met exactly: falling short raises `EnumerationError`.

Under O(3) parity belongs to the multidegree. Where some tensor has the unnatural parity, products of two contractions
that both change sign under inversion are candidates too, as (a·b)² of a vector and a pseudo-vector. Products with two
Levi-Civita symbols are never needed: they expand into contractions without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from invgen.contractions.candidates import connected_contractions
from invgen.contractions.contraction import Contraction, from_parts
from invgen.contractions.evaluation import Evaluator
from invgen.errors import EnumerationError, InputError
from invgen.groups import count_multidegrees, multidegrees
from invgen.reduction.finite_field import Echelon, Vector, derived_points, derived_primes
from invgen.reduction.points import evaluator
from invgen.spaces import EPSILON, TensorSpace

Progress = Callable[[str, int, int], None]
Multidegree = tuple[int, ...]

MAX_MULTIDEGREES = 500_000
_SPARE_POINTS = 2  # beyond the count, so that a superfluous candidate would show
_CHUNK = 16


@dataclass(frozen=True)
class Candidate:
    """An invariant with its multidegree and cost; the contraction is disconnected if it is a product."""

    multidegree: Multidegree
    cost: int
    contraction: Contraction


@dataclass(frozen=True)
class Component:
    """The invariants of one multidegree.

    Attributes:
        multidegree: the degree in each tensor.
        count: the Molien count.
        products: linearly independent products of lower generators, the cheapest first.
        generators: what completes them to a basis of the multidegree, the cheapest first.
    """

    multidegree: Multidegree
    count: int
    products: tuple[Candidate, ...]
    generators: tuple[Candidate, ...]


class GeneratorStage:
    """Enumerates degree after degree and keeps what later products need.

    Args:
        space: the tensors and the group.
        content: what the primes and points are derived from.
        progress: called as progress(text, done, total), or None.
    """

    def __init__(self, space: TensorSpace, content: str, progress: Progress | None = None) -> None:
        self._space = space
        self._content = content
        self._progress = progress
        self._prime = derived_primes(content, 1)[0]
        self._chunks: list[Evaluator] = []
        self._values: dict[Contraction, list[Vector]] = {}
        self._generators: dict[int, list[Candidate]] = {1: [], -1: []}
        self._needs_odd = space.group == "O3" and not space.is_natural

    def degrees(self, max_degree: int) -> Iterator[tuple[int, list[Component]]]:
        """Degree by degree the components with a count above 0, in descending order of multidegree."""
        for degree in range(1, max_degree + 1):
            yield degree, list(self._degree(degree))

    def _degree(self, degree: int) -> Iterator[Component]:
        total = count_multidegrees(len(self._space.tensors), degree)
        if total > MAX_MULTIDEGREES:
            raise InputError(
                f"degree {degree} of {len(self._space.tensors)} tensors has {total} multidegrees, "
                f"more than {MAX_MULTIDEGREES}; lower max_degree or leave out tensors"
            )
        for done, multidegree in enumerate(multidegrees(len(self._space.tensors), degree)):
            if self._progress is not None:
                self._progress(f"degree {degree}", done, total)
            if self._space.admits(multidegree):
                component = self._component(multidegree, 1)
                if component.count:
                    yield component
            elif self._needs_odd:
                self._component(multidegree, -1)
        if self._progress is not None:
            self._progress(f"degree {degree}", total, total)

    def _component(self, multidegree: Multidegree, parity: int) -> Component:
        count = self._space.count_rotation_invariants(multidegree)
        if not count:
            return Component(multidegree, 0, (), ())
        echelon = Echelon(count + _SPARE_POINTS, self._prime)
        products = self._accept(echelon, count, self._products(multidegree, parity))
        generators: list[Candidate] = []
        if echelon.rank < count and (sum(multidegree) == 1 or not self._has_scalar(multidegree)):
            connected = (
                (Candidate(multidegree, cost, c), (c,)) for cost, c in connected_contractions(self._space, multidegree)
            )
            generators += self._accept(echelon, count, connected)
        if echelon.rank < count and parity > 0 and self._needs_odd:
            generators += self._accept(echelon, count, self._odd_pairs(multidegree))
        if echelon.rank != count:
            raise EnumerationError(
                f"multidegree {multidegree} of {self._space} has {count} invariants, but the contractions "
                f"span {echelon.rank}; please report this as a defect"
            )
        self._generators[parity] += generators
        return Component(multidegree, count, tuple(products), tuple(generators))

    def _accept(
        self, echelon: Echelon, count: int, candidates: Iterator[tuple[Candidate, tuple[Contraction, ...]]]
    ) -> list[Candidate]:
        accepted = []
        if echelon.rank < count:
            for candidate, factors in candidates:
                values = self._at_points(factors[0], count + _SPARE_POINTS)
                for factor in factors[1:]:
                    values = values * self._at_points(factor, count + _SPARE_POINTS) % self._prime
                if echelon.insert(values):
                    accepted.append(candidate)
                    if echelon.rank == count:
                        break
        return accepted

    def _has_scalar(self, multidegree: Multidegree) -> bool:
        return any(k and not t.l for k, t in zip(multidegree, self._space.tensors, strict=True))

    def _products(self, multidegree: Multidegree, parity: int) -> Iterator[tuple[Candidate, tuple[Contraction, ...]]]:
        """Products of two or more generators, exactly one of them odd if the multidegree is, the cheapest first."""
        found: list[tuple[Candidate, ...]] = []
        even = [g for g in self._generators[1] if _fits(g.multidegree, multidegree)]
        if parity > 0:
            found = [f for f in _multisets(even, multidegree) if len(f) > 1]
        else:
            for odd in self._generators[-1]:
                if _fits(odd.multidegree, multidegree):
                    rest = _difference(multidegree, odd.multidegree)
                    found += [(odd, *f) for f in _multisets([g for g in even if _fits(g.multidegree, rest)], rest)]
        yield from _in_order_of_cost(multidegree, found)

    def _odd_pairs(self, multidegree: Multidegree) -> Iterator[tuple[Candidate, tuple[Contraction, ...]]]:
        odd = [g for g in self._generators[-1] if _fits(g.multidegree, multidegree)]
        pairs = [
            (a, b)
            for i, a in enumerate(odd)
            for b in odd[i:]
            if _difference(multidegree, a.multidegree) == b.multidegree
        ]
        yield from _in_order_of_cost(multidegree, pairs)

    def _at_points(self, contraction: Contraction, count: int) -> Vector:
        """The values at the first `count` points, computed once."""
        while len(self._chunks) * _CHUNK < count:
            points = derived_points(
                self._content, self._prime, _CHUNK, self._space.dimension, len(self._chunks) * _CHUNK
            )
            self._chunks.append(evaluator(self._space, [self._prime] * _CHUNK, points))
        values = self._values.setdefault(contraction, [])
        while len(values) * _CHUNK < count:
            values.append(self._chunks[len(values)].value(contraction))
        return np.concatenate(values)[:count]


def _fits(part: Multidegree, whole: Multidegree) -> bool:
    return all(a <= b for a, b in zip(part, whole, strict=True))


def _difference(whole: Multidegree, part: Multidegree) -> Multidegree:
    return tuple(b - a for a, b in zip(part, whole, strict=True))


def _multisets(generators: Sequence[Candidate], multidegree: Multidegree) -> Iterator[tuple[Candidate, ...]]:
    """All multisets of generators whose multidegrees sum to `multidegree`."""
    if not any(multidegree):
        yield ()
        return
    for i, first in enumerate(generators):
        if _fits(first.multidegree, multidegree):
            rest = _difference(multidegree, first.multidegree)
            for others in _multisets([g for g in generators[i:] if _fits(g.multidegree, rest)], rest):
                yield (first, *others)


def _in_order_of_cost(
    multidegree: Multidegree, products: Sequence[tuple[Candidate, ...]]
) -> Iterator[tuple[Candidate, tuple[Contraction, ...]]]:
    """Products as candidates, at most one epsilon each; a product costs its factors and one multiplication each."""
    priced = sorted(((sum(f.cost for f in factors) + len(factors) - 1, i) for i, factors in enumerate(products)))
    for cost, i in priced:
        parts = tuple(f.contraction for f in products[i])
        if sum(EPSILON in part.tensors for part in parts) < 2:
            yield Candidate(multidegree, cost, from_parts(parts)), parts
