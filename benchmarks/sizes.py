"""Compile time and speed of kernels against the size of the basis.

For each basis: operations of the programs; processor time of Python (lowering, differentiation, schedule, emission) and
of the C compiler for all five functions in float32; the same of NVRTC for sm_90, which needs no GPU; nanoseconds per
sample and channel of the kernels with reused outputs, and their multiples of the copy loop over the same bytes, medians
of interleaved calls in one process; and the greatest difference from `basis.evaluate` and `basis.jacobian`, relative to
the greatest entry.

Each step of each row is written to the JSON file as soon as it is done, and what the file holds is not measured again:
a run that was killed goes on where it was.

    python benchmarks/sizes.py [--threads 1] [--only NAME ...] [--json FILE] [--svg FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import describe, machine, table, write_json

CHANNELS = 64
FUNCTIONS = ("value", "value_and_vjp", "vjp_of_vjp")
IRREPS = {f"l <= {top}": " + ".join(f"{l}{'eo'[l % 2]}" for l in range(top + 1)) for top in (2, 3, 4, 6, 8, 10)}
ARCHITECTURE = "sm_90"
ACE = {"ACE 2 x 5": (2, 4), "ACE 6 x 5": (6, 4)}
NAMES = (*IRREPS, *ACE)


def basis_of(name: str) -> Any:
    """The basis of a row, independent up to degree 4."""
    from invgen import TensorSpace, generate

    space = TensorSpace(IRREPS[name]) if name in IRREPS else TensorSpace.ace(n_max=ACE[name][0], l_max=ACE[name][1])
    return generate(space, 4)


def lowering(basis: Any) -> dict[str, Any]:
    """Sizes of the programs, and the processor time of Python for them and for the C source."""
    from invgen.compiler import invariants as compiler
    from invgen.emit import c

    begin = time.process_time()
    programs = compiler.programs_of(basis)
    source = c.render(programs, "float32", compiler.header_of(basis, "sizes"))
    python = time.process_time() - begin
    counted = compiler.costs(basis)
    return {
        "components": basis.space.dimension,
        "members": len(basis),
        "operations": {f: counted[f].operations for f in FUNCTIONS},
        "parts": {f: counted[f].parts for f in FUNCTIONS},
        "scratch": max(c.scratch for c in counted.values()),
        "source": len(source),
        "python": python,
    }


def compiled(basis: Any) -> dict[str, Any]:
    """What the C compiler takes, and the largest error."""
    import invgen

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    kernel = invgen.compile(basis)
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "compiler": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "wall": wall,
        "compiler_load": os.getloadavg()[0],
        "error": _error(basis, kernel),
    }


def speed(basis: Any, samples: int) -> dict[str, Any]:
    """What a call takes."""
    import torch

    import invgen

    kernel = invgen.compile(basis)
    found: dict[str, Any] = {"threads": torch.get_num_threads(), "load": os.getloadavg()[0]}
    for function, (mine, copy) in _calls(kernel, samples).items():
        times: dict[str, list[float]] = {"mine": [], "copy": []}
        for _ in range(9):
            for label, call in (("mine", mine), ("copy", copy)):
                call()
                start = time.perf_counter()
                call()
                times[label].append(time.perf_counter() - start)
        found[function] = {
            "nanoseconds": median(times["mine"]) / (samples * CHANNELS) * 1e9,
            "copies": median(times["mine"]) / median(times["copy"]),
        }
    return found


def for_gpus(basis: Any) -> dict[str, Any]:
    """What Python and NVRTC take for the CUDA kernels, as processor time; no GPU is needed."""
    from invgen.compiler import invariants as compiler
    from invgen.emit import cuda
    from invgen.runtime.build.nvrtc import find_nvrtc

    programs, header = compiler.programs_of(basis), compiler.header_of(basis, "sizes")
    begin = time.process_time()
    source = cuda.render(programs, "float32", header)
    emitted, wall = time.process_time(), time.perf_counter()
    find_nvrtc().compile(source, ARCHITECTURE)
    return {
        "cuda_python": emitted - begin,
        "nvrtc": time.process_time() - emitted,
        "nvrtc_wall": time.perf_counter() - wall,
        "nvrtc_load": os.getloadavg()[0],
        "cuda_source": len(source),
    }


def _error(basis: Any, kernel: Any) -> float:
    """The greatest difference of values and gradients from the exact definitions, relative to the greatest entry."""
    import numpy as np
    import torch

    rng = np.random.default_rng(1)
    x = rng.standard_normal((40, basis.space.dimension)).astype(np.float32)
    bars = rng.standard_normal((40, len(basis))).astype(np.float32)
    y, xbar = kernel.value_and_vjp(torch.from_numpy(x)[..., None], torch.from_numpy(bars)[..., None])
    wide = x.astype(np.float64)
    errors = []
    for mine, exact in ((y, basis.evaluate(wide)), (xbar, np.einsum("nk,nkd->nd", bars, basis.jacobian(wide)))):
        errors.append(float(np.abs(mine[..., 0].numpy() - exact).max() / np.abs(exact).max()))
    return max(errors)


def _calls(kernel: Any, samples: int) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    import torch

    from benchmarks import copy_loop

    rows = {"x": kernel.dimension, "ybar": kernel.count, "u": kernel.dimension}
    inputs = {name: torch.randn(samples, size, CHANNELS) for name, size in rows.items()}
    long, short = (torch.zeros(samples, size, CHANNELS) for size in (kernel.dimension, kernel.count))
    plan: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
        "value": ((inputs["x"],), (short,)),
        "value_and_vjp": ((inputs["x"], inputs["ybar"]), (short, long)),
        "vjp_of_vjp": ((inputs["x"], inputs["ybar"], inputs["u"]), (long, short)),
    }
    calls: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {}
    for name, (sources, targets) in plan.items():
        copy = copy_loop.build([a.shape[1] for a in sources], [a.shape[1] for a in targets], torch.float32)
        out = targets if len(targets) > 1 else targets[0]
        function = getattr(kernel, name)
        calls[name] = (
            lambda f=function, i=sources, o=out: f(*i, out=o),
            lambda c=copy, i=sources, o=targets: c(i, o),
        )
    return calls


def show(results: dict[str, dict[str, Any]]) -> str:
    """The results as a table."""
    head = [
        "basis",
        "components",
        "members",
        "operations",
        "Python s",
        "C compiler s",
        "NVRTC s",
        "ns",
        "copies",
        "error",
    ]
    lines = []
    for name, r in results.items():
        lines.append(
            [
                name,
                str(r["components"]),
                str(r["members"]),
                " / ".join(str(r["operations"][f]) for f in FUNCTIONS),
                f"{r['python']:.1f}",
                f"{r['compiler']:.1f}",
                f"{r['nvrtc']:.1f}",
                " / ".join(f"{r[f]['nanoseconds']:.1f}" for f in FUNCTIONS),
                " / ".join(f"{r[f]['copies']:.1f}" for f in FUNCTIONS),
                f"{r['error']:.0e}",
            ]
        )
    return table(head, lines)


def picture(results: dict[str, dict[str, Any]], path: Path) -> None:
    """Compile time and speed against operations, as SVG; the same numbers give the same bytes."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "invgen"
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    chains, ace = ([r for name, r in results.items() if (name in ACE) == of_ace] for of_ace in (False, True))

    def draw(axes: Any, label: str, mark: str, point: Callable[[dict[str, Any]], tuple[float, float]]) -> None:
        """A line through the rows of irreps, hollow marks for those of ACE."""
        (line,) = axes.loglog(*zip(*sorted(map(point, chains)), strict=True), f"{mark}-", label=label)
        if ace:
            axes.loglog(*zip(*map(point, ace), strict=True), mark, mfc="white", color=line.get_color())

    for key, label, mark in (("compiler", "C compiler", "o"), ("python", "Python", "s"), ("nvrtc", "NVRTC", "^")):
        draw(left, label, mark, lambda r, key=key: (sum(r["operations"].values()), r[key]))  # type: ignore[misc]
    left.axhline(60, color="grey", linewidth=0.8, linestyle="--")
    left.set(xlabel="operations of value, value_and_vjp and vjp_of_vjp", ylabel="processor time, s")
    for function in FUNCTIONS:
        draw(right, function, "o", lambda r, f=function: (r["operations"][f], r[f]["nanoseconds"]))  # type: ignore[misc]
    right.set(xlabel="operations", ylabel="ns per sample and channel")
    for axes in (left, right):
        axes.legend(frameon=False, fontsize=8)
        axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), help="rows (default: all)")
    parser.add_argument("--samples", type=int, default=256, help=f"samples of {CHANNELS} channels (default 256)")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1)")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--svg", type=Path, help="draw them here; needs matplotlib")
    options = parser.parse_args(arguments)
    import torch

    torch.set_num_threads(options.threads)
    steps: dict[str, Callable[[Any], dict[str, Any]]] = {
        "python": lowering,
        "compiler": compiled,
        "threads": lambda basis: speed(basis, options.samples),
        "nvrtc": for_gpus,
    }
    results: dict[str, dict[str, Any]] = {}
    if options.json and options.json.exists():
        results = json.loads(options.json.read_text(encoding="utf-8"))["results"]
    with tempfile.TemporaryDirectory() as cache:
        os.environ["INVGEN_CACHE_DIR"] = cache  # nothing is compiled already
        for name in options.only:
            row = results.setdefault(name, {})
            missing = {key: step for key, step in steps.items() if key not in row}
            basis = basis_of(name) if missing else None
            for key, step in missing.items():
                row.update(step(basis))
                write_json(options.json, {"machine": machine(), "results": results})
                print(f"{name}: {key} done", file=sys.stderr)
    results = {name: results[name] for name in NAMES if steps.keys() <= results.get(name, {}).keys()}
    where = machine()
    print(f"{describe(where)}\nfloat32, {options.samples} samples of {CHANNELS} channels, {options.threads} threads\n")
    print(show(results))
    if options.svg:
        picture(results, options.svg)


if __name__ == "__main__":
    main()
