"""Long programs that are linear in a vector become parts for some of its components each, which add up.

Where every output needs nearly all of a program, parts for some outputs each would compute it again and again. What
some components of the cotangent add to the outputs is no longer than their share of it: for the 118 invariants of
l <= 10, 68 parts of `vjp_of_vjp` take 1.6 times the operations of the whole, and exchange nothing but the sums.
"""

from __future__ import annotations

from dataclasses import dataclass

from invgen.errors import InputError
from invgen.ir import Instruction, Program
from invgen.passes.cuda_split import CudaPart
from invgen.passes.schedule import live_values_of, schedule

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
    linear = _Linear(program, dict(program.inputs).get(vector, 0), tuple(_dependence(program, vector)))
    cones = [linear.cone(component) for component in range(linear.size)]
    left = list(range(linear.size))
    parts: list[CudaPart] = []
    while left:
        # The component that needs most comes first: others can join what it computes.
        group = [max(left, key=lambda component: len(cones[component]))]
        left.remove(group[0])
        covered = cones[group[0]]
        while left:
            nearest = sorted(left, key=lambda component: len(cones[component] - covered))[:_TRIES]
            tries = ((component, linear.live([*group, component], covered | cones[component])) for component in nearest)
            fits = next((component for component, live in tries if live <= limit), None)
            if fits is None:
                break
            group.append(fits)
            covered = covered | cones[fits]
            left.remove(fits)
        part = linear.part(group, covered)
        parts.append(CudaPart(schedule(part.program), part.places))
    return _added(program, parts)


@dataclass(frozen=True)
class _Linear:
    """A program, the size of the vector that it is linear in, and for each value the components that it depends on."""

    program: Program
    size: int
    depends: tuple[int, ...]

    def cone(self, component: int) -> frozenset[int]:
        """The values that one component needs, where all others are zero."""
        group = 1 << component
        stack = [ids[place] for (_, ids), places in zip(self.program.outputs, self.places(group)) for place in places]
        seen: set[int] = set()
        while stack:
            value = stack.pop()
            if value not in seen:
                seen.add(value)
                stack.extend(self.nonzero(value, group))
        return frozenset(seen)

    def places(self, group: int) -> tuple[tuple[int, ...], ...]:
        """The places of each output vector that components, given as bits, contribute to."""
        return tuple(
            tuple(
                place
                for place, value in enumerate(ids)
                if (self.depends[value] or 1 << place % self.size) & group
            )
            for _, ids in self.program.outputs
        )  # fmt: skip

    def nonzero(self, value: int, group: int) -> list[int]:
        """The arguments of a value that are not zero where only these components are not."""
        return [
            arg for arg in self.program.instructions[value].args if not self.depends[arg] or self.depends[arg] & group
        ]

    def left(self, components: list[int], cone: frozenset[int]) -> tuple[dict[int, list[int]], dict[int, int]]:
        """What is left of a cone for some components: arguments that are not zero, by value, in order; and what equals.

        A value of which nothing but one argument is left equals that argument. The second dictionary holds what each
        value of the cone, and each input, equals.
        """
        group = sum(1 << component for component in components)
        count, instructions, depends = self.program.input_count, self.program.instructions, self.depends
        read: dict[int, list[int]] = {}
        same = {value: value for value in range(count)}
        for value in sorted(cone):
            if value < count:
                continue
            old = instructions[value]
            args = [same[arg] for arg in old.args if not depends[arg] or depends[arg] & group]
            if len(args) == len(old.args) or (old.op == "sub" and self.negated(value, group)):
                read[value] = args
                same[value] = value
            else:
                same[value] = args[0]
        return read, same

    def negated(self, value: int, group: int) -> bool:
        """Whether the first argument of a difference is zero where only these components are not."""
        first = self.depends[self.program.instructions[value].args[0]]
        return bool(first) and not first & group

    def live(self, components: list[int], cone: frozenset[int]) -> int:
        """The largest number of values that the part for some components holds at once."""
        read, same = self.left(components, cone)
        places = self.places(sum(1 << component for component in components))
        outputs = [same[ids[place]] for (_, ids), chosen in zip(self.program.outputs, places) for place in chosen]
        return live_values_of(read, self.program.input_count, outputs)

    def part(self, components: list[int], cone: frozenset[int]) -> CudaPart:
        """The part for some components, which together need the values of a cone."""
        count = self.program.input_count
        instructions = list(self.program.instructions[:count])
        new = {value: value for value in range(count)}
        read, same = self.left(components, cone)
        for value, args in read.items():
            old = self.program.instructions[value]
            op = old.op if len(args) == len(old.args) else "neg"
            new[value] = len(instructions)
            instructions.append(Instruction(op, tuple(new[arg] for arg in args), old.constant))
        places = self.places(sum(1 << component for component in components))
        outputs = tuple(
            (name, tuple(new[same[ids[place]]] for place in chosen))
            for (name, ids), chosen in zip(self.program.outputs, places)
        )
        return CudaPart(Program(self.program.inputs, tuple(instructions), outputs), places)


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
