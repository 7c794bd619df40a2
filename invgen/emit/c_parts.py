"""C functions for the parts of a long program: how they are called, and which of them are compiled together.

A source with parts has sections, which the runtime compiles side by side. Parts of one function hand values on through
an array called "scratch"; where they hand nothing on, there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from invgen.passes.scratch_split import SCRATCH, ScratchPart, ScratchSplit

SECTION_PARTS = 4
"""Parts that are compiled at a time where sections are compiled apart; each time the whole source is read."""


@dataclass(frozen=True)
class PartSource:
    """A C function of its own for a part of a long program.

    Attributes:
        name: of the function.
        section: parts of one section are compiled together where others are compiled apart.
        arguments: the parameters as C declares them.
        statements: the body for one vector of lanes.
    """

    name: str
    section: str
    arguments: str
    statements: tuple[str, ...]


def part_sources(
    name: str,
    found: ScratchSplit,
    scratch_type: str,
    strides: Callable[[bool, bool], Sequence[str]],
    statements: Callable[[ScratchPart], tuple[str, ...]],
) -> tuple[tuple[PartSource, ...], tuple[str, ...]]:
    """The functions for the parts of a program, and the statements that call them; none of a program in one piece.

    Args:
        name: of the function that calls them.
        found: the parts.
        scratch_type: what scratch is an array of.
        strides: the further arguments of a part, all of type ptrdiff_t, by whether it reads and whether it writes
            arrays other than scratch.
        statements: the body of a part.
    """
    functions, calls = [], []
    for number, part in enumerate(found.parts if len(found.parts) > 1 else (), start=1):
        written = [array for array, _ in part.writes]
        read = [array for array, _ in part.reads if array not in written]
        kinds = [("const " if array in read else "", array) for array in (*read, *written)]
        parameters = [
            f"{kind}{scratch_type if array == SCRATCH else 'real'} *restrict {array}" for kind, array in kinds
        ]
        further = strides(bool({*read} - {SCRATCH}), bool({*written} - {SCRATCH}))
        parameters += [f"ptrdiff_t {stride}" for stride in further]
        function = f"{name}_part{number}"
        section = f"{name}_{(number - 1) // SECTION_PARTS + 1}"
        functions.append(PartSource(function, section, ", ".join(parameters), statements(part)))
        calls.append(f"{function}({', '.join([*read, *written, *further])});")
    return tuple(functions), tuple(calls)
