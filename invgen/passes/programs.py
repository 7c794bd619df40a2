"""The programs of a kernel of invariants and of harmonics, made from the value program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from invgen.ir import Program
from invgen.passes import differentiate
from invgen.passes.schedule import polish


@dataclass(frozen=True)
class KernelPrograms:
    """Value, vjp, value_and_vjp, jvp and vjp_of_vjp of one polynomial map, scheduled and ready to be emitted.

    Attributes:
        value: x -> y.
        vjp: x, ybar -> xbar.
        value_and_vjp: x, ybar -> y, xbar.
        jvp: x, u -> ydot.
        vjp_of_vjp: x, ybar, u -> grad_x, grad_ybar.
        dim: the number of components of x.
        count: the number of invariants, the length of y.
    """

    value: Program
    vjp: Program
    value_and_vjp: Program
    jvp: Program
    vjp_of_vjp: Program
    dim: int
    count: int

    def items(self) -> Iterator[tuple[str, Program]]:
        """Names and programs in the order in which they are emitted."""
        for name in ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp"):
            yield name, getattr(self, name)


def kernel_programs(value: Program) -> KernelPrograms:
    """Differentiate and schedule a value program x -> y."""
    return KernelPrograms(
        value=polish(value),
        vjp=polish(differentiate.vjp(value)),
        value_and_vjp=polish(differentiate.value_and_vjp(value)),
        jvp=polish(differentiate.jvp(value)),
        vjp_of_vjp=polish(differentiate.vjp_of_vjp(value)),
        dim=value.inputs[0][1],
        count=len(value.outputs[0][1]),
    )


def harmonics_programs(harmonics: Program, linear: bool = False) -> tuple[tuple[str, Program], ...]:
    """What moments need of harmonics x (3) -> y for one pair: value, vjp, jvp, and bend.

    Bend is the Hessian of <ybar, harmonics> times u. A linear program has value and vjp alone: its jvp is its value at
    u, and its bend is zero.
    """
    if linear:
        return (("value", polish(harmonics)), ("vjp", polish(differentiate.vjp(harmonics))))
    programs = kernel_programs(harmonics)
    second = programs.vjp_of_vjp
    bend = polish(replace(second, outputs=(("grad_x", second.output("grad_x")),)))
    return (("value", programs.value), ("vjp", programs.vjp), ("jvp", programs.jvp), ("bend", bend))
