"""Moments over neighbours on one core, beside hippynn's kernels and what one writes with sphericart and PyTorch.

5,000 atoms with their 40 nearest neighbours, 20 radial functions, 64 features, l <= 3, float32; everything runs in one
process, in turns, on one thread. Nanoseconds per pair. Every peer's numbers are compared with ours before it is timed.
"fusion" bounds what one kernel for moments and invariants could save: the invariants of moments that lie in the second
cache, as such a kernel would find them, beside those of moments that were written to memory and are read again.

    python -m benchmarks.moments [--rounds 5] [--only environment] [--json FILE] [--history]

`--history` keeps the numbers in benchmarks/history/; benchmarks/compare.py prints what changed since the last time.
"""

from __future__ import annotations

import os

# sphericart and numba bring thread pools of their own, whose idle threads would spin beside what is timed.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import argparse
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import torch

import invgen
from benchmarks import history
from benchmarks.support import describe, machine, table, write_json
from invgen.runtime import Neighbours

ATOMS, NEIGHBOURS, RADIAL, FEATURES, L_MAX = 5000, 40, 20, 64, 3
CLOSE_BLOCKS = 50
"""5,000 atoms have 20 MB of moments and 17 MB of invariants, a fiftieth of both fits in the second cache."""

CLOSE = 1e-4
"""float32 sums of 40 to 800 products of numbers of order one, relative to the largest."""

Call = Callable[[], Any]


@dataclass(frozen=True)
class Problem:
    """The tensors that all take."""

    neighbours: Neighbours
    vectors: torch.Tensor
    radial: torch.Tensor
    features: torch.Tensor
    weights: torch.Tensor
    mixed: torch.Tensor

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return self.neighbours.pairs


def problem() -> Problem:
    """A box of atoms at random, sorted by cell as molecular dynamics codes sort them."""
    torch.manual_seed(0)
    places = torch.rand(ATOMS, 3)
    cells = (places * 12).long()
    places = places[torch.argsort(cells[:, 0] * 144 + cells[:, 1] * 12 + cells[:, 2])]
    distances = torch.cdist(places, places).fill_diagonal_(torch.inf)
    index = distances.topk(NEIGHBOURS, largest=False).indices.sort(1).values.reshape(-1)
    receivers = torch.arange(ATOMS).repeat_interleave(NEIGHBOURS)
    features = torch.randn(ATOMS, FEATURES)
    weights = torch.randn(RADIAL, FEATURES, FEATURES) / FEATURES**0.5
    return Problem(
        neighbours=Neighbours.from_receivers(receivers, index, ATOMS),
        vectors=(places[index] - places[receivers]) * 10,
        radial=torch.rand(ATOMS * NEIGHBOURS, RADIAL),
        features=features,
        weights=weights,
        mixed=torch.einsum("jf,nfg->jng", features, weights).contiguous(),
    )


def environment(given: Problem) -> dict[str, Call]:
    """E[i, nu, f] = Σ s z: ours and hippynn's three."""
    kernel = invgen.compile_moments(None, form="environment")
    arguments = (given.radial, given.features, given.neighbours.receivers, given.neighbours.index)
    calls: dict[str, Call] = {
        "invgen": lambda s=given.radial, z=given.features: kernel(None, s, z, given.neighbours),
        **{name: (lambda s=given.radial, z=given.features, f=f: f(s, z, *arguments[2:])) for name, f in _hippynn()},
    }
    return calls


def _hippynn() -> list[tuple[str, Callable[..., torch.Tensor]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from hippynn.custom_kernels import autograd_wrapper, env_pytorch
        except ImportError:
            return []
        found = [("hippynn, torch.compile", torch.compile(env_pytorch.envsum, dynamic=False))]
        try:
            from hippynn.custom_kernels import env_numba
        except ImportError:
            return found
        wrapped = autograd_wrapper.wrap_envops(env_numba.new_envsum, env_numba.new_sensesum, env_numba.new_featsum)
        return [("hippynn, numba", wrapped[0]), *found]


def moments(given: Problem) -> dict[str, Call]:
    """E[i, c, f] = Σ T_c s_nu (W_nu z)[f]: one kernel, and the routes that PyTorch offers."""
    kernel = invgen.compile_moments(L_MAX)
    full = invgen.compile_moments(L_MAX, form="full")
    lists = given.neighbours
    v, s, z, g = given.vectors, given.radial, given.features, given.mixed
    components = (L_MAX + 1) ** 2

    def mix(full_moments: torch.Tensor) -> torch.Tensor:
        rows = full_moments.reshape(ATOMS * components, RADIAL * FEATURES)
        return (rows @ given.weights.reshape(RADIAL * FEATURES, FEATURES)).reshape(ATOMS, components, FEATURES)

    calls: dict[str, Call] = {
        "invgen": lambda v=v, s=s, g=g: kernel(v, s, g, lists),
        "invgen, mixed inside": lambda v=v, s=s, z=z: kernel(
            v, s, (z @ given.weights.permute(1, 0, 2).reshape(FEATURES, -1)).view(ATOMS, RADIAL, FEATURES), lists
        ),
        "invgen, full then mixed": lambda v=v, s=s, z=z: mix(full(v, s, z, lists)),
    }
    try:
        import sphericart.torch
    except ImportError:
        return calls
    harmonics = sphericart.torch.SphericalHarmonics(L_MAX)

    def messages(s: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
        return torch.bmm(s.unsqueeze(1), g[lists.index]).squeeze(1)

    def by_bmm_full(v: torch.Tensor = v, s: torch.Tensor = s, z: torch.Tensor = z) -> torch.Tensor:
        weights = (harmonics(v).unsqueeze(2) * s.unsqueeze(1)).view(ATOMS, NEIGHBOURS, components * RADIAL)
        return mix(torch.bmm(weights.transpose(1, 2), z[lists.index].view(ATOMS, NEIGHBOURS, FEATURES)))

    def by_bmm(v: torch.Tensor = v, s: torch.Tensor = s, g: torch.Tensor = g) -> torch.Tensor:
        angular = harmonics(v).view(ATOMS, NEIGHBOURS, components)
        return torch.bmm(angular.transpose(1, 2), messages(s, g).view(ATOMS, NEIGHBOURS, FEATURES))

    def by_index_add(v: torch.Tensor = v, s: torch.Tensor = s, g: torch.Tensor = g) -> torch.Tensor:
        terms = harmonics(v).unsqueeze(2) * messages(s, g).unsqueeze(1)
        return terms.new_zeros(ATOMS, components, FEATURES).index_add(0, lists.receivers, terms)

    return {
        **calls,
        "sphericart, bmm, mixed last": by_bmm_full,
        "sphericart, bmm": by_bmm,
        "sphericart, index_add": by_index_add,
    }


def fusion(given: Problem, rounds: int) -> dict[str, dict[str, float]]:
    """Moments, and the invariants of all of them and of as many as the second cache holds; ns per pair, and of vjp."""
    kernel = invgen.compile_moments(L_MAX)
    invariants = invgen.compile(invgen.generate(invgen.TensorSpace("0e + 1o + 2e + 3o"), max_degree=4))
    close = ATOMS // CLOSE_BLOCKS
    x = kernel(given.vectors, given.radial, given.mixed, given.neighbours)
    y, xbar = invariants.value(x), torch.empty_like(x)
    bar = torch.randn_like(y)

    def in_blocks(call: Callable[[slice], object]) -> Call:
        """One block, as often as there are blocks: it stays in the cache."""
        return lambda: [call(slice(0, close)) for _ in range(CLOSE_BLOCKS)]

    def value(rows: slice) -> object:
        return invariants.value(x[rows], out=y[rows])

    def gradient(rows: slice) -> object:
        return invariants.vjp(x[rows], bar[rows], out=xbar[rows])

    calls: dict[str, Call] = {
        "moments": lambda: kernel(given.vectors, given.radial, given.mixed, given.neighbours),
        "invariants": lambda: value(slice(None)),
        "invariants, cached": in_blocks(value),
        "vjp of invariants": lambda: gradient(slice(None)),
        "vjp of invariants, cached": in_blocks(gradient),
    }
    return measure(calls, given.pairs, rounds)


def with_gradients(calls: dict[str, Call]) -> dict[str, Call]:
    """The same calls followed by the gradients by all tensors."""

    def both(call: Call) -> Call:
        leaves = [t.clone().requires_grad_() for t in (call.__defaults__ or ()) if isinstance(t, torch.Tensor)]
        bar = torch.ones_like(call())
        return lambda: torch.autograd.grad(call(*leaves), leaves, bar)

    return {name: both(call) for name, call in calls.items()}


def measure(calls: dict[str, Call], pairs: int, rounds: int) -> dict[str, dict[str, float]]:
    """Nanoseconds per pair, in turns."""
    results: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            # What a peer has freed or evicted is not charged to the next: each is called once before it is timed. To
            # calls of a second that makes no difference.
            for _ in range(2):
                begin = perf_counter()
                call()
                seconds = perf_counter() - begin
                if seconds > 1:
                    break
            results[name].append(seconds / pairs * 1e9)
    return {name: {"median": median(times), "best": min(times), "worst": max(times)} for name, times in results.items()}


def check(calls: dict[str, Call]) -> None:
    """Every call gives the numbers of the first.

    Raises:
        RuntimeError: one does not; then the comparison would mean nothing.
    """
    wanted = calls["invgen"]()
    for name, call in calls.items():
        difference = float((call() - wanted).abs().max() / wanted.abs().max())
        if difference > CLOSE:
            raise RuntimeError(f"{name} differs from invgen by {difference:.1e} of the largest value")


def main() -> None:
    """Measure, print the tables, write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="timed calls of each (default 5)")
    parser.add_argument("--only", choices=["environment", "moments", "fusion"], help="one of the three tables")
    parser.add_argument("--json", type=Path, help="write the numbers to this file")
    parser.add_argument("--history", action="store_true", help="keep the numbers in benchmarks/history/")
    options = parser.parse_args()
    torch.set_num_threads(1)
    given, where = problem(), machine()
    results: dict[str, Any] = {}
    print(describe(where))
    for name, make in (("environment", environment), ("moments", moments)):
        if options.only in (None, name):
            calls = make(given)
            check(calls)
            forward = measure(calls, given.pairs, options.rounds)
            both = measure(with_gradients(calls), given.pairs, options.rounds)
            results[name] = {"forward": forward, "forward and backward": both}
            print(f"\n{name}, ns per pair\n\n{show(forward, both)}")
    if options.only in (None, "fusion"):
        results["fusion"] = {"forward": fusion(given, options.rounds)}
        rows = [(name, f"{t['median']:.2f} ({t['best']:.2f})") for name, t in results["fusion"]["forward"].items()]
        print(f"\nfusion, ns per pair\n\n{table(('', 'time'), rows)}")
    write_json(options.json, {"machine": where, "results": results})
    if options.history:
        print(f"\nkept as {history.keep('moments', where, condensed(results)).name}")


def condensed(results: dict[str, Any]) -> dict[str, dict[str, history.Measured]]:
    """What history keeps: nanoseconds per pair, of ours and of the peers."""
    return {
        f"{table_name}, {name}": {
            part: history.Measured(round(times[name]["best"], 2), round(times[name]["worst"], 2))
            for part, times in found.items()
        }
        for table_name, found in results.items()
        for name in found["forward"]
    }


def show(forward: dict[str, dict[str, float]], both: dict[str, dict[str, float]]) -> str:
    """Medians (best in brackets), and how many times as long as ours a peer takes."""

    def cells(times: dict[str, dict[str, float]], name: str) -> tuple[str, str]:
        one, ours = times[name], times["invgen"]
        return f"{one['median']:.0f} ({one['best']:.0f})", f"{one['median'] / ours['median']:.1f}"

    rows = [(name, *cells(forward, name), *cells(both, name)) for name in forward]
    return table(("", "value", "times ours", "value and gradients", "times ours"), rows)


if __name__ == "__main__":
    main()
