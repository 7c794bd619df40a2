"""The intermediate representation: a straight-line program over scalars.

Every later stage (differentiation, scheduling, each emitter) reads and writes this one form, so a target can
change how a number is computed but never which number it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from invgen.algebra.exact import Surd
from invgen.errors import InputError

if TYPE_CHECKING:
    import networkx

ARITHMETIC = ("add", "sub", "mul", "neg", "scale")
"""Operations that cost time; `input` and `constant` do not."""

_ARITY = {"input": 0, "constant": 0, "add": 2, "sub": 2, "mul": 2, "neg": 1, "scale": 1}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One scalar: `op` applied to the values `args`; `scale` is `constant` times its argument.

    Attributes:
        op: "input", "constant", "add", "sub", "mul", "neg" or "scale".
        args: ids of earlier values.
        constant: the exact factor of "scale" or the value of "constant", otherwise None.
    """

    op: str
    args: tuple[int, ...] = ()
    constant: Surd | None = None


@dataclass(frozen=True, repr=False)
class Program:
    """A straight-line program in single assignment form: value i is computed by instruction i from earlier values.

    The first instructions are the inputs, in the order of `inputs` and of their components.

    Attributes:
        inputs: names and lengths of the input vectors.
        instructions: one per value.
        outputs: names of the output vectors and the ids of their components.

    Raises:
        InputError: where an instruction uses a later value, or the inputs do not come first.
    """

    inputs: tuple[tuple[str, int], ...]
    instructions: tuple[Instruction, ...]
    outputs: tuple[tuple[str, tuple[int, ...]], ...]

    def __post_init__(self) -> None:
        count = self.input_count
        for position, instruction in enumerate(self.instructions):
            if _ARITY.get(instruction.op) != len(instruction.args):
                raise InputError(
                    f"instruction {position} is {instruction.op} of {len(instruction.args)} values; operations and "
                    f"their arities are {_ARITY}"
                )
            if (instruction.op == "input") != (position < count):
                raise InputError(f"instruction {position} is {instruction.op}, but the first {count} are the inputs")
            for arg in instruction.args:
                if not 0 <= arg < position:
                    raise InputError(f"instruction {position} uses values {instruction.args}, not all before it")
        size = len(self.instructions)
        for name, ids in self.outputs:
            if any(not 0 <= value < size for value in ids):
                raise InputError(f"output {name!r} refers to values outside the {size} of the program")

    @cached_property
    def input_count(self) -> int:
        """The number of input scalars."""
        return sum(size for _, size in self.inputs)

    @cached_property
    def operations(self) -> int:
        """The number of additions, subtractions, multiplications, negations and scalings."""
        return sum(instruction.op in ARITHMETIC for instruction in self.instructions)

    @cached_property
    def input_slots(self) -> tuple[tuple[str, int], ...]:
        """For each input value in order, the name of its vector and its place there."""
        return tuple((name, index) for name, size in self.inputs for index in range(size))

    @cached_property
    def use_counts(self) -> tuple[int, ...]:
        """For each value, how many instructions and outputs use it (an instruction x·x counts twice)."""
        counts = [0] * len(self.instructions)
        for instruction in self.instructions:
            for arg in instruction.args:
                counts[arg] += 1
        for _, ids in self.outputs:
            for value in ids:
                counts[value] += 1
        return tuple(counts)

    @cached_property
    def last_uses(self) -> dict[int, int]:
        """For each value that an instruction uses, the last instruction that does; outputs alone map to themselves."""
        last = {value: value for _, ids in self.outputs for value in ids}
        for position, instruction in enumerate(self.instructions):
            for arg in instruction.args:
                last[arg] = position
        return last

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: equal exactly where the programs are equal."""
        text = json.dumps(self.to_json(), separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def output(self, name: str) -> tuple[int, ...]:
        """The value ids of one output vector; raises `InputError` for an unknown name."""
        for known, ids in self.outputs:
            if known == name:
                return ids
        raise InputError(f"the program has no output {name!r}; it has {[known for known, _ in self.outputs]}")

    def evaluate(
        self, inputs: Mapping[str, Sequence[Any]], number: str | int | Callable[[Surd], Any] = "float"
    ) -> dict[str, list[Any]]:
        """Run the program one instruction at a time: the oracle that emitted code is held against.

        Args:
            inputs: for each input name its components; a component may be a number or an array of any shape, so an
                array argument carries the component axis first.
            number: "float" rounds constants to float64; "fraction" keeps them rational; an integer is a prime modulus;
                a function maps a `Surd` to the caller's kind of number.

        Returns:
            For each output name the list of its components.

        Raises:
            InputError: for missing inputs, wrong lengths, or an irrational constant in a rational domain.
        """
        values: list[Any] = []
        for name, size in self.inputs:
            if name not in inputs:
                raise InputError(f"input {name!r} is missing; the program takes {[known for known, _ in self.inputs]}")
            if len(inputs[name]) != size:
                raise InputError(f"input {name!r} has {len(inputs[name])} components; the program takes {size}")
            values.extend(inputs[name])
        modulus = number if isinstance(number, int) else None
        convert = _constant_map(number)
        if modulus is not None:
            values = [value % modulus for value in values]
        known: dict[Surd, Any] = {}
        for instruction in self.instructions[len(values) :]:
            constant = instruction.constant
            if constant is not None and constant not in known:
                known[constant] = convert(constant)
            factor = None if constant is None else known[constant]
            value = _apply(instruction.op, [values[arg] for arg in instruction.args], factor)
            values.append(value if modulus is None else value % modulus)
        return {name: [values[value] for value in ids] for name, ids in self.outputs}

    def graph(self) -> networkx.DiGraph:
        """The data flow: a node for each value and each component of an output, an edge from what is used to its user.

        Nodes of values are their ids, with the attributes

        * `operation`: "input", "constant", "add", "sub", "mul", "neg" or "scale";
        * `constant`: the exact factor of "scale" or value of "constant" as text, such as "-1/3" or "sqrt(3/7*pi)";
          otherwise None;
        * `name`: of an input its vector and place, such as "x[3]"; otherwise None.

        Nodes of outputs are their names, such as "y[0]", with the operation "output", and have one edge each. An edge
        has the tuple `places` of the arguments that it represents: (0,) and (1,) for a - b, and (0, 1) for x · x.

        Returns:
            A `networkx.DiGraph` without cycles; equal programs give equal graphs.
        """
        import networkx

        graph = networkx.DiGraph()
        for value, instruction in enumerate(self.instructions):
            constant = None if instruction.constant is None else constant_text(instruction.constant)
            name = "{}[{}]".format(*self.input_slots[value]) if instruction.op == "input" else None
            graph.add_node(value, operation=instruction.op, constant=constant, name=name)
            for arg in dict.fromkeys(instruction.args):
                places = tuple(place for place, other in enumerate(instruction.args) if other == arg)
                graph.add_edge(arg, value, places=places)
        for vector, ids in self.outputs:
            for index, value in enumerate(ids):
                name = f"{vector}[{index}]"
                graph.add_node(name, operation="output", constant=None, name=name)
                graph.add_edge(value, name, places=(0,))
        return graph

    def to_json(self) -> dict[str, Any]:
        """Plain lists, strings and numbers that say everything about the program."""
        return {
            "inputs": [[name, size] for name, size in self.inputs],
            "instructions": [_instruction_json(instruction) for instruction in self.instructions],
            "outputs": [[name, list(ids)] for name, ids in self.outputs],
        }

    def __repr__(self) -> str:
        inputs = ", ".join(f"{name}[{size}]" for name, size in self.inputs)
        outputs = ", ".join(f"{name}[{len(ids)}]" for name, ids in self.outputs)
        return f"<Program ({inputs}) -> ({outputs}), {self.operations} operations>"


def exact_fraction(constant: Surd) -> Fraction:
    """The value of a rational constant; raises `InputError` for an irrational one."""
    value = constant.as_fraction()
    if value is None:
        raise InputError(
            f"the constant {constant} is irrational, so this program has no value over the rationals or a prime field; "
            "use a rational convention or evaluate in floating point"
        )
    return value


def constant_text(constant: Surd) -> str:
    """A constant as Python would write it: "-1/3", "sqrt(3/7)", "-sqrt(2*pi**-1)"."""
    value = constant.as_fraction()
    if value is not None:
        return str(value)
    power = {0: "", 1: "*pi"}.get(constant.pi_power, f"*pi**{constant.pi_power}")
    return f"{'-' if constant.sign < 0 else ''}sqrt({constant.square}{power})"


def _constant_map(number: str | int | Callable[[Surd], Any]) -> Callable[[Surd], Any]:
    if isinstance(number, int):
        modulus = number

        def residue(constant: Surd) -> int:
            value = exact_fraction(constant)
            if value.denominator % modulus == 0:
                raise InputError(f"the constant {value} has no value modulo {modulus}; choose a larger prime")
            return value.numerator * pow(value.denominator, -1, modulus) % modulus

        return residue
    if number == "float":
        return lambda constant: constant.round(53)
    if number == "fraction":
        return exact_fraction
    if callable(number):
        return number
    raise InputError(f"number is {number!r}; it must be 'float', 'fraction', a prime or a function of a Surd")


def _apply(op: str, args: list[Any], factor: Any) -> Any:
    if op == "mul":
        return args[0] * args[1]
    if op == "add":
        return args[0] + args[1]
    if op == "sub":
        return args[0] - args[1]
    if op == "scale":
        return factor * args[0]
    if op == "neg":
        return -args[0]
    return factor


def _instruction_json(instruction: Instruction) -> list[Any]:
    plain: list[Any] = [instruction.op, list(instruction.args)]
    if instruction.constant is not None:
        constant = instruction.constant
        plain.append([constant.sign, str(constant.square), constant.pi_power])
    return plain
