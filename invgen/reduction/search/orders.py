"""The order in which candidates are offered to the greedy pass: by degree, by cost, or by weights of the tensors.

The order decides which of several equivalent sets is kept; the rank does not depend on it. Degree orders are
prefix-stable: raising max_degree only appends. Under the others a higher degree may come first and push out a member,
so that every max_degree has its own list. All keys are integers, so no comparison depends on rounding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, TypeAlias

from invgen.checks import as_integer, shown
from invgen.contractions.plans import axis_size
from invgen.errors import InputError
from invgen.reduction.options import COST, DEGREE, ORDERS
from invgen.reduction.registry import SelectionRow
from invgen.spaces.space import TensorSpace

Weights: TypeAlias = tuple[tuple[str, int], ...]
Order: TypeAlias = str | Weights
Key: TypeAlias = tuple[int, ...]

MAX_WEIGHT = 10**9

_WEIGHT = re.compile(r"(?P<name>[^=]+)=(?P<above>[0-9]{1,9})(?:/(?P<below>0*[1-9][0-9]{0,8}))?")
_EPSILON_STEP = 27  # the entries of the Levi-Civita symbol
_OPEN_STEP = 9  # a product that leaves indices open sums over one pair of axes at least and keeps one


def canonical(order: Any, space: TensorSpace) -> Order:
    """The one form of an order that a basis and its id hold: proportional weights have the same form.

    Args:
        order: "degree", "cost", or the weight of each tensor, name -> positive int or Fraction.
        space: whose tensors the weights name, each of them.

    Returns:
        The name, or pairs (name, weight) in ascending order of names with coprime integers.

    Raises:
        InputError: anything else, or weights that are coprime integers only beyond 10^9.
    """
    if isinstance(order, str) and order in ORDERS:
        return order
    if not isinstance(order, Mapping):
        raise InputError(
            f"order must be one of {', '.join(map(repr, ORDERS))}, or a mapping of weights such as "
            f"{{{space.names[0]!r}: 1}}, got {order!r}"
        )
    unknown = [name for name in order if name not in space.names]
    if unknown:
        raise InputError(f"the weights name {unknown[0]!r}, but the space has {', '.join(space.names)}")
    missing = [name for name in space.names if name not in order]
    if missing:
        raise InputError(f"the weights leave out {', '.join(missing)}; give every tensor a weight")
    given = {name: _weight(name, weight) for name, weight in order.items()}
    common = lcm(*(weight.denominator for weight in given.values()))
    whole = {name: int(weight * common) for name, weight in given.items()}
    shared = gcd(*whole.values())
    weights = tuple((name, whole[name] // shared) for name in sorted(whole))
    largest = max(weights, key=lambda pair: pair[1])
    if largest[1] > MAX_WEIGHT:
        raise InputError(
            f"written as coprime integers the weight of {largest[0]} is {largest[1]}; "
            f"at most {MAX_WEIGHT} is supported, so round the weights"
        )
    return weights


def _weight(name: str, given: Any) -> Fraction:
    whole = as_integer(given)
    weight = given if isinstance(given, Fraction) else whole
    if weight is None or weight <= 0:
        raise InputError(f"a weight is a positive int or Fraction, got {shown(given)} for {name}")
    return Fraction(weight)


def parse(text: str) -> str | dict[str, Fraction]:
    """Read an order as the command line writes it: a name, or weights "v=1,q=3/2"; `canonical` checks the rest."""
    if "=" not in text:
        return text
    weights: dict[str, Fraction] = {}
    for pair in text.split(","):
        match = _WEIGHT.fullmatch(pair.strip())
        if match is None:
            raise InputError(f"cannot read the weight {pair.strip()!r}; write weights as 'v=1,q=3/2'")
        if match["name"] in weights:
            raise InputError(f"{match['name']} has two weights; leave one out")
        weights[match["name"]] = Fraction(int(match["above"]), int(match["below"] or 1))
    return weights


def describe(order: Order) -> str:
    """The order in words, with what it means for prefixes."""
    if order == DEGREE:
        return "degree"
    if isinstance(order, str):
        return f"{order} (not prefix-stable)"
    return f"weights {', '.join(f'{name}={weight}' for name, weight in order)} (not prefix-stable)"


def to_json(order: Order) -> str | list[list[str | int]]:
    """How a basis file writes an order."""
    return order if isinstance(order, str) else [[name, weight] for name, weight in order]


def from_json(data: Any, space: TensorSpace, selection: SelectionRow) -> Order:
    """Read `to_json`; only the canonical form that goes with a selection is accepted.

    Raises:
        ValueError: anything else.
    """
    if not selection.takes("order"):
        only = (
            DEGREE if selection.offered else selection.name
        )  # a list kept as it is has the order in which it was given
        if data != only:
            raise ValueError(f"its order is {data!r}, this invgen reads {only!r}")
        return only
    if isinstance(data, str):
        return canonical(data, space)
    if not isinstance(data, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in data):
        raise ValueError(f"an order is a name or a list of pairs [name, weight], got {data!r}")
    if not all(isinstance(name, str) and type(weight) is int for name, weight in data):
        raise ValueError(f"a weight in a basis file is an integer, got {data!r}")
    order = canonical(dict(data), space)
    if to_json(order) != data:
        raise ValueError(f"its order {data!r} is not in canonical form")
    return order


@dataclass(frozen=True)
class Ranking:
    """Keys of candidates, of which the smallest comes first, and lower bounds of keys not known yet.

    Attributes:
        order: "degree", "cost" or weights.
        weights: the weight of each tensor of the space, 0 unless the order is by weights.
    """

    order: Order
    weights: tuple[int, ...]

    @classmethod
    def of(cls, order: Order, space: TensorSpace) -> Ranking:
        """The ranking that an order means on a space."""
        if isinstance(order, str):
            return cls(order, (0,) * len(space.tensors))
        known = dict(order)
        return cls(order, tuple(known[name] for name in space.names))

    def key(self, degree: int, weight: int, cost: int) -> Key:
        """The key of candidates; monotonic in each argument, so that bounds of these give a bound of the key."""
        if self.order == DEGREE:
            return (degree, cost)
        if self.order == COST:
            return (cost, degree)
        return (weight, cost, degree)


def cost_bound(ranks: Sequence[int], connected: bool, any_parity: bool = False) -> int:
    """A lower bound of the costs of all generators that contract tensors of these ranks; it grows with every tensor.

    Every tensor enters one pairwise product, and no product takes more than two of them. The product costs as many
    multiplications as the tensor has entries, (l + 1)(l + 2) / 2 at least. In a connected contraction of more than two
    tensors all products but the last leave indices open: either the tensor is split into axes, of 1 and l - 1 indices
    at best, or its partner keeps an axis.

    Args:
        ranks: of the tensors, repeated by degree.
        connected: whether all generators are connected; otherwise products of two are allowed for.
        any_parity: whether tensors of higher ranks may take the places of these, so that an odd sum of ranks does not
            mean a Levi-Civita symbol.
    """
    descending = sorted(ranks, reverse=True)
    if len(ranks) < 2:
        return 0
    if not connected or len(ranks) == 2:
        return sum(axis_size(l) for l in descending[::2])
    steps = [3 * axis_size(max(l - 1, 1)) for l in descending]
    if sum(ranks) % 2 and not any_parity:
        steps = sorted([*steps, _EPSILON_STEP], reverse=True)
    paired = steps[1::2]  # the last product takes one tensor at most, the largest at best
    return 3 + sum(paired) + _OPEN_STEP * (len(steps) - 2 - len(paired))
