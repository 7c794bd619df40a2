"""A minimal generating set of the ring of invariants, up to a degree."""

from __future__ import annotations

from invgen.contractions.expression import Expression
from invgen.reduction.search.components import Rules
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Progress, Work
from invgen.reduction.search.limits import Limit
from invgen.spaces.space import TensorSpace


def integrity(
    space: TensorSpace,
    max_degree: int,
    progress: Progress | None = None,
    work: Work = SERIAL,
    limit: Limit | None = None,
) -> list[Expression]:
    """Invariants whose products span all invariants up to `max_degree`, none of them a polynomial in lower ones.

    In every multidegree their number is the Molien count minus the rank of products of lower generators. That rank is
    taken modulo a prime and can only be too low, so the number of generators is an upper bound; that they generate is
    proved. Members are coupling trees, in order of degree, then cost, then multidegree (descending).
    """
    rules = Rules(space.group, couplings=True, minimal=True)
    kept: list[Expression] = []
    for _, components in GeneratorStage(space, rules, progress, work, limit=limit).degrees(max_degree):
        found = [generator for component in components for generator in component.generators]
        kept += [generator.contraction for generator in sorted(found, key=lambda g: g.cost)]
    return kept
