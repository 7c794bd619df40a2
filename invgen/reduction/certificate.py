"""Certificates: what is claimed of a basis, with all numbers that prove it.

A minor of the Jacobian that is not zero modulo a prime is not zero over the rationals, so the rank at one point is a
proved lower bound. The dimension of the space minus that of a generic orbit is an upper bound. Where they meet,
independence and local completeness are proved. For a `linear` basis the lower bound is the rank of the values at a
few points, the upper bound is the Molien count.

What is not proved is that a rejected invariant was dependent, where the bounds do not meet. Its probability of error
is bounded as follows. In integer coordinates a minor is an integer polynomial of degree at most D whose coefficients
have at most B bits. Fewer than B / 30 of the more than 2^25 primes of 31 bits divide them all, and otherwise the
minor vanishes at a random point with probability at most D / 2^30 (Schwartz 1980, Zippel 1979). Three independent
primes and points give ((D + 2B) / 2^30)^3 for each rejection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from invgen import conventions
from invgen.contractions.contraction import Contraction
from invgen.errors import BasisFileError, InputError
from invgen.groups import multidegrees
from invgen.reduction.finite_field import derived_points, derived_primes, rank
from invgen.reduction.independent import PRIMES, JacobianRank
from invgen.reduction.points import evaluator, jacobian
from invgen.spaces import TensorSpace

KINDS = ("independent", "linear", "given")
Multidegree = tuple[int, ...]


class Certified(Protocol):
    """What a certificate speaks about: a basis, or anything with these attributes."""

    @property
    def space(self) -> TensorSpace:
        """The space of the tensors."""

    @property
    def contractions(self) -> tuple[Contraction, ...]:
        """The members in order."""

    @property
    def max_degree(self) -> int:
        """The highest degree that was searched."""


@dataclass(frozen=True)
class Claim:
    """One statement of a certificate, and whether it was found to hold."""

    text: str
    holds: bool


@dataclass(frozen=True)
class Certificate:
    """The proof of what a basis claims.

    Attributes:
        kind: "independent" (no polynomial relation among the members), "linear" (a basis of the vector space of
            invariants up to max_degree) or "given" (a list kept as it is: all members are invariant, `rows` of them
            are independent).
        rank: the proved rank: of the Jacobian, or for "linear" the number of linearly independent members.
        target: the rank that is needed: dim V - dim orbit, or for "linear" the Molien count.
        complete: whether rank equals target.
        rows: the members whose minor is not zero; for "linear" all.
        columns: the components of that minor; empty for "linear".
        primes: for "linear" one prime, otherwise three, of which the first carries the proof.
        points: for "linear" the points of GF(p)^dimension at which members are compared, otherwise one per prime.
        counts: (multidegree, count) of the members, for "linear" only.
        rejections: how many candidates were found dependent.
        error_log2: 2^error_log2 bounds the probability that any of them was not; 0 where nothing rests on it.
    """

    kind: str
    rank: int
    target: int
    complete: bool
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    primes: tuple[int, ...]
    points: tuple[tuple[int, ...], ...]
    counts: tuple[tuple[Multidegree, int], ...]
    rejections: int
    error_log2: int

    @property
    def independent(self) -> bool:
        """Whether functional independence of all members is proved."""
        return self.kind != "linear" and self.rank == len(self.rows) and self.rows == tuple(range(len(self.rows)))

    def verify(self, basis: Certified) -> bool:
        """Recheck every claim from the basis alone: members, minor or counts, and the upper bound."""
        return all(claim.holds for claim in self.claims(basis))

    def claims(self, basis: Certified) -> list[Claim]:
        """Every claim with the outcome of its check; complexity as one pass over the members, no enumeration."""
        claims = [Claim("every member is an invariant of the space", _all_invariant(basis))]
        if not claims[0].holds:
            return claims
        content = content_of(self.kind, basis.space, basis.max_degree, basis.contractions)
        if self.kind == "linear":
            return claims + self._linear_claims(basis, content)
        return claims + self._jacobian_claims(basis, content)

    def _jacobian_claims(self, basis: Certified, content: str) -> list[Claim]:
        space, members = basis.space, basis.contractions
        drawn = _derived(space, content, self.primes, self.points)
        claims = [Claim("primes and points are those derived from the content", drawn)]
        well_formed = (
            drawn
            and len(self.rows) == len(self.columns) == self.rank
            and all(0 <= r < len(members) for r in self.rows)
            and all(0 <= c < space.dimension for c in self.columns)
            and len(set(self.rows)) == len(set(self.columns)) == self.rank
        )
        minor_rank = -1
        if well_formed:
            matrix = jacobian(space, [members[r] for r in self.rows], self.primes[0], self.points[0])
            minor_rank = rank(matrix[:, list(self.columns)], self.primes[0]) if self.rank else 0
        claims.append(Claim(f"a minor of the Jacobian of size {self.rank} is not zero", minor_rank == self.rank))
        if self.kind == "independent":
            claims.append(Claim(f"all {len(members)} members are independent", self.rows == tuple(range(len(members)))))
        target = space.dimension - space.orbit_dimension
        claims.append(
            Claim(f"no more than {self.target} can be independent (dim V - dim orbit)", self.target == target)
        )
        claims.append(_completeness(self))
        bound = _error_log2(space, members, self.rank, self.rejections, self.complete)
        claims.append(Claim("the error bound of rejections is as stated", self.error_log2 == bound))
        return claims

    def _linear_claims(self, basis: Certified, content: str) -> list[Claim]:
        space, members = basis.space, basis.contractions
        needed = _molien_counts(space, basis.max_degree)
        grouped: dict[Multidegree, list[Contraction]] = {}
        for member in members:
            grouped.setdefault(member.multidegree(space), []).append(member)
        counted = {m: len(group) for m, group in grouped.items()} == dict(self.counts)
        drawn = _derived(space, content, self.primes, self.points)
        enough = drawn and len(self.points) >= max((len(g) for g in grouped.values()), default=0)
        return [
            Claim("primes and points are those derived from the content", drawn),
            Claim("the members have the counts stated for each multidegree", counted),
            Claim(
                f"the counts are the Molien counts of all multidegrees up to {basis.max_degree}",
                dict(self.counts) == needed and self.target == sum(needed.values()),
            ),
            Claim(
                "the members of each multidegree are linearly independent", enough and self._separated(space, grouped)
            ),
            Claim(f"{self.rank} members are counted", self.rank == len(members)),
            _completeness(self),
        ]

    def _separated(self, space: TensorSpace, grouped: dict[Multidegree, list[Contraction]]) -> bool:
        points = np.array(self.points, dtype=np.int64)
        at = evaluator(space, [self.primes[0]] * len(points), points)
        return all(
            rank(np.stack([at.value(member) for member in group]), self.primes[0]) == len(group)
            for group in grouped.values()
        )

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings, as they stand in a basis file."""
        return {
            "kind": self.kind,
            "rank": self.rank,
            "target": self.target,
            "complete": self.complete,
            "rows": list(self.rows),
            "columns": list(self.columns),
            "primes": list(self.primes),
            "points": [list(p) for p in self.points],
            "counts": [[list(m), c] for m, c in self.counts],
            "rejections": self.rejections,
            "error_log2": self.error_log2,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Certificate:
        """Read `to_json`; `BasisFileError` if a field is missing or has the wrong type."""
        try:
            if data["kind"] not in KINDS:
                raise BasisFileError(f"the certificate's kind must be one of {', '.join(KINDS)}, got {data['kind']!r}")
            return cls(
                kind=data["kind"],
                rank=_integer(data["rank"]),
                target=_integer(data["target"]),
                complete=bool(data["complete"]),
                rows=tuple(map(_integer, data["rows"])),
                columns=tuple(map(_integer, data["columns"])),
                primes=tuple(map(_integer, data["primes"])),
                points=tuple(tuple(map(_integer, p)) for p in data["points"]),
                counts=tuple((tuple(map(_integer, m)), _integer(c)) for m, c in data["counts"]),
                rejections=_integer(data["rejections"]),
                error_log2=_integer(data["error_log2"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BasisFileError(
                f"the certificate in the basis file is damaged: {error!r}; generate it again"
            ) from error


def content_of(kind: str, space: TensorSpace, max_degree: int, contractions: Sequence[Contraction]) -> str:
    """What primes and points are derived from: the request, or for a given list the list itself."""
    request = f"invgen 1|{kind}|{space}|{space.group}"
    if kind == "given":
        return "|".join([request, *map(str, contractions)])
    return f"{request}|{max_degree}"


def from_jacobian(
    kind: str, space: TensorSpace, contractions: Sequence[Contraction], found: JacobianRank
) -> Certificate:
    """The certificate of an independent selection (whose members are all accepted) or of a given list."""
    target = space.dimension - space.orbit_dimension
    complete = found.rank == target
    return Certificate(
        kind=kind,
        rank=found.rank,
        target=target,
        complete=complete,
        rows=tuple(range(found.rank)) if kind == "independent" else found.accepted,
        columns=found.columns,
        primes=found.primes,
        points=found.points,
        counts=(),
        rejections=found.rejections,
        error_log2=_error_log2(space, contractions, found.rank, found.rejections, complete),
    )


def from_counts(
    space: TensorSpace, max_degree: int, contractions: Sequence[Contraction], spare_points: int = 2
) -> Certificate:
    """The certificate of a linear basis: its counts, and enough points to tell its members apart."""
    times = Counter(c.multidegree(space) for c in contractions)
    ordered = sorted(times.items(), key=lambda item: (sum(item[0]), [-k for k in item[0]]))
    content = content_of("linear", space, max_degree, contractions)
    prime = derived_primes(content, 1)[0]
    points = derived_points(content, prime, max(times.values()) + spare_points, space.dimension)
    return Certificate(
        kind="linear",
        rank=len(contractions),
        target=sum(_molien_counts(space, max_degree).values()),
        complete=True,
        rows=tuple(range(len(contractions))),
        columns=(),
        primes=(prime,),
        points=tuple(tuple(int(v) for v in p) for p in points),
        counts=tuple(ordered),
        rejections=0,
        error_log2=0,
    )


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected an integer, got {value!r}")
    return value


def _completeness(certificate: Certificate) -> Claim:
    verb = "equals" if certificate.complete else "falls short of"
    return Claim(
        f"the rank {certificate.rank} {verb} the {certificate.target} needed",
        certificate.complete == (certificate.rank == certificate.target) and certificate.rank <= certificate.target,
    )


def _all_invariant(basis: Certified) -> bool:
    try:
        return bool([c.check(basis.space) for c in basis.contractions])
    except InputError:
        return False


def _derived(space: TensorSpace, content: str, primes: Sequence[int], points: Sequence[Sequence[int]]) -> bool:
    if len(primes) == 1:
        expected = derived_points(content, primes[0], len(points), space.dimension).tolist()
    else:
        expected = [derived_points(content, p, 1, space.dimension)[0].tolist() for p in primes]
    return (
        len(primes) in (1, PRIMES)
        and sorted(primes) == sorted(derived_primes(content, len(primes)))
        and [list(p) for p in points] == expected
    )


def _molien_counts(space: TensorSpace, max_degree: int) -> dict[Multidegree, int]:
    counts = {}
    for degree in range(1, max_degree + 1):
        for multidegree in multidegrees(len(space.tensors), degree):
            count = space.count(multidegree)
            if count:
                counts[multidegree] = count
    return counts


def _error_log2(
    space: TensorSpace, contractions: Sequence[Contraction], found: int, rejections: int, complete: bool
) -> int:
    """An upper bound of log2 of the probability that a rejection was wrong, as the module docstring derives it."""
    if complete or not rejections:
        return 0
    degree = max((c.degree for c in contractions), default=1)
    size = found + 1
    widest = max(sum(map(abs, row)) for t in space.tensors for row in conventions.tensor_map("rational", t.l).matrix)
    indices = degree * max(t.l for t in space.tensors)
    # |coefficients| <= size! (degree · 3^indices · widest^degree)^size, as a contraction sums 3^edges products
    bits = size * (size.bit_length() + degree.bit_length() + 2 * indices + degree * widest.bit_length())
    failure = size * (degree - 1) + 2 * bits
    return min(0, PRIMES * (failure.bit_length() - 30) + rejections.bit_length())
