"""The channels (n, l) of the atomic cluster expansion: radial function n = 1, 2, ... times harmonics of rank l.

Each is a tensor of rank l and parity (-1)^l: the density of one species projected on R_n(r) Y_l. Cuts are integers, so
that which channels are kept never depends on rounding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from invgen.checks import integer
from invgen.errors import InputError
from invgen.spaces.layouts import NamedIrrep

MAX_CHANNELS = 5000
_WORD = re.compile(r"(?P<name>[a-z_]+)=(?P<value>[0-9]{1,9}(?:,[0-9]{1,9})*)")
_CHANNEL = re.compile(r"n(?P<n>[1-9][0-9]{0,8})l(?P<l>0|[1-9][0-9]?)")
_NUMBERS = ("n_max", "l_max", "total_degree")


def channels(n_max: int, l_max: int, total_degree: int | None, weights: Sequence[int] | None) -> list[NamedIrrep]:
    """The channels with n <= n_max, l <= l_max and weights[0] n + weights[1] l <= total_degree, by n and then by l.

    Without total_degree there is no third condition; without weights both are 1.

    Raises:
        InputError: an argument is not an integer in its range, or the cuts leave no channel.
    """
    n_max, l_max = integer("n_max", n_max, 1), integer("l_max", l_max, 0)
    if weights is not None and total_degree is None:
        raise InputError(
            f"weights={weights!r} are the weights of a total degree; give total_degree too, or leave them out"
        )
    n_weight, l_weight = _weights_of(weights)
    total_degree = None if total_degree is None else integer("total_degree", total_degree, 0)
    if total_degree is not None and total_degree < n_weight:
        raise InputError(
            f"total_degree={total_degree} leaves no channel: the lowest, n = 1 and l = 0, has {n_weight}; "
            f"use {n_weight} or more"
        )
    last_n = n_max if total_degree is None else min(n_max, total_degree // n_weight)
    last_l = [
        l_max if total_degree is None else min(l_max, (total_degree - n_weight * n) // l_weight)
        for n in range(1, min(last_n, MAX_CHANNELS) + 1)
    ]
    if last_n > MAX_CHANNELS or sum(last_l) + last_n > MAX_CHANNELS:
        raise InputError(f"the cuts leave more than {MAX_CHANNELS} channels; lower n_max, l_max or total_degree")
    return [(f"n{n}l{l}", l, (-1) ** l) for n, last in enumerate(last_l, 1) for l in range(last + 1)]


def read(text: str) -> dict[str, Any]:
    """The arguments in a line such as "n_max=8 l_max=4 total_degree=10 weights=1,2".

    Raises:
        InputError: the line cannot be read.
    """
    arguments: dict[str, Any] = {}
    for word in text.split():
        match = _WORD.fullmatch(word)
        name = match["name"] if match is not None else ""
        if match is None or name not in (*_NUMBERS, "weights") or ("," in match["value"]) != (name == "weights"):
            raise InputError(
                f"cannot read {word!r}; write channels as 'ace n_max=8 l_max=4 total_degree=10 weights=1,2'"
            )
        if name in arguments:
            raise InputError(f"{name} appears twice in 'ace {text}'; leave one out")
        numbers = tuple(map(int, match["value"].split(",")))
        arguments[name] = numbers if name == "weights" else numbers[0]
    return arguments


def levels(parts: Sequence[NamedIrrep], weights: Any = None) -> tuple[int, ...]:
    """The total degree weights[0] n + weights[1] l of each channel.

    Raises:
        InputError: a tensor is not a channel (n, l), or the weights are not two positive integers.
    """
    n_weight, l_weight = _weights_of(weights)
    found = []
    for name, l, _ in parts:
        match = _CHANNEL.fullmatch(name)
        if match is None or int(match["l"]) != l:
            raise InputError(
                f"{name!r} is not a channel of TensorSpace.ace, so its total degree is unknown; give weights, the "
                "weight of every tensor by its name"
            )
        found.append(n_weight * int(match["n"]) + l_weight * l)
    return tuple(found)


def _weights_of(weights: Any) -> tuple[int, int]:
    if weights is None:
        return 1, 1
    given = tuple(weights) if isinstance(weights, Iterable) and not isinstance(weights, str | Mapping) else ()
    if len(given) != 2:
        raise InputError(f"the weights of a total degree are two integers, of n and of l, got {weights!r}")
    n_weight, l_weight = (integer("a weight of a total degree", weight, 1) for weight in given)
    return n_weight, l_weight
