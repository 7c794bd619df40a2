"""What surrounds the layers of a network."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

from invgen.checks import as_integer, shown
from invgen.errors import InputError

OWN: Final = "own"
NONE: Final = "none"
Residuals = bool | int | Literal["own", "none"]


def residual_state(value: Any) -> str | int:
    """OWN, NONE, or the inner width of residual layers, where True and False mean the first two.

    Raises:
        InputError: it is something else.
    """
    if isinstance(value, bool | np.bool_):
        return OWN if value else NONE
    if isinstance(value, str) and value in (OWN, NONE):
        return value
    width = as_integer(value)
    if width is None or width < 1:
        raise InputError(
            f"residual is {OWN!r} (the inner width is that of the block), {NONE!r}, or the inner width, an integer of "
            f"at least 1, got {shown(value)}"
        )
    return width
