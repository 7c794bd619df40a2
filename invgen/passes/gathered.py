"""The programs of a weighted contraction y = Σ_k w_k B_k(x, z), of which z is gathered: many samples read one z."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from invgen.ir import Builder, Program
from invgen.passes import differentiate
from invgen.passes.schedule import polish
from invgen.passes.weighted import split, without

NAMES = ("value", "vjp", "vjp_xz", "value_and_vjp", "jvp", "vjp_of_vjp", "vjp_of_vjp_xz")

SHARED = ("w", "v")
"""Inputs that all samples share."""

GATHERED = ("z", "t")
"""Inputs that the samples of one index share."""

SUMMED = ("zbar", "grad_z", "wbar", "grad_w")
"""Outputs that are summed over samples: of an index, or all."""


@dataclass(frozen=True)
class GatheredPrograms:
    """The functions of one contraction, scheduled and ready to be emitted.

    Attributes:
        value: x, z, w -> y.
        vjp: x, z, w, ybar -> xbar, zbar, wbar.
        vjp_xz: x, z, w, ybar -> xbar, zbar.
        value_and_vjp: x, z, w, ybar -> y, xbar, zbar, wbar.
        jvp: x, z, w, u, t, v -> ydot, the derivative of y along (u, t, v).
        vjp_of_vjp: x, z, w, ybar, u, t, v -> grad_x, grad_z, grad_w, grad_ybar, of xbar · u + zbar · t + wbar · v.
        vjp_of_vjp_xz: x, z, w, ybar, u, t -> the same with v = 0.
        dim: the number of components of x.
        gathered: the number of components of z.
        weights: the number of weights per channel.
        rows: the length of y.
    """

    value: Program
    vjp: Program
    vjp_xz: Program
    value_and_vjp: Program
    jvp: Program
    vjp_of_vjp: Program
    vjp_of_vjp_xz: Program
    dim: int
    gathered: int
    weights: int
    rows: int

    def items(self) -> Iterator[tuple[str, Program]]:
        """Names and programs in the order in which they are emitted."""
        for name in NAMES:
            yield name, getattr(self, name)


def apart(program: Program, places: Sequence[int]) -> Program:
    """The program (x, z, w) -> y of a program (x, w) -> y: z are the components of x at `places`, in this order."""
    (_, dim), (_, weights) = program.inputs
    builder = Builder()
    own = [place for place in range(dim) if place not in set(places)]
    values = [0] * dim
    for name, taken in (("x", own), ("z", places)):
        for place, value in zip(taken, builder.input(name, len(taken)), strict=True):
            values[place] = value
    values += builder.input("w", weights)
    differentiate.replay(builder, program, values)
    for name, ids in program.outputs:
        builder.output(name, [values[value] for value in ids])
    return builder.build()


def gathered_programs(value: Program) -> GatheredPrograms:
    """Differentiate and schedule a value program (x, z, w) -> y."""
    sizes = tuple(size for _, size in value.inputs)
    joined = Program((("x", sum(sizes)),), value.instructions, value.outputs)
    vjp, second, both, along = (
        split(program, sizes, _PARTS)
        for program in (
            differentiate.vjp(joined),
            differentiate.vjp_of_vjp(joined),
            differentiate.value_and_vjp(joined),
            differentiate.jvp(joined),
        )
    )
    return GatheredPrograms(
        value=polish(value),
        vjp=polish(vjp),
        vjp_xz=polish(Program(vjp.inputs, vjp.instructions, vjp.outputs[:2])),
        value_and_vjp=polish(both),
        jvp=polish(along),
        vjp_of_vjp=polish(second),
        vjp_of_vjp_xz=polish(without(second, "v")),
        dim=sizes[0],
        gathered=sizes[1],
        weights=sizes[2],
        rows=len(value.outputs[0][1]),
    )


_PARTS = {
    "x": ("x", "z", "w"),
    "u": ("u", "t", "v"),
    "xbar": ("xbar", "zbar", "wbar"),
    "grad_x": ("grad_x", "grad_z", "grad_w"),
}
