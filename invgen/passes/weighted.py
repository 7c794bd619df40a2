"""The programs of a weighted contraction y = Σ_k w_k B_k(x), made from its value program (x, w) -> y.

Weights are differentiated as further components of x: derivatives by both come from the one reverse and the one
forward transform, and share what they can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from invgen.ir import Builder, Program
from invgen.passes import differentiate
from invgen.passes.schedule import polish

NAMES = ("value", "vjp", "vjp_x", "value_and_vjp", "jvp", "vjp_of_vjp", "vjp_of_vjp_x")

BY_SPECIES = ("w", "v")
"""Inputs that samples of one species share."""

SUMMED = ("wbar", "grad_w")
"""Outputs that are summed over the samples of a species."""


@dataclass(frozen=True)
class WeightedPrograms:
    """The functions of one weighted contraction, scheduled and ready to be emitted.

    Attributes:
        value: x, w -> y.
        vjp: x, w, ybar -> xbar, wbar.
        vjp_x: x, w, ybar -> xbar.
        value_and_vjp: x, w, ybar -> y, xbar, wbar.
        jvp: x, w, u, v -> ydot, the derivative of y along (u, v).
        vjp_of_vjp: x, w, ybar, u, v -> grad_x, grad_w, grad_ybar, the gradients of xbar · u + wbar · v.
        vjp_of_vjp_x: x, w, ybar, u -> grad_x, grad_w, grad_ybar, the same with v = 0.
        dim: the number of components of x.
        weights: the number of weights per species and channel.
        rows: the length of y.
    """

    value: Program
    vjp: Program
    vjp_x: Program
    value_and_vjp: Program
    jvp: Program
    vjp_of_vjp: Program
    vjp_of_vjp_x: Program
    dim: int
    weights: int
    rows: int

    def items(self) -> Iterator[tuple[str, Program]]:
        """Names and programs in the order in which they are emitted."""
        for name in NAMES:
            yield name, getattr(self, name)


def weighted_programs(value: Program) -> WeightedPrograms:
    """Differentiate and schedule a value program (x, w) -> y."""
    (_, dim), (_, weights) = value.inputs
    joined = Program((("x", dim + weights),), value.instructions, value.outputs)
    sizes = (dim, weights)
    vjp = split(differentiate.vjp(joined), sizes, _PARTS)
    second = split(differentiate.vjp_of_vjp(joined), sizes, _PARTS)
    return WeightedPrograms(
        value=polish(value),
        vjp=polish(vjp),
        vjp_x=polish(Program(vjp.inputs, vjp.instructions, vjp.outputs[:1])),
        value_and_vjp=polish(split(differentiate.value_and_vjp(joined), sizes, _PARTS)),
        jvp=polish(split(differentiate.jvp(joined), sizes, _PARTS)),
        vjp_of_vjp=polish(second),
        vjp_of_vjp_x=polish(without(second, "v")),
        dim=dim,
        weights=weights,
        rows=len(value.outputs[0][1]),
    )


_PARTS = {"x": ("x", "w"), "u": ("u", "v"), "xbar": ("xbar", "wbar"), "grad_x": ("grad_x", "grad_w")}


def split(program: Program, sizes: Sequence[int], parts: Mapping[str, Sequence[str]]) -> Program:
    """The program of several vectors, from that of all of them as one.

    Args:
        program: whose inputs and outputs named in `parts` are vectors one after the other.
        sizes: of these.
        parts: what they are called, by the name of all of them together.
    """
    ends = list(accumulate(sizes))
    slices = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    inputs: list[tuple[str, int]] = []
    for name, size in program.inputs:
        inputs += zip(parts[name], sizes, strict=True) if name in parts else [(name, size)]
    outputs: list[tuple[str, tuple[int, ...]]] = []
    for name, ids in program.outputs:
        own = [ids[where] for where in slices]
        outputs += zip(parts[name], own, strict=True) if name in parts else [(name, ids)]
    return Program(tuple(inputs), program.instructions, tuple(outputs))


def without(program: Program, absent: str) -> Program:
    """The program at zero in one of its inputs, which is then no input any more."""
    builder = Builder()
    kept = {name: builder.input(name, size) for name, size in program.inputs if name != absent}
    zero = builder.constant(0)
    values = [value for name, size in program.inputs for value in kept.get(name, (zero,) * size)]
    differentiate.replay(builder, program, values)
    for name, ids in program.outputs:
        builder.output(name, [values[value] for value in ids])
    return builder.build()
