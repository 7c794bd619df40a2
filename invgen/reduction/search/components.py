"""The invariants of one multidegree, up to the names of its tensors.

Which invariants generate a multidegree depends on the ranks, parities and degrees alone, so each such pattern is solved
once, with tensors called t0, t1, ..., and read off for every multidegree that has it. A pattern needs the generators of
lower patterns and nothing else: patterns of one degree are independent tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from invgen.algebra.finite_field import Vector, derived_primes, independent_rows
from invgen.contractions.candidates import connected_contractions
from invgen.contractions.expression import Expression, product_of
from invgen.contractions.trees import CouplingTree, Node, write
from invgen.errors import EnumerationError
from invgen.reduction.search.patterns import Multidegree, Pattern, pattern_space
from invgen.reduction.search.products import Candidate, difference, epsilon_count, map_rows, multisets
from invgen.reduction.search.values import PointValues
from invgen.spaces.point_groups import SYMMETRIES, structural_names
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    from invgen.reduction.search.covariants import CovariantPool

_SPARE_POINTS = 2  # beyond the count, so that a superfluous candidate would show
_FEW_CANDIDATES = 16


@dataclass(frozen=True)
class Rules:
    """What decides which invariants are generators, or which covariants are a basis.

    Attributes:
        group: "O3", "SO3", "O2" or "SO2".
        couplings: whether candidates are coupling trees; otherwise connected contractions.
        minimal: whether products with two Levi-Civita symbols count as products, which makes generators a minimal
            set but not every product a single contraction.
        content: what the prime and the points are derived from. Selection by count is exact, so it need not depend on
            the request; another content checks the same counts at another prime.
        covariants: the rank of the equivariant maps that are asked for instead of invariants of O(3) or its like in the
            plane. All of a multidegree are asked for; where `minimal`, those that are not sums of products of
            invariants and lower maps. Under O(3) all of them have the group "SO3", as parity belongs to the
            multidegree.
        parity: that of these maps.
    """

    group: str
    couplings: bool = False
    minimal: bool = False
    content: str = "invgen 1|generators"
    covariants: int | None = None
    parity: int = 1


@dataclass(frozen=True)
class Component:
    """The invariants of one multidegree, or its covariants, of which all count as generators.

    Attributes:
        multidegree: the degree in each tensor.
        count: the Molien count.
        products: linearly independent products of lower generators, the cheapest first; empty if `Rules.minimal`. In
            the plane, what completes the generators to a basis.
        generators: what completes the products to a basis of the multidegree, the cheapest first.
    """

    multidegree: Multidegree
    count: int
    products: tuple[Candidate, ...]
    generators: tuple[Candidate, ...]


def solve(rules: Rules, pattern: Pattern, lower: Sequence[Candidate], ring: Sequence[Candidate] = ()) -> Component:
    """The products and generators of a pattern, given all generators of its sub-multidegrees in its own names.

    Args:
        rules: what is asked for.
        pattern: the ranks, parities and degrees of the tensors.
        lower: the generators of smaller multidegrees.
        ring: where equivariant maps are asked for, the generators of the invariants up to this multidegree.

    Raises:
        EnumerationError: the candidates do not reach the Molien count.
    """
    if rules.covariants is not None:
        return _solve_maps(rules, pattern, lower, ring)
    space = pattern_space(pattern, rules.group)
    multidegree = tuple(k for _, _, k in pattern)
    if space.spatial_dimension == 2:
        return _solve_in_the_plane(rules, space, multidegree)
    count = space.count_rotation_invariants(multidegree)
    if not count:
        return Component(multidegree, 0, (), ())
    points = _points(_kinds(pattern), rules.group, rules.content)
    rows = _Rows(count, points.prime)
    even = space.admits(multidegree)
    products = sorted(_products(rules, space, multidegree, lower, points, count + _SPARE_POINTS), key=lambda p: p.cost)
    kept_products = [products[i] for i in rows.offer([p.values for p in products])]
    generators: list[Candidate] = []
    for source in _sources(rules, space, multidegree, lower, pattern, even):
        while rows.rank < count:
            batch = list(islice(source, max(_FEW_CANDIDATES, 2 * (count - rows.rank))))
            if not batch:
                break
            values = [_product_values(points, factors, count + _SPARE_POINTS) for _, factors in batch]
            generators += [batch[i][0] for i in rows.offer(values)]
    if rows.rank != count:
        raise EnumerationError(
            f"multidegree {multidegree} of {space} has {count} invariants, but the candidates span {rows.rank}; "
            "please report this as a defect"
        )
    named = () if rules.minimal else tuple(p.candidate(multidegree) for p in kept_products)
    return Component(multidegree, count, named, tuple(generators))


def _solve_maps(rules: Rules, pattern: Pattern, lower: Sequence[Candidate], ring: Sequence[Candidate]) -> Component:
    """All equivariant maps of a multidegree, or where `Rules.minimal` those that products do not give, cheapest first.

    The maps are a basis by `CovariantPool.maps`. Products are counted by their values at points of a prime field, in
    each of which a linear form of the outputs is taken: its rank is a lower bound of theirs.
    """
    multidegree = tuple(k for _, _, k in pattern)
    found = sorted(
        (Candidate(multidegree, cost, CouplingTree(write(node))) for cost, node in _maps(rules, pattern, multidegree)),
        key=lambda candidate: candidate.cost,
    )
    count = len(found)
    if not rules.minimal or not count:
        return Component(multidegree, count, (), tuple(found))
    if sum(multidegree) > 1 and any(
        l == 0 and (parity > 0 or SYMMETRIES[rules.group].is_chiral) for l, parity, _ in pattern
    ):
        return Component(multidegree, count, (), ())  # every map is a product with the scalar
    if not pattern:
        return Component(multidegree, count, (), tuple(found))
    points = _points(_kinds(pattern), rules.group, rules.content)
    rows, length = _Rows(count, points.prime), count + _SPARE_POINTS
    products = _map_products(rules, multidegree, lower, ring, points, length)
    while rows.rank < count:
        batch = list(islice(products, max(_FEW_CANDIDATES, 2 * count)))
        if not batch:
            break
        rows.offer(batch)
    kept = rows.offer([points.functional(c.contraction.root, length) for c in found])
    if rows.rank != count:
        raise EnumerationError(
            f"multidegree {multidegree} of the pattern {pattern} has {count} equivariant maps under {rules.group}, but "
            f"the candidates span {rows.rank}; please report this as a defect"
        )
    return Component(multidegree, count, (), tuple(found[i] for i in kept))


def _maps(rules: Rules, pattern: Pattern, multidegree: Multidegree) -> list[tuple[int, Node]]:
    """A basis of the equivariant maps of a multidegree with their costs."""
    group, rank = SYMMETRIES[rules.group], rules.covariants or 0
    if not pattern:
        return [(0, name) for name in structural_names(group, rank, rules.parity)]
    parity = rules.parity
    for _, own, k in pattern:
        parity *= own**k
    return _pool(_kinds(pattern), "SO3", rules.content).maps(multidegree, group, rank, parity)


def _map_products(
    rules: Rules,
    multidegree: Multidegree,
    lower: Sequence[Candidate],
    ring: Sequence[Candidate],
    points: PointValues,
    length: int,
) -> Iterator[Vector]:
    """The values of products of invariants, or of invariants and one lower equivariant map, that make a multidegree."""
    if (rules.covariants, rules.parity) == (0, 1):
        one = np.ones(length, dtype=np.int64)
        for factors, values in multisets(lower, multidegree, one, points, any_epsilons=True):
            if len(factors) > 1:
                yield values
        return
    yield from map_rows(lower, ring, multidegree, points, length)


def _solve_in_the_plane(rules: Rules, space: TensorSpace, multidegree: Multidegree) -> Component:
    """The same by exact combinatorics, see `reduction.planar_monomials`."""
    from invgen.reduction.search.planar_monomials import planar_invariants  # most searches are in space

    found = planar_invariants(space, multidegree)
    count = len(found.generated) + len(found.generators)
    if count != space.count(multidegree):
        raise EnumerationError(
            f"multidegree {multidegree} of {space} has {space.count(multidegree)} invariants, but {count} were found; "
            "please report this as a defect"
        )
    generated, generators = (
        tuple(Candidate(multidegree, found.cost, e) for e in members) for members in (found.generated, found.generators)
    )
    return Component(multidegree, count, () if rules.minimal else generated, generators)


def sub_multidegrees(multidegree: Multidegree) -> list[Multidegree]:
    """All smaller multidegrees but zero, by degree, then in descending order."""
    found: list[Multidegree] = [()]
    for k in multidegree:
        found = [(*m, i) for m in found for i in range(k + 1)]
    return sorted((m for m in found if any(m) and m != multidegree), key=lambda m: (sum(m), [-k for k in m]))


@dataclass(frozen=True, eq=False)
class _Product:
    factors: tuple[Candidate, ...]
    cost: int
    values: Vector

    def candidate(self, multidegree: Multidegree) -> Candidate:
        return Candidate(multidegree, self.cost, product_of([f.contraction for f in self.factors]))


class _Rows:
    """Linearly independent rows of values, up to the known dimension of their span."""

    def __init__(self, count: int, prime: int) -> None:
        self._count = count
        self._prime = prime
        self._rows: list[Vector] = []

    @property
    def rank(self) -> int:
        return len(self._rows)

    def offer(self, values: list[Vector]) -> list[int]:
        """Keep what is outside the span of the rows before; returns the positions kept."""
        if not values or self.rank == self._count:
            return []
        before = self.rank
        kept = independent_rows(np.stack([*self._rows, *values]), self._prime)
        if len(kept) > self._count:
            raise EnumerationError(
                f"{len(kept)} invariants are independent where {self._count} are; please report this"
            )
        new = [i - before for i in kept if i >= before]
        self._rows += [values[i] for i in new]
        return new


def _products(
    rules: Rules,
    space: TensorSpace,
    multidegree: Multidegree,
    lower: Sequence[Candidate],
    points: PointValues,
    length: int,
) -> Iterator[_Product]:
    """Products of two or more generators: even ones, with exactly one odd factor if the multidegree is odd."""
    even = [g for g in lower if space.admits(g.multidegree)]
    one = np.ones(length, dtype=np.int64)
    if space.admits(multidegree):
        for factors, values in multisets(even, multidegree, one, points, rules.minimal):
            if len(factors) > 1:
                yield _product(factors, values)
        return
    for odd in lower:
        if not space.admits(odd.multidegree):
            start = points.values(odd.contraction, length)
            rest = difference(multidegree, odd.multidegree)
            epsilons = epsilon_count(odd)
            for factors, values in multisets(even, rest, start, points, rules.minimal, epsilons):
                yield _product((odd, *factors), values)


def _product(factors: tuple[Candidate, ...], values: Vector) -> _Product:
    return _Product(factors, sum(f.cost for f in factors) + len(factors) - 1, values)


def _sources(
    rules: Rules,
    space: TensorSpace,
    multidegree: Multidegree,
    lower: Sequence[Candidate],
    pattern: Pattern,
    even: bool,
) -> Iterator[Iterator[tuple[Candidate, tuple[Expression, ...]]]]:
    """New candidates: connected contractions or coupling trees, then pairs that change sign both under inversion."""
    has_scalar = any(k and not t.l for k, t in zip(multidegree, space.tensors, strict=True))
    has_odd_scalar = any(k and not t.l and t.parity < 0 for k, t in zip(multidegree, space.tensors, strict=True))
    if sum(multidegree) == 1 or not has_scalar or (rules.couplings and has_odd_scalar):
        if rules.couplings:
            found = _pool(_kinds(pattern), rules.group, rules.content).invariants(multidegree)
            yield ((Candidate(multidegree, cost, tree), (tree,)) for cost, tree in found)
        else:
            yield ((Candidate(multidegree, cost, c), (c,)) for cost, c in connected_contractions(space, multidegree))
    if even:
        odd = [g for g in lower if not space.admits(g.multidegree)]
        pairs = [
            (a, b)
            for i, a in enumerate(odd)
            for b in odd[i:]
            if difference(multidegree, a.multidegree) == b.multidegree and (epsilon_count(a) + epsilon_count(b) < 2)
        ]
        yield iter([_pair(multidegree, a, b) for a, b in sorted(pairs, key=lambda p: p[0].cost + p[1].cost)])


def _pair(multidegree: Multidegree, a: Candidate, b: Candidate) -> tuple[Candidate, tuple[Expression, ...]]:
    parts = (a.contraction, b.contraction)
    return Candidate(multidegree, a.cost + b.cost + 1, product_of(parts)), parts


def _product_values(points: PointValues, factors: tuple[Expression, ...], length: int) -> Vector:
    values = points.values(factors[0], length)
    for factor in factors[1:]:
        values = values * points.values(factor, length) % points.prime
    return values


Kinds = tuple[tuple[int, int], ...]  # (l, parity) of each tensor


def _kinds(pattern: Pattern) -> Kinds:
    return tuple((l, parity) for l, parity, _ in pattern)


@lru_cache(maxsize=256)
def _points(kinds: Kinds, group: str, content: str) -> PointValues:
    space = pattern_space(tuple((l, parity, 0) for l, parity in kinds), group)
    return PointValues(space, derived_primes(content, 1)[0], content)


@lru_cache(maxsize=256)
def _pool(kinds: Kinds, group: str, content: str) -> CovariantPool:
    from invgen.reduction.search.covariants import CovariantPool  # few selections take coupling trees

    space = pattern_space(tuple((l, parity, 0) for l, parity in kinds), group)
    return CovariantPool(space, _points(kinds, group, content))
