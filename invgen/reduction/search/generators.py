"""Generators of the invariants, multidegree by multidegree, each checked against its Molien count.

In every multidegree the products of lower generators are counted first; candidates are added, cheapest first, until the
count is met. It must be met exactly: falling short raises `EnumerationError`.

Under O(3) parity belongs to the multidegree. Where some tensor has the unnatural parity, products of two contractions
that both change sign under inversion are candidates too, as (a·b)² of a vector and a pseudo-vector. Products with two
Levi-Civita symbols are never needed: they expand into contractions without one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from invgen.contractions.expression import Expression
from invgen.reduction.search.components import Component, Rules, solve, sub_multidegrees
from invgen.reduction.search.limits import Cut, searched_multidegrees
from invgen.reduction.search.patterns import Multidegree, Pattern, pattern_of, pattern_space, sorted_pattern, to_space
from invgen.reduction.search.products import Candidate
from invgen.spaces.outputs import SCALAR, count_maps
from invgen.spaces.point_groups import POINT_GROUPS
from invgen.spaces.space import TensorSpace
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.search.checkpoint import Checkpoint


class Submits(Protocol):
    """Something that runs tasks: any `concurrent.futures` executor, or a Dask `Client`."""

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """Start function(*args) and return a future with `result()`."""


@dataclass(frozen=True)
class Work:
    """Where patterns are solved and kept; neither changes a result.

    Attributes:
        executor: solves the patterns of one degree concurrently, or None.
        checkpoint: a folder of solved patterns that is read first and written as patterns finish, or None.
    """

    executor: Submits | None = None
    checkpoint: Checkpoint | None = None


SERIAL = Work()


class GeneratorStage:
    """Solves degree after degree and keeps the patterns that later degrees need.

    Args:
        space: the tensors and the group.
        rules: what counts as a candidate and as a product.
        progress: called as progress(text, done, total), or None.
        work: where patterns are solved and kept.
        outputs: what is counted in each multidegree: invariants, or covariants to an irrep.
        limit: which multidegrees `degrees` visits, or None for all.
    """

    def __init__(
        self,
        space: TensorSpace,
        rules: Rules | None = None,
        progress: Progress | None = None,
        work: Work = SERIAL,
        outputs: str = SCALAR,
        limit: Cut | None = None,
    ) -> None:
        self._limit = limit
        self._space = space
        self._outputs = outputs
        self._rules = rules or Rules(space.group)
        self._progress = progress
        self._work = work
        self._solved: dict[Pattern, Component] = {}
        # Equivariant maps are generated over the invariants, which a stage of their own solves.
        is_module = self._rules.minimal and (self._rules.covariants, self._rules.parity) not in ((None, 1), (0, 1))
        self._ring = GeneratorStage(space, ring_rules(space.group), work=work) if is_module else None

    def degrees(self, max_degree: int) -> Iterator[tuple[int, list[Component]]]:
        """Degree by degree the components with a count above 0, in descending order of multidegree.

        Generators of equivariant maps begin with those of degree 0, the constant ones.
        """
        for degree in range(0 if self._ring is not None else 1, max_degree + 1):
            yield degree, self.of_degree(degree)

    def members(self, max_degree: int, products: bool = False) -> list[Expression]:
        """The generators up to a degree, with `products` a basis, by degree, cost and multidegree (descending)."""
        kept: list[Expression] = []
        for _, components in self.degrees(max_degree):
            found = [m for c in components for m in ((*c.products, *c.generators) if products else c.generators)]
            kept += [member.contraction for member in sorted(found, key=lambda member: member.cost)]
        return kept

    def component(self, multidegree: Multidegree) -> Component:
        """The component of one multidegree, in the space's names; lower ones are solved as they are needed."""
        pattern, places = self._pattern(multidegree)
        self._solve_one(pattern)
        return _renamed(self._solved[pattern], multidegree, to_space(self._space, places))

    def solve_ahead(self, degree: int, wanted: Iterable[Multidegree]) -> None:
        """Solve these multidegrees of one degree at once, if there is an executor that speeds this up."""
        if self._work.executor is not None:
            self._solve_all(degree, list(dict.fromkeys(self._pattern(multidegree)[0] for multidegree in wanted)))

    def of_degree(self, degree: int) -> list[Component]:
        """The components of one degree with a count above 0, in descending order of multidegree."""
        admitted = [
            (multidegree, *self._pattern(multidegree))
            for multidegree in searched_multidegrees(self._space, degree, self._limit)
            if count_maps(self._space, self._outputs, multidegree)
        ]
        self._solve_all(degree, list(dict.fromkeys(pattern for _, pattern, _ in admitted)))
        return [
            _renamed(self._solved[pattern], multidegree, to_space(self._space, places))
            for multidegree, pattern, places in admitted
        ]

    def _solve_all(self, degree: int, patterns: list[Pattern]) -> None:
        """Solve the patterns of one degree, concurrently where there is an executor."""
        left = [pattern for pattern in patterns if not self._known(pattern)]
        futures = []
        if self._work.executor is not None:
            futures = [self._work.executor.submit(solve, self._rules, p, *self._needed(p)) for p in left]
        for done, pattern in enumerate(left):
            component = futures[done].result() if futures else solve(self._rules, pattern, *self._needed(pattern))
            self._keep(pattern, component)
            if self._progress is not None:
                self._progress(f"degree {degree}", done + 1, len(left))

    def _solve_one(self, pattern: Pattern) -> None:
        if not self._known(pattern):
            self._keep(pattern, solve(self._rules, pattern, *self._needed(pattern)))

    def _known(self, pattern: Pattern) -> bool:
        """Whether the pattern is solved, now or by an earlier run."""
        if pattern not in self._solved and self._work.checkpoint is not None:
            found = self._work.checkpoint.load(self._rules, pattern)
            if found is not None:
                self._solved[pattern] = found
        return pattern in self._solved

    def _keep(self, pattern: Pattern, component: Component) -> None:
        self._solved[pattern] = component
        if self._work.checkpoint is not None:
            self._work.checkpoint.save(self._rules, pattern, component)

    def _needed(self, pattern: Pattern) -> tuple[list[Candidate], list[Candidate]]:
        """The generators of all sub-multidegrees of a pattern, and for equivariant maps those of the invariants."""
        whole = tuple(k for _, _, k in pattern)
        parts = sub_multidegrees(whole)
        if self._ring is None or not pattern:
            return self._lower(pattern, parts), []
        return self._lower(pattern, [(0,) * len(pattern), *parts]), self._ring._lower(pattern, [*parts, whole])

    def _lower(self, pattern: Pattern, parts: Sequence[Multidegree]) -> list[Candidate]:
        """The generators of smaller multidegrees of a pattern, in its own names.

        In the plane, and where all equivariant maps of a multidegree are asked for, none are needed.
        """
        rules = self._rules
        if not pattern or self._space.spatial_dimension == 2 or (rules.covariants is not None and not rules.minimal):
            return []
        space = pattern_space(pattern, self._space.group)
        every = rules.covariants is not None or (not space.is_natural and not rules.couplings)
        found: list[Candidate] = []
        for multidegree in parts:
            if every or space.admits(multidegree):
                entries = tuple((l, parity, k) for (l, parity, _), k in zip(pattern, multidegree, strict=True))
                part, places = sorted_pattern(entries)
                self._solve_one(part)
                found += _renamed(self._solved[part], multidegree, to_space(space, places)).generators
        return found

    def _pattern(self, multidegree: Multidegree) -> tuple[Pattern, tuple[int, ...]]:
        return pattern_of(self._space, self._rules.group, multidegree)


def ring_rules(group: str) -> Rules:
    """The rules by which the invariants of a group have a minimal generating set, as coupling trees."""
    if group in POINT_GROUPS:
        return Rules(group, couplings=True, minimal=True, covariants=0)
    return Rules(group, couplings=True, minimal=True)


def _renamed(component: Component, multidegree: Multidegree, names: Mapping[str, str]) -> Component:
    def rename(candidate: Candidate) -> Candidate:
        return Candidate(multidegree, candidate.cost, candidate.contraction.renamed(names))

    return Component(
        multidegree,
        component.count,
        tuple(map(rename, component.products)),
        tuple(map(rename, component.generators)),
    )
