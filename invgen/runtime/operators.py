"""Torch operators over a kernel: what torch.compile, torch.export and a saved program see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.build.loading import loading_error
from invgen.runtime.derivatives import backward_of, save
from invgen.runtime.families import family_of
from invgen.runtime.families.table import Call, Family, Function, ShapeOf, Spec
from invgen.runtime.implementation import Bare, Implementation, plain
from invgen.runtime.spec import operator_prefix
from invgen.runtime.targets import target_named

NAMESPACE: Final = "invgen"

Operators = Mapping[str, Call]
"""The operators of one kernel by function.

All take tensors of any strides and return fresh contiguous ones. Being functional, they are opaque to the compilers
but safe to reorder and to recompute. Each is the derivative of the ones before, and the last have none.
"""

_lock = threading.Lock()
_registered: dict[str, Operators] = {}
# The kernels whose operators a library registered at our request.
_libraries: set[str] = set()
# One fragment of the namespace for the life of the process: operators vanish with the object that defined them.
_fragments: list[torch.library.Library] = []


def operator_name(spec: Spec, function: str) -> str:
    """The name, after `invgen::`, of an operator: the same in every process, so that saved programs find it."""
    return f"{operator_prefix(spec.kernel)}_{family_of(spec).infix}{function}"


def register(spec: Spec, implementation: Implementation) -> Operators:
    """The operators of `spec`, defined on first use; a second call with an equal spec returns the first's.

    Operators that a library has registered under these names are used as they are, with derivatives from here.
    """
    key = operator_name(spec, "")
    with _lock:
        if key not in _registered:
            if not _fragments:
                _fragments.append(torch.library.Library(NAMESPACE, "FRAGMENT"))
            _registered[key] = _define(_fragments[0], spec, implementation)
        return _registered[key]


def is_defined(spec: Spec) -> bool:
    """Whether this process has the operators of `spec`, whatever registered them."""
    return hasattr(getattr(torch.ops, NAMESPACE), operator_name(spec, "value"))


def needs_library(spec: Spec) -> bool:
    """Whether a library has yet to register the operators of `spec` for them to be those of C++.

    Raises:
        InputError: if the process has operators of these names already, from elsewhere.
    """
    if operator_name(spec, "") in _libraries:
        return False
    if is_defined(spec):
        raise InputError(
            f"the operators of kernel {spec.kernel.name!r} are registered in this process already: "
            'ask for registration="c++" before the kernel is first built, or leave it out'
        )
    return True


def load_operators(spec: Spec, library: Path) -> None:
    """The operators of `spec` are those of `library` from here on.

    Raises:
        InputError: if the process has operators of these names already.
        CompilerError: if the library cannot be loaded.
    """
    with _lock:
        if not needs_library(spec):
            return
        try:
            torch.ops.load_library(str(library))
        except OSError as error:
            what = f"the library of the operators of kernel {spec.kernel.name!r}"
            raise loading_error(library, error, what, 'use registration="python"') from error
        _libraries.add(operator_name(spec, ""))


def _define(library: torch.library.Library, spec: Spec, implementation: Implementation) -> Operators:
    family, dispatch_key = family_of(spec), target_named(spec.kernel.target).dispatch_key
    registered = is_defined(spec)
    operators: dict[str, Call] = {}
    for function in family.operators:
        name = operator_name(spec, function.name)
        full = f"{NAMESPACE}::{name}"
        if not registered:
            library.define(name + family.schema(function))
            library.impl(name, _run(implementation.functions[function.name]), dispatch_key)
        operators[function.name] = getattr(getattr(torch.ops, NAMESPACE), name).default
        torch.library.register_fake(full, _fake(family.shapes(spec, function)), lib=library)
        torch.library.register_vmap(full, family.mapped(function, operators[function.name]), lib=library)
        _differentiate(library, full, family, function, spec.kernel.name, operators)
    return operators


def _run(bare: Bare) -> Call:
    def run(*inputs: Any) -> Any:
        return plain(bare(inputs, None))

    return run


def _fake(shapes: tuple[ShapeOf, ...]) -> Callable[..., Any]:
    def fake(*inputs: Any) -> Any:
        return plain(tuple(inputs[0].new_empty(shape(inputs)) for shape in shapes))

    return fake


def _differentiate(
    library: torch.library.Library, full: str, family: Family, function: Function, name: str, operators: Operators
) -> None:
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        ctx.save_for_backward(*save(function, ctx, inputs))

    rule = backward_of(family, function, name, operators)
    torch.library.register_autograd(full, rule, setup_context=setup_context, lib=library)
