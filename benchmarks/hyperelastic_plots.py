"""The figure and the table of `benchmarks.hyperelastic`, drawn from its results alone.

PYTHONPATH=. python -m benchmarks.hyperelastic_plots     # docs/figures/hyperelastic.svg, a table in docs/materials.md
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot

from benchmarks.hyperelastic import MODELS, RESULTS, SIZES
from invgen.files import write_text

DOCS = Path(__file__).parent.parent / "docs"
PAGE, FIGURE = DOCS / "materials.md", DOCS / "figures" / "hyperelastic.svg"
BEGIN, END = "<!-- written by benchmarks.hyperelastic_plots -->", "<!-- end -->"
STYLES = {
    "cubic": ("#1b4b7a", "o", "-"),
    "cubic, damping 1": ("#4f9bd9", "D", "-"),
    "cubic, polynomial": ("#1b4b7a", "s", ":"),
    "isotropic": ("#8a8a8a", "^", "-"),
    "none": ("#c0392b", "v", "-"),
    "none, augmented": ("#d9a441", "p", "-"),
}
MEASURES = (("energy_mae", "energy MAE (MPa)"), ("stress_mae", "stress MAE (MPa)"))
Record = dict[str, Any]


def of(records: list[Record], name: str, size: int) -> list[Record]:
    """The records of one model and number of labels."""
    return [each for each in records if each["model"] == name and each["labels"] == size]


def draw(records: list[Record]) -> None:
    """Test errors against the number of labels; bars from the lowest to the highest seed."""
    figure, panels = pyplot.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
    for axes, (measure, label) in zip(panels, MEASURES, strict=True):
        for name, (colour, marker, line) in STYLES.items():
            sizes = [size for size in SIZES if of(records, name, size)]
            values = [sorted(each[measure] for each in of(records, name, size)) for size in sizes]
            mean = [statistics.fmean(each) for each in values]
            bars = [
                [m - each[0] for m, each in zip(mean, values, strict=True)],
                [each[-1] - m for m, each in zip(mean, values, strict=True)],
            ]
            axes.errorbar(sizes, mean, bars, color=colour, marker=marker, ls=line, ms=4, lw=1, capsize=2, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.minorticks_off()
        axes.set_xticks(SIZES, [str(size) for size in SIZES])
        axes.grid(alpha=0.3, linewidth=0.5)
        axes.set_xlabel("labels")
        axes.set_ylabel(label)
    panels[0].legend(fontsize=7, frameon=False)
    figure.savefig(FIGURE, metadata={"Date": None})
    pyplot.close(figure)


def table(records: list[Record]) -> str:
    """Energy / stress MAE in MPa, mean over seeds and the range, and the processor seconds of the largest training."""
    head = ["model", "inputs", *(f"{size} labels" for size in SIZES), f"seconds, {SIZES[-1]} labels"]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for name in MODELS:
        rows = [of(records, name, size) for size in SIZES]
        seconds = f"{statistics.fmean(each['seconds'] for each in rows[-1]):.1f}" if rows[-1] else ""
        cells = [name, str(next(each for row in rows for each in row)["inputs"]), *map(_cell, rows), seconds]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(records: list[Record]) -> str:
    if not records:
        return ""
    energies, stresses = ([each[measure] for each in records] for measure, _ in MEASURES)
    spread = f" ({min(stresses):.0f}-{max(stresses):.0f})"
    return f"{statistics.fmean(energies):.1f} / {statistics.fmean(stresses):.0f}{spread}"


def main() -> None:
    """Draw the figure and write the table anew."""
    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "invgen", "svg.fonttype": "none"})
    records = json.loads(RESULTS.read_text())["records"]
    draw(records)
    before, _, rest = PAGE.read_text().partition(BEGIN)
    write_text(PAGE, f"{before}{BEGIN}\n\n{table(records)}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
