"""Where the source tree that is being tested lies."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
GENERATED = REPOSITORY / "generated"
# Real data sets are not part of the project; tests that need them are skipped where this folder is absent.
DATA = Path(os.environ.get("INVGEN_DATA", REPOSITORY.parent / "shared" / "data"))
