"""Flexible selections: pure invariants of each tensor and mixed ones that tie pairs of tensors together.

Theorem. If the members of every single tensor and of every pair have full rank, the members of every sub-collection
have: a selection that is complete on singles and pairs is complete on all 2^N vanishing patterns. The proof stands in
docs/mathematics.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from invgen.errors import DegreeError, InputError
from invgen.reduction.search.components import Candidate, Rules
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Progress, Work
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.selections.independent import JacobianPass
from invgen.spaces.space import TensorSpace

MODES = ("specific", "minimal-set")

_CONTENT = (
    "invgen 1|flexible"  # a kept row is proved by the certificate, so these points need not depend on the request
)
_HINT_DEGREE = 12  # how far to look for the degree that would do
_CONTRACTION_DEGREE = 4
_CONTRACTION_INDICES = 24

Part = tuple[int, ...]  # the positions of one tensor or of two


@dataclass(frozen=True)
class Layout:
    """Which singles and pairs a flexible selection must have full rank on.

    Attributes:
        mode: "specific" or "minimal-set".
        anchor: the name of the tensor that all others are tied to; None if all pairs are, or if there is none.
        parts: the positions of every single tensor and then of every pair that is tied together, ascending.
    """

    mode: str
    anchor: str | None
    parts: tuple[Part, ...]

    @property
    def request(self) -> str:
        """What distinguishes the primes and points of this selection from those of others."""
        return f"flexible {self.mode} {self.anchor}" if self.anchor else f"flexible {self.mode}"


def layout(space: TensorSpace, mode: str, anchor: str | None = None) -> Layout:
    """The singles and pairs of a mode.

    Args:
        space: the tensors.
        mode: "specific" ties every tensor of l >= 1 to the anchor, "minimal-set" every pair of such tensors.
        anchor: the anchor's name for "specific"; by default the first of the lowest l >= 2, or the first vector where
            there are vectors only; in the plane the first of the lowest weight >= 1.

    Raises:
        InputError: an unknown mode, an anchor for "minimal-set", or an anchor that leaves a stabiliser although
            another tensor does not.
    """
    if mode not in MODES:
        raise InputError(f"flexible must be one of {', '.join(map(repr, MODES))}, got {mode!r}")
    singles = [(i,) for i in range(len(space.tensors))]
    turning = [i for i, t in enumerate(space.tensors) if t.l]
    if mode == "minimal-set":
        if anchor is not None:
            raise InputError(f"flexible='minimal-set' anchors every pair, so it takes no anchor, got {anchor!r}")
        return Layout(mode, None, (*singles, *combinations(turning, 2)))
    fixed = _anchor(space, turning, anchor)
    pairs = [(min(fixed, i), max(fixed, i)) for i in turning if fixed is not None and i != fixed]
    return Layout(mode, None if fixed is None else space.names[fixed], (*singles, *pairs))


def _anchor(space: TensorSpace, turning: list[int], anchor: str | None) -> int | None:
    rigid = [i for i in turning if space.tensors[i].l >= 2] if space.spatial_dimension == 3 else []
    if anchor is None:
        return min(rigid or turning, key=lambda i: (space.tensors[i].l, i), default=None)
    given = space.index(anchor)
    allowed = rigid or turning
    if given not in allowed:
        least = 2 if rigid else 1
        names = ", ".join(space.names[i] for i in allowed)
        hint = f"choose one of {names}" if allowed else "a space of scalars has none, leave it out"
        raise InputError(f"the anchor must have l >= {least}, {space.tensors[given]} has not; {hint}")
    return given


def target_of(space: TensorSpace, part: Part) -> int:
    """The rank that is needed on the tensors of a part: its dimension minus that of a generic orbit."""
    kept = TensorSpace([space.tensors[i] for i in part], space.group)
    return kept.dimension - kept.orbit_dimension


def part_of(multidegree: Multidegree) -> Part:
    """The positions of the tensors that an invariant consists of."""
    return tuple(i for i, k in enumerate(multidegree) if k)


def few_graphs(space: TensorSpace, multidegree: Multidegree) -> bool:
    """Whether a multidegree has few contraction graphs, so that they are preferred to coupling trees."""
    indices = sum(k * t.l for k, t in zip(multidegree, space.tensors, strict=True))
    return not indices or (sum(multidegree) <= _CONTRACTION_DEGREE and indices <= _CONTRACTION_INDICES)


def own_members(space: TensorSpace, part: Part) -> int:
    """How many members that consist of all tensors of a part a flexible selection needs."""
    return target_of(space, part) - (sum(target_of(space, (i,)) for i in part) if len(part) > 1 else 0)


def flexible(
    space: TensorSpace, max_degree: int, plan: Layout, progress: Progress | None = None, work: Work = SERIAL
) -> list[Candidate]:
    """The members of a flexible selection, in order of degree, then cost, then multidegree (descending).

    Every single tensor gets pure invariants until its rank is full, then every pair mixed ones, lowest degrees first.
    "specific" has dim V - dim orbit members: with vectors only, pairwise products beyond that number are left out.

    Raises:
        InputError: max_degree is too low for a tensor or a pair.

    Complexity: each pair of types of tensors is searched once, in its own multidegrees alone.
    """
    search = _Search(space, max_degree, progress, len(plan.parts), work)
    found = [search.members(part) for part in plan.parts]
    search.refuse_shortfall()
    members = [candidate for part in found for candidate in part]
    if plan.mode == "specific" and space.spatial_dimension == 3 and all(t.l < 2 for t in space.tensors):
        members = _vectors(space, search, members)
    return sorted(members, key=lambda c: (sum(c.multidegree), c.cost, [-k for k in c.multidegree]))


def _vectors(space: TensorSpace, search: _Search, anchored: list[Candidate]) -> list[Candidate]:
    """Products of vectors: those with the anchor, then the first others that complete the rank."""
    target = space.dimension - space.orbit_dimension
    rows = JacobianPass(space, _CONTENT)
    members = [c for c in anchored if rows.offer(c.contraction)]
    for part in combinations([i for i, t in enumerate(space.tensors) if t.l], 2):
        for candidate in search.members(part):
            if rows.rank < target and candidate not in members and rows.offer(candidate.contraction):
                members.append(candidate)
    search.refuse_shortfall()
    return members


class _Search:
    """Finds the members of parts; tensors of equal rank and parity have equal members up to names.

    Args:
        space: all tensors.
        max_degree: the highest degree that is allowed.
        progress: called after each part, or None.
        total: the number of parts, for the progress.
        work: where multidegrees are solved and kept.
    """

    def __init__(
        self, space: TensorSpace, max_degree: int, progress: Progress | None, total: int, work: Work = SERIAL
    ) -> None:
        self._space = space
        self._max_degree = max_degree
        self._progress = progress
        self._total = total
        self._contractions = GeneratorStage(space, Rules(space.group), work=work)
        self._couplings = GeneratorStage(space, Rules(space.group, couplings=True, minimal=True), work=work)
        self._solved: dict[tuple[tuple[int, int], ...], tuple[Part, list[Candidate]]] = {}
        self._done: dict[Part, list[Candidate]] = {}
        self._needed: dict[Part, int | None] = {}  # parts that max_degree is too low for

    def members(self, part: Part) -> list[Candidate]:
        """The members that consist of all tensors of a part, such that with the pure ones its rank is full."""
        if part not in self._done:
            kind = tuple((self._space.tensors[i].l, self._space.tensors[i].parity) for i in part)
            if kind not in self._solved:
                self._solved[kind] = part, self._solve(part)
            model, found = self._solved[kind]
            self._done[part] = [self._renamed(c, model, part) for c in found]
            if self._progress is not None:
                self._progress("tensors and pairs", min(len(self._done), self._total), self._total)
        return self._done[part]

    def refuse_shortfall(self) -> None:
        """Raise `InputError` if any part asked for so far needs a degree above max_degree."""
        if not self._needed:
            return
        worst = max(self._needed, key=lambda part: self._needed[part] or _HINT_DEGREE + 1)
        names = " and ".join(str(self._space.tensors[i]) for i in worst)
        degree = self._needed[worst]
        what = f"{names} alone" if len(worst) == 1 else f"the pair {names}"
        beyond = "" if degree else f"degree {max(self._max_degree, _HINT_DEGREE)} is too low too, "
        raise DegreeError(
            "",
            f"={self._max_degree} is too low for select='flexible': the invariants of {what} do not reach "
            f"rank {target_of(self._space, worst)} there; {beyond}raise ",
            f" to {degree}" if degree else " further",
        )

    def _solve(self, part: Part) -> list[Candidate]:
        kept = TensorSpace([self._space.tensors[i] for i in part], self._space.group)
        rows = JacobianPass(kept, _CONTENT)
        if len(part) > 1:
            for candidate in (c for i in part for c in self.members((i,))):
                rows.offer(candidate.contraction)
            if any((i,) in self._needed for i in part):
                return []  # the single tensor is what is too low
        target = target_of(self._space, part)
        found: list[Candidate] = []
        for degree in range(1, max(self._max_degree, _HINT_DEGREE) + 1):
            candidates = [c for m in self._multidegrees(part, degree) for c in self._generators(m)]
            for candidate in sorted(candidates, key=lambda c: c.cost):
                if rows.rank < target and rows.offer(candidate.contraction):
                    found.append(candidate)
            if rows.rank == target:
                if degree > self._max_degree:
                    self._needed[part] = degree
                return found
        self._needed[part] = None
        return found

    def _multidegrees(self, part: Part, degree: int) -> Iterator[Multidegree]:
        """Those in which every tensor of the part occurs, in descending order."""
        splits = [(degree,)] if len(part) == 1 else [(k, degree - k) for k in range(degree - 1, 0, -1)]
        for split in splits:
            powers = dict(zip(part, split, strict=True))
            yield tuple(powers.get(i, 0) for i in range(len(self._space.tensors)))

    def _generators(self, multidegree: Multidegree) -> tuple[Candidate, ...]:
        """By contractions where their graphs are few, otherwise by coupling trees; the multidegree alone decides."""
        if not self._space.count(multidegree):
            return ()
        few = few_graphs(self._space, multidegree)
        return (self._contractions if few else self._couplings).component(multidegree).generators

    def _renamed(self, candidate: Candidate, model: Part, part: Part) -> Candidate:
        if model == part:
            return candidate
        places = dict(zip(model, part, strict=True))
        multidegree = [0] * len(self._space.tensors)
        for i, place in places.items():
            multidegree[place] = candidate.multidegree[i]
        names = {self._space.names[i]: self._space.names[place] for i, place in places.items()}
        return Candidate(tuple(multidegree), candidate.cost, candidate.contraction.renamed(names))
