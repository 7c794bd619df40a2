"""Accelerated MACE beside symmetrix-xl, which compiles C++ for each model: energies and forces on one thread.

MACE-medium with random weights on 64 molecules of water, float32, through the ASE calculators of both. Errors are
differences from mace-torch in float64, forces relative to the largest. Calculators take turns in one process, and atoms
move before every turn; times are the least of all turns, of the processor.

    pip download symmetrix-xl==0.1.1 --no-deps, and unpack it into FOLDER
    PYTHONPATH=.peers/mace:FOLDER python -m benchmarks.symmetrix --work FOLDER2 [--rounds 10]

The first run writes the model for symmetrix (FOLDER2/model.json). Its compiled modes then take some 15 minutes of g++,
and are kept in FOLDER2/compiled. Later runs find both.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.accelerated import ELEMENTS, TABLE_BOUND, batch, frames, model
from benchmarks.support import describe, machine, table

SYSTEM = "water"
COMPILED = {"symmetrix, compiled": {}, 'symmetrix, "speed"': {"execution_profile": "speed"}}
OTHER = {"symmetrix, not compiled": {"streamed_edges": "non-compiled"}}
FEW = 3
"""Turns of what takes a second."""


def mace_calculator(path: Path, radial: str | None, dtype: str = "float32") -> Any:
    """MACE's own calculator of the model, accelerated unless `radial` is None."""
    from mace.calculators import MACECalculator

    from invgen.interop.mace import accelerate

    network = torch.load(path, weights_only=False, map_location="cpu")
    if dtype == "float64":
        network = network.double()
    if radial is not None:
        accelerate(network, radial=radial, bound=TABLE_BOUND)
    return MACECalculator(models=[network], device="cpu", default_dtype=dtype)


def extracted(work: Path) -> tuple[Path, Path]:
    """The model for MACE and for symmetrix, made where they are missing."""
    ours, theirs = work / "model.model", work / "model.json"
    if not theirs.exists():
        given = batch(SYSTEM)
        neighbours = given["edge_index"].shape[1] / given["positions"].shape[0]
        torch.save(model("medium", ELEMENTS[SYSTEM], neighbours), ours)
        numbers = ["--atomic-numbers", *map(str, ELEMENTS[SYSTEM])]
        extract = [sys.executable, "-m", "symmetrix.cli.extract_mace", "--model", str(ours), "--output", str(theirs)]
        subprocess.run([*extract, *numbers], check=True)
    return ours, theirs


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=10)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    import mace  # noqa: F401 - e3nn 0.4.4 imports on this torch after it alone

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float32)
    arguments.work.mkdir(exist_ok=True)
    compiled = arguments.work / "compiled"
    compiled.mkdir(mode=0o700, exist_ok=True)
    os.environ["SYMMETRIX_JIT_CACHE"] = str(compiled)
    from symmetrix import Symmetrix

    ours, theirs = extracted(arguments.work)
    calculators, ready = {}, {}
    for name, radial in (("invgen, tables", "table"), ("invgen, exact", "network")):
        begin = time.perf_counter()
        calculators[name] = mace_calculator(ours, radial)
        ready[name] = time.perf_counter() - begin
    for name, options in {**COMPILED, **OTHER}.items():
        begin = time.perf_counter()
        calculators[name] = Symmetrix(str(theirs), dtype="float32", **options)
        ready[name] = time.perf_counter() - begin
    (atoms,) = frames(SYSTEM)
    atoms.calc = mace_calculator(ours, None, "float64")
    wanted, errors = atoms.get_forces(), {}
    for name, calculator in calculators.items():
        atoms.calc = calculator
        errors[name] = np.abs(atoms.get_forces() - wanted).max() / np.abs(wanted).max()
    generator, least = np.random.default_rng(0), dict.fromkeys(calculators, float("inf"))
    start = atoms.positions.copy()
    for turn in range(arguments.rounds):
        moved = start + generator.normal(0, 1e-3, start.shape)
        for name, calculator in calculators.items():
            if name in OTHER and turn >= FEW:
                continue
            atoms.calc, atoms.positions = calculator, moved
            begin = time.process_time()
            atoms.get_forces()
            least[name] = min(least[name], 1e3 * (time.process_time() - begin))
    print(describe(machine()))
    rows = []
    for name, milliseconds in least.items():
        each = 1e3 * milliseconds / len(atoms)
        rows.append([name, f"{milliseconds:.0f}", f"{each:.0f}", f"{errors[name]:.1e}", f"{ready[name]:.1f}"])
    print(table(["", "ms", "us/atom", "error of forces", "seconds until ready"], rows))


if __name__ == "__main__":
    main()
