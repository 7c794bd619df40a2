"""What changed since the last measurement of each case that benchmarks/history/ holds.

    python benchmarks/compare.py [--benchmark kernels] [--all] [--fail]

The newest numbers of a case stand beside the ones before them on the same processor. A number is called slower, or
faster, where the two spreads over processes do not meet and the best differ by more than 5 %; everything else is what
a shared machine does by itself. `--fail` ends with exit code 1 if a ratio to the copies is slower.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.history import FOLDER, Measured, Record, records
from benchmarks.support import table

NOTICEABLE = 0.05


@dataclass(frozen=True)
class Change:
    """One number, and the one before it."""

    case: str
    name: str
    before: Measured
    after: Measured
    dates: tuple[str, str]

    @property
    def percent(self) -> float:
        """How much greater the best is than it was."""
        return 100 * (self.after.best / self.before.best - 1)

    @property
    def verdict(self) -> str:
        """What the change is where it is more than the spread: slower or faster; else empty."""
        if self.after.best > self.before.worst and self.percent > 100 * NOTICEABLE:
            return "slower"
        if self.after.worst < self.before.best and self.percent < -100 * NOTICEABLE:
            return "faster"
        return ""


def changes(found: Sequence[Record]) -> list[Change]:
    """For each number of each case, the newest against the newest before it of the same place; records oldest first."""
    latest: dict[tuple[object, ...], list[tuple[str, Measured]]] = {}
    for record in found:
        for case, numbers in record.cases.items():
            for name, number in numbers.items():
                latest.setdefault((record.place, case, name), []).append((record.machine["date"], number))
    return [
        Change(str(case), str(name), series[-2][1], series[-1][1], (series[-2][0], series[-1][0]))
        for (_, case, name), series in latest.items()
        if len(series) > 1
    ]


def show(listed: Sequence[Change]) -> str:
    """The changes as a table."""
    rows = [
        [c.case, c.name, f"{c.before.best:g}", f"{c.after.best:g}", f"{c.percent:+.0f} %", c.verdict, c.dates[0]]
        for c in listed
    ]
    return table(["case", "number", "before", "now", "change", "", "before is of"], rows)


def main() -> int:
    """Print the changes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--benchmark", default="kernels", help="which history (default kernels)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where it is (default benchmarks/history)")
    parser.add_argument("--all", action="store_true", help="print what did not change, too")
    parser.add_argument("--fail", action="store_true", help="exit code 1 if a ratio is slower")
    options = parser.parse_args()
    found = changes(records(options.benchmark, options.folder))
    if not found:
        print("nothing to compare: history holds no two measurements of one case on one processor")
        return 0
    listed = [change for change in found if options.all or change.verdict]
    print(show(listed) if listed else f"none of {len(found)} numbers changed by more than their spread")
    slower = [change for change in found if change.verdict == "slower" and change.name.endswith("/ copies")]
    return 1 if options.fail and slower else 0


if __name__ == "__main__":
    sys.exit(main())
