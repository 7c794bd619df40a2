"""Gradients of force losses in two ways: exact (backward of backward) and from displaced geometries.

Errors of the gradient against the exact one in float64, for displacements around the default; then time and memory of
one step, each in a process of its own. HIP-HOP-NN with hippynn's 13 invariants on frames of rMD17:

    python benchmarks/force_training.py --data ../shared/data [--molecule aspirin] [--features 128]
    python benchmarks/force_training.py --data ../shared/data --only errors --potential FILE   # trained to the end

The loss of a trained potential is the squared one here, whatever it was trained with: weights near the minimum have
small gradients that are differences of large ones.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import describe, in_fresh_process, machine
from invgen.runtime.arguments import TORCH_DTYPES
from invgen.structures import Batch, Dataset
from invgen.training import Config, LossConfig, displaced_loss, load_potential, losses
from invgen.training.data import RunData, load_data
from invgen.training.displaced import DISPLACEMENT
from invgen.training.models import build_potential, model_basis

WAYS = ("energies alone", "exact", "displaced")


def configuration(arguments: argparse.Namespace, dtype: str) -> Config:
    if arguments.potential is not None:
        kept = load_potential(arguments.potential).config
        return replace(
            kept,
            data=replace(kept.data, train_frames=arguments.batch, validation=1, test={}),
            loss=LossConfig(energy=kept.loss.energy, forces=kept.loss.forces),
            dtype=dtype,
        )
    source = {
        "file": f"rmd17/rmd17_{arguments.molecule}_train_01.npz",
        "energy_unit": "kcal/mol",
        "length_unit": "Angstrom",
    }
    return Config.from_mapping(
        {
            "data": {"train": source, "validation": 1, "train_frames": arguments.batch},
            "model": {"kind": "HIPHOPNN", "cutoff": 6.5, "features": arguments.features},
            "training": {"epochs": 1},
            "dtype": dtype,
            "output": "unused",
        }
    )


def loaded(config: Config, arguments: argparse.Namespace) -> tuple[RunData, torch.nn.Module, Batch]:
    data = load_data(config, arguments.data)
    potential = build_potential(config, data.elements, model_basis(config, data.elements, arguments.data))
    reach = config.model.cutoff + 0.1
    batch = Dataset(data.train, reach, targets=config.loss.targets, dtype=TORCH_DTYPES[config.dtype]).batch(
        range(arguments.batch)
    )
    return data, potential, batch


def backward(config: Config, potential: torch.nn.Module, batch: Batch, way: str, h: float | None = None) -> None:
    potential.zero_grad(set_to_none=True)
    sizes = losses.Sizes.of(batch)
    if way == "displaced":
        displaced_loss(potential, batch, config.loss, sizes, h).surrogate.backward()
        return
    forces = way == "exact"
    targets = config.loss.targets if forces else ("energy",)
    prediction = potential(batch, forces=forces, create_graph=True)
    losses.total(losses.loss_terms(config.loss, batch, prediction, sizes, targets)).backward()


def gradient(potential: torch.nn.Module) -> torch.Tensor:
    return torch.cat([each.grad.flatten().double() for each in potential.parameters()])


def errors(arguments: argparse.Namespace) -> None:
    print("| network | dtype | h, Angstrom | relative error of the gradient |\n|---|---|---|---|")
    precise = configuration(arguments, "float64")
    _, reference, exact_batch = loaded(precise, arguments)
    optimiser = torch.optim.Adam(reference.parameters(), lr=1e-3)
    for steps in (0, arguments.steps):
        for _ in range(steps):
            backward(precise, reference, exact_batch, "exact")
            optimiser.step()
        backward(precise, reference, exact_batch, "exact")
        wanted = gradient(reference)
        compare(f"after {steps} steps", reference, wanted, arguments)


def compare(label: str, reference: torch.nn.Module, wanted: torch.Tensor, arguments: argparse.Namespace) -> None:
    """Print the errors of gradients at the weights of `reference`, relative to the one that is wanted."""
    for dtype, default in (("float64", DISPLACEMENT[torch.float64]), ("float32", DISPLACEMENT[torch.float32])):
        config = configuration(arguments, dtype)
        _, potential, batch = loaded(config, arguments)
        potential.load_state_dict(reference.state_dict())
        backward(config, potential, batch, "exact")
        rows = [("exact", gradient(potential))]
        for factor in (0.1, 0.3, 1.0, 3.0, 10.0):
            backward(config, potential, batch, "displaced", factor * default)
            rows.append((f"{factor * default:.0e}", gradient(potential)))
        for name, found in rows:
            error = float((found - wanted).norm() / wanted.norm())
            print(f"| {label} | {dtype} | {name} | {error:.1e} |", flush=True)


def trained_errors(arguments: argparse.Namespace) -> None:
    """The same for a potential of `invgen train`, on frames that it was trained on."""
    print("| network | dtype | h, Angstrom | relative error of the gradient |\n|---|---|---|---|")
    precise = configuration(arguments, "float64")
    _, reference, batch = loaded(precise, arguments)
    reference.load_state_dict(load_potential(arguments.potential, dtype="float64").potential.state_dict())
    backward(precise, reference, batch, "exact")
    compare(f"{arguments.potential.parent.name}, trained", reference, gradient(reference), arguments)


def one_step(arguments: argparse.Namespace) -> None:
    """Median time of a step, and what the peak of memory rises by, printed as JSON."""
    config = configuration(arguments, "float32")
    data, potential, batch = loaded(config, arguments)
    first = Dataset(data.train, config.model.cutoff + 0.1, targets=config.loss.targets, dtype=torch.float32).batch([0])
    backward(config, potential, first, arguments.one)  # compiles kernels and fills what is kept
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(arguments.repeats):
        began = time.perf_counter()
        backward(config, potential, batch, arguments.one)
        times.append(time.perf_counter() - began)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": sorted(times)[len(times) // 2], "megabytes": (after - before) / 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder of data sets")
    parser.add_argument("--molecule", default="ethanol", help="ethanol or aspirin")
    parser.add_argument("--features", type=int, default=64)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=50, help="training steps before errors are measured again")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--potential", type=Path, help="potential.pt of `invgen train`, for --only errors")
    parser.add_argument("--only", choices=("errors", "time"))
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one_step(arguments)
        return
    print(describe(machine()), "\n")
    if arguments.potential is not None:
        trained_errors(arguments)
        return
    if arguments.only != "time":
        errors(arguments)
    if arguments.only != "errors":
        print("\n| one step, float32 | seconds | memory above the model, MB |\n|---|---|---|")
        for way in WAYS:
            given = ["--data", str(arguments.data.resolve()), "--molecule", arguments.molecule, "--one", way]
            given += [f"--{name}={getattr(arguments, name)}" for name in ("features", "batch", "repeats")]
            found = in_fresh_process(Path(__file__).resolve(), *given)
            print(f"| {way} | {found['seconds']:.3f} | {found['megabytes']:.0f} |")


if __name__ == "__main__":
    main()
