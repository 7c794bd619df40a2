"""The proof of a flexible selection, as data: a minor for every single tensor and every pair that is tied together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from invgen.reduction.proofs.flexibility import Flexibility
from invgen.reduction.proofs.jacobian import JacobianProof, read_minor, read_strata
from invgen.reduction.search.request import Request

if TYPE_CHECKING:
    from invgen.reduction.proofs.protocols import Certified
    from invgen.reduction.proofs.strata import StrataProof


@dataclass(frozen=True)
class FlexibleProof(JacobianProof):
    """The proof of a flexible selection.

    Attributes:
        flexibility: the minors of singles and pairs.
        repair: the minors on symmetry strata, where these were asked for.
    """

    kind: ClassVar[str] = "flexible"

    flexibility: Flexibility
    repair: StrataProof | None = None

    @property
    def flexible(self) -> Flexibility:
        """The minors of singles and pairs."""
        return self.flexibility

    @property
    def strata(self) -> StrataProof | None:
        """The minors on symmetry strata, None where these were not asked for."""
        return self.repair

    def request(self, basis: Certified) -> Request:
        """The request that a basis with this proof answers."""
        mode, anchor = self.flexibility.mode, self.flexibility.anchor
        return Request(basis.space, basis.max_degree, self.kind, mode=mode, anchor=anchor)

    def to_json(self) -> dict[str, Any]:
        """The minors of singles and pairs, and those on strata where these were asked for."""
        strata = {} if self.repair is None else {"strata": self.repair.to_json()}
        return {"flexible": self.flexibility.to_json(), **strata}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FlexibleProof:
        """Read a certificate; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(*read_minor(data), Flexibility.from_json(data["flexible"]), read_strata(data))
