"""Supports: which tensors an invariant consists of, and which supports a flexible selection looks at.

Theorem. If the members of every single tensor and of every pair have full rank, the members of every sub-collection
have: a selection that is complete on singles and pairs is complete on all 2^N vanishing patterns. The proof is in
docs/mathematics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from invgen.checks import one_of
from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.options import MINIMAL_SET, MODES
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces.space import TensorSpace

Support = tuple[int, ...]  # the positions of the tensors that occur


@dataclass(frozen=True)
class FlexiblePlan:
    """Which singles and pairs a flexible selection must have full rank on.

    Attributes:
        mode: "specific" or "minimal-set".
        anchor: the name of the tensor that all others are tied to; None if all pairs are tied, or without an anchor.
        parts: the positions of every single tensor and then of every pair that is tied together, ascending.
    """

    mode: str
    anchor: str | None
    parts: tuple[Support, ...]


def flexible_plan(space: TensorSpace, mode: str, anchor: str | None = None) -> FlexiblePlan:
    """The singles and pairs of a mode.

    Args:
        space: the tensors.
        mode: "specific" ties every tensor of l >= 1 to the anchor, "minimal-set" every pair of such tensors.
        anchor: the anchor's name for "specific"; by default the first of the lowest l >= 2, or the first vector where
            there are vectors only; in the plane the first of the lowest weight >= 1.

    Raises:
        InputError: an unknown mode, an anchor for "minimal-set", or an anchor that leaves a stabiliser although
            another tensor does not.
    """
    one_of("flexible", mode, MODES)
    singles = [(i,) for i in range(len(space.tensors))]
    turning = [i for i, t in enumerate(space.tensors) if t.l]
    if mode == MINIMAL_SET:
        if anchor is not None:
            raise InputError(f"flexible='minimal-set' anchors every pair, so it takes no anchor, got {anchor!r}")
        return FlexiblePlan(mode, None, (*singles, *combinations(turning, 2)))
    fixed = _anchor(space, turning, anchor)
    pairs = [(min(fixed, i), max(fixed, i)) for i in turning if fixed is not None and i != fixed]
    return FlexiblePlan(mode, None if fixed is None else space.names[fixed], (*singles, *pairs))


def _anchor(space: TensorSpace, turning: list[int], anchor: str | None) -> int | None:
    rigid = [i for i in turning if space.tensors[i].l >= 2] if space.spatial_dimension == 3 else []
    if anchor is None:
        return min(rigid or turning, key=lambda i: (space.tensors[i].l, i), default=None)
    given = space.index(anchor)
    allowed = rigid or turning
    if given not in allowed:
        least = 2 if rigid else 1
        names = ", ".join(space.names[i] for i in allowed)
        hint = f"choose one of {names}" if allowed else "a space of scalars has none, leave it out"
        raise InputError(f"the anchor must have l >= {least}, {space.tensors[given]} does not; {hint}")
    return given


def target_of(space: TensorSpace, support: Support) -> int:
    """The rank that is needed on the tensors of a support: its dimension minus that of a generic orbit."""
    kept = space.of([space.tensors[i] for i in support])
    return kept.dimension - kept.orbit_dimension


def support_of(multidegree: Multidegree) -> Support:
    """The positions of the tensors that an invariant consists of."""
    return tuple(i for i, k in enumerate(multidegree) if k)


def own_members(space: TensorSpace, support: Support) -> int:
    """How many members that consist of all tensors of a support a flexible selection needs."""
    return target_of(space, support) - (sum(target_of(space, (i,)) for i in support) if len(support) > 1 else 0)


def block(
    space: TensorSpace, members: Sequence[Expression], support: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The members that consist of the tensors of a support alone, and the components of these tensors."""
    inside = set(support)
    rows = tuple(i for i, m in enumerate(members) if inside.issuperset(support_of(m.multidegree(space))))
    columns = tuple(j for i in support for j in range(space.slices[i].start, space.slices[i].stop))
    return rows, columns
