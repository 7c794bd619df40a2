"""What a program costs, counted from the program alone: operations by kind, memory, and values alive at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from invgen.ir import Program
from invgen.passes.schedule import live_values, register_traffic
from invgen.passes.scratch_split import ScratchSplit


@dataclass(frozen=True)
class Cost:
    """Counts per sample and channel of one function as it is emitted, all its parts together.

    Attributes:
        additions: sums and differences.
        products: products of two values.
        scalings: products of a constant and a value.
        negations: changes of sign.
        loads: components read from arrays and from scratch; each part reads a component once.
        stores: components written to arrays and to scratch.
        live: the most values alive at once in any part: registers that would do without a spill.
        spills: for each number of registers, loads and stores more than `loads` and `stores` where the value that is
            used latest leaves first (Belady's rule).
        parts: functions that the target makes of it.
        scratch: values that lie in memory between parts.
    """

    additions: int
    products: int
    scalings: int
    negations: int
    loads: int
    stores: int
    live: int
    spills: tuple[tuple[int, int], ...]
    parts: int
    scratch: int

    @property
    def operations(self) -> int:
        """Additions, products, scalings and negations."""
        return self.additions + self.products + self.scalings + self.negations


REGISTERS = (16, 32, 255)
"""Vector registers of AVX2 and of AVX-512, registers of a CUDA thread."""


def cost(found: ScratchSplit, registers: Iterable[int] = REGISTERS) -> Cost:
    """The cost of a program in parts. Complexity: linear in its length, times its logarithm for the spills."""
    programs = [part.program for part in found.parts]
    kinds = Counter(instruction.op for program in programs for instruction in program.instructions)
    loads = [sum(value < program.input_count for value in program.last_uses) for program in programs]
    spills = []
    for number in registers:
        traffic = [register_traffic(program, number) for program in programs]
        spills.append((number, sum(map(sum, traffic)) - sum(map(_operands, programs))))
    return Cost(
        additions=kinds["add"] + kinds["sub"],
        products=kinds["mul"],
        scalings=kinds["scale"],
        negations=kinds["neg"],
        loads=sum(loads),
        stores=sum(len(ids) for program in programs for _, ids in program.outputs),
        live=max(live_values(program) for program in programs),
        spills=tuple(spills),
        parts=len(programs),
        scratch=found.scratch,
    )


def _operands(program: Program) -> int:
    """The inputs and constants that instructions use: what even a machine with all registers reads once."""
    used = {arg for instruction in program.instructions for arg in instruction.args}
    return sum(program.instructions[value].op in ("input", "constant") for value in used)


COLUMNS = (
    "function",
    "operations",
    "sums",
    "products",
    "scalings",
    "signs",
    "loads",
    "stores",
    "live",
    "parts",
    "scratch",
)


def table(costs: Mapping[str, Cost]) -> str:
    """Costs as lines of text, numbers below the ends of their headings."""
    numbers = [number for number, _ in next(iter(costs.values())).spills]
    lines = [[*COLUMNS, *(f"spills of {number}" for number in numbers)]]
    for name, c in costs.items():
        counts = (c.operations, c.additions, c.products, c.scalings, c.negations, c.loads, c.stores, c.live)
        others = (c.parts, c.scratch, *(spills for _, spills in c.spills))
        lines.append([name, *map(str, (*counts, *others))])
    widths = [max(map(len, column)) for column in zip(*lines)]
    first, *rest = widths
    return "\n".join(
        "  ".join([line[0].ljust(first), *(cell.rjust(width) for cell, width in zip(line[1:], rest))]) for line in lines
    )
