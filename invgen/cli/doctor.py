"""`invgen doctor`: libraries and versions, then what the runtime finds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from invgen._version import __version__

if TYPE_CHECKING:
    import argparse

Finding: TypeAlias = tuple[str, str, str]


def doctor(arguments: argparse.Namespace) -> None:
    """Print one line per finding: "ok" or "off", name, and what was found or why nothing was."""
    for name, status, detail in (*_versions(), *_optional(), *_runtime()):
        print(f"{status:3}  {name:18}  {' '.join(detail.split())}")


def _versions() -> Iterator[Finding]:
    import platform
    from importlib import metadata

    yield "invgen", "ok", f"{__version__} in {Path(__file__).parents[1]}"
    yield "python", "ok", f"{platform.python_version()} in {sys.prefix}"
    for name in ("numpy", "sympy", "networkx", "jinja2"):
        try:
            yield name, "ok", metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "off", f"not installed; 'pip install {name}'"


def _optional() -> Iterator[Finding]:
    try:
        import flint

        yield "flint", "ok", flint.__version__
    except ImportError as error:
        yield "flint", "off", f"{error}; not needed, or 'pip install invgen[flint]'"
    try:
        import cupy

        yield "cupy", "ok", cupy.__version__
    except ImportError as error:
        yield "cupy", "off", f"{error}; kernels for NVIDIA GPUs need it: 'pip install invgen[cuda13]'"


def _runtime() -> Iterator[Finding]:
    try:
        from invgen.runtime.doctor import describe_environment
    except ImportError as error:
        yield "torch", "off", f"{error}; kernels need it: 'pip install invgen[torch]'"
        return
    for finding in describe_environment():
        yield finding.name, finding.status, finding.detail
