"""Certificates: what is claimed of a basis, with all numbers that prove it.

A minor of the Jacobian that is not zero modulo a prime is not zero over the rationals, so the rank at one point is a
proved lower bound. The dimension of the space minus that of a generic orbit is an upper bound. Where they meet,
independence and local completeness are proved. For a `linear` basis the lower bound is the rank of the values at a
few points, the upper bound is the Molien count.

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
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from invgen import conventions
from invgen.contractions.expression import Expression
from invgen.errors import BasisFileError, InputError
from invgen.groups import count_multidegrees, multidegrees
from invgen.reduction.finite_field import Echelon, Vector, derived_points, derived_primes, rank
from invgen.reduction.independent import PRIMES, JacobianRank
from invgen.reduction.points import evaluator, jacobian
from invgen.spaces import TensorSpace

MAX_COUNTED = 500_000  # multidegrees that a linear certificate may speak of
SPARE_POINTS = 2  # beyond the largest count, so that a superfluous member would show
KINDS = ("independent", "linear", "given")
Multidegree = tuple[int, ...]


class Certified(Protocol):
    """What a certificate speaks about: a basis, or anything with these attributes."""

    @property
    def space(self) -> TensorSpace:
        """The space of the tensors."""

    @property
    def contractions(self) -> tuple[Expression, ...]:
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
        size: the number of members.
        rank: the proved rank: of the Jacobian, or for "linear" the number of linearly independent members.
        target: the rank that is needed: dim V - dim orbit, or for "linear" the Molien count.
        complete: whether rank equals target.
        rows: the members whose minor is not zero; for "linear" all.
        columns: the components of that minor; empty for "linear".
        primes: for "linear" one prime, otherwise three, of which the first carries the proof.
        points: for "linear" the points of GF(p)^dimension at which members are compared, otherwise one per prime.
        counts: (multidegree, count) of the members, for "linear" only.
        error_log2: 2^error_log2 bounds the probability that any rejected candidate was independent of those kept; 0
            where nothing rests on it, as the bounds meet or nothing was rejected.
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

    @property
    def independent(self) -> bool:
        """Whether functional independence of all members is proved."""
        return self.kind != "linear" and self.rank == self.size

    def verify(self, basis: Certified) -> bool:
        """Recheck every claim from the basis alone: members, minor or counts, and the upper bound."""
        return all(claim.holds for claim in self.claims(basis))

    def claims(self, basis: Certified) -> list[Claim]:
        """Every claim with the outcome of its check; complexity as one pass over the members, no enumeration."""
        claims = [
            Claim("every member is an invariant of the space", _all_invariant(basis)),
            Claim(f"the basis has {self.size} members", self.size == len(basis.contractions)),
        ]
        if not all(claim.holds for claim in claims):
            return claims
        content = content_of(self.kind, basis.space, basis.max_degree, basis.contractions)
        if self.kind == "linear":
            return claims + self._linear_claims(basis, content)
        return claims + self._jacobian_claims(basis, content)

    def _jacobian_claims(self, basis: Certified, content: str) -> list[Claim]:
        space, members = basis.space, basis.contractions
        drawn = _derived(space, content, self.primes, self.points)
        claims = [Claim("primes and points are those derived from the content", drawn)]
        found: tuple[tuple[int, ...], tuple[int, ...]] | None = None
        if drawn:
            found = _minor(jacobian(space, members, self.primes[0], self.points[0]), self.primes[0])
        minor = found == (self.rows, self.columns) and len(self.rows) == self.rank
        claims.append(Claim(f"a minor of the Jacobian of size {self.rank} is not zero, the first one", minor))
        if self.kind == "independent":
            claims.append(Claim(f"all {len(members)} members are independent", self.rows == tuple(range(len(members)))))
        target = space.dimension - space.orbit_dimension
        claims.append(
            Claim(f"no more than {self.target} can be independent (dim V - dim orbit)", self.target == target)
        )
        claims.append(_completeness(self))
        highest = max(c.degree for c in members)
        searched = basis.max_degree == highest if self.kind == "given" else basis.max_degree >= highest
        claims.append(Claim(f"no member has a degree above {basis.max_degree}", searched))
        bound = _error_log2(self.kind, space, basis.max_degree, members, self.rank)
        claims.append(Claim("the error bound of rejections is as stated", self.error_log2 == bound))
        return claims

    def _linear_claims(self, basis: Certified, content: str) -> list[Claim]:
        space, members = basis.space, basis.contractions
        needed = _molien_counts(space, basis.max_degree, limit=MAX_COUNTED)
        grouped: dict[Multidegree, list[Expression]] = {}
        for member in members:
            grouped.setdefault(member.multidegree(space), []).append(member)
        counted = {m: len(group) for m, group in grouped.items()} == dict(self.counts)
        drawn = _derived(space, content, self.primes, self.points)
        enough = drawn and len(self.points) == max((len(g) for g in grouped.values()), default=0) + SPARE_POINTS
        return [
            Claim("primes and points are those derived from the content", drawn),
            Claim("the members have the counts stated for each multidegree", counted),
            Claim(
                f"the counts are the Molien counts of all multidegrees up to {basis.max_degree}",
                dict(self.counts) == needed and self.target == sum(needed.values()) and len(needed) == len(self.counts),
            ),
            Claim(
                "the members of each multidegree are linearly independent", enough and self._separated(space, grouped)
            ),
            Claim(
                f"{self.rank} members are counted and nothing else is claimed",
                self.rank == len(members)
                and self.rows == tuple(range(len(members)))
                and not self.columns
                and not self.error_log2,
            ),
            _completeness(self),
        ]

    def _separated(self, space: TensorSpace, grouped: dict[Multidegree, list[Expression]]) -> bool:
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
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Certificate:
        """Read `to_json`; `BasisFileError` if a field is missing or has the wrong type."""
        try:
            if data["kind"] not in KINDS:
                raise BasisFileError(f"the certificate's kind must be one of {', '.join(KINDS)}, got {data['kind']!r}")
            return cls(
                kind=data["kind"],
                size=_integer(data["size"]),
                rank=_integer(data["rank"]),
                target=_integer(data["target"]),
                complete=_boolean(data["complete"]),
                rows=tuple(map(_integer, data["rows"])),
                columns=tuple(map(_integer, data["columns"])),
                primes=tuple(map(_integer, data["primes"])),
                points=tuple(tuple(map(_integer, p)) for p in data["points"]),
                counts=tuple((tuple(map(_integer, m)), _integer(c)) for m, c in data["counts"]),
                error_log2=_integer(data["error_log2"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BasisFileError(
                f"the certificate in the basis file is damaged: {error!r}; generate it again"
            ) from error


def content_of(kind: str, space: TensorSpace, max_degree: int, contractions: Sequence[Expression]) -> str:
    """What primes and points are derived from: the request, or for a given list the list itself."""
    request = f"invgen 1|{kind}|{space}|{space.group}"
    if kind == "given":
        return "|".join([request, *map(str, contractions)])
    return f"{request}|{max_degree}"


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
        error_log2=_error_log2(kind, space, max_degree, contractions, found.rank),
    )


def from_counts(space: TensorSpace, max_degree: int, contractions: Sequence[Expression]) -> Certificate:
    """The certificate of a linear basis: its counts, and enough points to tell its members apart."""
    times = Counter(c.multidegree(space) for c in contractions)
    ordered = sorted(times.items(), key=lambda item: (sum(item[0]), [-k for k in item[0]]))
    content = content_of("linear", space, max_degree, contractions)
    prime = derived_primes(content, 1)[0]
    points = derived_points(content, prime, max(times.values()) + SPARE_POINTS, space.dimension)
    return Certificate(
        kind="linear",
        size=len(contractions),
        rank=len(contractions),
        target=sum(_molien_counts(space, max_degree, MAX_COUNTED).values()),
        complete=True,
        rows=tuple(range(len(contractions))),
        columns=(),
        primes=(prime,),
        points=tuple(tuple(int(v) for v in p) for p in points),
        counts=tuple(ordered),
        error_log2=0,
    )


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {value!r}")
    return value


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


def _minor(matrix: Vector, prime: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows that the greedy pass keeps, and their pivot columns."""
    echelon = Echelon(matrix.shape[1], prime)
    rows = tuple(i for i, row in enumerate(matrix) if echelon.insert(row))
    return rows, echelon.pivots


def _derived(space: TensorSpace, content: str, primes: Sequence[int], points: Sequence[Sequence[int]]) -> bool:
    if len(primes) not in (1, PRIMES) or sorted(primes) != sorted(derived_primes(content, len(primes))):
        return False
    if len(primes) == 1:
        expected = derived_points(content, primes[0], len(points), space.dimension).tolist()
    else:
        expected = [derived_points(content, p, 1, space.dimension)[0].tolist() for p in primes]
    return bool([list(p) for p in points] == expected)


def _molien_counts(space: TensorSpace, max_degree: int, limit: int) -> dict[Multidegree, int]:
    """The counts above 0 of all multidegrees up to max_degree; nothing if there are more than `limit` multidegrees."""
    parts = len(space.tensors)
    if count_multidegrees(parts + 1, min(max_degree, limit)) > limit:
        return {}
    counts = {}
    for degree in range(1, max_degree + 1):
        for multidegree in multidegrees(parts, degree):
            count = space.count(multidegree)
            if count:
                counts[multidegree] = count
    return counts


def _error_log2(kind: str, space: TensorSpace, max_degree: int, contractions: Sequence[Expression], found: int) -> int:
    """An upper bound of log2 of the probability that a rejection was wrong, as the module docstring derives it."""
    if found == space.dimension - space.orbit_dimension:
        return 0
    rejections = len(contractions) - found if kind == "given" else sum(space.hilbert_series(max_degree))
    if not rejections:
        return 0
    degree = max_degree
    size = found + 1
    widest = max(sum(map(abs, row)) for t in space.tensors for row in conventions.tensor_map("rational", t.l).matrix)
    indices = degree * max(t.l for t in space.tensors)
    # |coefficients| <= size! (degree · 3^indices · widest^degree)^size, as a contraction sums 3^edges products
    bits = size * (size.bit_length() + degree.bit_length() + 2 * indices + degree * widest.bit_length())
    failure = size * (degree - 1) + 2 * bits
    return min(0, PRIMES * (failure.bit_length() - 30) + rejections.bit_length())
