"""What invgen gives stays byte for byte what it was: every case of `cases` has the hashes in `hashes.json`."""

from __future__ import annotations

import pytest

from tests.golden.cases import CASES, Case, recorded


@pytest.fixture(scope="module")
def wanted() -> dict[str, dict[str, str]]:
    return recorded()


def test_the_file_holds_the_cases_and_no_others(wanted: dict[str, dict[str, str]]) -> None:
    assert sorted(wanted) == sorted(CASES)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=name, marks=[pytest.mark.slow] * case.slow) for name, case in CASES.items()],
)
def test_output_is_what_was_recorded(case: Case, wanted: dict[str, dict[str, str]]) -> None:
    found = case.hashes()
    # By name, so that pytest says which part of the case differs.
    assert found == wanted[case.name], "a changed hash is a breaking change that needs a CHANGELOG entry, see cases.py"
