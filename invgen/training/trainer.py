"""Lightning's trainer as a configuration sets it up, without its remarks."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lightning import pytorch as pl

from invgen.errors import InputError
from invgen.training.config import Config

# What the configuration says or what is meant, and deprecations between Lightning and torch.
_KNOWN: Final = (
    ".*does not have many workers.*",
    ".*exists and is not empty.*",
    ".*sync_dist=True.*",
    ".*is deprecated, use `isinstance.*",
    "Grad strides do not match bucket view strides.*",
)


def make_trainer(config: Config, output: Path, progress: bool) -> pl.Trainer:
    """The trainer: best.ckpt by the validation loss and last.ckpt of every epoch, both written at its end.

    Raises:
        InputError: TensorBoard's logs are asked for and it is not installed, or the hardware is not there.
    """
    hardware = config.hardware
    kept: dict[str, Any] = {
        "dirpath": output,
        "save_top_k": 1,
        "save_on_train_epoch_end": True,
        "enable_version_counter": False,
    }
    # In this order: the last checkpoint holds what the others know after the epoch.
    callbacks: list[Any] = []
    if config.training.patience is not None:
        callbacks.append(
            pl.callbacks.EarlyStopping(
                "validation_loss", patience=config.training.patience, check_on_train_epoch_end=True, check_finite=False
            )
        )
    callbacks.append(pl.callbacks.ModelCheckpoint(filename="best", monitor="validation_loss", **kept))
    callbacks.append(pl.callbacks.ModelCheckpoint(filename="last", **kept))
    try:
        with quietly():
            return pl.Trainer(
                accelerator=hardware.accelerator,
                devices=hardware.devices,
                num_nodes=hardware.nodes,
                strategy="auto" if hardware.devices * hardware.nodes == 1 else "ddp",
                max_epochs=config.training.epochs,
                callbacks=callbacks,
                logger=_tensorboard(output) if config.tensorboard else False,
                enable_progress_bar=progress,
                enable_model_summary=False,
                num_sanity_val_steps=0,
                use_distributed_sampler=False,
                inference_mode=False,
                log_every_n_steps=1,
                default_root_dir=output,
            )
    except (RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the hardware of the configuration cannot be used: {' '.join(str(error).split())}") from error


@contextmanager
def quietly() -> Iterator[None]:
    """Without Lightning's remarks on devices and services, and without warnings of what is known already."""
    loggers = [logging.getLogger(name) for name in ("lightning.pytorch", "lightning.fabric")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            for message in _KNOWN:
                warnings.filterwarnings("ignore", message=message)
            yield
    finally:
        for logger, level in zip(loggers, levels):
            logger.setLevel(level)


def _tensorboard(folder: Path) -> Any:
    try:
        return pl.loggers.TensorBoardLogger(folder, name="tensorboard", version="")
    except ModuleNotFoundError as error:
        raise InputError("tensorboard: true needs TensorBoard: pip install 'invgen[tensorboard]'") from error
