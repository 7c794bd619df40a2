"""Test errors of the mean of several networks that differ in their seeds alone.

    python -m benchmarks.network_means --sets ethanol aspirin --models hop34 hop45 --work FOLDER

FOLDER is that of `benchmarks.network_accuracy train`. Every set and network with two seeds or more gives a record in
benchmarks/results/network_means.json; `benchmarks.network_plots` puts them into the tables.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.network_accuracy import MODELS, RESULTS, SETTINGS
from benchmarks.support import DATA
from invgen.files import write_text
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.structures import Dataset, Frames, read
from invgen.training import load_potential

MEANS = RESULTS / "network_means.json"
TOGETHER = 50  # frames

Predicted = tuple[torch.Tensor, torch.Tensor]


def predict(file: Path, frames: Frames) -> Predicted:
    """Energies (frames) and forces (atoms, 3) of a potential, eV and eV/Angstrom, in float64."""
    trained = load_potential(file)
    network: Any = trained.potential.network
    dataset = Dataset(frames, network.cutoff, targets=(), dtype=TORCH_DTYPES[trained.config.dtype])
    energies, forces = [], []
    for first in range(0, len(frames), TOGETHER):
        found = trained.potential(dataset.batch(range(first, min(first + TOGETHER, len(frames)))))
        energies.append(found.energy.detach().double())
        forces.append(found.forces.detach().double())
    return torch.cat(energies) + torch.from_numpy(trained.atomic_energies.of(frames)), torch.cat(forces)


def errors(found: Sequence[Predicted], frames: Frames) -> dict[str, float]:
    """Of the mean of predictions: total energies in meV, force components in meV/Angstrom."""
    parts: dict[str, float] = {}
    for name, given in zip(("energy", "forces"), zip(*found)):
        wanted = torch.tensor(frames.targets[name]).reshape(given[0].shape)
        off = 1000 * (torch.stack(given).mean(0) - wanted)
        parts |= {f"{name}_mae": float(off.abs().mean()), f"{name}_rmse": float(off.square().mean().sqrt())}
    return parts


def mean_of(name: str, model: str, epochs: int, data: Path, work: Path) -> dict[str, Any] | None:
    """The record of one row, or None where fewer than two seeds were trained."""
    folders = sorted(path.parent for path in work.glob(f"{name}_{model}_{epochs}_*/record.json"))
    if len(folders) < 2:
        return None
    tests = {}
    for label, source in SETTINGS[name].data["test"].items():
        frames = read(data / source["file"], **{key: value for key, value in source.items() if key != "file"})
        tests[label] = errors([predict(folder / "potential.pt", frames) for folder in folders], frames)
    seeds = [int(folder.name.rsplit("_", 1)[1]) for folder in folders]
    return {"set": name, "model": model, "epochs": epochs, "seeds": seeds, "errors": tests}


def main() -> None:
    """Evaluate, and replace the records of what was evaluated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=SETTINGS, default=["ethanol", "aspirin"])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=["hipnn", "ts2", "hop34", "hop45"])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, required=True, help="where the networks were trained")
    given = parser.parse_args()
    known = json.loads(MEANS.read_text(encoding="utf-8")) if MEANS.exists() else []
    kept = {(each["set"], each["model"], each["epochs"]): each for each in known}
    for name in given.sets:
        for model in given.models:
            counts = {int(path.name.split("_")[2]) for path in given.work.glob(f"{name}_{model}_*_*")}
            for epochs in sorted(counts):
                record = mean_of(name, model, epochs, given.data, given.work)
                if record is not None:
                    kept[name, model, epochs] = record
                    print(name, model, epochs, record["seeds"], record["errors"], flush=True)
    order = sorted(kept, key=lambda key: (key[0], list(MODELS).index(key[1]), key[2]))
    write_text(MEANS, json.dumps([kept[key] for key in order], indent=1) + "\n")


if __name__ == "__main__":
    main()
