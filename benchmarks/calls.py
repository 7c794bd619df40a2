"""What a call costs beside the arithmetic: one sample, one channel, by who registers the operators.

    python benchmarks/calls.py [--json calls.json]

Microseconds, the smallest of several medians' worth of calls: overhead is what remains when nothing disturbs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "generated")]

import hiphop_l3_n4  # noqa: E402

from invgen.runtime.operators import NAMESPACE, operator_name  # noqa: E402

CALLS, ROUNDS = 500, 20
# Who registers is decided once per kernel and process: each has a dtype of its own, which makes no difference here.
REGISTRATIONS = {"python": torch.float64, "c++": torch.float32}


def microseconds(function: Callable[[], object]) -> float:
    """The time of one call, the smallest of `ROUNDS` means."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            function()
        best = min(best, (time.perf_counter() - start) / CALLS)
    return best * 1e6


def measure(registration: str, dtype: torch.dtype) -> dict[str, float]:
    """Each way of calling the value of one sample."""
    kernel = hiphop_l3_n4.kernel(dtype=dtype, registration=registration)
    operator: Any = getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, "value")).default
    x = torch.randn(1, 16, 1, dtype=dtype)
    recorded = x.clone().requires_grad_()
    below = torch._C._AutoDispatchBelowAutograd

    def operator_alone() -> None:
        with below():
            operator(x)

    return {
        "bare method kernel.value(x)": microseconds(lambda: kernel.value(x)),
        "operator, derivatives not recorded": microseconds(operator_alone),
        "kernel(x)": microseconds(lambda: kernel(x)),
        "kernel(x).sum().backward()": microseconds(lambda: kernel(recorded).sum().backward()),
    }


def main() -> None:
    """Measure, print a table, and write the JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    results = {name: measure(name, dtype) for name, dtype in REGISTRATIONS.items()}
    print("| one sample, one channel, us | " + " | ".join(results) + " |")
    print("|---|" + "---|" * len(results))
    for row in results["python"]:
        print(f"| {row} | " + " | ".join(f"{results[name][row]:.1f}" for name in results) + " |")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
