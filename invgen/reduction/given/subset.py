"""Filtering a list that someone else made: which entries are invariants, and which of those are independent.

The greedy pass of Langbein and Hagen (2009) over the list in its order: an invariant is kept if its gradient raises
the rank of the Jacobian at a point of GF(p). Keeping is proved by the minor it makes. Rejecting is proved where the
rank reaches dim V - dim orbit, and otherwise errs with the probability that the certificate bounds, as
`invgen.reduction.proofs.error_bounds` derives it: in integer coordinates a minor has degree at most D and coefficients
of at most B bits, here taken from the entries themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from invgen.algebra.finite_field import Echelon, Vector, derived_points, derived_primes
from invgen.errors import EnumerationError
from invgen.reduction.claim import Claim
from invgen.reduction.given.entries import EntryList, read_entries
from invgen.reduction.search.request import PRIMES
from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class SubsetCertificate:
    """The proof of what `independent_subset` found, to be rechecked from the list alone.

    Attributes:
        size: the number of candidates.
        convention: the components in which polynomials were read.
        not_invariant: positions of the candidates that are not invariants of the space.
        rank: the proved rank of the Jacobian of all invariant candidates.
        target: dim V - dim orbit, which no rank exceeds.
        complete: whether rank equals target; then the subset is locally complete and every rejection is proved.
        rows: positions of the independent candidates.
        columns: the rational components of their minor, which is not zero at the first prime and point.
        primes: three primes, of which the first carries the proof.
        points: one point of GF(p)^dimension for each prime, in rational components.
        error_log2: 2^error_log2 bounds the probability that any rejected candidate was independent of those kept; 0
            where nothing rests on it, as the bounds meet or nothing was rejected.
    """

    size: int
    convention: str
    not_invariant: tuple[int, ...]
    rank: int
    target: int
    complete: bool
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    primes: tuple[int, ...] = field(repr=False)
    points: tuple[tuple[int, ...], ...] = field(repr=False)
    error_log2: int

    def verify(self, candidates: Iterable[Any], space: TensorSpace) -> bool:
        """Recheck every claim from the list alone; `InputError` if the list cannot be read."""
        return all(claim.holds for claim in self.claims(candidates, space))

    def claims(self, candidates: Iterable[Any], space: TensorSpace) -> list[Claim]:
        """Every claim with the outcome of its check, at the proving prime alone."""
        listed = read_entries(candidates, space, self.convention)
        primes, points = _drawn(listed)
        drawn = len(self.primes) == PRIMES and set(self.primes) == set(primes)
        if drawn:
            order = [primes.index(p) for p in self.primes]
            drawn = self.points == tuple(tuple(points[i].tolist()) for i in order)
        claims = [
            Claim(f"the list has {self.size} candidates", self.size == len(listed.entries)),
            Claim("primes and points are those derived from the list", drawn),
        ]
        if not all(claim.holds for claim in claims):
            return claims
        found = _greedy(listed, self.primes[:1], np.array(self.points[:1], dtype=np.int64))
        minor = (found.rows, found.columns[0]) == (self.rows, self.columns) and len(self.rows) == self.rank
        target = space.dimension - space.orbit_dimension
        verb = "equals" if self.complete else "falls short of"
        bound = _error_log2(listed, found)
        return [
            *claims,
            Claim(f"{len(self.not_invariant)} candidates are not invariant", found.not_invariant == self.not_invariant),
            Claim(f"a minor of the Jacobian of size {self.rank} is not zero, the first one", minor),
            Claim(f"no more than {self.target} can be independent (dim V - dim orbit)", self.target == target),
            Claim(
                f"the rank {self.rank} {verb} the {self.target} needed",
                self.complete == (self.rank == self.target) and self.rank <= self.target,
            ),
            Claim("the error bound of rejections is as stated", self.error_log2 == bound),
        ]


@dataclass(frozen=True)
class Subset:
    """What is kept of a list: a maximal independent subset of its invariants, greedy in the order given.

    Attributes:
        indices: positions of the candidates kept; each is independent of those before it.
        rank: how many they are, the rank of the whole list's Jacobian at a generic point.
        not_invariant: positions of the candidates that are not invariants of the space; they are left out of the rank.
        certificate: the proof.
    """

    indices: tuple[int, ...]
    rank: int
    not_invariant: tuple[int, ...]
    certificate: SubsetCertificate


def independent_subset(candidates: Iterable[Any], space: TensorSpace, convention: str | None = None) -> Subset:
    """A maximal functionally independent subset of a list of invariants, greedy in the order given.

    Entries that are not invariants of the space are found exactly, reported, and left out: contractions that change
    sign under inversion, and polynomials that the generators of rotations do not annihilate or that inversion changes.
    Under a point group these are contractions and trees of odd parity, unless it holds rotations only, and polynomials
    that one of the operations that generate it changes. Constants and repeated entries are invariants, but never
    independent.

    Args:
        candidates: each a pair ("ij,jk,ki", ("q", "q", "q")), the same as a line "ij,jk,ki q,q,q", a coupling tree
            "((q,q)2,q)0", under a point group also with its structural tensors, "((q,q)4,@4e)0", a member of a basis,
            or a polynomial as a pair (coefficients, exponents): coefficients (terms,) of integers or Fractions,
            exponents (terms, dimension) in the order of `space.components`.
        space: the tensors that the candidates are made of, and the group in its orientation.
        convention: the components in which polynomials are written, "rational", "hippynn" or, for spaces of Cartesian
            moments or tensors, "cartesian"; in the others invariants have irrational coefficients. By default those
            that `space.components` names: "cartesian" where it is defined, otherwise "rational".

    Returns:
        The positions kept, the rank, the certificate, and the positions of entries that are not invariants.

    Raises:
        InputError: the list is empty, an entry cannot be read (the message names its position), or the convention is
            not an exact one.

    Complexity: linear in the number of terms but for one sort of the terms' derivatives along rotations for each
    polynomial, and candidates · rank · dimension for the elimination. Under a point group each operation takes at most
    2 K / fold + 1 sorts of all the terms that rotations about its axis make, K the largest sum of a term's ranks.
    """
    listed = read_entries(candidates, space, convention)
    primes, points = _drawn(listed)
    found = _greedy(listed, primes, points)
    for i, columns in enumerate(found.columns):
        if len(columns) == len(found.rows):
            order = [i, *(j for j in range(PRIMES) if j != i)]
            break
    else:  # each prime missed a row that another saw, which has a probability below 2^-50
        raise EnumerationError("no prime sees all kept candidates as independent; please report this as a defect")
    target = space.dimension - space.orbit_dimension
    certificate = SubsetCertificate(
        size=len(listed.entries),
        convention=listed.frame.convention,
        not_invariant=found.not_invariant,
        rank=len(found.rows),
        target=target,
        complete=len(found.rows) == target,
        rows=found.rows,
        columns=columns,
        primes=tuple(primes[j] for j in order),
        points=tuple(tuple(points[j].tolist()) for j in order),
        error_log2=_error_log2(listed, found),
    )
    return Subset(found.rows, len(found.rows), found.not_invariant, certificate)


@dataclass(frozen=True)
class _Found:
    rows: tuple[int, ...]
    columns: tuple[tuple[int, ...], ...]  # the pivots at each prime
    not_invariant: tuple[int, ...]


def _drawn(listed: EntryList) -> tuple[tuple[int, ...], Vector]:
    primes = derived_primes(listed.content, PRIMES)
    return primes, np.concatenate([derived_points(listed.content, p, 1, listed.space.dimension) for p in primes])


def _greedy(listed: EntryList, primes: tuple[int, ...], points: Vector) -> _Found:
    """Keep an invariant if its gradient is new at any of the primes; stop keeping at the largest possible rank."""
    target = listed.space.dimension - listed.space.orbit_dimension
    at = listed.at(primes, points)
    echelons = [Echelon(listed.space.dimension, p) for p in primes]
    rows: list[int] = []
    not_invariant: list[int] = []
    for position, entry in enumerate(listed.entries):
        gradient = at.gradient(entry)
        if not at.is_invariant(entry, gradient):
            not_invariant.append(position)
        elif len(rows) < target and any(
            [echelon.insert(row) for echelon, row in zip(echelons, gradient, strict=True)]  # at all primes
        ):
            rows.append(position)
    return _Found(tuple(rows), tuple(e.pivots for e in echelons), tuple(not_invariant))


def _error_log2(listed: EntryList, found: _Found) -> int:
    """An upper bound of log2 of the probability that a rejection was wrong.

    A minor of one more than the kept rows is a sum of size! products of one derivative of each row.
    """
    outside = {*found.rows, *found.not_invariant}
    rejected = [e for i, e in enumerate(listed.entries) if i not in outside and e.degree]
    if not rejected or len(found.rows) == listed.space.dimension - listed.space.orbit_dimension:
        return 0
    rows = [listed.entries[i] for i in found.rows]
    size = len(rows) + 1
    degree = sum(e.degree - 1 for e in rows) + max(e.degree - 1 for e in rejected)
    bits = size * size.bit_length() + sum(map(listed.log2_gradient, rows)) + max(map(listed.log2_gradient, rejected))
    failure = degree + 2 * bits
    return min(0, PRIMES * (failure.bit_length() - 30) + len(rejected).bit_length())
