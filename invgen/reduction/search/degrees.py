"""Given degrees in some of the tensors: of a multilinear map each has degree 1.

A name stands for the tensor called so or, where there is none, for all tensors that are called so up to an underscore
and what follows it: "a" for a_0e and a_1o of "a:(0e + 1o)". The degree of several tensors is the sum of their degrees.
What divides such a product has other degrees, so only selections that solve every multidegree for itself take them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, ClassVar

from invgen.checks import integer, json_natural, shown
from invgen.errors import InputError
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces import groups
from invgen.spaces.space import TensorSpace


@dataclass(frozen=True)
class Degrees:
    """The multidegrees k with sum(k[i] for i in places) == degree for each group of tensors; other tensors are free.

    Attributes:
        names: of all tensors of the space.
        groups: (places, degree) of each group, in ascending order; no place is in two groups.
    """

    option: ClassVar[str] = "degrees"
    lower: ClassVar[str] = "lower the degrees or leave out tensors"
    """What to do about too many multidegrees."""
    remedy: ClassVar[str] = "change the degrees or the outputs"
    """What to do where the cut has no member."""
    joint: ClassVar[str] = " with "
    """What comes before it in a sentence that names the highest degree."""

    names: tuple[str, ...]
    groups: tuple[tuple[tuple[int, ...], int], ...]

    @cached_property
    def total(self) -> int:
        """The sum of the degrees, which is the lowest degree of a product."""
        return sum(degree for _, degree in self.groups)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The tensors of any degree."""
        taken = {place for places, _ in self.groups for place in places}
        return tuple(i for i in range(len(self.names)) if i not in taken)

    def admits(self, multidegree: Sequence[int]) -> bool:
        """Whether a multidegree has the degrees."""
        return all(sum(multidegree[i] for i in places) == degree for places, degree in self.groups)

    def searched(self, max_degree: int) -> range:
        """The degrees up to this one, from 1 on, that have multidegrees."""
        return range(max(self.total, 1), (max_degree if self.free else min(max_degree, self.total)) + 1)

    def multidegrees(self, degree: int) -> Iterator[Multidegree]:
        """Those of one degree, in descending lexicographic order; nothing else is looked at."""
        if degree < self.total or (degree > self.total and not self.free):
            return
        sets = [*self.groups, (self.free, degree - self.total)]
        group_of = {place: g for g, (places, _) in enumerate(sets) for place in places}
        left = [degree for _, degree in sets]

        def factors(first: int, count: int) -> Iterator[tuple[int, ...]]:
            if not count:
                yield ()
                return
            # Beyond the last tensor of a group that still lacks factors no product has its degree.
            last = min(places[-1] for (places, _), missing in zip(sets, left, strict=True) if missing)
            for i in range(first, last + 1):
                if left[group_of[i]]:
                    left[group_of[i]] -= 1
                    for more in factors(i, count - 1):
                        yield (i, *more)
                    left[group_of[i]] += 1

        for chosen in factors(0, degree):
            yield tuple(map(chosen.count, range(len(self.names))))

    def count(self, degree: int) -> int:
        """How many multidegrees of one degree there are."""
        if degree < self.total or (degree > self.total and not self.free):
            return 0
        rest = groups.count_weak_compositions(len(self.free), degree - self.total) if self.free else 1
        return rest * prod(groups.count_weak_compositions(len(places), k) for places, k in self.groups)

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers, as a basis file holds them."""
        return {"degrees": [[[self.names[i] for i in places], degree] for places, degree in self.groups]}

    @property
    def where(self) -> str:
        """What products are those of the cut, in words."""
        return f"with {self}"

    @property
    def claim(self) -> str:
        """What is true of every member."""
        return f"every member has {self}"

    def __str__(self) -> str:
        said = (f"degree {degree} in {' + '.join(self.names[i] for i in places)}" for places, degree in self.groups)
        return " and ".join(said)


def parse_degrees(text: str) -> dict[str | tuple[str, ...], int]:
    """Read "a=1,b=1", the degree of every name; "a0+a1=1" is the degree of several tensors together.

    Raises:
        InputError: the text cannot be read, or a name has two degrees.
    """
    degrees: dict[str | tuple[str, ...], int] = {}
    for word in text.split(","):
        left, _, right = word.partition("=")
        names = tuple(name.strip() for name in left.split("+"))
        if not all(names) or not right.strip().isascii() or not right.strip().isdigit() or len(right) > 9:
            raise InputError(f"cannot read the degrees {text!r}; write 'a=1,b=1', or 'a0+a1=1' for several tensors")
        key = names if names[1:] else names[0]
        if key in degrees:
            raise InputError(f"{left.strip()} has two degrees in {text!r}; leave one out")
        degrees[key] = int(right)
    return degrees


def degrees_of(space: TensorSpace, degrees: Any, max_degree: int) -> Degrees | None:
    """The cut of a request.

    Args:
        space: the tensors.
        degrees: name or tuple of names -> natural number; None for no such cut.
        max_degree: the highest degree of the request.

    Raises:
        InputError: the argument is not of this kind, names what the space does not have or a tensor twice, or leaves no
            product of degree 1..max_degree.
    """
    if degrees is None:
        return None
    if not isinstance(degrees, Mapping) or not degrees:
        example = {name: 1 for name in space.names[:2]}
        raise InputError(f"degrees is a mapping from names of tensors to degrees, such as {example}, got {degrees!r}")
    found: dict[int, int] = {}
    groups: list[tuple[tuple[int, ...], int]] = []
    for key, degree in degrees.items():
        names = key if isinstance(key, tuple) else (key,)
        if not names or not all(isinstance(name, str) for name in names):
            raise InputError(f"degrees are given for a name or a tuple of names, got {key!r}")
        places = [place for name in names for place in space.places(name)]
        for place in places:
            found[place] = found.get(place, 0) + 1
            if found[place] > 1:
                raise InputError(f"degrees name {space.names[place]} twice, in {shown(degrees)}; leave one out")
        said = " + ".join(names)
        groups.append((tuple(sorted(places)), integer(f"the degree in {said}", degree, 0)))
    cut = Degrees(space.names, tuple(sorted(groups)))
    if cut.total > max_degree:
        raise InputError(
            f"degrees={shown(degrees)} sum to {cut.total}, above max_degree={max_degree}; raise max_degree or lower "
            "the degrees"
        )
    if not cut.searched(max_degree):
        raise InputError(f"degrees={shown(degrees)} leave nothing but constants; raise one")
    return cut


def from_json(data: list[Any], space: TensorSpace, max_degree: int) -> Degrees | None:
    """Read the list of `Degrees.to_json`; `ValueError` or `TypeError` where it is damaged."""
    given = {tuple(names): json_natural(degree) for names, degree in data}
    cut = degrees_of(space, given, max_degree)
    if cut is None or cut.to_json()["degrees"] != data:
        raise ValueError("its degrees are not in canonical form")
    return cut
