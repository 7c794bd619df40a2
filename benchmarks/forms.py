"""Operations of the compiled programs with the forms found first and with the cheapest ones, and what choosing takes.

    python benchmarks/forms.py

The counts are exact and do not depend on the machine; the seconds are those of one call of `generate`, one after the
other in one process, so that tables of couplings and maps are there already where forms are chosen.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import table
from invgen import Basis, TensorSpace, generate
from invgen.ir.lowering import lower
from invgen.passes.programs import kernel_programs

FUNCTIONS = ("value", "value_and_vjp", "vjp_of_vjp")
CASES: tuple[tuple[str, str, int, dict[str, str]], ...] = (
    ("H_0..H_3, degree 4", "0e + 1o + 2e + 3o", 4, {}),
    ("H_0..H_4, degree 4", "0e + 1o + 2e + 3o + 4e", 4, {}),
    ("H_0..H_6, degree 4", "0e + 1o + 2e + 3o + 4e + 5o + 6e", 4, {}),
    ("H_3, degree 10, flexible", "3o", 10, {"select": "flexible"}),
    ("H_1 + H_2 + H_3, degree 10, flexible", "1o + 2e + 3o", 10, {"select": "flexible"}),
    ("2 H_2 + H_4, degree 6, integrity", "2x2e + 4e", 6, {"select": "integrity"}),
    ("H_4, degree 8, integrity", "4e", 8, {"select": "integrity"}),
)


def measured(irreps: str, degree: int, forms: str, options: dict[str, str]) -> tuple[Basis, float]:
    """A basis and how long it took."""
    start = time.perf_counter()
    basis = generate(TensorSpace(irreps), degree, forms=forms, **options)
    return basis, time.perf_counter() - start


def main() -> None:
    """Print the table of docs/benchmarks.md."""
    rows = []
    for label, irreps, degree, options in CASES:
        for forms in ("contraction", "cheapest"):
            basis, seconds = measured(irreps, degree, forms, options)
            programs = kernel_programs(lower(basis))
            counts = [str(getattr(programs, name).operations) for name in FUNCTIONS]
            rows.append([label, str(len(basis)), forms, *counts, f"{seconds:.2f} s"])
    print(table(["", "members", "forms", *FUNCTIONS, "generate"], rows))


if __name__ == "__main__":
    main()
