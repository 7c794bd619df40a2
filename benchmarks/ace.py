"""How generation grows with the size of ACE boxes and of spherical functions, imports excluded.

Every measurement is the first call in a fresh process, certificate included, as in `benchmarks/symbolic.py`. Cases
called "visited" switch off the stop at full rank and offer every linearly independent invariant in order of cost,
products included, so that all of them are enumerated, evaluated at three primes and reduced.

    python benchmarks/ace.py [--processes 3] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import describe, in_fresh_process, machine, summary, table, write_json

VISITED = "visited"
BLOCK = 2048
MEMORY_BAR = 4096.0  # MB


@dataclass(frozen=True)
class Case:
    """One basis to generate, how many members it must have, and the time that was promised (None: no promise)."""

    space: str
    degree: int
    select: str
    order: str
    members: int
    bar: float | None = None

    @property
    def name(self) -> str:
        order = "" if self.select == "linear" else f", order {self.order}"
        return f"{self.space}, degree {self.degree}, {self.select}{order}"


def spherical(l_max: int) -> str:
    """The components of a spherical function up to l_max, as irreps."""
    return " + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_max + 1))


CASES = (
    *(Case(f"ace n_max={n} l_max=4", 4, "independent", "degree", 25 * n - 3) for n in (2, 4)),
    Case("ace n_max=8 l_max=4", 4, "independent", "degree", 197, 10.0),
    *(Case(f"ace n_max={n} l_max=4", 4, "independent", "cost", 25 * n - 3) for n in (2, 4)),
    Case("ace n_max=8 l_max=4", 4, "independent", "cost", 197, 60.0),
    *(Case(f"ace n_max={n} l_max=4", 4, VISITED, "cost", count) for n, count in ((2, 648), (4, 7913))),
    Case("ace n_max=8 l_max=4", 4, VISITED, "cost", 111_798, 60.0),
    *(Case(f"ace n_max={n} l_max=3", 4, "linear", "degree", count) for n, count in ((2, 280), (3, 1103))),
    Case("ace n_max=4 l_max=3", 4, "linear", "degree", 3080, 20.0),
    Case("ace n_max=6 l_max=3", 4, "linear", "degree", 13_816),
    *(Case(spherical(l), 4, "independent", "degree", (l + 1) ** 2 - 3) for l in (6, 8)),
    Case(spherical(10), 4, "independent", "degree", 118, 20.0),
    Case(spherical(12), 4, "independent", "degree", 166),
)


def measured(case: Case) -> dict[str, Any]:
    """Run one case once, with the memory that the process had at most."""
    result = visited(case) if case.select == VISITED else generated(case)
    return {**result, "peak_mb": peak_megabytes()}


def peak_megabytes() -> float:
    """The most memory that this process had. Linux's ru_maxrss would count the process that started it, too."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**10
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (2**20 if sys.platform == "darwin" else 2**10)


def generated(case: Case) -> dict[str, Any]:
    """Generate and check the certificate, both timed; the modules that this needs are imported before."""
    from invgen import generate
    from invgen.spaces.reading import read_space

    begin = time.perf_counter()
    basis = generate(read_space(case.space), case.degree, select=case.select, order=case.order)
    done = time.perf_counter()
    holds = basis.certificate.verify(basis)
    verified = time.perf_counter()
    return {
        "seconds": done - begin,
        "verify_seconds": verified - done,
        "members": len(basis),
        "complete": holds and basis.certificate.complete,
    }


def visited(case: Case) -> dict[str, Any]:
    """Offer every invariant, with no stop at full rank."""
    from invgen.reduction.search.jacobian_pass import JacobianPass
    from invgen.reduction.search.orders import Ranking
    from invgen.reduction.search.visits import Visits
    from invgen.spaces.reading import read_space

    begin = time.perf_counter()
    space = read_space(case.space)
    rows = JacobianPass(space, "benchmark")
    seen = 0
    for level in Visits(space, Ranking.of(case.order, space), case.degree, products=True).levels():
        for start in range(0, len(level), BLOCK):
            rows.offer_all(level[start : start + BLOCK], enough=space.dimension)
        seen += len(level)
    complete = rows.rank == space.dimension - space.orbit_dimension
    return {"seconds": time.perf_counter() - begin, "members": seen, "complete": complete}


def measure(processes: int) -> list[dict[str, Any]]:
    """Every case in `processes` fresh processes, in turns.

    Raises:
        RuntimeError: a result is not what it must be: a time for a wrong answer is no measurement.
    """
    runs: list[list[dict[str, Any]]] = [[] for _ in CASES]
    for _ in range(processes):
        for number, case in enumerate(CASES):
            run = in_fresh_process(Path(__file__), "--only", str(number))
            if run["members"] != case.members or not run["complete"]:
                raise RuntimeError(f"{case.name} gave {run}, expected {case.members}, complete and verified")
            runs[number].append(run)
    return [
        {
            "case": case.name,
            "members": case.members,
            "bar": case.bar,
            "seconds": summary(run["seconds"] for run in found),
            "verify_seconds": summary(run.get("verify_seconds", 0.0) for run in found),
            "peak_mb": max(run["peak_mb"] for run in found),
        }
        for case, found in zip(CASES, runs, strict=True)
    ]


def show(results: list[dict[str, Any]]) -> str:
    """The results as a table."""
    rows = []
    for found in results:
        seconds = found["seconds"]
        met = found["bar"] is not None and seconds["median"] < found["bar"] and found["peak_mb"] < MEMORY_BAR
        rows.append(
            [
                found["case"],
                str(found["members"]),
                f"{seconds['median']:.2f} s",
                f"{seconds['best']:.2f} to {seconds['worst']:.2f} s",
                f"{found['verify_seconds']['median']:.2f} s" if found["verify_seconds"]["worst"] else "-",
                f"{found['peak_mb']:.0f} MB",
                "-" if found["bar"] is None else f"< {found['bar']:g} s: {'met' if met else 'MISSED'}",
            ]
        )
    return table(["case", "members", "median", "best to worst", "verify", "peak memory", "bar"], rows)


def main() -> None:
    """Measure, print the table, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=3, help="fresh processes per case (default 3)")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--only", type=int, choices=range(len(CASES)), help="run one case once and print JSON")
    options = parser.parse_args()
    if options.only is not None:
        import invgen.basis.basis
        import invgen.basis.generation  # noqa: F401, so that no import is timed

        print(json.dumps(measured(CASES[options.only])))
        return
    where = machine()
    results = measure(options.processes)
    print(describe(where))
    print(f"First call in a fresh process, imports excluded, {options.processes} processes in turns.\n")
    print(show(results))
    write_json(options.json, {"machine": where, "results": results})


if __name__ == "__main__":
    main()
