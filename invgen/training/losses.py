"""Errors of a prediction, what a loss makes of them, and their sums over an epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from invgen.errors import TrainingError
from invgen.nn.heads import hierarchicality
from invgen.nn.potential import Prediction
from invgen.structures import Batch
from invgen.training.config import LossConfig


@dataclass(frozen=True, eq=False)
class Sizes:
    """How many structures, atoms and stresses a loss divides by; of all processes where there are several.

    Attributes:
        structures: (), floating.
        atoms: (), floating.
    """

    structures: torch.Tensor
    atoms: torch.Tensor

    @classmethod
    def of(cls, batch: Batch) -> Sizes:
        """Those of one batch."""
        numbers = batch.positions.new_tensor([batch.structures, batch.atoms])
        return cls(numbers[0], numbers[1])

    def number(self, name: str) -> torch.Tensor:
        """How many errors of a target there are."""
        counts = {
            "energy": self.structures,
            "forces": 3 * self.atoms,
            "stress": 9 * self.structures,
            "dipole": 3 * self.structures,
            "polarizability": 9 * self.structures,
            "hierarchicality": self.atoms,
        }
        return counts.get(name, self.atoms)


def errors(batch: Batch, prediction: Prediction, targets: tuple[str, ...]) -> dict[str, torch.Tensor]:
    """Predicted minus true, by target; energies per atom.

    The shapes are those of the targets in a batch.
    """
    found = {}
    if "energy" in targets:
        atoms = batch.atom_pointer.diff().to(prediction.energy.dtype)
        found["energy"] = (prediction.energy - _there(batch.energy)) / atoms
    if "forces" in targets:
        found["forces"] = _there(prediction.forces) - _there(batch.forces)
    if "stress" in targets:
        found["stress"] = _there(prediction.stress) - _there(batch.stress)
    if "charges" in targets:
        found["charges"] = prediction.scalars["charges"][:, 0] - _there(batch.charges)
    for name in ("dipole", "polarizability"):
        if name in targets:
            found[name] = prediction.tensors[name] - _there(getattr(batch, name))
    return found


def penalties(config: LossConfig, error: torch.Tensor) -> torch.Tensor:
    """What each error costs, in its shape."""
    if config.penalty == "squared":
        return error.square()
    if config.penalty == "absolute":
        return error.abs()
    return torch.nn.functional.huber_loss(error, torch.zeros_like(error), reduction="none", delta=config.delta)


def loss_terms(
    config: LossConfig, batch: Batch, prediction: Prediction, sizes: Sizes, targets: tuple[str, ...]
) -> dict[str, torch.Tensor]:
    """weight · sum of penalties / number, by target; the loss is the sum of all."""
    found = {
        name: getattr(config, name) * penalties(config, error).sum() / sizes.number(name)
        for name, error in errors(batch, prediction, targets).items()
    }
    if config.hierarchicality:
        terms = hierarchicality(prediction.atoms.terms).sum()
        found["hierarchicality"] = config.hierarchicality * terms / sizes.number("hierarchicality")
    return found


class Tally:
    """Sums over an epoch in float64, from which means and the loss are made: the batches they came in do not matter."""

    def __init__(self, config: LossConfig) -> None:
        self.config = config
        self.targets = config.targets
        self._sums: torch.Tensor | None = None

    def reset(self) -> None:
        """Begin an epoch."""
        self._sums = None

    @torch.no_grad()
    def add(self, batch: Batch, prediction: Prediction) -> None:
        """Count one batch."""
        rows = []
        for error in errors(batch, prediction, self.targets).values():
            given = error.detach().double()
            sums = (given.abs().sum(), given.square().sum(), penalties(self.config, given).sum())
            rows.append(torch.stack([*sums, given.new_tensor(given.numel())]))
        if self.config.hierarchicality:
            terms = hierarchicality(prediction.atoms.terms.detach().double())
            zero = terms.new_zeros(())
            rows.append(torch.stack([zero, zero, terms.sum(), terms.new_tensor(terms.numel())]))
        counted = torch.stack(rows)
        self._sums = counted if self._sums is None else self._sums + counted

    def means(self, distributed: bool = False) -> dict[str, float]:
        """The loss, and by target the mean absolute error and the root of the mean squared one, over all processes."""
        if self._sums is None:
            return {}
        sums = self._sums.clone()
        if distributed:
            torch.distributed.all_reduce(sums)
        found: dict[str, float] = {"loss": 0.0}
        names = [*self.targets, *(["hierarchicality"] if self.config.hierarchicality else [])]
        for name, (absolute, squared, penalty, number) in zip(names, sums.tolist(), strict=True):
            found["loss"] += getattr(self.config, name) * penalty / number
            if name in self.targets:
                found[f"{name}_mae"] = absolute / number
                found[f"{name}_rmse"] = (squared / number) ** 0.5
        return found


def total(terms: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """The sum of the terms of a loss."""
    return torch.stack(list(terms.values())).sum()


def _there(tensor: torch.Tensor | None) -> torch.Tensor:
    """A tensor that the targets of the run promise."""
    if tensor is None:  # pragma: no cover - data sets and models are made with these targets
        raise TrainingError("a target of the loss is neither in the batch nor in the prediction")
    return tensor
