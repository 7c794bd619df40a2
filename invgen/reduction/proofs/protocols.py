"""What proofs and checks see of a basis and of its certificate; annotations alone need these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from invgen.contractions.expression import Expression
    from invgen.reduction.orbits.fibres import FibreBounds
    from invgen.reduction.proofs.flexibility import Flexibility
    from invgen.reduction.proofs.strata import StrataProof
    from invgen.reduction.search.limits import Cut
    from invgen.reduction.search.patterns import Multidegree
    from invgen.reduction.search.request import Request
    from invgen.spaces.space import TensorSpace


class Certified(Protocol):
    """A basis, or anything with these attributes."""

    @property
    def space(self) -> TensorSpace:
        """The space of the tensors."""

    @property
    def contractions(self) -> tuple[Expression, ...]:
        """The members in order."""

    @property
    def max_degree(self) -> int:
        """The highest degree that was searched."""

    @property
    def outputs(self) -> str:
        """What members map to, "0e" for invariants."""

    @property
    def limit(self) -> Cut | None:
        """Which multidegrees were searched, None for all up to max_degree."""


class Proof(Protocol):
    """The questions that every kind of certificate answers; what does not belong to its kind is empty."""

    @property
    def kind(self) -> str:
        """The selection."""

    @property
    def prime_count(self) -> int:
        """How many primes the certificate has."""

    @property
    def rows(self) -> tuple[int, ...]:
        """The members whose minor is not zero, or all that are counted."""

    @property
    def columns(self) -> tuple[int, ...]:
        """The components of that minor."""

    @property
    def counts(self) -> tuple[tuple[Multidegree, int], ...]:
        """(multidegree, number of members)."""

    @property
    def error_log2(self) -> int:
        """A bound of the probability that a rejection was wrong, as a power of 2; 0 where nothing rests on it."""

    @property
    def flexible(self) -> Flexibility | None:
        """The minors of singles and pairs."""

    @property
    def fibre(self) -> FibreBounds | None:
        """Bounds of the number of orbits in a generic fibre."""

    @property
    def strata(self) -> StrataProof | None:
        """The minors on all symmetry strata."""

    @property
    def ring(self) -> tuple[Expression, ...]:
        """The invariants that are coefficients of equivariant maps."""

    def request(self, basis: Certified) -> Request:
        """The request that a basis with this proof answers."""

    def rank_sentence(self, stated: Stated, basis: Certified) -> str:
        """What is claimed, in words."""

    def to_json(self) -> dict[str, Any]:
        """What this kind adds to the fields that all certificates have in a basis file."""


class Stated(Protocol):
    """A certificate: what all kinds have in common, and the proof."""

    @property
    def kind(self) -> str:
        """The selection."""

    @property
    def size(self) -> int:
        """The number of members."""

    @property
    def rank(self) -> int:
        """The proved rank."""

    @property
    def target(self) -> int:
        """The rank that is needed."""

    @property
    def complete(self) -> bool:
        """Whether both are equal."""

    @property
    def primes(self) -> tuple[int, ...]:
        """The primes, the proving one first."""

    @property
    def points(self) -> tuple[tuple[int, ...], ...]:
        """The points."""

    @property
    def proof(self) -> Proof:
        """The numbers that prove it."""
