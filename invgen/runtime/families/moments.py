"""Moments of the neighbours of every receiver; the forms are those of `invgen.runtime.moments.MomentsKernel`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.constants import MOMENTS_COMPLAINTS
from invgen.runtime.families.table import Family, Function, Shape, mapped_by_loop
from invgen.runtime.moments_spec import MomentsSpec
from invgen.runtime.targets import TARGETS

Step = tuple[str, Sequence[torch.Tensor], Sequence[torch.Tensor]]
"""One of the functions that a source has, what it reads beside the lists, and what it writes."""

STEPS: Final = ("value", "vjp", "vjp_rows", "vjp_columns", "jvp", "second_rows", "second_columns")
"""The functions that a source has: rows are sums by receivers, columns by sources."""

_LISTS: Final = ("row_pointer", "index", "receivers", "column_pointer", "column_pairs")


def value_shape(spec: MomentsSpec) -> Callable[[Sequence[Any]], Shape]:
    """(vectors, radial values, features, ..., lists) -> the shape of the moments."""
    count = spec.kernel.count

    def shape(inputs: Sequence[Any]) -> Shape:
        radial, features = inputs[1].shape[-1], inputs[2].shape[-1]
        trailing = {"mixed": (count,), "full": (count, radial), "environment": (radial,)}[spec.form]
        return (inputs[-len(_LISTS)].shape[0] - 1, *trailing, features)

    return shape


def lists_error(spec: MomentsSpec, complaint: int) -> InputError:
    """The sentence for lists that were altered, by what is wrong with them."""
    return InputError(
        f"kernel {spec.kernel.name!r} was given a neighbour list in which {MOMENTS_COMPLAINTS[complaint]}: "
        "make it with Neighbours.from_csr and leave it as it is"
    )


def steps_of(function: Function) -> Callable[[Sequence[Any], Sequence[torch.Tensor]], list[Step]]:
    """(inputs without lists, results) -> what is to run for them; the flags come last in the inputs."""
    if function.kind in ("value", "jvp"):
        return lambda given, out: [(function.name, given, out)]
    if function.kind == "second":
        return lambda given, out: [
            ("second_rows", given, (out[0], out[1], out[3])),
            ("second_columns", given, out[2:3]),
        ]

    def wanted(given: Sequence[Any], out: Sequence[torch.Tensor]) -> list[Step]:
        *tensors, by_pairs, by_features = given
        if by_pairs and by_features:
            return [("vjp", tensors, out)]
        rows: list[Step] = [("vjp_rows", tensors, out[:2])]
        columns: list[Step] = [("vjp_columns", tensors, out[2:])]
        return rows * bool(by_pairs) + columns * bool(by_features)

    return wanted


def apart(function: Function, inputs: Sequence[Any]) -> tuple[list[Any], list[torch.Tensor]]:
    """The inputs without the lists, and the lists."""
    begin = 3 + len(function.others)
    end = begin + len(_LISTS)
    return [*inputs[:begin], *inputs[end:]], list(inputs[begin:end])


MOMENTS: Final = Family(
    name="moments",
    points=("vectors", "radial", "features"),
    fixed=(),
    lists=_LISTS,
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
