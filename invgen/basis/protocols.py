"""What a basis file sees of a basis; annotations alone need this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from invgen.contractions.expression import Expression
    from invgen.reduction.proofs.certificate import Certificate
    from invgen.reduction.search.limits import Cut
    from invgen.reduction.search.orders import Order
    from invgen.spaces.space import TensorSpace


class Defined(Protocol):
    """A basis, or the parts of one."""

    @property
    def space(self) -> TensorSpace:
        """The tensors and the group."""

    @property
    def contractions(self) -> tuple[Expression, ...]:
        """The members in order."""

    @property
    def convention(self) -> str:
        """Which numbers stand for a tensor's components."""

    @property
    def max_degree(self) -> int:
        """The highest degree searched."""

    @property
    def certificate(self) -> Certificate:
        """What is claimed, with its proof."""

    @property
    def order(self) -> Order:
        """How candidates were ordered."""

    @property
    def forms(self) -> str:
        """Which representative of an invariant is taken."""

    @property
    def outputs(self) -> str:
        """What members map to."""

    @property
    def limit(self) -> Cut | None:
        """Which multidegrees were searched, None for all up to max_degree."""
