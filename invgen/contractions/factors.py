"""What follows from the factors of an expression, whatever its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NoReturn

from invgen.errors import InputError
from invgen.spaces.outputs import SCALAR
from invgen.spaces.space import TensorSpace


class Factors:
    """An expression with named factors: its degrees, and its sign under inversion."""

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of the tensors that are multiplied, each as often as it occurs."""
        raise NotImplementedError

    @property
    def degree(self) -> int:
        """The polynomial degree: the number of factors."""
        return len(self.factors)

    def multidegree(self, space: TensorSpace) -> tuple[int, ...]:
        """How often each tensor of the space occurs."""
        times = Counter(self.factors)
        return tuple(times[name] for name in space.names)

    def is_admitted(self, space: TensorSpace) -> bool:
        """Whether the group of the space keeps a rotation invariant with these factors (inversion may not)."""
        return space.admits(self.multidegree(space))


class ScalarFactors(Factors):
    """An expression of a kind that is always a scalar."""

    @property
    def root(self) -> NoReturn:
        """`InputError`: the expression is not a coupling tree."""
        raise InputError(f"{self} is a scalar, not a covariant; write it as a coupling tree")

    def check_outputs(self, outputs: str) -> None:
        """`InputError` where other outputs than scalars are wanted."""
        if outputs != SCALAR:
            raise InputError(f"{self} is a scalar; outputs {outputs} are coupling trees such as '(v,q)1'")


def check_strings(fields: Iterable[Any], data: Any) -> None:
    """`TypeError` if a field of a member in a file is not a string."""
    if not all(isinstance(field, str) for field in fields):
        raise TypeError(f"a member must consist of strings, got {data!r}")
