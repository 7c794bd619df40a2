"""Certificates: what is claimed of a basis, with all numbers that prove it.

A minor of the Jacobian that is not zero modulo a prime is not zero over the rationals, so the rank at one point is a
proved lower bound. The dimension of the space minus that of a generic orbit is an upper bound. Where they meet,
independence and local completeness are proved. For a `linear` basis the lower bound is the rank of the values at a
few points, the upper bound is the Molien count; for covariants the values of one component decide, since a
combination that has it zero everywhere rotates into one that is zero.

What is not proved is that a rejected invariant was dependent, where the bounds do not meet. Its probability of error
is bounded as follows. In integer coordinates a minor is an integer polynomial of degree at most D whose coefficients
have at most B bits. Fewer than B / 30 of the more than 2^25 primes of 31 bits divide them all, and otherwise the
minor vanishes at a random point with probability at most D / 2^30 (Schwartz 1980, Zippel 1979). Three independent
primes and points give ((D + 2B) / 2^30)^3 for each rejection. Their number is at most that of all linearly independent
invariants up to the degree searched, or that of the list given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.checks import json_boolean, json_integer
from invgen.contractions.at_points import jacobian
from invgen.contractions.expression import Expression
from invgen.errors import BasisFileError, EnumerationError
from invgen.reduction.orbits.fibres import FibreBounds, fibre_bounds
from invgen.reduction.proofs.claims import (
    SPARE_POINTS,
    Certified,
    Claim,
    claims_of,
    content_of,
    error_log2,
    molien_counts,
)
from invgen.reduction.search.limits import Limit
from invgen.reduction.selections.flexible import Layout
from invgen.reduction.selections.flexible_proof import FlexibleProof, first_minor, is_full, prove
from invgen.reduction.selections.independent import PRIMES, JacobianRank, jacobian_rank
from invgen.reduction.selections.strata_repair import StrataProof, proved
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import TensorSpace

KINDS = ("independent", "flexible", "separating", "linear", "integrity", "given")
Multidegree = tuple[int, ...]


@dataclass(frozen=True)
class Certificate:
    """The proof of what a basis claims.

    Attributes:
        kind: "independent" (no polynomial relation among the members), "flexible" (full rank on the whole, on every
            single tensor and on every pair that the mode ties together), "separating" (independent members, then those
            that lower a bound of the number of orbits with equal values), "linear" (a basis of the vector space of
            invariants up to max_degree), "integrity" (products of members span them) or "given" (a list kept as it is:
            all members are invariant, `rows` of them are independent).
        size: the number of members.
        rank: the proved rank: of the Jacobian; for "linear" and "integrity" the dimension of what members or their
            products span.
        target: the rank that is needed: dim V - dim orbit; for "linear" and "integrity" the sum of the Molien counts.
        complete: whether rank equals target.
        rows: the members whose minor is not zero; for "linear" and "integrity" all.
        columns: the components of that minor; empty for "linear" and "integrity".
        primes: for "linear" and "integrity" one prime, otherwise three, of which the first carries the proof.
        points: for "linear" and "integrity" the points of GF(p)^dimension that tell invariants apart, otherwise one
            per prime.
        counts: (multidegree, number of members), for "linear" and "integrity" only.
        error_log2: 2^error_log2 bounds the probability that any rejected candidate was independent of those kept; 0
            where nothing rests on it, as the bounds meet or nothing was rejected.
        flexible: the minors of singles and pairs, for "flexible" only.
        fibre: bounds of the number of orbits in a generic fibre, for "separating" only.
        strata: the minors on all symmetry strata, where these were asked for; the last members were added for them.
    """

    kind: str
    size: int
    rank: int
    target: int
    complete: bool
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    primes: tuple[int, ...]
    points: tuple[tuple[int, ...], ...]
    counts: tuple[tuple[Multidegree, int], ...]
    error_log2: int
    flexible: FlexibleProof | None = None
    fibre: FibreBounds | None = None
    strata: StrataProof | None = None

    @property
    def independent(self) -> bool:
        """Whether functional independence of all members is proved."""
        return self.kind in ("independent", "flexible", "given") and self.rank == self.size

    def verify(self, basis: Certified) -> bool:
        """Recheck every claim from the basis alone: members, minor or counts, and the upper bound."""
        return all(claim.holds for claim in self.claims(basis))

    def claims(self, basis: Certified) -> list[Claim]:
        """Every claim with the outcome of its check; complexity as one pass over the members, no enumeration."""
        return claims_of(self, basis)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings, as they stand in a basis file."""
        flexible = {} if self.flexible is None else {"flexible": self.flexible.to_json()}
        fibre = {} if self.fibre is None else {"fibre": self.fibre.to_json()}
        strata = {} if self.strata is None else {"strata": self.strata.to_json()}
        return {
            "kind": self.kind,
            "size": self.size,
            "rank": self.rank,
            "target": self.target,
            "complete": self.complete,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "primes": list(self.primes),
            "points": [list(p) for p in self.points],
            "counts": [[list(m), c] for m, c in self.counts],
            "error_log2": self.error_log2,
            **flexible,
            **fibre,
            **strata,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Certificate:
        """Read `to_json`; `BasisFileError` if a field is missing or has the wrong type."""
        try:
            if data["kind"] not in KINDS:
                raise BasisFileError(f"the certificate's kind must be one of {', '.join(KINDS)}, got {data['kind']!r}")
            return cls(
                kind=data["kind"],
                size=json_integer(data["size"]),
                rank=json_integer(data["rank"]),
                target=json_integer(data["target"]),
                complete=json_boolean(data["complete"]),
                rows=tuple(map(json_integer, data["rows"])),
                columns=tuple(map(json_integer, data["columns"])),
                primes=tuple(map(json_integer, data["primes"])),
                points=tuple(tuple(map(json_integer, p)) for p in data["points"]),
                counts=tuple((tuple(map(json_integer, m)), json_integer(c)) for m, c in data["counts"]),
                error_log2=json_integer(data["error_log2"]),
                flexible=FlexibleProof.from_json(data["flexible"]) if data["kind"] == "flexible" else None,
                fibre=FibreBounds.from_json(data["fibre"]) if data["kind"] == "separating" else None,
                strata=StrataProof.from_json(data["strata"]) if "strata" in data else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BasisFileError(
                f"the certificate in the basis file is damaged: {error!r}; generate it again"
            ) from error


def from_jacobian(
    kind: str, space: TensorSpace, max_degree: int, contractions: Sequence[Expression], found: JacobianRank
) -> Certificate:
    """The certificate of an independent selection (whose members are all accepted) or of a given list."""
    target = space.dimension - space.orbit_dimension
    complete = found.rank == target
    return Certificate(
        kind=kind,
        size=len(contractions),
        rank=found.rank,
        target=target,
        complete=complete,
        rows=tuple(range(found.rank)) if kind == "independent" else found.accepted,
        columns=found.columns,
        primes=found.primes,
        points=found.points,
        counts=(),
        error_log2=error_log2(kind, space, max_degree, contractions, found.rank),
    )


def from_separating(
    space: TensorSpace,
    max_degree: int,
    contractions: Sequence[Expression],
    found: JacobianRank,
    fibre: FibreBounds,
) -> Certificate:
    """The certificate of a separating selection: its first members are all that the independent pass accepted."""
    certificate = from_jacobian("separating", space, max_degree, contractions, found)
    return replace(certificate, rows=tuple(range(found.rank)), fibre=fibre)


def from_flexible(space: TensorSpace, max_degree: int, contractions: Sequence[Expression], plan: Layout) -> Certificate:
    """The certificate of a flexible selection, at the first of its primes that shows full rank everywhere.

    Raises:
        EnumerationError: no prime does, although the search saw full rank on every part.
    """
    target = space.dimension - space.orbit_dimension
    content = content_of(plan.request, space, max_degree, contractions)
    primes = derived_primes(content, PRIMES)
    points = [tuple(int(v) for v in derived_points(content, p, 1, space.dimension)[0]) for p in primes]
    for i, prime in enumerate(primes):
        matrix = jacobian(space, contractions, prime, points[i])
        rows, columns = first_minor(matrix, prime)
        proof = prove(space, contractions, plan, matrix, prime)
        if len(rows) == target and is_full(space, proof):
            order = [i, *(j for j in range(PRIMES) if j != i)]
            return Certificate(
                kind="flexible",
                size=len(contractions),
                rank=target,
                target=target,
                complete=True,
                rows=rows,
                columns=columns,
                primes=tuple(primes[j] for j in order),
                points=tuple(points[j] for j in order),
                counts=(),
                error_log2=0,
                flexible=proof,
            )
    raise EnumerationError(
        f"the flexible selection of {space} does not have full rank everywhere; please report this as a defect"
    )


def with_strata(certificate: Certificate, proof: StrataProof, added: int) -> Certificate:
    """The certificate of a selection with `added` members appended to it for symmetry strata."""
    return replace(certificate, size=certificate.size + added, strata=proof)


def of_forms(
    certificate: Certificate,
    space: TensorSpace,
    max_degree: int,
    members: Sequence[Expression],
    plan: Layout | None = None,
    limit: Limit | None = None,
) -> Certificate:
    """The certificate of the same selection with its members in other forms (`reduction.forms`), proved anew.

    Args:
        certificate: of the selection as it was found.
        space: the tensors.
        max_degree: the highest degree searched.
        members: the forms, in the order of the selection.
        plan: the layout of a flexible selection.
        limit: the cut by total degree, or None.

    Raises:
        EnumerationError: the forms do not have the rank that the selection had.
    """
    kind, strata = certificate.kind, certificate.strata
    core = members if strata is None else members[: strata.members]
    request = kind if plan is None else plan.request
    content = content_of(request, space, max_degree, (), limit=limit)
    if kind == "integrity":
        return from_counts(kind, space, max_degree, members, limit=limit)
    if plan is not None:
        proved_anew = from_flexible(space, max_degree, core, plan)
    else:
        found = jacobian_rank(space, core, content)
        if found.accepted != tuple(range(certificate.rank)):
            raise EnumerationError(f"the cheapest forms have rank {found.rank}, not {certificate.rank}; please report")
        proved_anew = from_jacobian(kind, space, max_degree, core, found)
        if certificate.fibre is not None:
            rows = found.accepted if proved_anew.complete else None
            bounds = fibre_bounds(space, members, rows, certificate.fibre.witnesses)
            proved_anew = replace(proved_anew, fibre=bounds)
    if strata is None:
        return proved_anew
    proof = proved(space, members, strata.members, content)
    return with_strata(proved_anew, proof, len(members) - strata.members)


def from_counts(
    kind: str,
    space: TensorSpace,
    max_degree: int,
    contractions: Sequence[Expression],
    outputs: str = SCALAR,
    limit: Limit | None = None,
) -> Certificate:
    """The certificate of a "linear" or "integrity" basis: its counts, and enough points to prove them."""
    times = Counter(c.multidegree(space) for c in contractions)
    ordered = sorted(times.items(), key=lambda item: (sum(item[0]), [-k for k in item[0]]))
    molien = molien_counts(space, max_degree, outputs, limit)
    content = content_of(kind, space, max_degree, contractions, outputs, limit)
    prime = derived_primes(content, 1)[0]
    points = derived_points(content, prime, max(molien.values()) + SPARE_POINTS, space.dimension)
    return Certificate(
        kind=kind,
        size=len(contractions),
        rank=sum(molien.values()),
        target=sum(molien.values()),
        complete=True,
        rows=tuple(range(len(contractions))),
        columns=(),
        primes=(prime,),
        points=tuple(tuple(int(v) for v in p) for p in points),
        counts=tuple(ordered),
        error_log2=0,
    )
