"""The Lightning module: losses, weights and their moving average, the curve, and what a checkpoint holds."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import torch
from torch.optim.swa_utils import AveragedModel

from invgen import schema
from invgen.errors import InputError, TrainingError
from invgen.nn.potential import Potential
from invgen.structures import Batch
from invgen.training import losses
from invgen.training.config import Config
from invgen.training.curve import Curve
from invgen.training.displaced import displaced_loss

try:
    from lightning import pytorch as pl
except ImportError as missing:
    raise InputError("training needs Lightning: pip install 'invgen[train]'") from missing

FORMAT: Final = "invgen-checkpoint-1"
# Where a resumed run may differ from the run that it continues.
MAY_DIFFER: Final = ("training.epochs", "training.patience", "hardware.", "output", "tensorboard", "data.workers")


class TrainingModule(pl.LightningModule):
    """One step makes the loss of a batch smaller; one epoch adds a row to the curve.

    Losses of several processes divide by the sizes of all their batches together, so that their number changes
    nothing but rounding.

    Args:
        config: of the run.
        potential: what is trained.
        basis_id: of its basis, or None; a checkpoint of another is refused.
        curve: where rows go.
        frames: the number that each training frame has in its file, for messages.
    """

    def __init__(
        self, config: Config, potential: Potential, basis_id: str | None, curve: Curve, frames: Sequence[int]
    ) -> None:
        super().__init__()
        self._frames = list(frames)
        self.config, self.basis_id, self.curve = config, basis_id, curve
        self.potential = potential
        self.averaged: AveragedModel | None = None
        if config.optimiser.ema is not None:
            self.averaged = AveragedModel(potential, multi_avg_fn=Ramp(config.optimiser.ema))
            self.averaged.requires_grad_(False)
        self._plateau: torch.optim.lr_scheduler.ReduceLROnPlateau | None = None
        self._plateau_state: dict[str, Any] | None = None
        self._tallies = {stage: losses.Tally(config.loss) for stage in ("train", "validation")}
        self._current: Batch | None = None
        self._value = torch.zeros(())
        self._began = time.monotonic()

    @property
    def best(self) -> Potential:
        """The potential to validate and keep: the moving average where there is one."""
        averaged = None if self.averaged is None else self.averaged.module
        return averaged if isinstance(averaged, Potential) else self.potential

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        """The loss of a batch, or the surrogate that has its gradient."""
        self._current = batch
        sizes, loss = self._sizes(batch), self.config.loss
        if self.config.training.force_gradients == "displaced":
            made = displaced_loss(self.potential, batch, loss, sizes, self.config.training.displacement)
            result, prediction, value = made.surrogate, made.prediction, losses.total(made.terms)
        else:
            prediction = self.potential(batch, **self._wanted(), create_graph=True)
            result = losses.total(losses.loss_terms(loss, batch, prediction, sizes, loss.targets))
            value = result.detach()
        self._value = value
        self._tallies["train"].add(batch, prediction)
        self.log("loss", value, prog_bar=True, logger=False, batch_size=batch.structures)
        return result

    def validation_step(self, batch: Batch, index: int) -> None:
        """Count the errors of a batch."""
        with torch.no_grad():
            self._tallies["validation"].add(batch, self.best(batch, **self._wanted(), create_graph=False))

    def configure_gradient_clipping(
        self, optimizer: torch.optim.Optimizer, gradient_clip_val: Any = None, gradient_clip_algorithm: Any = None
    ) -> None:
        """Shorten long gradients; stop before the step if one is not finite.

        Raises:
            TrainingError: the loss or its gradient is NaN or infinite; the sentence names the frames of the batch.
        """
        clip = self.config.optimiser.clip
        norm = torch.nn.utils.clip_grad_norm_(self.potential.parameters(), math.inf if clip is None else clip)
        # A finite gradient does not prove a finite loss: an infinite error may have no gradient.
        finite = (torch.isfinite(norm) & torch.isfinite(self._value)).to(torch.float64)
        if self.trainer.world_size > 1:
            torch.distributed.all_reduce(finite, torch.distributed.ReduceOp.MIN)
        if not bool(finite):
            raise TrainingError(self._broken())

    def on_train_batch_end(self, outputs: Any, batch: Any, batch_idx: int) -> None:
        """Average the weights."""
        if self.averaged is not None:
            self.averaged.update_parameters(self.potential)

    def on_train_epoch_start(self) -> None:
        """Begin the sums of an epoch."""
        self._tallies["train"].reset()
        self._began = time.monotonic()

    def on_validation_epoch_start(self) -> None:
        """Begin the sums of a validation."""
        self._tallies["validation"].reset()

    def on_train_epoch_end(self) -> None:
        """Add a row to the curve, and lower the learning rate where it depends on the validation loss.

        Raises:
            TrainingError: the validation loss is not finite.
        """
        several = self.trainer.world_size > 1
        row: dict[str, float] = {"epoch": self.current_epoch + 1, "step": self.global_step}
        row["learning_rate"] = self.optimizers().param_groups[0]["lr"]  # type: ignore[union-attr]
        for stage, tally in self._tallies.items():
            row |= {f"{stage}_{name}": value for name, value in tally.means(several).items()}
        if not math.isfinite(row["validation_loss"]):
            raise TrainingError(
                f"the validation loss is {row['validation_loss']} after epoch {row['epoch']}: lower the learning rate "
                f"or set optimiser.clip; {self._kept()}"
            )
        self.curve.add(row, time.monotonic() - self._began)
        if self.trainer.is_global_zero:
            self.curve.write()
        names = {name: value for name, value in row.items() if name not in ("epoch", "step")}
        self.log_dict({name: torch.tensor(value, dtype=torch.float64) for name, value in names.items()})
        if self._plateau is not None:
            self._plateau.step(row["validation_loss"])

    def configure_optimizers(self) -> Any:
        """The optimiser, and the schedule by steps; that by the validation loss is stepped by hand."""
        given = self.config.optimiser
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[given.name]
        optimiser = kind(
            self.potential.parameters(), lr=given.learning_rate, weight_decay=given.weight_decay, fused=True
        )
        steps = int(self.trainer.estimated_stepping_batches)
        if given.schedule == "plateau":
            self._plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
                optimiser, factor=given.factor, patience=given.patience
            )
            if self._plateau_state is not None:
                self._plateau.load_state_dict(self._plateau_state)
            return optimiser
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: self._rate(step, steps))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """The batch where the weights are."""
        return batch.to(device)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Beside the states: configuration, basis and curve as plain values, which `weights_only` loading takes."""
        plateau = None if self._plateau is None else self._plateau.state_dict()
        checkpoint["invgen"] = {
            "format": FORMAT,
            "config": self.config.to_json(),
            "basis": self.basis_id,
            "curve": self.curve.state(),
            "plateau": plateau,
        }

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Refuse what another configuration or basis left behind.

        Raises:
            InputError: it is not a checkpoint of invgen, or one of another run.
        """
        found = check_checkpoint(checkpoint, self.config, self.basis_id)
        self.curve.load(found["curve"])
        self._plateau_state = found["plateau"]

    def _rate(self, step: int, steps: int) -> float:
        """The learning rate at a step over the highest."""
        given = self.config.optimiser
        if step < given.warmup_steps:
            return (step + 1) / (given.warmup_steps + 1)
        done = min(1.0, (step - given.warmup_steps) / max(1, steps - given.warmup_steps))
        if given.schedule == "cosine":
            return given.final + (1 - given.final) * (1 + math.cos(math.pi * done)) / 2
        return float(given.final**done) if given.schedule == "exponential" else 1.0

    def _wanted(self) -> dict[str, bool]:
        targets = self.config.loss.targets
        return {"forces": "forces" in targets, "stress": "stress" in targets}

    def _sizes(self, batch: Batch) -> losses.Sizes:
        """Sizes of the batches of all processes over their number: gradients are averaged over processes."""
        own = losses.Sizes.of(batch)
        if self.trainer.world_size == 1:
            return own
        both = torch.stack([own.structures, own.atoms]).double()
        torch.distributed.all_reduce(both)
        both = (both / self.trainer.world_size).to(own.atoms.dtype)
        return losses.Sizes(both[0], both[1])

    def _broken(self) -> str:
        """Which frames gave a loss or gradient that is not finite; all processes come here together."""
        frames = (
            []
            if self._current is None or self._current.frame is None
            else [self._frames[k] for k in self._current.frame.tolist()]
        )
        if self.trainer.world_size > 1:
            parts: list[list[int]] = [[] for _ in range(self.trainer.world_size)]
            torch.distributed.all_gather_object(parts, frames)
            frames = [frame for part in parts for frame in part]
        return (
            f"the loss or its gradient is NaN or infinite in epoch {self.current_epoch + 1}, step {self.global_step}, "
            f"on the frames {sorted(frames)} of {self.config.data.train.file}: look at their targets, lower the "
            f"learning rate or set optimiser.clip; {self._kept()}"
        )

    def _kept(self) -> str:
        rows = self.curve.rows
        folder = Path(self.config.output)
        return (
            f"{folder / 'last.ckpt'} is from epoch {int(rows[-1]['epoch'])}" if rows else "there is no checkpoint yet"
        )


class Ramp:
    """w̄ -> w̄ + (1 - d)(w - w̄) with d = min(decay, (1 + n) / (10 + n)) after n averages: early weights are forgotten."""

    def __init__(self, decay: float) -> None:
        self.decay = decay

    @torch.no_grad()
    def __call__(self, averaged: Any, current: Any, number: torch.Tensor | int) -> None:
        """Put the next averages in the place of these, tensors of one device and dtype."""
        n = float(number)
        torch._foreach_lerp_(averaged, current, 1.0 - min(self.decay, (1.0 + n) / (10.0 + n)))


def check_checkpoint(checkpoint: dict[str, Any], config: Config, basis_id: str | None) -> dict[str, Any]:
    """What invgen put into a checkpoint, if it is one of this configuration and basis.

    Raises:
        InputError: it is not one; the sentence names the first difference.
    """
    found = checkpoint.get("invgen")
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError("the checkpoint was not written by this version of 'invgen train': start a new run")
    if found["basis"] != basis_id:
        raise InputError(
            f"the checkpoint was saved with basis {found['basis']}, this run has {basis_id}: a basis and its "
            "convention cannot change under trained weights; start a new run in another folder"
        )
    # What later versions have more has its default in what earlier ones wrote.
    saved = Config.from_mapping(json.loads(found["config"]))
    for place, theirs, ours in schema.differences(json.loads(saved.to_json()), json.loads(config.to_json())):
        if not place.startswith(MAY_DIFFER):
            raise InputError(
                f"the checkpoint was saved with {place} = {theirs!r}, this run has {ours!r}: resume with the "
                "configuration that it was started with, or start a new one in another folder"
            )
    return found
