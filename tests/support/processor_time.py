"""Plugin: the processor time of tests with the processes that they start, greatest first; for one process of pytest.

`python -m pytest -p tests.support.processor_time -m "not slow"`. What a test waits for, or other work on the machine,
does not count. A kernel or an import that several tests share counts for the first of them.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

SHOWN = 100
_spent: Counter[str] = Counter()


def _now() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Add what a test takes with its fixtures."""
    before = _now()
    try:
        return (yield)
    finally:
        _spent[item.nodeid] += _now() - before


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tests that took most, and the sum of all with collection and imports."""
    terminalreporter.section(f"processor time: {_now():.0f} s")
    for node, seconds in _spent.most_common(SHOWN):
        terminalreporter.line(f"{seconds:5.1f}  {node}")
