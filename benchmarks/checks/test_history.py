"""The history of measurements comes back as it was kept, and only changes beyond the spread are called changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import history
from benchmarks.compare import changes, show
from benchmarks.history import Measured


def machine(date: str, processor: str = "one") -> dict[str, object]:
    return {"date": f"{date} UTC", "processor": processor, "cores": 2}


def test_what_is_kept_comes_back_oldest_first(tmp_path: Path) -> None:
    cases = {"a package, 2^18": {"value / copies": Measured(0.9, 1.1)}}
    for date in ("2026-11-21 09:30", "2026-11-20 17:05", "2027-01-01 00:00"):
        assert history.keep("kernels", machine(date), cases, tmp_path).parent == tmp_path
    history.keep("other", machine("2026-11-21 09:30"), cases, tmp_path)
    found = history.records("kernels", tmp_path)
    assert [record.machine["date"][:10] for record in found] == ["2026-11-20", "2026-11-21", "2027-01-01"]
    assert all(record.cases == cases for record in found)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (Measured(1.0, 1.1), Measured(1.2, 1.3), "slower"),
        (Measured(1.0, 1.3), Measured(1.2, 1.3), ""),
        (Measured(1.0, 1.01), Measured(1.02, 1.03), ""),
        (Measured(1.0, 1.1), Measured(0.8, 0.9), "faster"),
        (Measured(1.0, 1.1), Measured(0.8, 1.05), ""),
    ],
)
def test_a_change_is_one_beyond_both_spreads(tmp_path: Path, before: Measured, after: Measured, verdict: str) -> None:
    for date, number in (("2026-11-20 10:00", before), ("2026-11-21 10:00", after)):
        history.keep("kernels", machine(date), {"case": {"value / copies": number}}, tmp_path)
    (change,) = changes(history.records("kernels", tmp_path))
    assert change.verdict == verdict
    assert "value / copies" in show([change])


def test_other_processors_and_other_cases_are_not_compared(tmp_path: Path) -> None:
    numbers = {"value / copies": Measured(1.0, 1.0)}
    history.keep("kernels", machine("2026-11-20 10:00"), {"case": numbers}, tmp_path)
    history.keep("kernels", machine("2026-11-20 11:00", "two"), {"case": numbers}, tmp_path)
    history.keep("kernels", machine("2026-11-20 12:00"), {"another": numbers}, tmp_path)
    assert changes(history.records("kernels", tmp_path)) == []
    history.keep("kernels", machine("2026-11-20 13:00"), {"case": numbers}, tmp_path)
    (change,) = changes(history.records("kernels", tmp_path))
    assert change.dates == ("2026-11-20 10:00 UTC", "2026-11-20 13:00 UTC")
