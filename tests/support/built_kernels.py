"""Which compiler kernels are built with: without optimisation, but where a test asks for what users get."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# What `CC` was before this module set it: the compiler of whoever runs the tests.
_OWN = os.environ.get("CC")


@contextmanager
def unoptimised(folder: Path) -> Iterator[None]:
    """Kernels are built with -O0, in a sixth of the time of -O3; the compiler is a script in a folder."""
    compiler = (_OWN or "").strip() or next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), "cc")
    script = folder / "unoptimised-cc"
    if not script.exists():
        own = script.with_name(f"{script.name}-{os.getpid()}")
        own.write_text(f'#!/bin/sh\nexec {compiler} "$@" -O0\n')  # of several levels the last one holds
        own.chmod(0o755)
        own.replace(script)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CC", str(script))
        yield


@contextmanager
def as_users_build() -> Iterator[None]:
    """Kernels are built with the flags and the compiler that users build them with."""
    with pytest.MonkeyPatch.context() as patch:
        if _OWN is None:
            patch.delenv("CC", raising=False)
        else:
            patch.setenv("CC", _OWN)
        yield
