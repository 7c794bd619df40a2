"""Generators of the invariants of the elasticity tensor, by degree and multidegree, checked twice.

The elasticity tensor c_ijkl = c_jikl = c_klij is 2 H0 + 2 H2 + H4. Its two scalars are generators of degree 1; all
others are joint invariants of H2 + H2 + H4. They are counted with coupling trees at two primes, and with contraction
graphs, which share no candidate with them, up to --graphs.

    python benchmarks/elasticity.py [--max-degree 12] [--graphs 8]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from invgen import TensorSpace
from invgen.algebra.finite_field import derived_primes
from invgen.reduction.search.components import Rules
from invgen.reduction.search.generators import GeneratorStage

IN_PRINT = 297
Counts = dict[tuple[int, ...], int]


def generator_counts(rules: Rules, max_degree: int) -> Counts:
    """The number of generators of each multidegree (in H2, H2, H4) that has any."""
    stage = GeneratorStage(TensorSpace("a:2e + b:2e + c:4e"), rules)
    found = (component for _, components in stage.degrees(max_degree) for component in components)
    return {c.multidegree: len(c.generators) for c in found if c.generators}


def timed(rules: Rules, max_degree: int) -> Counts:
    """The counts, with a line on how they were found."""
    start = time.perf_counter()
    counts = generator_counts(rules, max_degree)
    source = "coupling trees" if rules.couplings else "contraction graphs"
    prime, seconds = derived_primes(rules.content, 1)[0], time.perf_counter() - start
    print(f"{source}, prime {prime}, to degree {max_degree}: {sum(counts.values())} in {seconds:.1f} s")
    return counts


def main() -> int:
    """Print the table; 1 if the counts disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--max-degree", type=int, default=12)
    parser.add_argument("--graphs", type=int, default=8, help="the degree to which contraction graphs are enumerated")
    arguments = parser.parse_args()
    first = timed(Rules("O3", couplings=True, minimal=True), arguments.max_degree)
    second = timed(Rules("O3", couplings=True, minimal=True, content="a second prime"), arguments.max_degree)
    graphs = timed(Rules("O3", minimal=True), min(arguments.graphs, arguments.max_degree))
    agree = first == second and graphs == {m: n for m, n in first.items() if sum(m) <= arguments.graphs}
    print("degree  generators  by multidegree in (H2, H2, H4)")
    print("     1           2  the two scalars")
    for degree in range(2, arguments.max_degree + 1):
        row = {m: n for m, n in first.items() if sum(m) == degree}
        listed = "  ".join(f"{m[0]}{m[1]}{m[2]}:{n}" if max(m) < 10 else f"{m}:{n}" for m, n in row.items())
        print(f"{degree:6}  {sum(row.values()):10}  {listed}")
    total = sum(first.values()) + 2
    print(f"{total} generators up to degree {arguments.max_degree}; {IN_PRINT} in print (Olive, Kolev, Auffray 2017)")
    print("both primes and both sources agree" if agree else "the counts DISAGREE")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
