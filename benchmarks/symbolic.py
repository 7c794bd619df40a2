"""How long generation with its certificate takes, imports excluded, beside a plain SymPy route.

Every measurement is the first call in a fresh process: invgen keeps exact maps and plans in caches, so a repeated
call in one process would flatter it. The SymPy route gets the candidate contractions as a gift, expands them over
Cartesian components in SymPy's sparse polynomial rings, differentiates, and takes the rank of the exact Jacobian at a
random integer point; it proves the same lower bound and must keep the same members.

Point groups and modules of equivariant maps are measured in another way: one fresh process makes all of them, one after
the other, after a small one that loads what they need, since nobody starts a process for each of 39 groups.

    python benchmarks/symbolic.py [--processes 7] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import describe, in_fresh_process, machine, summary, table, write_json


@dataclass(frozen=True)
class Case:
    """One basis to generate, how many members it must have, and the time that was promised (None: no promise)."""

    label: str
    irreps: str
    degree: int
    select: str
    members: int
    bar: float | None
    group: str = "O3"


def up_to(l: int) -> str:
    """H_0 + ... + H_l with natural parities."""
    return " + ".join(f"{k}{'eo'[k % 2]}" for k in range(l + 1))


CASES = {
    "l3": Case("l <= 3", up_to(3), 4, "independent", 13, 0.3),
    "l6": Case("l <= 6", up_to(6), 4, "independent", 46, 5.0),
    "l3-linear": Case("l <= 3", up_to(3), 4, "linear", 36, None),
    "l10": Case("l <= 10", up_to(10), 4, "independent", 118, 20.0),
    "elasticity-8": Case("2 H2 + H4", "2x2e + 4e", 8, "integrity", 262, 3.0),
    "elasticity-11": Case("2 H2 + H4", "2x2e + 4e", 11, "integrity", 292, 40.0),
    "h5": Case("H5, SO3", "5o", 15, "integrity", 91, 10.0, "SO3"),
}
SYMPY = "l3-sympy"
WARM = "point-groups"


@dataclass(frozen=True)
class WarmCase:
    """A request in a process that has made others; "*" is each of the point groups, of which the slowest counts.

    Attributes:
        label: what the table calls it.
        irreps: the space.
        degree: max_degree.
        select: the selection.
        bar: seconds that it must stay below.
        group: the group.
        outputs: what members map to.
        members: how many there are; for "*" of all groups together.
    """

    label: str
    irreps: str
    degree: int
    select: str
    bar: float
    members: int
    group: str = "O3"
    outputs: str = "0e"


WARM_CASES = {
    "tensor": WarmCase("S, 39 groups, degree 6, integrity", "0e + 2e", 6, "integrity", 2.0, 355, "*"),
    "tensor-vector": WarmCase("S + v, 39 groups, degree 5, integrity", "0e + 2e + 1o", 5, "integrity", 2.0, 938, "*"),
    "linear": WarmCase("S + v, C1, degree 6, linear", "0e + 2e + 1o", 6, "linear", 10.0, 5004, "C1"),
    "pope": WarmCase("S, R to 2e, degree 6, integrity", "2e + 1e", 6, "integrity", 1.0, 10, outputs="2e"),
    "module": WarmCase("2e + 2e + 1o to 2e, degree 6, integrity", "2x2e + 1o", 6, "integrity", 5.0, 22, outputs="2e"),
}


def generated(case: Case) -> dict[str, Any]:
    """Generate once and check the certificate, both timed; the modules that this needs are imported before."""
    from invgen import TensorSpace, generate

    begin = time.perf_counter()
    basis = generate(TensorSpace(case.irreps, case.group), max_degree=case.degree, select=case.select)
    done = time.perf_counter()
    holds = basis.certificate.verify(basis)
    verified = time.perf_counter()
    certificate = basis.certificate
    return {
        "seconds": done - begin,
        "verify_seconds": verified - done,
        "members": len(basis),
        "rank": certificate.rank,
        "target": certificate.target,
        "complete": certificate.complete,
        "verified": holds,
        "id": basis.id,
    }


def warm() -> dict[str, Any]:
    """Every `WARM_CASES` in this process: members, and the slowest request and check of certificate."""
    from invgen import TensorSpace, generate
    from invgen.spaces.point_groups import POINT_GROUPS

    generate(TensorSpace("2e", "Oh"), 3, select="integrity")
    found: dict[str, Any] = {}
    for name, case in WARM_CASES.items():
        seconds, verify_seconds, members = {}, {}, 0
        for group in POINT_GROUPS if case.group == "*" else (case.group,):
            space = TensorSpace(case.irreps, group)
            begin = time.perf_counter()
            basis = generate(space, case.degree, select=case.select, outputs=case.outputs)
            done = time.perf_counter()
            if not basis.certificate.verify(basis):
                raise RuntimeError(f"{case.label}: the certificate of {group} fails")
            seconds[group], verify_seconds[group] = done - begin, time.perf_counter() - done
            members += len(basis)
        slowest = max(seconds, key=lambda group: seconds[group])
        found[name] = {
            "members": members,
            "slowest": slowest,
            "seconds": seconds[slowest],
            "verify_seconds": max(verify_seconds.values()),
            "all": seconds,
        }
    return found


def by_sympy() -> dict[str, Any]:
    """The rank of the l <= 3 candidates by SymPy alone; which candidates there are is not timed."""
    import numpy as np
    from sympy.polys.domains import ZZ
    from sympy.polys.matrices import DomainMatrix
    from sympy.polys.rings import ring

    from invgen import TensorSpace, generate

    space = TensorSpace(CASES["l3"].irreps)
    linear = generate(space, max_degree=4, select="linear").contractions
    candidates = [c for c in linear if _connected(c.groups)]
    kept = generate(space, max_degree=4).contractions

    begin = time.perf_counter()
    _, *x = ring([f"x{i}" for i in range(16)], ZZ)
    tensors = dict(zip(space.names, _traceless_tensors(x)))
    point = Random(1).sample(range(1, 10**6), len(x))
    rows = []
    for candidate in candidates:
        operands = [tensors[name] for name in candidate.tensors]
        expanded = np.einsum(f"{candidate.subscripts}->", *operands, optimize="greedy")
        polynomial = expanded.item() if isinstance(expanded, np.ndarray) else expanded
        rows.append([polynomial.diff(v).evaluate(list(zip(x, point))) for v in x])
    jacobian = DomainMatrix([[ZZ(int(entry)) for entry in row] for row in rows], (len(rows), len(x)), ZZ)
    _, pivots = jacobian.transpose().to_field().rref()
    done = time.perf_counter()
    return {
        "seconds": done - begin,
        "candidates": len(candidates),
        "members": len(pivots),
        "same": [str(candidates[i]) for i in pivots] == [str(c) for c in kept],
    }


def _connected(groups: tuple[str, ...]) -> bool:
    reached, waiting = {0}, [0]
    while waiting:
        letters = set(groups[waiting.pop()])
        new = [i for i, group in enumerate(groups) if i not in reached and letters & set(group)]
        reached.update(new)
        waiting.extend(new)
    return len(reached) == len(groups)


def _traceless_tensors(x: list[Any]) -> list[Any]:
    """Full Cartesian arrays of rank 0 to 3 over 16 free entries; entries with zz follow from zero trace."""
    import numpy as np

    free = iter(x)
    tensors = []
    for l in range(4):
        entries: dict[tuple[int, ...], Any] = {}
        full = np.empty((3,) * l, dtype=object)
        for index in sorted(np.ndindex(full.shape), key=lambda i: (sum(axis == 2 for axis in i), i)):
            key = tuple(sorted(index))
            if key not in entries:
                if key.count(2) < 2:
                    entries[key] = next(free)
                else:
                    rest = key[:-2]
                    entries[key] = -entries[tuple(sorted((*rest, 0, 0)))] - entries[tuple(sorted((*rest, 1, 1)))]
            full[index] = entries[key]
        tensors.append(full)
    return tensors


def measure(processes: int) -> dict[str, Any]:
    """Every case in `processes` fresh processes, in turns.

    Raises:
        RuntimeError: a result is not what it must be: a time for a wrong answer is no measurement.
    """
    names = [*CASES, SYMPY, WARM]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(processes):
        for name in names:
            runs[name].append(in_fresh_process(Path(__file__), "--only", name))
    for name, case in CASES.items():
        for run in runs[name]:
            if run["members"] != case.members or not (run["complete"] and run["verified"]):
                raise RuntimeError(f"{name} gave {run}, expected {case.members} members, complete and verified")
    if not all(run["members"] == 13 and run["same"] for run in runs[SYMPY]):
        raise RuntimeError(f"SymPy keeps other members: {runs[SYMPY]}")
    for name, warm_case in WARM_CASES.items():
        if any(run[name]["members"] != warm_case.members for run in runs[WARM]):
            raise RuntimeError(f"{name} has {runs[WARM][0][name]['members']} members, expected {warm_case.members}")
    single = [name for name in names if name != WARM]
    results = {name: {**runs[name][0], "seconds": summary(run["seconds"] for run in runs[name])} for name in single}
    results[WARM] = {
        name: {
            **runs[WARM][0][name],
            "bar": warm_case.bar,
            "seconds": summary(run[name]["seconds"] for run in runs[WARM]),
            "verify_seconds": summary(run[name]["verify_seconds"] for run in runs[WARM]),
        }
        for name, warm_case in WARM_CASES.items()
    }
    for name, case in CASES.items():
        results[name]["bar"] = case.bar
        results[name]["verify_seconds"] = summary(run["verify_seconds"] for run in runs[name])
    return results


def show(results: dict[str, Any]) -> str:
    """The results as a table."""
    rows = []
    for name, case in CASES.items():
        found = results[name]
        seconds, verify = found["seconds"], found["verify_seconds"]
        bar = "-" if case.bar is None else f"< {case.bar:g} s: {'met' if seconds['median'] < case.bar else 'MISSED'}"
        claim = f"{found['members']}, rank {found['rank']} of {found['target']}"
        rows.append([f"{case.label}, degree {case.degree}, {case.select}", claim, *_times(seconds), bar])
        rows[-1].insert(4, f"{verify['median']:.3f} s")
    seconds = results[SYMPY]["seconds"]
    label = f"l <= 3, degree 4, SymPy, {results[SYMPY]['candidates']} candidates given"
    rows.append([label, f"{results[SYMPY]['members']}, the same", *_times(seconds), "-"])
    rows[-1].insert(4, "-")
    warm_rows = []
    for name, warm_case in WARM_CASES.items():
        found = results[WARM][name]
        seconds, verify = found["seconds"], found["verify_seconds"]
        bar = f"< {warm_case.bar:g} s: {'met' if seconds['worst'] < warm_case.bar else 'MISSED'}"
        slowest = f" (slowest: {found['slowest']})" if warm_case.group == "*" else ""
        warm_rows.append([warm_case.label + slowest, str(found["members"]), *_times(seconds), bar])
        warm_rows[-1].insert(4, f"{verify['median']:.3f} s")
    head = ["case", "members", "median", "best to worst", "verify", "bar"]
    warm_head = "In a process that has made others; of many groups the slowest one."
    return f"{table(head, rows)}\n\n{warm_head}\n\n{table(head, warm_rows)}"


def _times(seconds: dict[str, float]) -> list[str]:
    return [f"{seconds['median']:.3f} s", f"{seconds['best']:.3f} to {seconds['worst']:.3f} s"]


def main() -> None:
    """Measure, print the table, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=7, help="fresh processes per case (default 7)")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--only", choices=[*CASES, SYMPY, WARM], help="run one case once and print JSON")
    options = parser.parse_args()
    if options.only:
        special = {SYMPY: by_sympy, WARM: warm}
        print(json.dumps(special[options.only]() if options.only in special else generated(CASES[options.only])))
        return
    where = machine()
    results = measure(options.processes)
    print(describe(where))
    print(f"First call in a fresh process, imports excluded, {options.processes} processes in turns.\n")
    print(show(results))
    write_json(options.json, {"machine": where, "results": results})


if __name__ == "__main__":
    main()
