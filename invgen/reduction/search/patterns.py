"""Patterns: multidegrees up to the names of their tensors.

What can be said of the invariants of a multidegree depends on ranks, parities and degrees alone: exchanging tensors of
equal rank and parity is an isomorphism. So each pattern is solved, or proved, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from invgen.contractions.expression import Expression
from invgen.spaces.irreps import Irrep
from invgen.spaces.point_groups import SYMMETRIES
from invgen.spaces.space import TensorSpace

Multidegree = tuple[int, ...]
Pattern = tuple[tuple[int, int, int], ...]  # (l, parity, degree) of each tensor, sorted


def pattern_of(space: TensorSpace, group: str, multidegree: Sequence[int]) -> tuple[Pattern, tuple[int, ...]]:
    """The pattern of a multidegree under a group, and the place of each of its tensors in the space.

    Groups of rotations such as SO(3) ignore parities, so under them more multidegrees share a pattern.
    """
    entries = zip(space.tensors, multidegree, strict=True)
    ignored = group in SYMMETRIES and SYMMETRIES[group].is_chiral
    return sorted_pattern(tuple((t.l, 1 if ignored else t.parity, k) for t, k in entries))


def sorted_pattern(entries: Pattern) -> tuple[Pattern, tuple[int, ...]]:
    """The entries of a degree above 0 in order, and where each of them was."""
    l, parity, degree = range(3)
    places = sorted(
        (i for i, entry in enumerate(entries) if entry[degree]),
        key=lambda i: (entries[i][l], entries[i][parity], -entries[i][degree], i),
    )
    return tuple(entries[i] for i in places), tuple(places)


def pattern_space(pattern: Pattern, group: str) -> TensorSpace:
    """The space of a pattern, with tensors t0, t1, ..."""
    return TensorSpace([Irrep(f"t{i}", l, parity) for i, (l, parity, _) in enumerate(pattern)], group)


def to_space(space: TensorSpace, places: Sequence[int]) -> Mapping[str, str]:
    """The names t0, t1, ... of a pattern and those of the tensors in their places."""
    return {f"t{i}": space.names[place] for i, place in enumerate(places)}


def to_pattern(space: TensorSpace, places: Sequence[int]) -> Mapping[str, str]:
    """The names of the tensors and those that a pattern gives them."""
    return {space.names[place]: f"t{i}" for i, place in enumerate(places)}


def up_to_names(
    space: TensorSpace, multidegree: Multidegree, members: Sequence[Expression]
) -> tuple[Pattern, tuple[str, ...]]:
    """The pattern of a multidegree, and expressions of it in the pattern's names: equal ones have equal ranks."""
    pattern, places = pattern_of(space, space.group, multidegree)
    names = to_pattern(space, places)
    return pattern, tuple(sorted(str(member.renamed(names)) for member in members))
