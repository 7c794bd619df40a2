"""Torch operators over a weighted contraction: what torch.compile, torch.export and a saved program see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.operators import NAMESPACE, batch_first
from invgen.runtime.weighted_implementation import Tensors, WeightedImplementation, empty_result
from invgen.runtime.weighted_spec import FUNCTIONS, LIKE_W, WeightedSpec

Operator = Callable[..., Any]
"""(x, w, species, ...) -> a tensor, or a tuple of tensors where the function has several results."""

# `value_and_vjp` is no operator: it is what a caller without autograd uses.
OPERATORS: Final = ("value", "vjp", "vjp_x", "jvp", "vjp_of_vjp", "vjp_of_vjp_x")

_lock = threading.Lock()
_registered: dict[str, Mapping[str, Operator]] = {}
# One fragment of the namespace for the life of the process: operators vanish with the object that defined them.
_library: torch.library.Library | None = None


def operator_name(spec: WeightedSpec, function: str) -> str:
    """The name, after ``invgen::``, of an operator: the same in every process, so that saved programs find it."""
    return f"{spec.kernel.name}_{spec.kernel.key}_weighted_{function}"


def register(spec: WeightedSpec, implementation: WeightedImplementation) -> Mapping[str, Operator]:
    """The operators of ``spec`` by the names of `OPERATORS`, defined on first use of its source."""
    global _library
    with _lock:
        if _library is None:
            _library = torch.library.Library(NAMESPACE, "FRAGMENT")
        if spec.kernel.key not in _registered:
            _registered[spec.kernel.key] = _define(_library, spec, implementation)
        return _registered[spec.kernel.key]


def third_derivative_error(name: str) -> InputError:
    """The sentence for whoever differentiates a weighted kernel three times."""
    return InputError(
        f"weighted kernel {name!r} is differentiable twice, and a third derivative was asked for: contract the "
        "functions of the package's reference.py (invgen.write_package), which are plain PyTorch, with the weights"
    )


def batched(info: Any, in_dims: Sequence[int | None], tensors: Sequence[torch.Tensor]) -> tuple[torch.Tensor, ...]:
    """A batch of calls as one call: the species of each get numbers, and rows of w, of their own.

    Args:
        info: what `vmap` says of the batch.
        in_dims: the mapped dimensions of ``tensors``.
        tensors: x, w, species and further arguments, v (if any) last.
    """
    batch = info.batch_size
    x, w, species, *others = batch_first(in_dims, batch, tensors)
    kinds = w.shape[1]
    shift = torch.arange(batch, device=species.device).mul(kinds).view(batch, *[1] * (species.dim() - 1))
    # What is out of range must not become a species of the next call.
    numbered = torch.where((species >= 0) & (species < kinds), species + shift, -1)
    flat = [other.flatten(0, 1) if index == 2 else other for index, other in enumerate(others)]
    return x, w.flatten(0, 1), numbered, *flat


def unbatched(info: Any, function: str, results: Any) -> tuple[Any, Any]:
    """The results of a `batched` call with the batch in front, and their mapped dimensions."""
    several = isinstance(results, tuple)
    found = tuple(
        result.unflatten(0, (info.batch_size, result.shape[0] // max(info.batch_size, 1))) if name in LIKE_W else result
        for name, result in zip(FUNCTIONS[function][1], results if several else (results,), strict=True)
    )
    return (found, (0,) * len(found)) if several else (found[0], 0)


def _schema(function: str) -> str:
    inputs, outputs = FUNCTIONS[function]
    arguments = ", ".join(f"Tensor {name}" for name in ("x", "w", "species", *inputs[2:]))
    returned = ", ".join("Tensor" for _ in outputs)
    return f"({arguments}) -> " + (returned if len(outputs) == 1 else f"({returned})")


def _define(
    library: torch.library.Library, spec: WeightedSpec, implementation: WeightedImplementation
) -> Mapping[str, Operator]:
    key = {"c": "CPU", "cuda": "CUDA"}.get(spec.kernel.target, "CompositeExplicitAutograd")
    names = {function: operator_name(spec, function) for function in OPERATORS}
    operators: dict[str, Operator] = {}
    for function, name in names.items():
        library.define(f"{name}{_schema(function)}")
        library.impl(name, _kernel(function, implementation), key)
        operators[function] = getattr(getattr(torch.ops, NAMESPACE), name).default
        torch.library.register_fake(f"{NAMESPACE}::{name}", _fake(function, spec), lib=library)
        torch.library.register_vmap(f"{NAMESPACE}::{name}", _mapped(function, operators[function]), lib=library)
    for function, backward in _derivatives(spec.kernel.name, operators).items():
        setup = _save_inputs
        torch.library.register_autograd(f"{NAMESPACE}::{names[function]}", backward, setup_context=setup, lib=library)
    return operators


def _kernel(function: str, implementation: WeightedImplementation) -> Callable[..., Any]:
    def run(x: torch.Tensor, w: torch.Tensor, species: torch.Tensor, *others: torch.Tensor) -> Any:
        return _plain(implementation.run(function, species, (x, w, *others)))

    return run


def _fake(function: str, spec: WeightedSpec) -> Callable[..., Any]:
    def shapes(x: torch.Tensor, w: torch.Tensor, *_: torch.Tensor) -> Any:
        return _plain(tuple(empty_result(spec, name, x, w) for name in FUNCTIONS[function][1]))

    return shapes


def _mapped(function: str, operator: Operator) -> Callable[..., tuple[Any, Any]]:
    def mapped(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[Any, Any]:
        return unbatched(info, function, operator(*batched(info, in_dims, tensors)))

    return mapped


def _plain(results: Tensors) -> Any:
    return results[0] if len(results) == 1 else results


def _save_inputs(ctx: Any, inputs: tuple[torch.Tensor, ...], output: Any) -> None:
    ctx.set_materialize_grads(False)
    ctx.save_for_backward(*inputs)


def _derivatives(name: str, operators: Mapping[str, Operator]) -> dict[str, Callable[..., Any]]:
    """The backward functions; those of weights are left out where nobody asks for them. A None stands for zeros."""

    def of_value(ctx: Any, ybar: torch.Tensor | None) -> Any:
        if ybar is None:
            return None, None, None
        x, w, species = ctx.saved_tensors
        if ctx.needs_input_grad[1]:
            xbar, wbar = operators["vjp"](x, w, species, ybar)
            return xbar, wbar, None
        return operators["vjp_x"](x, w, species, ybar), None, None

    def of_vjp(ctx: Any, u: torch.Tensor | None, v: torch.Tensor | None = None) -> Any:
        if u is None and v is None:
            return None, None, None, None
        x, w, species, ybar = ctx.saved_tensors
        u = torch.zeros_like(x) if u is None else u
        if v is None:
            grad_x, grad_w, grad_ybar = operators["vjp_of_vjp_x"](x, w, species, ybar, u)
        else:
            grad_x, grad_w, grad_ybar = operators["vjp_of_vjp"](x, w, species, ybar, u, v)
        return grad_x, grad_w, None, grad_ybar

    def of_jvp(ctx: Any, ybar: torch.Tensor | None) -> Any:
        if ybar is None:
            return None, None, None, None, None
        x, w, species, u, v = ctx.saved_tensors
        grad_x, grad_w, _ = operators["vjp_of_vjp"](x, w, species, ybar, u, v)
        return grad_x, grad_w, None, *operators["vjp"](x, w, species, ybar)

    def refuse(ctx: Any, *_: torch.Tensor | None) -> None:
        raise third_derivative_error(name)

    return {
        "value": of_value,
        "vjp": of_vjp,
        "vjp_x": of_vjp,
        "jvp": of_jvp,
        "vjp_of_vjp": refuse,
        "vjp_of_vjp_x": refuse,
    }
