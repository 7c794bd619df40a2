"""What the kernels of all families have in common: the object that a user calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import torch

from invgen.errors import InputError
from invgen.runtime.arguments import Arguments
from invgen.runtime.building import write_operators
from invgen.runtime.chain import chain
from invgen.runtime.families import family_of
from invgen.runtime.families.table import Function, Spec
from invgen.runtime.implementation import Implementation, Tensors, plain
from invgen.runtime.operators import Operators
from invgen.runtime.targets import target_named, targets_with

if TYPE_CHECKING:
    from invgen.runtime.build.cubin import KernelReport

_Spec = TypeVar("_Spec", bound=Spec)
_Arguments = TypeVar("_Arguments", bound=Arguments)


class BoundKernel(Generic[_Spec, _Arguments]):
    """The functions of one spec with checks of arguments; immutable, so that a copy is the kernel itself.

    Args:
        spec: everything the kernel was built from.
        arguments: what it accepts.
        implementation: its bare functions.
        operators: its operators.
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
        family = family_of(spec)
        self._table, self._place = family.by_name, family.place
        self._differentiable = chain(family, self.name, operators)

    def write_operators(self, path: str | Path) -> Path:
        """A library that registers this kernel's operators in a program without Python; see `write_operators`."""
        return write_operators(self.spec, path)

    def build_report(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every GPU kernel, for each architecture that it was loaded for.

        Raises:
            InputError: if the target is not `cuda`.
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

    def _run(
        self,
        name: str,
        given: tuple[torch.Tensor, ...],
        others: tuple[torch.Tensor, ...] = (),
        out: Any = None,
        flags: tuple[bool, ...] = (),
    ) -> Any:
        """A bare function of the arguments of the value and of others: a tensor, or a tuple where there are several.

        Nothing is recorded, and results go to `out` where it is given.
        """
        arguments = self._arguments
        arguments.check_value(*given)
        if not others and out is None:
            return self._called(name, given)
        function, place = self._table[name], self._place
        for title, like, tensor in zip(function.others, function.reads, others):
            arguments.check_beside(title, like, tensor, given)
        inputs = (*given[:place], *others, *given[place:]) if others else given
        if out is None:
            return self._called(name, (*inputs, *flags))
        results = self._results(function, out, given)
        arguments.check_out(results, inputs)
        self._called(name, inputs, results)
        for tensor in results:
            # Lets autograd notice that saved tensors have changed: C code writes behind its back.
            if not tensor.is_inference():
                torch.autograd.graph.increment_version(tensor)
        return plain(results)

    def _called(self, name: str, inputs: tuple[Any, ...], out: Tensors | None = None) -> Any:
        return plain(self._functions[name](inputs, out))

    def _results(self, function: Function, out: Any, given: tuple[torch.Tensor, ...]) -> Tensors:
        """The tensors of `out`, which fit."""
        count = len(function.outputs)
        if count == 1:
            self._arguments.check_beside("out", function.writes[0], out, given)
            return (out,)
        if not isinstance(out, (tuple, list)) or len(out) != count:
            raise InputError(
                f"kernel {self.name!r} has the results {', '.join(function.outputs)} here and takes out= as that many "
                "tensors"
            )
        for k, (like, tensor) in enumerate(zip(function.writes, out)):
            self._arguments.check_beside(f"out[{k}]", like, tensor, given)
        return tuple(out)
