"""Convolutions alone on one core: nanoseconds per pair, multiply-adds per nanosecond, and e3nn's tensor product.

Features are 128x0e, 128x(0e + 1o) and 64x(0e + 1o + 2e), harmonics are given up to rank 3, messages have natural parity
and rank 3 at most: the convolutions of MACE and NequIP. Systems are 192 atoms with 54 neighbours and 64 atoms with 32,
in float32. e3nn computes the same sums: `o3.TensorProduct` ("uvu") of gathered features, and `index_add`. Both are
compared up to the signs of paths before anything is timed. The functions are the value; vjp, gradients by harmonics,
weights and features; and vjp_of_vjp, gradients of <u, vjp> by all of these and by the cotangent. e3nn runs them through
autograd, with the value each time; ours are bare functions.

Multiply-adds are those with the entries of the matrices of a pair, per channel: one for each entry in the value, two in
vjp, six in vjp_of_vjp. The peak is what a loop of multiply-adds on 12 registers reaches in the same process. Times are
the least of several turns and the processor's time, on one thread.

    PYTHONPATH=.peers/mace python -m benchmarks.convolution [--rounds 5] [--json FILE]

`make test-peers` makes the folder; any e3nn that imports will do, and where there is none its column stays empty.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import invgen
from benchmarks.equivariant_peers import why_no_e3nn
from benchmarks.support import describe, machine, table, write_json
from invgen.compiler.convolution import job_of
from invgen.runtime import ConvolutionKernel, Neighbours
from invgen.runtime.build.compilers import compile_library, find_compiler

CASES = (("0e", 128), ("0e + 1o", 128), ("0e + 1o + 2e", 64))
"""Irreps of the features, and channels."""
SYSTEMS = ((192, 54), (64, 32))
"""Atoms, and neighbours of each."""
HARMONICS = MESSAGES = "0e + 1o + 2e + 3o"
PRODUCTS = {"value": 1, "vjp": 2, "vjp_of_vjp": 6}
"""Multiply-adds for each entry of a matrix and channel."""
CLOSE = 1e-4
"""float32 sums of some hundred products of numbers of order one, relative to the largest."""
SHORT = 0.02
"""Seconds for which a call is repeated in each turn."""

PEAK = """
#include <stdint.h>
#if defined(__AVX512F__)
enum { BYTES = 64 };
#elif defined(__AVX__)
enum { BYTES = 32 };
#else
enum { BYTES = 16 };
#endif
typedef float vector __attribute__((vector_size(BYTES)));
/* Twelve chains of multiply-adds: as many as hide the latency of two units. Returns how many were done. */
int64_t run(int64_t rounds, float *out)
{
    vector s[12], a = {0}, b = {0};
    for (int k = 0; k < 12; ++k)
        for (int lane = 0; lane < (int)(BYTES / 4); ++lane)
            s[k][lane] = k + lane;
    a += out[0];
    b += out[1];
    for (int64_t round = 0; round < rounds; ++round)
        for (int k = 0; k < 12; ++k)
            s[k] = s[k] * a + b;
    for (int k = 0; k < 12; ++k)
        for (int lane = 0; lane < (int)(BYTES / 4); ++lane)
            out[2] += s[k][lane];
    return rounds * 12 * (int64_t)(BYTES / 4);
}
"""

Calls = dict[str, Callable[[], Any]]


@dataclass(frozen=True)
class ConvolutionProblem:
    """The tensors that all take: harmonics (or vectors), weights and features, and changes of them."""

    neighbours: Neighbours
    points: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    along: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    ybar: torch.Tensor


def problem(kernel: ConvolutionKernel, atoms: int, each: int, channels: int) -> ConvolutionProblem:
    """Every atom has the next `each` of a ring as neighbours; directions, weights and features are random."""
    generator = torch.Generator().manual_seed(0)
    receivers = torch.arange(atoms).repeat_interleave(each)
    index = (receivers + torch.arange(1, each + 1).repeat(atoms)) % atoms
    neighbours = Neighbours.from_receivers(receivers, index, atoms)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    def three() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        first = torch.nn.functional.normalize(normal(neighbours.pairs, kernel.coordinates))
        weights = normal(neighbours.pairs, kernel.weights, channels)
        return first, weights, normal(atoms, kernel.dimension, channels)

    return ConvolutionProblem(neighbours, three(), three(), normal(atoms, kernel.rows, channels))


def functions(kernel: ConvolutionKernel, given: ConvolutionProblem) -> Calls:
    """The bare functions of a kernel."""
    lists = given.neighbours
    return {
        "value": lambda: kernel.value(*given.points, lists),
        "vjp": lambda: kernel.vjp(*given.points, lists, given.ybar),
        "vjp_of_vjp": lambda: kernel.vjp_of_vjp(*given.points, lists, given.ybar, given.along),
    }


class E3nnConvolution:
    """The same sums by e3nn's tensor product; its layout is (sources, irrep by irrep, channel, component)."""

    def __init__(self, kernel: ConvolutionKernel, channels: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if importlib.util.find_spec("mace") is not None:
                importlib.import_module("mace")  # e3nn 0.4.4 imports on this torch after it alone
            from e3nn import o3

        self.ranks = [int(irrep[:-1]) for irrep in kernel.spec.irreps.split(" + ")]
        sources, harmonics = kernel.spec.irreps.split(" + "), HARMONICS.split(" + ")
        self.channels, self.paths = channels, kernel.paths
        self.product = o3.TensorProduct(
            " + ".join(f"{channels}x{irrep}" for irrep in sources),
            HARMONICS,
            " + ".join(f"{channels}x{path.target}" for path in kernel.paths),
            [
                (sources.index(path.source), harmonics.index(path.harmonic), k, "uvu", True)
                for k, path in enumerate(kernel.paths)
            ],
            irrep_normalization="component",
            path_normalization="none",
            internal_weights=False,
            shared_weights=False,
        )

    def features(self, ours: torch.Tensor) -> torch.Tensor:
        """Ours, (sources, rows, channels), in e3nn's layout."""
        blocks = ours.split([2 * l + 1 for l in self.ranks], 1)
        return torch.cat([block.mT.flatten(1) for block in blocks], 1)

    def __call__(
        self, harmonics: torch.Tensor, weights: torch.Tensor, features: torch.Tensor, lists: Neighbours
    ) -> torch.Tensor:
        """(receivers, irrep by irrep, channel, component)."""
        messages = self.product(features[lists.index], harmonics, weights)
        return messages.new_zeros(lists.atoms, messages.shape[1]).index_add(0, lists.receivers, messages)

    def checked(self, kernel: ConvolutionKernel, given: ConvolutionProblem) -> None:
        """Both give the same sums, up to a sign for each path.

        Raises:
            RuntimeError: they do not; then the comparison would mean nothing.
        """
        first, weights, features = given.points
        sums = self(first, weights.flatten(1), self.features(features), given.neighbours)
        found = kernel.value(*given.points, given.neighbours)
        blocks = {block.irrep: block for block in kernel.blocks}
        copies = dict.fromkeys(blocks, 0)
        sizes = [(2 * int(path.target[:-1]) + 1) * self.channels for path in self.paths]
        for path, theirs in zip(self.paths, sums.split(sizes, 1), strict=True):
            block = blocks[path.target]
            ours = found[:, block.rows].unflatten(1, (-1, block.copies))[:, :, copies[path.target]]
            theirs = theirs.unflatten(1, (self.channels, -1)).mT
            copies[path.target] += 1
            difference = min(float((ours - sign * theirs).abs().max()) for sign in (1, -1))
            if difference > CLOSE * float(ours.abs().max()):
                raise RuntimeError(f"e3nn differs on {path} by {difference:.1e}")

    def functions(self, given: ConvolutionProblem) -> Calls:
        """What the bare functions compute, through autograd."""
        first, weights, features = given.points
        points = [each.detach().requires_grad_() for each in (first, weights.flatten(1), self.features(features))]
        along = [given.along[0], given.along[1].flatten(1), self.features(given.along[2])]
        ybar = torch.randn_like(self(*points, given.neighbours)).requires_grad_()

        def gradients(create_graph: bool = False) -> tuple[torch.Tensor, ...]:
            value = self(*points, given.neighbours)
            return torch.autograd.grad(value, points, ybar, create_graph=create_graph)

        def second() -> tuple[torch.Tensor, ...]:
            return torch.autograd.grad(gradients(create_graph=True), [*points, ybar], along)

        def value() -> torch.Tensor:
            with torch.no_grad():
                return self(*points, given.neighbours)

        return {"value": value, "vjp": gradients, "vjp_of_vjp": second}


def peak() -> float:
    """Multiply-adds per nanosecond of one core that does nothing else, in float32."""
    with tempfile.TemporaryDirectory() as folder:
        text, library = Path(folder) / "peak.c", Path(folder) / "peak.so"
        text.write_text(PEAK, encoding="utf-8")
        compile_library(find_compiler(), text, library, Path(folder) / "log.txt")
        run = ctypes.CDLL(str(library)).run
    run.argtypes, run.restype = [ctypes.c_int64, ctypes.c_void_p], ctypes.c_int64
    out = torch.tensor([0.999, 0.001, 0.0])
    best = 0.0
    for _ in range(5):
        begin = time.process_time()
        done = run(5_000_000, out.data_ptr())
        best = max(best, done / (1e9 * (time.process_time() - begin)))
    return best


def least(calls: Calls, rounds: int) -> dict[str, float]:
    """Seconds of processor time of each, by turns, in which each is called at least twice."""
    found = {name: float("inf") for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            call()
            spent = 0.0
            while spent < SHORT:
                begin = time.process_time()
                call()
                seconds = time.process_time() - begin
                found[name], spent = min(found[name], seconds), spent + seconds
    return found


def measure(irreps: str, channels: int, rounds: int, reason: str | None) -> list[dict[str, Any]]:
    """One kind of features on all systems."""
    options = {"harmonics": HARMONICS, "convention": "e3nn_component"}
    kernel = invgen.compile_convolution(irreps, None, MESSAGES, **options)
    entries = len(job_of(irreps, None, MESSAGES, **options).content.matrices.output("y"))
    peer = None if reason else E3nnConvolution(kernel, channels)
    rows = []
    for atoms, each in SYSTEMS:
        given = problem(kernel, atoms, each, channels)
        calls = {f"invgen {name}": call for name, call in functions(kernel, given).items()}
        if peer is not None:
            peer.checked(kernel, given)
            calls |= {f"e3nn {name}": call for name, call in peer.functions(given).items()}
        times, pairs = least(calls, rounds), given.neighbours.pairs
        for name, count in PRODUCTS.items():
            ours, theirs = times[f"invgen {name}"], times.get(f"e3nn {name}")
            rows.append(
                {
                    "features": f"{channels}x({irreps})",
                    "atoms": atoms,
                    "pairs": pairs,
                    "function": name,
                    "entries": entries,
                    "ns per pair": 1e9 * ours / pairs,
                    "multiply-adds per ns": count * entries * channels * pairs / (1e9 * ours),
                    "ns per pair of e3nn": None if theirs is None else 1e9 * theirs / pairs,
                }
            )
    return rows


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    where, reason = machine(), why_no_e3nn()
    print(describe(where))
    if reason:
        print(reason)
    highest = peak()
    print(f"peak: {highest:.1f} multiply-adds per ns of one core in float32")
    rows = [row for irreps, channels in CASES for row in measure(irreps, channels, arguments.rounds, reason)]
    highest = max(highest, peak())
    head = [
        "features",
        "atoms, pairs",
        "function",
        "ns per pair",
        "multiply-adds per ns",
        "of the peak",
        "e3nn",
        "ratio",
    ]
    print(
        table(
            head,
            [
                [
                    row["features"],
                    f"{row['atoms']}, {row['pairs']}",
                    row["function"],
                    f"{row['ns per pair']:.0f}",
                    f"{row['multiply-adds per ns']:.1f}",
                    f"{row['multiply-adds per ns'] / highest:.0%}",
                    *_beside(row),
                ]
                for row in rows
            ],
        )
    )
    write_json(arguments.json, {"machine": where, "peak": highest, "results": rows})


def _beside(row: dict[str, Any]) -> tuple[str, str]:
    theirs = row["ns per pair of e3nn"]
    return ("", "") if theirs is None else (f"{theirs:.0f}", f"{theirs / row['ns per pair']:.1f}")


if __name__ == "__main__":
    main()
