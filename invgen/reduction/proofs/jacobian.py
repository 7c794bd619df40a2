"""Proofs by a minor of the Jacobian: for independent selections, and for lists that are kept as given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from invgen.checks import json_integer
from invgen.reduction.search.patterns import Multidegree
from invgen.reduction.search.request import PRIMES, Request

if TYPE_CHECKING:
    from invgen.contractions.expression import Expression
    from invgen.reduction.orbits.fibres import FibreBounds
    from invgen.reduction.proofs.flexibility import Flexibility
    from invgen.reduction.proofs.protocols import Certified, Stated
    from invgen.reduction.proofs.strata import StrataProof


@dataclass(frozen=True)
class JacobianProof:
    """A minor that is not zero at the first of three primes and points.

    Attributes:
        rows: the members whose minor it is.
        columns: its components.
        error_log2: 2^error_log2 bounds the probability that any rejected candidate was independent of those kept.
    """

    kind: ClassVar[str]
    prime_count: ClassVar[int] = PRIMES

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    error_log2: int

    @property
    def counts(self) -> tuple[tuple[Multidegree, int], ...]:
        """Nothing is counted."""
        return ()

    @property
    def flexible(self) -> Flexibility | None:
        """None but for flexible selections."""
        return None

    @property
    def ring(self) -> tuple[Expression, ...]:
        """There are no coefficients."""
        return ()

    @property
    def fibre(self) -> FibreBounds | None:
        """None but for separating selections."""
        return None

    @property
    def strata(self) -> StrataProof | None:
        """None where strata were not asked for."""
        return None

    def request(self, basis: Certified) -> Request:
        """The request that a basis with this proof answers."""
        return Request(basis.space, basis.max_degree, self.kind, outputs=basis.outputs, limit=basis.limit)

    def rank_sentence(self, stated: Stated, basis: Certified) -> str:
        """What is claimed, in words."""
        dependent = stated.size - stated.rank
        members = f"{dependent} of {stated.size} members depend on the others" if dependent else ""
        return f"{completeness(stated)}, {members or 'members independent'}"

    def to_json(self) -> dict[str, Any]:
        """Nothing beyond what all certificates have."""
        return {}


@dataclass(frozen=True)
class IndependentProof(JacobianProof):
    """The proof of an independent selection.

    Attributes:
        repair: the minors on symmetry strata, where these were asked for.
    """

    kind: ClassVar[str] = "independent"

    repair: StrataProof | None = None

    @property
    def strata(self) -> StrataProof | None:
        """The minors on symmetry strata, None where these were not asked for."""
        return self.repair

    def to_json(self) -> dict[str, Any]:
        """The minors on strata, where these were asked for."""
        return {} if self.repair is None else {"strata": self.repair.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> IndependentProof:
        """Read a certificate; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(*read_minor(data), read_strata(data))


def read_minor(data: dict[str, Any]) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Rows, columns and error bound of a certificate; `ValueError` if members are counted, too."""
    if data["counts"] != []:
        raise ValueError(f"a {data['kind']} selection has no counts, got {data['counts']!r}")
    rows, columns = (tuple(map(json_integer, data[name])) for name in ("rows", "columns"))
    return rows, columns, json_integer(data["error_log2"])


def read_strata(data: dict[str, Any]) -> StrataProof | None:
    """The minors on symmetry strata of a certificate; None where these were not asked for."""
    if "strata" not in data:
        return None
    from invgen.reduction.proofs.strata import StrataProof

    return StrataProof.from_json(data["strata"])


def completeness(stated: Stated) -> str:
    """The rank and whether it is complete, in words."""
    whole = "locally complete" if stated.complete else "not complete"
    return f"{stated.rank} of {stated.target}, {whole}"
