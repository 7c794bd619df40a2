"""Torch operators over moments: what torch.compile, torch.export and a saved program see."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.moments_library import MomentsImplementation, gradients_like
from invgen.runtime.operators import DISPATCH_KEYS, NAMESPACE, batch_first, operator_name
from invgen.runtime.spec import KernelSpec

_INPUTS: Final = "Tensor vectors, Tensor radial, Tensor features"
_ALONG: Final = "Tensor u_vectors, Tensor u_radial, Tensor u_features"
_LISTS: Final = "Tensor row_pointer, Tensor index, Tensor receivers, Tensor column_pointer, Tensor column_pairs"
_SCHEMAS: Final = {
    "value": f"({_INPUTS}, {_LISTS}) -> Tensor",
    "vjp": f"({_INPUTS}, Tensor ybar, {_LISTS}, bool by_pairs, bool by_features) -> (Tensor, Tensor, Tensor)",
    "jvp": f"({_INPUTS}, {_ALONG}, {_LISTS}) -> Tensor",
    "vjp_of_vjp": f"({_INPUTS}, Tensor ybar, {_ALONG}, {_LISTS}) -> (Tensor, Tensor, Tensor, Tensor)",
}


@dataclass(frozen=True)
class MomentsOperators:
    """The operators of one kernel, named as in `MomentsImplementation`; each is the derivative of the one before."""

    value: Callable[..., Any]
    vjp: Callable[..., Any]
    jvp: Callable[..., Any]
    vjp_of_vjp: Callable[..., Any]


_lock = threading.Lock()
_registered: dict[str, MomentsOperators] = {}
# One fragment of the namespace for the life of the process: operators vanish with the object that defined them.
_libraries: list[torch.library.Library] = []


def register_moments(spec: KernelSpec, library: MomentsImplementation) -> MomentsOperators:
    """The operators of ``spec``, defined on first use; a second call with an equal spec returns the first's."""
    with _lock:
        if spec.key not in _registered:
            if not _libraries:
                _libraries.append(torch.library.Library(NAMESPACE, "FRAGMENT"))
            _registered[spec.key] = _define(_libraries[0], spec, library)
        return _registered[spec.key]


def third_derivative_error(name: str) -> InputError:
    """The sentence for whoever differentiates moments three times."""
    return InputError(f"kernel {name!r} is differentiable twice, and a third derivative was asked for")


def _define(fragment: torch.library.Library, spec: KernelSpec, library: MomentsImplementation) -> MomentsOperators:
    names = {}
    for function, schema in _SCHEMAS.items():
        name = operator_name(spec, function)
        fragment.define(f"{name}{schema}")
        fragment.impl(name, getattr(library, function), DISPATCH_KEYS[spec.target])
        names[function] = f"{NAMESPACE}::{name}"
    overloads = {f: getattr(getattr(torch.ops, NAMESPACE), operator_name(spec, f)).default for f in _SCHEMAS}
    for function, operator in overloads.items():
        torch.library.register_vmap(names[function], one_by_one(operator), lib=fragment)
    operators = MomentsOperators(**overloads)
    _register_fakes(fragment, library, names)
    _register_derivatives(fragment, spec, names, operators)
    return operators


def one_by_one(operator: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Mapping by a loop: a neighbour list is no batch dimension, so each element is a call of its own."""

    def mapped(info: Any, in_dims: tuple[int | None, ...], *given: Any) -> tuple[Any, Any]:
        tensors = [value for value in given if isinstance(value, torch.Tensor)]
        flags = [value for value in given if not isinstance(value, torch.Tensor)]
        batched = batch_first(in_dims[: len(tensors)], info.batch_size, tensors)
        results = [operator(*(tensor[k] for tensor in batched), *flags) for k in range(info.batch_size)]
        if isinstance(results[0], torch.Tensor):
            return torch.stack(results), 0
        return tuple(torch.stack(each) for each in zip(*results)), (0,) * len(results[0])

    return mapped


def _register_fakes(fragment: torch.library.Library, library: MomentsImplementation, names: dict[str, str]) -> None:
    def empty(shape: tuple[int, ...], like: torch.Tensor) -> torch.Tensor:
        return like.new_empty(shape)

    def value(vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *lists: torch.Tensor) -> Any:
        return radial.new_empty(library.moments_shape(radial, features, lists))  # type: ignore[arg-type]

    def vjp(vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *rest: Any) -> Any:
        return gradients_like(vectors, radial, features, rest[-2], rest[-1], empty)

    def jvp(vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *rest: torch.Tensor) -> Any:
        return value(vectors, radial, features, *rest[3:])

    def vjp_of_vjp(vectors: torch.Tensor, radial: torch.Tensor, features: torch.Tensor, *rest: torch.Tensor) -> Any:
        return (*gradients_like(vectors, radial, features, True, True, empty), empty(tuple(rest[0].shape), rest[0]))

    for function, fake in (("value", value), ("vjp", vjp), ("jvp", jvp), ("vjp_of_vjp", vjp_of_vjp)):
        torch.library.register_fake(names[function], fake, lib=fragment)


def _register_derivatives(
    fragment: torch.library.Library, spec: KernelSpec, names: dict[str, str], operators: MomentsOperators
) -> None:
    def save(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(*(value for value in inputs if isinstance(value, torch.Tensor)))
        ctx.flags = [value for value in inputs if not isinstance(value, torch.Tensor)]

    def of_value(ctx: Any, ybar: torch.Tensor) -> Any:
        return of_value_in_terms_of(operators.vjp, ctx, ybar)

    def of_vjp(ctx: Any, *bars: torch.Tensor) -> Any:
        return of_vjp_in_terms_of(operators.vjp_of_vjp, ctx, *bars)

    def of_jvp(ctx: Any, ybar: torch.Tensor) -> Any:
        return of_jvp_in_terms_of(operators.vjp_of_vjp, operators.vjp, ctx, ybar)

    def of_vjp_of_vjp(ctx: Any, *_: torch.Tensor) -> None:
        raise third_derivative_error(spec.name)

    for function, backward in (("value", of_value), ("vjp", of_vjp), ("jvp", of_jvp), ("vjp_of_vjp", of_vjp_of_vjp)):
        torch.library.register_autograd(names[function], backward, setup_context=save, lib=fragment)


_NO_LISTS: Final = (None,) * 5


def of_value_in_terms_of(vjp: Callable[..., Any], ctx: Any, ybar: torch.Tensor) -> tuple[Any, ...]:
    """Backward of the value: what nothing needs is not computed."""
    vectors, radial, features, *lists = ctx.saved_tensors
    by_pairs = ctx.needs_input_grad[0] or ctx.needs_input_grad[1]
    by_features = ctx.needs_input_grad[2]
    first, second, third = vjp(vectors, radial, features, ybar, *lists, by_pairs, by_features)
    return (*((first, second) if by_pairs else (None, None)), third if by_features else None, *_NO_LISTS)


def of_vjp_in_terms_of(vjp_of_vjp: Callable[..., Any], ctx: Any, *bars: torch.Tensor) -> tuple[Any, ...]:
    """Backward of the vjp; the gradients of results that were not wanted are zero."""
    vectors, radial, features, ybar, *lists = ctx.saved_tensors
    by_pairs, by_features = ctx.flags
    u_vectors, u_radial = bars[:2] if by_pairs else (torch.zeros_like(vectors), torch.zeros_like(radial))
    u_features = bars[2] if by_features else torch.zeros_like(features)
    gradients = vjp_of_vjp(vectors, radial, features, ybar, u_vectors, u_radial, u_features, *lists)
    return (*gradients, *_NO_LISTS, None, None)


def of_jvp_in_terms_of(
    vjp_of_vjp: Callable[..., Any], vjp: Callable[..., Any], ctx: Any, ybar: torch.Tensor
) -> tuple[Any, ...]:
    """Backward of the jvp, which is linear in u."""
    vectors, radial, features, *rest = ctx.saved_tensors
    along, lists = rest[:3], rest[3:]
    gradients = vjp_of_vjp(vectors, radial, features, ybar, *along, *lists)[:3]
    return (*gradients, *vjp(vectors, radial, features, ybar, *lists, True, True), *_NO_LISTS)
