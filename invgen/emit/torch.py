"""Plain PyTorch: the same straight-line programs on whole tensors, for any device and as the oracle of the others."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.algebra.exact import Surd
from invgen.emit.header import Header
from invgen.emit.templating import render as render_template
from invgen.ir import Program
from invgen.passes.programs import KernelPrograms

TEMPLATE = "torch/reference.py.j2"

LAWS = {
    "value": "Return y = I(x).",
    "vjp": "Return xbar, the sum over k of ybar_k dy_k/dx.",
    "value_and_vjp": "Return (y, xbar).",
    "jvp": "Return ydot, the derivative of y along u.",
    "vjp_of_vjp": "Return the gradients of vjp(x, ybar) . u with respect to x and ybar.",
}


@dataclass(frozen=True)
class Function:
    """One Python function: its name, parameters, docstring and the lines of its body."""

    name: str
    arguments: str
    law: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class TorchSource:
    """The fields of `torch/reference.py.j2`."""

    header: Header
    dim: int
    count: int
    functions: tuple[Function, ...]


def render(programs: KernelPrograms, header: Header) -> str:
    """The text of a Python module that imports torch alone and defines the five functions."""
    functions = tuple(
        Function(name, ", ".join(vector for vector, _ in program.inputs), LAWS[name], lines(program))
        for name, program in programs.items()
    )
    return render_template(TEMPLATE, TorchSource(header, programs.dim, programs.count, functions))


def lines(program: Program) -> tuple[str, ...]:
    """The body: unbind the components, one line for each value, stack the outputs.

    A value is deleted after its last use, so that a long program holds few tensors.
    """
    text: list[str] = []
    used = set(program.last_uses)
    for name, size in program.inputs:
        first = next(value for value, slot in enumerate(program.input_slots) if slot == (name, 0))
        names = [f"v{value}" if value in used else "_" for value in range(first, first + size)]
        text.append(f"({', '.join(names)},) = {name}.unbind(-2)")
    kept = {value for _, ids in program.outputs for value in ids}
    for value, instruction in enumerate(program.instructions):
        if instruction.op == "input":
            continue
        text.append(f"v{value} = {_expression(program, value)}")
        spent = sorted({arg for arg in instruction.args if program.last_uses[arg] == value} - kept)
        if spent:
            text.append(f"del {', '.join(f'v{arg}' for arg in spent)}")
    stacks = [f"torch.stack(({', '.join(f'v{value}' for value in ids)},), -2)" for _, ids in program.outputs]
    text.append(f"return {', '.join(stacks)}")
    return tuple(text)


def literal(constant: Surd) -> str:
    """The shortest decimal that reads back as the constant rounded to float64."""
    return repr(constant.round(53))


def _expression(program: Program, value: int) -> str:
    instruction = program.instructions[value]
    names = [f"v{arg}" for arg in instruction.args]
    constant = instruction.constant
    if constant is None:
        symbol = {"add": " + ", "sub": " - ", "mul": " * ", "neg": "-"}[instruction.op]
        return symbol.join(names) if len(names) == 2 else symbol + names[0]
    if instruction.op == "scale":
        return f"{literal(constant)} * {names[0]}"
    # A constant has the shape, dtype and device of the first input's components.
    return f"torch.full_like({program.inputs[0][0]}.select(-2, 0), {literal(constant)})"
