"""The folder of real data sets, which is not part of the project: tests that need it are skipped where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.paths import DATA


def data_file(name: str) -> Path:
    """The path of a data file, or the test is skipped with the reason."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{path} is not here; set INVGEN_DATA to the folder of data sets")
    return path
