"""How many atoms one process does energies and forces of, and what a domain of them costs with its ghosts.

Copper crystals (4 k^3 atoms, shaken by 0.05 A, cutoff 5 A), float32, one thread. Models have random weights: the medium
MACE of benchmarks/accelerated.py as it is, accelerated, and accelerated with radial tables; `nn.MACE` of the same sizes
with tables; and `nn.Allegro` with 32 channels, 64 scalars, l = 2 and two layers. The last two are evaluated by domains
too, as `Potential.by_domains` does it. Each model and size has a process of its own:

  * us/atom: processor time of energies and forces, the least of several calls (of one that takes 20 s), the
    search of pairs left out;
  * KB/atom: the peak of the process's memory in these calls above what it had before the pairs were searched: pairs,
    inputs and results are counted, and programs, libraries and parameters are not (VmHWM of Linux, reset before);
  * arrays at the peak: what exists then between operations of PyTorch, by what an array has a row for, of a crystal of
    500 atoms. What an operation takes and gives back inside is not seen.

A size is left out where the memory of the size before, scaled, would exceed 60 % of what is free, and processes may not
take more than that.

`--domains` cuts a crystal into eight boxes. Each is a process's own atoms with ghosts in a shell as LAMMPS brings them,
without periodic boundaries. Energies of own atoms and forces, added up over the boxes, are compared with those of the
crystal in float64, and times with those that `own_and_ghosts` predicts.

    PYTHONPATH=.peers/mace python -m benchmarks.large [--models mace-torch ...] [--cells 5 7 13 20 29] [--rounds 2]
                                                      [--limit SECONDS] [--domains] [--json FILE]

`make test-peers` makes the folder.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
import warnings
import weakref
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import describe, in_fresh_process, machine, table, write_json
from invgen.structures import Batch, Structure, pair_vectors

CUTOFF = 5.0
EDGE = 3.61  # Angstrom, of copper's cubic cell
SHARE = 0.6  # of the free memory
WATCHED_CELLS = 5  # 500 atoms, a number that is no width of a layer
SMALL = 7
WAITED = 10  # times the limit until a process is stopped, on the clock
LONG = 20.0  # seconds of a call that is not repeated
DOMAIN_CELLS = 13
THEIRS, ACCELERATED, TABLES, OURS, ALLEGRO = "mace-torch", "accelerated", "with tables", "nn.MACE", "nn.Allegro"
BY_DOMAINS = ", by domains"
OWN = {OURS: 40_000, ALLEGRO: 10_000}  # atoms of a domain
MODELS = (THEIRS, ACCELERATED, TABLES, OURS, OURS + BY_DOMAINS, ALLEGRO, ALLEGRO + BY_DOMAINS)
REACH = {THEIRS: 2, ACCELERATED: 2, TABLES: 2, ALLEGRO: 1}  # cutoffs
# Of random weights, whose radial functions oscillate more than trained ones.
TABLE_BOUND = 1e-4
KNOTS = 512


def own_and_ghosts(own: float, density: float, reach: float) -> float:
    """How many atoms a cubic domain has with the ghosts that are no further than `reach`."""
    return float(((own / density) ** (1 / 3) + 2 * reach) ** 3 * density)


def copper(cells: int) -> Structure:
    """A crystal of cells^3 cubic cells; all atoms lie inside."""
    corners = np.array(list(product(range(cells), repeat=3)), dtype=np.float64)
    sites = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    positions = (corners[:, None] + sites).reshape(-1, 3) * EDGE
    positions += np.random.default_rng(0).normal(0, 0.05, positions.shape)
    side = cells * EDGE
    return Structure(np.full(len(positions), 29), positions % side, np.eye(3) * side, True)


class Mace:
    """A model of mace-torch: inputs from a batch, energies and forces, and energies of atoms."""

    def __init__(self, name: str, dtype: torch.dtype) -> None:
        from benchmarks.accelerated import model
        from invgen.interop.mace import accelerate

        self.module, self.dtype = model("medium", (29,), 43.0).to(dtype), dtype
        if name != THEIRS:
            options: dict[str, Any] = {"radial": "table", "bound": TABLE_BOUND} if name == TABLES else {}
            accelerate(self.module, **options)
        self.module.requires_grad_(False)

    def inputs(self, batch: Batch) -> dict[str, torch.Tensor]:
        """What the model takes; its vectors go from source to receiver."""
        assert batch.pairs is not None
        lists, shifts = batch.pairs.neighbours, batch.pairs.shifts
        unit = torch.zeros(lists.pairs, 3) if shifts is None else -shifts
        unit = unit.to(self.dtype)
        return {
            "positions": batch.positions,
            "node_attrs": torch.ones(batch.atoms, 1, dtype=self.dtype),
            "edge_index": torch.stack([lists.index, lists.receivers]).long(),
            "unit_shifts": unit,
            "shifts": unit @ batch.cell[0],
            "cell": batch.cell[0],
            "batch": batch.structure,
            "ptr": torch.tensor([0, batch.atoms]),
            "head": torch.zeros(1, dtype=torch.int64),
        }

    def energy_and_forces(self, given: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """One call as a calculator makes it."""
        found = self.module(given)
        return found["node_energy"].detach(), found["forces"]

    def of_own(self, given: Any, own: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Energies of the first atoms, and minus the gradient of their sum by all positions."""
        energies = self.module(given, compute_force=False)["node_energy"][:own]
        (gradient,) = torch.autograd.grad(energies.sum(), given["positions"])
        return energies.detach(), -gradient


class Ours:
    """`nn.MACE` with tables or `nn.Allegro`, with the same methods."""

    def __init__(self, name: str, dtype: torch.dtype) -> None:
        from invgen.nn import MACE, Allegro, Potential

        torch.manual_seed(0)
        network: torch.nn.Module
        kind = name.removesuffix(BY_DOMAINS)
        if kind == OURS:
            network = MACE([29], CUTOFF, tables=KNOTS, average_neighbours=43.0, dtype=dtype)
        else:
            sizes: dict[str, Any] = {"l_max": 2, "layers": 2, "channels": 32, "features": 64}
            network = Allegro([29], CUTOFF, **sizes, average_neighbours=43.0, dtype=dtype)
        self.own = OWN[kind] if name != kind else None
        self.potential = Potential(network).eval().requires_grad_(False)

    def inputs(self, batch: Batch) -> Batch:
        """The batch."""
        return batch

    def energy_and_forces(self, given: Any) -> tuple[torch.Tensor, torch.Tensor]:
        """One call as a calculator makes it."""
        with torch.no_grad():
            found = self.potential(given) if self.own is None else self.potential.by_domains(given, self.own)
        return found.atoms.total, found.forces

    def of_own(self, given: Any, own: int) -> tuple[torch.Tensor, torch.Tensor]:
        """As of `Mace`; the pairs of own atoms alone, since ghosts bring no neighbours."""
        from invgen.interop.networks import atom_energies
        from invgen.runtime import Neighbours

        lists = given.pairs.neighbours
        last = int(lists.row_pointer[own])
        pairs = Neighbours.from_receivers(lists.receivers[:last], lists.index[:last], given.atoms)
        positions = given.positions.detach().requires_grad_()
        vectors = pair_vectors(given, positions=positions)[:last]
        energies = atom_energies(self.potential, given.species, vectors, pairs)[:own]
        (gradient,) = torch.autograd.grad(energies.sum(), positions)
        return energies.detach(), -gradient


def model_of(name: str, dtype: torch.dtype) -> Mace | Ours:
    """A model by its name in the table."""
    return (Ours if name.startswith("nn.") else Mace)(name, dtype)


def memory(what: str) -> int:
    """Bytes of this process: "VmRSS" now, "VmHWM" at the peak."""
    found = re.search(rf"{what}:\s+(\d+)", Path("/proc/self/status").read_text())
    if found is None:
        raise RuntimeError("the peak of memory is read from Linux's /proc/self/status, which has none here")
    return 1024 * int(found[1])


def free_memory() -> int:
    """Bytes that processes can take without swapping."""
    found = re.search(r"MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text())
    if found is None:
        raise RuntimeError("free memory is read from Linux's /proc/meminfo, which has none here")
    return 1024 * int(found[1])


class Alive(TorchDispatchMode):
    """Adds up the arrays that exist between operations of PyTorch, and remembers them at their peak.

    Args:
        atoms: how many there are; axes of a multiple of them are named so.
        pairs: how many there are, named alike.
    """

    def __init__(self, atoms: int, pairs: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._rows = {"pairs": pairs, "atoms": atoms}
        self._now, self._total = dict[int, tuple[int, str]](), 0
        self.peak, self.at_peak = 0, list[tuple[int, str]]()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """The operation itself; what it returns is counted once, until its memory is given back."""
        found = func(*args, **(kwargs or {}))
        for each in tree_leaves(found):
            if isinstance(each, torch.Tensor):
                self._add(each)
        return found

    def _add(self, array: torch.Tensor) -> None:
        storage = array.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self._now:
            return
        self._now[key] = size, " x ".join(self._named(axis) for axis in array.shape)
        self._total += size
        weakref.finalize(storage, self._drop, key)
        if self._total > self.peak:
            self.peak, self.at_peak = self._total, list(self._now.values())

    def _named(self, axis: int) -> str:
        for name, rows in self._rows.items():
            if axis and axis % rows == 0:
                return name if axis == rows else f"{axis // rows} {name}"
        return str(axis)

    def _drop(self, key: int) -> None:
        self._total -= self._now.pop(key)[0]


def at_peak(model: Mace | Ours) -> dict[str, Any]:
    """The arrays that exist at the peak: bytes an atom by what they have a row for, and by shape the largest sums."""
    batch = Batch.from_structures([copper(WATCHED_CELLS)], CUTOFF, dtype=torch.float32)
    assert batch.pairs is not None
    atoms, pairs = batch.atoms, batch.pairs.neighbours.pairs
    given = model.inputs(batch)
    model.energy_and_forces(given)  # tables and lists are made once
    with Alive(atoms, pairs) as alive:
        model.energy_and_forces(given)
    sums, shapes = {"pairs": 0.0, "atoms": 0.0, "others": 0.0}, dict[str, float]()
    for size, shape in alive.at_peak:
        sums[next((each for each in ("pairs", "atoms") if each in shape), "others")] += size / atoms
        shapes[shape] = shapes.get(shape, 0.0) + size / atoms
    largest = sorted(shapes.items(), key=lambda each: -each[1])[:10]
    return {"bytes an atom": sums, "largest by shape, bytes an atom": dict(largest)}


def measure(name: str, cells: int, rounds: int, allowed: int) -> dict[str, Any]:
    """Time and memory of one size, in this process."""
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
    model = model_of(name, torch.float32)
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    structure = copper(cells)
    batch, searched = timed(partial(Batch.from_structures, [structure], CUTOFF, dtype=torch.float32))
    assert batch.pairs is not None
    atoms, pairs = batch.atoms, batch.pairs.neighbours.pairs
    given = model.inputs(batch)
    inputs = memory("VmHWM") - before
    seconds = []
    for _ in range(rounds):
        found, taken = timed(partial(model.energy_and_forces, given))
        seconds.append(taken)
        if seconds[-1] > LONG:
            break
    assert bool(torch.isfinite(found[1]).all())
    most = memory("VmHWM") - before
    return {
        "model": name,
        "atoms": atoms,
        "pairs an atom": pairs / atoms,
        "us an atom": 1e6 * min(seconds) / atoms,
        "seconds of each call": seconds,
        "seconds of the search of pairs": searched,
        "bytes an atom": most / atoms,
        "bytes an atom of the inputs at their peak": inputs / atoms,
        "bytes before": before,
        "arrays at the peak": at_peak(model) if cells <= SMALL else None,
    }


def domains(name: str, cells: int) -> dict[str, Any]:
    """A crystal and its eight boxes with ghosts: differences, atoms and times."""
    dtype = torch.float64
    torch.set_default_dtype(dtype)
    model, whole = model_of(name, dtype), copper(cells)
    atoms, side = len(whole), cells * EDGE
    reach = REACH[name] * CUTOFF
    model.energy_and_forces(model.inputs(Batch.from_structures([copper(WATCHED_CELLS)], CUTOFF, dtype=dtype)))
    given = model.inputs(Batch.from_structures([whole], CUTOFF, dtype=dtype))
    (energies, forces), seconds = timed(partial(model.energy_and_forces, given))
    found_energies, found_forces = torch.zeros_like(energies), torch.zeros_like(forces)
    images = np.array(list(product((-1, 0, 1), repeat=3))) * side
    places = (whole.positions[None] + images[:, None]).reshape(-1, 3)
    owners = np.tile(np.arange(atoms), len(images))
    inside = np.repeat((images == 0).all(1), atoms)
    parts = []
    for corner in product((0, 1), repeat=3):
        low, high = np.array(corner) * side / 2, (np.array(corner) + 1) * side / 2
        own = inside & ((places >= low) & (places < high)).all(1)
        ghosts = ((places >= low - reach) & (places < high + reach)).all(1) & ~own
        chosen = np.concatenate([np.flatnonzero(own), np.flatnonzero(ghosts)])
        part = Structure(np.full(len(chosen), 29), places[chosen])
        given, count = model.inputs(Batch.from_structures([part], CUTOFF, dtype=dtype)), int(own.sum())
        (of_own, of_all), taken = timed(partial(model.of_own, given, count))
        found_energies[owners[chosen[:count]]] = of_own
        found_forces.index_add_(0, torch.from_numpy(owners[chosen]), of_all)
        parts.append({"own": count, "with ghosts": len(chosen), "seconds": taken})
    mean = {key: float(np.mean([part[key] for part in parts])) for key in ("own", "with ghosts", "seconds")}
    predicted = own_and_ghosts(mean["own"], atoms / side**3, reach)
    return {
        "model": name,
        "atoms": atoms,
        "domains": parts,
        "atoms with ghosts": mean["with ghosts"],
        "atoms with ghosts, predicted": predicted,
        "seconds of the whole": seconds,
        "seconds of a domain": mean["seconds"],
        "seconds of its own atoms at the whole's time an atom": mean["own"] * seconds / atoms,
        "seconds of its own atoms and ghosts at the whole's time an atom": predicted * seconds / atoms,
        "difference of energies": float((found_energies - energies).abs().max() / energies.abs().max()),
        "difference of forces": float((found_forces - forces).abs().max() / forces.abs().max()),
    }


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """What a call returns, and its seconds of processor time."""
    begin = time.process_time()
    found = call()
    return found, time.process_time() - begin


def sizes(name: str, cells: list[int], rounds: int, limit: float) -> list[dict[str, Any]]:
    """All sizes of a model that memory and time allow, the smallest first."""
    found: list[dict[str, Any]] = []
    for each in sorted(cells):
        atoms, allowed = 4 * each**3, int(SHARE * free_memory())
        needed = found[-1]["bytes an atom"] * atoms + found[-1]["bytes before"] if found else 0
        if needed > allowed:
            print(f"{name}: {atoms} atoms would take {needed / 1e9:.0f} GB, allowed are {allowed / 1e9:.0f}")
            break
        if found and (expected := found[-1]["us an atom"] * atoms / 1e6) > limit:
            print(f"{name}: {atoms} atoms would take {expected:.0f} s")
            break
        found.append(_child("size", name, str(each), str(rounds), str(allowed), limit=WAITED * limit))
        result = found[-1]
        print(
            f"{name}, {atoms} atoms: {result['us an atom']:.0f} us and {result['bytes an atom'] / 1e3:.1f} KB an atom",
            flush=True,
        )
    return found


def _child(*arguments: str, limit: float | None) -> Any:
    return in_fresh_process(Path(__file__), "--child", *arguments, limit=limit)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=MODELS)
    parser.add_argument("--cells", nargs="+", type=int, default=[5, 7, 13, 20, 29])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--limit", type=float, default=180.0, help="seconds of processor time of a call")
    parser.add_argument("--domains", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        warnings.simplefilter("ignore")
        import mace  # noqa: F401 - e3nn 0.4.4 imports on this torch after it alone

        torch.set_num_threads(1)
        what, name, *rest = arguments.child
        numbers = [int(each) for each in rest]
        print(json.dumps(measure(name, *numbers) if what == "size" else domains(name, *numbers)))
        return
    where = machine()
    print(describe(where))
    measured = [
        each for name in arguments.models for each in sizes(name, arguments.cells, arguments.rounds, arguments.limit)
    ]
    rows = [
        [
            each["model"],
            f"{each['atoms']:,}",
            f"{each['pairs an atom']:.1f}",
            f"{each['us an atom']:.0f}",
            f"{each['bytes an atom'] / 1e3:.1f}",
        ]
        for each in measured
    ]
    print(table(["model", "atoms", "pairs/atom", "us/atom", "KB/atom"], rows))
    cut = []
    if arguments.domains:
        for name in (TABLES, ALLEGRO):
            cut.append(_child("domains", name, str(DOMAIN_CELLS), limit=WAITED * arguments.limit))
            print(json.dumps({key: value for key, value in cut[-1].items() if key != "domains"}, indent=2), flush=True)
    write_json(
        arguments.json, {"machine": where, "load at the end": machine()["load"], "sizes": measured, "domains": cut}
    )


if __name__ == "__main__":
    main()
