"""Bases contracted with weights by species: y[..., o, c] = Σ_k w[species, k, c] B_{k,o}(x[..., :, c])."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.families.invariants import y_shape
from invgen.runtime.families.table import Call, Family, Function, batch_first
from invgen.runtime.targets import TARGETS
from invgen.runtime.weighted_spec import WeightedSpec

OF_W: Final = 1
"""The place of the weights among the points."""


def summed(function: Function) -> tuple[int, ...]:
    """The places of the results that are sums over the samples of a species."""
    return tuple(place for place, like in enumerate(function.writes) if like == OF_W)


def _mapped(function: Function, call: Call) -> Callable[..., tuple[Any, Any]]:
    """A batch of calls as one call: the species of each get numbers, and rows of w, of their own."""
    flat = [OF_W, *(WEIGHTED.place + k for k, like in enumerate(function.reads) if like == OF_W)]
    sums, several = summed(function), len(function.outputs)

    def mapped(info: Any, in_dims: Sequence[int | None], *tensors: torch.Tensor) -> tuple[Any, Any]:
        batch = info.batch_size
        given = batch_first(in_dims, batch, tensors)
        kinds, species = given[1].shape[1], given[2]
        shift = torch.arange(batch, device=species.device).mul(kinds).view(batch, *[1] * (species.dim() - 1))
        # What is out of range must not become a species of the next call.
        given[2] = torch.where((species >= 0) & (species < kinds), species + shift, -1)
        for place in flat:
            given[place] = given[place].flatten(0, 1)
        found = call(*given)
        results = [found] if several == 1 else list(found)
        for place in sums:
            results[place] = results[place].unflatten(0, (batch, results[place].shape[0] // max(batch, 1)))
        return (results[0], 0) if several == 1 else (tuple(results), (0,) * several)

    return mapped


def misplaced_error(spec: WeightedSpec, species: torch.Tensor, sample: int, kinds: int) -> InputError:
    """The sentence for a species that w does not have."""
    return InputError(
        f"kernel {spec.kernel.name!r} was given the species {int(species.reshape(-1)[sample])} for sample {sample}: "
        f"w has {kinds} species, numbered from 0"
    )


WEIGHTED: Final = Family(
    name="weighted",
    points=("x", "w"),
    fixed=("species",),
    lists=(),
    functions=(
        Function("value", "value", (), ("y",)),
        Function("vjp_x", "vjp", ("ybar",), ("xbar",)),
        Function("vjp", "vjp", ("ybar",), ("xbar", "wbar")),
        Function("value_and_vjp", "value_and_vjp", ("ybar",), ("y", "xbar", "wbar")),
        Function("jvp", "jvp", ("u", "v"), ("ydot",)),
        Function("vjp_of_vjp_x", "second", ("ybar", "u"), ("grad_x", "grad_w", "grad_ybar")),
        Function("vjp_of_vjp", "second", ("ybar", "u", "v"), ("grad_x", "grad_w", "grad_ybar")),
    ),
    targets=TARGETS,
    remedy=(
        "differentiate the functions of the reference.py in its package (invgen.compiler.write_weighted_package), "
        "which are plain PyTorch, instead"
    ),
    y_shape=y_shape,
    mapped=_mapped,
    infix="weighted_",
)
