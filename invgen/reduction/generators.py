"""Generators of the invariants, multidegree by multidegree, each held against its Molien count.

In every multidegree the products of lower generators are counted first; candidates are added, cheapest first, until the
count is met. It must be met exactly: falling short raises `EnumerationError`.

Under O(3) parity belongs to the multidegree. Where some tensor has the unnatural parity, products of two contractions
that both change sign under inversion are candidates too, as (a·b)² of a vector and a pseudo-vector. Products with two
Levi-Civita symbols are never needed: they expand into contractions without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor

from invgen.errors import InputError
from invgen.groups import count_multidegrees, multidegrees
from invgen.reduction.components import (
    Candidate,
    Component,
    Multidegree,
    Pattern,
    Rules,
    pattern_space,
    solve,
    sub_multidegrees,
)
from invgen.spaces import TensorSpace

Progress = Callable[[str, int, int], None]

MAX_MULTIDEGREES = 500_000


class GeneratorStage:
    """Solves degree after degree and keeps the patterns that later degrees need.

    Args:
        space: the tensors and the group.
        rules: what counts as a candidate and as a product.
        progress: called as progress(text, done, total), or None.
        executor: solves the patterns of one degree concurrently, or None; results do not depend on it.
    """

    def __init__(
        self,
        space: TensorSpace,
        rules: Rules | None = None,
        progress: Progress | None = None,
        executor: Executor | None = None,
    ) -> None:
        self._space = space
        self._rules = rules or Rules(space.group)
        self._progress = progress
        self._executor = executor
        self._solved: dict[Pattern, Component] = {}

    def degrees(self, max_degree: int) -> Iterator[tuple[int, list[Component]]]:
        """Degree by degree the components with a count above 0, in descending order of multidegree."""
        for degree in range(1, max_degree + 1):
            yield degree, self._degree(degree)

    def component(self, multidegree: Multidegree) -> Component:
        """The component of one multidegree, in the space's names; lower ones are solved as they are needed."""
        pattern, places = self._pattern(multidegree)
        if pattern not in self._solved:
            self._solved[pattern] = solve(self._rules, pattern, self._lower(pattern))
        return _renamed(self._solved[pattern], multidegree, [self._space.names[i] for i in places])

    def _degree(self, degree: int) -> list[Component]:
        total = count_multidegrees(len(self._space.tensors), degree)
        if total > MAX_MULTIDEGREES:
            raise InputError(
                f"degree {degree} of {len(self._space.tensors)} tensors has {total} multidegrees, "
                f"more than {MAX_MULTIDEGREES}; lower max_degree or leave out tensors"
            )
        admitted = [
            (multidegree, *self._pattern(multidegree))
            for multidegree in multidegrees(len(self._space.tensors), degree)
            if self._space.count(multidegree)
        ]
        self._solve_all(degree, list(dict.fromkeys(pattern for _, pattern, _ in admitted)))
        return [
            _renamed(self._solved[pattern], multidegree, [self._space.names[i] for i in places])
            for multidegree, pattern, places in admitted
        ]

    def _solve_all(self, degree: int, patterns: list[Pattern]) -> None:
        """Solve the patterns of one degree, concurrently where there is an executor."""
        tasks = [(pattern, self._lower(pattern)) for pattern in patterns if pattern not in self._solved]
        if self._executor is None:
            results: Iterator[Component] = (solve(self._rules, pattern, lower) for pattern, lower in tasks)
        else:
            futures = [self._executor.submit(solve, self._rules, pattern, lower) for pattern, lower in tasks]
            results = (future.result() for future in futures)
        for done, ((pattern, _), component) in enumerate(zip(tasks, results, strict=True)):
            self._solved[pattern] = component
            if self._progress is not None:
                self._progress(f"degree {degree}", done + 1, len(tasks))

    def _lower(self, pattern: Pattern) -> list[Candidate]:
        """The generators of all sub-multidegrees of a pattern, in its own names."""
        space = pattern_space(pattern, self._space.group)
        odd_too = not space.is_natural and not self._rules.couplings
        found: list[Candidate] = []
        for multidegree in sub_multidegrees(tuple(k for _, _, k in pattern)):
            if space.admits(multidegree) or odd_too:
                entries = tuple((l, parity, k) for (l, parity, _), k in zip(pattern, multidegree, strict=True))
                part, places = _sorted_pattern(entries)
                if part not in self._solved:
                    self._solved[part] = solve(self._rules, part, self._lower(part))
                found += _renamed(self._solved[part], multidegree, [f"t{i}" for i in places]).generators
        return found

    def _pattern(self, multidegree: Multidegree) -> tuple[Pattern, tuple[int, ...]]:
        ignored = self._space.group == "SO3"  # there parity is no property of the tensors
        entries = tuple(
            (t.l, 1 if ignored else t.parity, k) for t, k in zip(self._space.tensors, multidegree, strict=True)
        )
        return _sorted_pattern(entries)


def _sorted_pattern(entries: Pattern) -> tuple[Pattern, tuple[int, ...]]:
    """The pattern of a multidegree and the place of each of its tensors."""
    l, parity, degree = range(3)
    places = sorted(
        (i for i, entry in enumerate(entries) if entry[degree]),
        key=lambda i: (entries[i][l], entries[i][parity], -entries[i][degree], i),
    )
    return tuple(entries[i] for i in places), tuple(places)


def _renamed(component: Component, multidegree: Multidegree, names: list[str]) -> Component:
    mapping = {f"t{i}": name for i, name in enumerate(names)}

    def rename(candidate: Candidate) -> Candidate:
        return Candidate(multidegree, candidate.cost, candidate.contraction.renamed(mapping))

    return Component(
        multidegree,
        component.count,
        tuple(map(rename, component.products)),
        tuple(map(rename, component.generators)),
    )
