"""The frames of a run, and the order in which processes see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader

from invgen.errors import InputError
from invgen.structures import AtomicEnergies, Batch, Dataset, Frames, read
from invgen.structures.elements import atomic_number, symbols
from invgen.training.config import Config, SourceConfig

PLACE = "frame of the file"


@dataclass(frozen=True, eq=False)
class RunData:
    """What a run reads.

    Attributes:
        train: frames to train on; energies without those of atoms.
        validation: frames to choose by, likewise.
        test: frames to report, by name, likewise.
        elements: atomic numbers that the model knows, rising.
        atomic_energies: what was taken off.
    """

    train: Frames
    validation: Frames
    test: Mapping[str, Frames]
    elements: tuple[int, ...]
    atomic_energies: AtomicEnergies


def load_data(config: Config, folder: Path) -> RunData:
    """The frames of a configuration; the same seed gives the same split.

    Args:
        config: which.
        folder: where files are sought.

    Raises:
        InputError: a file cannot be read, frames lack what the loss needs, there are too few, or elements are unknown.
    """
    data, targets = config.data, config.loss.targets
    sources = {"train": data.train}
    if not isinstance(data.validation, int):
        sources["validation"] = data.validation
    sources |= {f"test.{name}": source for name, source in data.test.items()}
    read_from = {name: _read(source, folder, name) for name, source in sources.items()}
    elements = _elements(config, read_from["train"])
    for name, frames in read_from.items():
        try:
            frames.require(*targets).require_elements(elements)
            if "dipole" in targets:
                frames.require_neutral()
        except InputError as error:
            raise InputError(f"data.{name}: {error}{_hint(str(error), targets)}") from None
    train = read_from["train"]
    drawn = data.validation if isinstance(data.validation, int) else 0
    wanted = len(train) - drawn if data.train_frames is None else data.train_frames
    if wanted < 1 or wanted + drawn > len(train):
        raise InputError(
            f"data.train has {len(train)} frames, too few for {max(wanted, 1)} to train on and {drawn} to validate with"
        )
    if drawn:
        train, validation = train.split(wanted, drawn, seed=config.seed)
    else:
        (train,) = (train,) if data.train_frames is None else train.split(wanted, seed=config.seed)
        validation = read_from["validation"]
    parts = {**read_from, "train": train, "validation": validation}
    reference = _reference(config, train, elements)
    if "energy" in targets:
        parts = {name: reference.subtract(frames) for name, frames in parts.items()}
    tests = {name.removeprefix("test."): frames for name, frames in parts.items() if name.startswith("test.")}
    return RunData(parts["train"], parts["validation"], tests, elements, reference)


class EpochBatches:
    """Batches of frame numbers: every epoch one permutation that seed and epoch determine, shared out to processes.

    Process r of n takes every n-th frame of each batch from the r-th on: n processes see what one would.

    Args:
        frames: how many there are.
        size: of a batch, over all processes.
        seed: of the permutations; in their order if None.
        rank: of this process.
        processes: how many.

    Raises:
        InputError: a batch, or the last one of an epoch, has fewer frames than there are processes.
    """

    def __init__(self, frames: int, size: int, seed: int | None = None, rank: int = 0, processes: int = 1) -> None:
        self.frames, self.size, self.seed, self.epoch = frames, min(size, frames), seed, 0
        self.rank, self.processes = rank, processes
        last = frames % self.size or self.size
        if min(self.size, last) < processes:
            raise InputError(
                f"{frames} frames in batches of {size} leave a batch of {last}, fewer than the {processes} processes: "
                "choose another batch_size or number of frames"
            )

    @property
    def sampler(self) -> EpochBatches:
        """Itself: where Lightning looks for `set_epoch`."""
        return self

    def set_epoch(self, epoch: int) -> None:
        """From now on, the permutation of that epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return -(-self.frames // self.size)

    def __iter__(self) -> Iterator[list[int]]:
        order = np.arange(self.frames)
        if self.seed is not None:
            order = np.random.default_rng([self.seed, self.epoch]).permutation(self.frames)
        for start in range(0, self.frames, self.size):
            yield order[start + self.rank : min(start + self.size, self.frames) : self.processes].tolist()


def loader(dataset: Dataset, batches: EpochBatches, workers: int = 0) -> DataLoader[Batch]:
    """Batches of structures in the order of `batches`; pairs are found before workers are forked."""
    if workers:
        dataset.prepare()
    return DataLoader(
        dataset,  # type: ignore[arg-type]
        batch_sampler=batches,
        collate_fn=dataset.collate,
        num_workers=workers,
        generator=torch.Generator(),  # otherwise a loader draws from torch's global one
        persistent_workers=workers > 0,
    )


def _read(source: SourceConfig, folder: Path, name: str) -> Frames:
    try:
        return _selected(source, folder)
    except InputError as error:
        raise InputError(f"data.{name}: {error}") from None


def _selected(source: SourceConfig, folder: Path) -> Frames:
    frames = read(
        folder / source.file,
        member=source.member,
        keys=dict(source.keys),
        energy_unit=source.energy_unit,
        length_unit=source.length_unit,
        stress_unit=source.stress_unit,
        dipole_unit=source.dipole_unit,
        polarizability_unit=source.polarizability_unit,
    )
    frames = replace(frames, labels={**frames.labels, PLACE: np.arange(len(frames))})
    for name, wanted in source.select.items():
        if name not in frames.labels:
            known = ", ".join(label for label in frames.labels if label != PLACE) or "none"
            raise InputError(f"{source.file} has no label {name!r} to select by; its labels are {known}")
        chosen = frames.labels[name].astype(str) == str(wanted)
        if not chosen.any():
            values = sorted(set(frames.labels[name].astype(str).tolist()))
            raise InputError(f"no frame of {source.file} has the {name} {wanted!r}; there are {', '.join(values[:10])}")
        frames = frames[chosen]
    if source.frames is not None:
        first, end = source.frames
        if not 0 <= first < end <= len(frames):
            raise InputError(f"frames of {source.file} go from 0 to {len(frames)}, got {first} to {end}")
        frames = frames[first:end]
    return frames


def _elements(config: Config, train: Frames) -> tuple[int, ...]:
    if config.model.elements is None:
        return train.elements
    return tuple(sorted({each if isinstance(each, int) else atomic_number(each) for each in config.model.elements}))


def _reference(config: Config, train: Frames, elements: tuple[int, ...]) -> AtomicEnergies:
    given = config.data.atomic_energies
    if given == "none" or "energy" not in config.loss.targets:
        return AtomicEnergies(elements, (0.0,) * len(elements))
    if given == "fit":
        return AtomicEnergies.fit(train)
    energies = {atomic_number(name): energy for name, energy in dict(given).items()}
    missing = [number for number in elements if number not in energies]
    if missing:
        raise InputError(f"data.atomic_energies has no energy for {symbols(missing)}")
    return AtomicEnergies(tuple(energies), tuple(energies.values()))


def _hint(sentence: str, targets: tuple[str, ...]) -> str:
    lacking = [name for name in targets if f"have no {name}" in sentence]
    return f"; or set loss.{lacking[0]} to 0" if lacking else ""
