"""How a CUDA source says what its kernels are: one line of JSON for each, in the opening comment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from invgen.errors import BasisFileError
from invgen.runtime.families.invariants import INVARIANTS

FORMS: Final = ("strided", "wide", "tile")
_MARK: Final = " * kernel "


class AnyPlan(Protocol):
    """How one kernel is launched, whichever family it belongs to."""

    @property
    def name(self) -> str:
        """Its C name."""
        ...

    @property
    def function(self) -> str:
        """What it belongs to: a function of its family, or a part of one."""
        ...

    @property
    def threads(self) -> int:
        """The threads of a block."""
        ...


Plan = TypeVar("Plan", bound=AnyPlan)


@dataclass(frozen=True)
class LaunchPlan:
    """How one kernel is launched.

    Attributes:
        name: its C name.
        function: which of the five functions it belongs to.
        form: "strided" takes any channels, "wide" multiples of `width` on addresses that are multiples of 16, "tile" a
            single channel.
        width: channels of one thread.
        threads: threads of one block.
        arrays: the names of its array arguments, in order; the number of pairs and of channels follow.
    """

    name: str
    function: str
    form: str
    width: int
    threads: int
    arrays: tuple[str, ...]


def read_plans(
    source: str, name: str, make: Callable[[dict[str, Any]], Plan], needed: Iterable[str]
) -> tuple[Plan, ...]:
    """What `make` makes of every line of the opening comment that describes a kernel, in order.

    Raises:
        BasisFileError: a line is damaged, or one of the needed functions has no kernel.
    """
    lines = [line for line in source.split("*/", 1)[0].splitlines() if line.startswith(_MARK)]
    try:
        plans = tuple(make(json.loads(line.removeprefix(_MARK))) for line in lines)
    except (ValueError, TypeError, KeyError) as error:
        raise BasisFileError(f"the CUDA source of kernel {name!r} is damaged ({error}): regenerate it") from error
    check_functions(plans, name, needed)
    return plans


def check_functions(plans: Sequence[AnyPlan], name: str, needed: Iterable[str]) -> None:
    """Every needed function has a kernel among the plans.

    Raises:
        BasisFileError: one has none.
    """
    present = {plan.function for plan in plans}
    missing = [function for function in needed if function not in present]
    if missing:
        raise BasisFileError(f"the CUDA source of kernel {name!r} lacks the function {missing[0]}: regenerate it")


def launch_plans(source: str, name: str) -> tuple[LaunchPlan, ...]:
    """The plans of the kernels of invariants in a source, in order.

    Raises:
        BasisFileError: a line is damaged, or one of the five functions has no strided kernel.
    """
    plans = read_plans(source, name, lambda fields: LaunchPlan(**{**fields, "arrays": tuple(fields["arrays"])}), ())
    check_functions([plan for plan in plans if plan.form == "strided"], name, INVARIANTS.by_name)
    return plans
