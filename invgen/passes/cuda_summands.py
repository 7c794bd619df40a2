"""Long programs that are linear in a vector become parts for some of its components each, which add up.

Where every output needs nearly all of a program, parts for some outputs each would compute it again and again. What
some components of the cotangent add to the outputs is no longer than their share of it: for the 118 invariants of
l <= 10, 68 parts of `vjp_of_vjp` take 1.6 times the operations of the whole, and exchange nothing but the sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from invgen.errors import InputError
from invgen.ir import Instruction, Program
from invgen.passes.cuda_split import CudaPart
from invgen.passes.reach import Ids, Mask, arguments_of, most_alive, needed_by, packed, unpacked
from invgen.passes.schedule import schedule

_TRIES = 3
"""How many components a part tries to take before it is closed."""


def summands(program: Program, vector: str, limit: float) -> tuple[CudaPart, ...]:
    """Parts that, run in order, compute what the program does, up to the order of sums.

    A part is for some components of the input `vector`, and takes all others for zero. Outputs that are linear in it
    are sums over parts: the first that has something for an output writes it, later ones add to it. An output that does
    not depend on `vector` belongs to its component of the same place. Parts hold about `limit` values at once at most,
    where one component allows it.

    Raises:
        InputError: the program has no such input, or an output is neither linear in it nor independent of it.
    """
    linear = _linear(program, vector)
    left = list(range(len(linear.cones)))
    parts: list[CudaPart] = []
    while left:
        # The component that needs most comes first: others can join what it computes.
        group = [max(left, key=lambda component: linear.cones[component].bit_count())]
        left.remove(group[0])
        covered = linear.cones[group[0]]
        while left:
            nearest = sorted(left, key=lambda component: (linear.cones[component] & ~covered).bit_count())[:_TRIES]
            fits = next((component for component in nearest if linear.live([*group, component]) <= limit), None)
            if fits is None:
                break
            group.append(fits)
            covered |= linear.cones[fits]
            left.remove(fits)
        part = linear.part(group)
        parts.append(CudaPart(schedule(part.program), part.places))
    return _added(program, parts)


@dataclass(frozen=True)
class _Linear:
    """A program that is linear in a vector, and what belongs to each of the vector's components.

    Attributes:
        program: the program.
        arguments: of each value.
        differs: whether a value is a difference.
        free: whether a value does not depend on the vector.
        depends: for each component, whether a value depends on it.
        needed: for each component, whether it needs a value where all others are zero.
        cones: the same as the bits of an integer.
        outputs: the values of all output vectors, one vector after the other.
        written: for each component, whether it contributes to an output.
    """

    program: Program
    arguments: Ids
    differs: Mask
    free: Mask
    depends: Mask
    needed: Mask
    cones: tuple[int, ...]
    outputs: Ids
    written: Mask

    def left(self, components: list[int]) -> tuple[Ids, Ids, Ids]:
        """What is left of the program for some components, where all others are zero.

        A value of which nothing but one argument is left equals that argument.

        Returns:
            The values that are left, ascending; their arguments that are not zero, -1 for the others; and for each
            value of the program what it equals.
        """
        count = self.program.input_count
        values = np.flatnonzero(self.needed[components, count:].any(axis=0)) + count
        zero = ~(self.free | self.depends[components].any(axis=0))
        args = self.arguments[values]
        there = args >= 0
        nonzero = there & ~zero[args]
        whole = (there == nonzero).all(axis=1)
        # A difference whose first argument is zero is not its second one.
        kept = whole | (self.differs[values] & ~nonzero[:, 0])
        same = np.arange(len(self.arguments))
        same[values[~kept]] = np.where(nonzero[:, 0], args[:, 0], args[:, 1])[~kept]
        while not np.array_equal(farther := same[same], same):
            same = farther
        return values[kept], np.where(nonzero, same[args], -1)[kept], same

    def live(self, components: list[int]) -> int:
        """The largest number of values that the part for some components holds at once."""
        values, args, same = self.left(components)
        outputs = same[self.outputs[self.written[components].any(axis=0)]]
        return most_alive(values, args, self.program.input_count, outputs)

    def places(self, components: list[int]) -> tuple[tuple[int, ...], ...]:
        """The places of each output vector that components contribute to."""
        ends = np.cumsum([len(ids) for _, ids in self.program.outputs])
        own = np.split(self.written[components].any(axis=0), ends[:-1])
        return tuple(tuple(np.flatnonzero(vector).tolist()) for vector in own)

    def part(self, components: list[int]) -> CudaPart:
        """The part for some components."""
        count = self.program.input_count
        instructions = list(self.program.instructions[:count])
        new = {value: value for value in range(count)}
        values, arguments, same = self.left(components)
        for value, row in zip(values.tolist(), arguments.tolist()):
            old = self.program.instructions[value]
            args = tuple(new[arg] for arg in row if arg >= 0)
            new[value] = len(instructions)
            instructions.append(Instruction(old.op if len(args) == len(old.args) else "neg", args, old.constant))
        places = self.places(components)
        outputs = tuple(
            (name, tuple(new[int(same[ids[place]])] for place in chosen))
            for (name, ids), chosen in zip(self.program.outputs, places)
        )
        return CudaPart(Program(self.program.inputs, tuple(instructions), outputs), places)


def _linear(program: Program, vector: str) -> _Linear:
    depends = _dependence(program, vector)
    size = dict(program.inputs)[vector]
    outputs = [value for _, ids in program.outputs for value in ids]
    written = [depends[value] or 1 << place % size for _, ids in program.outputs for place, value in enumerate(ids)]
    needed = unpacked(needed_by(program, zip(outputs, written), depends), size)
    return _Linear(
        program=program,
        arguments=arguments_of(program),
        differs=np.array([instruction.op == "sub" for instruction in program.instructions]),
        free=np.array([not bits for bits in depends]),
        depends=unpacked(depends, size),
        needed=needed,
        cones=tuple(map(packed, needed)),
        outputs=np.array(outputs, dtype=np.int64),
        written=unpacked(written, size),
    )


def _dependence(program: Program, vector: str) -> list[int]:
    """For each value the components of a vector that it is linear in, as the bits of an integer; 0 for none.

    Raises:
        InputError: a value is neither linear in the vector nor independent of it, or there is no such vector.
    """
    if vector not in dict(program.inputs):
        raise InputError(f"the program has no input {vector!r}; it has {[name for name, _ in program.inputs]}")
    depends: list[int] = []
    for value, instruction in enumerate(program.instructions):
        args = [depends[arg] for arg in instruction.args]
        if instruction.op == "input":
            name, place = program.input_slots[value]
            depends.append(1 << place if name == vector else 0)
            continue
        if args and (all(args) if instruction.op == "mul" else any(args) != all(args)):
            raise InputError(f"value {value} is not linear in {vector!r}: compute the program in other parts")
        depends.append(args[0] | args[-1] if args else 0)
    return depends


def _added(program: Program, parts: list[CudaPart]) -> tuple[CudaPart, ...]:
    """The parts, with what earlier ones have written marked as added."""
    written: set[tuple[str, int]] = set()
    marked = []
    for part in parts:
        own = {(name, place) for (name, _), places in zip(program.outputs, part.places) for place in places}
        marked.append(CudaPart(part.program, part.places, frozenset(own & written)))
        written |= own
    return tuple(marked)
