"""What the extra state of a network refuses: the state of another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from invgen.errors import InputError


def check_state(mine: Mapping[str, Any], state: Any, free: str = "") -> dict[str, Any]:
    """The extra state that was saved, which says of a network what this one's says.

    Args:
        mine: the extra state of the network that loads.
        state: what was saved.
        free: an entry that may differ.

    Raises:
        InputError: another entry differs or is missing.
    """
    found = state if isinstance(state, dict) else {}
    for name, value in mine.items():
        if name != free and found.get(name) != value:
            raise InputError(
                f"the state was saved by a network with {name} {found.get(name)!r}, this one has {value!r}; build "
                "the network as the state says"
            )
    return found
