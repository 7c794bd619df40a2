"""Proofs by counts: for selections that solve every multidegree, each checked against its Molien count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from invgen.checks import json_integer
from invgen.contractions import expression
from invgen.contractions.expression import Expression
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.request import Request
from invgen.spaces.outputs import noun

if TYPE_CHECKING:
    from invgen.reduction.proofs.protocols import Certified, Stated


@dataclass(frozen=True)
class CountsProof:
    """How many members each multidegree has; values at the points of the certificate prove that these suffice.

    Attributes:
        counts: (multidegree, number of members).
    """

    kind: ClassVar[str]
    prime_count: ClassVar[int] = 1

    counts: tuple[tuple[Multidegree, int], ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """All members that are counted."""
        return tuple(range(sum(count for _, count in self.counts)))

    @property
    def columns(self) -> tuple[int, ...]:
        """There is no minor."""
        return ()

    @property
    def error_log2(self) -> int:
        """Nothing rests on a probability."""
        return 0

    @property
    def flexible(self) -> None:
        """Nothing is claimed of vanishing tensors."""

    @property
    def fibre(self) -> None:
        """Nothing is claimed of orbits."""

    @property
    def strata(self) -> None:
        """Nothing is claimed of symmetric inputs."""

    @property
    def ring(self) -> tuple[Expression, ...]:
        """There are no coefficients."""
        return ()

    def request(self, basis: Certified) -> Request:
        """The request that a basis with this proof answers."""
        return Request(basis.space, basis.max_degree, self.kind, outputs=basis.outputs, limit=basis.limit)

    def to_json(self) -> dict[str, Any]:
        """Nothing beyond what all certificates have."""
        return {}


@dataclass(frozen=True)
class LinearProof(CountsProof):
    """The members of each multidegree are as many as its Molien count, and linearly independent."""

    kind: ClassVar[str] = "linear"

    def rank_sentence(self, stated: Stated, basis: Certified) -> str:
        """What is claimed, in words."""
        cut = "" if basis.limit is None else f" {basis.limit.where}"
        members = f"linearly independent {noun(basis.outputs)} up to degree {basis.max_degree}{cut}"
        return f"{stated.rank} of {stated.target} {members}, {'' if stated.complete else 'not '}complete"

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LinearProof:
        """Read a certificate; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(_read_counts(data))


@dataclass(frozen=True)
class IntegrityProof(CountsProof):
    """Products of the members span as many invariants of each multidegree as its Molien count says.

    Attributes:
        coefficients: for equivariant maps, the invariants whose products are their coefficients; empty for invariants.
    """

    kind: ClassVar[str] = "integrity"

    coefficients: tuple[Expression, ...] = ()

    @property
    def ring(self) -> tuple[Expression, ...]:
        """The invariants that are coefficients."""
        return self.coefficients

    def rank_sentence(self, stated: Stated, basis: Certified) -> str:
        """What is claimed, in words."""
        what = f"{stated.rank} of {stated.target} {noun(basis.outputs)} up to degree {basis.max_degree}, generating"
        said = f"products with {len(self.ring)} invariants span {what}" if self.ring else f"products span {what}"
        bound = basis.space.degree_bound
        if bound is None:
            return said
        return f"{said} {'those of all degrees' if basis.max_degree >= bound else f'(Noether: all degrees at {bound})'}"

    def to_json(self) -> dict[str, Any]:
        """The invariants, where there are some."""
        return {"invariants": [member.to_json() for member in self.ring]} if self.ring else {}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> IntegrityProof:
        """Read a certificate; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(_read_counts(data), tuple(map(expression.from_json, data.get("invariants", ()))))


def _read_counts(data: dict[str, Any]) -> tuple[tuple[Multidegree, int], ...]:
    """The counts of a certificate; `ValueError` if it claims anything else."""
    counts = tuple((tuple(map(json_integer, m)), json_integer(c)) for m, c in data["counts"])
    rows = list(range(sum(count for _, count in counts)))
    if [*map(json_integer, data["rows"])] != rows or data["columns"] != [] or json_integer(data["error_log2"]):
        raise ValueError(f"a {data['kind']} selection has counts of all its members and no minor")
    return counts
