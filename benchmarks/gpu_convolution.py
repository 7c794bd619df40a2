"""What `benchmarks/gpu.py` does with convolutions: errors of both dtypes, seconds, and bytes beside a copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch

import invgen
from benchmarks.convolution import CASES, MESSAGES, ConvolutionProblem, functions, problem

CHECKED, TIMED, NEIGHBOURS = 192, 4096, 54
"""Atoms whose sums are compared with target c in float64, atoms that are timed, and neighbours of each."""
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-12}
"""Of the largest value of each result: sums of thousands of products in two orders."""


def convolutions(
    device: torch.device, timed: Callable[[Callable[[], object], torch.device], float], bandwidth: float
) -> dict[str, Any]:
    """Convolutions with vectors and harmonics up to rank 3.

    Args:
        device: the GPU.
        timed: (call, device) -> seconds.
        bandwidth: bytes per second of a copy on the device.
    """
    rows: list[dict[str, Any]] = []
    good = True
    for irreps, channels in CASES:
        make = partial(invgen.compile_convolution, irreps, 3, MESSAGES)
        for row in (*_errors(make, channels, device), *_times(make, channels, device, timed, bandwidth)):
            good &= row.get("error", 0.0) <= row.get("allowed", 0.0)
            rows.append({"features": f"{channels}x({irreps})", **row})
            print("convolution", *(f"{name} {value}" for name, value in rows[-1].items()), flush=True)
    return {"good": good, "rows": rows}


def _errors(make: Any, channels: int, device: torch.device) -> list[dict[str, Any]]:
    reference = make(dtype=torch.float64)
    exact = _moved(problem(reference, CHECKED, NEIGHBOURS, channels), torch.device("cpu"), torch.float64)
    wanted = {name: _as_list(call()) for name, call in functions(reference, exact).items()}
    rows = []
    for dtype, allowed in TOLERANCE.items():
        ours = make(dtype=dtype, target="cuda")
        print(*(f"  {report}" for report in ours.build_report()), sep="\n")
        for name, call in functions(ours, _moved(exact, device, dtype)).items():
            both = zip(_as_list(call()), wanted[name], strict=True)
            error = max(float((a.cpu().double() - b).abs().max() / b.abs().max()) for a, b in both)
            rows.append({"function": name, "dtype": str(dtype), "error": error, "allowed": allowed})
    return rows


def _times(make: Any, channels: int, device: torch.device, timed: Any, bandwidth: float) -> list[dict[str, Any]]:
    kernel = make(target="cuda")
    given = _moved(problem(kernel, TIMED, NEIGHBOURS, channels), device, torch.float32)
    read = {"value": given.points, "vjp": (*given.points, given.ybar)}
    read["vjp_of_vjp"] = (*read["vjp"], *given.along)
    rows = []
    for name, call in functions(kernel, given).items():
        size = sum(tensor.numel() * tensor.element_size() for tensor in (*read[name], *_as_list(call())))
        seconds, pairs = timed(call, device), given.neighbours.pairs
        rows.append(
            {
                "function": name,
                "pairs": pairs,
                "seconds": seconds,
                "ns_per_pair": 1e9 * seconds / pairs,
                "of_copy": size / seconds / bandwidth,
            }
        )
    return rows


def _moved(given: ConvolutionProblem, device: torch.device, dtype: torch.dtype) -> ConvolutionProblem:
    points, along = (tuple(tensor.to(device, dtype) for tensor in three) for three in (given.points, given.along))
    return replace(
        given,
        neighbours=given.neighbours.to(device),
        points=points,
        along=along,
        ybar=given.ybar.to(device, dtype),
    )


def _as_list(result: Any) -> list[torch.Tensor]:
    return list(result) if isinstance(result, tuple) else [result]
