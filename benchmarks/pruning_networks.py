"""Networks on pruned descriptors, trained side by side: all share the pairs, whose gradients do not depend on weights.

The force on an atom is linear in ∂E/∂B: F = -Σ dA/dr · (dB/dA)ᵀ ∂E/∂B. Both factors are fixed once descriptors are, so
they are made once; one pass over the pairs then serves all networks, as columns of one matrix product. The model is
`ACE` with a `NetworkReadout` whose linear part is the least-squares fit, kept as it is; `check` holds them together.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch

import invgen
from benchmarks.pruning_data import ENERGY_UNIT, FORCE_UNIT, SEEDS, Choice, Frame, basis
from invgen.basis.basis import Basis
from invgen.nn import ACE, DescriptorRows, NetworkReadout
from invgen.nn.ace_readouts import whitening
from invgen.runtime import Kernel

HIDDEN = (32, 32)
FLOOR = 0.001  # of `whitening`
BATCH = 400  # atoms: as many structures as have about so many
RATE = 5e-3  # of Adam, falling to 0 as a cosine
DTYPE = torch.float32


@dataclass(frozen=True)
class Run:
    """One network: its descriptors as columns of the basis at hand, the seed, and the linear fit it starts from."""

    choice: Choice
    seed: int
    columns: torch.Tensor
    weights: torch.Tensor
    offset: float


@dataclass(frozen=True)
class Batch:
    """Structures with everything that weights do not change; pairs are padded to the largest number of an atom.

    Attributes:
        densities: (atoms, dim, runs), equal along runs.
        descriptors: (atoms, K).
        gradients: (atoms, 3 pairs, dim), ∂A/∂(vector), zero where there is no pair.
        sources: (atoms, pairs), the other atom; the number of atoms where there is no pair.
        structure: (atoms,), and counts (structures,) of atoms.
        energies: (structures, runs) per atom and forces (atoms, 3, runs), without the linear part of each run.
    """

    densities: torch.Tensor
    descriptors: torch.Tensor
    gradients: torch.Tensor
    sources: torch.Tensor
    structure: torch.Tensor
    counts: torch.Tensor
    energies: torch.Tensor
    forces: torch.Tensor


class Pull(torch.autograd.Function):
    """ybar -> (dB/dA)ᵀ ybar at fixed A, with dB/dA as its gradient: linear, so its derivatives are the bare kernels."""

    @staticmethod
    def forward(ctx: Any, kernel: Kernel, x: torch.Tensor, ybar: torch.Tensor) -> torch.Tensor:
        """The pullback."""
        ctx.kernel = kernel
        ctx.save_for_backward(x)
        return kernel.vjp(x, ybar.contiguous())

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[None, None, torch.Tensor]:
        """The push forward of the gradient."""
        (x,) = ctx.saved_tensors
        return None, None, ctx.kernel.jvp(x, grads[0].contiguous())


def forces_of(kernel: Kernel, batch: Batch, ybar: torch.Tensor) -> torch.Tensor:
    """(atoms, K, runs) -> (atoms, 3, runs): forces from the gradients of the energy by descriptors."""
    slopes = Pull.apply(kernel, batch.densities, ybar)
    atoms, pairs = batch.sources.shape
    terms = (batch.gradients @ slopes).reshape(atoms, pairs, 3, -1)
    zero = terms.new_zeros(atoms + 1, 3, terms.shape[-1])
    return terms.sum(1) - zero.index_add(0, batch.sources.flatten(), terms.flatten(0, 1))[:-1]


def prepare(frames: Sequence[Frame], model: ACE, rows: DescriptorRows, kernel: Kernel, runs: Sequence[Run]) -> Batch:
    """Put structures together and take the linear part off their energies and forces, in float64."""
    pairs = max(int(each.neighbours.row_pointer.diff().max()) for each in frames)
    parts: dict[str, list[torch.Tensor]] = {name: [] for name in Batch.__dataclass_fields__}
    first = 0
    weights = torch.zeros(len(model.basis), len(runs), dtype=torch.float64)
    for column, run in enumerate(runs):
        weights[run.columns, column] = run.weights
    offsets = torch.tensor([run.offset for run in runs], dtype=torch.float64)
    for index, each in enumerate(frames):
        neighbours = each.neighbours
        densities = model.densities(*each.arguments)[:, :, None].expand(-1, -1, len(runs)).contiguous()
        descriptors = model.descriptors(*each.arguments)
        place = torch.arange(neighbours.pairs) - neighbours.row_pointer[neighbours.receivers]
        padded = densities.new_zeros(each.atoms, pairs, 3, densities.shape[1])
        padded[neighbours.receivers, place] = rows.density_gradients(*each.arguments)
        sources = torch.full((each.atoms, pairs), each.atoms)
        sources[neighbours.receivers, place] = neighbours.index
        alone = Batch(densities, descriptors, padded.flatten(1, 2), sources, *(torch.empty(0),) * 4)
        linear = forces_of(kernel, alone, weights.expand(each.atoms, -1, -1).contiguous())
        parts["densities"].append(densities)
        parts["descriptors"].append(descriptors)
        parts["gradients"].append(alone.gradients.to(DTYPE))
        parts["sources"].append(torch.where(sources == each.atoms, -1, sources + first))
        parts["structure"].append(torch.full((each.atoms,), index))
        parts["counts"].append(torch.tensor([float(each.atoms)]))
        parts["energies"].append(each.energy / each.atoms - (descriptors.mean(0) @ weights + offsets)[None])
        parts["forces"].append(each.forces[:, :, None] - linear)
        first += each.atoms
    joined = {name: torch.cat(found) for name, found in parts.items()}
    joined["sources"] = torch.where(joined["sources"] < 0, first, joined["sources"])
    return Batch(**{name: each.to(DTYPE) if each.is_floating_point() else each for name, each in joined.items()})


class Networks(torch.nn.Module):
    """So many networks of one shape at once: (runs, atoms, inputs) -> (runs, atoms); the last layer starts at zero."""

    columns: torch.Tensor
    mean: torch.Tensor
    transform: torch.Tensor

    def __init__(self, runs: Sequence[Run], descriptors: torch.Tensor) -> None:
        super().__init__()
        self.runs = list(runs)
        self.register_buffer("columns", torch.stack([run.columns for run in runs]))
        means, maps = zip(*(whitening(descriptors[:, run.columns], FLOOR) for run in runs), strict=True)
        self.register_buffer("mean", torch.stack(means).to(DTYPE)[:, None])
        self.register_buffer("transform", torch.stack(maps).to(DTYPE))
        drawn = [NetworkReadout(1, len(run.columns), HIDDEN, DTYPE) for run in self.seeded()]
        networks = [list(readout.networks[0].parameters()) for readout in drawn]  # type: ignore[union-attr]
        self.weights = torch.nn.ParameterList(
            torch.stack([each[k] for each in networks]).detach().clone() for k in range(len(networks[0]))
        )

    def seeded(self) -> Any:
        """Each run, with the generator set to its seed."""
        for run in self.runs:
            torch.manual_seed(run.seed)
            yield run

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The outputs of every network for its descriptors."""
        x = (x - self.mean) @ self.transform
        for layer in range(0, len(self.weights), 2):
            x = torch.baddbmm(self.weights[layer + 1][:, None], x, self.weights[layer].transpose(1, 2))
            if layer + 2 < len(self.weights):
                x = torch.nn.functional.silu(x)
        return x.squeeze(-1)

    def readout(self, index: int) -> NetworkReadout:
        """One of them, with its linear part, as a layer of `ACE` in float64."""
        run = self.runs[index]
        layer = NetworkReadout(1, len(run.columns), HIDDEN)
        with torch.no_grad():
            for parameter, weight in zip(layer.networks[0].parameters(), self.weights, strict=True):
                parameter.copy_(weight[index])
            layer.linear.weight.copy_(run.weights[None])
            layer.linear.bias.fill_(run.offset)
            layer.mean.copy_(self.mean[index, 0])
            layer.transform.copy_(self.transform[index])
        return layer


class Chosen(torch.nn.Module):
    """A readout of some of the descriptors."""

    def __init__(self, columns: torch.Tensor, readout: NetworkReadout) -> None:
        super().__init__()
        self.columns, self.readout = columns, readout

    def forward(self, descriptors: torch.Tensor, element: torch.Tensor) -> torch.Tensor:
        """The energy of every atom."""
        energies: torch.Tensor = self.readout(descriptors[:, self.columns], element)
        return energies


def predict(groups: Sequence[Networks], kernel: Kernel, batch: Batch, learn: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Energies per atom (structures, runs) and forces (atoms, 3, runs) of all networks."""
    energies, gradients = [], []
    atoms, count = batch.descriptors.shape
    for group in groups:
        inputs = batch.descriptors[:, group.columns].transpose(0, 1).contiguous().requires_grad_()
        values = group(inputs)
        (slopes,) = torch.autograd.grad(values.sum(), inputs, create_graph=learn)
        index = group.columns[:, None].expand(-1, atoms, -1)
        gradients.append(slopes.new_zeros(len(group.runs), atoms, count).scatter(2, index, slopes))
        energies.append(values)
    ybar = torch.cat(gradients).permute(1, 2, 0)
    totals = torch.cat(energies).T
    per_atom = totals.new_zeros(len(batch.counts), totals.shape[1]).index_add(0, batch.structure, totals)
    return per_atom / batch.counts[:, None], forces_of(kernel, batch, ybar)


def train(
    frames: dict[str, list[Frame]],
    whole: Choice,
    chosen: Sequence[Choice],
    fits: dict[tuple[str, int | None], tuple[torch.Tensor, float]],
    steps: int,
    rate: float,
    model_of: Callable[[Basis, int], ACE],
    errors: Callable[[torch.Tensor, torch.Tensor], dict[str, float]],
) -> list[dict[str, Any]]:
    """Test errors after the last step: three networks for a choice without a seed, one for each random one.

    `whole` are all members of the box that the choices are from.
    """
    start = time.perf_counter()
    full, whole_columns = basis(whole.size, "linear"), whole.columns
    runs = [
        Run(each, seed, torch.tensor([whole_columns.index(c) for c in each.columns]), *fits[each.selection, each.seed])
        for each in chosen
        for seed in SEEDS
        if each.seed in (None, seed)
    ]
    runs.sort(key=lambda run: -len(run.columns))
    model = model_of(full, int(frames["train"][0].species[0]))
    rows, kernel64 = DescriptorRows(model), invgen.compile(full, dtype=torch.float64)
    kernel = invgen.compile(full, dtype=DTYPE)
    shuffled = random.Random(0).sample(frames["train"], len(frames["train"]))
    together = max(1, round(BATCH * len(shuffled) / sum(each.atoms for each in shuffled)))
    batches, tests = (
        [prepare(part[i : i + together], model, rows, kernel64, runs) for i in range(0, len(part), together)]
        for part in (shuffled, frames["test"])
    )
    seen = torch.cat([batch.descriptors for batch in batches])
    groups = [Networks(list(same), seen) for _, same in groupby(runs, key=lambda run: len(run.columns))]
    parameters = [weight for group in groups for weight in group.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))
    order = random.Random(1)
    prepared = time.perf_counter() - start
    waiting: list[Batch] = []
    for step in range(steps):
        waiting = waiting or order.sample(batches, len(batches))
        batch = waiting.pop()
        energies, forces = predict(groups, kernel, batch, learn=True)
        loss = ((energies - batch.energies) / ENERGY_UNIT).square().mean(0)
        loss = (loss + ((forces - batch.forces) / FORCE_UNIT).square().mean((0, 1))).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            passed = time.perf_counter() - start
            print(f"step {step}: loss {float(loss.detach()) / len(runs):.4f}, {passed:.0f} s", flush=True)
    found = [predict(groups, kernel, batch, learn=False) for batch in tests]
    energies = torch.cat([e.detach() - batch.energies for (e, _), batch in zip(found, tests, strict=True)])
    forces = torch.cat([f.detach() - batch.forces for (_, f), batch in zip(found, tests, strict=True)])
    seconds = time.perf_counter() - start
    off = check(groups, frames["test"][0], model, energies[0], forces)
    common = {
        "steps": steps,
        "rate": rate,
        "epochs": round(steps / len(batches), 1),
        "seconds": round(seconds, 1),
        "seconds_preparing": round(prepared, 1),
        "check": off,
    }
    return [
        {**run.choice.record, "seed": run.seed, **errors(energies[:, i], forces[..., i]), **common}
        for i, run in enumerate(runs)
    ]


def check(
    groups: Sequence[Networks],
    frame: Frame,
    model: ACE,
    energies: torch.Tensor,
    forces: torch.Tensor,
) -> dict[str, float]:
    """How far the first network's errors (eV) on one structure are from those of `ACE` in float64 through autograd."""
    group = groups[0]
    model.readout = Chosen(group.runs[0].columns, group.readout(0))
    vectors = frame.vectors.clone().requires_grad_()
    energy = model(frame.species, vectors, frame.neighbours).sum()
    (slopes,) = torch.autograd.grad(energy, vectors)
    force = torch.zeros_like(frame.forces).index_add(0, frame.neighbours.receivers, slopes)
    force = force.index_add(0, frame.neighbours.index, -slopes)
    return {
        "energy": abs((float(energy.detach()) - frame.energy) / frame.atoms - float(energies[0])),
        "force": float((force - frame.forces - forces[: frame.atoms, :, 0]).abs().max()),
    }
