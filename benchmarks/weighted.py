"""Weighted kernels beside MACE's symmetric contraction, and kernels of invariants beside e3nn, on one core.

MACE: correlation 3 of 64 x (0e + 1o + 2e + 3o) with 10 species, contracted to 64x0e, and to 64x0e + 64x1o. The kernel
contracts the linear basis to degree 3 and gives the same numbers: MACE's weights are mapped to it by least squares, and
its span is checked in both directions first. e3nn: the 13 members of `optimal_l3_n4` from `o3.TensorProduct` with the
fewest paths that span them; the linear map from its scalars to the members is left out of its time.

"value" is one call; "value, vjp" is the value and the gradient by x; "all three" adds the gradients of the gradient
by x with respect to x, the incoming gradient and (MACE) the weights, which is what training on forces needs. Rows
"with w" ask for the gradients by weights in the first derivative too. Kernels write to reused outputs without autograd;
peers run through autograd, which is how they are used. Times are medians over interleaved calls of one process on one
thread, and they are the processor's time: calls of half a second are never left alone on a machine that is shared.
Ratios are the peer's time over the kernel's.

    python benchmarks/weighted.py [--exponent 15] [--processes 3] [--json FILE] [--history]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import history
from benchmarks.equivariant_peers import E3nnPeer, MacePeer, to_e3nn, why_no_e3nn, why_no_mace
from benchmarks.support import GENERATED, describe, in_fresh_process, machine, summary, table, write_json

CHANNELS, SPECIES, CORRELATION, ROUNDS = 64, 10, 3, 5
OUTPUTS = {"mace 0e": ("0e",), "mace 0e + 1o": ("0e", "1o")}
BARS = {
    "mace 0e": {"value": 400.0, "value, vjp": 250.0, "all three": 130.0},
    "e3nn": {"value": 400.0, "value, vjp": 200.0, "all three": 100.0},
}
HALVED = {"mace 0e + 1o": 2}
"""How often the number of samples is halved where MACE needs gigabytes."""

SHORT = 10.0
"""Milliseconds for which a call is repeated in each turn."""

Calls = dict[str, Callable[[], object]]


def interleaved(calls: Calls) -> dict[str, float]:
    """The median milliseconds of processor time of each call, over `ROUNDS` turns of an untimed and a few timed calls.

    A kernel after a peer that has gone through gigabytes would pay for the peer's cold cache and returned pages: short
    calls are timed several times in a row.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            call()
            spent = 0.0
            while spent < SHORT:
                begin = time.process_time_ns()
                call()
                times[name].append(1e-6 * (time.process_time_ns() - begin))
                spent += times[name][-1]
    return {name: median(found) for name, found in times.items()}


def measure_mace(outputs: tuple[str, ...], exponent: int) -> dict[str, Any]:
    """One process: the weighted kernel and MACE's layer on the same samples, one thread."""
    import torch

    from invgen import TensorSpace, compile_weighted, generate

    torch.set_num_threads(1)
    space = TensorSpace("0e + 1o + 2e + 3o")
    bases = [generate(space, CORRELATION, select="linear", outputs=o, convention="e3nn_component") for o in outputs]
    kernel = compile_weighted(bases, SPECIES)
    peer = MacePeer(bases, outputs, CORRELATION, CHANNELS, SPECIES)
    samples, seeded = 2**exponent // CHANNELS, torch.Generator().manual_seed(1)
    species = torch.randint(SPECIES, (samples,), generator=seeded)
    x, u = (torch.randn(samples, kernel.dimension, CHANNELS, generator=seeded) for _ in range(2))
    w, v = peer.w, torch.randn(peer.w.shape, generator=seeded)
    ybar = torch.randn(samples, kernel.rows, CHANNELS, generator=seeded)
    y, xbar, wbar, grad_x, grad_w, grad_ybar = (torch.empty_like(t) for t in (ybar, x, w, x, w, ybar))
    second = (grad_x, grad_w, grad_ybar)
    ours: Calls = {
        "value": lambda: kernel.value(x, w, species, out=y),
        "vjp_x": lambda: kernel.vjp_x(x, w, species, ybar, out=xbar),
        "vjp": lambda: kernel.vjp(x, w, species, ybar, out=(xbar, wbar)),
        "vjp_of_vjp_x": lambda: kernel.vjp_of_vjp(x, w, species, ybar, u, out=second),
        "vjp_of_vjp": lambda: kernel.vjp_of_vjp(x, w, species, ybar, u, v, out=second),
    }
    leaf = x.transpose(1, 2).contiguous().requires_grad_()
    element = torch.nn.functional.one_hot(species, SPECIES).float()
    parts = [(len(b.output_names) // len(b)) * CHANNELS for b in bases]
    # MACE's results: for each output all channels, components last.
    theirs = torch.cat([b.transpose(1, 2).flatten(1) for b in ybar.split([p // CHANNELS for p in parts], 1)], 1)
    theirs.requires_grad_()
    direction = u.transpose(1, 2).contiguous()
    weights = [p for p in peer.module.parameters() if p.requires_grad]
    directions = [torch.randn(p.shape, generator=seeded) for p in weights]

    def value() -> torch.Tensor:
        with torch.no_grad():
            return peer.module(leaf, element)

    def gradient(by: list[torch.Tensor], create_graph: bool = False) -> tuple[torch.Tensor, ...]:
        return torch.autograd.grad(peer.module(leaf, element), by, theirs, create_graph=create_graph)

    def all_three(by: list[torch.Tensor], along: list[torch.Tensor]) -> tuple[torch.Tensor, ...]:
        wanted = [leaf, theirs, *weights]
        return torch.autograd.grad(gradient(by, create_graph=True), wanted, along, allow_unused=True)

    peers: Calls = {
        "peer value": value,
        "peer value, vjp": lambda: gradient([leaf]),
        "peer all three": lambda: all_three([leaf], [direction]),
        "peer value, vjp, with w": lambda: gradient([leaf, *weights]),
        "peer all three, with w": lambda: all_three([leaf, *weights], [direction, *directions]),
    }
    _compare(kernel.value(x, w, species), value().split(parts, 1))
    times = interleaved(ours | peers)
    rows = {
        "value": times["value"],
        "value, vjp": times["value"] + times["vjp_x"],
        "all three": times["value"] + times["vjp_x"] + times["vjp_of_vjp_x"],
        "value, vjp, with w": times["value"] + times["vjp"],
        "all three, with w": times["value"] + times["vjp"] + times["vjp_of_vjp"],
    }
    sizes = {"our weights": kernel.weights, "their weights": peer.paths}
    return {"milliseconds": times, "pairs": samples * CHANNELS, **_ratios(rows, times), **sizes}


def measure_e3nn(exponent: int) -> dict[str, Any]:
    """One process: the kernel of `optimal_l3_n4` and e3nn's tensor products on the same samples, one thread."""
    import torch

    from invgen import Basis, compile

    torch.set_num_threads(1)
    basis = Basis.load(GENERATED / "optimal_l3_n4" / "basis.json").with_convention("e3nn_component")
    kernel, peer = compile(basis), E3nnPeer(basis, CHANNELS)
    samples, seeded = 2**exponent // CHANNELS, torch.Generator().manual_seed(1)
    x, u = (torch.randn(samples, 16, CHANNELS, generator=seeded) for _ in range(2))
    ybar = torch.randn(samples, len(basis), CHANNELS, generator=seeded)
    y, xbar, grad_x, grad_ybar = (torch.empty_like(t) for t in (ybar, x, x, ybar))
    ours: Calls = {
        "value": lambda: kernel.value(x, out=y),
        "vjp": lambda: kernel.vjp(x, ybar, out=xbar),
        "vjp_of_vjp": lambda: kernel.vjp_of_vjp(x, ybar, u, out=(grad_x, grad_ybar)),
    }
    leaf, direction = (to_e3nn(t.transpose(1, 2)) for t in (x, u))
    leaf.requires_grad_()
    bar = torch.randn(peer(leaf).shape, generator=seeded).requires_grad_()

    def value() -> torch.Tensor:
        with torch.no_grad():
            return peer(leaf)

    def gradient(create_graph: bool = False) -> torch.Tensor:
        return torch.autograd.grad(peer(leaf), leaf, bar, create_graph=create_graph)[0]

    peers: Calls = {
        "peer value": value,
        "peer value, vjp": gradient,
        "peer all three": lambda: torch.autograd.grad(gradient(create_graph=True), (leaf, bar), direction),
    }
    times = interleaved(ours | peers)
    rows = {"value": times["value"], "value, vjp": times["value"] + times["vjp"]}
    rows["all three"] = rows["value, vjp"] + times["vjp_of_vjp"]
    return {"milliseconds": times, "pairs": samples * CHANNELS, **_ratios(rows, times), "paths": peer.paths}


def _compare(ours: Any, theirs: Any) -> None:
    """Raises `RuntimeError` where the kernel and MACE give different numbers: the comparison would mean nothing."""
    import torch

    parts = [part.unflatten(1, (CHANNELS, -1)).transpose(1, 2) for part in theirs]
    other = torch.cat(parts, 1)
    difference = float((ours - other).abs().max() / other.abs().max())
    if difference > 1e-5:  # float32 on both sides, and weights that were fitted
        raise RuntimeError(f"the kernel differs from MACE by {difference:.1e} of the largest value")


def _ratios(rows: dict[str, float], times: dict[str, float]) -> dict[str, Any]:
    ratios = {name: times[f"peer {name}"] / ours for name, ours in rows.items()}
    return {"ours": rows, "peers": {name: times[f"peer {name}"] for name in rows}, "ratios": ratios}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Every comparison that can be made here, each in fresh processes; reasons for those that cannot."""
    found: dict[str, Any] = {"skipped": [why for why in (why_no_mace(), why_no_e3nn()) if why]}
    names = [*(OUTPUTS if why_no_mace() is None else ()), *(("e3nn",) if why_no_e3nn() is None else ())]
    for name in names:
        arguments = ("--one", name, "--exponent", str(options.exponent - HALVED.get(name, 0)))
        environment = {"OMP_WAIT_POLICY": "PASSIVE"}
        found[name] = [
            in_fresh_process(Path(__file__), *arguments, environment=environment) for _ in range(options.processes)
        ]
    return found


def show(results: dict[str, Any]) -> str:
    """The results as tables: nanoseconds per sample and channel, and ratios over processes."""
    parts = list(results["skipped"])
    for name, runs in results.items():
        if name == "skipped":
            continue
        rows = []
        for label in runs[0]["ratios"]:
            ratio = summary(run["ratios"][label] for run in runs)
            ours, theirs = (
                summary(1e6 * run[who][label] / run["pairs"] for run in runs)["median"] for who in ("ours", "peers")
            )
            bar = BARS.get(name, {}).get(label)
            verdict = "-" if bar is None else f">= {bar:g}: {'met' if ratio['median'] >= bar else 'MISSED'}"
            numbers = [f"{ratio[key]:.0f}" for key in ("best", "median", "worst")]
            rows.append([label, f"{ours:.1f}", f"{theirs:.0f}", *numbers, verdict])
        extra = {k: v for k, v in runs[0].items() if k in ("our weights", "their weights", "paths")}
        parts.append(f"{name} ({', '.join(f'{k}: {v}' for k, v in extra.items())})")
        parts.append(table(["calls", "kernel, ns", "peer, ns", "least", "median", "greatest", "bar"], rows))
    return "\n\n".join(parts)


def condensed(results: dict[str, Any]) -> dict[str, dict[str, history.Measured]]:
    """What history keeps: the kernel's nanoseconds per sample and channel for each row, over the processes."""
    kept: dict[str, dict[str, history.Measured]] = {}
    for name, runs in results.items():
        for label in runs[0]["ours"] if name != "skipped" else ():
            spread = summary(1e6 * run["ours"][label] / run["pairs"] for run in runs)
            measured = history.Measured(best=round(spread["best"], 4), worst=round(spread["worst"], 4))
            kept.setdefault(name, {})[f"{label}, ns"] = measured
    return kept


def main() -> None:
    """Measure, print the tables, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--exponent",
        type=int,
        default=15,
        help="(sample, channel) pairs are 2^exponent (default 15), a quarter for 0e + 1o",
    )
    parser.add_argument("--processes", type=int, default=3, help="fresh processes per measurement (default 3)")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--history", action="store_true", help="keep the numbers in benchmarks/history/")
    parser.add_argument("--one", metavar="WHAT", help="measure one comparison once, and print JSON")
    options = parser.parse_args()
    if options.one:
        one = options.one
        found = measure_e3nn(options.exponent) if one == "e3nn" else measure_mace(OUTPUTS[one], options.exponent)
        print(json.dumps(found))
        return
    where = machine()
    results = measure(options)
    print(describe(where))
    print(f"float32, {CHANNELS} channels, {SPECIES} species, one thread, {options.processes} processes.\n")
    print(show(results))
    write_json(options.json, {"machine": where, "results": results})
    if options.history:
        print(f"\nkept as {history.keep('weighted', where, condensed(results)).name}")


if __name__ == "__main__":
    main()
