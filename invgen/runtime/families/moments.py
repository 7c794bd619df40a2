"""Moments of the neighbours of every receiver; the forms are those of `invgen.runtime.moments.MomentsKernel`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from invgen.runtime.families.pairs import LISTS
from invgen.runtime.families.table import Family, Function, Shape, mapped_by_loop
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.targets import TARGETS


def value_shape(spec: MomentsSpec) -> Callable[[Sequence[Any]], Shape]:
    """(vectors, radial values, features, ..., lists) -> the shape of the moments."""
    count = spec.kernel.count

    def shape(inputs: Sequence[Any]) -> Shape:
        radial, features = inputs[1].shape[-1], inputs[2].shape[-1]
        trailing = {"mixed": (count,), "full": (count, radial), "environment": (radial,)}[spec.form]
        return (inputs[-len(LISTS)].shape[0] - 1, *trailing, features)

    return shape


MOMENTS: Final = Family(
    name="moments",
    points=("vectors", "radial", "features"),
    fixed=(),
    lists=LISTS,
    functions=(
        Function("value", "value", (), ("y",)),
        Function(
            "vjp",
            "vjp",
            ("ybar",),
            ("vectors_bar", "radial_bar", "features_bar"),
            flags=("by_pairs", "by_features"),
            gates=(0, 0, 1),
        ),
        Function("jvp", "jvp", ("u_vectors", "u_radial", "u_features"), ("ydot",)),
        Function(
            "vjp_of_vjp",
            "second",
            ("ybar", "u_vectors", "u_radial", "u_features"),
            ("grad_vectors", "grad_radial", "grad_features", "grad_ybar"),
        ),
    ),
    targets=TARGETS,
    remedy="write the sum over neighbours in plain PyTorch (harmonics, then index_add) instead",
    y_shape=value_shape,
    mapped=mapped_by_loop,
)
