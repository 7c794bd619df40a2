"""In CI a test may be skipped for a reason that `expected_skips.txt` lists, and for no other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

LIST = Path(__file__).with_name("expected_skips.txt")


def expected(text: str) -> list[re.Pattern[str]]:
    """The patterns of a list: one a line, with blank lines and lines that begin with # between them."""
    lines = (line.strip() for line in text.splitlines())
    return [re.compile(line) for line in lines if line and not line.startswith("#")]


def listed(reason: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    """Whether one of the patterns is the whole reason."""
    return any(pattern.fullmatch(reason) for pattern in patterns)


class ExpectedSkips:
    """Plugin that fails a run in which something was skipped for a reason that is not on the list.

    Workers of pytest-xdist tell the controller about the files that they skipped; it hears of the tests by itself.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._patterns = expected(LIST.read_text(encoding="utf-8"))
        self._unexpected: dict[str, str] = {}

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if not report.skipped or hasattr(report, "wasxfail"):
            return
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if not listed(reason, self._patterns):
            self._unexpected[report.nodeid] = reason

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._unexpected.update(getattr(node, "workeroutput", {}).get("unexpected_skips", {}))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput["unexpected_skips"] = self._unexpected
        elif self._unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._unexpected:
            terminalreporter.section(f"skipped for a reason that {LIST.name} does not list", red=True, bold=True)
            for node, reason in sorted(self._unexpected.items()):
                terminalreporter.line(f"{node}: {reason}")
