"""What pruning ACE descriptors buys: full, independent and random subsets, linear and network readout, six elements.

    PYTHONPATH=. python -m benchmarks.pruning linear --data ../shared/data/zuo2020 --work FOLDER --elements Li Mo
    PYTHONPATH=. python -m benchmarks.pruning network --data ... --work FOLDER --steps 1500 --size 4,3

Results go to benchmarks/results/pruning_<element>.json; what is there already is not computed again, so a run that was
killed goes on where it stopped. `benchmarks.pruning_plots` draws them.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks import pruning_networks
from benchmarks.pruning_data import (
    CORRELATION,
    CUTOFF,
    DECAY,
    ELEMENTS,
    ENERGY_UNIT,
    FOLDS,
    FORCE_UNIT,
    SIZES,
    Choice,
    Frame,
    choices,
    frames,
)
from invgen.basis.basis import Basis
from invgen.files import write_text
from invgen.nn import ACE, Chebyshev, DescriptorRows, LeastSquares

RESULTS = Path(__file__).parent / "results"
SELECTIONS = ("full", "independent", "independent and products", "random", "random by degree")
RIDGES = tuple(10.0**power for power in range(-18, -1))


def model_of(basis: Basis, species: int) -> ACE:
    """The model whose descriptors are studied, in float64."""
    n_max = max(int(name[1 : name.index("l")]) for name in basis.space.components)
    return ACE(basis, [species], Chebyshev(n_max, CUTOFF, DECAY))


def errors(energies: torch.Tensor, forces: torch.Tensor) -> dict[str, float]:
    """Errors of energies per atom in meV, and of force components in meV / angstrom."""
    return {
        "energy_mae": 1000 * float(energies.abs().mean()),
        "energy_rmse": 1000 * float(energies.square().mean().sqrt()),
        "force_mae": 1000 * float(forces.abs().mean()),
        "force_rmse": 1000 * float(forces.square().mean().sqrt()),
    }


def rows_of(data: dict[str, list[Frame]], basis: Basis, energy_unit: float = ENERGY_UNIT) -> dict[str, Any]:
    """The triangular factors of the training rows of every fold, and the rows of the test set."""
    rows = DescriptorRows(model_of(basis, int(data["train"][0].species[0])))
    folds = [LeastSquares(len(basis)) for _ in range(FOLDS)]
    components = 3 * sum(each.atoms for each in data["train"])
    for index, each in enumerate(data["train"]):
        fold, (values, gradients) = folds[index % FOLDS], rows(*each.arguments)
        counts = torch.zeros(1 + 3 * each.atoms, dtype=torch.float64)
        counts[0] = 1
        weights = torch.full_like(counts, 1 / (FORCE_UNIT * components**0.5))
        weights[0] = 1 / (energy_unit * len(data["train"]) ** 0.5)
        targets = torch.cat([counts[:1] * each.energy / each.atoms, each.forces.flatten()])
        fold.add(counts, torch.cat([values.mean(0)[None], gradients.flatten(0, 1)]), targets, weights)
    test = [(rows(*each.arguments), each) for each in data["test"]]
    return {
        "factors": [fold.factor for fold in folds],
        "energies": torch.stack([values.mean(0) for (values, _), _ in test]),
        "energy_targets": torch.tensor([each.energy / each.atoms for _, each in test], dtype=torch.float64),
        "forces": torch.cat([gradients.flatten(0, 1) for (_, gradients), _ in test]),
        "force_targets": torch.cat([each.forces.flatten() for _, each in test]),
    }


def fit(rows: dict[str, Any], choice: Choice) -> tuple[torch.Tensor, float, dict[str, Any]]:
    """Weights and offset of the ridge that is best for folds left out of training, and the test errors."""
    folds = []
    for factor in rows["factors"]:
        folds.append(LeastSquares(factor.shape[1] - 2, factor).subset(choice.columns))
    left_out = torch.zeros(len(RIDGES), dtype=torch.float64)
    for index, fold in enumerate(folds):
        others = [each for other, each in enumerate(folds) if other != index]
        left_out += fold.loss(*others[0].merge(others[1:]).solve(RIDGES))
    ridge = RIDGES[int(left_out.argmin())]
    weights, offsets = folds[0].merge(folds[1:]).solve([ridge])
    columns = list(choice.columns)
    energies = rows["energies"][:, columns] @ weights[0] + offsets[0] - rows["energy_targets"]
    forces = rows["forces"][:, columns] @ weights[0] - rows["force_targets"]
    return weights[0], float(offsets[0]), {**choice.record, "ridge": ridge, **errors(energies, forces)}


def linear(element: str, data: Path, work: Path) -> None:
    """Fit every choice of descriptors of one element."""
    start = time.perf_counter()
    basis, tried = choices()
    path = work / f"rows_{element}.pt"
    loaded = frames(data, element)
    if not path.exists():
        torch.save(rows_of(loaded, basis), path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)
    seconds = time.perf_counter() - start
    rows = torch.load(path, weights_only=True)
    result = read(element)
    result["data"] = {
        split: {"structures": len(each), "atoms": sum(one.atoms for one in each)} for split, each in loaded.items()
    }
    result["linear"] = [fit(rows, choice)[2] for choice in tried]
    result["linear_seconds"] = {"rows": round(seconds, 1), "fits": round(time.perf_counter() - start - seconds, 1)}
    write(element, result)


def network(element: str, data: Path, work: Path, size: tuple[int, int], steps: int, rate: float) -> None:
    """Train the networks of one element and size that are missing, all at once; they start from the linear fits.

    What was trained at another rate is missing, and is replaced.
    """
    known = read(element).get("network", [])
    alike = [each for each in known if (each["n_max"], each["l_max"]) == size and each["rate"] == rate]
    done = {each["selection"] for each in alike if each["steps"] >= steps}
    _, tried = choices()
    chosen = [each for each in tried if each.size == size and each.selection not in done]
    if not chosen:
        return
    whole = next(each for each in tried if each.size == size and each.selection == "full")
    rows = torch.load(work / f"rows_{element}.pt", weights_only=True)
    fits = {(each.selection, each.seed): fit(rows, each)[:2] for each in chosen}
    found = pruning_networks.train(frames(data, element), whole, chosen, fits, steps, rate, model_of, errors)
    result, replaced = read(element), {each.selection for each in chosen}
    kept = [
        each
        for each in result.get("network", [])
        if (each["n_max"], each["l_max"]) != size or each["selection"] not in replaced
    ]
    result["network"] = sorted(
        [*kept, *found],
        key=lambda each: (each["n_max"], each["l_max"], SELECTIONS.index(each["selection"]), each["seed"]),
    )
    write(element, result)


def read(element: str) -> dict[str, Any]:
    """The results so far."""
    path = RESULTS / f"pruning_{element}.json"
    if path.exists():
        known: dict[str, Any] = json.loads(path.read_text())
        return known
    return {
        "element": element,
        "cutoff": CUTOFF,
        "radial": str(Chebyshev(SIZES[-1][0], CUTOFF, DECAY)),
        "correlation": CORRELATION,
        "energy_unit": ENERGY_UNIT,
        "force_unit": FORCE_UNIT,
        "folds": FOLDS,
    }


def write(element: str, result: dict[str, Any]) -> None:
    """Replace the results of one element."""
    RESULTS.mkdir(exist_ok=True)
    write_text(RESULTS / f"pruning_{element}.json", json.dumps(result, indent=1) + "\n")


def main() -> None:
    """Run one stage for the elements given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("stage", choices=("linear", "network"))
    parser.add_argument("--elements", nargs="+", default=list(ELEMENTS), choices=ELEMENTS)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="where rows are kept")
    parser.add_argument("--size", default="4,3", help="n_max,l_max of the networks")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=pruning_networks.RATE, help="of learning, at the first step")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    for element in given.elements:
        start = time.perf_counter()
        if given.stage == "linear":
            linear(element, given.data, given.work)
        else:
            n_max, l_max = map(int, given.size.split(","))
            network(element, given.data, given.work, (n_max, l_max), given.steps, given.rate)
        print(f"{element}: {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
