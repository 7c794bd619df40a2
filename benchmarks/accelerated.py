"""MACE models as they are, accelerated, and accelerated with radial tables, in one process, by turns, on one thread.

Small and medium have random weights: 128x0e and 128x0e + 128x1o, l_max 3, correlation 3, two layers, a cutoff of 5 A.
"omat" is MACE-OMAT-0 (small) in float32, a foundation model of 89 elements with a cutoff of 6 A. Systems are eight
frames of aspirin (rMD17), 64 molecules of water in a box, and 256 atoms of copper.
"energy and forces" is one call of the model with fixed parameters; "step" adds a loss of energies and forces and its
gradients by all parameters. Times are the least of several turns and the processor's time; results of all models are
compared first.

    PYTHONPATH=.peers/mace python -m benchmarks.accelerated [--models small medium omat]
                                [--systems water aspirin copper] [--rounds 5] [--json FILE]

`make test-peers` makes the folder. Aspirin is read from INVGEN_DATA and left out where it is not there.
"""

from __future__ import annotations

import argparse
import copy
import importlib.util
import time
import warnings
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.support import DATA, describe, machine, table, write_json

HIDDEN = {"small": "128x0e", "medium": "128x0e + 128x1o"}
OMAT = "omat"
ELEMENTS = {"water": (1, 8), "aspirin": (1, 6, 8), "copper": (29,)}
CUTOFF = 5.0
ACCELERATED, TABLES = "accelerated", "with tables"
# Of random weights, whose radial functions oscillate more than trained ones.
TABLE_BOUND = 1e-4
# Transformed distances are steep where the smallest atoms overlap.
TABLES_OF_OMAT = {"knots": 640, "shortest": 0.5}
ASPIRIN = DATA / "rmd17" / "rmd17_aspirin_train_01.npz"


def model(name: str, elements: tuple[int, ...], neighbours: float) -> torch.nn.Module:
    """MACE with random weights in float32."""
    from e3nn import o3
    from mace import modules

    torch.manual_seed(0)
    block = modules.interaction_classes["RealAgnosticResidualInteractionBlock"]
    return modules.ScaleShiftMACE(
        r_max=CUTOFF,
        num_bessel=8,
        num_polynomial_cutoff=5,
        max_ell=3,
        interaction_cls=block,
        interaction_cls_first=block,
        num_interactions=2,
        num_elements=len(elements),
        hidden_irreps=o3.Irreps(HIDDEN[name]),
        MLP_irreps=o3.Irreps("16x0e"),
        atomic_energies=np.zeros(len(elements)),
        avg_num_neighbors=neighbours,
        atomic_numbers=list(elements),
        correlation=3,
        gate=torch.nn.functional.silu,
        use_reduced_cg=False,
        atomic_inter_scale=1.0,
        atomic_inter_shift=0.0,
    )


def published() -> torch.nn.Module:
    """MACE-OMAT-0 (small) in float32, which the package macer brings."""
    package = importlib.util.find_spec("macer")
    if package is None or package.origin is None:
        raise SystemExit("macer 0.1.15 is not installed: make test-peers")
    path = Path(package.origin).parent / "mlff-model" / "mace-omat-0-small.model"
    # A pickle of a pinned package.
    return torch.load(path, weights_only=False).float()  # type: ignore[no-any-return]


def frames(system: str) -> list[Any]:
    """The structures of a system."""
    import ase
    import ase.build

    generator = np.random.default_rng(0)
    if system == "aspirin":
        with np.load(ASPIRIN) as found:
            numbers = found["z" if "z" in found else "nuclear_charges"]
            positions = found["R" if "R" in found else "coords"]
            return [ase.Atoms(numbers, positions[k]) for k in range(8)]
    if system == "copper":
        atoms = ase.build.bulk("Cu", cubic=True).repeat((4, 4, 4))
        atoms.positions += generator.normal(0, 0.05, atoms.positions.shape)
        return [atoms]
    side, box = 4, 12.42  # the density of water
    numbers, positions = [], []
    for place in np.ndindex(side, side, side):
        centre = (np.array(place) + 0.5) * box / side + generator.normal(0, 0.2, 3)
        turn = np.linalg.qr(generator.normal(size=(3, 3)))[0]
        for number, arm in ((8, (0, 0, 0)), (1, (0.96, 0, 0)), (1, (-0.24, 0.93, 0))):
            numbers.append(number)
            positions.append(centre + turn @ np.array(arm))
    return [ase.Atoms(numbers, positions, cell=[box] * 3, pbc=True)]


def present(systems: Collection[str]) -> list[str]:
    """The systems of which there are data; of others it is said that they are left out."""
    if ASPIRIN.exists():
        return list(systems)
    if "aspirin" in systems:
        print("aspirin is left out: set INVGEN_DATA to the folder of data sets")
    return [each for each in systems if each != "aspirin"]


def batch(system: str, elements: tuple[int, ...] | None = None, cutoff: float = CUTOFF) -> dict[str, Any]:
    """What a model of these elements takes, in float32; those of the system by default."""
    from mace import data, tools
    from mace.tools import torch_geometric

    zs = tools.AtomicNumberTable(list(elements or ELEMENTS[system]))
    keys = data.KeySpecification.from_defaults()
    sets = [
        data.AtomicData.from_config(data.config_from_atoms(each, key_specification=keys), z_table=zs, cutoff=cutoff)
        for each in frames(system)
    ]
    loader = torch_geometric.dataloader.DataLoader(sets, batch_size=len(sets), shuffle=False)
    return next(iter(loader)).to_dict()  # type: ignore[no-any-return]


def step(network: torch.nn.Module, given: dict[str, Any], wanted: dict[str, torch.Tensor]) -> None:
    """A training step without the optimiser."""
    network.zero_grad(set_to_none=True)
    found = network(given, training=True)
    loss = (found["energy"] - wanted["energy"]).square().mean() + 100 * (
        found["forces"] - wanted["forces"]
    ).square().mean()
    loss.backward()


def least(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Milliseconds of processor time of each, by turns; each is called once before."""
    found = {name: float("inf") for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            begin = time.process_time()
            call()
            found[name] = min(found[name], 1e3 * (time.process_time() - begin))
    return found


def measure(name: str, system: str, rounds: int) -> dict[str, Any]:
    """One model on one system: times, ratios and differences."""
    from invgen.interop.mace import accelerate

    if name == OMAT:
        theirs, options = published(), TABLES_OF_OMAT
        given = batch(system, tuple(theirs.atomic_numbers.tolist()), float(theirs.r_max))
        atoms, edges = given["positions"].shape[0], given["edge_index"].shape[1]
    else:
        given, options = batch(system), {"bound": TABLE_BOUND}
        atoms, edges = given["positions"].shape[0], given["edge_index"].shape[1]
        theirs = model(name, ELEMENTS[system], edges / atoms)
    begin = time.perf_counter()
    ours = accelerate(copy.deepcopy(theirs))
    ready = time.perf_counter() - begin
    begin = time.perf_counter()
    splines = accelerate(copy.deepcopy(theirs), radial="table", **options)
    splines_ready = time.perf_counter() - begin
    reference = {key: value.detach() for key, value in theirs(given).items() if key in ("energy", "forces")}
    errors = {
        who: {k: float((found[k] - v).detach().abs().max() / v.abs().max()) for k, v in reference.items()}
        for who, found in ((ACCELERATED, ours(given)), (TABLES, splines(given)))
    }
    generator = torch.Generator().manual_seed(1)
    wanted = {k: v + 0.1 * torch.randn(v.shape, generator=generator) for k, v in reference.items()}
    models = {"mace-torch": theirs, ACCELERATED: ours, TABLES: splines}
    times = least({f"step, {who}": partial(step, each, given, wanted) for who, each in models.items()}, rounds)
    # As calculators do: nobody asks for gradients of parameters.
    for each in models.values():
        each.requires_grad_(False)
    times |= least({f"energy and forces, {who}": partial(each, given) for who, each in models.items()}, rounds)
    return {
        "model": name,
        "system": system,
        "atoms": atoms,
        "edges": edges,
        "seconds until ready": {ACCELERATED: ready, TABLES: splines_ready},
        "relative errors in float32": errors,
        "milliseconds": times,
        "ratios": {
            f"{what}, {who}": times[f"{what}, mace-torch"] / times[f"{what}, {who}"]
            for what in ("energy and forces", "step")
            for who in (ACCELERATED, TABLES)
        },
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=list(HIDDEN), choices=[*HIDDEN, OMAT])
    parser.add_argument("--systems", nargs="+", default=list(ELEMENTS), choices=list(ELEMENTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    import mace  # noqa: F401 - e3nn 0.4.4 imports on this torch after it alone

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)
    where = machine()
    print(describe(where))
    results, rows = [], []
    for system in present(arguments.systems):
        for name in arguments.models:
            result = measure(name, system, arguments.rounds)
            results.append(result)
            times, atoms = result["milliseconds"], result["atoms"]
            for what in ("energy and forces", "step"):
                theirs, ours, tables = (times[f"{what}, {who}"] for who in ("mace-torch", ACCELERATED, TABLES))
                rows.append(
                    [
                        name,
                        f"{system}, {atoms} atoms",
                        what,
                        *(f"{each:.0f}" for each in (theirs, ours, tables)),
                        *(f"{theirs / each:.1f}" for each in (ours, tables)),
                        *(f"{1e3 * each / atoms:.0f}" for each in (ours, tables)),
                    ]
                )
            seconds, errors = result["seconds until ready"], result["relative errors in float32"]
            print(f"{name}, {system}: seconds until ready {seconds}, errors {errors}", flush=True)
    head = [
        "model",
        "system",
        "what",
        "mace-torch, ms",
        "accelerated",
        "tables",
        "ratio",
        "tables",
        "us/atom",
        "tables",
    ]
    print(table(head, rows))
    write_json(arguments.json, {"machine": where, "results": results})


if __name__ == "__main__":
    main()
