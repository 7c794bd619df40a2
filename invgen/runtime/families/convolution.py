"""Products of features with harmonics, weighted by pair and summed over the neighbours of every receiver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from invgen.runtime.convolution_spec import ConvolutionSpec
from invgen.runtime.families.pairs import LISTS
from invgen.runtime.families.table import Family, Function, Shape, mapped_by_loop


def value_shape(spec: ConvolutionSpec) -> Callable[[Sequence[Any]], Shape]:
    """(vectors, weights, features, ..., lists) -> the shape of the sums."""
    count = spec.kernel.count

    def shape(inputs: Sequence[Any]) -> Shape:
        return (inputs[-len(LISTS)].shape[0] - 1, count, inputs[2].shape[-1])

    return shape


CONVOLUTION: Final = Family(
    name="convolution",
    points=("vectors", "weights", "features"),
    fixed=(),
    lists=LISTS,
    functions=(
        Function("value", "value", (), ("y",)),
        Function(
            "vjp",
            "vjp",
            ("ybar",),
            ("vectors_bar", "weights_bar", "features_bar"),
            flags=("by_vectors", "by_weights", "by_features"),
            gates=(0, 1, 2),
        ),
        Function("jvp", "jvp", ("u_vectors", "u_weights", "u_features"), ("ydot",)),
        Function(
            "vjp_of_vjp",
            "second",
            ("ybar", "u_vectors", "u_weights", "u_features"),
            ("grad_vectors", "grad_weights", "grad_features", "grad_ybar"),
        ),
    ),
    targets=("c", "cuda", "torch"),
    remedy="write the sum over neighbours in plain PyTorch (einsum, then index_add) instead",
    y_shape=value_shape,
    mapped=mapped_by_loop,
)
