"""The proof of full rank on symmetric inputs, as data: a minor for every symmetry stratum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from invgen.checks import json_natural

Minor = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class StrataProof:
    """A minor that is not zero for every symmetry stratum, in the order of `strata.strata`.

    Attributes:
        members: how many members the selection had before others were added for the strata.
        prime: where the minors are not zero.
        point: the free coordinates of a point of V^H are the first dim V^H of these.
        minors: rows are members, columns are vectors of the reduced basis of V^H.
    """

    members: int
    prime: int
    point: tuple[int, ...]
    minors: tuple[Minor, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers: a minor is [rows, columns]."""
        minors = [[list(rows), list(columns)] for rows, columns in self.minors]
        return {"members": self.members, "prime": self.prime, "point": list(self.point), "minors": minors}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> StrataProof:
        """Read `to_json`; `KeyError`, `TypeError` or `ValueError` where it is damaged."""
        minors = tuple((tuple(map(json_natural, r)), tuple(map(json_natural, c))) for r, c in data["minors"])
        return cls(
            json_natural(data["members"]), json_natural(data["prime"]), tuple(map(json_natural, data["point"])), minors
        )
