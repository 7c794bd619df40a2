"""What a built kernel is made of, whichever family and target it has: its bare functions, without autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch

from invgen.runtime.families.table import Family, Function, ShapeOf, Spec
from invgen.runtime.outputs import fresh

if TYPE_CHECKING:
    from invgen.runtime.build.cubin import KernelReport

Tensors = tuple[torch.Tensor, ...]

Bare = Callable[[Sequence[Any], Tensors | None], Tensors]
"""(arguments in the order of the operator, tensors to write to or None) -> the results.

Shapes, dtypes and devices agree, the caller has checked that. Inputs may have any strides. Results are fresh and
contiguous, or the tensors that were given, which are contiguous, of the right shapes, and overlap no input.
"""


class Implementation:
    """The functions of a kernel by name, as its family's table lists them.

    Args:
        functions: all of them.
    """

    def __init__(self, functions: Mapping[str, Bare]) -> None:
        self.functions = functions

    def call(self, function: str, *inputs: Any, out: Tensors | None = None) -> Any:
        """One function: a tensor, or a tuple where there are several results."""
        return plain(self.functions[function](inputs, out))

    def load(self, device: torch.device) -> None:
        """Makes the kernel ready on a device, so that a call there can be captured in a graph."""

    def reports(self) -> tuple[KernelReport, ...]:
        """What the compiler said of every kernel, where a target's compiler says anything."""
        return ()


def bare(shapes: tuple[ShapeOf, ...], run: Callable[[Sequence[Any], Tensors], None]) -> Bare:
    """A function that writes to memory that it is given, with memory for its results."""
    first = shapes[0]
    single = len(shapes) == 1

    def call(inputs: Sequence[Any], out: Tensors | None) -> Tensors:
        if out is None:
            like = inputs[0]
            # Most calls have one result, for which a loop would take as long as the allocation.
            out = (fresh(first(inputs), like),) if single else tuple([fresh(shape(inputs), like) for shape in shapes])
        run(inputs, out)
        return out

    return call


def bare_functions(
    family: Family, spec: Spec, run: Callable[[Function], Callable[[Sequence[Any], Tensors], None]]
) -> dict[str, Bare]:
    """All functions of a family, of which `run` says how each is run."""
    return {function.name: bare(family.shapes(spec, function), run(function)) for function in family.functions}


def dense(tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Tensors whose memory holds what they say: contiguous, and with no negation that is still to be done."""
    return [tensor.resolve_neg().contiguous() for tensor in tensors]


def plain(results: Tensors) -> Any:
    """A tensor alone, or the tuple where there are several."""
    return results[0] if len(results) == 1 else results
