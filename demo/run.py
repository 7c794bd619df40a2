"""The whole line on real molecules: generate a basis, certify it, compile it, and check it against its law.

    python demo/run.py [REPORT]

writes REPORT, by default demo/report.html. Everything in it is computed by the run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from invariance import Comparison, compare, random_motions
from neighbourhoods import Floats, coordination, elements, evenly_spaced, moment_tensors, pairs, read_g2
from report import Run, page
from shapes import fingerprints, picture
from speed import compare_speed, hippynn_basis

import invgen
from invgen.runtime import Kernel
from invgen.show.tables import plain_formula, rank_sentence

SPACE, MAX_DEGREE = "0e + 1o + 2e + 3o", 4
RADIAL = evenly_spaced(nearest=0.9, farthest=4.0, count=4, cutoff=6.0)
BONDED_SHELL = 1  # the radial function whose centre is closest to the length of a bond
REPORT = Path(__file__).resolve().parent / "report.html"
MOTIONS = ("rotation", "rotation and reflection")


def run(names: Sequence[str] = (), report: Path = REPORT) -> Run:
    """Run everything on molecules of the G2 set by name (all of them by default) and write the report."""
    seconds: dict[str, float] = {}

    with _stage("generate and certify", seconds):
        basis = invgen.generate(invgen.TensorSpace(SPACE), max_degree=MAX_DEGREE)
        claims = tuple(basis.verify())
    _show(basis)
    _say(f"certificate: {sum(c.holds for c in claims)} of {len(claims)} claims hold; {rank_sentence(basis)}")

    with _stage("compile", seconds):
        kernels = {dtype: invgen.compile(basis, "c", getattr(torch, dtype)) for dtype in ("float32", "float64")}
    _say(f"{kernels['float32']}")

    with _stage("moment tensors", seconds):
        molecules = read_g2(names)
        found, kinds = pairs(molecules), elements(molecules)
        x = moment_tensors(molecules, found, RADIAL, basis.space, basis.convention, kinds)
    _say(f"{len(molecules.names)} molecules, {len(x)} atoms, {x.shape[2]} channels each ({len(kinds)} elements)")

    with _stage("rotate and compare", seconds):
        comparisons: list[Comparison] = []
        for seed, motion in enumerate(MOTIONS):
            moved = molecules.moved(random_motions(len(molecules.names), seed == 1, seed))
            turned = moment_tensors(moved, pairs(moved), RADIAL, basis.space, basis.convention, kinds)
            for dtype, kernel in kernels.items():
                comparisons.append(compare(basis, function(kernel), x, turned, motion, dtype))
    for c in comparisons:
        _say(
            f"{c.motion}, {c.dtype}: moments change by {max(c.tensors):.2f} of their norm, invariants by at most "
            f"{max(c.relative):.1e} of theirs ({c.share:.0%} of what rounding may do)"
        )

    with _stage("time", seconds):
        listed = hippynn_basis()
        theirs = moment_tensors(molecules, found, RADIAL, listed.space, listed.convention, kinds)
        race = compare_speed(basis, kernels["float32"], x, listed, theirs)
    for t in race.timings:
        _say(f"{t.name} ({t.polynomials}): {1e3 * t.value.best:.2f} ms, with gradient {1e3 * t.gradient.best:.2f} ms")
    if race.hippynn is None:
        _say("hippynn is not installed, so its layer was not timed")

    with _stage("draw", seconds):
        from ase.data import chemical_symbols

        bonds = coordination(molecules, found)
        shapes = fingerprints(basis, function(kernels["float64"]), x, BONDED_SHELL, len(RADIAL.centres))
        drawn = picture(basis, molecules, bonds, shapes, RADIAL.centres[BONDED_SHELL])

    result = Run(
        basis=basis,
        claims=claims,
        molecules=len(molecules.names),
        atoms=len(x),
        alone=int(np.sum(~x.any(axis=(1, 2)))),
        elements=tuple(chemical_symbols[z] for z in kinds),
        radial=RADIAL,
        comparisons=tuple(comparisons),
        race=race,
        picture=drawn,
        seconds=seconds,
    )
    report.write_text(page(result), encoding="utf-8")
    return result


def function(kernel: Kernel) -> Callable[[Floats], Floats]:
    """A kernel as a function of NumPy arrays (samples, component, channel), in the kernel's own arithmetic."""

    def value(x: Floats) -> Floats:
        result: Floats = kernel.value(torch.tensor(x, dtype=kernel.dtype)).double().numpy()
        return result

    return value


def main(report: Path = REPORT) -> int:
    """Run the demo: 0 if all of it holds, 1 if something is not invariant, 2 for a cause that the user can remove."""
    start = time.perf_counter()
    try:
        result = run(report=report)
    except invgen.InvgenError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    worst = max(c.share for c in result.comparisons)
    if worst > 1 or not all(claim.holds for claim in result.claims):
        print(
            f"demo: a claim fails, or an invariant changed by {worst:.1f} times what rounding may do", file=sys.stderr
        )
        return 1
    _say(f"wrote {report.relative_to(Path.cwd()) if report.is_relative_to(Path.cwd()) else report}")
    print(f"done in {time.perf_counter() - start:.1f} s")
    return 0


def _show(basis: invgen.Basis) -> None:
    print(f"\n  {basis.space} under {basis.space.group}, id {basis.id[:16]}")
    print("  number  degree  contraction        formula")
    for m in basis:
        print(f"  {m.index:6}  {m.degree:6}  {m.contraction:17}  {plain_formula(m)}")
    print()


@contextmanager
def _stage(name: str, seconds: dict[str, float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - start
    print(f"[{seconds[name]:6.2f} s] {name}", flush=True)


def _say(text: str) -> None:
    print(f"           {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
