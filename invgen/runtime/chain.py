"""Autograd functions over a kernel's operators: what a user calls outside of torch.compile.

Operators with registered derivatives are not enough there: they fail under `torch.func.grad`, and under forward mode
they return zero tangents without any error. Functions with `vmap` and `jvp` handle both correctly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from invgen.runtime.autograd import SignedFunction
from invgen.runtime.derivatives import Calls, backward_of, jvp_of, save
from invgen.runtime.families.table import Call, Family, Function


def chain(family: Family, name: str, operators: Mapping[str, Call]) -> Callable[..., torch.Tensor]:
    """The value, differentiable twice: reverse over reverse, forward over reverse, and reverse over forward.

    Works under `torch.func` and its compositions. A third derivative, and forward mode over forward mode, raise
    `InputError`.
    """
    links: dict[str, Call] = {}
    for function in family.operators:
        links[function.name] = _link(family, function, name, operators[function.name], links).apply
    return links["value"]


def _link(family: Family, function: Function, name: str, operator: Call, links: Calls) -> type[torch.autograd.Function]:
    """The autograd function of one operator; those of its derivatives are looked up when they are needed."""

    def forward(*inputs: Any) -> Any:
        # Without the derivatives registered for the operator: a Function records its own, and the call is cheaper.
        with torch._C._AutoDispatchBelowAutograd():
            return operator(*inputs)

    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        tensors = save(function, ctx, inputs)
        ctx.save_for_backward(*tensors)
        ctx.save_for_forward(*tensors)

    rules = {
        "forward": forward,
        "setup_context": setup_context,
        "backward": backward_of(family, function, name, links),
        "jvp": jvp_of(family, function, name, links),
        "vmap": family.mapped(function, lambda *inputs: links[function.name](*inputs)),
    }
    # The name is what profilers and grad_fn show.
    shown = "".join(part.title() for part in function.name.split("_"))
    return type(shown, (SignedFunction,), {rule: staticmethod(each) for rule, each in rules.items()})
