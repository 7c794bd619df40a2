"""Everything that runs on a GPU, checked against float64 and measured, in one command.

The torch target is the one that runs on a GPU today. For each checked-in package and function this holds float32 and
float64 on the device against float64 on the CPU, and measures eager calls and calls under torch.compile as multiples
of a device-to-device copy of the same bytes. Errors are relative to the largest value of each output.

    python benchmarks/gpu.py --json gpu.json [--exponent 20] [--device cuda:0]

A plain checkout with torch, numpy, platformdirs and filelock is enough. `--device cpu` runs the same checks without a
GPU, to test this script.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "generated")]

PACKAGES = ("optimal_l2_n4", "optimal_l3_n4", "hiphop_l3_n4")
FUNCTIONS = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")
CHANNELS = 64
CHECKED = 4096
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-13}
"""Of the largest value of each output: some hundred roundings of 2^-24 and 2^-53."""
ROUNDS = 20


def arguments_of(function: str, x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """What a function of the kernel takes."""
    return {
        "value": (x,),
        "vjp": (x, ybar),
        "value_and_vjp": (x, ybar),
        "jvp": (x, u),
        "vjp_of_vjp": (x, ybar, u),
    }[function]


def tensors(samples: int, dimension: int, count: int, dtype: torch.dtype) -> tuple[torch.Tensor, ...]:
    """x, ybar and u for this many samples, the same numbers on every machine; made on the CPU."""
    generator = torch.Generator().manual_seed(0)
    rows = max(1, samples // CHANNELS)
    shapes = ((rows, dimension, CHANNELS), (rows, count, CHANNELS), (rows, dimension, CHANNELS))
    return tuple(torch.randn(shape, generator=generator, dtype=dtype) for shape in shapes)


def as_list(result: Any) -> list[torch.Tensor]:
    """The outputs of a function as a list."""
    return list(result) if isinstance(result, tuple) else [result]


def errors(package: Any, function: str, dtype: torch.dtype, device: torch.device) -> float:
    """The largest error of any output against float64 on the CPU, relative to the largest value of that output."""
    kernel = package.kernel(dtype=dtype, target="torch")
    reference = package.kernel(dtype=torch.float64, target="torch")
    given = tensors(CHECKED, kernel.dimension, kernel.count, dtype)
    found = as_list(getattr(kernel, function)(*arguments_of(function, *(t.to(device) for t in given))))
    expected = as_list(getattr(reference, function)(*arguments_of(function, *(t.double() for t in given))))
    worst = 0.0
    for ours, theirs in zip(found, expected, strict=True):
        scale = theirs.abs().amax(dim=(0, 2), keepdim=True).clamp_min(torch.finfo(torch.float64).tiny)
        worst = max(worst, float(((ours.cpu().double() - theirs).abs() / scale).max()))
    return worst


def timed(function: Callable[[], object], device: torch.device) -> float:
    """Seconds of one call: the median of several after three that are not counted."""
    times = []
    for round_ in range(ROUNDS + 3):
        if device.type == "cuda":
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            begin.record()
            function()
            end.record()
            torch.cuda.synchronize(device)
            seconds = begin.elapsed_time(end) / 1000
        else:
            start = time.perf_counter()
            function()
            seconds = time.perf_counter() - start
        if round_ >= 3:
            times.append(seconds)
    return median(times)


def measure(package: Any, function: str, samples: int, device: torch.device, compiled: bool) -> dict[str, float]:
    """Seconds of a float32 call and of a copy of the same bytes."""
    kernel = package.kernel(dtype=torch.float32, target="torch")
    given = arguments_of(
        function, *(t.to(device) for t in tensors(samples, kernel.dimension, kernel.count, torch.float32))
    )
    call = getattr(kernel, function)
    run = torch.compile(call, fullgraph=True) if compiled else call
    outputs = as_list(run(*given))
    moved = sum(t.numel() for t in (*given, *outputs)) // 2
    source, target = torch.empty(2, moved, device=device)
    seconds = timed(lambda: run(*given), device)
    copy = timed(lambda: target.copy_(source), device)
    return {"seconds": seconds, "copy_seconds": copy, "copies": seconds / copy, "bytes": 8.0 * moved}


def main() -> int:
    """Check, measure, print and write; 1 if an error is above its tolerance, 2 without the device."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write all numbers here")
    parser.add_argument("--exponent", type=int, default=20, help="2^exponent samples are timed; default: 20")
    parser.add_argument("--device", default="cuda:0")
    options = parser.parse_args()
    if options.device.startswith("cuda") and not torch.cuda.is_available():
        print(f"torch {torch.__version__} sees no CUDA device; run this on a GPU, or use --device cpu", file=sys.stderr)
        return 2
    device = torch.device(options.device)
    card = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or "cpu"
    print(f"{card}, torch {torch.__version__}")
    rows, failed = [], False
    for name in PACKAGES:
        package = importlib.import_module(name)
        for function in FUNCTIONS:
            found = {str(dtype): errors(package, function, dtype, device) for dtype in TOLERANCE}
            failed |= any(found[str(dtype)] > TOLERANCE[dtype] for dtype in TOLERANCE)
            row: dict[str, Any] = {"package": name, "function": function, "errors": found}
            for mode in ("eager", "compiled"):
                row[mode] = measure(package, function, 2**options.exponent, device, mode == "compiled")
            rows.append(row)
            print(
                f"{name:14} {function:14} error {found['torch.float32']:.1e} {found['torch.float64']:.1e}"
                f"   eager {row['eager']['copies']:7.1f} copies   compiled {row['compiled']['copies']:6.2f} copies",
                flush=True,
            )
    if options.json is not None:
        day = datetime.now(tz=UTC).date().isoformat()
        data = {"date": day, "card": card, "torch": torch.__version__, "exponent": options.exponent, "rows": rows}
        options.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print("an error is above its tolerance" if failed else "all errors are within their tolerances")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
