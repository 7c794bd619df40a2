"""Figures and tables of `benchmarks.choices`, drawn from its results alone."""

from __future__ import annotations

import json
import statistics
from typing import Any

import matplotlib
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, StrMethodFormatter

from benchmarks.pruning import RESULTS
from benchmarks.pruning_data import ELEMENTS
from benchmarks.pruning_plots import FIGURES, PAGE, cell
from invgen.files import write_text

STYLES = {
    "free": ("#1b4b7a", "o"),
    "independent": ("#2e8b57", "D"),
    "independent by degree": ("#c0392b", "s"),
    "random by degree": ("#d9a441", "v"),
    "smaller box": ("#8a8a8a", "^"),
    "full": ("#555555", "*"),
}
AXES = (("descriptors", "descriptors"), ("operations", "operations per atom"))
BEGIN, END = "<!-- tables by benchmarks.choices -->", "<!-- end of tables by benchmarks.choices -->"
Record = dict[str, Any]


def draw_all() -> None:
    """The figure of every element in one, and the tables of the page."""
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "svg.fonttype": "none"})
    paths = [RESULTS / f"choices_{element}.json" for element in ELEMENTS]
    results = [json.loads(path.read_text()) for path in paths if path.exists()]
    for measure, label in (("force_mae", "force MAE (meV/Å)"), ("energy_mae", "energy MAE (meV/atom)")):
        draw(results, measure, label)
    before, _, rest = PAGE.read_text().partition(BEGIN)
    write_text(PAGE, f"{before}{BEGIN}\n\n{tables(results)}\n{END}{rest.partition(END)[2]}")


def draw(results: list[Record], measure: str, label: str) -> None:
    """Test errors of linear readouts, one column an element: above by descriptors, below by operations."""
    figure, panels = pyplot.subplots(
        2, len(results), figsize=(2.6 * len(results), 5.4), sharey="col", layout="constrained", squeeze=False
    )
    for column, result in enumerate(results):
        for row, (along, words) in enumerate(AXES):
            axes: Axes = panels[row, column]
            for selection, (colour, marker) in STYLES.items():
                _curve(axes, result["linear"], selection, along, measure, colour, marker)
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
            axes.tick_params(labelsize=7)
            axes.minorticks_off()
            axes.grid(alpha=0.3, linewidth=0.5)
            axes.set_xlabel(words, fontsize=8)
            if column == 0:
                axes.set_ylabel(label)
            if row == 0:
                axes.set_title(result["element"])
    figure.legend(
        *panels[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(STYLES), frameon=False
    )
    figure.savefig(FIGURES / f"choices_{measure.partition('_')[0]}.svg", metadata={"Date": None})
    pyplot.close(figure)


def _curve(axes: Axes, records: list[Record], selection: str, along: str, measure: str, colour: str, mark: str) -> None:
    points = []
    for count in sorted({each["descriptors"] for each in records if each["selection"] == selection}):
        found = of(records, selection, count)
        values = [each[measure] for each in found]
        at = statistics.fmean(each[along] for each in found)
        points.append((at, statistics.fmean(values), min(values), max(values)))
    if not points:
        return
    places, mean, low, high = zip(*points, strict=True)
    bars = [[m - l for m, l in zip(mean, low, strict=True)], [h - m for h, m in zip(high, mean, strict=True)]]
    size = 8 if mark == "*" else 3.5
    axes.errorbar(
        places, mean, yerr=bars, color=colour, marker=mark, markersize=size, linewidth=1, capsize=2, label=selection
    )


def of(records: list[Record], selection: str, count: int) -> list[Record]:
    """The records of one selection with so many descriptors."""
    return [each for each in records if (each["selection"], each["descriptors"]) == (selection, count)]


def tables(results: list[Record]) -> str:
    """Linear readouts by number, operations, and networks."""
    counts = sorted({r["descriptors"] for each in results for r in each["linear"]})
    head = "| k | selection | " + " | ".join(each["element"] for each in results) + " |"
    rule = "|---" * (2 + len(results)) + "|"
    linear, cost, network = [head, rule], [head, rule], [head, rule]
    for count in counts:
        for selection in STYLES:
            found = [of(each["linear"], selection, count) for each in results]
            if all(found):
                linear.append(f"| {count} | {selection} | " + " | ".join(map(cell, found)) + " |")
                cost.append(f"| {count} | {selection} | " + " | ".join(map(_operations, found)) + " |")
            trained = [of(each.get("network", []), selection, count) for each in results]
            if any(trained):
                network.append(f"| {count} | {selection} | " + " | ".join(cell(t) if t else "" for t in trained) + " |")
    parts = [
        "Linear readout, test errors of energies (meV/atom) / forces (meV/Å):\n\n" + "\n".join(linear),
        "Operations for values and gradients of the descriptors of one atom:\n\n" + "\n".join(cost),
        "Network readout, trained for the elements that have entries:\n\n" + "\n".join(network),
        "Chosen with energies at 20 meV per atom in place of 2, fitted as above:\n\n" + _lighter(results),
    ]
    return "\n\n".join(parts) + "\n"


def _lighter(results: list[Record]) -> str:
    made = [each for each in results if "lighter" in each]
    lines = [
        "| k | selection | " + " | ".join(each["element"] for each in made) + " |",
        "|---" * (2 + len(made)) + "|",
    ]
    for record in made[0]["lighter"]["linear"] if made else []:
        selection, count = record["selection"], record["descriptors"]
        cells = [cell(of(each["lighter"]["linear"], selection, count)) for each in made]
        lines.append(f"| {count} | {selection} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _operations(records: list[Record]) -> str:
    return f"{round(statistics.fmean(each['operations'] for each in records)):,}"
