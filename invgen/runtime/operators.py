"""Torch operators over a kernel: what torch.compile, torch.export and a saved program see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from invgen.errors import CompilerError, InputError
from invgen.runtime.implementation import Implementation, Pair, empty_rows
from invgen.runtime.spec import KernelSpec, operator_prefix

NAMESPACE: Final = "invgen"

_SCHEMAS: Final = {
    "value": "(Tensor x) -> Tensor",
    "vjp": "(Tensor x, Tensor ybar) -> Tensor",
    "jvp": "(Tensor x, Tensor u) -> Tensor",
    "vjp_of_vjp": "(Tensor x, Tensor ybar, Tensor u) -> (Tensor, Tensor)",
}

DISPATCH_KEYS: Final = {"c": "CPU", "cuda": "CUDA", "torch": "CompositeExplicitAutograd"}


@dataclass(frozen=True)
class Operators:
    """The operators of one kernel; each is the derivative of the one before, and the last has none.

    All take contiguous or strided tensors (..., dim, channel) and (..., K, channel) and return fresh contiguous ones.
    Being functional, they are opaque to the compilers but safe to reorder and to recompute.
    """

    value: Callable[[torch.Tensor], torch.Tensor]
    vjp: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    jvp: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    vjp_of_vjp: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], Pair]


_lock = threading.Lock()
_registered: dict[str, Operators] = {}
# Keys of the specs whose operators a library registered at our request.
_libraries: set[str] = set()
# One fragment of the namespace for the life of the process: operators vanish with the object that defined them.
_library: torch.library.Library | None = None


def operator_name(spec: KernelSpec, function: str) -> str:
    """The name, after ``invgen::``, of an operator."""
    return f"{operator_prefix(spec)}_{function}"


def register(spec: KernelSpec, implementation: Implementation) -> Operators:
    """The operators of ``spec``, defined on first use; a second call with an equal spec returns the first's.

    Operators that a library has registered under these names are used as they are, with derivatives from here.
    """
    with _lock:
        if spec.key not in _registered:
            _registered[spec.key] = _define(_fragment(), spec, implementation)
        return _registered[spec.key]


def is_defined(spec: KernelSpec) -> bool:
    """Whether this process has the operators of ``spec``, whoever registered them."""
    return hasattr(getattr(torch.ops, NAMESPACE), operator_name(spec, "value"))


def load_operators(spec: KernelSpec, library: Path) -> None:
    """The operators of ``spec`` are those of ``library`` from here on.

    Raises:
        InputError: If the process has operators of these names already.
        CompilerError: If the library cannot be loaded.
    """
    with _lock:
        if spec.key in _libraries:
            return
        if is_defined(spec):
            raise InputError(
                f"the operators of kernel {spec.name!r} are registered in this process already: "
                'ask for registration="c++" before the kernel is first built, or leave it away'
            )
        try:
            torch.ops.load_library(str(library))
        except OSError as error:
            raise CompilerError(
                f"the operators of kernel {spec.name!r} cannot be loaded from {library} ({error.__cause__ or error}): "
                'use registration="python"'
            ) from error
        _libraries.add(spec.key)


def third_derivative_error(name: str) -> InputError:
    """The sentence for whoever differentiates a kernel three times."""
    return InputError(
        f"kernel {name!r} is differentiable twice, and a third derivative was asked for: "
        "differentiate the functions of the package's reference.py, which are plain PyTorch, instead"
    )


def batch_first(in_dims: Sequence[int | None], batch: int, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Every tensor gets the mapped dimension in front, expanded where it was not mapped."""
    return [
        tensor.expand(batch, *tensor.shape) if dim is None else tensor.movedim(dim, 0)
        for dim, tensor in zip(in_dims, tensors, strict=True)
    ]


def _fragment() -> torch.library.Library:
    global _library
    if _library is None:
        _library = torch.library.Library(NAMESPACE, "FRAGMENT")
    return _library


def _define(library: torch.library.Library, spec: KernelSpec, implementation: Implementation) -> Operators:
    key = DISPATCH_KEYS[spec.target]
    registered = is_defined(spec)
    for function, schema in _SCHEMAS.items():
        if not registered:
            name = operator_name(spec, function)
            library.define(f"{name}{schema}")
            library.impl(name, getattr(implementation, function), key)
        _register_vmap(library, spec, function)
    names = {function: f"{NAMESPACE}::{operator_name(spec, function)}" for function in _SCHEMAS}
    _register_fakes(library, spec, names)
    operators = Operators(**{function: _overload(spec, function) for function in _SCHEMAS})
    _register_derivatives(library, spec, names, operators)
    return operators


def _overload(spec: KernelSpec, function: str) -> Any:
    return getattr(getattr(torch.ops, NAMESPACE), operator_name(spec, function)).default


def _register_vmap(library: torch.library.Library, spec: KernelSpec, function: str) -> None:
    operator = _overload(spec, function)

    def mapped(info: Any, in_dims: tuple[int | None, ...], *tensors: torch.Tensor) -> tuple[Any, Any]:
        results = operator(*batch_first(in_dims, info.batch_size, tensors))
        return results, (0, 0) if isinstance(results, tuple) else 0

    torch.library.register_vmap(f"{NAMESPACE}::{operator_name(spec, function)}", mapped, lib=library)


def _register_fakes(library: torch.library.Library, spec: KernelSpec, names: dict[str, str]) -> None:
    def to_x(x: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
        return empty_rows(x, spec.dimension)

    def to_y(x: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
        return empty_rows(x, spec.count)

    def to_both(x: torch.Tensor, *_: torch.Tensor) -> Pair:
        return to_x(x), to_y(x)

    for function, fake in (("value", to_y), ("vjp", to_x), ("jvp", to_y), ("vjp_of_vjp", to_both)):
        torch.library.register_fake(names[function], fake, lib=library)


def _register_derivatives(
    library: torch.library.Library, spec: KernelSpec, names: dict[str, str], operators: Operators
) -> None:
    def save_inputs(ctx: Any, inputs: tuple[torch.Tensor, ...], output: Any) -> None:
        ctx.save_for_backward(*inputs)

    def of_value(ctx: Any, ybar: torch.Tensor) -> torch.Tensor:
        (x,) = ctx.saved_tensors
        return operators.vjp(x, ybar)

    def of_vjp(ctx: Any, u: torch.Tensor) -> Pair:
        x, ybar = ctx.saved_tensors
        return operators.vjp_of_vjp(x, ybar, u)

    def of_jvp(ctx: Any, ybar: torch.Tensor) -> Pair:
        x, u = ctx.saved_tensors
        return operators.vjp_of_vjp(x, ybar, u)[0], operators.vjp(x, ybar)

    def of_vjp_of_vjp(ctx: Any, *_: torch.Tensor) -> None:
        raise third_derivative_error(spec.name)

    for function, backward in (("value", of_value), ("vjp", of_vjp), ("jvp", of_jvp), ("vjp_of_vjp", of_vjp_of_vjp)):
        torch.library.register_autograd(names[function], backward, setup_context=save_inputs, lib=library)
