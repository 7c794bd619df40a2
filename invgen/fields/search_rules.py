"""The rules of a search: what counts as a detection, and how it is looked for. Each is checked once, here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from invgen.checks import as_real, not_negative
from invgen.errors import InputError

CONFUSION = 0.05
CONTRAST = 0.8


@dataclass(frozen=True, eq=False)
class SearchRules:
    """The arguments of `fields.detect` beside field and template, with the same names, defaults and meaning.

    Raises:
        InputError: a probability is not between 0 and 1, the contrast is not from 0 to 1, or the distance is negative.
    """

    scales: Sequence[float] = (1.0,)
    false_discoveries: float = 0.05
    threshold: float | None = None
    min_distance: float | None = None
    angle: float = 20.0
    noise: Any = None
    exhaustive: bool = False
    spacing: float | Sequence[float] | None = None
    boundary: str = "zero"
    offset: bool = True
    confusion: float | None = CONFUSION
    contrast: float = CONTRAST
    candidates: Any = None

    def __post_init__(self) -> None:
        _between_0_and_1("false_discoveries", self.false_discoveries)
        if self.threshold is not None:
            _between_0_and_1("threshold", self.threshold)
        if self.confusion is not None:
            _between_0_and_1("confusion", self.confusion)
        if not_negative("contrast", self.contrast) > 1.0:
            raise InputError(
                f"contrast is a number from 0 to 1, got {self.contrast!r}; that of an object lies between it and its "
                "inverse, as a multiple of the template's"
            )
        if self.min_distance is not None:
            not_negative("min_distance", self.min_distance)


def _between_0_and_1(what: str, value: Any) -> None:
    found = as_real(value)
    if found is None or not 0.0 < found < 1.0:
        raise InputError(f"{what} is a number between 0 and 1, got {value!r}")
