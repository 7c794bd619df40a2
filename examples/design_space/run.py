"""Train every point of the design space for equal processor time, each with a schedule that ends with its budget.

    python -m examples.design_space.run --work FOLDER --minutes 2.5

For each point: an epoch is timed first, on a few epochs that are thrown away; then as many epochs as fit the budget are
trained, from the first step to a learning rate near zero. A folder each under `--work` holds checkpoints and
record.json; what is there is not trained again, and what was killed goes on. Times are of the processor, one thread.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.network_accuracy import ACAC, ATOMS, SETTINGS, Setting, configuration, errors_of
from benchmarks.support import DATA, machine
from examples.design_space.grid import POINTS
from invgen.files import write_text
from invgen.training import Config, evaluate, train
from invgen.training.data import load_data

MISSING = (
    "Data are not part of the project: the archive is in github.com/davkovacs/BOTNet-datasets. Name the folder that "
    "holds botnet/dataset_acac.tar.gz with --data or INVGEN_DATA."
)
TIMED = 2
"""Epochs that are timed."""


@dataclass(frozen=True)
class Task:
    """The frames that all networks are trained on, how, and for how long.

    Attributes:
        setting: frames, options of HIP networks, batch and rate.
        atoms: of a frame.
        data: the folder of the files.
        minutes: of processor time for a network.
        seed: of weights, of frames to validate, and of the order of frames.
    """

    setting: Setting
    atoms: int
    data: Path
    minutes: float
    seed: int = 0


@dataclass(frozen=True)
class Cost:
    """What a network's training costs in processor seconds.

    Attributes:
        start: what comes before the first step and after the last.
        epoch: of one epoch, with its validation and its checkpoints.
    """

    start: float
    epoch: float

    def epochs(self, seconds: float) -> int:
        """How many epochs fit; 1 at least."""
        return max(1, int((seconds - self.start) / self.epoch))


def spent(config: Config, data: Path, resume: bool = False) -> float:
    """Processor seconds of a training."""
    began = time.process_time()
    train(config, data, resume=resume)
    return time.process_time() - began


def measured(task: Task, model: Mapping[str, Any], work: Path) -> Cost:
    """The cost of a network, by a training of one epoch and one of a few more; kernels are made before."""
    without_tests = replace(task.setting, data={**task.setting.data, "test": {}})
    kernels = replace(without_tests, data={**without_tests.data, "train_frames": task.setting.batch_size})
    times = []
    for setting, epochs in ((kernels, 1), (without_tests, 1), (without_tests, 1 + TIMED)):
        with TemporaryDirectory(dir=work) as folder:
            times.append(spent(configuration(setting, model, task.seed, epochs, Path(folder), 1), task.data))
    epoch = (times[2] - times[1]) / TIMED
    return Cost(max(0.0, times[1] - epoch), epoch)


def run(name: str, model: Mapping[str, Any], task: Task, work: Path) -> None:
    """Train a network, and write its record into a folder of its own."""
    folder = work / f"{name}_{task.minutes:g}_{task.seed}"
    if (folder / "record.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    cost_file = folder / "cost.json"
    if not cost_file.exists():
        write_text(cost_file, json.dumps(vars(measured(task, model, work))) + "\n")
    cost = Cost(**json.loads(cost_file.read_text(encoding="utf-8")))
    epochs = cost.epochs(60 * task.minutes)
    with_tests = configuration(task.setting, model, task.seed, epochs, folder, 1)
    config = replace(with_tests, data=replace(with_tests.data, test={}))
    resumed = (folder / "last.ckpt").exists()
    done = _epochs_done(folder) if resumed else 0
    began = time.process_time()
    result = train(config, task.data, resume=resumed)
    seconds = time.process_time() - began
    tests = load_data(with_tests, task.data).test
    errors = {test: evaluate(result.trained, frames) for test, frames in tests.items()}
    steps = int(result.curve[-1]["step"])
    record = {
        "point": name,
        "minutes": task.minutes,
        "seed": task.seed,
        "epochs": epochs,
        "steps": steps,
        "cost": vars(cost),
        "processor_seconds": round(seconds + done * cost.epoch, 1),
        "resumed_after": done,
        "parameters": sum(each.numel() for each in result.trained.potential.parameters()),
        "best_epoch": result.best_epoch,
        "errors": errors_of({"validation": result.errors["validation"], **errors}, task.atoms),
        "config": json.loads(with_tests.to_json()) | {"output": folder.name},
        "machine": machine(),
    }
    write_text(folder / "record.json", json.dumps(record, indent=1) + "\n")


def _epochs_done(folder: Path) -> int:
    """Of a run that was killed: the rows of its curve."""
    return len((folder / "curve.csv").read_text(encoding="utf-8").split()) - 1


def main() -> None:
    """Train the points that are asked for, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", nargs="+", choices=POINTS, default=list(POINTS))
    parser.add_argument("--minutes", type=float, default=4.0, help="of processor time for each point")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=DATA, help="holds botnet/dataset_acac.tar.gz")
    parser.add_argument("--work", type=Path, required=True, help="a folder for checkpoints")
    given = parser.parse_args()
    if given.minutes <= 0:
        parser.error(f"--minutes is positive, got {given.minutes}")
    if not (given.data / ACAC).is_file():
        parser.error(f"{given.data / ACAC} does not exist. {MISSING}")
    given.work.mkdir(parents=True, exist_ok=True)
    task = Task(SETTINGS["acac"], ATOMS["acac"], given.data, given.minutes, given.seed)
    for name in given.points:
        run(name, POINTS[name].model, task, given.work)


if __name__ == "__main__":
    main()
