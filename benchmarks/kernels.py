"""The C kernels against a plain C copy loop, against hippynn's layer, and as a user calls them.

All times are medians of interleaved calls in one process: each round calls every function `SETTLING` times untimed,
which brings caches and pages into the state that the function itself leaves, and then a few times timed. Ratios of a
process are ratios of its medians. Calls whose threads had to wait for a core are discarded: two threads on two cores,
one of them busy with something else, take a multiple of the scheduler's time slice, copy and kernel alike, and their
ratio flatters. `--processes N` repeats all of it in N fresh processes and reports the best ratio and the spread.

The copy loop (benchmarks/copy_loop.py) reads the same inputs and writes the same outputs as the kernel that it stands
beside, in the same layout, with the same compiler, flags and number of threads. "value_and_vjp" is one call against
the two copies that it replaces, of value and of vjp; "all three" adds vjp_of_vjp and its copy. The rows that begin
with "user" allocate their results and go through autograd, which calls value, vjp and vjp_of_vjp one after the other.

Peers are measured in processes of their own, with OMP_WAIT_POLICY=PASSIVE set for these alone: idle threads of a
second OpenMP library would otherwise spin on the cores that are being measured.

    python benchmarks/kernels.py [--processes 5] [--exponents 18 20] [--layout plain] [--json FILE] [--history]

`--history` keeps the numbers in benchmarks/history/; benchmarks/compare.py prints what changed since the last time.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import history
from benchmarks.support import (
    GENERATED,
    describe,
    in_fresh_process,
    machine,
    summary,
    table,
    waited,
    write_json,
)

PACKAGES = ("hiphop_l3_n4", "optimal_l3_n4")
CHANNELS = 64
FUNCTIONS = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")
# What is timed for a row, and the copies that it is measured against.
ROWS = {
    "value": (("value",), ("value",)),
    "value_and_vjp": (("value_and_vjp",), ("value", "vjp")),
    "all three": (("value_and_vjp", "vjp_of_vjp"), ("value", "vjp", "vjp_of_vjp")),
    "value, vjp": (("value", "vjp"), ("value", "vjp")),
    "value, vjp, vjp_of_vjp": (("value", "vjp", "vjp_of_vjp"), ("value", "vjp", "vjp_of_vjp")),
    "user value": (("user value",), ("value",)),
    "user value, vjp": (("user value, vjp",), ("value", "vjp")),
    "user all three": (("user all three",), ("value", "vjp", "vjp_of_vjp")),
    "vjp alone": (("vjp",), ("vjp",)),
    "value_and_vjp alone": (("value_and_vjp",), ("value_and_vjp",)),
    "jvp alone": (("jvp",), ("jvp",)),
    "vjp_of_vjp alone": (("vjp_of_vjp",), ("vjp_of_vjp",)),
}
# Of two threads and blocks of channels, for 2^18 samples and for 2^20; other sizes have none.
BARS = {
    "value": (1.05, 1.15),
    "value_and_vjp": (1.15, 1.3),
    "all three": (2.6, 2.7),
    "user value": (1.4, 1.4),
    "user value, vjp": (1.7, 1.7),
    "user all three": (2.8, 2.8),
}
PEER_ROWS = ("value", "value and gradient", "vjp_of_vjp")
PEER_BARS = {"hippynn, eager": (200.0, 170.0, 120.0), "hippynn, torch.compile": (35.0, 33.0, 25.0)}

SETTLING = 6
"""Untimed calls before the timed ones. A third cache that is filled by what falls out of the second keeps what earlier
functions left in it for several calls: at 2^18 samples the first ones take up to twice as long as the seventh, copies
and kernels alike."""

DISTURBED = 0.02
"""A call is discarded if its threads waited for a core longer than this share of it (see `support.waited`)."""

ENOUGH = 7
"""Undisturbed calls that a median needs; a process that finds fewer has failed to measure."""

Calls = Mapping[str, Callable[[], object]]


def interleaved(
    calls: Calls, rounds: int, timed: int, tolerance: float = DISTURBED, settling: int = SETTLING
) -> dict[str, float]:
    """The median milliseconds of each call, over `rounds` turns of `settling` untimed and `timed` timed calls.

    Calls whose threads waited longer than `tolerance` times their duration are discarded; while fewer than `ENOUGH`
    remain of one, up to four times as many turns follow.

    Raises:
        RuntimeError: the machine is too busy.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(4 * rounds):
        if turn >= rounds and min(map(len, times.values())) >= ENOUGH:
            break
        for name, call in calls.items():
            for _ in range(settling):
                call()
            for _ in range(timed):
                before = waited()
                begin = time.perf_counter()
                call()
                seconds = time.perf_counter() - begin
                if waited() - before <= tolerance * seconds:
                    times[name].append(1e3 * seconds)
    few = {name: len(found) for name, found in times.items() if len(found) < ENOUGH}
    if few:
        raise RuntimeError(f"too few undisturbed calls, other programs keep the cores busy; try again later: {few}")
    return {name: median(found) for name, found in times.items()}


class Workload:
    """One package's kernel with its arrays, and everything that is called on them."""

    def __init__(self, package: str, exponent: int, layout: str = "channel") -> None:
        import torch

        sys.path.insert(0, str(GENERATED))
        self.kernel = importlib.import_module(package).kernel(dtype=torch.float32, layout=layout, target="c")
        dimension, count = self.kernel.dimension, self.kernel.count
        channels = (CHANNELS,) if layout == "channel" else ()
        samples = 2**exponent // math.prod(channels)
        seeded = torch.Generator().manual_seed(1)

        def random(rows: int) -> torch.Tensor:
            return torch.randn(samples, rows, *channels, generator=seeded)

        def zeros(rows: int) -> torch.Tensor:
            return torch.zeros(samples, rows, *channels)

        self.x, self.u, self.ybar = random(dimension), random(dimension), random(count)
        y, xbar, grad_x, grad_ybar = zeros(count), zeros(dimension), zeros(dimension), zeros(count)
        self.arrays: dict[str, tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]] = {
            "value": ((self.x,), (y,)),
            "vjp": ((self.x, self.ybar), (xbar,)),
            "value_and_vjp": ((self.x, self.ybar), (y, xbar)),
            "jvp": ((self.x, self.u), (y,)),
            "vjp_of_vjp": ((self.x, self.ybar, self.u), (grad_x, grad_ybar)),
        }

    def copies(self) -> dict[str, Callable[[], None]]:
        """The copy loop of each function."""
        from benchmarks import copy_loop

        calls = {}
        for name, (inputs, outputs) in self.arrays.items():
            copy = copy_loop.build([a.shape[1] for a in inputs], [a.shape[1] for a in outputs], self.x.dtype)
            calls[f"copy {name}"] = lambda copy=copy, i=inputs, o=outputs: copy(i, o)
        return calls

    def bare(self) -> dict[str, Callable[[], object]]:
        """The kernels with reused outputs."""
        calls = {}
        for name, (inputs, outputs) in self.arrays.items():
            out = outputs if len(outputs) > 1 else outputs[0]
            function = getattr(self.kernel, name)
            calls[name] = lambda f=function, i=inputs, o=out: f(*i, out=o)
        return calls

    def through_autograd(self) -> dict[str, Callable[[], object]]:
        """What a user writes: fresh outputs, recorded by autograd, to first and to second order."""
        import torch

        x = self.x.clone().requires_grad_()
        ybar = self.ybar.clone().requires_grad_()

        def value() -> torch.Tensor:
            return self.kernel(x)

        def gradient(create_graph: bool = False) -> torch.Tensor:
            return torch.autograd.grad(self.kernel(x), x, ybar, create_graph=create_graph)[0]

        def second() -> tuple[torch.Tensor, ...]:
            return torch.autograd.grad(gradient(create_graph=True), (x, ybar), self.u)

        return {"user value": value, "user value, vjp": gradient, "user all three": second}

    def gigabytes(self, name: str) -> float:
        """What a function reads and writes."""
        inputs, outputs = self.arrays[name]
        return sum(a.numel() * a.element_size() for a in (*inputs, *outputs)) / 1e9


def measure_kernels(package: str, exponent: int, threads: int, layout: str) -> dict[str, Any]:
    """One process: times, and their ratios to the copies."""
    import torch

    torch.set_num_threads(threads)
    work = Workload(package, exponent, layout)
    rounds = 15 if exponent <= 18 else 7
    times = interleaved({**work.copies(), **work.bare()}, rounds, 3)
    # Backward passes run in a thread of autograd's own, which hands over and back.
    times |= interleaved(work.through_autograd(), rounds, 3, tolerance=0.2)

    def total(names: tuple[str, ...]) -> float:
        return sum(times[name] for name in names)

    ratios = {
        label: total(calls) / total(tuple(f"copy {name}" for name in copies)) for label, (calls, copies) in ROWS.items()
    }
    bandwidth = {name: work.gigabytes(name) / times[f"copy {name}"] * 1e3 for name in FUNCTIONS}
    return {
        "milliseconds": times,
        "ratios": ratios,
        "copy_gigabytes_per_second": bandwidth,
    }


def measure_peers(exponent: int, threads: int) -> dict[str, Any]:
    """One process: hippynn's layer on the same samples in its own layout, over the kernel's time."""
    import torch

    from benchmarks.peers import PART, hippynn_calls

    torch.set_num_threads(threads)
    work = Workload("hiphop_l3_n4", exponent)
    ours = {
        name: call for name, call in work.bare().items() if name in ("value", "vjp", "vjp_of_vjp")
    } | work.through_autograd()
    theirs = hippynn_calls(work.x, work.ybar, work.u, work.kernel)
    # Calls of half a second are rarely left alone: a fifth is no matter where the ratio is in the hundreds.
    times = interleaved(ours, 15, 3) | interleaved(theirs, 4, 2, tolerance=0.2, settling=1)
    times["hippynn, torch.compile, vjp_of_vjp"] *= PART
    ratios = {}
    for peer in PEER_BARS:
        both = times["value"] + times["vjp"]
        ratios[f"{peer}, value"] = times[f"{peer}, value"] / times["value"]
        ratios[f"{peer}, value and gradient"] = times[f"{peer}, value and gradient"] / both
        ratios[f"{peer}, vjp_of_vjp"] = times[f"{peer}, vjp_of_vjp"] / times["vjp_of_vjp"]
        ratios[f"{peer}, value, user"] = times[f"{peer}, value"] / times["user value"]
        as_user = times[f"{peer}, value and gradient"] / times["user value, vjp"]
        ratios[f"{peer}, value and gradient, user"] = as_user
    return {"milliseconds": times, "ratios": ratios}


def repeated(options: argparse.Namespace, what: str, exponent: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """The same measurement in fresh processes: every process's numbers, and best and spread of the ratios."""
    arguments = ("--one", what, "--exponents", str(exponent), "--threads", str(options.threads))
    arguments += ("--layout", options.layout)
    runs = [in_fresh_process(Path(__file__), *arguments, environment=environment) for _ in range(options.processes)]
    ratios = {name: summary(run["ratios"][name] for run in runs) for name in runs[0]["ratios"]}
    return {"ratios": ratios, "processes": runs}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Everything, in the order in which `show` prints it."""
    results: dict[str, Any] = {"kernels": {}, "bars": {}, "peers": {}, "operations": {}}
    where = "" if options.layout == "channel" else f", layout {options.layout}"
    where += "" if options.threads == 2 else f", {options.threads} thread"
    for exponent in options.exponents:
        for package in options.packages:
            label = f"{package}, 2^{exponent}{where}"
            results["kernels"][label] = repeated(options, package, exponent, {})
            if not where and exponent in (18, 20):
                results["bars"][label] = {name: bars[exponent == 20] for name, bars in BARS.items()}
    if not options.no_peers:
        from benchmarks.peers import operations, why_no_hippynn

        results["skipped"] = why_no_hippynn()
        if results["skipped"] is None:
            passive = {"OMP_WAIT_POLICY": "PASSIVE"}
            results["peers"] = repeated(options, "hippynn", options.exponents[0], passive)
        results["operations"] = {package: operations(package) for package in options.packages}
    return results


def condensed(results: dict[str, Any]) -> dict[str, dict[str, history.Measured]]:
    """What history keeps: each row's ratio to the copies, and each function's milliseconds, over the processes."""
    kept: dict[str, dict[str, history.Measured]] = {}
    for label, found in results["kernels"].items():
        kept[label] = {f"{name} / copies": _measured(ratio) for name, ratio in found["ratios"].items()}
        for name in found["processes"][0]["milliseconds"]:
            spread = summary(run["milliseconds"][name] for run in found["processes"])
            kept[label][f"{name}, ms"] = _measured(spread)
    return kept


def _measured(spread: dict[str, float]) -> history.Measured:
    return history.Measured(best=round(spread["best"], 4), worst=round(spread["worst"], 4))


def show(results: dict[str, Any]) -> str:
    """The results as tables."""
    parts = []
    for label, found in results["kernels"].items():
        bars = results["bars"].get(label, {})
        rows = [_row(name, ratio, bars.get(name), True) for name, ratio in found["ratios"].items()]
        times = {n: summary(run["milliseconds"][n] for run in found["processes"]) for n in FUNCTIONS}
        copies = {n: summary(run["milliseconds"][f"copy {n}"] for run in found["processes"]) for n in FUNCTIONS}
        rates = {n: max(run["copy_gigabytes_per_second"][n] for run in found["processes"]) for n in FUNCTIONS}
        parts.append(f"{label}: time / time of the copies")
        parts.append(table(["calls", "best", "median", "worst", "bar"], rows))
        cells = [
            [n, f"{times[n]['best']:.3f}", f"{copies[n]['best']:.3f}", f"{rates[n]:.1f}", f"{times[n]['median']:.3f}"]
            for n in FUNCTIONS
        ]
        parts.append(table(["function", "best ms", "copy, best ms", "copy, GB/s", "median ms"], cells))
    if results.get("skipped"):
        parts.append(results["skipped"])
    if results["peers"]:
        rows = []
        bars = {f"{peer}, {row}": bar for peer, of in PEER_BARS.items() for row, bar in zip(PEER_ROWS, of)}
        for name, ratio in results["peers"]["ratios"].items():
            bar = bars.get(name)
            rows.append(_row(name, ratio, bar, False))
        parts.append("hippynn's HopInvariantLayer / hiphop_l3_n4 (user: through autograd with fresh outputs)")
        parts.append(table(["peer", "least", "median", "greatest", "bar"], rows))
    if results["operations"]:
        names = list(next(iter(results["operations"].values())))
        rows = [[package, *(str(counts[n]) for n in names)] for package, counts in results["operations"].items()]
        parts += ["Operations per sample and channel", table(["package", *names], rows)]
    return "\n\n".join(parts)


def _row(name: str, ratio: dict[str, float], bar: float | None, below: bool) -> list[str]:
    digits = 2 if below else 0
    numbers = [f"{ratio[key]:.{digits}f}" for key in ("best", "median", "worst")]
    if bar is None:
        return [name, *numbers, "-"]
    met = ratio["best"] <= bar if below else ratio["median"] >= bar
    return [name, *numbers, f"{'<=' if below else '>='} {bar:g}: {'met' if met else 'MISSED'}"]


def main() -> None:
    """Measure, print the tables, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", nargs="+", default=list(PACKAGES), help="folders of generated/")
    parser.add_argument("--exponents", nargs="+", type=int, default=[18], help="samples are 2^exponent (default 18)")
    parser.add_argument("--threads", type=int, default=2, help="torch threads (default 2)")
    parser.add_argument("--processes", type=int, default=3, help="fresh processes per measurement (default 3)")
    parser.add_argument("--no-peers", action="store_true", help="leave hippynn and the operation counts out")
    parser.add_argument("--layout", choices=("channel", "plain"), default="channel", help="plain: one channel a sample")
    parser.add_argument("--history", action="store_true", help="keep the numbers in benchmarks/history/")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--one", metavar="WHAT", help="measure one package, or hippynn, once, and print JSON")
    options = parser.parse_args()
    if options.one:
        exponent = options.exponents[0]
        if options.one == "hippynn":
            found = measure_peers(exponent, options.threads)
        else:
            found = measure_kernels(options.one, exponent, options.threads, options.layout)
        print(json.dumps(found))
        return
    where = machine()
    results = measure(options)
    print(describe(where))
    channels = CHANNELS if options.layout == "channel" else 1
    print(f"float32, {channels} channels, {options.threads} threads, {options.processes} processes.\n")
    print(show(results))
    write_json(options.json, {"machine": where, "results": results})
    if options.history:
        print(f"\nkept as {history.keep('kernels', where, condensed(results)).name}")


if __name__ == "__main__":
    main()
