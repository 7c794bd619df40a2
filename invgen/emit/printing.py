"""The one printer of statements: a program in the order of its instructions, in the notation of a language.

Every input is read just before its first use, and every output is written as soon as it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from invgen.algebra.exact import Surd
from invgen.ir import Instruction, Program
from invgen.passes.scratch_split import ScratchPart

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*"}


@dataclass(frozen=True)
class Syntax:
    """How a language writes what all programs have in common.

    Attributes:
        definition: a format of the statement that gives `{text}` the name `{name}`.
        number: the literal of a constant.
        constant: a format of a value that is a constant, with its literal as `{}`.
    """

    definition: str
    number: Callable[[Surd], str]
    constant: str = "{}"


def print_program(
    program: Program,
    syntax: Syntax,
    read: Callable[[int], str] | None,
    write: Callable[[int], Iterable[str]],
) -> Iterator[str]:
    """One statement per instruction; value i is called `name_of(i)`.

    Args:
        program: what to print.
        syntax: of the language.
        read: the text of an input, which is defined just before its first use; None where inputs have their names
            already.
        write: the statements that follow a value; called once for each in order, of inputs for those that are outputs.
    """
    outputs = {value for _, ids in program.outputs for value in ids}
    defined: set[int] = set()

    def define(value: int) -> Iterator[str]:
        if read is not None and value < program.input_count and value not in defined:
            defined.add(value)
            yield syntax.definition.format(name=name_of(value), text=read(value))

    for value, instruction in enumerate(program.instructions):
        if instruction.op == "input":
            if value in outputs:
                yield from define(value)
                yield from write(value)
            continue
        for arg in instruction.args:
            yield from define(arg)
        yield syntax.definition.format(name=name_of(value), text=_expression(instruction, syntax))
        yield from write(value)


def name_of(value: int) -> str:
    """The name of a value in every language."""
    return f"v{value}"


def print_part(
    part: ScratchPart, syntax: Syntax, read: Callable[[str, int], str], write: Callable[[str, int, str], str]
) -> Iterator[str]:
    """The statements of a part, given the text of a place of an array and the statement that writes a name there."""
    places = destinations(part.program.outputs, (chosen for _, chosen in part.writes))
    sources = [read(name, index) for name, indices in part.reads for index in indices]
    return print_program(
        part.program,
        syntax,
        sources.__getitem__,
        lambda value: [write(name, index, name_of(value)) for name, index in places.get(value, ())],
    )


def destinations(
    outputs: Iterable[tuple[str, Iterable[int]]], places: Iterable[Iterable[int]]
) -> dict[int, list[tuple[str, int]]]:
    """For each value that is written, the (array, place) where it goes, in the order of the outputs."""
    found: dict[int, list[tuple[str, int]]] = {}
    for (name, ids), chosen in zip(outputs, places, strict=True):
        for place, value in zip(chosen, ids, strict=True):
            found.setdefault(value, []).append((name, place))
    return found


def c_syntax(kind: str, bits: int, constant: str = "{}") -> Syntax:
    """The notation of C and C++ for values of type `kind` whose constants have so many bits."""
    return Syntax(f"const {kind} {{name}} = {{text}};", lambda value: literal(value, bits), constant)


def literal(constant: Surd, bits: int) -> str:
    """A hexadecimal literal that is exactly the constant rounded once."""
    mantissa, exponent = constant.round(bits).hex().split("p")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}p{exponent}" + ("f" if bits == 24 else "")


def _expression(instruction: Instruction, syntax: Syntax) -> str:
    names = [name_of(arg) for arg in instruction.args]
    if instruction.constant is not None:
        factor = syntax.number(instruction.constant)
        return f"{factor} * {names[0]}" if instruction.op == "scale" else syntax.constant.format(factor)
    if instruction.op == "neg":
        return f"-{names[0]}"
    return f"{names[0]} {_SYMBOLS[instruction.op]} {names[1]}"
