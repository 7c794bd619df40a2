"""Moments and invariants at every voxel: seconds of one core, beside SciPy and beside a copy of the same bytes.

Times are processor time, medians of calls that take turns in one process after one call of each; two threads are
compared by the clock. What a peer would take too long for is taken from a part and marked.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.ndimage import correlate1d
from scipy.signal import fftconvolve

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import ROOT, describe, in_fresh_process, machine, summary, table, waited, write_json
from invgen import TensorSpace, compile, fields, generate
from invgen.fields import Window
from invgen.fields.pyramids import step_of
from invgen.fields.slabs import exponents_of
from invgen.spaces.space import TensorSpace as Space

SIDE, LARGE = 128, 256
ORDER, DEGREE, SCALE = 4, 4, 3.0
SCALES = {1: (3.0,), 3: (1.5, 3.0, 6.0), 6: (1.5, 2.1, 3.0, 4.2, 6.0, 8.5)}
ORDERS = (4, 6, 8)
EVALUATED = 2**16  # voxels that basis.evaluate is timed with
ALLOWED = 64 * 2**20  # bytes beyond the padded field and the map
SEED = 0
RESULT = ROOT / "benchmarks" / "results" / "field_speed.json"
FIGURE = ROOT / "docs" / "figures" / "field_speed.svg"

Array = np.ndarray
MOMENTS = f"moments 0..{ORDER}, stored"
INVARIANTS = "invariants stored, moments not"
BOTH = "moments stored, then invariants"
COPY = "copy of the moments and the invariants"
COPY_INVARIANTS = "copy of the invariants"
CORRELATE = "correlate1d, then the compiled kernel"
FFT = "fftconvolve, then basis.evaluate"
TORCH = 'moments, target="torch"'


def random_field(side: int) -> Array:
    return np.random.default_rng(SEED).normal(size=(side,) * 3).astype(np.float32)


def basis_of(order: int, degree: int = DEGREE) -> Any:
    return generate(TensorSpace.moments(range(order + 1)), degree)


def in_turns(calls: Mapping[str, Callable[[], Any]], rounds: int, clock: Callable[[], float]) -> dict[str, Any]:
    """Least, median and greatest time of each call, which take turns after one call that is not counted."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(rounds + 1):
        for name, call in calls.items():
            begin = clock()
            call()
            if turn:
                found[name].append(clock() - begin)
    return {name: summary(times) for name, times in found.items()}


def by_correlate1d(field: Array, window: Window, order: int, out: Array) -> None:
    """Moments by SciPy's passes along the axes, which share what they can: (moments, X, Y, Z)."""
    rows = window.rows(order, 1.0).astype(np.float32)
    places = {e: k for k, e in enumerate(exponents_of(order, 3))}
    for a in range(order + 1):
        along_x = correlate1d(field, rows[a], axis=0, mode="constant")
        for b in range(order + 1 - a):
            along_y = correlate1d(along_x, rows[b], axis=1, mode="constant")
            for c in range(order + 1 - a - b):
                k = places[a, b, c]
                correlate1d(along_y, rows[c], axis=2, mode="constant", output=out[k])
                out[k] *= window.entry((a, b, c))


def by_fft(field: Array, window: Window, order: int, out: Array) -> None:
    """Moments by one convolution each: (moments, X, Y, Z)."""
    rows = window.rows(order, 1.0).astype(np.float32)[:, ::-1]
    for k, (a, b, c) in enumerate(exponents_of(order, 3)):
        weights = np.einsum("x,y,z->xyz", rows[a], rows[b], rows[c]) * np.float32(window.entry((a, b, c)))
        out[k] = fftconvolve(field, weights, mode="same")


def compared(rounds: int) -> dict[str, Any]:
    """Everything that makes moments and invariants of one field on one core."""
    field, window, basis = random_field(SIDE), Window.hermite(SCALE), basis_of(ORDER)
    count, dimension = len(basis), basis.space.dimension
    kernel = compile(basis, dtype=torch.float32)
    stored = np.empty((SIDE, SIDE, dimension, SIDE), dtype=np.float32)
    results = np.empty((SIDE, SIDE, count, SIDE), dtype=np.float32)
    moments, invariants = np.moveaxis(stored, -2, -1), np.moveaxis(results, -2, -1)
    first = np.empty((dimension, SIDE, SIDE, SIDE), dtype=np.float32)
    last = np.empty((1, count, SIDE**3), dtype=np.float32)
    sources = np.ones_like(stored), np.ones_like(results)

    def make_moments() -> None:
        fields.moments(field, ORDER, window, threads=1, out=moments)

    def make_both() -> None:
        make_moments()
        kernel.value(torch.from_numpy(stored), out=torch.from_numpy(results))

    def make_by_passes() -> None:
        by_correlate1d(field, window, ORDER, first)
        kernel.value(torch.from_numpy(first.reshape(1, dimension, -1)), out=torch.from_numpy(last))

    def copy(*pairs: tuple[Array, Array]) -> None:
        for target, source in pairs:
            np.copyto(target, source)

    calls: dict[str, Callable[[], Any]] = {
        COPY_INVARIANTS: lambda: copy((results, sources[1])),
        COPY: lambda: copy((stored, sources[0]), (results, sources[1])),
        MOMENTS: make_moments,
        INVARIANTS: lambda: fields.invariants(field, basis, window, threads=1, out=invariants),
        BOTH: make_both,
    }
    waiting = waited()
    found = in_turns(calls, rounds, time.process_time)
    slow = {CORRELATE: make_by_passes}
    if "target" in fields.moments.__code__.co_varnames:
        slow[TORCH] = lambda: fields.moments(field, ORDER, window, target="torch")
    found |= in_turns(slow, 2, time.process_time)
    agreement = float(np.abs(last[0].T.reshape(invariants.shape) - invariants).max() / np.abs(invariants).max())
    begin = time.process_time()
    by_fft(field, window, ORDER, first)
    transformed = time.process_time() - begin
    values = np.moveaxis(first.reshape(dimension, -1)[:, :EVALUATED], 0, -1).astype(np.float64)
    basis.evaluate(values[:16])
    begin = time.process_time()
    basis.evaluate(values)
    evaluated = (time.process_time() - begin) * SIDE**3 / EVALUATED
    found[FFT] = summary([transformed + evaluated])
    return {
        "invariants": count,
        "operations": dict(convolutions=transformed, evaluate_extrapolated=evaluated),
        "agreement": agreement,
        "waited": waited() - waiting,
        "times": found,
    }


def threads(rounds: int) -> dict[str, Any]:
    """Seconds by the clock of one and of two threads."""
    field, window, basis = random_field(SIDE), Window.hermite(SCALE), basis_of(ORDER)
    out = fields.invariants(field, basis, window)
    calls = {
        str(count): (lambda count=count: fields.invariants(field, basis, window, threads=count, out=out))
        for count in (1, 2)
    }
    waiting = waited()
    found = in_turns(calls, rounds, time.perf_counter)
    return {"waited": waited() - waiting, "times": found}


def by_order(rounds: int) -> list[dict[str, Any]]:
    """Moments of each order at each list of scales, and the invariants of the lowest."""
    field, rows = random_field(SIDE), []
    basis = basis_of(ORDER)
    for scales in SCALES.values():
        windows = [Window.hermite(scale) for scale in scales]
        for order in ORDERS:
            dimension = Space.moments(range(order + 1)).dimension
            out = np.moveaxis(np.empty((SIDE, SIDE, dimension, SIDE), dtype=np.float32), -2, -1)

            def make(order: int = order, out: Array = out, windows: Sequence[Window] = windows) -> None:
                for window in windows:
                    fields.moments(field, order, window, threads=1, out=out)

            rows.append(_row("moments", order, scales, in_turns({"": make}, rounds, time.process_time)[""]))
            del out, make

        def invariants(windows: Sequence[Window] = windows) -> None:
            for _ in fields.iterate(field, basis, windows, threads=1):
                pass

        rows.append(_row("invariants", ORDER, scales, in_turns({"": invariants}, rounds, time.process_time)[""]))
    return rows


def _row(what: str, order: int, scales: Sequence[float], times: Any) -> dict[str, Any]:
    steps = [step_of(Window.hermite(scale), order, 1.0) for scale in scales]
    return {"what": what, "order": order, "scales": list(scales), "steps": steps, "times": times}


def streamed() -> dict[str, Any]:
    """The distance of each voxel's invariants from a mean, and how much memory that takes; in a process of its own."""
    basis, window = basis_of(ORDER), Window.hermite(SCALE)
    small = fields.invariants(random_field(48), basis, window, threads=1).reshape(-1, len(basis)).astype(np.float64)
    mean = small.mean(axis=0)
    scale = small.std(axis=0)
    factor = np.linalg.cholesky(np.linalg.pinv(np.cov((small / scale).T) + 1e-6 * np.eye(len(basis)))).T / scale
    whiten, shift = factor.astype(np.float32), (factor @ mean).astype(np.float32)[:, None]
    _distances(random_field(16), basis, window, whiten, shift, np.empty((16,) * 3, dtype=np.float32))
    del small
    before = _resident("VmRSS")
    field = random_field_in_place(LARGE)
    _reset_peak()
    found = np.empty((LARGE,) * 3, dtype=np.float32)
    begin, waiting = time.process_time(), waited()
    _distances(field, basis, window, whiten, shift, found)
    seconds = time.process_time() - begin
    peak = _resident("VmHWM") - before
    padded = 4 * (LARGE + 2 * window.reach(1.0)) ** 3
    return {
        "seconds": seconds,
        "waited": waited() - waiting,
        "peak_bytes": peak,
        "allowed_bytes": padded + found.nbytes + ALLOWED,
        "finite": bool(np.isfinite(found).all()),
    }


def random_field_in_place(side: int) -> Array:
    """A field of single precision, made without one of double precision."""
    return np.random.default_rng(SEED).standard_normal((side,) * 3, dtype=np.float32)


def _distances(field: Array, basis: Any, window: Window, whiten: Array, shift: Array, out: Array) -> None:
    for where, y in fields.iterate(field, basis, window, threads=1):
        # Lines of (K, Z), as they are stored: one small product each.
        white = np.matmul(whiten, np.moveaxis(y, -1, -2))
        white -= shift
        np.einsum("xykz,xykz->xyz", white, white, out=out[where])


def _resident(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def report(found: Mapping[str, Any]) -> str:
    """The tables."""
    main = found["compared"]
    times = {name: each["median"] for name, each in main["times"].items()}
    rows = [
        [name, f"{seconds:.3f}", f"{SIDE**3 / seconds / 1e6:.2f}", f"{seconds / times[COPY]:.1f}"]
        for name, seconds in times.items()
    ]
    parts = main["operations"]
    own = times[INVARIANTS]
    text = [
        table(["what", "s", "Mvoxel/s", "copies"], rows),
        f"`{FFT}`: {parts['convolutions']:.1f} s of convolutions, {parts['evaluate_extrapolated']:.1f} s of evaluate, "
        f"extrapolated from {EVALUATED} voxels. It takes {times[FFT] / own:.0f} times as long as our invariants, "
        f"`{CORRELATE}` {times[CORRELATE] / own:.1f} times; the two agree to {main['agreement']:.1e} of the greatest.",
        table(
            ["threads", "s by the clock"],
            [[name, f"{each['best']:.3f}"] for name, each in found["threads"]["times"].items()],
        ),
        table(
            ["what", "order", "scales", "steps", "s"],
            [
                [r["what"], str(r["order"]), ", ".join(f"{s:g}" for s in r["scales"]),
                 ", ".join(map(str, r["steps"])), f"{r['times']['median']:.2f}"]
                for r in found["by_order"]
            ],
        ),
        _large(found["streamed"]),
    ]  # fmt: skip
    return "\n\n".join(text)


def _large(found: Mapping[str, Any]) -> str:
    mega = 2**20
    return (
        f"{LARGE}³, distances of invariants as a map: {found['seconds']:.2f} s, {found['peak_bytes'] / mega:.0f} MiB "
        f"with field and map; the bar is {found['allowed_bytes'] / mega:.0f} MiB."
    )


def draw(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Seconds against the number of scales."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "svg.fonttype": "none"})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4.6, 3.2), layout="constrained")
    styles = {("moments", 4): "#1b4b7a", ("moments", 6): "#2e8b57", ("moments", 8): "#c0392b"}
    for order in (*ORDERS, 0):
        what = "moments" if order else "invariants"
        chosen = [r for r in rows if r["what"] == what and r["order"] in (order, *(() if order else ORDERS))]
        label = f"{what} 0..{order}" if order else f"invariants of 0..{ORDER}"
        axes.plot(
            [len(r["scales"]) for r in chosen],
            [r["times"]["median"] for r in chosen],
            "o-" if order else "s--",
            color=styles.get((what, order), "#1b4b7a"),
            label=label,
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(list(SCALES), [str(count) for count in SCALES])
    axes.minorticks_off()
    axes.set_xlabel("scales")
    axes.set_ylabel(f"seconds of one core, {SIDE}³, float32")
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.fields speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="calls of which the median is taken")
    parser.add_argument("--json", type=Path, default=RESULT)
    parser.add_argument("--figure", type=Path, default=FIGURE)
    parser.add_argument("--streamed", action="store_true", help="print what one process found with a large field")
    chosen = parser.parse_args(arguments)
    if chosen.streamed:
        import json

        print(json.dumps(streamed()))
        return
    torch.set_num_threads(1)
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    found = {
        "machine": machine(),
        "compared": compared(chosen.rounds),
        "threads": threads(chosen.rounds),
        "by_order": by_order(max(1, chosen.rounds // 2)),
        "streamed": in_fresh_process(Path(__file__).resolve(), "--streamed", environment={**os.environ, **single}),
    }
    found["load_after"] = round(os.getloadavg()[0], 2)
    print(describe(found["machine"]))
    print()
    print(report(found))
    draw(found["by_order"], chosen.figure)
    write_json(chosen.json, found)


if __name__ == "__main__":
    main()
