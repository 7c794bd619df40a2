"""Files of bases with one entry changed: what no reader may accept."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from invgen.basis import file as basis_file
from invgen.basis.basis import Basis
from invgen.errors import InvgenError


def holds(data: dict[str, Any]) -> bool:
    """Whether a file with this content, its id made to match, loads and passes every claim."""
    try:
        parts, _, _ = basis_file.from_json(data, "changed")
    except InvgenError:
        return False
    basis = Basis.of(parts)
    return basis.certificate.verify(basis)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every entry that is no list or dictionary, with the keys that lead to it."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    else:
        yield path, value


def changed(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """A copy with another value at the end of the path."""
    copied = copy.deepcopy(data)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied
