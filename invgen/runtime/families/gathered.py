"""Bases contracted with weights, of which one part of the tensors is gathered by an index.

y[..., o, c] = Σ_k w[k, c] B_{k,o}(x[..., :, c], z[index, :, c])
"""

from __future__ import annotations

from typing import Final

import torch

from invgen.errors import InputError
from invgen.runtime.families.invariants import y_shape
from invgen.runtime.families.table import Family, Function, mapped_by_loop
from invgen.runtime.targets import TARGETS
from invgen.runtime.weighted_spec import GatheredSpec

OF_Z: Final = 1
OF_W: Final = 2
"""The places among the points of what is gathered, and of the weights."""


def misplaced_index_error(spec: GatheredSpec, index: torch.Tensor, sample: int, rows: int) -> InputError:
    """The sentence for an index that z does not have."""
    return InputError(
        f"kernel {spec.kernel.name!r} was given the index {int(index.reshape(-1)[sample])} for sample {sample}: "
        f"z has {rows} rows, numbered from 0"
    )


GATHERED: Final = Family(
    name="gathered",
    points=("x", "z", "w"),
    fixed=("index",),
    lists=(),
    functions=(
        Function("value", "value", (), ("y",)),
        Function("vjp_xz", "vjp", ("ybar",), ("xbar", "zbar")),
        Function("vjp", "vjp", ("ybar",), ("xbar", "zbar", "wbar")),
        Function("value_and_vjp", "value_and_vjp", ("ybar",), ("y", "xbar", "zbar", "wbar")),
        Function("jvp", "jvp", ("u", "t", "v"), ("ydot",)),
        Function("vjp_of_vjp_xz", "second", ("ybar", "u", "t"), ("grad_x", "grad_z", "grad_w", "grad_ybar")),
        Function("vjp_of_vjp", "second", ("ybar", "u", "t", "v"), ("grad_x", "grad_z", "grad_w", "grad_ybar")),
    ),
    targets=TARGETS,
    remedy="gather first and differentiate the same contraction in plain PyTorch instead",
    y_shape=y_shape,
    mapped=mapped_by_loop,
    infix="gathered_",
)
