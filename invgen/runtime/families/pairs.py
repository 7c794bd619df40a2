"""What families over neighbour lists share: the lists, what a call runs, and how `torch.vmap` maps it.

Points are (something of pairs, something of pairs, something of sources). A source has a function for what is summed by
receivers and one for what is summed by sources, so that every sum is made by one thread in the order of its pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.constants import MOMENTS_COMPLAINTS
from invgen.runtime.families.table import Call, Function, Spec, batch_first

Step = tuple[str, Sequence[torch.Tensor], Sequence[torch.Tensor]]
"""One of the functions that a source has, what it reads beside the lists, and what it writes."""

STEPS: Final = {
    "moments": ("value", "vjp", "vjp_rows", "vjp_columns", "jvp", "second_rows", "second_columns"),
    "convolution": ("value", "vjp", "jvp", "vjp_of_vjp"),
}
"""The functions that a source of each family has: rows are sums by receivers, columns by sources."""

LISTS: Final = ("row_pointer", "index", "receivers", "column_pointer", "column_pairs")


def lists_error(spec: Spec, complaint: int) -> InputError:
    """The sentence for lists that were altered, by what is wrong with them."""
    return InputError(
        f"kernel {spec.kernel.name!r} was given a neighbour list in which {MOMENTS_COMPLAINTS[complaint]}: "
        "make it with Neighbours.from_csr and leave it as it is"
    )


def steps_of(function: Function) -> Callable[[Sequence[Any], Sequence[torch.Tensor]], list[Step]]:
    """(inputs without lists, results) -> what a source of moments runs for them; the flags come last in the inputs.

    The last flag is the one of the sources. A result that is not wanted has no elements.
    """
    if function.kind in ("value", "jvp"):
        return lambda given, out: [(function.name, given, out)]
    if function.kind == "second":
        return lambda given, out: [
            ("second_rows", given, (out[0], out[1], out[3])),
            ("second_columns", given, out[2:3]),
        ]

    def wanted(given: Sequence[Any], out: Sequence[torch.Tensor]) -> list[Step]:
        *tensors, by_pairs, by_sources = given
        if by_pairs and by_sources:
            return [("vjp", tensors, out)]
        rows: list[Step] = [("vjp_rows", tensors, out[:2])]
        columns: list[Step] = [("vjp_columns", tensors, out[2:])]
        return rows * bool(by_pairs) + columns * bool(by_sources)

    return wanted


def whole(function: Function) -> Callable[[Sequence[Any], Sequence[torch.Tensor]], list[Step]]:
    """The same where a source has one function for everything, which leaves out results without elements."""
    flags = len(function.flags)
    return lambda given, out: [(function.name, given[: len(given) - flags], out)]


STEPS_OF: Final = {"moments": steps_of, "convolution": whole}
"""By family, what is to run for one of its functions."""


def apart(function: Function, inputs: Sequence[Any]) -> tuple[list[Any], list[torch.Tensor]]:
    """The inputs without the lists, and the lists."""
    begin = 3 + len(function.others)
    end = begin + len(LISTS)
    return [*inputs[:begin], *inputs[end:]], list(inputs[begin:end])


def mapped(function: Function, call: Call) -> Callable[..., tuple[Any, Any]]:
    """Mapping by a loop: a neighbour list is not a batch dimension, so each element is a call of its own."""
    flags = len(function.flags)

    def run(info: Any, in_dims: Sequence[int | None], *given: Any) -> tuple[Any, Any]:
        count = len(given) - flags
        batched = batch_first(in_dims[:count], info.batch_size, given[:count])
        results = [call(*(tensor[k] for tensor in batched), *given[count:]) for k in range(info.batch_size)]
        if isinstance(results[0], torch.Tensor):
            return torch.stack(results), 0
        return tuple(torch.stack(each) for each in zip(*results)), (0,) * len(results[0])

    return run
