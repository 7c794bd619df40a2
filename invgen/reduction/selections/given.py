"""A list that someone else made, kept as it is: its rank is what is certified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.error_bounds import error_log2
from invgen.reduction.proofs.given import GivenProof
from invgen.reduction.search.generators import SERIAL, Work
from invgen.reduction.search.jacobian_pass import JacobianRank, jacobian_rank
from invgen.reduction.search.request import Found, Request
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """The list itself; the evidence is its `JacobianRank`, kept greedily in its order."""
    return Found(list(request.listed), jacobian_rank(request.space, request.listed, request.seed))


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of the list: which of its members are independent."""
    rank: JacobianRank = found.evidence
    bound = error_log2(request, found.members, rank.rank)
    return Certificate(
        size=len(found.members),
        rank=rank.rank,
        target=request.target,
        complete=rank.rank == request.target,
        primes=rank.primes,
        points=rank.points,
        proof=GivenProof(rank.accepted, rank.columns, bound),
    )


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of a list: its minor, and that no more could be independent."""
    from invgen.reduction.proofs.claims import bound_claims, jacobian_at, minor_claim

    return [minor_claim(stated, jacobian_at(stated, basis, drawn)), *bound_claims(stated, basis, request)]
