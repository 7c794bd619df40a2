"""Numbers of earlier measurements: one JSON file each in benchmarks/history/, with the machine in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "history"

Cases = Mapping[str, Mapping[str, "Measured"]]


@dataclass(frozen=True)
class Measured:
    """The least and the greatest of a few runs; less is better."""

    best: float
    worst: float


@dataclass(frozen=True)
class Record:
    """One measurement: which benchmark, where and when, and for each case its numbers by name."""

    benchmark: str
    machine: Mapping[str, Any]
    cases: Cases

    @property
    def place(self) -> tuple[Any, ...]:
        """Records of one place may be compared: the same processor and number of cores."""
        return self.machine["processor"], self.machine["cores"]


def keep(benchmark: str, machine: Mapping[str, Any], cases: Cases, folder: Path = FOLDER) -> Path:
    """Write a record under a name that sorts by date; a second one of the same minute replaces the first."""
    minute = machine["date"].removesuffix(" UTC").replace(" ", "T").replace(":", "")
    path = folder / f"{benchmark}-{minute}.json"
    folder.mkdir(exist_ok=True)
    values = {case: {name: asdict(number) for name, number in numbers.items()} for case, numbers in cases.items()}
    content = {"benchmark": benchmark, "machine": machine, "cases": values}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def load(path: Path) -> Record:
    """The record in a file that `keep` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    cases = {
        case: {name: Measured(**number) for name, number in numbers.items()}
        for case, numbers in content["cases"].items()
    }
    return Record(content["benchmark"], content["machine"], cases)


def records(benchmark: str, folder: Path = FOLDER) -> list[Record]:
    """All records of a benchmark, the oldest first."""
    return [load(path) for path in sorted(folder.glob(f"{benchmark}-*.json"))]
