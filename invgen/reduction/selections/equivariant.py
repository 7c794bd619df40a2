"""The vector space of covariants to one irrep: a basis of every multidegree, products with invariants included.

Which coupling trees span a multidegree depends on ranks and degrees alone; parity belongs to the multidegree.
"""

from __future__ import annotations

from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.search.components import Rules
from invgen.reduction.search.generators import SERIAL, GeneratorStage, Progress, Work
from invgen.reduction.search.limits import Limit, count_maps_to
from invgen.reduction.selections.linear import MAX_MEMBERS
from invgen.spaces.outputs import noun, output_irrep
from invgen.spaces.space import TensorSpace


def equivariant(
    space: TensorSpace,
    outputs: str,
    max_degree: int,
    progress: Progress | None = None,
    work: Work = SERIAL,
    limit: Limit | None = None,
) -> list[Expression]:
    """A basis of the covariants of degree 1..max_degree, as many of each multidegree as characters say.

    Members are coupling trees, in order of degree, then cost (the number of terms of the couplings), then multidegree
    (descending), so raising max_degree only appends.

    Raises:
        InputError: more than 20,000 covariants, or 500,000 multidegrees of one degree, are asked for.
    """
    total = count_maps_to(space, outputs, max_degree, limit)
    if total > MAX_MEMBERS:
        raise InputError(
            f"{space} has {total} linearly independent {noun(outputs)} up to degree {max_degree}, "
            f"more than {MAX_MEMBERS}; lower max_degree or leave out tensors"
        )
    rules = Rules("SO3", couplings=True, covariants=output_irrep(outputs).l)
    kept: list[Expression] = []
    for _, components in GeneratorStage(space, rules, progress, work, outputs, limit).degrees(max_degree):
        found = [member for component in components for member in component.generators]
        kept += [member.contraction for member in sorted(found, key=lambda m: m.cost)]
    return kept
