"""Flexible selections: pure invariants of each tensor and mixed ones that tie pairs of tensors together.

That is enough for all vanishing patterns by the theorem of `search.supports`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.contractions.at_points import jacobian
from invgen.contractions.expression import Expression
from invgen.errors import DegreeError, EnumerationError
from invgen.reduction.options import SPECIFIC
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.flexible import FlexibleProof
from invgen.reduction.proofs.minors import first_minor
from invgen.reduction.search.generators import SERIAL, Work
from invgen.reduction.search.jacobian_pass import JacobianPass
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.products import Candidate
from invgen.reduction.search.request import PRIMES, Found, Request
from invgen.reduction.search.supports import FlexiblePlan, Support, flexible_plan, target_of
from invgen.reduction.search.two_sources import TwoSources
from invgen.reduction.selections.flexible_proof import is_full, prove
from invgen.spaces.space import TensorSpace
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated

_SEED = "invgen 1|flexible"  # a kept row is proved by the certificate, so these points need not depend on the request
_HINT_DEGREE = 12  # how far to look for the degree that would do


def settled(request: Request) -> Request:
    """The request with the mode and the anchor that it means on its space; `InputError` if they are not allowed."""
    plan = flexible_plan(request.space, request.mode or SPECIFIC, request.anchor)
    return replace(request, mode=plan.mode, anchor=plan.anchor)


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """The members of a flexible selection, in order of degree, then cost, then multidegree (descending).

    Every single tensor gets pure invariants until its rank is full, then every pair mixed ones, lowest degrees first.
    "specific" has dim V - dim orbit members: with vectors only, pairwise products beyond that number are left out.

    Raises:
        InputError: max_degree is too low for a tensor or a pair.

    Complexity: each pair of types of tensors is searched once, in its own multidegrees alone.
    """
    return Found([candidate.contraction for candidate in candidates(request, work, progress)])


def candidates(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> list[Candidate]:
    """The members of `find` with their multidegrees and costs."""
    space, plan = request.space, _plan(request)
    search = _SupportSearch(space, request.max_degree, progress, len(plan.parts), work)
    found = [search.members(support) for support in plan.parts]
    search.refuse_shortfall()
    members = [candidate for support in found for candidate in support]
    if plan.mode == SPECIFIC and space.spatial_dimension == 3 and all(t.l < 2 for t in space.tensors):
        members = _vectors(space, search, members)
    return sorted(members, key=lambda c: (sum(c.multidegree), c.cost, [-k for k in c.multidegree]))


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of a flexible selection, at the first of its primes that shows full rank everywhere.

    Raises:
        EnumerationError: no prime shows it, although the search saw full rank on every part.
    """
    return _certificate(request, found.members)


def recertify(request: Request, members: Sequence[Expression], before: Certificate) -> Certificate:
    """The certificate of the same selection with its members in other forms (`reduction.forms`), with a new proof."""
    if before.strata is None:
        return _certificate(request, members)
    from invgen.reduction.selections.strata_repair import recertify_repair

    core = _certificate(request, members[: before.strata.members])
    return recertify_repair(request, members, core, before.strata)


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of a flexible selection: the minor of the whole, and those of single tensors and pairs."""
    from invgen.reduction.proofs.claims import bound_claims, jacobian_at, minor_claim
    from invgen.reduction.selections import flexible_proof, strata_repair

    rows = jacobian_at(stated, basis, drawn)
    return [
        minor_claim(stated, rows),
        *flexible_proof.claims(stated, basis, rows),
        *bound_claims(stated, basis, request),
        *strata_repair.claims(stated, basis, request, drawn),
    ]


def _plan(request: Request) -> FlexiblePlan:
    return flexible_plan(request.space, request.mode or SPECIFIC, request.anchor)


def _certificate(request: Request, members: Sequence[Expression]) -> Certificate:
    space, target, plan = request.space, request.target, _plan(request)
    primes = derived_primes(request.seed, PRIMES)
    points = [tuple(int(v) for v in derived_points(request.seed, p, 1, space.dimension)[0]) for p in primes]
    for i, prime in enumerate(primes):
        matrix = jacobian(space, members, prime, points[i])
        rows, columns = first_minor(matrix, prime)
        flexibility = prove(space, members, plan, matrix, prime)
        if len(rows) == target and is_full(space, flexibility):
            order = [i, *(j for j in range(PRIMES) if j != i)]
            return Certificate(
                size=len(members),
                rank=target,
                target=target,
                complete=True,
                primes=tuple(primes[j] for j in order),
                points=tuple(points[j] for j in order),
                proof=FlexibleProof(rows, columns, 0, flexibility),
            )
    raise EnumerationError(
        f"the flexible selection of {space} does not have full rank everywhere; please report this as a defect"
    )


def _vectors(space: TensorSpace, search: _SupportSearch, anchored: list[Candidate]) -> list[Candidate]:
    """Products of vectors: those with the anchor, then the first others that complete the rank."""
    target = space.dimension - space.orbit_dimension
    rows = JacobianPass(space, _SEED)
    members = [c for c in anchored if rows.offer(c.contraction)]
    for support in combinations([i for i, t in enumerate(space.tensors) if t.l], 2):
        for candidate in search.members(support):
            if rows.rank < target and candidate not in members and rows.offer(candidate.contraction):
                members.append(candidate)
    search.refuse_shortfall()
    return members


class _SupportSearch:
    """Finds the members of parts; tensors of equal rank and parity have equal members up to names.

    Args:
        space: all tensors.
        max_degree: the highest degree that is allowed.
        progress: called after each support, or None.
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
        self._source = TwoSources(space, work)
        self._solved: dict[tuple[tuple[int, int], ...], tuple[Support, list[Candidate]]] = {}
        self._done: dict[Support, list[Candidate]] = {}
        self._needed: dict[Support, int | None] = {}  # parts that max_degree is too low for

    def members(self, support: Support) -> list[Candidate]:
        """The members that consist of all tensors of a support, such that with the pure ones its rank is full."""
        if support not in self._done:
            kind = tuple((self._space.tensors[i].l, self._space.tensors[i].parity) for i in support)
            if kind not in self._solved:
                self._solved[kind] = support, self._solve(support)
            model, found = self._solved[kind]
            self._done[support] = [self._renamed(c, model, support) for c in found]
            if self._progress is not None:
                self._progress("tensors and pairs", min(len(self._done), self._total), self._total)
        return self._done[support]

    def refuse_shortfall(self) -> None:
        """Raise `InputError` if any support asked for so far needs a degree above max_degree."""
        if not self._needed:
            return
        worst = max(self._needed, key=lambda support: self._needed[support] or _HINT_DEGREE + 1)
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

    def _solve(self, support: Support) -> list[Candidate]:
        kept = self._space.of([self._space.tensors[i] for i in support])
        rows = JacobianPass(kept, _SEED)
        if len(support) > 1:
            for candidate in (c for i in support for c in self.members((i,))):
                rows.offer(candidate.contraction)
            if any((i,) in self._needed for i in support):
                return []  # the single tensor is what is too low
        target = target_of(self._space, support)
        found: list[Candidate] = []
        for degree in range(1, max(self._max_degree, _HINT_DEGREE) + 1):
            for candidate in self._source.cheapest_first(self._multidegrees(support, degree)):
                if rows.rank < target and rows.offer(candidate.contraction):
                    found.append(candidate)
            if rows.rank == target:
                if degree > self._max_degree:
                    self._needed[support] = degree
                return found
        self._needed[support] = None
        return found

    def _multidegrees(self, support: Support, degree: int) -> Iterator[Multidegree]:
        """Those in which every tensor of the support occurs, in descending order."""
        splits = [(degree,)] if len(support) == 1 else [(k, degree - k) for k in range(degree - 1, 0, -1)]
        for split in splits:
            powers = dict(zip(support, split, strict=True))
            yield tuple(powers.get(i, 0) for i in range(len(self._space.tensors)))

    def _renamed(self, candidate: Candidate, model: Support, support: Support) -> Candidate:
        if model == support:
            return candidate
        places = dict(zip(model, support, strict=True))
        multidegree = [0] * len(self._space.tensors)
        for i, place in places.items():
            multidegree[place] = candidate.multidegree[i]
        names = {self._space.names[i]: self._space.names[place] for i, place in places.items()}
        return Candidate(tuple(multidegree), candidate.cost, candidate.contraction.renamed(names))
