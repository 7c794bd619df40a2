"""Minors of single tensors and of pairs, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from invgen.checks import json_natural


@dataclass(frozen=True)
class SupportMinor:
    """A minor that is not zero: the members `rows` are independent on some tensors, the others being zero.

    Attributes:
        tensors: the positions of these tensors, one or two.
        rows: members of these tensors alone.
        columns: components of these tensors, in the numbering of the space.
    """

    tensors: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Flexibility:
    """What a certificate of kind "flexible" adds to the rank on the whole space.

    Attributes:
        mode: "specific" or "minimal-set".
        anchor: the name of the anchor, or None.
        parts: one minor for every single tensor and every pair that the mode ties together.
    """

    mode: str
    anchor: str | None
    parts: tuple[SupportMinor, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings: a part is [tensors, rows, columns]."""
        parts = [[list(p.tensors), list(p.rows), list(p.columns)] for p in self.parts]
        return {"mode": self.mode, "anchor": self.anchor, "parts": parts}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Flexibility:
        """Read `to_json`; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        for name in (data["mode"], data["anchor"]):
            if not isinstance(name, str | None):
                raise ValueError(f"expected a name, got {name!r}")
        parts = [[tuple(map(json_natural, numbers)) for numbers in part] for part in data["parts"]]
        return cls(data["mode"], data["anchor"], tuple(SupportMinor(t, r, c) for t, r, c in parts))
