"""Which cases of which tests `slow_cases.txt` says are slow."""

from __future__ import annotations

from pathlib import Path

LIST = Path(__file__).with_name("slow_cases.txt")


def slow_cases() -> dict[str, float]:
    """The seconds of each test in the list by its node id."""
    lines = (line.strip() for line in LIST.read_text(encoding="utf-8").splitlines())
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {node: float(seconds) for seconds, node in pairs}
