"""What the benchmarks share: the machine in words, repetition in fresh processes, statistics, tables, JSON."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from invgen.files import write_text

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "generated"
DATA = Path(os.environ.get("INVGEN_DATA", ROOT.parent / "shared" / "data"))

_REPORTED = ("torch", "numpy", "sympy", "hippynn", "opt_einsum")


def machine() -> dict[str, Any]:
    """Where and with what numbers were measured, in words and versions; nothing that names a host or a user."""
    versions = {"python": platform.python_version()}
    for name in _REPORTED:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2),
        "compiler": _compiler(),
        "versions": versions,
    }


def _compiler() -> str:
    from invgen.errors import CompilerError
    from invgen.runtime.build.compilers import find_compiler

    try:
        found = find_compiler()
    except CompilerError:
        return "no C compiler"
    return f"{found.version}, {' '.join(found.flags)}"


def _processor() -> str:
    """The processor as Linux describes it: the marketing name of a virtual one says little, family and model more."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or "unknown"
    fields = dict(line.split(":", 1) for line in text.split("\n\n", 1)[0].splitlines() if ":" in line)
    known = {name.strip(): value.strip() for name, value in fields.items()}
    vectors = [v for v in ("avx512f", "avx2", "asimd") if v in known.get("flags", known.get("Features", "")).split()]
    parts = [known.get("model name", platform.machine())]
    if "cpu family" in known:
        parts.append(f"family {known['cpu family']} model {known.get('model', '?')}")
    return ", ".join(parts + vectors[:1] + [f"L{level} {size}" for level, size in _caches()])


def _caches() -> list[tuple[str, str]]:
    """Level and size of the first processor's data caches, where the system tells."""
    found = []
    for folder in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        try:
            kind, level, size = ((folder / name).read_text().strip() for name in ("type", "level", "size"))
        except OSError:
            continue
        if kind != "Instruction":
            found.append((level, size))
    return found


def describe(where: Mapping[str, Any]) -> str:
    """`machine()` as three lines."""
    versions = ", ".join(f"{name} {version}" for name, version in where["versions"].items())
    first = f"{where['date']}: {where['processor']}, {where['cores']} cores, {where['system']}, load {where['load']}"
    return f"{first}\n{versions}\n{where['compiler']}"


def waited() -> float:
    """Seconds for which this process's threads have been ready to run but had no core; 0 where nobody counts them.

    With k threads on k cores, one busy neighbour stops every parallel region until the scheduler comes round: kernel
    and copy then take the same multiple of a time slice, and their ratio says nothing.
    """
    try:
        # Fields: nanoseconds running, nanoseconds ready but not running, number of turns.
        return sum(int(path.read_text().split()[1]) for path in Path("/proc/self/task").glob("*/schedstat")) / 1e9
    except (OSError, IndexError):
        return 0.0


def in_fresh_process(
    script: Path, *arguments: str, environment: Mapping[str, str] | None = None, limit: float | None = None
) -> Any:
    """What `script` prints as JSON on the last line of its standard output, run by this interpreter.

    Raises:
        RuntimeError: the script failed; the message ends with what it said. Or it ran for more than `limit` seconds.
    """
    try:
        done = subprocess.run(
            [sys.executable, str(script), *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"{script.name} {' '.join(arguments)} ran for more than {limit:.0f} seconds") from error
    if done.returncode:
        raise RuntimeError(f"{script.name} {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def summary(values: Iterable[float]) -> dict[str, float]:
    """Least, median and greatest of a few measurements, and how many there were."""
    found = sorted(values)
    return {"best": found[0], "median": median(found), "worst": found[-1], "count": len(found)}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, padded so that a terminal shows it well."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join("| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths)) + " |" for line in lines)


def digits(value: float) -> str:
    """An error of a table: with three digits below 10, else with one after the point."""
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def put_tables(page: Path, tables: Mapping[str, str], by: str) -> None:
    """Put each table of a page between its marks, `<!-- name, by ... -->` and `<!-- end of name -->`.

    Raises:
        ValueError: the page lacks a mark.
    """
    text = page.read_text(encoding="utf-8")
    for name, lines in tables.items():
        mark, end = f"<!-- {name}, by {by} -->", f"<!-- end of {name} -->"
        before, rest = text.split(mark)
        text = before + mark + "\n" + lines + "\n" + end + rest.split(end)[1]
    write_text(page, text)


def write_json(path: Path | None, content: Any) -> None:
    """Write `content` to `path`, if there is one."""
    if path is not None:
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
