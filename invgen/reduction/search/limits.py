"""Cuts by total degree: which products of tensors are searched, in addition to max_degree.

Every tensor has a weight, and a product belongs to the cut if the weights of its factors sum to at most the total
degree. This is the total degree of the atomic cluster expansion, sum of (n_i + w l_i) over the factors (Dusson et al.
2022). What divides a product of the cut belongs to it too, so the cut does not change the generators and counts of a
multidegree. All numbers are integers, so that rounding decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import gcd
from typing import Any, ClassVar, TypeAlias

from invgen.checks import as_integer, integer, json_natural
from invgen.errors import InputError
from invgen.reduction.search import degrees
from invgen.reduction.search.degrees import Degrees
from invgen.reduction.search.patterns import Multidegree
from invgen.spaces import channels, groups
from invgen.spaces.outputs import count_maps, series
from invgen.spaces.space import TensorSpace

MAX_TOTAL_DEGREE = 10_000
MAX_MULTIDEGREES = 500_000


@dataclass(frozen=True)
class Limit:
    """The multidegrees k with weights · k <= highest.

    Attributes:
        weights: a positive integer for each tensor; with `highest` they are coprime.
        highest: the total degree.
    """

    option: ClassVar[str] = "total_degree"
    lower: ClassVar[str] = "lower max_degree or total_degree"
    """What to do about too many multidegrees."""
    remedy: ClassVar[str] = "raise either"
    """What to do where the cut has no member."""
    joint: ClassVar[str] = " and "
    """What comes before it in a sentence that names the highest degree."""

    weights: tuple[int, ...]
    highest: int

    def searched(self, max_degree: int) -> range:
        """The degrees up to this one, from 1 on, that may have multidegrees."""
        return range(1, min(max_degree, self.highest) + 1)  # every weight is at least 1

    def admits(self, multidegree: Sequence[int]) -> bool:
        """Whether a multidegree belongs to the cut."""
        return sum(w * k for w, k in zip(self.weights, multidegree, strict=True)) <= self.highest

    def multidegrees(self, degree: int) -> Iterator[Multidegree]:
        """Those of one degree, in descending lexicographic order; nothing outside the cut is looked at."""
        lightest = list(accumulate(reversed(self.weights), min))[::-1]

        def factors(first: int, left: int, rest: int) -> Iterator[tuple[int, ...]]:
            if not left:
                yield ()
                return
            for i in range(first, len(self.weights)):
                if lightest[i] * left > rest:
                    return
                if self.weights[i] + lightest[i] * (left - 1) <= rest:
                    for more in factors(i, left - 1, rest - self.weights[i]):
                        yield (i, *more)

        for chosen in factors(0, degree, self.highest):
            yield tuple(map(chosen.count, range(len(self.weights))))

    def count(self, degree: int) -> int:
        """How many multidegrees of one degree there are. Complexity: tensors · degree · highest."""
        degree = min(degree, self.highest + 1)  # every weight is at least 1
        ways = [[0] * (self.highest + 1) for _ in range(degree + 1)]  # by number of factors and total degree
        ways[0][0] = 1
        for weight in self.weights:
            for k in range(1, degree + 1):  # ascending: a tensor may be taken repeatedly
                for total in range(weight, self.highest + 1):
                    ways[k][total] += ways[k - 1][total - weight]
        return sum(ways[degree])

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers, as a basis file holds them."""
        return {"weights": list(self.weights), "highest": self.highest}

    @property
    def where(self) -> str:
        """What products are those of the cut, in words."""
        return f"within {self}"

    @property
    def claim(self) -> str:
        """What is true of every member."""
        return f"no member is beyond the {self}"

    def __str__(self) -> str:
        return f"total degree {self.highest} with the weights {', '.join(map(str, self.weights))}"


Cut: TypeAlias = Limit | Degrees
"""Which multidegrees are searched."""


def parse_weights(text: str) -> tuple[int, ...] | dict[str, int]:
    """Read "1,2", the weights of n and of l, or "v=1,q=2", the weight of every tensor.

    Raises:
        InputError: the text cannot be read.
    """
    words = [word.strip() for word in text.split(",")]
    try:
        if "=" in text:
            pairs = [word.split("=") for word in words]
            return {name.strip(): int(weight) for name, weight in pairs}
        return tuple(map(int, words))
    except ValueError:
        raise InputError(
            f"cannot read the weights {text!r}; write '1,2' for n and l, or 'v=1,q=2' with every tensor"
        ) from None


def from_json(data: dict[str, Any] | None, space: TensorSpace, max_degree: int) -> Cut | None:
    """Read `to_json` of a cut; `ValueError`, `KeyError` or `TypeError` where it is damaged."""
    if data is None:
        return None
    if "degrees" in data:
        return degrees.from_json(data["degrees"], space, max_degree)
    limit = Limit(tuple(map(json_natural, data["weights"])), json_natural(data["highest"]))
    named = dict(zip(space.names, limit.weights, strict=True))
    if limit != limit_of(space, limit.highest, named):
        raise ValueError("its total degree is not in lowest terms")
    return limit


def limit_of(space: TensorSpace, total_degree: Any, weights: Any) -> Limit | None:
    """The cut of a request.

    Args:
        space: the tensors.
        total_degree: an integer, or None for no cut.
        weights: of ACE channels the weights of n and of l, by default (1, 1); or the weight of every tensor,
            name -> positive integer.

    Raises:
        InputError: the arguments are not of this kind, or the cut leaves no product.
    """
    if total_degree is None:
        if weights is not None:
            raise InputError(
                f"weights={weights!r} are the weights of a total degree; give total_degree too, or leave them out"
            )
        return None
    total_degree = integer("total_degree", total_degree, 1)
    if isinstance(weights, Iterable) and not isinstance(weights, Mapping | str):
        weights = [number if (number := as_integer(weight)) is not None else weight for weight in weights]
    if isinstance(weights, Mapping):
        if set(weights) != set(space.names):
            raise InputError(f"the weights name {', '.join(map(str, weights))}; give one for each of {space}")
        each = tuple(integer(f"the weight of {name}", weights[name], 1) for name in space.names)
    else:
        each = channels.levels([(t.name, t.l, t.parity) for t in space.tensors], weights)
    if min(each) > total_degree:
        raise InputError(f"total_degree={total_degree} leaves nothing: the lowest tensor has {min(each)}; raise it")
    shared = gcd(*each)
    if total_degree // shared > MAX_TOTAL_DEGREE:
        raise InputError(
            f"total_degree={total_degree} is above {MAX_TOTAL_DEGREE} times the weights' common divisor; lower it"
        )
    return Limit(tuple(w // shared for w in each), total_degree // shared)


def check_multidegrees(space: TensorSpace, degree: int, limit: Cut | None = None) -> None:
    """Raise `InputError` if a degree has more than 500,000 multidegrees."""
    parts = len(space.tensors)
    total = groups.count_weak_compositions(parts, degree)
    if limit is not None and total > MAX_MULTIDEGREES:
        total = limit.count(degree)
    if total > MAX_MULTIDEGREES:
        cut = "" if limit is None else f" {limit.where}"
        raise InputError(
            f"degree {degree} of {parts} tensors{cut} has {total} multidegrees, more than {MAX_MULTIDEGREES}; "
            f"{'lower max_degree or leave out tensors' if limit is None else limit.lower}"
        )


def searched_multidegrees(space: TensorSpace, degree: int, limit: Cut | None = None) -> Iterator[Multidegree]:
    """The multidegrees of a degree, in descending lexicographic order; `InputError` if there are too many."""
    check_multidegrees(space, degree, limit)
    if limit is None:
        return iter(groups.weak_compositions(len(space.tensors), degree))
    return limit.multidegrees(degree)


def count_maps_to(space: TensorSpace, outputs: str, max_degree: int, limit: Cut | None = None) -> int:
    """Linearly independent invariants, or covariants to `outputs`, of degree 1..max_degree within a limit.

    Raises:
        InputError: they cannot be counted, as there are too many multidegrees or weights.
    """
    if limit is None:
        return sum(series(space, outputs, max_degree)[1:])
    return sum(
        count_maps(space, outputs, multidegree)
        for degree in limit.searched(max_degree)
        for multidegree in searched_multidegrees(space, degree, limit)
    )


def count_to(space: TensorSpace, max_degree: int, limit: Cut | None = None) -> int:
    """How many multidegrees of degree 1..max_degree there are, or more where that is a lot already."""
    total = groups.count_weak_compositions(len(space.tensors) + 1, min(max_degree, MAX_MULTIDEGREES)) - 1
    if limit is None or total <= MAX_MULTIDEGREES:
        return total
    return sum(limit.count(degree) for degree in limit.searched(max_degree))
