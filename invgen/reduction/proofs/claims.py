"""The checks behind a certificate: each claim is recomputed from the basis alone, without enumerating candidates.

The checks that all selections have in common are here; a selection's own checks are `claims` of its module.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.contractions.at_points import jacobian
from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.claim import Claim
from invgen.reduction.proofs.error_bounds import error_log2
from invgen.reduction.proofs.minors import first_minor
from invgen.reduction.proofs.protocols import Certified, Stated
from invgen.reduction.registry import SELECTIONS
from invgen.reduction.search.request import Request
from invgen.spaces.outputs import SCALAR, noun
from invgen.spaces.space import TensorSpace


def claims_of(stated: Stated, basis: Certified) -> list[Claim]:
    """Every claim of a certificate with the outcome of its check."""
    selection = SELECTIONS[stated.kind]
    claims = [
        Claim(f"every member is {_member(basis.outputs)} of the space", _all_invariant(basis)),
        Claim(f"the basis has {stated.size} members", stated.size == len(basis.contractions)),
    ]
    if basis.outputs != SCALAR and not selection.takes("outputs"):
        claims.append(Claim(f"a {selection.name} selection has covariants", False))
    if basis.limit is not None:
        within = all(basis.limit.admits(member.multidegree(basis.space)) for member in basis.contractions)
        claims.append(Claim(basis.limit.claim, within and selection.takes(basis.limit.option)))
    if not all(claim.holds for claim in claims):
        return claims
    request = stated.proof.request(basis)
    drawn = _derived(request, stated)
    claims.append(Claim("primes and points are those derived from the content", drawn))
    claims += selection.module.claims(stated, basis, request, drawn)
    return [*claims, _completeness(stated)]


def jacobian_at(stated: Stated, basis: Certified, drawn: bool) -> Any:
    """The Jacobian of the members where it is proved; None where prime and point are not the derived ones."""
    if not drawn:
        return None
    return jacobian(basis.space, basis.contractions, stated.primes[0], stated.points[0])


def minor_claim(stated: Stated, rows: Any) -> Claim:
    """That the minor is not zero; `rows` are those of `jacobian_at`."""
    found = first_minor(rows, stated.primes[0]) if rows is not None else None
    proof = stated.proof
    holds = found == (proof.rows, proof.columns) and len(proof.rows) == stated.rank
    return Claim(f"a minor of the Jacobian of size {stated.rank} is not zero, the first one", holds)


def independence_claim(stated: Stated, count: int) -> Claim:
    """That the first members are those of the minor."""
    return Claim(f"all {count} members are independent", stated.proof.rows == tuple(range(count)))


def bound_claims(stated: Stated, basis: Certified, request: Request) -> list[Claim]:
    """What bounds a rank from above: the dimension of orbits, the degrees searched, the probability of an error."""
    members = basis.contractions
    highest = max(member.degree for member in members)
    searched = basis.max_degree == highest if request.listed else basis.max_degree >= highest
    return [
        Claim(
            f"no more than {stated.target} can be independent ({_bound(basis.outputs)})",
            stated.target == request.target,
        ),
        Claim(f"no member has a degree above {basis.max_degree}", searched),
        Claim(
            "the error bound of rejections is as stated",
            stated.proof.error_log2 == error_log2(request, members, stated.rank),
        ),
    ]


def count_claim(stated: Stated, basis: Certified) -> Claim:
    """That the members have the counts of the proof."""
    counted = Counter(member.multidegree(basis.space) for member in basis.contractions)
    stated_counts = stated.proof.counts
    holds = dict(stated_counts) == counted and len(stated_counts) == len(counted)
    return Claim("the members have the counts stated for each multidegree", holds)


def are_invariants(space: TensorSpace, listed: Sequence[Expression], outputs: str = SCALAR) -> bool:
    """Whether all expressions are invariants, or covariants to the outputs."""
    try:
        for expression in listed:
            expression.check(space, outputs)
    except InputError:
        return False
    return True


def _completeness(stated: Stated) -> Claim:
    verb = "equals" if stated.complete else "falls short of"
    return Claim(
        f"the rank {stated.rank} {verb} the {stated.target} needed",
        stated.complete == (stated.rank == stated.target) and stated.rank <= stated.target,
    )


def _bound(outputs: str) -> str:
    return "dim V - dim orbit" if outputs == SCALAR else "the outputs that a generic stabiliser fixes"


def _member(outputs: str) -> str:
    return "an invariant" if outputs == SCALAR else f"a {noun(outputs, 1)}"


def _all_invariant(basis: Certified) -> bool:
    return bool(basis.contractions) and are_invariants(basis.space, basis.contractions, basis.outputs)


def _derived(request: Request, stated: Stated) -> bool:
    count, primes, seed, dimension = stated.proof.prime_count, stated.primes, request.seed, request.space.dimension
    if sorted(primes) != sorted(derived_primes(seed, count)):
        return False
    if count == 1:
        expected = derived_points(seed, primes[0], len(stated.points), dimension).tolist()
    else:
        expected = [derived_points(seed, p, 1, dimension)[0].tolist() for p in primes]
    return bool([list(p) for p in stated.points] == expected)
