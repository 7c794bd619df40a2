"""Which cases of which tests `slow_cases.txt` says are slow, and which part of the slow tests `make test` runs."""

from __future__ import annotations

import hashlib
from pathlib import Path

TURNS = 2
"""Into how many parts the slow tests are divided, of which `make test` runs one: all take too long for every run."""

LIST = Path(__file__).with_name("slow_cases.txt")


def slow_cases() -> dict[str, float]:
    """The seconds of each test in the list by its node id."""
    lines = (line.strip() for line in LIST.read_text(encoding="utf-8").splitlines())
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {node: float(seconds) for seconds, node in pairs}


def turn_of(node: str) -> int:
    """The part to which a slow test belongs; its name alone decides."""
    return hashlib.sha256(node.encode("utf-8")).digest()[0] % TURNS
