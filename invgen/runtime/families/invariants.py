"""Invariants and covariants of x: (..., dimension, channel) -> (..., count, channel)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.runtime.families.table import Call, Family, Function, Shape, Spec, batch_first
from invgen.runtime.targets import TARGETS


def y_shape(spec: Spec) -> Callable[[Sequence[Any]], Shape]:
    """(x, ...) -> the shape of y: the rows of x are replaced by others."""
    count = spec.kernel.count

    def shape(inputs: Sequence[Any]) -> Shape:
        x = inputs[0].shape
        return (*x[:-2], count, x[-1])

    return shape


def _mapped(function: Function, call: Call) -> Callable[..., tuple[Any, Any]]:
    """Mapping needs no loop: the mapped dimension is one more leading dimension."""
    several = len(function.outputs)
    dims = 0 if several == 1 else (0,) * several

    def mapped(info: Any, in_dims: Sequence[int | None], *tensors: torch.Tensor) -> tuple[Any, Any]:
        return call(*batch_first(in_dims, info.batch_size, tensors)), dims

    return mapped


INVARIANTS: Final = Family(
    name="invariants",
    points=("x",),
    fixed=(),
    lists=(),
    functions=(
        Function("value", "value", (), ("y",)),
        Function("vjp", "vjp", ("ybar",), ("xbar",)),
        Function("value_and_vjp", "value_and_vjp", ("ybar",), ("y", "xbar")),
        Function("jvp", "jvp", ("u",), ("ydot",)),
        Function("vjp_of_vjp", "second", ("ybar", "u"), ("grad_x", "grad_ybar")),
    ),
    targets=TARGETS,
    remedy="differentiate the functions of the package's reference.py, which are plain PyTorch, instead",
    y_shape=y_shape,
    mapped=_mapped,
    cpp=True,
)
