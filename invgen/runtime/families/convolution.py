"""Products of features with harmonics, weighted by pair and summed over the neighbours of every receiver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from invgen.runtime.convolution_spec import ConvolutionSpec
from invgen.runtime.families.pairs import LISTS
from invgen.runtime.families.table import Family, Function, Shape, mapped_by_loop
from invgen.runtime.targets import TARGETS


def value_shape(spec: ConvolutionSpec) -> Callable[[Sequence[Any]], Shape]:
    """(vectors, weights or table, features, ..., lists) -> the shape of the sums."""
    count, lists = spec.kernel.count, len(FAMILY_LISTS[spec.family])

    def shape(inputs: Sequence[Any]) -> Shape:
        return (inputs[-lists].shape[0] - 1, count, inputs[2].shape[-1])

    return shape


def _family(name: str, weights: str) -> Family:
    """The table of convolutions whose second point is called `weights`."""
    points = ("vectors", weights, "features")
    along = tuple(f"u_{point}" for point in points)
    return Family(
        name=name,
        points=points,
        fixed=(),
        lists=FAMILY_LISTS[name],
        functions=(
            Function("value", "value", (), ("y",)),
            Function(
                "vjp",
                "vjp",
                ("ybar",),
                tuple(f"{point}_bar" for point in points),
                flags=tuple(f"by_{point}" for point in points),
                gates=(0, 1, 2),
            ),
            Function("jvp", "jvp", along, ("ydot",)),
            Function("vjp_of_vjp", "second", ("ybar", *along), (*(f"grad_{point}" for point in points), "grad_ybar")),
        ),
        targets=TARGETS if name == "convolution" else ("c", "torch"),
        remedy="write the sum over neighbours in plain PyTorch (einsum, then index_add) instead",
        y_shape=value_shape,
        mapped=mapped_by_loop,
        infix="" if name == "convolution" else f"{name}_",
    )


FAMILY_LISTS: Final = {"convolution": LISTS, "tabulated": (*LISTS, "kinds")}
"""Of kernels with radial tables, the last list says which table each pair reads; it is empty where there is one."""

CONVOLUTION: Final = _family("convolution", "weights")

TABULATED: Final = _family("tabulated", "table")
