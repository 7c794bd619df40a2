"""What a family of kernels computes: its functions, what each reads and writes, and which is the derivative of which.

Every family has one shape. A value y depends on points, with respect to which it is differentiable, and on constants.
Beside it there are

    vjp     (points, ybar)    -> for points in order, the gradient of <ybar, y>
    jvp     (points, along)   -> ydot, the derivative of y along a change of all points
    second  (points, ybar, along) -> for all points and for ybar, the gradient of <along, vjp>

and from these kinds all rules of differentiation follow (`invgen.runtime.derivatives`). A family may have several
functions of kind vjp or second that leave something out; differentiation takes the first that is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, ClassVar, Final, Literal, Protocol

import torch

from invgen.errors import InputError
from invgen.runtime.spec import KernelSpec

Shape = tuple[int, ...]
ShapeOf = Callable[[Sequence[Any]], Shape]
"""The arguments of a function -> the shape of a result."""

Call = Callable[..., Any]
"""A function of an operator's arguments -> a tensor, or a tuple where there are several results."""

OF_Y: Final = -1
"""What marks the place of a point where an array has the shape of the value."""

Kind = Literal["value", "vjp", "value_and_vjp", "jvp", "second"]


class Spec(Protocol):
    """What every spec has, whichever family it belongs to."""

    family: ClassVar[str]

    @property
    def kernel(self) -> KernelSpec:
        """Source, name, dtype and target."""
        ...


@dataclass(frozen=True)
class Function:
    """One function of a family.

    Attributes:
        name: what methods, operators and sources call it.
        kind: what it computes, see above. There is no operator for `value_and_vjp`: callers without autograd use it.
        others: what it reads beside the arguments of the value.
        outputs: its results; those of a vjp belong to the points in order, of which it may leave out the last.
        flags: booleans that say which results are wanted; the others have no elements.
        gates: for each result its flag, where there are flags.
    """

    name: str
    kind: Kind
    others: tuple[str, ...]
    outputs: tuple[str, ...]
    flags: tuple[str, ...] = ()
    gates: tuple[int, ...] = ()

    @cached_property
    def reads(self) -> tuple[int, ...]:
        """For each of `others` the place of the point that has its shape, or `OF_Y`."""
        count = len(self.others)
        return tuple(range(count)) if self.kind == "jvp" else (OF_Y, *range(count - 1))[:count]

    @cached_property
    def writes(self) -> tuple[int, ...]:
        """The same for each of the results."""
        count = len(self.outputs)
        if self.kind == "vjp":
            return tuple(range(count))
        return (*range(count - 1), OF_Y) if self.kind == "second" else (OF_Y, *range(count - 1))


@dataclass(frozen=True)
class Family:
    """The table of one family.

    The arguments of a function are the points, `fixed`, what it reads beside them, `lists` and its flags, in this
    order.

    Attributes:
        name: what packages call it.
        points: what derivatives are taken with respect to.
        fixed: constants that come after the points.
        lists: constants that come last.
        functions: all functions; of two that would be enough, the one that does less comes first.
        targets: what it is built for.
        remedy: what to do about a third derivative.
        y_shape: spec -> (arguments of the value, perhaps with others) -> the shape of the value.
        mapped: (function, call) -> the rule by which `torch.vmap` maps the call.
        infix: what comes before the function in the names of operators.
        cpp: whether C++ can register its operators.
    """

    name: str
    points: tuple[str, ...]
    fixed: tuple[str, ...]
    lists: tuple[str, ...]
    functions: tuple[Function, ...]
    targets: tuple[str, ...]
    remedy: str
    y_shape: Callable[[Any], ShapeOf]
    mapped: Callable[[Function, Call], Callable[..., tuple[Any, Any]]]
    infix: str = ""
    cpp: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Function]:
        """The functions by name."""
        return {function.name: function for function in self.functions}

    @cached_property
    def operators(self) -> tuple[Function, ...]:
        """The functions that are operators."""
        return tuple(function for function in self.functions if function.kind != "value_and_vjp")

    def of_kind(self, kind: Kind) -> tuple[Function, ...]:
        """The functions of a kind, in order."""
        return tuple(function for function in self.functions if function.kind == kind)

    @cached_property
    def place(self) -> int:
        """Where in the arguments of a function the ones are that it reads beside those of the value."""
        return len(self.points) + len(self.fixed)

    def shapes(self, spec: Spec, function: Function) -> tuple[ShapeOf, ...]:
        """What the shapes of a function's results follow from."""
        if not function.gates:
            return tuple(self.y_shape(spec) if k == OF_Y else partial(_shape_of, k) for k in function.writes)
        flags = [gate - len(function.flags) for gate in function.gates]
        return tuple(partial(_shape_where, flag, k) for flag, k in zip(flags, function.writes))

    def tensors(self, function: Function) -> tuple[str, ...]:
        """The names of the tensors that a function takes, in order."""
        return (*self.points, *self.fixed, *function.others, *self.lists)

    def schema(self, function: Function) -> str:
        """The arguments and results of its operator, as torch writes them."""
        arguments = [f"Tensor {name}" for name in self.tensors(function)] + [f"bool {name}" for name in function.flags]
        results = ", ".join("Tensor" for _ in function.outputs)
        return f"({', '.join(arguments)}) -> {results if len(function.outputs) == 1 else f'({results})'}"


def _shape_of(place: int, inputs: Sequence[Any]) -> Shape:
    return tuple(inputs[place].shape)


def _shape_where(flag: int, place: int, inputs: Sequence[Any]) -> Shape:
    return tuple(inputs[place].shape) if inputs[flag] else (0,)


def third_derivative_error(family: Family, name: str) -> InputError:
    """The sentence for a kernel that is differentiated three times."""
    return InputError(f"kernel {name!r} is differentiable twice, and a third derivative was asked for: {family.remedy}")


def twice_forward_error(name: str) -> InputError:
    """The sentence for a kernel that is differentiated in forward mode over forward mode."""
    return InputError(
        f"kernel {name!r} was differentiated twice in forward mode, which it does not support: "
        "use torch.func.hessian (forward over reverse) or reverse mode"
    )


def batch_first(in_dims: Sequence[int | None], batch: int, tensors: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Every tensor gets the mapped dimension in front, expanded where it was not mapped."""
    return [
        tensor.expand(batch, *tensor.shape) if dim is None else tensor.movedim(dim, 0)
        for dim, tensor in zip(in_dims, tensors, strict=True)
    ]


def mapped_by_loop(function: Function, call: Call) -> Callable[..., tuple[Any, Any]]:
    """Mapping by a loop, where a list or an index is not a batch dimension: each element is a call of its own."""
    flags = len(function.flags)

    def mapped(info: Any, in_dims: Sequence[int | None], *given: Any) -> tuple[Any, Any]:
        count = len(given) - flags
        batched = batch_first(in_dims[:count], info.batch_size, given[:count])
        results = [call(*(tensor[k] for tensor in batched), *given[count:]) for k in range(info.batch_size)]
        if isinstance(results[0], torch.Tensor):
            return torch.stack(results), 0
        return tuple(torch.stack(each) for each in zip(*results)), (0,) * len(results[0])

    return mapped
