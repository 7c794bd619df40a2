"""Autograd functions over a kernel's operators: what a user calls outside of torch.compile.

Operators with registered derivatives are not enough there: they fail under `torch.func.grad`, and under forward mode
they return zero tangents without any error. Functions with ``vmap`` and ``jvp`` give both right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch

from invgen.errors import InputError
from invgen.runtime.autograd import Function
from invgen.runtime.implementation import Pair
from invgen.runtime.operators import Operators, batch_first, third_derivative_error

_Result = TypeVar("_Result")


def function_chain(name: str, operators: Operators) -> Callable[[torch.Tensor], torch.Tensor]:
    """x -> I(x), differentiable twice: reverse over reverse, forward over reverse, and reverse over forward.

    Works under `torch.func` and its compositions. A third derivative, and forward mode over forward mode, raise
    `InputError`.
    """

    class Value(_Saving):
        @staticmethod
        def forward(x: torch.Tensor) -> torch.Tensor:
            return _run(operators.value, x)

        @staticmethod
        def backward(ctx: Any, ybar: torch.Tensor) -> torch.Tensor:
            (x,) = ctx.saved_tensors
            return _one(Vjp, x, ybar)

        @staticmethod
        def jvp(ctx: Any, dx: torch.Tensor) -> torch.Tensor:
            (x,) = ctx.saved_tensors
            return _one(Jvp, x, dx)

        @staticmethod
        def vmap(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[torch.Tensor, int]:
            return _one(Value, *batch_first(in_dims, info.batch_size, tensors)), 0

    class Vjp(_Saving):
        @staticmethod
        def forward(x: torch.Tensor, ybar: torch.Tensor) -> torch.Tensor:
            return _run(operators.vjp, x, ybar)

        @staticmethod
        def backward(ctx: Any, u: torch.Tensor) -> Pair:
            x, ybar = ctx.saved_tensors
            return _two(VjpOfVjp, x, ybar, u)

        @staticmethod
        def jvp(ctx: Any, dx: torch.Tensor | None, dybar: torch.Tensor | None) -> torch.Tensor:
            # Linear in ybar; in x, the Hessian of <ybar, I> is symmetric, so its product with dx is a gradient.
            x, ybar = ctx.saved_tensors
            along_x = None if dx is None else _two(VjpOfVjp, x, ybar, dx)[0]
            along_ybar = None if dybar is None else _one(Vjp, x, dybar)
            return _sum(along_x, along_ybar)

        @staticmethod
        def vmap(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[torch.Tensor, int]:
            return _one(Vjp, *batch_first(in_dims, info.batch_size, tensors)), 0

    class Jvp(_Saving):
        @staticmethod
        def forward(x: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
            return _run(operators.jvp, x, u)

        @staticmethod
        def backward(ctx: Any, ybar: torch.Tensor) -> Pair:
            x, u = ctx.saved_tensors
            return _two(VjpOfVjp, x, ybar, u)[0], _one(Vjp, x, ybar)

        @staticmethod
        def jvp(ctx: Any, dx: torch.Tensor | None, du: torch.Tensor | None) -> torch.Tensor:
            raise InputError(
                f"kernel {name!r} was differentiated twice in forward mode, which it does not support: "
                "use torch.func.hessian (forward over reverse) or reverse mode"
            )

        @staticmethod
        def vmap(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[torch.Tensor, int]:
            return _one(Jvp, *batch_first(in_dims, info.batch_size, tensors)), 0

    class VjpOfVjp(_Saving):
        @staticmethod
        def forward(x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor) -> Pair:
            return _run(operators.vjp_of_vjp, x, ybar, u)

        @staticmethod
        def backward(ctx: Any, *_: torch.Tensor) -> Any:
            raise third_derivative_error(name)

        @staticmethod
        def jvp(ctx: Any, *_: torch.Tensor | None) -> Any:
            raise third_derivative_error(name)

        @staticmethod
        def vmap(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[Pair, tuple[int, int]]:
            return _two(VjpOfVjp, *batch_first(in_dims, info.batch_size, tensors)), (0, 0)

    def value(x: torch.Tensor) -> torch.Tensor:
        return _one(Value, x)

    return value


class _Saving(Function):
    """Keeps its inputs, and nothing else, for both directions of differentiation."""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[torch.Tensor, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)


def _run(operator: Callable[..., _Result], *tensors: torch.Tensor) -> _Result:
    """The operator without the derivatives registered for it: a Function records its own, and the call is cheaper."""
    with torch._C._AutoDispatchBelowAutograd():
        return operator(*tensors)


def _one(function: type[torch.autograd.Function], *tensors: torch.Tensor) -> torch.Tensor:
    return function.apply(*tensors)  # type: ignore[no-any-return]


def _two(function: type[torch.autograd.Function], *tensors: torch.Tensor) -> Pair:
    return function.apply(*tensors)  # type: ignore[no-any-return]


def _sum(first: torch.Tensor | None, second: torch.Tensor | None) -> torch.Tensor:
    terms = [term for term in (first, second) if term is not None]
    return terms[0] if len(terms) == 1 else terms[0] + terms[1]
