"""Straight-line code for CUDA threads: function templates over what the rows of arrays are stored in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from invgen.emit.printing import c_syntax, destinations, name_of, print_program
from invgen.passes.cuda_split import CudaPart

_READ_BACK = 16
"""Sums of earlier parts that are read before the first of them is written again: none waits for memory alone."""


@dataclass(frozen=True)
class Body:
    """The straight-line code for one pair, whatever its rows are stored in."""

    name: str
    operations: int
    types: str
    parameters: str
    statements: tuple[str, ...]


def body_of(name: str, part: CudaPart, bits: int) -> Body:
    """The straight-line code of a part, as a function template over what its rows are stored in."""
    program = part.program
    read = {program.input_slots[value][0] for value in program.last_uses if value < program.input_count}
    written = {vector for (vector, _), places in zip(program.outputs, part.places) if places}
    names = [vector for vector, _ in (*program.inputs, *program.outputs)]
    return Body(
        name=name,
        operations=program.operations,
        types=", ".join(f"class {name.upper()}" for name in names),
        # A parameter that a part does not use has no name.
        parameters=", ".join(f"const {n.upper()} {n}" if n in read | written else f"const {n.upper()}" for n in names),
        statements=tuple(_statements(part, bits)),
    )


def _statements(part: CudaPart, bits: int) -> Iterator[str]:
    """What is added to an output waits for some others: all of them are read before one of them is written."""
    places = destinations(part.program.outputs, part.places)
    waiting: list[tuple[str, int, str]] = []

    def read(value: int) -> str:
        name, index = part.program.input_slots[value]
        return f"{name}({index})"

    def write(value: int) -> Iterator[str]:
        for name, index in places.get(value, ()):
            if (name, index) in part.added:
                waiting.append((name, index, name_of(value)))
            else:
                yield f"{name}({index}) = {name_of(value)};"
        if len(waiting) >= _READ_BACK:
            yield from add()

    def add() -> Iterator[str]:
        yield from [f"const real {name}_{index} = {name}({index});" for name, index, _ in waiting]
        yield from [f"{name}({index}) = {name}_{index} + {value};" for name, index, value in waiting]
        waiting.clear()

    yield from print_program(part.program, c_syntax("real", bits), read, write)
    yield from add()
