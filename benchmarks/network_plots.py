"""Figures and tables of `benchmarks.network_accuracy`, drawn from its results alone.

python -m benchmarks.network_plots     # docs/figures/networks_*.svg, and the tables in docs/accuracy.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import matplotlib
from matplotlib import pyplot
from matplotlib.ticker import ScalarFormatter

from benchmarks.network_accuracy import MODELS, RESULTS, SETTINGS
from benchmarks.network_means import MEANS
from benchmarks.published import ACAC_RMSE, RMD17_MAE, Published
from benchmarks.support import ROOT, digits, put_tables

FIGURES = ROOT / "docs" / "figures"
PAGE = ROOT / "docs" / "accuracy.md"
NAMES: Mapping[str, str] = {
    "hipnn": "HIP-NN",
    "ts1": "HIP-NN-TS, l = 1",
    "ts2": "HIP-NN-TS, l = 2",
    "hop23": "HIP-HOP (2, 3)",
    "hop24": "HIP-HOP (2, 4)",
    "hop34": "HIP-HOP (3, 4)",
    "hop45": "HIP-HOP (4, 5), independent",
    "mace32": "MACE, 32 channels",
    "mace64": "MACE, 64 channels",
    "mace128": "MACE, 128 channels",
}
SHADES = ("#8a8a8a", "#9cc3e6", "#4f9bd9", "#f0b27a", "#dc7633", "#c0392b", "#1b4b7a", "#a9d5b5", "#5aab76", "#1e7a45")
COLOURS = dict(zip(MODELS, SHADES))
# Title, axis, and the first value and the step along it, as the files of the data set have them.
SCANS = {
    "dihedral": ("rotation about a C–C bond", "dihedral angle (degrees)", 1, 4),
    "H transfer": ("proton transfer", "geometry", 0, 1),
}
LINES = ("GAP", "ACE", "NequIP", "MACE")
Record = dict[str, Any]


def records(name: str) -> list[Record]:
    """Those of one set, in the order of models, epochs and seeds; none if it was not run."""
    path = RESULTS / f"networks_{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def series(name: str) -> list[list[Record]]:
    """Records that differ in their seeds alone, together."""
    found: dict[tuple[str, int], list[Record]] = {}
    for each in records(name):
        found.setdefault((each["model"], each["epochs"]), []).append(each)
    return list(found.values())


def common_epochs(name: str) -> int:
    """The number of epochs at which most networks of a set were trained: they are compared there."""
    counts: list[int] = [of[0]["epochs"] for of in series(name)]
    return max(sorted(set(counts)), key=counts.count)


def spread(values: Iterable[float]) -> str:
    """The mean, and where there are several the lowest and the highest."""
    given = list(values)
    text = digits(mean(given))
    return text if len(given) == 1 else f"{text} ({digits(min(given))}–{digits(max(given))})"


def row(of: Sequence[Record], tests: Sequence[str], kind: str) -> str:
    """One line of a table: a network, its size, its training and its errors."""
    first = of[0]
    cells = [NAMES[first["model"]], "" if first["members"] is None else str(first["members"])]
    cells += [f"{first['parameters'] / 1000:.0f}k", f"{first['epochs']}", str(len(of))]
    cells.append(f"{mean(each['processor_seconds'] for each in of) / 60:.1f}")
    for test in tests:
        cells += [spread(each["errors"][test][f"{target}_{kind}"] for each in of) for target in ("energy", "forces")]
    return "| " + " | ".join(cells) + " |"


def means(name: str) -> list[Record]:
    """The means of several networks of one set; none if there are none."""
    known: list[Record] = json.loads(MEANS.read_text(encoding="utf-8")) if MEANS.exists() else []
    return [each for each in known if each["set"] == name]


def mean_row(mean: Record, tests: Sequence[str], kind: str) -> str:
    """One line of a table: networks of several seeds, whose energies and forces are averaged."""
    of = [each for each in records(mean["set"]) if (each["model"], each["epochs"]) == (mean["model"], mean["epochs"])]
    of = [each for each in of if each["seed"] in mean["seeds"]]
    members = "" if of[0]["members"] is None else str(of[0]["members"])
    cells = [f"mean of {len(of)} {NAMES[mean['model']]}", members, f"{len(of)} × {of[0]['parameters'] / 1000:.0f}k"]
    cells += [f"{mean['epochs']}", str(len(of)), f"{sum(each['processor_seconds'] for each in of) / 60:.1f}"]
    for test in tests:
        cells += [digits(mean["errors"][test][f"{target}_{kind}"]) for target in ("energy", "forces")]
    return "| " + " | ".join(cells) + " |"


def table(name: str, kind: str = "mae", published: Mapping[str, Sequence[Published]] | None = None) -> str:
    """Test errors of a set; printed ones below, where there are any: published[test] for each test."""
    tests = list(SETTINGS[name].data["test"])
    heads = ["network", "invariants", "weights", "epochs", "seeds", "core-minutes"]
    for test in tests:
        heads += [f"{test}: energy, meV", "forces, meV/Å"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += [row(of, tests, kind) for of in series(name)]
    lines += [mean_row(each, tests, kind) for each in means(name)]
    for k, first in enumerate((published or {}).get(tests[0], ())):
        cells = [f"*{first.model}*", "", "", "", "", ""]
        for test in tests:
            each = (published or {})[test][k]
            cells += ["" if each.energy is None else f"*{each.energy}*", f"*{each.forces}*"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def draw_learning(names: Sequence[str], path: Path) -> None:
    """Validation errors of forces against the processor time of training, one panel a set."""
    figure, panels = pyplot.subplots(1, len(names), figsize=(4.0 * len(names) + 2.2, 3.6), layout="constrained")
    for axes, name in zip(panels, names):
        common = {of[0]["model"] for of in series(name) if of[0]["epochs"] == common_epochs(name)}
        for of in series(name):
            first = of[0]
            times, errors = zip(*first["learning"])
            share = first["processor_seconds"] / first["seconds"]  # what other work left of the clock
            style = "-" if first["epochs"] == common_epochs(name) else "--"
            # A network that was trained at other lengths alone is named all the same, once.
            label = NAMES[first["model"]] if style == "-" or first["model"] not in common else None
            common.add(first["model"])
            axes.plot(
                [share * each for each in times],
                errors,
                style,
                color=COLOURS[first["model"]],
                label=label,
                linewidth=1.4,
            )
        for each in RMD17_MAE.get(name, ()):
            if each.model in LINES:
                axes.axhline(each.forces, color="#bbbbbb", linewidth=0.8, zorder=0)
                axes.annotate(each.model, (1.0, each.forces), xycoords=("axes fraction", "data"), fontsize=7,
                              color="#777777", ha="right", va="bottom")  # fmt: skip
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(ScalarFormatter())
        axes.set_title(name)
        axes.set_xlabel("processor seconds of training")
    panels[0].set_ylabel("forces, mean absolute error (meV/Å)")
    # A network may stand in some panels alone.
    lines = {line.get_label(): line for axes in panels for line in axes.get_lines()}
    named = [lines[name] for name in NAMES.values() if name in lines]
    figure.legend(handles=named, loc="outside right upper", fontsize=8, frameon=False)
    _save(figure, path)


def draw_scans(path: Path, models: Sequence[str] = ("hipnn", "ts2", "hop34", "hop45", "mace64")) -> None:
    """Energies along the dihedral scan and the proton transfer of acac, reference and networks."""
    found = {of[0]["model"]: of[0] for of in series("acac")}
    scans = list(SETTINGS["acac"].scans)
    figure, panels = pyplot.subplots(1, len(scans), figsize=(10.2, 3.4), layout="constrained")
    for axes, name in zip(panels, scans):
        title, unit, first, step = SCANS[name]
        for k, model in enumerate(each for each in models if each in found):
            curves = found[model]["scans"][name]
            places = [first + step * number for number in range(len(curves["reference"]))]
            if k == 0:
                axes.plot(places, curves["reference"], "ko", markersize=3, label="DFT")
            axes.plot(places, curves["predicted"], color=COLOURS[model], label=NAMES[model], linewidth=1.4)
        axes.set_title(title)
        axes.set_xlabel(unit)
    panels[0].set_ylabel("energy above the first (meV)")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside right upper", fontsize=8, frameon=False)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    """An SVG whose bytes depend on the data alone."""
    matplotlib.rcParams["svg.hashsalt"] = path.stem
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def write_page(page: Path) -> None:
    """Put each table between its marks."""
    tables = {
        "ethanol": table("ethanol", published={"rMD17": RMD17_MAE["ethanol"]}),
        "aspirin": table("aspirin", published={"rMD17": RMD17_MAE["aspirin"]}),
        "acac": table("acac", "rmse", ACAC_RMSE),
        "methane": table("methane"),
    }
    put_tables(page, tables, "benchmarks.network_plots")


def main() -> None:
    """Draw everything."""
    FIGURES.mkdir(exist_ok=True)
    draw_learning(("ethanol", "aspirin"), FIGURES / "networks_learning.svg")
    draw_scans(FIGURES / "networks_acac.svg")
    write_page(PAGE)


if __name__ == "__main__":
    main()
