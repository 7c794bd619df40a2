"""How long `independent_subset` takes on long lists, as polynomials and as einsum strings, imports excluded.

The lists are full contractions of whole Cartesian moment tensors of orders 1 to 4, traces included, as Langbein and
Hagen make them: connected graphs of up to six tensors, those with few indices first, expanded in the 34 moments.
The strings are linear bases of many irreducible tensors. Every measurement is the first call in a fresh process;
making the lists is not timed, reading and checking them is.

    python benchmarks/filter.py [--processes 3] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import describe, in_fresh_process, machine, summary, table, write_json

if TYPE_CHECKING:
    from invgen import TensorSpace

POLYNOMIALS = (50, 109, 250, 400)  # how many entries of the list
STRINGS = ("4x0e + 4x1o + 4x2e", "4x0e + 4x1o + 4x2e + 4x3o")
STRINGS_DEGREE = 4
PROMISED, BAR = 250, 20.0  # entries with at least 10^5 terms in total, and seconds
MAX_TENSORS = 6


def long_list(entries: int) -> tuple[TensorSpace, list[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]]]:
    """The first `entries` contractions of moment tensors as pairs (coefficients, exponents), with their space."""
    from invgen import TensorSpace
    from invgen.contractions.candidates import connected_contractions
    from invgen.spaces.cartesian import contraction_polynomial
    from invgen.spaces.groups import weak_compositions

    named = TensorSpace("m1:1o + m2:2e + m3:3o + m4:4e")
    space = TensorSpace.moments(orders=range(1, 5))
    found = [
        contraction
        for degree in range(1, MAX_TENSORS + 1)
        for multidegree in weak_compositions(len(named.tensors), degree)
        if named.admits(multidegree)
        for _, contraction in connected_contractions(named, multidegree)
    ]
    found.sort(key=lambda c: len(c.subscripts.replace(",", "")))  # stable: degree first among equals
    assert space.layout is not None
    return space, [contraction_polynomial(c.subscripts, c.tensors, space.layout) for c in found[:entries]]


def filtered(case: str) -> dict[str, Any]:
    """Filter one list and verify the certificate, both timed."""
    from invgen import TensorSpace, generate, independent_subset

    candidates: list[Any]
    if case.isdigit():
        space, candidates = long_list(int(case))
        terms = sum(len(coefficients) for coefficients, _ in candidates)
    else:
        space = TensorSpace(case)
        members = generate(space, max_degree=STRINGS_DEGREE, select="linear").contractions
        candidates, terms = [str(c) for c in members], 0
    begin = time.perf_counter()
    found = independent_subset(candidates, space)
    done = time.perf_counter()
    holds = found.certificate.verify(candidates, space)
    return {
        "seconds": done - begin,
        "verify_seconds": time.perf_counter() - done,
        "entries": len(candidates),
        "terms": terms,
        "dimension": space.dimension,
        "rank": found.rank,
        "target": found.certificate.target,
        "not_invariant": len(found.not_invariant),
        "error_log2": found.certificate.error_log2,
        "verified": holds,
    }


def measure(processes: int) -> dict[str, Any]:
    """Every list in `processes` fresh processes.

    Raises:
        RuntimeError: an invariant was taken for none, or a certificate does not hold.
    """
    results = {}
    for case in (*map(str, POLYNOMIALS), *STRINGS):
        runs = [in_fresh_process(Path(__file__), "--only", case) for _ in range(processes)]
        if not all(run["verified"] and not run["not_invariant"] for run in runs):
            raise RuntimeError(f"{case} gave {runs}, expected invariants alone and a certificate that holds")
        results[case] = {
            **runs[0],
            "seconds": summary(run["seconds"] for run in runs),
            "verify_seconds": summary(run["verify_seconds"] for run in runs),
        }
    return results


def show(results: dict[str, Any]) -> str:
    """The results as a table."""
    rows = []
    for case, found in results.items():
        seconds, verify = found["seconds"], found["verify_seconds"]
        met = "-"
        if case == str(PROMISED):
            met = f"< {BAR:g} s: {'met' if seconds['worst'] < BAR and found['terms'] >= 10**5 else 'MISSED'}"
        rows.append(
            [
                "moments" if case.isdigit() else case,
                str(found["entries"]),
                f"{found['terms']:,}" if found["terms"] else "strings",
                f"{found['rank']} of {found['target']}",
                f"{seconds['median']:.2f} s",
                f"{seconds['best']:.2f} to {seconds['worst']:.2f} s",
                f"{verify['median']:.2f} s",
                met,
            ]
        )
    return table(["list", "entries", "terms", "rank", "median", "best to worst", "verify", "bar"], rows)


def main() -> None:
    """Measure, print the table, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=3, help="fresh processes per list (default 3)")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--only", choices=[*map(str, POLYNOMIALS), *STRINGS], help="run one list once and print JSON")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(filtered(options.only)))
        return
    where = machine()
    results = measure(options.processes)
    print(describe(where))
    print(f"First call in a fresh process, imports excluded, {options.processes} processes each.\n")
    print(show(results))
    write_json(options.json, {"machine": where, "results": results})


if __name__ == "__main__":
    main()
