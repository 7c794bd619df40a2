"""What families over neighbour lists share: the lists, and what a call runs.

Points are (something of pairs, something of pairs, something of sources). A source has a function for what is summed by
receivers and one for what is summed by sources, so that every sum is made by one thread in the order of its pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.constants import KINDS_COMPLAINT, MOMENTS_COMPLAINTS
from invgen.runtime.families.table import Function, Spec

Step = tuple[str, Sequence[torch.Tensor], Sequence[torch.Tensor]]
"""One of the functions that a source has, what it reads beside the lists, and what it writes."""

STEPS: Final = {
    "moments": ("value", "vjp", "vjp_rows", "vjp_columns", "jvp", "second_rows", "second_columns"),
    "convolution": ("value", "vjp", "jvp", "vjp_of_vjp"),
    "tabulated": ("value", "vjp", "jvp", "vjp_of_vjp"),
}
"""The functions that a source of each family has: rows are sums by receivers, columns by sources."""

LISTS: Final = ("row_pointer", "index", "receivers", "column_pointer", "column_pairs")


def lists_error(spec: Spec, complaint: int) -> InputError:
    """The sentence for lists that were altered, by what is wrong with them."""
    if complaint == KINDS_COMPLAINT:
        return InputError(
            f"kernel {spec.kernel.name!r} was given kinds of pairs that are the number of no table: they count from 0, "
            "and there are as many as the table has entries along its first dimension"
        )
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


STEPS_OF: Final = {"moments": steps_of, "convolution": whole, "tabulated": whole}
"""By family, what is to run for one of its functions."""


def apart(
    function: Function, inputs: Sequence[Any], lists: tuple[str, ...] = LISTS
) -> tuple[list[Any], list[torch.Tensor]]:
    """The inputs without the lists, and the lists."""
    begin = 3 + len(function.others)
    end = begin + len(lists)
    return [*inputs[:begin], *inputs[end:]], list(inputs[begin:end])
