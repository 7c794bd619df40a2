"""What selections that solve every multidegree have in common: the Molien counts, and the certificate made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.contractions.expression import Expression
from invgen.reduction.proofs.certificate import Certificate
from invgen.reduction.proofs.protocols import Proof
from invgen.reduction.search.limits import MAX_MULTIDEGREES, count_to, searched_multidegrees
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.request import Request
from invgen.spaces.outputs import count_maps

SPARE_POINTS = 2  # beyond the largest count, so that a superfluous member would show


def molien_counts(request: Request, first_degree: int | None = None) -> dict[Multidegree, int]:
    """The counts above 0 of all multidegrees up to max_degree; nothing if there are more than MAX_MULTIDEGREES.

    Args:
        request: what is counted.
        first_degree: the lowest degree; that of the request by default.
    """
    if count_to(request.space, request.max_degree, request.limit) > MAX_MULTIDEGREES:
        return {}
    counts = {}
    lowest = request.first_degree if first_degree is None else first_degree
    for degree in range(lowest, request.max_degree + 1):
        for multidegree in searched_multidegrees(request.space, degree, request.limit):
            number = count_maps(request.space, request.outputs, multidegree)
            if number:
                counts[multidegree] = number
    return counts


def counts_certificate(
    request: Request,
    members: Sequence[Expression],
    proof: Callable[[tuple[tuple[Multidegree, int], ...]], Proof],
) -> Certificate:
    """The certificate of members that are complete in every multidegree, with enough points to prove it."""
    times = Counter(member.multidegree(request.space) for member in members)
    ordered = sorted(times.items(), key=lambda item: (sum(item[0]), [-k for k in item[0]]))
    molien = molien_counts(request)
    prime = derived_primes(request.seed, 1)[0]
    points = derived_points(request.seed, prime, max(molien.values()) + SPARE_POINTS, request.space.dimension)
    return Certificate(
        size=len(members),
        rank=sum(molien.values()),
        target=sum(molien.values()),
        complete=True,
        primes=(prime,),
        points=tuple(tuple(int(v) for v in p) for p in points),
        proof=proof(tuple(ordered)),
    )
