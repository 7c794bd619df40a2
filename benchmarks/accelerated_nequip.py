"""NequIP models as they are, accelerated, and accelerated with radial tables, in one process, by turns, on one thread.

Models have random weights, float32, 64 features, four layers, both parities and a cutoff of 5 A. Systems are eight
frames of aspirin (rMD17) and 64 molecules of water in a box. "energy and forces" is one call of the model with fixed
parameters; "step" adds a loss of energies and forces and its gradients by all parameters. Times are the least of
several turns and the processor's time; results of all models are compared first.

    PYTHONPATH=.peers/nequip python -m benchmarks.accelerated_nequip [--l-max 2] [--systems aspirin water] [--rounds 4]
                                                                     [--json FILE]

`make test-peers` makes the folder. Aspirin is read from INVGEN_DATA and left out where it is not there.
"""

from __future__ import annotations

import argparse
import copy
import time
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import torch

from benchmarks.accelerated import ACCELERATED, CUTOFF, ELEMENTS, TABLE_BOUND, TABLES, frames, least, present
from benchmarks.support import describe, machine, table, write_json

NAMES = {1: "H", 6: "C", 8: "O"}
SYSTEMS = ("aspirin", "water")
RESULTS = ("total_energy", "forces")


def model(l_max: int, elements: tuple[int, ...], neighbours: float) -> torch.nn.Module:
    """NequIP with random weights in float32."""
    from nequip.model import NequIPGNNModel

    found: torch.nn.Module = NequIPGNNModel(
        seed=0,
        model_dtype="float32",
        r_max=CUTOFF,
        type_names=[NAMES[number] for number in elements],
        avg_num_neighbors=neighbours,
        compile_mode="eager",
        num_layers=4,
        l_max=l_max,
        num_features=64,
        parity=True,
    )
    return found


def batch(system: str) -> dict[str, Any]:
    """What a model takes."""
    from nequip.data import AtomicDataDict, compute_neighborlist_, from_ase

    places = {number: k for k, number in enumerate(ELEMENTS[system])}
    sets = []
    for atoms in frames(system):
        found = compute_neighborlist_(from_ase(atoms), r_max=CUTOFF)
        found[AtomicDataDict.ATOM_TYPE_KEY] = torch.tensor([places[int(number)] for number in atoms.numbers])
        sets.append(found)
    return AtomicDataDict.batched_from_list(sets)  # type: ignore[no-any-return]


def call(network: torch.nn.Module, given: dict[str, Any]) -> Any:
    """What a model gives, which writes into what it gets."""
    return network(dict(given))


def step(network: torch.nn.Module, given: dict[str, Any], wanted: dict[str, torch.Tensor]) -> None:
    """A training step without the optimiser."""
    network.zero_grad(set_to_none=True)
    found = network(dict(given))
    energy, forces = (found[name] - wanted[name] for name in RESULTS)
    (energy.square().mean() + 100 * forces.square().mean()).backward()


def measure(l_max: int, system: str, rounds: int) -> dict[str, Any]:
    """One system: times, ratios and differences."""
    from invgen.interop.nequip import accelerate

    given = batch(system)
    atoms, edges = given["pos"].shape[0], given["edge_index"].shape[1]
    models, ready = {"nequip": model(l_max, ELEMENTS[system], edges / atoms)}, {}
    for who, radial in ((ACCELERATED, "network"), (TABLES, "table")):
        begin = time.perf_counter()
        models[who] = accelerate(copy.deepcopy(models["nequip"]), radial=radial, bound=TABLE_BOUND)
        ready[who] = time.perf_counter() - begin
        print(f"{who}: ready after {ready[who]:.0f} s", flush=True)
    found = {who: {name: each(dict(given))[name].detach() for name in RESULTS} for who, each in models.items()}
    reference = found.pop("nequip")
    errors = {
        who: {name: float((own[name] - v).abs().max() / v.abs().max()) for name, v in reference.items()}
        for who, own in found.items()
    }
    generator = torch.Generator().manual_seed(1)
    wanted = {k: v + 0.1 * torch.randn(v.shape, generator=generator, dtype=v.dtype) for k, v in reference.items()}
    times = least({f"step, {who}": partial(step, each, given, wanted) for who, each in models.items()}, rounds)
    # As calculators do: nobody asks for gradients of parameters.
    for each in models.values():
        each.requires_grad_(False)
    times |= least({f"energy and forces, {who}": partial(call, each, given) for who, each in models.items()}, rounds)
    return {
        "l_max": l_max,
        "system": system,
        "atoms": atoms,
        "edges": edges,
        "seconds until ready": ready,
        "relative errors in float32": errors,
        "milliseconds": times,
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--l-max", type=int, default=2)
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS))
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    from nequip.utils.global_state import set_global_state

    set_global_state()
    torch.set_num_threads(1)
    where = machine()
    print(describe(where))
    results, rows = [], []
    for system in present(arguments.systems):
        result = measure(arguments.l_max, system, arguments.rounds)
        results.append(result)
        times = result["milliseconds"]
        for what in ("energy and forces", "step"):
            theirs, ours, splines = (times[f"{what}, {who}"] for who in ("nequip", ACCELERATED, TABLES))
            name = f"{system}, {result['atoms']} atoms, {result['edges']} edges"
            numbers = (f"{theirs:.0f}", f"{ours:.0f}", f"{splines:.0f}", f"{theirs / ours:.1f}")
            rows.append([name, what, *numbers, f"{theirs / splines:.1f}"])
        print(f"{system}: errors {result['relative errors in float32']}", flush=True)
    print(table(["system", "what", "nequip, ms", "accelerated", "tables", "ratio", "tables"], rows))
    write_json(arguments.json, {"machine": where, "results": results})


if __name__ == "__main__":
    main()
