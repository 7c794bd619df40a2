"""Autograd functions over the operators of a weighted kernel: what a user calls outside of torch.compile.

As in `function_chain`, they serve `torch.func` and forward mode, where operators with registered derivatives do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from invgen.errors import InputError
from invgen.runtime.autograd import Function, remember_signature
from invgen.runtime.weighted_operators import Operator, batched, third_derivative_error, unbatched


def weighted_chain(name: str, operators: Mapping[str, Operator]) -> Callable[..., torch.Tensor]:
    """(x, w, species) -> y, differentiable twice by x and w in any order of reverse and forward mode but forward twice.

    A third derivative, and forward mode over forward mode, raise `InputError`.
    """

    class Value(_Saving):
        function = "value"

        @staticmethod
        def backward(ctx: Any, ybar: torch.Tensor | None) -> Any:
            if ybar is None:
                return None, None, None
            x, w, species = ctx.saved_tensors
            if ctx.needs_input_grad[1]:
                xbar, wbar = _apply(Vjp, x, w, species, ybar)
                return xbar, wbar, None
            return _apply(VjpX, x, w, species, ybar), None, None

        @staticmethod
        def jvp(ctx: Any, dx: torch.Tensor | None, dw: torch.Tensor | None, _: Any) -> Any:
            x, w, species = ctx.saved_tensors
            return _apply(Jvp, x, w, species, _or_zeros(dx, x), _or_zeros(dw, w))

    class Vjp(_Saving):
        function = "vjp"

        @staticmethod
        def backward(ctx: Any, u: torch.Tensor | None, v: torch.Tensor | None) -> Any:
            if u is None and v is None:
                return None, None, None, None
            x, w, species, ybar = ctx.saved_tensors
            u = _or_zeros(u, x)
            if v is None:
                grad_x, grad_w, grad_ybar = _apply(VjpOfVjpX, x, w, species, ybar, u)
            else:
                grad_x, grad_w, grad_ybar = _apply(VjpOfVjp, x, w, species, ybar, u, v)
            return grad_x, grad_w, None, grad_ybar

        @staticmethod
        def jvp(ctx: Any, dx: torch.Tensor | None, dw: torch.Tensor | None, _: Any, dybar: torch.Tensor | None) -> Any:
            # Linear in ybar; in (x, w) the Hessian of <ybar, y> is symmetric, so its products are gradients.
            x, w, species, ybar = ctx.saved_tensors
            first = _apply(VjpOfVjp, x, w, species, ybar, _or_zeros(dx, x), _or_zeros(dw, w))[:2]
            second = _apply(Vjp, x, w, species, _or_zeros(dybar, ybar))
            return first[0] + second[0], first[1] + second[1]

    class VjpX(_Saving):
        function = "vjp_x"

        @staticmethod
        def backward(ctx: Any, u: torch.Tensor | None) -> Any:
            if u is None:
                return None, None, None, None
            x, w, species, ybar = ctx.saved_tensors
            grad_x, grad_w, grad_ybar = _apply(VjpOfVjpX, x, w, species, ybar, u)
            return grad_x, grad_w, None, grad_ybar

        @staticmethod
        def jvp(ctx: Any, dx: torch.Tensor | None, dw: torch.Tensor | None, _: Any, dybar: torch.Tensor | None) -> Any:
            x, w, species, ybar = ctx.saved_tensors
            first = _apply(VjpOfVjp, x, w, species, ybar, _or_zeros(dx, x), _or_zeros(dw, w))[0]
            return first + _apply(VjpX, x, w, species, _or_zeros(dybar, ybar))

    class Jvp(_Saving):
        function = "jvp"

        @staticmethod
        def backward(ctx: Any, ybar: torch.Tensor | None) -> Any:
            if ybar is None:
                return None, None, None, None, None
            x, w, species, u, v = ctx.saved_tensors
            grad_x, grad_w, _ = _apply(VjpOfVjp, x, w, species, ybar, u, v)
            return grad_x, grad_w, None, *_apply(Vjp, x, w, species, ybar)

        @staticmethod
        def jvp(ctx: Any, *_: torch.Tensor | None) -> Any:
            raise InputError(
                f"weighted kernel {name!r} was differentiated twice in forward mode, which it does not support: "
                "use torch.func.hessian (forward over reverse) or reverse mode"
            )

    class VjpOfVjp(_Saving):
        function = "vjp_of_vjp"

        @staticmethod
        def backward(ctx: Any, *_: torch.Tensor | None) -> Any:
            raise third_derivative_error(name)

        @staticmethod
        def jvp(ctx: Any, *_: torch.Tensor | None) -> Any:
            raise third_derivative_error(name)

    class VjpOfVjpX(VjpOfVjp):
        function = "vjp_of_vjp_x"

    for link in (Value, Vjp, VjpX, Jvp, VjpOfVjp, VjpOfVjpX):
        _complete(link, operators[link.function])

    def value(x: torch.Tensor, w: torch.Tensor, species: torch.Tensor) -> torch.Tensor:
        return _apply(Value, x, w, species)  # type: ignore[no-any-return]

    return value


class _Saving(Function):
    """Keeps its inputs, and nothing else, for both directions of differentiation."""

    function = ""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[torch.Tensor, ...], output: Any) -> None:
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)


def _complete(link: type[_Saving], operator: Operator) -> None:
    """Adds the static methods that differ between links in their operator alone."""

    def forward(*tensors: torch.Tensor) -> Any:
        return operator(*tensors)

    def vmap(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[Any, Any]:
        return unbatched(info, link.function, _apply(link, *batched(info, in_dims, tensors)))

    remember_signature(forward)
    link.forward = staticmethod(forward)  # type: ignore[method-assign]
    link.vmap = staticmethod(vmap)  # type: ignore[method-assign]


def _apply(function: type[torch.autograd.Function], *tensors: torch.Tensor) -> Any:
    return function.apply(*tensors)


def _or_zeros(tensor: torch.Tensor | None, like: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(like) if tensor is None else tensor
