"""Real shapes, AdrenalMNIST3D, told apart by invariants, by simpler numbers, and by published networks.

1584 binary shapes of adrenal glands on 28³ voxels, normal or with a mass (MedMNIST v2, Sci. Data 10:41, 2023), in the
official split. Features go through a standard scaler into logistic regression, whose strength of regularisation is
chosen by five-fold cross-validation on the 1188 shapes for training; the test shapes are used once. They are also
turned at random, with linear interpolation and room enough that nothing is cut. Run `python -m benchmarks.fields
classification`.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.support import DATA, ROOT, machine, table, write_json

FILE = DATA / "adrenalmnist3d" / "adrenalmnist3d.npz"
RESULTS = ROOT / "benchmarks" / "results" / "field_classification.json"
STRENGTHS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1.0)
SEED = 0
RESAMPLES = 2000
VOLUME, DISTANCES, WHOLE, LOCAL, BOTH = (
    "volume",
    "distance transform: max, mean, std, 4 quantiles",
    "whole: order 6 about the centroid, 3 scales",
    "local: order 4 at 5 scales, pooled",
    "whole + local",
)
# AUC and accuracy on the test shapes as given, from the table of MedMNIST v2 (doi:10.1038/s41597-022-01721-8). They are
# quoted and were not checked against the paper.
PUBLISHED = {
    "ResNet-18 + 2.5D": (0.718, 0.772),
    "ResNet-18 + 3D": (0.827, 0.721),
    "ResNet-18 + ACS": (0.839, 0.754),
    "ResNet-50 + 2.5D": (0.732, 0.763),
    "ResNet-50 + 3D": (0.828, 0.745),
    "ResNet-50 + ACS": (0.828, 0.758),
    "auto-sklearn": (0.828, 0.802),
    "AutoKeras": (0.804, 0.705),
}

Array = np.ndarray[Any, Any]
Shapes = list[Array]


def shapes_of(split: str, most: int | None) -> tuple[Shapes, Array]:
    """Binary shapes as float32, and their labels."""
    with np.load(FILE) as found:
        images, labels = found[f"{split}_images"][:most], found[f"{split}_labels"][:most, 0]
    return [(image > 0).astype(np.float32) for image in images], labels


def turned(shape: Array, matrix: Array) -> Array:
    """A shape turned about the middle of its box, by linear interpolation, in a box that holds all of it."""
    from scipy.ndimage import affine_transform

    places = np.argwhere(shape > 0)
    low, high = places.min(axis=0), places.max(axis=0)
    size = 2 * int(np.ceil(np.linalg.norm(high - low + 1) / 2)) + 3
    middle = np.full(3, (size - 1) / 2)
    offset = (low + high) / 2 - matrix.T @ middle
    found: Array = affine_transform(shape, matrix.T, offset, (size,) * 3, order=1)
    return np.maximum(found, 0.0)


def distances(shapes: Shapes) -> Array:
    """How far voxels are from the surface: greatest, mean and standard deviation, and four quantiles."""
    from scipy.ndimage import distance_transform_edt

    rows = []
    for shape in shapes:
        solid = np.pad(shape > 0.5, 1)
        found = distance_transform_edt(solid)[solid]
        rows.append([found.max(), found.mean(), found.std(), *np.quantile(found, (0.25, 0.5, 0.75, 0.9))])
    return np.array(rows)


def features(train: Shapes) -> dict[str, Callable[[Shapes], Array]]:
    """What makes rows of shapes; the sizes of norms are learnt from the shapes for training, without their labels."""
    from invgen.fields import LocalInvariants, ShapeInvariants

    whole = ShapeInvariants(order=6, scales=(3.0, 5.0, 8.0)).fit(train)
    local = LocalInvariants(mask=0.5).fit(train)  # turned shapes have a rim of interpolated voxels
    return {
        VOLUME: lambda shapes: np.array([[shape.sum()] for shape in shapes]),
        DISTANCES: distances,
        WHOLE: whole.transform,
        LOCAL: local.transform,
    }


def timed(make: Callable[[Shapes], Array], shapes: Shapes) -> tuple[Array, float]:
    """The rows, and the processor time of one shape: the median of ten parts, in milliseconds."""
    parts, times = [], []
    for some in np.array_split(np.arange(len(shapes)), min(10, len(shapes))):
        start = time.process_time()
        parts.append(make([shapes[i] for i in some]))
        times.append((time.process_time() - start) / len(some) * 1e3)
    return np.concatenate(parts), median(times)


def chosen(rows: Array, labels: Array) -> Any:
    """The classifier with the strength that cross-validation on the shapes for training prefers."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    steps = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5000))
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return GridSearchCV(steps, {"logisticregression__C": STRENGTHS}, scoring="roc_auc", cv=folds).fit(rows, labels)


def area(scores: Array, labels: Array) -> float:
    """The area under the receiver operating characteristic, by ranks."""
    from scipy.stats import rankdata

    positive = labels == 1
    count = int(positive.sum())
    others = len(labels) - count
    return float((rankdata(scores)[positive].sum() - count * (count + 1) / 2) / (count * others))


def accuracy(scores: Array, labels: Array) -> float:
    """The share of shapes on the right side of a probability of one half."""
    return float(((scores > 0.5) == (labels == 1)).mean())


def resampled(labels: Array, draws: int) -> list[Array]:
    """Numbers of shapes, drawn with replacement; the same for everything that is compared."""
    generator = np.random.default_rng(SEED)
    found = (generator.integers(len(labels), size=len(labels)) for _ in range(draws))
    return [each for each in found if 0 < labels[each].sum() < len(labels)]


def interval(values: Sequence[float]) -> list[float]:
    """The middle 95 %."""
    return [round(float(q), 4) for q in np.quantile(values, (0.025, 0.975))]


def measure(most: int | None = None, turns: int = 5, draws: int = RESAMPLES) -> dict[str, Any]:
    """All numbers of the table."""
    from scipy.spatial.transform import Rotation

    train, train_labels = shapes_of("train", most)
    test, test_labels = shapes_of("test", most)
    matrices = Rotation.random(turns * len(test), random_state=np.random.RandomState(SEED)).as_matrix()
    rotated = [[turned(s, matrices[t * len(test) + i]) for i, s in enumerate(test)] for t in range(turns)]
    makers = features(train)
    rows: dict[str, list[Array]] = {}
    times: dict[str, float] = {}
    for name, make in makers.items():
        first, times[name] = timed(make, train)
        rows[name] = [first, make(test), *(make(each) for each in rotated)]
        print(f"{name}: {first.shape[1]} numbers, {times[name]:.1f} ms", flush=True)
    rows[BOTH] = [np.concatenate(pair, axis=1) for pair in zip(rows[WHOLE], rows[LOCAL], strict=True)]
    times[BOTH] = times[WHOLE] + times[LOCAL]

    samples = resampled(test_labels, draws)
    results, areas = {}, {}
    for name, (first, *tests) in rows.items():
        model = chosen(first, train_labels)
        scores = [model.predict_proba(each)[:, 1] for each in tests]
        areas[name] = np.array([[area(each[s], test_labels[s]) for each in scores] for s in samples])
        results[name] = {
            "numbers": first.shape[1],
            "C": model.best_params_["logisticregression__C"],
            "cross-validated AUC": round(float(model.best_score_), 4),
            "AUC": round(area(scores[0], test_labels), 4),
            "AUC interval": interval(areas[name][:, 0]),
            "ACC": round(accuracy(scores[0], test_labels), 4),
            "turned AUC": [round(area(each, test_labels), 4) for each in scores[1:]],
            "turned ACC": [round(accuracy(each, test_labels), 4) for each in scores[1:]],
            "turned - given AUC": round(
                float(np.mean([area(each, test_labels) for each in scores[1:]])) - area(scores[0], test_labels), 4
            ),
            "turned - given AUC interval": interval(areas[name][:, 1:].mean(axis=1) - areas[name][:, 0]),
            "processor ms a shape": round(times[name], 2),
        }
    differences = {
        f"{LOCAL} - {other}": {
            "given": round(results[LOCAL]["AUC"] - results[other]["AUC"], 4),
            "given interval": interval(areas[LOCAL][:, 0] - areas[other][:, 0]),
            "turned": round(float(np.mean(results[LOCAL]["turned AUC"]) - np.mean(results[other]["turned AUC"])), 4),
            "turned interval": interval((areas[LOCAL] - areas[other])[:, 1:].mean(axis=1)),
        }
        for other in results
        if other != LOCAL
    }
    return {
        "machine": machine(),
        "seed": SEED,
        "test shapes": len(test),
        "results": results,
        "differences": differences,
    }


def printed(found: dict[str, Any]) -> str:
    """The tables in Markdown."""
    head = ["features", "numbers", "C", "CV AUC", "AUC", "ACC", "turned AUC", "turned ACC", "turned - given", "ms"]
    lines = []
    for name, r in found["results"].items():
        low, high = r["AUC interval"]
        change = r["turned - given AUC interval"]
        lines.append(
            [
                name,
                str(r["numbers"]),
                f"{r['C']:g}",
                f"{r['cross-validated AUC']:.3f}",
                f"{r['AUC']:.3f} [{low:.3f}, {high:.3f}]",
                f"{r['ACC']:.3f}",
                f"{np.mean(r['turned AUC']):.3f}",
                f"{np.mean(r['turned ACC']):.3f}",
                f"{r['turned - given AUC']:+.3f} [{change[0]:+.3f}, {change[1]:+.3f}]",
                f"{r['processor ms a shape']:.1f}",
            ]
        )
    lines += [
        [f"{name} (quoted)", "", "", "", f"{auc:.3f}", f"{acc:.3f}", "", "", "", ""]
        for name, (auc, acc) in PUBLISHED.items()
    ]
    pairs = [
        [
            name,
            f"{d['given']:+.3f} [{d['given interval'][0]:+.3f}, {d['given interval'][1]:+.3f}]",
            f"{d['turned']:+.3f} [{d['turned interval'][0]:+.3f}, {d['turned interval'][1]:+.3f}]",
        ]
        for name, d in found["differences"].items()
    ]
    return "\n\n".join(
        [
            table(head, lines),
            table(["difference of AUC, paired bootstrap", "given", "turned"], pairs),
            f"With {found['test shapes']} test shapes differences of AUC below 0.03 are noise, unless a paired "
            "interval leaves out zero. Published values are quoted, not checked.",
        ]
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.fields classification", description=__doc__.splitlines()[0])
    parser.add_argument("--shapes", type=int, default=None, help="use only so many shapes of each split")
    parser.add_argument("--turns", type=int, default=5, help="how often the test shapes are turned")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where to write the results")
    options = parser.parse_args(arguments)
    if not FILE.is_file():
        print(f"skipped: {FILE.name} is not here; set INVGEN_DATA to the folder of data sets")
        return
    found = measure(options.shapes, options.turns)
    print(printed(found))
    write_json(options.json, found)
