"""Programs as functions of plain PyTorch, on whole tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from invgen.algebra.exact import Surd
from invgen.emit.printing import Syntax, name_of, print_program
from invgen.ir import Program


@dataclass(frozen=True)
class TorchFunction:
    """One Python function: its name, parameters, docstring and the lines of its body."""

    name: str
    arguments: str
    law: str
    lines: tuple[str, ...]


def functions(programs: Iterable[tuple[str, Program]], laws: Mapping[str, str]) -> tuple[TorchFunction, ...]:
    """A function for each program."""
    return tuple(
        TorchFunction(name, ", ".join(vector for vector, _ in program.inputs), laws[name], lines(program))
        for name, program in programs
    )


def lines(program: Program) -> tuple[str, ...]:
    """The body: unbind the components, one line for each value, stack the outputs.

    A value is deleted after its last use, so that a long program holds few tensors.
    """
    used, kept = set(program.last_uses), {value for _, ids in program.outputs for value in ids}
    text: list[str] = []
    first = 0
    for name, size in program.inputs:
        names = [name_of(value) if value in used else "_" for value in range(first, first + size)]
        text.append(f"({', '.join(names)},) = {name}.unbind(-2)")
        first += size

    def delete(value: int) -> list[str]:
        args = program.instructions[value].args
        spent = sorted({arg for arg in args if program.last_uses[arg] == value} - kept)
        return [f"del {', '.join(map(name_of, spent))}"] if spent else []

    # A constant has the shape, dtype and device of the first input's components.
    constant = f"torch.full_like({program.inputs[0][0]}.select(-2, 0), {{}})"
    text += print_program(program, Syntax("{name} = {text}", decimal, constant), None, delete)
    stacks = [f"torch.stack(({', '.join(map(name_of, ids))},), -2)" for _, ids in program.outputs]
    return (*text, f"return {', '.join(stacks)}")


def decimal(constant: Surd) -> str:
    """The shortest decimal that reads back as the constant rounded to float64."""
    return repr(constant.round(53))
