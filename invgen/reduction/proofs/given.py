"""The proof of a list that is kept as given, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from invgen.reduction.proofs.jacobian import JacobianProof, read_minor
from invgen.reduction.search.request import Request

if TYPE_CHECKING:
    from invgen.reduction.proofs.protocols import Certified


@dataclass(frozen=True)
class GivenProof(JacobianProof):
    """The proof of the rank of a list that is kept as given."""

    kind: ClassVar[str] = "given"

    def request(self, basis: Certified) -> Request:
        """The list itself."""
        return Request(basis.space, basis.max_degree, self.kind, listed=basis.contractions)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> GivenProof:
        """Read a certificate; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(*read_minor(data))
