"""What the kernels of all families have in common: the object that a user calls."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch

from invgen.errors import InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.building import write_operators
from invgen.runtime.chain import chain
from invgen.runtime.families import family_of
from invgen.runtime.families.table import Spec
from invgen.runtime.implementation import Implementation, Tensors
from invgen.runtime.operators import Operators
from invgen.runtime.targets import target_named, targets_with

_Spec = TypeVar("_Spec", bound=Spec)
_Arguments = TypeVar("_Arguments", bound=Arguments)


class BoundKernel(Generic[_Spec, _Arguments]):
    """The functions of one spec with checks of arguments; immutable, so that a copy is the kernel itself.

    Args:
        spec: Everything the kernel was built from.
        arguments: What it accepts.
        implementation: Its bare functions.
        operators: Its operators.
    """

    def __init__(
        self, spec: _Spec, arguments: _Arguments, implementation: Implementation, operators: Operators
    ) -> None:
        self.spec = spec
        self.name = spec.kernel.name
        self.basis_id = spec.kernel.basis_id
        self.convention = spec.kernel.convention
        self.target = spec.kernel.target
        self.dtype = arguments.dtype
        self._arguments = arguments
        self._implementation = implementation
        self._functions = implementation.functions
        self._operators = operators
        self._operator = operators["value"]
        self._differentiable = chain(family_of(spec), self.name, operators)

    def write_operators(self, path: str | Path) -> Path:
        """A library that registers this kernel's operators in a program without Python; see `write_operators`."""
        return write_operators(self.spec, path)

    def build_report(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every GPU kernel, for each architecture that it was loaded for.

        Raises:
            InputError: If the target is not ``cuda``.
        """
        if not target_named(self.target).reports:
            have = " or ".join(map(repr, targets_with("reports")))
            raise InputError(f"kernel {self.name!r} of target {self.target!r} has no build report: only {have} has one")
        return self._implementation.reports()

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self

    def _recorded(self, *inputs: torch.Tensor) -> torch.Tensor:
        """The value, recorded by autograd."""
        # The compilers see the operators, whose derivatives are registered; they refuse Functions that define jvp.
        call = self._operator if torch.compiler.is_compiling() else self._differentiable
        return call(*inputs)

    def _written(
        self, function: str, inputs: Sequence[torch.Tensor], out: Tensors, as_run: tuple[Sequence[Any], Tensors]
    ) -> Tensors:
        """Results in ``out``, for which a function is run on views of the inputs and of ``out``."""
        self._arguments.check_out(out, tuple(inputs))
        self._functions[function](*as_run)
        for tensor in out:
            # Lets autograd notice that saved tensors have changed: C code writes behind its back.
            if not tensor.is_inference():
                torch.autograd.graph.increment_version(tensor)
        return out
