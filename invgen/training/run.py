"""`train`: from a configuration to a folder with the curve, checkpoints, and the best potential with its errors."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from invgen import files
from invgen.errors import InputError
from invgen.nn.allegro import Allegro
from invgen.nn.equivariant import AVERAGE, EquivariantNetwork
from invgen.nn.potential import Potential
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.structures import Dataset, Frames
from invgen.training import losses
from invgen.training.ace import ACENetwork
from invgen.training.config import Config
from invgen.training.curve import Curve
from invgen.training.data import PLACE, EpochBatches, RunData, load_data, loader
from invgen.training.displaced import displacement_of
from invgen.training.models import basis_of, build_potential, mean_neighbours, model_basis
from invgen.training.saved import Trained, read_plain, save_potential
from invgen.training.yaml_file import dump_yaml

LAST, BEST, POTENTIAL = "last.ckpt", "best.ckpt", "potential.pt"


@dataclass(frozen=True, eq=False)
class Result:
    """The results of a run.

    Attributes:
        folder: what was written.
        trained: the potential with the lowest validation loss.
        curve: one row per epoch.
        best_epoch: the epoch of that potential.
        errors: of the validation frames and of each test, as `evaluate` gives them.
        seconds: of training, without what came before a resumption.
        first: whether this is the process that wrote the files, of several.
    """

    folder: Path
    trained: Trained
    curve: list[dict[str, float]]
    best_epoch: int
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    seconds: float = 0.0
    first: bool = True


def train(config: Config, folder: str | Path = ".", *, resume: bool = False, progress: bool = False) -> Result:
    """Train the potential of a configuration, and write everything into `config.output`.

    curve.csv has one row an epoch and is the same, bit for bit, for the same configuration on the same machine, also
    where a run was killed and resumed. last.ckpt is where a run goes on, potential.pt what `load_potential` takes,
    errors.json the errors on validation and test frames. Of several processes the first makes and writes them.

    Args:
        config: of the run.
        folder: where the files that it names are sought.
        resume: go on from last.ckpt.
        progress: whether to show bars on standard error.

    Raises:
        InputError: data, model or checkpoint are refused, or `output` holds a run and `resume` is false.
        TrainingError: the loss or a gradient is not a finite number; the last good checkpoint stays.
    """
    output = _output(Path(config.output), resume)
    if config.hardware.threads is not None:
        torch.set_num_threads(config.hardware.threads)
    data = load_data(config, Path(folder))
    basis = model_basis(config, data.elements, Path(folder))
    potential = build_potential(config, data.elements, basis)
    if not resume:
        _look_at(data.train, config, potential.network)
    curve, began = Curve(output), time.monotonic()
    _fit(config, data, potential, curve, output, resume, progress)
    seconds = time.monotonic() - began
    state = read_plain(output / BEST)
    best_epoch = int(state["invgen"]["curve"]["rows"][-1]["epoch"])
    potential.load_state_dict(_best_weights(state["state_dict"]))
    trained = Trained(potential.eval(), data.atomic_energies, data.elements, config)
    parts = {"validation": data.validation, **data.test}
    errors = {name: evaluate(trained, frames) for name, frames in parts.items()} if _rank() == 0 else {}
    if _rank() == 0:
        save_potential(output / POTENTIAL, trained)
        summary = {"best_epoch": best_epoch, "epochs": len(curve.rows), "errors": errors}
        files.write_text(output / "errors.json", json.dumps(summary, indent=2) + "\n")
    return Result(output, trained, curve.rows, best_epoch, errors, seconds, _rank() == 0)


def evaluate(trained: Trained, frames: Frames, batch_size: int | None = None) -> dict[str, float]:
    """The loss, mean absolute and root mean squared errors over frames: energies per atom, eV and Angstrom.

    Args:
        trained: the potential.
        frames: with the targets of its loss; energies without those of atoms (`trained.atomic_energies.subtract`).
        batch_size: frames at a time; that of the training if left out.

    Raises:
        InputError: frames lack a target or have unknown elements.
    """
    config = trained.config
    targets = config.loss.targets
    frames.require_elements(trained.elements)
    dataset = Dataset(frames, trained.potential.cutoff, targets=targets, dtype=TORCH_DTYPES[config.dtype])
    tally = losses.Tally(config.loss)
    training = trained.potential.training
    trained.potential.eval()
    with torch.no_grad():
        for batch in loader(dataset, EpochBatches(len(frames), batch_size or config.data.batch_size)):
            given = trained.potential(batch, forces="forces" in targets, stress="stress" in targets)
            tally.add(batch, given)
    trained.potential.train(training)
    return tally.means()


def _look_at(frames: Frames, config: Config, network: Any) -> None:
    """Take from the training frames the scales that a network has of them."""
    given = config.model.average_neighbours
    counts = isinstance(network, EquivariantNetwork | Allegro) and given is None
    # Sums that a density divides have no such number.
    counts = counts and getattr(network, "normalisation", AVERAGE) == AVERAGE
    if not (counts or isinstance(network, ACENetwork)):
        return
    dataset = Dataset(frames, network.cutoff, targets=(), dtype=TORCH_DTYPES[config.dtype])
    if isinstance(network, ACENetwork):
        network.standardise(dataset)
    else:
        network.set_average_neighbours(mean_neighbours(dataset))


def _fit(
    config: Config, data: RunData, potential: Potential, curve: Curve, output: Path, resume: bool, progress: bool
) -> None:
    """Run Lightning's trainer to the end."""
    from invgen.training.module import TrainingModule, check_checkpoint
    from invgen.training.trainer import make_trainer, quietly

    basis = basis_of(potential)
    module = TrainingModule(config, potential, None if basis is None else basis.id, curve, _places(data.train))
    if resume:
        check_checkpoint(read_plain(output / LAST), config, module.basis_id)
    trainer = make_trainer(config, output, progress)
    if trainer.is_global_zero:
        try:
            output.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make the folder {output}: {error.strerror or error}") from error
        files.write_text(output / "config.yaml", dump_yaml(config))
    loaders = _loaders(config, data, potential, trainer.global_rank, trainer.world_size)
    with quietly():
        trainer.fit(module, *loaders, ckpt_path=str(output / LAST) if resume else None, weights_only=True)
    if trainer.interrupted:
        raise KeyboardInterrupt


def _loaders(config: Config, data: RunData, potential: Potential, rank: int, processes: int) -> tuple[Any, Any]:
    dtype, targets = TORCH_DTYPES[config.dtype], config.loss.targets
    cutoff = reach = potential.cutoff
    if config.training.force_gradients == "displaced":
        # a pair outside the cutoff may come in by a displacement
        reach = cutoff + (config.training.displacement or displacement_of(dtype))
    train = Dataset(data.train, reach, targets=targets, dtype=dtype)
    validation = Dataset(data.validation, cutoff, targets=targets, dtype=dtype)
    size, workers = config.data.batch_size, config.data.workers
    shuffled = EpochBatches(len(train), size, config.seed, rank, processes)
    ordered = EpochBatches(len(validation), size, None, rank, processes)
    return loader(train, shuffled, workers), loader(validation, ordered, workers)


def _places(frames: Frames) -> list[int]:
    found: list[int] = frames.labels[PLACE].tolist()
    return found


def _best_weights(state: Mapping[str, Any]) -> dict[str, Any]:
    """The weights that were validated: the moving average where there is one."""
    averaged = "averaged.module."
    prefix = averaged if any(name.startswith(averaged) for name in state) else "potential."
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def _output(folder: Path, resume: bool) -> Path:
    if not folder.parent.is_dir():
        raise InputError(f"the folder {folder.parent} does not exist; create it, or name another output")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"output is a folder, {folder} is a file: name another")
    there = (folder / LAST).is_file()
    if resume and not there:
        raise InputError(f"there is no {LAST} in {folder} to resume from: run without resume")
    if there and not resume:
        raise InputError(f"{folder} holds a run: resume it (--resume), or name another output")
    return folder


def _rank() -> int:
    there = torch.distributed.is_available() and torch.distributed.is_initialized()
    return torch.distributed.get_rank() if there else 0
