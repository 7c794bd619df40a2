"""The proof of a flexible selection: a minor for every single tensor and every pair that the mode ties together.

All minors are those of one Jacobian at one point. Where the other tensors vanish, a member that needs one of them has
no derivative by those that are left, so the Jacobian of a part is the block of its own members and components.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from invgen.algebra.finite_field import Vector
from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.claim import Claim
from invgen.reduction.options import MINIMAL_SET, SPECIFIC
from invgen.reduction.proofs.flexibility import Flexibility, SupportMinor
from invgen.reduction.proofs.minors import first_minor
from invgen.reduction.proofs.protocols import Certified, Stated
from invgen.reduction.search.supports import (
    FlexiblePlan,
    Support,
    block,
    flexible_plan,
    own_members,
    support_of,
    target_of,
)
from invgen.spaces.space import TensorSpace


def _minor(
    space: TensorSpace, members: Sequence[Expression], support: Support, jacobian: Vector, prime: int
) -> SupportMinor:
    """The first minor of a support's block of the Jacobian at one point."""
    rows, columns = block(space, members, support)
    kept, pivots = first_minor(jacobian[list(rows)][:, list(columns)], prime)
    return SupportMinor(support, tuple(rows[i] for i in kept), tuple(columns[j] for j in pivots))


def prove(
    space: TensorSpace, members: Sequence[Expression], plan: FlexiblePlan, jacobian: Vector, prime: int
) -> Flexibility:
    """A minor for every single tensor and every pair of a plan, as large as this point shows."""
    parts = tuple(_minor(space, members, support, jacobian, prime) for support in plan.parts)
    return Flexibility(plan.mode, plan.anchor, parts)


def is_full(space: TensorSpace, proof: Flexibility) -> bool:
    """Whether every part has the rank that is needed."""
    return all(len(p.rows) == target_of(space, p.tensors) for p in proof.parts)


def claims(stated: Stated, basis: Certified, rows: Any) -> list[Claim]:
    """The checks of the minors of singles and pairs; `rows` is the Jacobian, None where its point is not derived."""
    proof, space = stated.proof.flexible, basis.space
    if proof is None:
        return [Claim("minors of singles and pairs are stated", False)]
    strata, members = stated.proof.strata, basis.contractions
    core = members if strata is None else members[: strata.members]
    try:
        plan = flexible_plan(space, proof.mode, proof.anchor if proof.mode == SPECIFIC else None)
    except InputError:
        return [Claim("the mode and the anchor are allowed", False)]
    as_planned = (proof.anchor, tuple(p.tensors for p in proof.parts)) == (plan.anchor, plan.parts)
    covered = "every pair of tensors" if plan.mode == MINIMAL_SET else "every pair with the anchor"
    found = None if rows is None else prove(space, core, plan, rows[: len(core)], stated.primes[0])
    return [
        Claim(f"the proof covers every tensor and {covered}", as_planned),
        Claim("every tensor alone and every such pair has full rank: its minor is not zero", found == proof),
        Claim("no tensor alone and no such pair falls short of dim - dim orbit", as_planned and is_full(space, proof)),
        Claim("no member is more than the mode asks for", _minimal(space, core, plan)),
    ]


def _minimal(space: TensorSpace, members: Sequence[Expression], plan: FlexiblePlan) -> bool:
    if plan.mode == SPECIFIC:
        return len(members) == space.dimension - space.orbit_dimension
    counted = Counter(support_of(m.multidegree(space)) for m in members)
    return counted == {support: own_members(space, support) for support in plan.parts}
