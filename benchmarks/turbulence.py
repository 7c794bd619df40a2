"""What turbulence modellers print, in generated members: Pope's ten tensors, and 47 invariants of S, R and gradients.

    python benchmarks/turbulence.py

Output: the two tables of docs/turbulence.md, exact; a few seconds.
"""

from __future__ import annotations

import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from invgen import TensorSpace, generate, independent_subset
from invgen.basis.basis import Basis
from invgen.show.matrices.sparse import sparse_support
from tests.support.turbulence import POPE, TRACES, change_of_basis, is_even, trace_polynomial, written

DEGREE = 6
TURBULENT = TensorSpace("S:2e + R:1e")
AS_SKEW = TensorSpace("S:2e + R:1e + P:1e + K:1e")
TRUE_VECTORS = TensorSpace("S:2e + R:1e + P:1o + K:1o")


def members(basis: Basis, name: str) -> None:
    """A table of members and their matrix forms."""
    print(f"| {name} | degree | member | factor | matrix form |\n| --- | ---: | --- | ---: | --- |")
    for member in basis:
        form = member.matrix_form()
        print(f"| {name}{member.index} | {member.degree} | `{member}` | {form.factor} | `{form}` |")


def pope(generators: Basis, invariants: Basis) -> None:
    """A table of Pope's tensors in the generators."""
    print("| Pope's tensor | in generators |\n| --- | --- |")
    for (name, _), row in zip(POPE, change_of_basis(generators, invariants, sparse_support), strict=True):
        text = ""
        for coefficient, chosen, generator in row.terms:
            text += (" - " if coefficient < 0 else " + ") if text else "-" if coefficient < 0 else ""
            factors = [] if abs(coefficient) == 1 else [str(Fraction(abs(coefficient)))]
            text += " ".join([*factors, *(f"I{i}" for i in chosen), f"T{generator}"])
        print(f"| `{name}` | {text} |")


def traces() -> None:
    """A table of the 47 traces: invariant under reflections, kept as functionally independent."""
    polynomials = [trace_polynomial(word) for word in TRACES]
    skew = independent_subset(polynomials, AS_SKEW, convention="rational")
    true = independent_subset(polynomials, TRUE_VECTORS, convention="rational")
    for found, space in ((skew, AS_SKEW), (true, TRUE_VECTORS)):
        proof = found.certificate
        print(f"{space}: {len(TRACES) - len(proof.not_invariant)} invariant, rank {proof.rank} of {proof.target}")
    print("| No. | trace | degree | with true gradients | functionally |\n| ---: | --- | ---: | --- | --- |")
    for i, word in enumerate(TRACES):
        kept = "invariant" if is_even(word) else "changes sign"
        needed = "kept" if i in true.certificate.rows else "depends on those kept"
        print(f"| {i + 1} | `{written(word)}` | {len(word)} | {kept} | {needed} |")


def main() -> int:
    """Print all tables."""
    generators = generate(TURBULENT, DEGREE, select="integrity", outputs="2e")
    invariants = generate(TURBULENT, DEGREE, select="integrity")
    members(invariants, "I")
    members(generators, "T")
    pope(generators, invariants)
    traces()
    for space, degree in ((AS_SKEW, DEGREE), (TRUE_VECTORS, DEGREE + 2)):
        basis = generate(space, degree, select="integrity")
        print(f"{space}: {len(basis)} generators to degree {degree}, by degree {dict(Counter(basis.degrees))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
