"""Gather the records of `examples.design_space.run`, and write the tables into docs/design_space.md.

    python -m examples.design_space.report --work FOLDER     # collect, then write
    python -m examples.design_space.report                   # write again from what was collected

The records are kept in benchmarks/results/design_space.json, each with its configuration, its machine and versions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.network_accuracy import RESULTS, SETTINGS
from benchmarks.published import ACAC_RMSE
from benchmarks.support import ROOT, digits, put_tables, table
from examples.design_space.grid import CHOICES, POINTS
from invgen.files import write_text

COLLECTED = RESULTS / "design_space.json"
PAGE = ROOT / "docs" / "design_space.md"
TESTS = tuple(SETTINGS["acac"].data["test"])
FAR = TESTS[-1]
"""The frames far outside the training data, on whose forces the gap is read."""
HEAD = ("network", "weights", "ms a step", "of the centre's", "epochs", "core-minutes",
        *(f"{test}: {what}" for test in TESTS for what in ("energy, meV", "forces, meV/Å")), "gap closed")  # fmt: skip
LONGER: Mapping[str, str] = {
    "hop45": "HIP-HOP (4, 5), as above, longer",
    "mace64": "MACE: correlation 3, l_max 3, 0e + 1o + 2e, 64 channels",
}
"""Networks of docs/accuracy.md that say what longer trainings give."""
Record = dict[str, Any]


def collect(work: Path, collected: Path) -> None:
    """Add the records below a folder to those collected; a point trained again replaces the earlier one."""
    known = json.loads(collected.read_text(encoding="utf-8")) if collected.exists() else []
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(work.glob("*/record.json"))]
    merged = {_key(each): each for each in (*known, *found)}
    write_text(collected, json.dumps([merged[key] for key in sorted(merged)], indent=1) + "\n")


def _key(record: Record) -> tuple[int, float, int]:
    return list(POINTS).index(record["point"]), record["minutes"], record["seed"]


def shown() -> list[list[Record]]:
    """The records of every budget, the shortest first: only those of one budget are compared with each other."""
    known: list[Record] = json.loads(COLLECTED.read_text(encoding="utf-8"))
    budgets = sorted({each["minutes"] for each in known})
    return [[each for each in known if each["minutes"] == minutes] for minutes in budgets]


def trained(model: str) -> list[Record]:
    """The records of a network of docs/accuracy.md, one for each seed."""
    known: list[Record] = json.loads((RESULTS / "networks_acac.json").read_text(encoding="utf-8"))
    return [each for each in known if each["model"] == model]


def gap() -> tuple[float, float]:
    """Force errors at 600 K between which shares are counted: HIP-HOP (4, 5) in docs/accuracy.md, and printed MACE."""
    ours = [each["errors"][FAR]["forces_rmse"] for each in trained("hop45")]
    (printed,) = (each.forces for each in ACAC_RMSE[FAR] if each.model == "MACE")
    return mean(ours), printed


def share(forces: float, ends: tuple[float, float]) -> str:
    """How much of the gap an error closes, in per cent; negative where it is above the gap."""
    return _percent(ends[0] - forces, ends)


def _percent(fall: float, ends: tuple[float, float]) -> str:
    return f"{100 * fall / (ends[0] - ends[1]):.0f} %".replace("-", "−")


def step(record: Record) -> float:
    """Processor milliseconds of a step in the training itself, with its share of validation and checkpoints."""
    seconds: float = record["processor_seconds"] - record["cost"]["start"]
    return 1000 * seconds / float(record["steps"])


def row(record: Record, unit: float | None, ends: tuple[float, float]) -> list[str]:
    """One point; `unit` is the time of a step of the centre, where that was trained."""
    errors: Mapping[str, Mapping[str, float]] = record["errors"]
    cells = [POINTS[record["point"]].title, f"{record['parameters'] / 1000:.0f}k", f"{step(record):.0f}"]
    cells += ["" if unit is None else f"{step(record) / unit:.1f} ×"]
    cells += [str(record["epochs"]), f"{record['processor_seconds'] / 60:.1f}"]
    cells += [digits(errors[test][f"{what}_rmse"]) for test in TESTS for what in ("energy", "forces")]
    return [*cells, share(errors[FAR]["forces_rmse"], ends)]


def longer_rows(ends: tuple[float, float]) -> list[list[str]]:
    """Networks of docs/accuracy.md, the means of their seeds."""
    found = []
    for model, title in LONGER.items():
        of = trained(model)
        cells = [title, f"{of[0]['parameters'] / 1000:.0f}k", "", "", str(of[0]["epochs"])]
        cells.append(f"{mean(each['processor_seconds'] for each in of) / 60:.1f}")
        for test in TESTS:
            for what in ("energy", "forces"):
                cells.append(digits(mean(each["errors"][test][f"{what}_rmse"] for each in of)))
        found.append([*cells, share(mean(each["errors"][FAR]["forces_rmse"] for each in of), ends)])
    return found


def printed_rows(ends: tuple[float, float]) -> list[list[str]]:
    """What others printed, in italics."""
    found = []
    for k, first in enumerate(ACAC_RMSE[TESTS[0]]):
        each = [ACAC_RMSE[test][k] for test in TESTS]
        cells = [f"*{value}*" for of in each for value in (of.energy, of.forces)]
        found.append([f"*{first.model}*", "", "", "", "", "", *cells, share(each[-1].forces, ends)])
    return found


def report(budgets: Sequence[Sequence[Record]]) -> str:
    """The table: every point of every budget, then longer trainings, then what others printed."""
    ends, rows = gap(), list[list[str]]()
    for records in budgets:
        unit = next((step(each) for each in records if each["point"] == "centre"), None)
        rows += [row(each, unit, ends) for each in records]
    return table(HEAD, [*rows, *longer_rows(ends), *printed_rows(ends)])


def choices(budgets: Sequence[Sequence[Record]]) -> str:
    """What each choice does to forces at 600 K and to the time of a step, where both of its points were trained."""
    ends, rows = gap(), list[list[str]]()
    for records in budgets:
        known = {each["point"]: each for each in records}
        for what, without, chosen in CHOICES:
            if without in known and chosen in known:
                before, after = (known[name]["errors"][FAR]["forces_rmse"] for name in (without, chosen))
                times = f"{step(known[chosen]) / step(known[without]):.2f} ×"
                minutes = f"{records[0]['minutes']:g}"
                rows.append([what, minutes, digits(before), digits(after), _percent(before - after, ends), times])
    heads = ("choice", "core-minutes", f"{FAR}: forces without, meV/Å", "with", "of the gap", "time of a step")
    return table(heads, rows)


def main() -> None:
    """Collect where a folder is given, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="the folder of the runs")
    given = parser.parse_args()
    if given.work is not None:
        collect(given.work, COLLECTED)
    if not COLLECTED.exists():
        parser.error(f"{COLLECTED} does not exist: train first, and name the folder with --work")
    budgets = shown()
    tables = {"design space": report(budgets), "choices": choices(budgets)}
    put_tables(PAGE, tables, "examples.design_space.report")


if __name__ == "__main__":
    main()
