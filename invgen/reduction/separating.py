"""Independent invariants, and what more is needed to tell generic orbits apart.

The members of an independent selection leave finitely many orbits with equal values (see `reduction.fibres`). Where
changes of signs of the tensors show that there are several, the cheapest generator of the lowest degree that notices
such a change is appended, until no change is unnoticed. Whether that proves separation is what the bounds say.
"""

from __future__ import annotations

from collections.abc import Iterator

from invgen.contractions.expression import Expression
from invgen.groups import multidegrees
from invgen.reduction.components import Candidate, Rules
from invgen.reduction.fibres import FibreBounds, fibre_bounds, rank_mod_2
from invgen.reduction.flexible import few_graphs
from invgen.reduction.generators import SERIAL, GeneratorStage, Progress, Work
from invgen.reduction.independent import JacobianRank, independent
from invgen.reduction.orders import DEGREE, Order
from invgen.reduction.patterns import Multidegree
from invgen.spaces import TensorSpace


def separating(
    space: TensorSpace,
    max_degree: int,
    content: str,
    progress: Progress | None = None,
    order: Order = DEGREE,
    work: Work = SERIAL,
) -> tuple[list[Expression], JacobianRank, FibreBounds]:
    """An independent selection, with generators appended that notice changes of signs, and the bounds that result.

    Nothing is appended where the rank is not full, or where no generator up to max_degree notices a change still left.
    """
    space.check_dimension(3, "select='separating'")
    members, found = independent(space, max_degree, content, progress, order, work)
    core = range(len(members))
    if found.rank < space.dimension - space.orbit_dimension:
        return members, found, bounds_of(space, members, None)
    while bounds_of(space, members, core).lower > 1:
        noticed = [m.multidegree(space) for m in members]
        candidate = next(_noticing(space, max_degree, noticed, work), None)
        if candidate is None:
            break
        members.append(candidate.contraction)
    return members, found, bounds_of(space, members, core)


def bounds_of(space: TensorSpace, members: list[Expression], core: range | None) -> FibreBounds:
    """The bounds for members of which the first ones, `core`, are independent and as many as can be."""
    return fibre_bounds(space, [m.multidegree(space) for m in members], core)


def _noticing(space: TensorSpace, max_degree: int, noticed: list[Multidegree], work: Work) -> Iterator[Candidate]:
    """Generators that change sign where no member does: the lowest degree first, then the cheapest."""
    graphs = GeneratorStage(space, Rules(space.group), work=work)
    trees = GeneratorStage(space, Rules(space.group, couplings=True, minimal=True), work=work)
    known = rank_mod_2(noticed)
    for degree in range(1, max_degree + 1):
        found: list[Candidate] = []
        for multidegree in multidegrees(len(space.tensors), degree):
            if space.count(multidegree) and rank_mod_2([*noticed, multidegree]) > known:
                stage = graphs if few_graphs(space, multidegree) else trees
                found += stage.component(multidegree).generators
        yield from sorted(found, key=lambda c: c.cost)
