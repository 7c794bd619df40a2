"""Autograd functions over the operators of moments: what a user calls outside of torch.compile.

The reasons are those of `function_chain`: `torch.func`, and forward mode, which over operators alone returns zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from invgen.errors import InputError
from invgen.runtime.autograd import Function
from invgen.runtime.moments_operators import (
    MomentsOperators,
    of_jvp_in_terms_of,
    of_value_in_terms_of,
    of_vjp_in_terms_of,
    one_by_one,
    third_derivative_error,
)


def moments_chain(name: str, operators: MomentsOperators) -> Callable[..., torch.Tensor]:
    """(vectors, radial, features, *lists) -> moments, differentiable twice in reverse, or forward over or under it."""

    class Value(_Saving):
        @staticmethod
        def forward(*given: Any) -> Any:
            return operators.value(*given)

        @staticmethod
        def backward(ctx: Any, *bars: Any) -> Any:
            return of_value_in_terms_of(partial(_apply, Vjp), ctx, *bars)

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            inputs, lists = ctx.saved_tensors[:3], ctx.saved_tensors[3:]
            return _apply(Jvp, *inputs, *_tangents(inputs, tangents), *lists)

        @staticmethod
        def vmap(info: Any, in_dims: Any, *given: Any) -> Any:
            return one_by_one(partial(_apply, Value))(info, in_dims, *given)

    class Vjp(_Saving):
        @staticmethod
        def forward(*given: Any) -> Any:
            return operators.vjp(*given)

        @staticmethod
        def backward(ctx: Any, *bars: Any) -> Any:
            return of_vjp_in_terms_of(partial(_apply, VjpOfVjp), ctx, *bars)

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            # Linear in ybar; in the rest, the Hessian of <ybar, moments> is symmetric.
            inputs, ybar, lists = ctx.saved_tensors[:3], ctx.saved_tensors[3], ctx.saved_tensors[4:]
            along = _tangents(inputs, tangents)
            changes = list(_apply(VjpOfVjp, *inputs, ybar, *along, *lists)[:3])
            if tangents[3] is not None:
                linear = _apply(Vjp, *inputs, tangents[3], *lists, True, True)
                changes = [first + second for first, second in zip(changes, linear)]
            wanted = (ctx.flags[0], ctx.flags[0], ctx.flags[1])
            return tuple(change if keep else change.new_empty(0) for change, keep in zip(changes, wanted))

        @staticmethod
        def vmap(info: Any, in_dims: Any, *given: Any) -> Any:
            return one_by_one(partial(_apply, Vjp))(info, in_dims, *given)

    class Jvp(_Saving):
        @staticmethod
        def forward(*given: Any) -> Any:
            return operators.jvp(*given)

        @staticmethod
        def backward(ctx: Any, *bars: Any) -> Any:
            return of_jvp_in_terms_of(partial(_apply, VjpOfVjp), partial(_apply, Vjp), ctx, *bars)

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            raise InputError(
                f"kernel {name!r} was differentiated twice in forward mode, which it does not support: "
                "use torch.func.hessian (forward over reverse) or reverse mode"
            )

        @staticmethod
        def vmap(info: Any, in_dims: Any, *given: Any) -> Any:
            return one_by_one(partial(_apply, Jvp))(info, in_dims, *given)

    class VjpOfVjp(_Saving):
        @staticmethod
        def forward(*given: Any) -> Any:
            return operators.vjp_of_vjp(*given)

        @staticmethod
        def backward(ctx: Any, *_: Any) -> Any:
            raise third_derivative_error(name)

        @staticmethod
        def jvp(ctx: Any, *_: Any) -> Any:
            raise third_derivative_error(name)

        @staticmethod
        def vmap(info: Any, in_dims: Any, *given: Any) -> Any:
            return one_by_one(partial(_apply, VjpOfVjp))(info, in_dims, *given)

    return partial(_apply, Value)


class _Saving(Function):
    """Keeps its tensors and flags for both directions of differentiation."""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        tensors = [value for value in inputs if isinstance(value, torch.Tensor)]
        ctx.flags = [value for value in inputs if not isinstance(value, torch.Tensor)]
        ctx.save_for_backward(*tensors)
        ctx.save_for_forward(*tensors)


def _apply(function: type[torch.autograd.Function], *given: Any) -> Any:
    return function.apply(*given)


def _tangents(inputs: tuple[torch.Tensor, ...], tangents: tuple[Any, ...]) -> list[torch.Tensor]:
    return [torch.zeros_like(x) if along is None else along for x, along in zip(inputs, tangents)]
