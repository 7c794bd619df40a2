"""The proof of a flexible selection: a minor for every single tensor and every pair that the mode ties together.

All minors are those of one Jacobian at one point. Where the other tensors vanish, a member that needs one of them has
no derivative by those that are left, so the Jacobian of a part is the block of its own members and components.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from invgen.algebra.finite_field import Echelon, Vector
from invgen.checks import json_natural
from invgen.contractions.expression import Expression
from invgen.errors import InputError
from invgen.reduction.selections.flexible import Layout, Part, layout, own_members, part_of, target_of
from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class PartProof:
    """A minor that is not zero: the members `rows` are independent on the tensors of a part, the others being zero.

    Attributes:
        tensors: the positions of the part's tensors.
        rows: members of these tensors alone.
        columns: components of these tensors, in the numbering of the space.
    """

    tensors: Part
    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True)
class FlexibleProof:
    """What a certificate of kind "flexible" adds to the rank on the whole space.

    Attributes:
        mode: "specific" or "minimal-set".
        anchor: the name of the anchor, or None.
        parts: one minor for every single tensor and every pair that the mode ties together.
    """

    mode: str
    anchor: str | None
    parts: tuple[PartProof, ...]

    @property
    def request(self) -> str:
        """What primes and points are derived from, beside space and degree."""
        return Layout(self.mode, self.anchor, ()).request

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings: a part is [tensors, rows, columns]."""
        parts = [[list(p.tensors), list(p.rows), list(p.columns)] for p in self.parts]
        return {"mode": self.mode, "anchor": self.anchor, "parts": parts}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FlexibleProof:
        """Read `to_json`; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        for name in (data["mode"], data["anchor"]):
            if not isinstance(name, str | None):
                raise ValueError(f"expected a name, got {name!r}")
        parts = [[tuple(map(json_natural, numbers)) for numbers in part] for part in data["parts"]]
        return cls(data["mode"], data["anchor"], tuple(PartProof(t, r, c) for t, r, c in parts))


def first_minor(matrix: Vector, prime: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows that the greedy pass keeps, and their pivot columns."""
    echelon = Echelon(matrix.shape[1], prime)
    rows = tuple(i for i, row in enumerate(matrix) if echelon.insert(row))
    return rows, echelon.pivots


def block(
    space: TensorSpace, members: Sequence[Expression], part: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The members that consist of a part's tensors alone, and its components."""
    inside = set(part)
    rows = tuple(i for i, m in enumerate(members) if inside.issuperset(part_of(m.multidegree(space))))
    columns = tuple(j for i in part for j in range(space.slices[i].start, space.slices[i].stop))
    return rows, columns


def prove_part(
    space: TensorSpace, members: Sequence[Expression], part: Part, jacobian: Vector, prime: int
) -> PartProof:
    """The first minor of a part's block of the Jacobian at one point."""
    rows, columns = block(space, members, part)
    kept, pivots = first_minor(jacobian[list(rows)][:, list(columns)], prime)
    return PartProof(part, tuple(rows[i] for i in kept), tuple(columns[j] for j in pivots))


def prove(
    space: TensorSpace, members: Sequence[Expression], plan: Layout, jacobian: Vector, prime: int
) -> FlexibleProof:
    """A minor for every part, as large as this point shows."""
    parts = tuple(prove_part(space, members, part, jacobian, prime) for part in plan.parts)
    return FlexibleProof(plan.mode, plan.anchor, parts)


def is_full(space: TensorSpace, proof: FlexibleProof) -> bool:
    """Whether every part has the rank that is needed."""
    return all(len(p.rows) == target_of(space, p.tensors) for p in proof.parts)


def statements(
    space: TensorSpace, members: Sequence[Expression], proof: FlexibleProof, jacobian: Vector | None, prime: int
) -> list[tuple[str, bool]]:
    """Every statement of the proof with the outcome of its check; no Jacobian where its point is not derived."""
    try:
        plan = layout(space, proof.mode, proof.anchor if proof.mode == "specific" else None)
    except InputError:
        return [("the mode and the anchor are allowed", False)]
    stated = (proof.anchor, tuple(p.tensors for p in proof.parts)) == (plan.anchor, plan.parts)
    covered = "every pair of tensors" if plan.mode == "minimal-set" else "every pair with the anchor"
    found = prove(space, members, plan, jacobian, prime) if jacobian is not None else None
    return [
        (f"the proof covers every tensor and {covered}", stated),
        ("every tensor alone and every such pair has full rank: its minor is not zero", found == proof),
        ("no tensor alone and no such pair falls short of dim - dim orbit", stated and is_full(space, proof)),
        ("no member is more than the mode asks for", _minimal(space, members, plan)),
    ]


def _minimal(space: TensorSpace, members: Sequence[Expression], plan: Layout) -> bool:
    if plan.mode == "specific":
        return len(members) == space.dimension - space.orbit_dimension
    counted = Counter(part_of(m.multidegree(space)) for m in members)
    return counted == {part: own_members(space, part) for part in plan.parts}
