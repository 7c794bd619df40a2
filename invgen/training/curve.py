"""The loss curve: one row per epoch, and a file that a resumed run continues as if it had never stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from invgen import files


class Curve:
    """Rows of an epoch each, and the seconds they took, which are kept in a file of their own: those never repeat.

    Args:
        folder: where `curve.csv` and `seconds.csv` are written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[dict[str, float]] = []
        self.seconds: list[float] = []

    def add(self, row: Mapping[str, float], seconds: float) -> None:
        """Append one epoch."""
        self.rows.append(dict(row))
        self.seconds.append(seconds)

    def write(self) -> None:
        """Write both files again; numbers have all their digits."""
        if not self.rows:
            return
        names = list(self.rows[0])
        files.write_text(self.folder / "curve.csv", _csv(names, [[row[name] for name in names] for row in self.rows]))
        epochs = [[row["epoch"], round(taken, 3)] for row, taken in zip(self.rows, self.seconds, strict=True)]
        files.write_text(self.folder / "seconds.csv", _csv(["epoch", "seconds"], epochs))

    def state(self) -> dict[str, Any]:
        """Plain lists for a checkpoint."""
        return {"rows": [dict(row) for row in self.rows], "seconds": list(self.seconds)}

    def load(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`."""
        self.rows = [dict(row) for row in state["rows"]]
        self.seconds = list(state["seconds"])


def _csv(names: Sequence[str], rows: Sequence[Sequence[float]]) -> str:
    lines = [",".join(names), *(",".join(repr(value) for value in row) for row in rows)]
    return "\n".join(lines) + "\n"
