"""Independent invariants, and those that are needed in addition to tell generic orbits apart.

The members of an independent selection leave finitely many orbits with equal values (see `reduction.fibres`). Where
changes of signs of the tensors show that there are several, the cheapest generator of the lowest degree that notices
such a change is appended, until no change is unnoticed. Where the bound from above is still over 1, and is small
enough for degrees of fields to be found, the first generator that lowers it is appended, until it is 1. Whether that
proves separation is what the bounds say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from invgen.contractions.expression import Expression
from invgen.reduction.claim import Claim
from invgen.reduction.orbits.bezout import bezout
from invgen.reduction.orbits.fibres import FibreBounds, fibre_bounds
from invgen.reduction.orbits.field_degree import within_reach
from invgen.reduction.orbits.ring_degree import rank_mod_2
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.error_bounds import error_log2
from invgen.reduction.proofs.protocols import Certified, Stated
from invgen.reduction.proofs.separating import SeparatingProof
from invgen.reduction.search.generators import SERIAL, Work
from invgen.reduction.search.jacobian_pass import JacobianRank
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.products import Candidate
from invgen.reduction.search.request import Found, Request
from invgen.reduction.search.two_sources import TwoSources
from invgen.reduction.selections import independent
from invgen.spaces.groups import weak_compositions
from invgen.spaces.space import TensorSpace
from invgen.stages import Progress

_BEYOND = 2  # how far above the members' degrees witnesses are looked for


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """An independent selection, with generators appended that lower a bound of the orbits in a fibre.

    Nothing is appended where the rank is not full, or where no generator up to max_degree lowers a bound. The evidence
    is the `JacobianRank` of the independent members and the bounds.
    """
    first = independent.find(request, work, progress)
    members, rank = first.members, first.evidence
    if rank.rank < request.target:
        return Found(members, (rank, fibre_bounds(request.space, members, None)))
    return Found(members, (rank, _append(request, members, work)))


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of a separating selection: its first members are all that the independent pass accepted."""
    return _certificate(request, found.members, *found.evidence)


def recertify(request: Request, members: Sequence[Expression], before: Certificate) -> Certificate:
    """The certificate of the same selection with its members in other forms (`reduction.forms`), with a new proof.

    Raises:
        EnumerationError: the forms do not have the rank that the selection had.
    """
    rank = independent.rank_anew(request, members, before)
    core = rank.accepted if rank.rank == request.target else None
    witnesses = () if before.fibre is None else before.fibre.witnesses
    return _certificate(request, members, rank, fibre_bounds(request.space, members, core, witnesses))


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of a separating selection: its minor, and the bounds, which follow from the members alone."""
    from invgen.reduction.proofs.claims import bound_claims, jacobian_at, minor_claim

    minor = minor_claim(stated, jacobian_at(stated, basis, drawn))
    return [minor, *_fibre_claims(stated, basis, minor.holds), *bound_claims(stated, basis, request)]


def _fibre_claims(stated: Stated, basis: Certified, minor: bool) -> list[Claim]:
    """The bounds follow from the members, once the first ones are known to be independent."""
    from invgen.reduction.proofs.claims import are_invariants

    space, members, core = basis.space, basis.contractions, range(stated.rank)
    full = stated.rank == space.dimension - space.orbit_dimension
    bounds = stated.proof.fibre
    found = [Claim(f"the first {stated.rank} members are independent", stated.proof.rows == tuple(core))]
    if not minor or bounds is None or not found[0].holds:
        return [*found, Claim(f"{bounds}", False)]
    invariant = are_invariants(space, bounds.witnesses)
    if bounds.witnesses:
        found.append(Claim("every witness of the bound from below is an invariant of the space", invariant))
    anew = fibre_bounds(space, members, core if full else None, bounds.witnesses) if invariant else None
    if len(members) > len(core):
        lowered = full and lowering(space, members, len(core))
        found.append(Claim("every further member lowers a bound of the orbits that share values", lowered))
    return [*found, Claim(f"{bounds}", bounds == anew and (anew is None or bounds.witnesses == anew.witnesses))]


def _certificate(
    request: Request, members: Sequence[Expression], rank: JacobianRank, bounds: FibreBounds
) -> Certificate:
    error = error_log2(request, members, rank.rank)
    return Certificate(
        size=len(members),
        rank=rank.rank,
        target=request.target,
        complete=rank.rank == request.target,
        primes=rank.primes,
        points=rank.points,
        proof=SeparatingProof(tuple(range(rank.rank)), rank.columns, error, bounds),
    )


def _append(request: Request, members: list[Expression], work: Work) -> FibreBounds:
    """Append generators to independent members as long as they lower a bound; return the bounds reached."""
    space, max_degree = request.space, request.max_degree
    core = range(len(members))
    generators = _Generators(space, work)
    if space.spatial_dimension == 3:
        while fibre_bounds(space, members, core).lower > 1:
            noticed = [m.multidegree(space) for m in members]
            candidate = next(generators.noticing(noticed, max_degree), None)
            if candidate is None:
                break
            members.append(candidate.contraction)
    bounds = fibre_bounds(space, members, core)
    within = _in_reach(space, members[: len(core)], [m.multidegree(space) for m in members[:1]])
    for degree in range(1, max_degree + 1):
        if bounds.upper == 1 or not within:
            break
        candidates = [c for c in generators.of(degree) if c.contraction not in members]
        within = _in_reach(space, members[: len(core)], [c.multidegree for c in candidates])
        everything = [*members, *(c.contraction for c in candidates)]
        if not within or not candidates or not _lowered(bounds, fibre_bounds(space, everything, core)):
            continue  # if all of a degree together do not lower the bound, no single one does
        for candidate in candidates:
            after = fibre_bounds(space, [*members, candidate.contraction], core) if bounds.upper != 1 else bounds
            if _lowered(bounds, after):
                members.append(candidate.contraction)
                bounds = after
    if len(members) == len(core):
        bounds = witnessed_bounds(space, members, core, work)
    return bounds


def witnessed_bounds(
    space: TensorSpace, members: Sequence[Expression], core: Sequence[int] | None, work: Work = SERIAL
) -> FibreBounds:
    """The bounds for given members, with witnesses for the bound from below where some are found.

    Witnesses are generators of one degree, at most 2 above that of the members; they are looked for where all members
    are independent and the bound from above is small enough for degrees of fields to be found.
    """
    bounds = fibre_bounds(space, members, core)
    if core is None or bounds.upper == bounds.lower or len(members) > len(core):
        return bounds
    generators = _Generators(space, work)
    within = _in_reach(space, members, [m.multidegree(space) for m in members])
    for degree in range(1, max(m.degree for m in members) + _BEYOND + 1):
        if bounds.upper == bounds.lower or not within:
            break
        candidates = [c for c in generators.of(degree) if c.contraction not in members]
        within = _in_reach(space, members, [c.multidegree for c in candidates])
        after = fibre_bounds(space, members, core, [c.contraction for c in candidates] if within else [])
        if after.lower > bounds.lower:
            bounds = after
    return bounds


def lowering(space: TensorSpace, members: Sequence[Expression], core: int) -> bool:
    """Whether every member beyond the first `core` lowers a bound of the orbits in a fibre of those before it."""
    bounds = [fibre_bounds(space, members[:count], range(core)) for count in range(core, len(members) + 1)]
    return all(_lowered(before, after) for before, after in pairwise(bounds))


def _lowered(before: FibreBounds, after: FibreBounds) -> bool:
    if before.upper is None or after.upper is None:
        return False
    return (after.lower, after.upper) != (before.lower, before.upper)


def _in_reach(space: TensorSpace, core: Sequence[Expression], others: Sequence[Multidegree]) -> bool:
    """Whether invariants of these multidegrees can prove something by degrees of fields; in the plane lattices do."""
    if space.spatial_dimension == 2:
        return True
    multidegrees = [m.multidegree(space) for m in core]
    bounds = bezout(space, multidegrees)
    return all(any(within_reach(bound, multidegrees, other) for bound in bounds) for other in others)


class _Generators:
    """Generators of every degree, by contractions where their graphs are few and by coupling trees elsewhere."""

    def __init__(self, space: TensorSpace, work: Work) -> None:
        self._space = space
        self._source = TwoSources(space, work)
        self._known: dict[int, list[Candidate]] = {}

    def of(self, degree: int) -> list[Candidate]:
        """Those of one degree, the cheapest first."""
        if degree not in self._known:
            self._known[degree] = self._source.cheapest_first(weak_compositions(len(self._space.tensors), degree))
        return self._known[degree]

    def noticing(self, noticed: list[Multidegree], max_degree: int) -> Iterator[Candidate]:
        """Those that change sign where no member does: the lowest degree first, then the cheapest."""
        known = rank_mod_2(noticed)
        for degree in range(1, max_degree + 1):
            every = weak_compositions(len(self._space.tensors), degree)
            yield from self._source.cheapest_first(m for m in every if rank_mod_2([*noticed, m]) > known)
