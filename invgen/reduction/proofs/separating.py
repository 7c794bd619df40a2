"""The proof of a separating selection, as data: the minor of its first members, and bounds of the orbits in a fibre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from invgen.reduction.orbits.fibres import FibreBounds
from invgen.reduction.proofs.jacobian import JacobianProof, completeness, read_minor

if TYPE_CHECKING:
    from invgen.reduction.proofs.protocols import Certified, Stated


@dataclass(frozen=True)
class SeparatingProof(JacobianProof):
    """The proof of a separating selection.

    Attributes:
        bounds: of the number of orbits in a generic fibre.
    """

    kind: ClassVar[str] = "separating"

    bounds: FibreBounds

    @property
    def fibre(self) -> FibreBounds:
        """The bounds of the number of orbits in a generic fibre."""
        return self.bounds

    def rank_sentence(self, stated: Stated, basis: Certified) -> str:
        """What is claimed, in words."""
        return f"{completeness(stated)}, {self.bounds}"

    def to_json(self) -> dict[str, Any]:
        """The bounds."""
        return {"fibre": self.bounds.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> SeparatingProof:
        """Read a certificate; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        return cls(*read_minor(data), FibreBounds.from_json(data["fibre"]))
