"""Turned copies of a protein among other density, in noise: what finds them, how surely and in what time.

`python -m benchmarks.fields detection [--size 72] [--scenes 10] [--coloured 3] [--fft 0] [--json PATH]`. Peaks count as
copies within 3 voxels. Results of single fields are kept beside the JSON file, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.field_scenes import RADIUS, cube, noise, scene, template, volumes
from benchmarks.field_shells import detection
from benchmarks.support import ROOT, machine, table, write_json

NOISES = (0.5, 2.0, 4.0, 7.0)
SCALE, ORDER, ANGLE = 2.5, 6, 20.0
TARGETS, DISTRACTORS, TOLERANCE, SHARE = 6, 6, 3.0, 0.002
METHODS = (
    *("NCC, unrotated", "invariants, independent", "invariants, degree 2", "invariants, flexible"),
    *("two stages", "correlation"),
)
SELECTS = "invariants, degree 2"  # the first of two stages: in noise high degrees cost
TUNED = 3  # scenes at which defaults were chosen; the others judge them
SHELLS = 2  # scenes per noise for the template on a shell
BOTH_WAYS = 1  # scenes per noise in which detections are made without the bound too


def precision_recall(places: np.ndarray, scores: np.ndarray, targets: np.ndarray) -> tuple[list[bool], list[float]]:
    """Whether each peak, best first, is the first at one of the targets, and its score."""
    order, used, hits = np.argsort(-scores, kind="stable"), set(), []
    for i in order:
        distances = np.linalg.norm(targets - places[i], axis=1)
        nearest = int(distances.argmin())
        hits.append(bool(distances[nearest] <= TOLERANCE and nearest not in used))
        if hits[-1]:
            used.add(nearest)
    return hits, [float(s) for s in scores[order]]


def average_precision(hits: np.ndarray, scores: np.ndarray, targets: int) -> float:
    """The area under precision against recall; targets that no peak found count as missed."""
    order = np.argsort(-scores, kind="stable")
    found = hits[order]
    precision = np.cumsum(found) / np.arange(1, len(found) + 1)
    return float(precision[found].sum() / targets)


def peaks(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from invgen.fields.correlation_maps import NOT_EVALUATED
    from invgen.fields.peaks import peaks_of

    least = NOT_EVALUATED if (scores > -1.5).any() and scores.min() >= NOT_EVALUATED else float(scores.min())
    found = peaks_of(scores, (1.0, 1.0, 1.0), 2 * SCALE, least)[:400]
    return found, scores[tuple(found.T)]


def unrotated(field: np.ndarray, patch: np.ndarray) -> np.ndarray:
    from skimage.feature import match_template

    return np.asarray(match_template(field, patch, pad_input=True), dtype=np.float32)


def rotated_fft(field: np.ndarray, data: Any, count: int | None = None) -> tuple[np.ndarray, float]:
    """The greatest normalised correlation over the grid of rotations by FFT, and CPU seconds for all rotations."""
    from scipy.fft import irfftn, next_fast_len, rfftn
    from scipy.spatial.transform import Rotation

    from benchmarks.field_scenes import CENTRE, ball
    from invgen.fields.rotation_grids import rotation_grid

    matrices = Rotation.from_quat(rotation_grid(ANGLE)).as_matrix()
    points = cube(np.zeros(3))
    reach = points.shape[0] // 2
    shape = [next_fast_len(n + 2 * reach, real=True) for n in field.shape]
    weight = (np.linalg.norm(points, axis=-1) <= RADIUS + 0.5).astype(np.float32)
    weight /= weight.sum()
    crop = tuple(slice(reach, reach + n) for n in field.shape)

    def correlate(spectrum: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        return irfftn(spectrum * rfftn(kernel[::-1, ::-1, ::-1], shape), shape)[crop]

    single = field.astype(np.float32)
    spectrum, squares = rfftn(single, shape), rfftn(single**2, shape)
    variance = correlate(squares, weight) - correlate(spectrum, weight) ** 2
    deviation = np.sqrt(np.maximum(variance, 1e-6 * variance.max()))
    best = np.full(field.shape, -np.inf, dtype=np.float32)
    used = matrices if count is None else matrices[:count]
    start = time.process_time()
    for matrix in used:
        kernel = ball(data["ironprot_68"], CENTRE, matrix, points).astype(np.float32)
        np.maximum(best, correlate(spectrum, kernel / np.linalg.norm(kernel)), out=best)
    seconds = (time.process_time() - start) * len(matrices) / len(used)
    return best / deviation, seconds


def bases() -> dict[str, Any]:
    """Bases of the invariants for any template."""
    from invgen import TensorSpace, generate

    space = TensorSpace.moments(range(5), group="SO3")
    return {
        "invariants, independent": generate(space, 4),
        "invariants, degree 2": generate(TensorSpace.moments(range(7), group="SO3"), 2),
        "invariants, flexible": generate(space, 10, "flexible"),
    }


def one_field(data: Any, size: int, seed: int, level: float, coloured: bool, known: dict[str, Any], fft: bool) -> Any:
    """Peaks of all methods in one field, and the detections at 5 % false discoveries."""
    from invgen import fields
    from invgen.fields.correlation_maps import correlation_map
    from invgen.fields.matching import search_field
    from invgen.fields.rotation_grids import rotation_grid
    from invgen.fields.search_rules import SearchRules
    from invgen.fields.searches import field_of, searches_of

    generator = np.random.default_rng([seed, int(10 * level), int(coloured)])
    made = scene(data, size, TARGETS, DISTRACTORS, np.random.default_rng(seed))
    field = (made.field + level * noise(size, coloured, generator)).astype(np.float32)
    sought = fields.Template(template(data), fields.Window.hermite(SCALE), ORDER)
    result: dict[str, Any] = {"methods": {}, "seconds": {}}

    def record(name: str, scores: np.ndarray, start: float) -> None:
        result["seconds"][name] = round(time.process_time() - start, 3)
        hits, values = precision_recall(*peaks(scores), made.targets)
        result["methods"][name] = {"hits": [int(h) for h in hits], "scores": [round(v, 4) for v in values]}

    start = time.process_time()
    record("NCC, unrotated", unrotated(field, template(data)), start)
    maps = {}
    for name, basis in known.items():
        start = time.process_time()
        maps[name] = fields.similarity(field, sought, "invariants", basis=basis).map
        record(name, maps[name], start)
    start = time.process_time()
    best = maps[SELECTS]
    candidates = best >= np.quantile(best, 1.0 - SHARE)
    grid = field_of(field, sought, None, "zero", True)
    search = searches_of(grid, sought, [1.0], None, True)[0]
    rotations = rotation_grid(ANGLE)
    record(
        "two stages",
        correlation_map(grid, search.window, ORDER, search.matched, rotations, candidates=candidates).scores,
        start,
    )
    start = time.process_time()
    record("correlation", fields.similarity(field, sought, angle=ANGLE).map, start)
    if fft:
        start = time.process_time()
        record("exhaustive FFT NCC", rotated_fft(field, data)[0], start)
    start = time.process_time()
    found = search_field(field, sought)
    result["seconds"]["detect"] = round(time.process_time() - start, 3)
    same = None
    if seed < BOTH_WAYS:
        start = time.process_time()
        everywhere = search_field(field, sought, SearchRules(exhaustive=True))
        result["seconds"]["detect, exhaustive"] = round(time.process_time() - start, 3)
        same = all(np.array_equal(found.table[n], everywhere.table[n]) for n in ("voxel", "scale"))
        same = same and bool(np.allclose(found.table["score"], everywhere.table["score"], rtol=1e-6))
    places = found.table["position"]
    to_targets = np.linalg.norm(places[:, None] - made.targets, axis=2).min(axis=1, initial=np.inf)
    to_others = np.linalg.norm(places[:, None] - made.distractors, axis=2).min(axis=1, initial=np.inf)
    lowest = [s for h, s in zip(*(result["methods"]["correlation"][k] for k in ("hits", "scores"))) if h]
    threshold = max(min(lowest, default=0.5), 0.05)
    by_threshold = search_field(field, sought, SearchRules(threshold=threshold))
    result["detections"] = {
        "count": len(places),
        "copies": int((to_targets <= TOLERANCE).sum()),
        "other objects": int(((to_targets > TOLERANCE) & (np.minimum(to_targets, to_others) <= 2 * RADIUS)).sum()),
        "nothing": int((np.minimum(to_targets, to_others) > 2 * RADIUS).sum()),
        "evaluated": round(found.evaluated, 5),
        "evaluated at the lowest copy": round(by_threshold.evaluated, 5),
        "same without the bound": same,
    }
    return result


def degenerate(data: Any, size: int, known: dict[str, Any]) -> list[dict[str, Any]]:
    """AP of invariants for a template that is its own inversion, at noise 1: odd orders vanish."""
    from scipy.spatial.transform import Rotation

    from benchmarks.field_scenes import CENTRE, ball, places
    from invgen import fields

    rows = []
    points = cube(np.zeros(3))

    def symmetric(centre: Any, matrix: np.ndarray, shift: np.ndarray) -> np.ndarray:
        x = points - shift
        return (ball(data["ironprot_68"], centre, matrix, x) + ball(data["ironprot_68"], centre, -matrix, x)) / 2

    sought = fields.Template(symmetric(CENTRE, np.eye(3), np.zeros(3)), fields.Window.hermite(SCALE), ORDER)
    # The choice is made for the orders of the other bases.
    lower = fields.Template(symmetric(CENTRE, np.eye(3), np.zeros(3)), fields.Window.hermite(SCALE), 4)
    choice = fields.basis_for(lower, tolerance=1e-6)
    known = known | {"invariants, per template": choice.basis}
    ranks = f"rank {choice.before} of {choice.needed} before the choice, {choice.rank} after"
    pooled: dict[str, list[list[Any]]] = {}
    for seed in range(3):
        generator = np.random.default_rng(seed)
        centres = places(size, TARGETS + DISTRACTORS, generator)
        turns = Rotation.random(len(centres), random_state=seed).as_matrix()
        field = np.zeros((size,) * 3)
        for i, (centre, matrix) in enumerate(zip(centres, turns)):
            middle = np.rint(centre).astype(int)
            source = CENTRE if i < TARGETS else ((9.0, 16.0, 32.0), (33.0, 26.0, 54.0), (16.0, 27.0, 34.0))[i % 3]
            where = tuple(slice(m - 11, m + 12) for m in middle)
            inside = tuple(slice(max(0, 11 - m), 23 - max(0, m + 12 - size)) for m in middle)
            field[tuple(slice(max(0, s.start), s.stop) for s in where)] += symmetric(source, matrix, centre - middle)[
                inside
            ]
        field = (field + generator.normal(size=field.shape)).astype(np.float32)
        for name, basis in known.items():
            scores = fields.similarity(field, sought, "invariants", basis=basis).map
            hits, values = precision_recall(*peaks(scores), centres[:TARGETS])
            pooled.setdefault(name, [[], []])
            pooled[name][0] += hits
            pooled[name][1] += values
    for name, (hits, values) in pooled.items():
        ap = average_precision(np.array(hits), np.array(values), 3 * TARGETS)
        rows.append({"basis": name, "ap": ap, "ranks": ranks if name.endswith("per template") else ""})
    return rows


def summarise(results: dict[str, Any], scenes: int) -> dict[str, Any]:
    """AP with bootstrap intervals over scenes, precision-recall curves, and sums of detections."""
    out: dict[str, Any] = {}
    generator = np.random.default_rng(0)
    for key in sorted({k.rsplit("/", 1)[0] for k in results}):
        mine = [results[f"{key}/{s}"] for s in range(scenes) if f"{key}/{s}" in results]
        entry: dict[str, Any] = {"scenes": len(mine), "methods": {}}
        for name in sorted({n for m in mine for n in m["methods"]}):
            fields = [m["methods"][name] for m in mine if name in m["methods"]]

            def ap(chosen: list[Any]) -> float:
                hits = np.concatenate([np.array(f["hits"], dtype=bool) for f in chosen])
                scores = np.concatenate([np.array(f["scores"]) for f in chosen])
                return average_precision(hits, scores, TARGETS * len(chosen))

            draws = [ap([fields[i] for i in generator.integers(len(fields), size=len(fields))]) for _ in range(500)]
            entry["methods"][name] = {
                "ap": round(ap(fields), 4),
                "interval": [round(float(q), 4) for q in np.quantile(draws, [0.05, 0.95])],
                "fields": len(fields),
                "seconds": float(np.median([m["seconds"][name] for m in mine if name in m["seconds"]])),
            }
        detections = [m["detections"] for m in mine]
        kinds = ("count", "copies", "other objects", "nothing")
        entry["detections"] = {k: sum(d[k] for d in detections) for k in kinds}
        judging = [results[f"{key}/{s}"]["detections"] for s in range(TUNED, scenes) if f"{key}/{s}" in results]
        entry["detections"] |= {f"{k}, scenes {TUNED} on": sum(d[k] for d in judging) for k in kinds}
        for k in ("evaluated", "evaluated at the lowest copy"):
            entry["detections"][k] = round(float(np.mean([d[k] for d in detections])), 5)
        both = [d for d in detections if d["same without the bound"] is not None]
        entry["detections"]["fields searched without the bound too"] = len(both)
        entry["detections"]["same without the bound"] = all(
            d["same without the bound"] for d in detections if d["same without the bound"] is not None
        )
        for k in ("detect", "detect, exhaustive"):
            entry["detections"][f"seconds, {k}"] = float(
                np.median([m["seconds"][k] for m in mine if k in m["seconds"]])
            )
        out[key] = entry
    return out


def show(summary: dict[str, Any]) -> None:
    names = sorted({n for e in summary.values() for n in e["methods"]})
    rows = []
    for key, entry in summary.items():
        cells = []
        for name in names:
            m = entry["methods"].get(name)
            cells.append("" if m is None else f"{m['ap']:.2f} [{m['interval'][0]:.2f}, {m['interval'][1]:.2f}]")
        rows.append([key, *cells])
    print("Average precision, with 90 % intervals over scenes:\n")
    print(table(["noise", *names], rows))
    columns = list(next(iter(summary.values()))["detections"])
    print("\nDetections at false_discoveries=0.05:\n")
    print(table(["noise", *columns], [[k, *(str(e["detections"][c]) for c in columns)] for k, e in summary.items()]))


def figure(results: dict[str, Any], path: Path) -> None:
    """Precision against recall in white noise."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    keys = sorted({k.rsplit("/", 1)[0] for k in results if k.startswith("white")})
    plt.rcParams.update({"svg.hashsalt": "fields", "svg.fonttype": "none", "font.size": 8})
    drawn, axes = plt.subplots(1, len(keys), figsize=(2.6 * len(keys), 2.6), sharey=True, squeeze=False)
    for axis, key in zip(axes[0], keys):
        mine = [v for k, v in results.items() if k.rsplit("/", 1)[0] == key]
        for name in METHODS:
            fields = [m["methods"][name] for m in mine if name in m["methods"]]
            hits = np.concatenate([np.array(f["hits"], dtype=bool) for f in fields])
            order = np.argsort(-np.concatenate([np.array(f["scores"]) for f in fields]), kind="stable")[:400]
            corners = np.flatnonzero(hits[order])  # between them precision falls while recall stays
            recall = np.arange(1, len(corners) + 1) / (TARGETS * len(fields))
            axis.plot(recall.round(3), (np.arange(1, len(corners) + 1) / (corners + 1)).round(3), label=name, lw=1)
        axis.set_title(key), axis.set_xlabel("recall"), axis.set_xlim(0, 1.02), axis.set_ylim(0, 1.02)
    axes[0][0].set_ylabel("precision"), axes[0][0].legend(fontsize=6)
    drawn.tight_layout(), drawn.savefig(path, metadata={"Date": None}), plt.close(drawn)


def large(data: Any) -> dict[str, float]:
    """CPU seconds of a detection in 128³ voxels, and of the FFT over all rotations, from six of them."""
    from invgen import fields
    from invgen.fields.matching import search_field

    made = scene(data, 128, 12, 12, np.random.default_rng(5))
    field = (made.field + 4.0 * noise(128, False, np.random.default_rng(6))).astype(np.float32)
    sought = fields.Template(template(data), fields.Window.hermite(SCALE), ORDER)
    start = time.process_time()
    found = search_field(field, sought)
    seconds = time.process_time() - start
    fft = rotated_fft(field, data, 6)[1]
    return {
        "detect": round(seconds, 2), "evaluated": round(found.evaluated, 5),
        "FFT, extrapolated from 6 rotations": round(fft, 1), "ratio": round(fft / seconds, 1),
    }  # fmt: skip


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields detection", description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, default=72)
    parser.add_argument("--scenes", type=int, default=10)
    parser.add_argument("--coloured", type=int, default=3, help="scenes per noise in coloured noise")
    parser.add_argument(
        "--fft", type=int, default=0, help="scenes per noise with the exhaustive FFT, white noise alone"
    )
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after so many, and go on next time")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results" / "field_detection.json")
    options = parser.parse_args(arguments)
    data = volumes()
    if data is None:
        print("skipped: volumes_vtk is not here; set INVGEN_DATA to the folder of data sets")
        return
    kept = options.json.with_suffix(".partial.json")
    results: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    known, began = bases(), time.monotonic()
    for seed in range(options.scenes):
        for coloured in (False, True):
            for level in NOISES:
                key = f"{'coloured' if coloured else 'white'} {level:g}/{seed}"
                if coloured and seed >= options.coloured:
                    continue
                fft = not coloured and seed < options.fft
                if key in results and (not fft or "exhaustive FFT NCC" in results[key]["methods"]):
                    continue
                if time.monotonic() - began > 60 * options.minutes:
                    continue
                results[key] = one_field(data, options.size, seed, level, coloured, known, fft)
                kept.write_text(json.dumps(results))
                print(key, {k: sum(v["hits"][:TARGETS]) for k, v in results[key]["methods"].items()}, flush=True)
    summary = summarise(results, options.scenes)
    show(summary)
    times, symmetric = large(data), degenerate(data, options.size, known)

    def judged(scores: np.ndarray, targets: np.ndarray) -> tuple[list[bool], list[float]]:
        return precision_recall(*peaks(scores), targets)

    shells = detection(options.size, SHELLS, known, (judged, average_precision))
    print("\n128³ voxels, CPU seconds:", times, "\n")
    rows = [[r["basis"], f"{r['ap']:.2f}", r["ranks"]] for r in symmetric]
    print(table(["template that is its own inversion", "AP", "ranks of gradients"], rows))
    rows = [[r["others"], f"{r['noise']:g}", *(f"{a:.2f}" for a in r["ap"].values())] for r in shells["rows"]]
    print("\n" + table(["template on a shell, others", "noise", *shells["rows"][0]["ap"]], rows))
    figure(results, ROOT / "docs" / "figures" / "field_detection.svg")
    write_json(
        options.json,
        {
            "machine": machine(), "size": options.size, "targets": TARGETS, "distractors": DISTRACTORS,
            "window": SCALE, "order": ORDER, "angle": ANGLE, "candidates of two stages": SHARE,
            "fields": summary, "128": times, "inversion": symmetric, "shell": shells,
        },
    )  # fmt: skip
