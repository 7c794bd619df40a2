"""The vector space of invariants: a basis of every multidegree, products included, the constant left out."""

from __future__ import annotations

from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Progress, Work
from invgen.reduction.search.limits import Limit, count_maps_to
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import TensorSpace

MAX_MEMBERS = 20_000


def linear(
    space: TensorSpace,
    max_degree: int,
    progress: Progress | None = None,
    work: Work = SERIAL,
    limit: Limit | None = None,
) -> list[Expression]:
    """A basis of the invariants of degree 1..max_degree, as many of each multidegree as the Molien count says.

    The order is degree, then cost, then multidegree (descending), so raising max_degree only appends.

    Raises:
        InputError: more than 20,000 invariants are asked for.
    """
    total = count_maps_to(space, SCALAR, max_degree, limit)
    if total > MAX_MEMBERS:
        raise InputError(
            f"{space} has {total} linearly independent invariants up to degree {max_degree}, "
            f"more than {MAX_MEMBERS}; lower max_degree, give a total_degree or use select='independent'"
        )
    kept: list[Expression] = []
    for _, components in GeneratorStage(space, progress=progress, work=work, limit=limit).degrees(max_degree):
        members = [member for c in components for member in (*c.products, *c.generators)]
        kept += [member.contraction for member in sorted(members, key=lambda m: m.cost)]
    return kept
