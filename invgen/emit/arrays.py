"""The arrays that a function reads and writes, and how C declares them."""

from __future__ import annotations

from dataclasses import dataclass

from invgen.ir import Program

PARALLEL_WORK = 1 << 19
"""Operations under which a call stays on one thread: about the time that a parallel region takes to start and join."""


@dataclass(frozen=True)
class Array:
    """One array argument: its name and how many components it has."""

    name: str
    size: int


@dataclass(frozen=True)
class Arrays:
    """The arguments of a function, inputs first."""

    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]

    @property
    def all(self) -> tuple[Array, ...]:
        """Inputs and outputs, in the order of the arguments."""
        return self.inputs + self.outputs

    @property
    def names(self) -> str:
        """The arguments as a call passes them."""
        return ", ".join(array.name for array in self.all)

    @property
    def numbers(self) -> int:
        """How many numbers all arrays together have for one lane."""
        return sum(array.size for array in self.all)

    def parameters(self, qualifier: str = "") -> str:
        """The parameters as C declares them, for example with the qualifier "restrict "."""
        read = [f"const real *{qualifier}{array.name}" for array in self.inputs]
        return ", ".join([*read, *(f"real *{qualifier}{array.name}" for array in self.outputs)])


def arrays_of(program: Program) -> Arrays:
    """The arrays of a function that computes a program."""
    return Arrays(
        tuple(Array(name, size) for name, size in program.inputs),
        tuple(Array(name, len(ids)) for name, ids in program.outputs),
    )


def serial_below(work: int) -> int:
    """The number of units of so much work each under which starting threads costs more than it brings."""
    return max(2, -(-PARALLEL_WORK // work))
