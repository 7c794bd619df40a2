"""A minimal generating set of the ring of invariants, up to a degree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from invgen.algebra.finite_field import rank
from invgen.contractions.expression import Expression
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.counts import IntegrityProof
from invgen.reduction.search.components import Candidate, Rules, product_rows
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Work
from invgen.reduction.search.patterns import Multidegree, up_to_names
from invgen.reduction.search.request import Found, Request
from invgen.reduction.search.values import PointValues
from invgen.reduction.selections.counted import SPARE_POINTS, counts_certificate, molien_counts
from invgen.stages import Progress

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.protocols import Certified, Stated


def find(request: Request, work: Work = SERIAL, progress: Progress | None = None) -> Found:
    """Invariants whose products span all invariants up to max_degree; no member is a polynomial in lower ones.

    In every multidegree their number is the Molien count minus the rank of products of lower generators. That rank is
    taken modulo a prime and can only be too low, so the number of generators is an upper bound; that they generate is
    proved. Members are coupling trees, in order of degree, then cost, then multidegree (descending).
    """
    rules = Rules(request.space.group, couplings=True, minimal=True)
    stage = GeneratorStage(request.space, rules, progress, work, limit=request.limit)
    return Found(stage.members(request.max_degree))


def certify(request: Request, found: Found) -> Certificate:
    """The certificate of a generating set: its counts, and enough points to prove that products span."""
    return counts_certificate(request, found.members, IntegrityProof)


def recertify(request: Request, members: Sequence[Expression], before: Certificate) -> Certificate:
    """The certificate of the same generators in other forms: they have the same multidegrees."""
    return counts_certificate(request, members, IntegrityProof)


def claims(stated: Stated, basis: Certified, request: Request, drawn: bool) -> list[Claim]:
    """The checks of a generating set: its products span as many invariants as the Molien counts say."""
    from invgen.reduction.claim import Claim
    from invgen.reduction.proofs.claims import count_claim

    needed = molien_counts(request)
    enough = drawn and bool(needed) and len(stated.points) == max(needed.values()) + SPARE_POINTS
    return [
        count_claim(stated, basis),
        Claim("as many invariants are asked for as the Molien counts say", stated.target == sum(needed.values())),
        Claim(
            f"products of the members span all {stated.rank} invariants up to degree {basis.max_degree}",
            enough and stated.rank == sum(needed.values()) and _generate(basis, stated, request, needed),
        ),
    ]


def _generate(basis: Certified, stated: Stated, request: Request, needed: dict[Multidegree, int]) -> bool:
    """Whether products of members have the rank of the Molien count in every multidegree, at the points stated.

    By induction over the degree: if the members generate all lower multidegrees, what their products span in one does
    not depend on which generators they are. Multidegrees whose own members agree up to names are then one case.
    """
    space = basis.space
    points = PointValues(space, stated.primes[0], request.seed)
    generators = [Candidate(c.multidegree(space), 0, c) for c in basis.contractions]
    own: dict[Multidegree, list[Expression]] = {}
    for generator in generators:
        own.setdefault(generator.multidegree, []).append(generator.contraction)
    proved = set()
    for multidegree, count in needed.items():  # by degree
        case = up_to_names(space, multidegree, own.get(multidegree, ()))
        if case not in proved:
            rows = product_rows(generators, multidegree, points, count + SPARE_POINTS)
            if len(rows) < count or rank(np.stack(rows), points.prime) != count:
                return False
            proved.add(case)
    return True
