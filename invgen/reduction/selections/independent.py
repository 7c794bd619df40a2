"""A maximal functionally independent subset of all invariants up to a degree.

Generators suffice as candidates: the gradient of a product is a combination of its factors' gradients.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.error_bounds import error_log2
from invgen.reduction.proofs.jacobian import IndependentProof
from invgen.reduction.search.generators import SERIAL, Work
from invgen.reduction.search.jacobian_pass import JacobianPass, JacobianRank, jacobian_rank
from invgen.reduction.search.orders import Ranking
from invgen.reduction.search.request import Found, Request
from invgen.reduction.search.visits import Visits
from invgen.spaces.outputs import SCALAR
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated

_FIRST_BLOCK, _LAST_BLOCK = 16, 2048  # doubled, so that little is evaluated beyond the last one kept


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """A maximal independent subset of the invariants up to max_degree, kept greedily in the order given.

    Within equal keys of the order (see `search.orders`) members come in descending order of multidegree, then in
    canonical form. Enumeration stops at rank dim V - dim orbit, which nothing can exceed. The evidence is the
    `JacobianRank`.
    """
    if request.outputs != SCALAR:
        found: Found = _maps().find(request, work, progress)
        return found
    space, target = request.space, request.target
    rows = JacobianPass(space, request.seed)
    kept: list[Expression] = []
    size = _FIRST_BLOCK
    ranking = Ranking.of(request.order, space)
    for level in Visits(space, ranking, request.max_degree, progress, work=work, limit=request.limit).levels():
        start = 0
        while start < len(level):
            block = level[start : start + size]
            kept += [block[i].expression(space) for i in rows.offer_all(block, target)]
            if rows.rank == target:
                return Found(kept, rows.result())
            start += len(block)
            size = min(2 * size, _LAST_BLOCK)
    return Found(kept, rows.result())


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of an independent selection, whose members are all accepted."""
    return _certificate(request, found.members, found.evidence)


def recertify(request: Request, members: Sequence[Expression], before: Certificate) -> Certificate:
    """The certificate of the same selection with its members in other forms (`reduction.forms`), with a new proof.

    Raises:
        EnumerationError: the forms do not have the rank that the selection had.
    """
    core = members if before.strata is None else members[: before.strata.members]
    certificate = _certificate(request, core, rank_anew(request, core, before))
    if before.strata is None:
        return certificate
    from invgen.reduction.selections.strata_repair import recertify_repair

    return recertify_repair(request, members, certificate, before.strata)


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of an independent selection: its minor has all members but those added for strata."""
    from invgen.reduction.proofs.claims import bound_claims, independence_claim, jacobian_at, minor_claim
    from invgen.reduction.selections import strata_repair

    if request.outputs != SCALAR:
        found: list[Claim] = _maps().claims(stated, basis, request, drawn)
        return found
    strata = stated.proof.strata
    return [
        minor_claim(stated, jacobian_at(stated, basis, drawn)),
        independence_claim(stated, len(basis.contractions) if strata is None else strata.members),
        *bound_claims(stated, basis, request),
        *strata_repair.claims(stated, basis, request, drawn),
    ]


def _maps() -> Any:
    """The module of equivariant maps, which requests for invariants do not load."""
    from invgen.reduction.selections import independent_maps

    return independent_maps


def rank_anew(request: Request, members: Sequence[Expression], before: Certificate) -> JacobianRank:
    """The rank of members in other forms; `EnumerationError` if it is not that of the original members."""
    found = jacobian_rank(request.space, members, request.seed)
    if found.accepted != tuple(range(before.rank)):
        raise EnumerationError(f"the cheapest forms have rank {found.rank}, not {before.rank}; please report")
    return found


def _certificate(request: Request, members: Sequence[Expression], found: JacobianRank) -> Certificate:
    bound = error_log2(request, members, found.rank)
    return Certificate(
        size=len(members),
        rank=found.rank,
        target=request.target,
        complete=found.rank == request.target,
        primes=found.primes,
        points=found.points,
        proof=IndependentProof(tuple(range(found.rank)), found.columns, bound),
    )
