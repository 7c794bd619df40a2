"""What `benchmarks/gpu.py` does with weighted contractions, with a gather and without: errors, seconds, equal bits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

import invgen
from invgen.nn.bilinear import bilinear_bases
from invgen.runtime.families.gathered import GATHERED
from invgen.runtime.families.weighted import WEIGHTED

SAMPLES, CHANNELS, SPECIES = 1 << 15, 64, 3
CHECKED, EDGES, NEIGHBOURS, EDGE_CHANNELS = 1 << 12, 1 << 17, 54, 32
"""With a gather: samples that are compared and timed, samples of each row, and channels."""
HARMONICS = ("0e", "1o", "2e")
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-12}
"""Of the largest value of each result: sums over thousands of samples in two orders."""

Timed = Callable[[Callable[[], object], torch.device], float]


def weighted(device: torch.device, timed: Timed) -> dict[str, Any]:
    """Invariants and vectors of 1o + 2e to degree 3 by species, and Allegro's product of tensors up to l = 2.

    Args:
        device: the GPU.
        timed: (call, device) -> seconds.
    """
    rows = [*_by_species(device, timed), *_gathered(device, timed)]
    for row in rows:
        print("weighted", *(f"{name} {value}" for name, value in row.items()), flush=True)
    return {"good": all(row.get("error", 0.0) <= row.get("allowed", 0.0) for row in rows), "rows": rows}


def _by_species(device: torch.device, timed: Timed) -> list[dict[str, Any]]:
    """Errors against target c, and seconds."""
    bases = [invgen.generate(invgen.TensorSpace("1o + 2e"), 3, select="linear", outputs=each) for each in ("0e", "1o")]
    ours, reference = (invgen.compile_weighted(bases, SPECIES, target) for target in ("cuda", "c"))
    generator = torch.Generator().manual_seed(0)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, CHANNELS, generator=generator)

    given = {name: normal(SAMPLES, ours.dimension) for name in ("x", "u")}
    given |= {name: normal(SPECIES, ours.weights) for name in ("w", "v")}
    given |= {"ybar": normal(SAMPLES, ours.rows), "species": torch.randint(SPECIES, (SAMPLES,), generator=generator)}
    rows = []
    for function in ("value", "vjp", "vjp_of_vjp"):
        arguments = [given[name] for name in WEIGHTED.tensors(WEIGHTED.by_name[function])]
        call = partial(getattr(ours, function), *(tensor.to(device) for tensor in arguments))
        error = _error(call(), getattr(reference, function)(*arguments))
        rows.append({"function": function, "samples": SAMPLES, "error": error, "allowed": TOLERANCE[torch.float32]})
        rows.append({"function": function, "samples": SAMPLES, "seconds": timed(call, device)})
    return rows


def _gathered(device: torch.device, timed: Timed) -> list[dict[str, Any]]:
    """Errors against target torch in float64 and whether bits are the same again; seconds of targets cuda and torch."""
    make = partial(invgen.compile_weighted, bilinear_bases(HARMONICS, HARMONICS, HARMONICS), gather="b")
    reference = make(target="torch", dtype=torch.float64)
    rows: list[dict[str, Any]] = []
    for dtype, allowed in TOLERANCE.items():
        ours, given = make(target="cuda", dtype=dtype), _edges(reference, CHECKED)
        print(*(f"  {report}" for report in ours.build_report()), sep="\n")
        for function in ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp"):
            arguments = [given[name] for name in GATHERED.tensors(GATHERED.by_name[function])]
            call = partial(getattr(ours, function), *_moved(arguments, device, dtype))
            found = _as_list(call())
            error = _error(found, getattr(reference, function)(*arguments))
            # A call that gives other bits the second time fails, whatever its error.
            same = all(torch.equal(a, b) for a, b in zip(found, _as_list(call()), strict=True))
            rows.append({"function": f"gathered {function}", "dtype": str(dtype), "same_bits": same})
            rows[-1] |= {"error": error if same else float("inf"), "allowed": allowed}
    for target in ("cuda", "torch"):
        kernel, given = make(target=target, dtype=torch.float32), _edges(reference, EDGES)
        for function in ("value", "vjp", "vjp_of_vjp"):
            arguments = [given[name] for name in GATHERED.tensors(GATHERED.by_name[function])]
            call = partial(getattr(kernel, function), *_moved(arguments, device, torch.float32))
            row = {"function": f"gathered {function}", "target": target, "samples": EDGES}
            rows.append({**row, "seconds": timed(call, device)})
    return rows


def _edges(kernel: Any, edges: int) -> dict[str, torch.Tensor]:
    """Arguments by name, float64 on the CPU: every row has its own edges, which stand together as those of atoms do."""
    generator = torch.Generator().manual_seed(0)
    sizes = {"x": (edges, kernel.dimension), "z": (-(-edges // NEIGHBOURS), kernel.gathered), "w": (kernel.weights,)}
    sizes |= {"u": sizes["x"], "t": sizes["z"], "v": sizes["w"], "ybar": (edges, kernel.rows)}
    given = {
        name: torch.randn(*size, EDGE_CHANNELS, generator=generator, dtype=torch.float64)
        for name, size in sizes.items()
    }
    return given | {"index": torch.arange(edges) // NEIGHBOURS}


def _moved(tensors: list[torch.Tensor], device: torch.device, dtype: torch.dtype) -> list[torch.Tensor]:
    return [tensor.to(device, dtype if tensor.is_floating_point() else None) for tensor in tensors]


def _error(found: Any, wanted: Any) -> float:
    """The largest difference of any result, of its largest value."""
    return max(
        float((a.cpu().double() - b.double()).abs().max() / b.double().abs().max())
        for a, b in zip(_as_list(found), _as_list(wanted), strict=True)
    )


def _as_list(result: Any) -> list[torch.Tensor]:
    return [result] if isinstance(result, torch.Tensor) else list(result)
