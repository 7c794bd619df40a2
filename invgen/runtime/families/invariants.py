"""Invariants and covariants of x: (..., dimension, channel) -> (..., count, channel)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.runtime.families.table import Call, Family, Function, Shape, Shapes, batch_first
from invgen.runtime.spec import KernelSpec
from invgen.runtime.targets import TARGETS

LIKE_Y: Final = ("y", "ybar", "ydot", "grad_ybar")


def rows(spec: KernelSpec, name: str) -> int:
    """The rows of an array by its name in the table."""
    return spec.count if name in LIKE_Y else spec.dimension


def _shapes(spec: KernelSpec, function: Function) -> Shapes:
    found = [rows(spec, name) for name in function.outputs]

    def shapes(inputs: Sequence[torch.Tensor]) -> list[Shape]:
        *leading, _, channels = inputs[0].shape
        return [(*leading, each, channels) for each in found]

    return shapes


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
    shapes=_shapes,
    mapped=_mapped,
    cpp=True,
)
