"""What is asked of a search: one frozen value that every stage of a selection reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from invgen.contractions.expression import Expression
from invgen.reduction.options import CONTRACTION, DEGREE
from invgen.reduction.registry import INDEPENDENT, INTEGRITY
from invgen.reduction.search.limits import Cut
from invgen.reduction.search.orders import Order
from invgen.spaces.outputs import SCALAR, parts
from invgen.spaces.space import TensorSpace
from invgen.spaces.stabilisers import generic_stabiliser

PRIMES = 3  # that the seed gives to whatever rests on a Jacobian, with one point for each


@dataclass(frozen=True)
class Request:
    """The arguments of `generate` that decide members, checked and in canonical form.

    Attributes:
        space: the tensors and the group.
        max_degree: the highest degree to search.
        select: the selection, a name of `reduction.registry`.
        order: the order in which candidates are offered.
        forms: which form each member takes.
        outputs: what members map to, "0e" for invariants.
        limit: which multidegrees are searched, None for all up to max_degree.
        mode: what a flexible selection ties together; None for others.
        anchor: the tensor that all others are tied to; None where there is no such tensor.
        strata: whether members are appended until the rank is full on symmetry strata.
        listed: the members of a list that is kept as it is; empty for what is searched.
    """

    space: TensorSpace
    max_degree: int
    select: str = INDEPENDENT
    order: Order = DEGREE
    forms: str = CONTRACTION
    outputs: str = SCALAR
    limit: Cut | None = None
    mode: str | None = None
    anchor: str | None = None
    strata: bool = False
    listed: tuple[Expression, ...] = ()

    @property
    def target(self) -> int:
        """What no rank exceeds: dim V - dim orbit; of maps the dimension of outputs that a generic stabiliser fixes."""
        if self.outputs != SCALAR:
            stabiliser = generic_stabiliser(self.space)
            return sum(stabiliser.count(part.l, part.parity) for part in parts(self.outputs))
        return self.space.dimension - self.space.orbit_dimension

    @property
    def first_degree(self) -> int:
        """The lowest degree that is searched: 0, constant maps, for generators and independent equivariant maps."""
        return 0 if self.outputs != SCALAR and self.select in (INTEGRITY, INDEPENDENT) else 1

    @property
    def seed(self) -> str:
        """The text that primes and points are derived from: the request, or for a given list the list itself.

        Order, forms and strata are left out: they change neither what is proved nor at which points.
        """
        kind = " ".join(word for word in (self.select, self.mode, self.anchor) if word)
        words = ["invgen 1", kind, str(self.space), self.space.group]
        if self.space.orientation is not None:
            words.append(str(self.space.orientation))
        if self.listed:
            return "|".join([*words, *map(str, self.listed)])
        outputs = [] if self.outputs == SCALAR else [self.outputs]
        return "|".join([*words, str(self.max_degree), *outputs, *([] if self.limit is None else [str(self.limit)])])


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        members: in order.
        evidence: what else the certificate needs from the search; each selection has its own.
    """

    members: list[Expression]
    evidence: Any = None
