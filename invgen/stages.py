"""The stages of long work: each is told to a callback when it begins and ends, and to the log with its duration."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""progress(text, done, total): what is being done, and how many of how many steps of it are done."""

COMPILER = "invgen.compiler"
"""The logger of everything between a basis and a kernel that can be called."""

GENERATION = "invgen.generation"
"""The logger of everything between a space and a basis."""


@contextmanager
def stage(logger: str, text: str, progress: Progress | None = None) -> Iterator[None]:
    """One stage of some work: progress(text, 0, 1), the work, progress(text, 1, 1), and one line for the log (INFO).

    Nobody reads the log of a program that never imported `logging`. It is not imported here, since that takes
    longer than importing the errors of invgen.
    """
    if progress is not None:
        progress(text, 0, 1)
    began = time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    if progress is not None:
        progress(text, 1, 1)
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger(logger).info("%s: %.3f s", text, seconds)
