"""A training step of HIP-HOP-NN on energies and forces: invgen, hippynn, and hippynn accelerated by invgen.

Aspirin (rMD17), 32 frames to a batch, pairs within 6.5 Angstrom, 128 features, 2 interaction layers of 3 atom layers,
20 sensitivities, l = 3, n = 4, float32; the same weights in all. Energies and forces are compared before anything is
timed. Times are of one process that runs all models in turns: the fastest step and the median, by the clock, and
seconds of processor time of all threads, which other programs on the machine change less. Memory is measured in a fresh
process for each model: the peak above what is resident after the imports.

    python -m benchmarks.networks [--data FOLDER] [--threads 2] [--rounds 3] [--l-max 3] [--n-max 4] [--frames 32]
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import torch

from benchmarks.support import DATA, ROOT, describe, in_fresh_process, machine, table
from invgen.interop.hippynn import accelerate, load_state
from invgen.structures import Batch, Dataset, pair_vectors, read

FILE = "rmd17/rmd17_aspirin_train_01.npz"
SPECIES, CUTOFF = (1, 6, 8), 6.5
MODELS = ("invgen", "hippynn, accelerated", "hippynn, numba", "hippynn, pytorch")
Step = Callable[[], tuple[torch.Tensor, torch.Tensor]]


def batch_of(data: Path, frames: int, file: str = FILE, cutoff: float = CUTOFF) -> Batch:
    """The first frames, energies about zero."""
    found = read(data / file, energy_unit="kcal/mol", length_unit="Angstrom", require=("energy", "forces"))
    found = found[:frames].with_energy(found[:frames].targets["energy"] - found.targets["energy"].mean(), "about zero")
    return Dataset(found, cutoff, dtype=torch.float32).batch(range(frames))


def peer(l_max: int, n_max: int) -> tuple[torch.nn.Module, torch.nn.Module]:
    """hippynn's network and its energy head, with weights of seed 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from hippynn.layers.targets import HEnergy
        from hippynn.networks.hiphop import HipHopNNModule

        torch.manual_seed(0)
        network = HipHopNNModule(
            n_features=128,
            n_sensitivities=20,
            dist_soft_min=0.85,
            dist_soft_max=5.0,
            dist_hard_max=CUTOFF,
            n_atom_layers=3,
            n_interaction_layers=2,
            possible_species=[0, *SPECIES],
            l_max=l_max,
            n_max=n_max,
        )
        return network, HEnergy(network.feature_sizes)


def step_of(model: str, batch: Batch, l_max: int, n_max: int) -> Step:
    """One training step of a model: energies, forces, loss and gradients; the optimiser is not part of it."""
    network, head = peer(l_max, n_max)
    state = {f"{name}.{key}": v for name, m in (("net", network), ("head", head)) for key, v in m.state_dict().items()}
    predict: Step
    if model == "invgen":
        potential = load_state(state, cutoff=CUTOFF, species=SPECIES)
        predict = partial(_ours, potential, batch)
        parameters = list(potential.parameters())
    else:
        kernels = model.rpartition(" ")[2]
        if kernels == "accelerated":
            accelerate(network)
        predict = partial(_theirs, network, head, batch, "numba" if kernels == "accelerated" else kernels)
        parameters = [p for m in (network, head) for p in m.parameters() if p.requires_grad]

    def step() -> tuple[torch.Tensor, torch.Tensor]:
        energy, forces = predict()
        assert batch.energy is not None and batch.forces is not None
        loss = (energy - batch.energy).square().mean() + 10 * (forces - batch.forces).square().mean()
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return energy.detach(), forces.detach()

    return step


def _ours(potential: Any, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    found = potential(batch)
    return found.energy, found.forces


def _theirs(
    network: torch.nn.Module, head: torch.nn.Module, batch: Batch, kernels: str
) -> tuple[torch.Tensor, torch.Tensor]:
    from hippynn.custom_kernels import set_custom_kernels

    set_custom_kernels(kernels)
    assert batch.pairs is not None
    lists, positions = batch.pairs.neighbours, batch.positions.clone().requires_grad_()
    vectors = pair_vectors(batch, positions=positions)
    one_hot = batch.species[:, None] == torch.tensor(SPECIES)
    features = network(one_hot, lists.receivers, lists.index, vectors.norm(dim=1), vectors)
    energy = head(features, batch.structure, batch.structures)[0][:, 0]
    (gradient,) = torch.autograd.grad(energy.sum(), positions, create_graph=True)
    return energy, -gradient


def memory(model: str, arguments: argparse.Namespace) -> None:
    """Print the peak of resident memory of two steps above that after the imports, in MB."""
    import hippynn  # noqa: F401

    torch.set_num_threads(arguments.threads)
    batch = batch_of(arguments.data, arguments.frames)
    before = _status("VmRSS")
    step = step_of(model, batch, arguments.l_max, arguments.n_max)
    for _ in range(2):
        step()
    # Not ru_maxrss, which a process inherits from the one that started it.
    print(json.dumps(_status("VmHWM") - before))


def _status(field: str) -> float:
    """A size of /proc/self/status, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{field}:"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3, help="turns; each runs ten steps of ours and one of theirs")
    parser.add_argument("--l-max", type=int, default=3)
    parser.add_argument("--n-max", type=int, default=4)
    parser.add_argument("--frames", type=int, default=32)
    parser.add_argument("--models", nargs="+", default=list(MODELS[:3]), choices=MODELS)
    parser.add_argument("--memory", choices=MODELS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory:
        memory(arguments.memory, arguments)
        return
    torch.set_num_threads(arguments.threads)
    batch = batch_of(arguments.data, arguments.frames)
    assert batch.pairs is not None
    print(describe(machine()))
    print(f"{batch.atoms} atoms, {batch.pairs.neighbours.pairs} pairs, {arguments.threads} threads\n", flush=True)
    steps = {model: step_of(model, batch, arguments.l_max, arguments.n_max) for model in arguments.models}
    results = {model: step() for model, step in steps.items()}
    for model, (energy, forces) in results.items():
        first = results[arguments.models[0]]
        # float32 through group norm: two of seven digits of the largest are lost.
        torch.testing.assert_close(energy, first[0], rtol=1e-4, atol=1e-4 * float(first[0].abs().max()), msg=model)
        torch.testing.assert_close(forces, first[1], rtol=1e-3, atol=1e-4 * float(first[1].abs().max()), msg=model)
    walls: dict[str, list[float]] = {model: [] for model in steps}
    processors: dict[str, list[float]] = {model: [] for model in steps}
    for _ in range(arguments.rounds):
        for model, step in steps.items():
            for _ in range(10 if "accelerated" in model or model == "invgen" else 1):
                start, used = perf_counter(), process_time()
                step()
                walls[model].append(perf_counter() - start)
                processors[model].append(process_time() - used)
    ours = arguments.models[0]
    rows = []
    for model in steps:
        peak = in_fresh_process(
            Path(__file__), "--memory", model, "--data", str(arguments.data), "--threads", str(arguments.threads),
            "--l-max", str(arguments.l_max), "--n-max", str(arguments.n_max), "--frames", str(arguments.frames),
            environment={"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        fastest = min(walls[model])
        rows.append(
            [
                model,
                f"{fastest:.3f}",
                f"{median(walls[model]):.3f}",
                f"{min(processors[model]):.3f}",
                f"{fastest / batch.atoms * 1e6:.0f}",
                f"{peak:.0f}",
                f"{fastest / min(walls[ours]):.1f}",
                f"{min(processors[model]) / min(processors[ours]):.1f}",
            ]
        )
    head = [
        "",
        "s/step, fastest",
        "median",
        "processor s",
        "µs/atom",
        "MB above imports",
        "times ours",
        "in processor s",
    ]
    print(table(head, rows))


if __name__ == "__main__":
    main()
