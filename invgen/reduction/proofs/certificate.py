"""Certificates: what is claimed of a basis, with all numbers that prove it.

A minor of the Jacobian that is not zero modulo a prime is not zero over the rationals, so the rank at one point is a
proved lower bound. The dimension of the space minus that of a generic orbit is an upper bound. Where they meet,
independence and local completeness are proved. For a `linear` basis the lower bound is the rank of the values at a
few points, the upper bound is the Molien count; for covariants the values of one component decide, since a
combination that has it zero everywhere rotates into one that is zero.

What is not proved is that a rejected invariant was dependent, where the bounds do not meet; `proofs.error_bounds`
bounds the probability of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from invgen.checks import json_boolean, json_integer
from invgen.errors import BasisFileError
from invgen.reduction.registry import SELECTIONS
from invgen.reduction.search.patterns import Multidegree

if TYPE_CHECKING:
    from invgen.reduction.claim import Claim
    from invgen.reduction.orbits.fibres import FibreBounds
    from invgen.reduction.proofs.flexibility import Flexibility
    from invgen.reduction.proofs.protocols import Certified, Proof
    from invgen.reduction.proofs.strata import StrataProof


@dataclass(frozen=True)
class Certificate:
    """The proof of what a basis claims.

    Attributes:
        size: the number of members.
        rank: the proved rank: of the Jacobian; for "linear" and "integrity" the dimension of what members or their
            products span.
        target: the rank that is needed: dim V - dim orbit; for "linear" and "integrity" the sum of the Molien counts.
        complete: whether rank equals target.
        primes: for "linear" and "integrity" one prime, otherwise three, of which the first carries the proof.
        points: for "linear" and "integrity" the points of GF(p)^dimension that tell invariants apart, otherwise one
            per prime.
        proof: the numbers that prove it, of the kind of the selection.
    """

    size: int
    rank: int
    target: int
    complete: bool
    primes: tuple[int, ...]
    points: tuple[tuple[int, ...], ...]
    proof: Proof

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "proof" not in state:
            # Pickled at commit a6f4487, when the fields were those of a basis file.
            state = vars(Certificate.from_json({name: _plain(v) for name, v in state.items() if v is not None}))
        vars(self).update(state)

    @property
    def kind(self) -> str:
        """What is claimed.

        "independent" (no polynomial relation among the members), "flexible" (full rank on the whole, on every single
        tensor and on every pair that the mode ties together), "separating" (independent members, then those that lower
        a bound of the number of orbits with equal values), "linear" (a basis of the vector space of invariants up to
        max_degree), "integrity" (products of members span them) or "given" (a list kept as it is: all members are
        invariant, `rows` of them are independent).
        """
        return self.proof.kind

    @property
    def rows(self) -> tuple[int, ...]:
        """The members whose minor is not zero; for "linear" and "integrity" all."""
        return self.proof.rows

    @property
    def columns(self) -> tuple[int, ...]:
        """The components of that minor; empty for "linear" and "integrity"."""
        return self.proof.columns

    @property
    def counts(self) -> tuple[tuple[Multidegree, int], ...]:
        """(multidegree, number of members) for "linear" and "integrity"; empty for others."""
        return self.proof.counts

    @property
    def error_log2(self) -> int:
        """2^error_log2 bounds the probability that any rejected candidate was independent of those kept.

        It is 0 where nothing rests on it, as the bounds meet or nothing was rejected.
        """
        return self.proof.error_log2

    @property
    def flexible(self) -> Flexibility | None:
        """The minors of singles and pairs of a "flexible" selection; None for others."""
        return self.proof.flexible

    @property
    def fibre(self) -> FibreBounds | None:
        """Bounds of the number of orbits in a generic fibre of a "separating" selection; None for others."""
        return self.proof.fibre

    @property
    def strata(self) -> StrataProof | None:
        """The minors on all symmetry strata, where these were asked for; the last members were added for them."""
        return self.proof.strata

    @property
    def independent(self) -> bool:
        """Whether functional independence of all members is proved: their minor has a column for each."""
        return self.rank == self.size == len(self.columns)

    def verify(self, basis: Certified) -> bool:
        """Recheck every claim from the basis alone: members, minor or counts, and the upper bound."""
        return all(claim.holds for claim in self.claims(basis))

    def claims(self, basis: Certified) -> list[Claim]:
        """Every claim with the outcome of its check; complexity as one pass over the members, no enumeration."""
        from invgen.reduction.proofs.claims import claims_of  # only checks need the modules that recompute the numbers

        return claims_of(self, basis)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings, as a basis file holds them."""
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
            **self.proof.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Certificate:
        """Read `to_json`; `BasisFileError` if a field is missing or has the wrong type."""
        try:
            if data["kind"] not in SELECTIONS:
                known = ", ".join(SELECTIONS)
                raise BasisFileError(f"the certificate's kind must be one of {known}, got {data['kind']!r}")
            return cls(
                size=json_integer(data["size"]),
                rank=json_integer(data["rank"]),
                target=json_integer(data["target"]),
                complete=json_boolean(data["complete"]),
                primes=tuple(map(json_integer, data["primes"])),
                points=tuple(tuple(map(json_integer, p)) for p in data["points"]),
                proof=SELECTIONS[data["kind"]].proof_type.from_json(data),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BasisFileError(
                f"the certificate in the basis file is damaged: {error!r}; generate it again"
            ) from error


def _plain(value: Any) -> Any:
    """A field of an earlier certificate as it stands in a basis file."""
    return value.to_json() if hasattr(value, "to_json") else list(value) if isinstance(value, tuple) else value
