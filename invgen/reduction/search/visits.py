"""Candidates in a given order, enumerated only as far as the order asks for them.

Multidegrees that agree in ranks, parities and degrees have the same generators up to names, at the same costs. Such a
family is solved once, and only when a lower bound of its keys does not come after a candidate that is known.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, combinations, product

from invgen.contractions import planar_product
from invgen.contractions.expression import Expression
from invgen.reduction.search import products
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Work, ring_rules
from invgen.reduction.search.limits import Cut, check_multidegrees
from invgen.reduction.search.orders import Key, Ranking, cost_bound
from invgen.spaces.space import TensorSpace
from invgen.stages import Progress

Places = tuple[int, ...]
Partition = tuple[int, ...]  # the degrees of different tensors of one kind, descending


@dataclass(frozen=True)
class Visit:
    """An invariant of one multidegree, written with the tensors of the first multidegree of its family.

    Attributes:
        written: the invariant.
        there: positions of the tensors that `written` names.
        here: positions of the tensors that take their places in this visit.
        cost: multiplications of the invariant.
    """

    written: Expression
    there: Places
    here: Places
    cost: int

    def expression(self, space: TensorSpace) -> Expression:
        """The invariant of this multidegree."""
        if self.there == self.here:
            return self.written
        return self.written.renamed(
            {space.names[a]: space.names[b] for a, b in zip(self.there, self.here, strict=True)}
        )


@dataclass(order=True)
class _Family:
    """The multidegrees with these degrees of the tensors of each kind; `bound` does not exceed any of their keys."""

    bound: Key
    degree: int
    split: tuple[Partition, ...] = field(compare=False)
    first: Places  # the factors of its first multidegree


@dataclass(frozen=True)
class _Multidegree:
    factors: Places  # ascending: the smallest belong to the largest multidegree
    tensors: Places  # in the order in which generators name them


@dataclass(frozen=True)
class _Group:
    """One generator of a family and those of its multidegrees that have one key."""

    number: int
    generator: products.Candidate
    there: Places
    multidegrees: list[_Multidegree]

    def visits(self) -> Iterator[tuple[Places, int, Visit]]:
        for m in self.multidegrees:
            written = Visit(self.generator.contraction, self.there, m.tensors, self.generator.cost)
            yield m.factors, self.number, written


class Visits:
    """The generators of all multidegrees up to a degree, one key after the other.

    Within a key they come in descending order of multidegree, then in the order of their component.

    Args:
        space: the tensors and the group.
        ranking: the keys.
        max_degree: the highest degree to visit.
        progress: called as progress("degree d", families solved, families) of that degree.
        products: whether to visit products too, which no selection needs: then all invariants are visited.
        work: where families are solved; an executor solves all families of a degree when the degree is opened.
        limit: which multidegrees to visit, or None for all.
    """

    def __init__(
        self,
        space: TensorSpace,
        ranking: Ranking,
        max_degree: int,
        progress: Progress | None = None,
        products: bool = False,
        work: Work = SERIAL,
        limit: Cut | None = None,
    ) -> None:
        self._space = space
        self._limit = limit
        self._within: dict[tuple[Partition, ...], list[_Multidegree]] = {}  # of each family, where there is a limit
        self._ranking = ranking
        self._max_degree = max_degree
        self._progress = progress
        self._products = products
        self._stage = GeneratorStage(space, ring_rules(space.group) if space.point_group else None, work=work)
        # Where some tensor is unnatural under O(3), products of two odd invariants are generators too.
        self._connected = not products and (not space.has_parity or space.is_natural)
        self._least_cost: Callable[[Sequence[int]], int] = partial(cost_bound, connected=self._connected)
        self._least_of_any: Callable[[Sequence[int]], int] = partial(
            cost_bound, connected=self._connected, any_parity=True
        )
        if space.spatial_dimension == 2:
            self._connected, self._least_cost, self._least_of_any = False, planar_product.cost, planar_product.cost
        elif space.point_group is not None:
            # A single component of a tensor may be a member.
            self._connected, self._least_cost, self._least_of_any = False, _no_bound, _no_bound
        self._types = [(t.l, t.parity if space.has_parity else 1) for t in space.tensors]
        kinds: dict[tuple[int, int], list[int]] = {}
        for i, kind in enumerate(self._types):
            kinds.setdefault(kind, []).append(i)
        self._kinds = list(kinds.values())
        self._lightest = [sorted(ranking.weights[i] for i in places) for places in self._kinds]
        self._unsolved: list[_Family] = []  # a heap
        self._keys: list[Key] = []  # a heap of the keys of _groups
        self._groups: dict[Key, list[_Group]] = {}
        self._opened = 0
        self._total: Counter[int] = Counter()
        self._solved: Counter[int] = Counter()

    def levels(self) -> Iterator[list[Visit]]:
        """The visits of each key, in ascending order of keys.

        Raises:
            InputError: a degree that must be visited has more than 500,000 multidegrees.
        """
        while self._advance():
            groups = self._groups.pop(heapq.heappop(self._keys))
            found = chain.from_iterable(group.visits() for group in groups)
            # A multidegree belongs to one family, so no two entries agree in factors and number.
            yield [visit for *_, visit in sorted(found, key=lambda entry: entry[:2])]

    def _advance(self) -> bool:
        """Solve families until none can have a key up to the smallest known one; False if no candidate is left."""
        while True:
            ahead = [*self._keys[:1], *(family.bound for family in self._unsolved[:1])]
            if self._opened < self._max_degree and (not ahead or self._floor(self._opened + 1) <= min(ahead)):
                self._open(self._opened + 1)
            elif self._unsolved and self._unsolved[0].bound == min(ahead):
                self._solve(heapq.heappop(self._unsolved))
            else:
                return bool(self._keys)

    def _open(self, degree: int) -> None:
        """List the families of a degree."""
        check_multidegrees(self._space, degree, self._limit)
        self._opened = degree
        for split in self._families(degree):
            first = next(self._multidegrees(split)).factors
            if self._may_be_new(first):
                light = sum(w * k for ws, ks in zip(self._lightest, split, strict=True) for w, k in zip(ws, ks))
                ranks = [self._space.tensors[i].l for i in first]
                bound = self._ranking.key(degree, light, self._least_cost(ranks))
                heapq.heappush(self._unsolved, _Family(bound, degree, split, first))
                self._total[degree] += 1
        self._stage.solve_ahead(degree, [self._degrees(f.first) for f in self._unsolved if f.degree == degree])

    def _solve(self, family: _Family) -> None:
        by_weight: dict[int, list[_Multidegree]] = {}
        for multidegree in self._multidegrees(family.split):
            weight = sum(self._ranking.weights[i] for i in multidegree.factors)
            by_weight.setdefault(weight, []).append(multidegree)
        there = next(self._multidegrees(family.split)).tensors
        component = self._stage.component(self._degrees(family.first))
        found = (*component.products, *component.generators) if self._products else component.generators
        for number, generator in enumerate(found):
            for weight, multidegrees in by_weight.items():
                key = self._ranking.key(family.degree, weight, generator.cost)
                if key not in self._groups:
                    self._groups[key] = []
                    heapq.heappush(self._keys, key)
                self._groups[key].append(_Group(number, generator, there, multidegrees))
        self._solved[family.degree] += 1
        if self._progress is not None:
            self._progress(f"degree {family.degree}", self._solved[family.degree], self._total[family.degree])

    def _may_be_new(self, factors: Places) -> bool:
        """Whether there are invariants to visit: an even scalar is one alone, elsewhere it is in products only."""
        even_scalar = any(self._types[i] == (0, 1) for i in factors)
        in_product = even_scalar and len(factors) > 1 and not self._products
        return not in_product and self._space.count(self._degrees(factors)) > 0

    def _degrees(self, factors: Places) -> tuple[int, ...]:
        times = Counter(factors)
        return tuple(times[i] for i in range(len(self._space.tensors)))

    def _families(self, degree: int) -> Iterable[tuple[Partition, ...]]:
        """The families of a degree; where there is a limit, those that have multidegrees within it."""
        if self._limit is None:
            return splits(degree, tuple(map(len, self._kinds)))
        found: dict[tuple[Partition, ...], list[_Multidegree]] = {}
        for powers in self._limit.multidegrees(degree):
            split = tuple(tuple(sorted((powers[i] for i in p if powers[i]), reverse=True)) for p in self._kinds)
            tensors = sorted(((i, k) for i, k in enumerate(powers) if k), key=self._naming)
            factors = tuple(i for i, k in enumerate(powers) for _ in range(k))
            found.setdefault(split, []).append(_Multidegree(factors, tuple(i for i, _ in tensors)))
        self._within.update(found)
        return found

    def _multidegrees(self, split: tuple[Partition, ...]) -> Iterator[_Multidegree]:
        if self._limit is not None:
            yield from self._within[split]
            return
        options = [list(_choices(places, degrees)) for places, degrees in zip(self._kinds, split, strict=True)]
        for chosen in product(*options):
            tensors = sorted(chain.from_iterable(chosen), key=self._naming)
            factors = sorted(chain.from_iterable([i] * k for i, k in tensors))
            yield _Multidegree(tuple(factors), tuple(i for i, _ in tensors))

    def _naming(self, entry: tuple[int, int]) -> tuple[int, int, int, int]:
        """The order of tensors in which all multidegrees of a family look alike."""
        i, degree = entry
        return *self._types[i], -degree, i

    def _floor(self, degree: int) -> Key:
        """A lower bound of the keys of this and of all higher degrees."""
        ranks = sorted(t.l for t in self._space.tensors if t.l or not self._connected)
        cost = self._least_of_any(ranks[:1] * degree)
        return self._ranking.key(degree, degree * min(self._ranking.weights), cost)


def _no_bound(ranks: Sequence[int]) -> int:
    return 0


def splits(degree: int, sizes: tuple[int, ...]) -> Iterator[tuple[Partition, ...]]:
    """All ways to spread a degree over kinds of tensors, with at most sizes[i] different tensors of kind i."""
    if not sizes:
        if not degree:
            yield ()
        return
    for here in range(degree, -1, -1):
        for partition in _partitions(here, sizes[0], here):
            for rest in splits(degree - here, sizes[1:]):
                yield (partition, *rest)


def _partitions(total: int, parts: int, largest: int) -> Iterator[Partition]:
    if not total:
        yield ()
    elif parts:
        for first in range(min(total, largest), 0, -1):
            for rest in _partitions(total - first, parts - 1, first):
                yield (first, *rest)


def _choices(places: list[int], degrees: Partition) -> Iterator[tuple[tuple[int, int], ...]]:
    """All ways to give different tensors these degrees, as pairs (tensor, degree)."""
    if not degrees:
        yield ()
        return
    equal = degrees.count(degrees[0])
    for chosen in combinations(places, equal):
        left = [i for i in places if i not in chosen]
        for rest in _choices(left, degrees[equal:]):
            yield (*((i, degrees[0]) for i in chosen), *rest)
