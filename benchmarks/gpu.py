"""Everything that runs on a GPU: built, tested, checked against float64 and measured, in one command of some minutes.

1. kernels of target "cuda" for every checked-in package and dtype, with registers, spills and occupancy
2. `pytest -m gpu`
3. errors of both dtypes against float64 on the CPU, relative to the largest value of each output
4. value, vjp, value_and_vjp and vjp_of_vjp in float32 for 2^14 to 2^22 pairs of sample and channel: seconds, and bytes
   per second as a part of what a device-to-device copy of 1 GiB reaches; small calls also replayed from a CUDA graph
5. moments over neighbours, weighted contractions, convolutions and networks: errors against target "c", and against
   target "torch" in float64 where a gather is part of them; seconds
6. every kernel by itself, as `tune=True` measures it
7. the torch target, and hippynn where it is installed

    python benchmarks/gpu.py --json gpu.json [--device cuda:0] [--skip-tests] [--skip-peers]

A plain checkout with torch, numpy, filelock and what generates bases is enough; kernels are built in a folder of the
run's own. `--device cpu` tests this script: what needs a GPU is skipped with the reason, the torch target is checked.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "generated")]

PACKAGES = ("optimal_l2_n4", "optimal_l3_n4", "hiphop_l3_n4")
FUNCTIONS = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")
MEASURED = ("value", "vjp", "value_and_vjp", "vjp_of_vjp")
EXPONENTS = (14, 16, 18, 20, 22)
GRAPH_EXPONENTS = (14, 16, 18)
GRAPH_CALLS = 20
CHANNELS = 64
CHECKED = 4096
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-13}
"""Of the largest value of each output: some hundred roundings of 2^-24 and 2^-53."""
SUMS_TOLERANCE = 1e-4
"""The same for float32 sums over neighbours and features, thousands of terms long, in two orders."""
CHECKED_STAGES = ("errors", "moments", "weighted", "convolutions", "networks")
ROUNDS = 20
COPY_BYTES = 1 << 30
TEST_SECONDS = 240


def arguments_of(function: str, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """What a function of the kernel takes."""
    return {
        "value": (x,),
        "vjp": (x, ybar),
        "value_and_vjp": (x, ybar),
        "jvp": (x, u),
        "vjp_of_vjp": (x, ybar, u),
    }[function]


def tensors(
    pairs: int, kernel: Any, device: torch.device, dtype: torch.dtype, channels: int = CHANNELS
) -> tuple[torch.Tensor, ...]:
    """x, ybar and u for this many pairs, the same numbers every time on one device."""
    generator = torch.Generator(device).manual_seed(0)
    samples = max(1, pairs // channels)
    shapes = [(samples, rows, channels) for rows in (kernel.dimension, kernel.count, kernel.dimension)]
    return tuple(torch.randn(shape, generator=generator, dtype=dtype, device=device) for shape in shapes)


def as_list(result: Any) -> list[torch.Tensor]:
    """The outputs of a function as a list."""
    return list(result) if isinstance(result, tuple) else [result]


def errors(package: Any, target: str, function: str, dtype: torch.dtype, device: torch.device) -> float:
    """The largest error of any output against float64 on the CPU, relative to the largest value of that output."""
    kernel = package.kernel(dtype=dtype, target=target)
    reference = package.kernel(dtype=torch.float64, target="torch")
    worst = 0.0
    for channels in (CHANNELS, 1):
        given = tensors(CHECKED, kernel, torch.device("cpu"), dtype, channels)
        found = as_list(getattr(kernel, function)(*arguments_of(function, *(t.to(device) for t in given))))
        expected = as_list(getattr(reference, function)(*arguments_of(function, *(t.double() for t in given))))
        for ours, theirs in zip(found, expected, strict=True):
            scale = theirs.abs().amax(dim=(0, 2), keepdim=True).clamp_min(torch.finfo(torch.float64).tiny)
            worst = max(worst, float(((ours.cpu().double() - theirs).abs() / scale).nan_to_num(torch.inf).max()))
    return worst


def timed(function: Callable[[], object], device: torch.device, rounds: int = ROUNDS) -> float:
    """Seconds of one call: the median of several after three that are not counted."""
    times = []
    for round_ in range(rounds + 3):
        if device.type == "cuda":
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            function()
            end.record()
            end.synchronize()
            seconds = begin.elapsed_time(end) / 1000
        else:
            start = time.perf_counter()
            function()
            seconds = time.perf_counter() - start
        if round_ >= 3:
            times.append(seconds)
    return median(times)


def copy_bandwidth(device: torch.device) -> float:
    """Bytes per second, read and written, of a copy on the device."""
    size = COPY_BYTES if device.type == "cuda" else COPY_BYTES >> 4
    source, target = torch.ones(2, size // 4, device=device)
    return 2.0 * size / timed(lambda: target.copy_(source), device)


def moved(given: tuple[torch.Tensor, ...], outputs: list[torch.Tensor]) -> int:
    """The bytes that a call must read and write."""
    return sum(t.numel() * t.element_size() for t in (*given, *outputs))


def measure(kernel: Any, function: str, pairs: int, device: torch.device, channels: int = CHANNELS) -> dict[str, Any]:
    """A float32 call on outputs that are reused: seconds, bytes; from a graph as well where the call is small."""
    given = arguments_of(function, *tensors(pairs, kernel, device, torch.float32, channels))
    call = getattr(kernel, function)
    result = call(*given)
    row = {"pairs": pairs, "channels": channels, "bytes": moved(given, as_list(result))}
    row["seconds"] = timed(lambda: call(*given, out=result), device)
    if device.type == "cuda" and pairs <= 1 << max(GRAPH_EXPONENTS):
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            for _ in range(GRAPH_CALLS):
                call(*given, out=result)
        row["graph_seconds"] = timed(graph.replay, device) / GRAPH_CALLS
    return row


def run_tests() -> dict[str, Any]:
    """`pytest -m gpu` in a process of its own: its exit code and the end of what it said."""
    command = [sys.executable, "-m", "pytest", "-m", "gpu", "-q", "-p", "no:cacheprovider", "tests/test_gpu.py"]
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=TEST_SECONDS)
        code, said = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as error:
        code, said = 124, f"stopped after {TEST_SECONDS} s\n{error.stdout or ''}"
    return {"exit_code": code, "seconds": time.perf_counter() - begin, "said": said[-6000:]}


def build() -> dict[str, Any]:
    """Every kernel of target "cuda": how long it took to build, registers, spills and occupancy."""
    reports: list[dict[str, Any]] = []
    seconds: dict[str, float] = {}
    for name in PACKAGES:
        package = importlib.import_module(name)
        for dtype in TOLERANCE:
            begin = time.perf_counter()
            kernel = package.kernel(dtype=dtype, target="cuda")
            seconds[f"{name} {dtype}"] = time.perf_counter() - begin
            reports += [{"package": name, "dtype": str(dtype), **vars(report)} for report in kernel.build_report()]
            print(*(f"  {name} {report}" for report in kernel.build_report()), sep="\n")
    return {"seconds": seconds, "reports": reports}


def speed(device: torch.device) -> dict[str, Any]:
    """How fast every function of every package is, beside a copy on the same device."""
    bandwidth = copy_bandwidth(device)
    print(f"copy: {bandwidth / 1e12:.2f} TB/s read and written")
    rows = []
    for name in PACKAGES:
        kernel = importlib.import_module(name).kernel(target="cuda")
        for function in MEASURED:
            sizes = [(2**exponent, CHANNELS) for exponent in EXPONENTS] + [(2 ** EXPONENTS[-1], 1)]
            for pairs, channels in sizes:
                rows.append(reported(name, function, measure(kernel, function, pairs, device, channels), bandwidth))
    return {"copy_bytes_per_second": bandwidth, "rows": rows}


def every_kernel(device: torch.device) -> dict[str, dict[str, float]]:
    """Seconds of each kernel by itself on 2^20 pairs, as tuning measures them."""
    from invgen.runtime.gpu.invariants import CudaInvariants

    found = {}
    for name in PACKAGES:
        # A library of its own: tuning must not change the kernels that are measured elsewhere.
        times = CudaInvariants(importlib.import_module(name).kernel(target="cuda").spec).tune(device)
        found[name] = {f"{kernel} {kind}": seconds for (kernel, kind), seconds in times.items()}
        print(*(f"  {name} {key}: {1e6 * seconds:.1f} us" for key, seconds in found[name].items()), sep="\n")
    return found


def reported(name: str, function: str, row: dict[str, Any], bandwidth: float) -> dict[str, Any]:
    """The row with what it means, printed."""
    row = {"package": name, "function": function, **row, "of_copy": row["bytes"] / row["seconds"] / bandwidth}
    graph = f", {1e6 * row['graph_seconds']:6.1f} us in a graph" if "graph_seconds" in row else ""
    print(
        f"{name:14} {function:14} {row['pairs']:8} pairs of {row['channels']:2} channels: "
        f"{1e6 * row['seconds']:9.1f} us, {row['of_copy']:6.1%} of the copy's bandwidth{graph}",
        flush=True,
    )
    return row


def check(device: torch.device, targets: tuple[str, ...]) -> dict[str, Any]:
    """Errors of every package, target, function and dtype, and whether all are within their tolerances."""
    rows, good = [], True
    for name in PACKAGES:
        package = importlib.import_module(name)
        for target in targets:
            for function in FUNCTIONS:
                found = {str(dtype): errors(package, target, function, dtype, device) for dtype in TOLERANCE}
                good &= all(found[str(dtype)] <= TOLERANCE[dtype] for dtype in TOLERANCE)
                rows.append({"package": name, "target": target, "function": function, "errors": found})
                print(f"{name:14} {target:5} {function:14} errors {', '.join(f'{e:.1e}' for e in found.values())}")
    print("all errors are within their tolerances" if good else "AN ERROR IS ABOVE ITS TOLERANCE")
    return {"good": good, "rows": rows}


def moments(device: torch.device) -> dict[str, Any]:
    """Moments of 200,000 pairs, 20 radial functions, 64 features, l <= 3: errors against target c, and seconds."""
    import invgen
    from benchmarks.moments import problem

    made = problem()
    rows, good = [], True
    for form in ("mixed", "environment"):
        l_max = 3 if form == "mixed" else None
        ours, reference = (invgen.compile_moments(l_max, form, target=target) for target in ("cuda", "c"))
        print(*(f"  {report}" for report in ours.build_report()), sep="\n")
        directed, neighbours = form == "mixed", made.neighbours
        given = (made.vectors if directed else None, made.radial, made.mixed if directed else made.features)
        moved, lists = [None if t is None else t.to(device) for t in given], neighbours.to(device)
        value = reference.value(*given, neighbours)
        ybar = ours.value(*moved, lists)
        calls: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
            "value": lambda kernel, x, n, bar: kernel.value(*x, n),
            "vjp": lambda kernel, x, n, bar: kernel.vjp(*x, n, bar),
            "vjp_of_vjp": lambda kernel, x, n, bar: kernel.vjp_of_vjp(*x, n, bar, tuple(x)),
        }
        for function, call in calls.items():
            pairs = zip(
                as_list(call(ours, moved, lists, ybar)), as_list(call(reference, given, neighbours, value)), strict=True
            )
            error = max(
                float((a.cpu() - b).abs().max() / b.abs().max().clamp_min(1e-30)) for a, b in pairs if b.numel()
            )
            good &= error <= SUMS_TOLERANCE
            seconds = timed(partial(call, ours, moved, lists, ybar), device)
            rows.append({"form": form, "function": function, "pairs": neighbours.pairs, "error": error})
            rows[-1]["seconds"] = seconds
            print(
                f"moments {form:11} {function:10}: {1e9 * seconds / neighbours.pairs:.2f} ns a pair, error {error:.1e}"
            )
    return {"good": good, "rows": rows}


def peers(device: torch.device, exponent: int) -> list[dict[str, Any]]:
    """The same polynomials by other means: the torch target, eager and compiled, and hippynn's 13."""
    from benchmarks.peers import hippynn_calls, why_no_hippynn

    kernel = importlib.import_module("hiphop_l3_n4").kernel(target="torch")
    x = tensors(2**exponent, kernel, device, torch.float32)[0]
    calls: dict[str, Callable[[], object]] = {"torch target, eager": lambda: kernel.value(x)}
    if device.type == "cuda":
        compiled = torch.compile(kernel.value, fullgraph=True)
        calls["torch target, compiled"] = lambda: compiled(x)
    reason = why_no_hippynn()
    if reason:
        print(reason)
    else:
        ybar = torch.randn_like(kernel.value(x))
        calls |= hippynn_calls(x, ybar, torch.randn_like(x), kernel)
    rows = []
    for name, call in calls.items():
        try:
            seconds = timed(call, device, rounds=5)
        except Exception as error:
            rows.append({"peer": name, "failed": f"{type(error).__name__}: {error}"[:500]})
        else:
            rows.append({"peer": name, "pairs": 2**exponent, "seconds": seconds})
        print("peer", rows[-1])
    return rows


def main() -> int:
    """Check, measure, print and write; 1 if a stage, a tolerance or a test fails, 2 without the device."""
    from benchmarks.gpu_convolution import convolutions
    from benchmarks.gpu_networks import networks
    from benchmarks.gpu_weighted import weighted
    from invgen.runtime.gpu.device import missing

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write all numbers here")
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--skip-tests", action="store_true", help="do not run pytest -m gpu")
    parser.add_argument("--skip-peers", action="store_true", help="do not time the torch target and hippynn")
    options = parser.parse_args()
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        print(f"torch {torch.__version__} sees no CUDA device; run this on a GPU, or use --device cpu", file=sys.stderr)
        return 2
    device = torch.device(options.device)
    on_gpu = device.type == "cuda"
    if on_gpu:
        torch.cuda.set_device(device)
    card = torch.cuda.get_device_name(device) if on_gpu else platform.processor() or "cpu"
    print(f"{card}, torch {torch.__version__}, Python {platform.python_version()}")
    reason = missing() if on_gpu else "the device is not a GPU"
    if reason:
        print(f"target cuda: skipped, {reason}")
    stages: dict[str, Callable[[], Any]] = {}
    if not reason:
        stages["build"] = build
    stages["errors"] = lambda: check(device, ("torch",) if reason else ("cuda", "torch"))
    if not reason:
        stages["speed"] = lambda: speed(device)
        stages["moments"] = lambda: moments(device)
        stages["weighted"] = lambda: weighted(device, timed)
        stages["convolutions"] = lambda: convolutions(device, timed, copy_bandwidth(device))
        stages["networks"] = lambda: networks(device, timed)
        stages["kernels"] = lambda: every_kernel(device)
        if not options.skip_tests:
            stages["tests"] = run_tests
    if not options.skip_peers:
        stages["peers"] = lambda: peers(device, 20 if on_gpu else 14)
    data: dict[str, Any] = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "card": card,
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "target_cuda": f"skipped: {reason}" if reason else "ran",
        "seconds": {},
    }
    with tempfile.TemporaryDirectory() as cache:
        os.environ["INVGEN_CACHE_DIR"] = cache
        for name, stage in stages.items():
            begin = time.perf_counter()
            try:
                data[name] = stage()
            except Exception:
                # What was measured before and what comes after is worth having on a machine that is lent by the minute.
                data[name] = {"failed": traceback.format_exc()}
                print(data[name]["failed"], flush=True)
            data["seconds"][name] = time.perf_counter() - begin
            print(f"{name}: {data['seconds'][name]:.0f} s", flush=True)
            if options.json is not None:
                options.json.write_text(json.dumps(data, indent=1, default=str) + "\n", encoding="utf-8")
    failed = [name for name in stages if isinstance(data[name], dict) and "failed" in data[name]]
    passed = (
        all(data.get(stage, {}).get("good", stage != "errors") for stage in CHECKED_STAGES)
        and data.get("tests", {}).get("exit_code", 0) == 0
    )
    print(f"failed stages: {', '.join(failed) or 'none'}; errors and tests {'pass' if passed else 'FAIL'}")
    return int(bool(failed) or not passed)


if __name__ == "__main__":
    sys.exit(main())
