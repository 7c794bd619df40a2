"""Members chosen from data against members chosen by degree: errors by their number and by operations, six elements.

    PYTHONPATH=. python -m benchmarks.choices linear --data ../shared/data/zuo2020 --work FOLDER --elements Si Mo
    PYTHONPATH=. python -m benchmarks.choices weights --data ... --work FOLDER --elements Cu Ni Si
    PYTHONPATH=. python -m benchmarks.choices network --data ... --work FOLDER --elements Si Mo --steps 1500
    PYTHONPATH=. python -m benchmarks.choices draw

Data, model, weights and fits are those of `benchmarks.pruning`, in its largest box; FOLDER holds the triangular factors
of training rows that its part `linear` leaves there. Results go to benchmarks/results/choices_<element>.json, `draw`
makes figures and the tables of docs/pruning.md from them alone.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import torch

from benchmarks import choices_plots, pruning_networks
from benchmarks.pruning import RESULTS, errors, fit, model_of, rows_of
from benchmarks.pruning_data import CORRELATION, ELEMENTS, ENERGY_UNIT, SEEDS, SIZES, Choice, basis, choices, frames
from invgen.basis.basis import Basis
from invgen.basis.choices import chosen
from invgen.compiler.invariants import costs
from invgen.files import write_text
from invgen.nn import LeastSquares, LeastSquaresRows, Selection, select

BOX = SIZES[-1]
COUNTS = (8, 15, 24, 32, 45, 61)  # the last is the rank
LIGHTER = 0.02  # eV per atom, in place of ENERGY_UNIT
BEYOND = (95, 120, 164, 207)  # of the free selection alone


def selections(rows: dict[str, Any], full: Basis) -> dict[str, Selection]:
    """The two choices from data: from all training rows, with the weights of the loss."""
    problems = [LeastSquares(len(full), factor) for factor in rows["factors"]]
    loss = LeastSquaresRows.of(problems[0].merge(problems[1:]), 1.0)
    return {
        "free": select(loss, BEYOND[-1], basis=full),
        "independent": select(loss, COUNTS[-1], independent=True, basis=full),
    }


def by_degree(full: Basis) -> list[int]:
    """The columns of `select="independent"`, in its order."""
    place = {str(member): column for column, member in enumerate(full)}
    return [place[str(member)] for member in basis(BOX, "independent")]


def drawn(full: Basis, like: list[int], seed: int) -> list[int]:
    """Random columns, as many of every degree as `like` has; at the rank those of `benchmarks.pruning`."""
    draw, counts = random.Random(seed), Counter(full.degrees[column] for column in like)
    draw.sample(range(len(full)), len(like))  # there, `random` draws before `random by degree`
    found: list[int] = []
    for degree in range(1, CORRELATION + 1):
        found += draw.sample([column for column in range(len(full)) if full.degrees[column] == degree], counts[degree])
    return sorted(found)


def tried(full: Basis, found: dict[str, Selection]) -> list[Choice]:
    """Every choice of every size, and smaller boxes in full; the number of members makes names different."""
    order, all_columns = by_degree(full), tuple(range(len(full)))
    made = [Choice(BOX, f"full {len(full)}", None, all_columns)]
    for count in COUNTS:
        made += [
            Choice(BOX, f"free {count}", None, found["free"].order[:count]),
            Choice(BOX, f"independent {count}", None, found["independent"].order[:count]),
            Choice(BOX, f"independent by degree {count}", None, tuple(order[:count])),
            *(Choice(BOX, f"random by degree {count}", s, tuple(drawn(full, order[:count], s))) for s in SEEDS),
        ]
    made += [Choice(BOX, f"free {count}", None, found["free"].order[:count]) for count in BEYOND]
    smaller = [each for each in choices()[1] if each.selection == "full" and each.size != BOX]
    return made + [Choice(each.size, f"smaller box {len(each.columns)}", None, each.columns) for each in smaller]


def named(record: dict[str, Any]) -> dict[str, Any]:
    """A record with the number of members outside the name of its selection."""
    return {**record, "selection": record["selection"].rpartition(" ")[0]}


def operations(full: Basis, columns: tuple[int, ...], known: dict[str, int]) -> int:
    """Operations of values and gradients of an atom's descriptors, as `invgen cost` counts them; `known` is filled."""
    subset = chosen(full, sorted(columns))
    if subset.id not in known:
        known[subset.id] = costs(subset)["value_and_vjp"].operations
    return known[subset.id]


def factors(element: str, data: Path, work: Path, full: Basis, unit: float = ENERGY_UNIT) -> dict[str, Any]:
    """Triangular factors of training rows and the rows of the test set, made once for each unit of energies."""
    path = work / (f"rows_{element}.pt" if unit == ENERGY_UNIT else f"rows_{element}_{unit}.pt")
    if not path.exists():
        torch.save(rows_of(frames(data, element), full, unit), path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)
    found: dict[str, Any] = torch.load(path, weights_only=True)
    return found


def linear(element: str, data: Path, work: Path) -> None:
    """Choose, fit and count for one element."""
    full = basis(BOX, "linear")
    rows = factors(element, data, work, full)
    start = time.perf_counter()
    found = selections(rows, full)
    seconds = time.perf_counter() - start
    certificate = found["independent"].certificate
    counts_path = work / "operations.json"
    known = json.loads(counts_path.read_text()) if counts_path.exists() else {}
    records = []
    for choice in tried(full, found):
        record = named(fit(rows, choice)[2])
        records.append({**record, "operations": operations(full, choice.columns, known)})
        write_text(counts_path, json.dumps(known, indent=1) + "\n")
    result = read(element)
    result["orders"] = {name: [str(full[i]) for i in each.order] for name, each in found.items()}
    result["training"] = {name: list(each.errors) for name, each in found.items()}  # roots of the loss
    result["certificate"] = {"rank": certificate.rank, "independent": certificate.independent}
    result["seconds_choosing"] = round(seconds, 2)
    result["linear"] = records
    write(element, result)


def weights(element: str, data: Path, work: Path) -> None:
    """Choose with lighter energies, and fit with the weights of all other fits."""
    full = basis(BOX, "linear")
    rows = factors(element, data, work, full)
    found = selections(factors(element, data, work, full, LIGHTER), full)
    records = [
        fit(rows, Choice(BOX, name, None, each.order[:count]))[2] for name, each in found.items() for count in COUNTS
    ]
    write(element, {**read(element), "lighter": {"energy_unit": LIGHTER, "linear": records}})


def network(element: str, data: Path, work: Path, counts: list[int], steps: int, rate: float) -> None:
    """Train networks on so many chosen members; they start from the linear fits.

    What `benchmarks.pruning` has trained already, on the same members in the same way, is not trained again.
    """
    full = basis(BOX, "linear")
    rows = factors(element, data, work, full)
    everything = tried(full, selections(rows, full))
    before = earlier(element, steps)
    done = {(each["selection"], each["descriptors"]) for each in before}
    some = [
        each
        for each in everything
        if len(each.columns) in counts and (each.selection.rpartition(" ")[0], len(each.columns)) not in done
    ]
    fits = {(each.selection, each.seed): fit(rows, each)[:2] for each in some}
    found = pruning_networks.train(frames(data, element), everything[0], some, fits, steps, rate, model_of, errors)
    replaced = done | {(each.selection.rpartition(" ")[0], len(each.columns)) for each in some}
    known = read(element)
    kept = [each for each in known.get("network", []) if (each["selection"], each["descriptors"]) not in replaced]
    write(element, {**known, "network": [*before, *map(named, found), *kept]})


def earlier(element: str, steps: int) -> list[dict[str, Any]]:
    """The networks of `benchmarks.pruning` on the same members as here."""
    names = {"full": "full", "independent": "independent by degree", "random by degree": "random by degree"}
    trained = json.loads((RESULTS / f"pruning_{element}.json").read_text())["network"]
    return [
        {**each, "selection": names[each["selection"]]}
        for each in trained
        if (each["n_max"], each["l_max"]) == BOX and each["selection"] in names and each["steps"] == steps
    ]


def read(element: str) -> dict[str, Any]:
    """The results so far."""
    path = RESULTS / f"choices_{element}.json"
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"element": element}
    return known


def write(element: str, result: dict[str, Any]) -> None:
    """Replace the results of one element."""
    write_text(RESULTS / f"choices_{element}.json", json.dumps(result, indent=1) + "\n")


def main() -> None:
    """Run one stage for the elements given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stage", choices=("linear", "weights", "network", "draw"))
    parser.add_argument("--elements", nargs="+", default=list(ELEMENTS), choices=ELEMENTS)
    parser.add_argument("--data", type=Path, help="the folder of the packed files")
    parser.add_argument("--work", type=Path, help="where rows are kept")
    parser.add_argument("--counts", type=int, nargs="+", default=[24, 61], choices=COUNTS, help="members of networks")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=pruning_networks.RATE, help="of learning, at the first step")
    given = parser.parse_args()
    if given.stage == "draw":
        choices_plots.draw_all()
        return
    if given.data is None or given.work is None:
        parser.error("all stages but draw need --data and --work")
    given.work.mkdir(parents=True, exist_ok=True)
    for element in given.elements:
        start = time.perf_counter()
        if given.stage == "linear":
            linear(element, given.data, given.work)
        elif given.stage == "weights":
            weights(element, given.data, given.work)
        else:
            network(element, given.data, given.work, given.counts, given.steps, given.rate)
        print(f"{element}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
