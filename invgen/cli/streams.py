"""The standard streams, any of which may be closed: then Python has None in its place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from invgen.errors import InputError


def read() -> str:
    """What comes from standard input."""
    if sys.stdin is None:
        raise InputError("standard input is closed; name a file")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise InputError(f"standard input is not text: {error.reason}") from error


def write(text: str) -> None:
    """Write what was asked for to standard output; `InputError` if it is closed."""
    if sys.stdout is None:
        raise InputError("standard output is closed, so nothing can be written to it")
    sys.stdout.write(text)


def say(line: str) -> None:
    """A line on standard output about what was written elsewhere; it is dropped where standard output is closed."""
    if sys.stdout is not None:
        print(line)


def complain(line: str) -> None:
    """A line on standard error, if that is open."""
    if sys.stderr is not None:
        print(line, file=sys.stderr)


@contextmanager
def log(wanted: bool) -> Iterator[None]:
    """Where it is wanted, send what invgen logs from INFO up to standard error meanwhile."""
    if not wanted or sys.stderr is None:
        yield
        return
    import logging

    logger, handler = logging.getLogger("invgen"), logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def flush() -> None:
    """Write what standard output holds back."""
    if sys.stdout is not None:
        sys.stdout.flush()


def abandon() -> None:
    """Drop what cannot be written: Python would try once more when it exits, and complain."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
