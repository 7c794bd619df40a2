"""Permeability tensors of porous media from covariants of their moments: an example, not a claim.

Labels are solved by `benchmarks.stokes` and kept in benchmarks/results/field_media_labels.json; `--labels` solves those
that the file does not have.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.media import FAMILIES, SIZE, medium
from benchmarks.stokes import permeability
from benchmarks.support import ROOT, describe, machine, table, write_json
from invgen import TensorSpace, fields, generate
from invgen.spaces.harmonics import tensor_of_components

RESULTS = ROOT / "benchmarks" / "results"
LABELS = RESULTS / "field_media_labels.json"
COUNT = 200
TOLERANCE = 1e-4  # of the residual; with float32, tensors are right to 1e-4 then
SCALES = (1.5, 2.5, 4.0)  # voxels
ORDER = 4
RIDGES = 10.0 ** np.arange(-6, 3)

Array = np.ndarray


# --- Labels.


def label(number: int) -> dict[str, Any]:
    """The tensor of one medium as a row of the file of labels."""
    start = time.process_time()
    family, pores = medium(number)
    tensor, steps = permeability(pores, TOLERANCE, dtype=np.float32)
    row = [[float(f"{v:.6g}") for v in line] for line in tensor]
    return {
        "number": number,
        "family": family,
        "porosity": round(float(pores.mean()), 6),
        "tensor": row,
        "steps": steps,
        "seconds": round(time.process_time() - start, 2),
    }


def write_labels(path: Path, count: int) -> None:
    """Solve all media, one after the other; the file grows, so that a run that was stopped continues."""
    rows = json.loads(path.read_text(encoding="utf-8"))["media"] if path.exists() else []
    for number in range(len(rows), count):
        rows.append(label(number))
        lines = ",\n".join(json.dumps(row) for row in rows)
        head = json.dumps({"size": SIZE, "families": FAMILIES, "tolerance": TOLERANCE})[1:-1]
        path.write_text(f'{{{head}, "media": [\n{lines}\n]}}\n', encoding="utf-8")
        print(number, rows[-1]["family"], rows[-1]["porosity"], rows[-1]["seconds"], flush=True)


# --- Checks of the solver.


def checks() -> dict[str, float]:
    """Parallel plates beside the formula, and a turned medium beside the turned tensor."""
    height, cell = 14, 20
    plates = np.zeros((6, 6, cell), dtype=bool)
    plates[:, :, 3 : 3 + height] = True
    found, _ = permeability(plates)
    wanted = height**3 / 12 / cell
    small = medium(0)[1][:16, :16, :16]
    tensor, _ = permeability(small)
    turned, _ = permeability(np.rot90(small, axes=(0, 1)))
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    size = np.trace(tensor)
    return {
        "plates": abs(found[0, 0] / wanted - 1),
        "turned": abs(turned - turn @ tensor @ turn.T).max() / size,
        "symmetry": abs(tensor - tensor.T).max() / size,
    }


# --- Features.


def surface(pores: Array) -> float:
    """Faces between pore and solid for each voxel, times 2/3, which makes them the surface of a smooth body."""
    return float(sum((pores != np.roll(pores, 1, axis)).mean() for axis in range(3)) * 2 / 3)


def matrices(components: Array) -> Array:
    """Rational components of rank 2 as symmetric traceless matrices, (..., 5) -> (..., 3, 3)."""
    entries, scales = tensor_of_components(2)
    flat = components @ (np.array(entries, dtype=float) * np.array([float(s) for s in scales])).T
    places = np.array([[0, 1, 2], [1, 3, 4], [2, 4, 5]])  # xx, xy, xz, yy, yz, zz
    return flat[..., places]


def features(count: int) -> tuple[Array, Array, Array]:
    """Covariants (media, features, 3, 3), invariants (media, features), porosity and surface (media, 2)."""
    space = TensorSpace.moments(range(ORDER + 1))
    covariants = generate(space, 2, select="linear", outputs="2e")
    invariants = generate(space, 2, select="linear")
    tensors, scalars, simple = [], [], []
    for number in range(count):
        _, pores = medium(number)
        field = (pores - pores.mean()).astype(np.float32)
        both: list[Array] = []
        plain: list[Array] = []
        for scale in SCALES:
            window = fields.Window.hermite(scale)
            turning = fields.invariants(field, covariants, window, boundary="wrap")
            still = fields.invariants(field, invariants, window, boundary="wrap")
            for part in (pores, ~pores):
                both.append(turning[part].mean(axis=0, dtype=np.float64).reshape(-1, 5))
                plain.append(still[part].mean(axis=0, dtype=np.float64))
        tensors.append(matrices(np.concatenate(both)))
        scalars.append(np.concatenate(plain))
        simple.append((pores.mean(), surface(pores)))
    return np.array(tensors), np.array(scalars), np.array(simple)


# --- Regression.

Fit = Callable[[Array, Array], Callable[[Array], Array]]


def ridge(x: Array, y: Array, strength: float) -> Array:
    """Weights of least squares with a penalty."""
    return np.linalg.solve(x.T @ x + strength * len(x) * np.eye(x.shape[1]), x.T @ y)


def equivariant(x: Array, y: Array) -> Callable[[Array], Array]:
    """One weight for each covariant; the penalty is chosen by cross-validation within what is given."""
    folds = np.arange(len(x)) % 5

    def rows(some: Array) -> Array:
        return np.moveaxis(some, 1, -1).reshape(-1, some.shape[1])

    def error(strength: float) -> float:
        total = 0.0
        for fold in range(5):
            inside = folds != fold
            weights = ridge(rows(x[inside]), y[inside].ravel(), strength)
            total += float(((rows(x[~inside]) @ weights - y[~inside].ravel()) ** 2).sum())
        return total

    weights = ridge(rows(x), y.ravel(), min(RIDGES, key=error))
    return lambda some: (rows(some) @ weights).reshape(len(some), 3, 3)


def linear(x: Array, y: Array) -> Callable[[Array], Array]:
    """Least squares with a constant."""
    weights = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0]
    return lambda some: np.column_stack([some, np.ones(len(some))]) @ weights


def penalised(x: Array, y: Array) -> Callable[[Array], Array]:
    """Standardised ridge regression, its penalty by cross-validation within what is given."""
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-12
    scaled, centre = (x - mean) / spread, y.mean()
    folds = np.arange(len(x)) % 5

    def error(strength: float) -> float:
        parts = [
            (scaled[folds == k] @ ridge(scaled[folds != k], y[folds != k] - centre, strength) - y[folds == k] + centre)
            for k in range(5)
        ]
        return float((np.concatenate(parts) ** 2).sum())

    weights = ridge(scaled, y - centre, min(RIDGES, key=error))
    return lambda some: (some - mean) / spread @ weights + centre


def constant(x: Array, y: Array) -> Callable[[Array], Array]:
    """A law with one constant: x itself, moved."""
    shift = (y - x[:, 0]).mean()
    return lambda some: some[:, 0] + shift


def left_out(fit: Fit, x: Array, y: Array, groups: Sequence[Array]) -> Array:
    """What is predicted of each group by a fit to all others."""
    found = np.empty_like(y)
    for group in groups:
        inside = np.ones(len(y), dtype=bool)
        inside[group] = False
        found[group] = fit(x[inside], y[inside])(x[group])
    return found


def explained(y: Array, found: Array) -> float:
    """R², of deviators about zero, of numbers about their mean."""
    centre = 0.0 if y.ndim > 1 else y.mean()
    return float(1 - ((y - found) ** 2).sum() / ((y - centre) ** 2).sum())


def study(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """All regressions, one medium left out at a time and one family at a time."""
    tensors, scalars, simple = features(len(rows))
    k = np.array([row["tensor"] for row in rows])
    k = (k + np.swapaxes(k, 1, 2)) / 2
    trace = np.trace(k, axis1=1, axis2=2)
    deviator = 3 * k / trace[:, None, None] - np.eye(3)
    logarithm = np.log10(trace / 3)
    one = [np.array([i]) for i in range(len(rows))]
    family = np.array([row["family"] for row in rows])
    families = [np.nonzero(family == name)[0] for name in FAMILIES]
    # Covariants of each kind are brought to one size; the porosity, a scalar, may scale them.
    sized = tensors / np.sqrt((tensors**2).sum(axis=(2, 3)).mean(axis=0))[:, None, None]
    porosity = simple[:, :1] - simple[:, 0].mean()
    both = np.concatenate([sized, 4 * sized * porosity[..., None, None]], axis=1)
    logs = np.log10(simple)
    models: dict[str, tuple[Fit, Array, Array]] = {
        "deviator: covariants": (equivariant, sized, deviator),
        "deviator: covariants, also times porosity": (equivariant, both, deviator),
        "log k: Kozeny-Carman, one constant": (constant, 3 * logs[:, :1] - 2 * logs[:, 1:], logarithm),
        "log k: log porosity and log surface": (linear, logs, logarithm),
        "log k: invariants": (penalised, scalars, logarithm),
        "log k: both logarithms and invariants": (penalised, np.column_stack([logs, scalars]), logarithm),
    }
    found: dict[str, Any] = {}
    for name, (fit, x, y) in models.items():
        single, whole = left_out(fit, x, y, one), left_out(fit, x, y, families)
        found[name] = {
            "leave one out": explained(y, single),
            "leave one family out": explained(y, whole),
            "by family": {f: explained(y[g], single[g]) for f, g in zip(FAMILIES, families, strict=True)},
        }
        if y.ndim == 1:
            found[name]["median error"] = float(np.median(10 ** abs(single - y) - 1))
    found["anisotropy"] = float(np.sqrt((deviator**2).sum(axis=(1, 2))).mean())
    found["decades"] = float(np.ptp(logarithm))
    return found


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields media", description=__doc__)
    parser.add_argument("--labels", action="store_true", help="solve the media that have no label yet")
    parser.add_argument("--count", type=int, default=COUNT, help=f"how many media; {COUNT}")
    parser.add_argument("--json", type=Path, default=RESULTS / "field_media.json", help="where the results go")
    given = parser.parse_args(arguments)
    if given.labels:
        write_labels(LABELS, given.count)
    where = machine()
    print(describe(where), end="\n\n")
    rows = json.loads(LABELS.read_text(encoding="utf-8"))["media"][: given.count]
    seconds = sum(row["seconds"] for row in rows)
    print(f"{len(rows)} media of {SIZE}³ voxels; their labels took {seconds / 60:.1f} minutes of one core")
    held = checks()
    print(f"plates: {held['plates']:.2%} from the formula; a medium turned by 90 degrees: {held['turned']:.1e} of tr K")
    print(f"asymmetry of K: {held['symmetry']:.1e} of tr K", end="\n\n")
    found = study(rows)
    lines = []
    for name, each in found.items():
        if isinstance(each, dict):
            error = f"{each['median error']:.0%}" if "median error" in each else ""
            numbers = [each["leave one out"], each["leave one family out"], *each["by family"].values()]
            lines.append([name, *(f"{v:.2f}" for v in numbers), error])
    head = ["R²", "leave one out", "leave one family out", *FAMILIES, "median error of k"]
    print(table(head, lines))
    print(f"\nk spans {found['decades']:.1f} decades; the mean norm of the deviator is {found['anisotropy']:.2f}")
    content = {"machine": where, "media": len(rows), "label seconds": seconds, "checks": held, "study": found}
    write_json(given.json, content)
