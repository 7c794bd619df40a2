"""Figures and tables of `benchmarks.pruning`, drawn from its results alone.

PYTHONPATH=. python -m benchmarks.pruning_plots     # docs/figures/pruning_<element>.svg, tables in docs/pruning.md
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, StrMethodFormatter

from benchmarks.pruning import RESULTS
from benchmarks.pruning_data import ELEMENTS, SIZES
from invgen.files import write_text

FIGURES = Path(__file__).parent.parent / "docs" / "figures"
STYLES = {
    "full": ("#1b4b7a", "o"),
    "independent and products": ("#4f9bd9", "D"),
    "independent": ("#c0392b", "s"),
    "random": ("#8a8a8a", "^"),
    "random by degree": ("#d9a441", "v"),
}
MEASURES = (("energy_mae", "energy MAE (meV/atom)"), ("force_mae", "force MAE (meV/Å)"))
PAGE = Path(__file__).parent.parent / "docs" / "pruning.md"
MARK = "<!-- written by benchmarks.pruning_plots -->"
TICKS = (15, 24, 45, 95, 164, 348)
Record = dict[str, Any]


def of(records: Iterable[Record], size: tuple[int, int], selection: str) -> list[Record]:
    """The records of one size and selection."""
    return [each for each in records if (each["n_max"], each["l_max"]) == size and each["selection"] == selection]


def draw(element: str, result: Record) -> None:
    """Test errors against the number of descriptors; bars from the lowest to the highest seed."""
    figure, panels = pyplot.subplots(2, 2, figsize=(8, 6), sharex=True, sharey="row", layout="constrained")
    for column, readout in enumerate(("linear", "network")):
        for row, (measure, label) in enumerate(MEASURES):
            axes: Axes = panels[row, column]
            for selection, (colour, marker) in STYLES.items():
                _curve(axes, result.get(readout, []), selection, measure, colour, marker)
            axes.set_xscale("log")
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
            axes.minorticks_off()
            axes.set_xticks(TICKS, [str(tick) for tick in TICKS])
            axes.grid(alpha=0.3, linewidth=0.5)
            if column == 0:
                axes.set_ylabel(label)
            if row == 0:
                axes.set_title(f"{element}, {readout} readout")
            else:
                axes.set_xlabel("descriptors")
    panels[0, 0].legend(fontsize=8, frameon=False)
    FIGURES.mkdir(exist_ok=True)
    figure.savefig(FIGURES / f"pruning_{element}.svg", metadata={"Date": None})
    pyplot.close(figure)


def _curve(axes: Axes, records: list[Record], selection: str, measure: str, colour: str, marker: str) -> None:
    points = []
    for size in SIZES:
        found = of(records, size, selection)
        if found:
            values = sorted(each[measure] for each in found)
            points.append((found[0]["descriptors"], statistics.fmean(values), values[0], values[-1]))
    if points:
        at, mean, low, high = zip(*points, strict=True)
        bars = [[m - l for m, l in zip(mean, low, strict=True)], [h - m for h, m in zip(high, mean, strict=True)]]
        axes.errorbar(
            at, mean, yerr=bars, color=colour, marker=marker, markersize=4, linewidth=1, capsize=2, label=selection
        )


def table(result: Record) -> str:
    """Energy / force MAE of every size and selection, mean over seeds and the range."""
    lines = ["| n_max, l_max | selection | descriptors | linear | network |", "|---|---|---|---|---|"]
    for size in SIZES:
        for selection in STYLES:
            linear, network = (of(result.get(readout, []), size, selection) for readout in ("linear", "network"))
            if linear:
                cells = (cell(linear), cell(network) if network else "")
                name = f"{size[0]}, {size[1]}"
                lines.append(f"| {name} | {selection} | {linear[0]['descriptors']} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def cell(records: list[Record]) -> str:
    """Energy / force MAE: the mean over seeds and the range."""
    parts = []
    for measure, _ in MEASURES:
        values = [each[measure] for each in records]
        digits = 2 if measure == "energy_mae" else 1
        spread = f" ({min(values):.{digits}f}-{max(values):.{digits}f})" if len(values) > 1 else ""
        parts.append(f"{statistics.fmean(values):.{digits}f}{spread}")
    return " / ".join(parts)


def section(result: Record) -> str:
    """What the page says of one element."""
    element, data = result["element"], result["data"]
    train, test = (f"{data[s]['structures']} structures ({data[s]['atoms']} atoms)" for s in ("train", "test"))
    return (
        f"### {element}\n\nTrained on {train}, tested on {test}.\n\n{table(result)}\n\n"
        f"![Test errors of {element} against the number of descriptors](figures/pruning_{element}.svg)\n"
    )


def main() -> None:
    """Draw what there are results of, and write the last part of the page anew."""
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "svg.fonttype": "none"})
    paths = [RESULTS / f"pruning_{element}.json" for element in ELEMENTS]
    results = [json.loads(path.read_text()) for path in paths if path.exists()]
    for result in results:
        draw(result["element"], result)
    kept = PAGE.read_text().partition(MARK)[0]
    write_text(PAGE, kept + MARK + "\n\n" + "\n".join(section(result) for result in results))


if __name__ == "__main__":
    main()
