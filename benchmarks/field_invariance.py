"""How much invariants of fields change as the field turns: windows beside one another, voxels, single precision.

    python -m benchmarks.fields invariance

A field is eight Gaussian blobs about the middle voxel, evaluated anew at the voxels for each of four random rotations,
so nothing is interpolated. An error is the largest change of |I|^(1/degree) of all invariants and rotations, as a part
of the largest |I|^(1/degree) of the field; a table holds the median of the seeds, and the worst in brackets.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from math import pi
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

from benchmarks.support import ROOT, describe, machine, table, write_json
from invgen import TensorSpace, fields, generate
from invgen.basis.basis import Basis
from invgen.compiler.invariants import compile
from invgen.fields import Window
from invgen.fields.slabs import exponents_of
from invgen.testing.rotations import random_rotation

RESULT = ROOT / "benchmarks" / "results" / "field_invariance.json"
FIGURE = ROOT / "docs" / "figures" / "field_invariance.svg"
RADII = (6, 10, 14)  # voxels from the middle to the edge of a ball; sigma of the Gaussians is 1 / 2.5 of it
WIDTHS = (1.0, 1.5, 2.0)  # of blobs, in voxels
SEEDS = (0, 1, 2, 3)
ROTATIONS = 4
BLOBS = 8
RATIOS = np.arange(0.6, 1.85, 0.1)  # sigma / h of the figure
BOUNDS = {"float64": 1e-10, "float32": 1e-5}  # of the Gaussian for blobs of 1.5 voxels and more
GAIN = 1e4  # over the sampled ball

Array = np.ndarray
Moments = Callable[[Array, str], Array]
Maker = Callable[[Array], Array]
CURVES = ((1, 8.0), (2, 8.0), (4, 8.0), (4, 6.0))  # of the figure: width of blobs in sigma, and where the window ends


def turned(half: int, width: float, spread: float, seed: int, vectors: bool = False) -> Maker:
    """The field of a seed as a function of the matrix that turns it."""
    return lambda matrix: blobs(matrix, half, width, spread, seed, vectors)


def blobs(matrix: Array, half: int, width: float, spread: float, seed: int, vectors: bool = False) -> Array:
    """Eight Gaussian blobs about the middle voxel of 2 half + 1 voxels, turned by a matrix; vectors turn, too."""
    generator = np.random.default_rng(seed)
    centres, amplitudes = generator.normal(size=(BLOBS, 3)) * spread, generator.normal(size=(BLOBS, 3))
    x = np.arange(-half, half + 1)
    factors = [np.exp(-((x[:, None] - along) ** 2) / (2 * width**2)) for along in (centres @ matrix.T).T]
    if vectors:
        return np.einsum("xb,yb,zb,bv->xyzv", *factors, amplitudes @ matrix.T, optimize=True)
    return np.einsum("xb,yb,zb,b->xyz", *factors, amplitudes[:, 0], optimize=True)


def sampled(radius: float, order: int, profile: Callable[[Array], Array]) -> Moments:
    """Moments about the middle voxel with weights that depend on the distance in radii: sums over voxels."""
    reach = int(radius) + 1
    x = np.arange(-reach, reach + 1) / radius
    powers = np.stack([x**n for n in range(order + 1)])
    distance = np.sqrt(x[:, None, None] ** 2 + x[:, None] ** 2 + x**2)
    weights = profile(distance)
    weights /= weights.sum()

    def moments(field: Array, values: str) -> Array:
        half = field.shape[0] // 2
        part = field[tuple(slice(half - reach, half + reach + 1) for _ in range(3))]
        part = part * weights.astype(field.dtype).reshape(*weights.shape, *(1,) * (field.ndim - 3))
        for row in [powers.astype(field.dtype)] * 3:
            part = np.tensordot(part, row, axes=(0, 1))
        part = np.moveaxis(part.reshape(-1, *(order + 1,) * 3), 0, -1)  # orders of x, y, z, and components
        return np.stack([part[e] for e in exponents_of(order, 3)]).ravel()

    return moments


def windowed(window: Window, order: int) -> Moments:
    """Moments about the middle voxel under a window of `invgen.fields`."""

    def moments(field: Array, values: str) -> Array:
        middle = [[field.shape[0] // 2] * 3]
        boundary = "wrap" if window.is_ball else "zero"  # blobs end before the faces
        return fields.moments(field, order, window, values, at=middle, boundary=boundary).values[0]

    return moments


def windows(radius: float, order: int) -> dict[str, Moments]:
    """The windows of the table."""
    return {
        "ball of voxels": sampled(radius, order, lambda r: (r <= 1).astype(float)),
        "one soft voxel": sampled(radius, order, lambda r: np.clip((1 - r) * radius + 0.5, 0, 1)),
        "(1 - r²/R²)³": sampled(radius, order, lambda r: np.clip(1 - r * r, 0, None) ** 3),
        "ball by its spectrum": windowed(Window.ball(radius), order),
        "Gaussian": windowed(Window.gaussian(radius / 2.5), order),
        "Hermite": windowed(Window.hermite(radius / 2.5), order),
    }


class Roots:
    """|I|^(1/degree) of moments, by the compiled kernel of their dtype."""

    def __init__(self, basis: Basis) -> None:
        self.degrees = np.array([member.degree for member in basis])
        self._kernels = {
            np.dtype(name): compile(basis, "c", getattr(torch, name), layout="plain") for name in ("float32", "float64")
        }

    def __call__(self, moments: Array) -> Array:
        kernel = self._kernels[moments.dtype]
        found = kernel.value(torch.from_numpy(np.ascontiguousarray(moments))[None])[0].double().numpy()
        roots: Array = np.abs(found) ** (1.0 / self.degrees)
        return roots


def change(roots: Roots, moments: Moments, make: Maker, seed: int, dtype: str, values: str = "scalar") -> float:
    """The largest change of the roots over the rotations, as a part of the largest root."""
    generator = np.random.default_rng(1000 + seed)
    turns = [np.eye(3)] + [random_rotation(generator) for _ in range(ROTATIONS)]
    # moments are of order 1 then: an invariant of degree 4 of small ones would be lost in float32
    rows = [moments(make(turn).astype(dtype), values) for turn in turns]
    size = np.abs(rows[0]).max()
    found = np.array([roots(row / row.dtype.type(size)) for row in rows])
    return float(np.abs(found[1:] - found[0]).max() / found[0].max())


def measure(basis: Basis, order: int, values: str, radii: tuple[int, ...], seeds: tuple[int, ...]) -> list[Any]:
    """The errors of every window, width of blobs, radius and dtype."""
    roots, records = Roots(basis), []
    for radius in radii:
        # The Gaussian ends within 6 sigma, so it reads all voxels; blobs end before the faces.
        half = int(np.ceil(6 * radius / 2.5)) + 1
        for width in WIDTHS:
            for name, moments in windows(radius, order).items():
                for dtype in BOUNDS:
                    errors = [
                        change(
                            roots,
                            moments,
                            turned(half, width, radius / 4, seed, values == "vector"),
                            seed,
                            dtype,
                            values,
                        )
                        for seed in seeds
                    ]
                    records.append(
                        {"values": values, "window": name, "radius": radius, "width": width, "dtype": dtype}
                        | {"median": median(errors), "worst": max(errors)}
                    )
    return records


def aliasing(basis: Basis, order: int) -> list[Any]:
    """Errors under narrow Hermite windows of blobs as wide as the window, twice and four times as wide."""
    roots, records = Roots(basis), []
    for wide, cut in CURVES:
        for ratio in RATIOS.tolist():
            moments = windowed(Window.hermite(ratio, cut, coarse=True), order)
            half, width = int(np.ceil(cut * ratio)) + 1, wide * ratio
            errors = [change(roots, moments, turned(half, width, width, s), s, "float64") for s in SEEDS]
            record = {"ratio": round(ratio, 2), "blobs": wide, "cut": cut}
            records.append(record | {"median": median(errors), "worst": max(errors)})
    return records


def draw(records: list[Any], path: Path) -> None:
    """Error against sigma / h, with exp(-2π² (sigma / h)²)."""
    import matplotlib
    from matplotlib import pyplot

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "svg.fonttype": "none"})
    figure, axes = pyplot.subplots(figsize=(5.4, 3.6), layout="constrained")
    styles = (("#8a8a8a", "v"), ("#2e8b57", "D"), ("#1b4b7a", "o"), ("#d9a441", "s"))
    for (wide, cut), (colour, marker) in zip(CURVES, styles, strict=True):
        chosen = [r for r in records if (r["blobs"], r["cut"]) == (wide, cut)]
        label = f"blobs of {wide} sigma, window ends at {cut:g}"
        axes.plot([r["ratio"] for r in chosen], [r["median"] for r in chosen], color=colour, marker=marker, label=label)
    axes.plot(RATIOS, np.exp(-2 * pi**2 * RATIOS**2), color="#c0392b", linestyle="--", label="exp(-2π² (sigma / h)²)")
    axes.set_yscale("log")
    axes.set_ylim(1e-17, 3)
    axes.set_xlabel("sigma / h")
    axes.set_ylabel("largest change of |I|^(1/degree)")
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def show(records: list[Any], values: str) -> str:
    """The table of one kind of values."""
    rows = []
    names = list(dict.fromkeys(r["window"] for r in records))
    for width in WIDTHS:
        for radius in sorted({r["radius"] for r in records}):
            for dtype in BOUNDS:
                chosen = {
                    r["window"]: r
                    for r in records
                    if (r["values"], r["width"], r["radius"], r["dtype"]) == (values, width, radius, dtype)
                }
                cells = [f"{chosen[n]['median']:.0e} ({chosen[n]['worst']:.0e})" for n in names]
                rows.append([f"{width:g}", str(radius), dtype, *cells])
    return table(["blobs", "R", "dtype", *names], rows)


def verdicts(records: list[Any]) -> list[str]:
    """Whether the bounds hold, in words; a single field may have an invariant near zero, whose root is steep."""
    lines = []
    for name in ("Gaussian", "Hermite"):
        for dtype, bound in BOUNDS.items():
            chosen = [r for r in records if (r["window"], r["dtype"]) == (name, dtype) and r["width"] >= 1.5]
            most, worst = (max(r[which] for r in chosen) for which in ("median", "worst"))
            answer = "yes" if most <= bound else "NO"
            lines.append(
                f"{name}, {dtype}: the largest median is {most:.1e}, at most {bound:g}: {answer}; the worst field has "
                f"{worst:.1e}"
            )
        pairs = [
            (r, s)
            for r in records
            for s in records
            if (r["window"], s["window"], r["dtype"]) == ("ball of voxels", name, "float64")
            and all(r[k] == s[k] for k in ("values", "radius", "width", "dtype"))
            and r["width"] >= 1.5
        ]
        least = min(r["median"] / s["median"] for r, s in pairs)
        answer = "yes" if least >= GAIN else "NO"
        lines.append(f"{name}: below the ball of voxels by {least:.0e} at least, at least {GAIN:g}: {answer}")
    return lines


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields invariance", description=__doc__)
    parser.add_argument("--radii", type=int, nargs="+", default=list(RADII), help="in voxels")
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--figure", type=Path, default=FIGURE)
    options = parser.parse_args(arguments)
    scalar = generate(TensorSpace.moments(range(5)), 4)
    vector = generate(TensorSpace.moments(range(3), "vector"), 4)
    where, radii = machine(), tuple(options.radii)
    records = measure(scalar, 4, "scalar", radii, SEEDS) + measure(vector, 2, "vector", radii, SEEDS)
    curve = aliasing(scalar, 4)
    print(describe(where))
    for values, basis in (("scalar", scalar), ("vector", vector)):
        print(
            f"\n{len(basis)} invariants of {values} fields, rank {basis.certificate.rank} of {basis.certificate.target}"
        )
        print(f"\n{show(records, values)}")
    print("\n" + "\n".join(verdicts(records)))
    settings = {"seeds": SEEDS, "rotations": ROTATIONS, "blobs": BLOBS, "radii": radii}
    write_json(options.out, {"machine": where, "settings": settings, "table": records, "aliasing": curve})
    draw(curve, options.figure)
