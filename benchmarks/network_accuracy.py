"""Test errors of networks on molecules: which network reaches what, after how long a training.

    python -m benchmarks.network_accuracy train --sets ethanol --models hop34 --seeds 0 --epochs 100 --work FOLDER
    python -m benchmarks.network_accuracy collect --work FOLDER
    python -m benchmarks.network_plots

`train` runs one network after the other, each on `--threads` threads, and leaves a folder each under `--work` with
record.json; what is there is not trained again, and what was killed goes on. Several may run side by side on different
cores. `collect` gathers the records in benchmarks/results/networks_<set>.json, `network_plots` draws them. Everything
about a run is in its record: networks are compared at equal numbers of epochs, and the seconds say what each took.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from benchmarks.support import DATA, machine
from invgen.files import write_text
from invgen.nn.hipnn import HIPHOPNN
from invgen.structures import Dataset, Frames, read
from invgen.training import Config, load_potential, train
from invgen.training.saved import Trained

RESULTS = Path(__file__).parent / "results"
ACAC = "botnet/dataset_acac.tar.gz"
ATOMS = {"ethanol": 9, "aspirin": 21, "acac": 15, "methane": 5}  # of the molecule, in all frames

HOP = {"atom_layers": 1}  # better here than the 3 that the others have, and cheaper
MODELS: Mapping[str, dict[str, Any]] = {
    "hipnn": {"kind": "HIPNN"},
    "ts1": {"kind": "HIPNNTS", "l_max": 1},
    "ts2": {"kind": "HIPNNTS", "l_max": 2},
    "hop23": {"kind": "HIPHOPNN", **HOP, "basis": {"l_max": 2, "max_degree": 3, "select": "hippynn"}},
    "hop24": {"kind": "HIPHOPNN", **HOP, "basis": {"l_max": 2, "max_degree": 4, "select": "hippynn"}},
    "hop34": {"kind": "HIPHOPNN", **HOP, "basis": {"l_max": 3, "max_degree": 4, "select": "hippynn"}},
    "hop45": {"kind": "HIPHOPNN", **HOP, "basis": {"l_max": 4, "max_degree": 5, "select": "independent"}},
    "mace32": {"kind": "MACE", "messages": "0e + 1o + 2e", "channels": 32},
    "mace64": {"kind": "MACE", "messages": "0e + 1o + 2e", "channels": 64},
    "mace128": {"kind": "MACE", "messages": "0e + 1o + 2e", "channels": 128},
}
COVARIANT_RATE = 1e-2
"""The highest learning rate of networks whose messages carry tensors; those of the HIP family have their setting's."""


@dataclass(frozen=True)
class Setting:
    """A data set and how networks are trained on it.

    Attributes:
        data: as in a configuration.
        scans: frames without forces that are evaluated at the end, each a line of geometries.
        model: options of all networks.
        batch_size: frames a step.
        rate: the highest learning rate.
    """

    data: Mapping[str, Any]
    model: Mapping[str, Any]
    scans: Mapping[str, str] = field(default_factory=dict)
    batch_size: int = 8
    rate: float = 2e-3


def _rmd17(molecule: str) -> dict[str, Any]:
    units = {"energy_unit": "kcal/mol", "length_unit": "Angstrom"}
    files = {part: f"rmd17/rmd17_{molecule}_{part}_01.npz" for part in ("train", "test")}
    return {
        "train": {"file": files["train"], **units},
        "validation": 50,
        "test": {"rMD17": {"file": files["test"], **units}},
    }


def _acac(part: str) -> dict[str, Any]:
    return {"file": ACAC, "member": f"dataset_acac/{part}.xyz"}


def _methane(part: str) -> dict[str, Any]:
    return {
        "file": "methane/methane_1000_forces.npz",
        "energy_unit": "eV",
        "length_unit": "Angstrom",
        "select": {"split": part},
    }


_COMMON = {"features": 64, "interactions": 2, "sensitivities": 10, "radial": "bessel"}
SETTINGS: Mapping[str, Setting] = {
    "ethanol": Setting(_rmd17("ethanol"), {**_COMMON, "cutoff": 5.0}),
    "aspirin": Setting(_rmd17("aspirin"), {**_COMMON, "cutoff": 5.0}),
    "acac": Setting(
        {
            "train": _acac("train_300K"),
            "validation": 50,
            "test": {"300 K": _acac("test_MD_300K"), "600 K": _acac("test_MD_600K")},
        },
        {**_COMMON, "cutoff": 5.0},
        scans={"dihedral": "test_dihedral", "H transfer": "test_H_transfer"},
    ),
    "methane": Setting(
        {"train": _methane("train"), "validation": _methane("val"), "test": {"test": _methane("test")}},
        {**_COMMON, "cutoff": 7.0, "interactions": 1},
    ),
}


def config_of(name: str, model: str, seed: int, epochs: int, output: Path, threads: int) -> Config:
    """The configuration of one run."""
    return configuration(SETTINGS[name], MODELS[model], seed, epochs, output, threads)


def configuration(
    setting: Setting, own: Mapping[str, Any], seed: int, epochs: int, output: Path, threads: int
) -> Config:
    """The configuration of one run of any network: `own` are its kind and its options."""
    hip = own["kind"].startswith("HIP")
    return Config.from_mapping(
        {
            "data": {**setting.data, "batch_size": setting.batch_size},
            "model": {**(setting.model if hip else {"cutoff": setting.model["cutoff"]}), **own},
            "loss": {"energy": 1.0, "forces": 1.0, "penalty": "huber"},
            "optimiser": {
                "learning_rate": setting.rate if hip else COVARIANT_RATE,
                "schedule": "cosine",
                "warmup_steps": 100,
                "clip": 10.0,
                "ema": 0.999,
            },
            "training": {"epochs": epochs},
            "hardware": {"threads": threads},
            "seed": seed,
            "output": str(output),
        }
    )


def errors_of(errors: Mapping[str, Mapping[str, float]], atoms: int) -> dict[str, dict[str, float]]:
    """Errors of total energies in meV and of force components in meV/Angstrom."""
    scales = {"energy_mae": 1000 * atoms, "energy_rmse": 1000 * atoms, "forces_mae": 1000, "forces_rmse": 1000}
    return {part: {name: scale * of[name] for name, scale in scales.items()} for part, of in errors.items()}


def scan(trained: Trained, frames: Frames) -> dict[str, list[float]]:
    """Energies along a line of geometries, meV, each curve above its own first point."""
    cutoff: Any = trained.potential.network.cutoff
    dataset = Dataset(frames, cutoff, targets=(), dtype=torch.float32)
    with torch.no_grad():
        found = trained.potential(dataset.batch(range(len(frames))), forces=False).energy.double()
    given = torch.tensor(frames.targets["energy"])
    curves = {"reference": given - given[0], "predicted": found - found[0]}
    return {name: [round(1000 * float(each), 3) for each in curve] for name, curve in curves.items()}


def run(name: str, model: str, seed: int, epochs: int, data: Path, work: Path, threads: int) -> None:
    """Train one network, and write its record."""
    folder = work / f"{name}_{model}_{epochs}_{seed}"
    if (folder / "record.json").exists():
        return
    began = time.process_time()
    config = config_of(name, model, seed, epochs, folder, threads)
    result = train(config, data, resume=(folder / "last.ckpt").exists())
    spent = time.process_time() - began
    trained = load_potential(folder / "potential.pt")
    network = trained.potential.network
    parts = {part: read(data / ACAC, member=f"dataset_acac/{file}.xyz") for part, file in SETTINGS[name].scans.items()}
    seconds = [float(line.split(",")[1]) for line in (folder / "seconds.csv").read_text().split()[1:]]
    record = {
        "set": name,
        "model": model,
        "seed": seed,
        "epochs": epochs,
        "steps": int(result.curve[-1]["step"]),
        "seconds": round(sum(seconds), 1),
        "processor_seconds": round(spent, 1),
        "threads": threads,
        "parameters": sum(each.numel() for each in trained.potential.parameters()),
        "members": len(network.basis) if isinstance(network, HIPHOPNN) else None,
        "basis": network.basis.id if isinstance(network, HIPHOPNN) else None,
        "best_epoch": result.best_epoch,
        "errors": errors_of(result.errors, ATOMS[name]),
        "scans": {part: scan(trained, frames) for part, frames in parts.items()},
        "learning": _thinned(result.curve, seconds),
        "config": json.loads(config.to_json()) | {"output": folder.name},
        "machine": machine(),
    }
    write_text(folder / "record.json", json.dumps(record, indent=1) + "\n")


def _thinned(curve: Sequence[Mapping[str, float]], seconds: Sequence[float], points: int = 40) -> list[list[float]]:
    """Validation errors of forces, meV/Angstrom, against the seconds of training so far, at `points` epochs."""
    total, rows = 0.0, []
    for row, spent in zip(curve, seconds):
        total += spent
        rows.append([round(total, 1), round(1000 * row["validation_forces_mae"], 3)])
    kept = sorted({round(k * (len(rows) - 1) / (points - 1)) for k in range(points)})
    return [rows[k] for k in kept]


def collect(work: Path) -> None:
    """Add the records under a folder to the results; a run done again replaces the earlier one."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(work.glob("*/record.json"))]
    for name in SETTINGS:
        path = RESULTS / f"networks_{name}.json"
        records = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        merged = {_key(each): each for each in records} | {_key(each): each for each in found if each["set"] == name}
        if merged:
            write_text(path, json.dumps([merged[key] for key in sorted(merged)], indent=1) + "\n")


def _key(record: Mapping[str, Any]) -> tuple[int, int, int]:
    return list(MODELS).index(record["model"]), record["epochs"], record["seed"]


def main() -> None:
    """Train, or collect what was trained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("train", "collect"))
    parser.add_argument("--sets", nargs="+", choices=SETTINGS, default=list(SETTINGS))
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--work", type=Path, required=True, help="a folder for checkpoints")
    given = parser.parse_args()
    if given.what == "collect":
        collect(given.work)
        return
    given.work.mkdir(exist_ok=True)
    for seed in given.seeds:
        for name in given.sets:
            for model in given.models:
                run(name, model, seed, given.epochs, given.data, given.work, given.threads)


if __name__ == "__main__":
    main()
