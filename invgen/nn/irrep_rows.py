"""Where the irreps of a sum such as "0e + 2x1o" stand among the rows of an array (samples, rows, channels)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from invgen.errors import InputError
from invgen.spaces.irreps import parse_unnamed, symbol_of


@dataclass(frozen=True)
class IrrepRows:
    """The rows of one irrep: the copies of component 0, then those of component 1, and so on.

    Attributes:
        l: the rank.
        parity: +1 or -1.
        copies: the multiplicity.
    """

    l: int
    parity: int
    copies: int = 1

    @property
    def irrep(self) -> str:
        """The irrep as e3nn writes it, without the multiplicity."""
        return symbol_of(self.l, self.parity)

    @property
    def components(self) -> int:
        """2l + 1."""
        return 2 * self.l + 1

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.components * self.copies

    def __str__(self) -> str:
        return f"{self.copies}x{self.irrep}" if self.copies > 1 else self.irrep


def rows_of(what: str, irreps: Any, most: int | None = None) -> tuple[IrrepRows, ...]:
    """The irreps of a text, each of which stands there once.

    Args:
        what: they are, the beginning of an error sentence.
        irreps: a text such as "0e + 2x1o".
        most: the largest multiplicity.

    Raises:
        InputError: it is not such a text, or names an irrep twice, or a multiplicity is larger.
    """
    if not isinstance(irreps, str):
        raise InputError(f'{what} are a text such as "0e + 1o", got {irreps!r}')
    found = tuple(IrrepRows(l, parity, copies) for copies, l, parity in parse_unnamed(irreps))
    twice = [irrep for irrep, times in Counter(each.irrep for each in found).items() if times > 1]
    if twice:
        raise InputError(
            f"{what} name every irrep once, got {twice[0]} more than once in {irreps!r}; write 2x{twice[0]}"
        )
    large = [each for each in found if most is not None and each.copies > most]
    if large:
        raise InputError(
            f"{what} have multiplicities up to {most}, got {large[0]} in {irreps!r}: channels are a number of their own"
        )
    return found


def text_of(rows: tuple[IrrepRows, ...]) -> str:
    """The text that `rows_of` reads."""
    return " + ".join(map(str, rows))


def in_order(rows: tuple[IrrepRows, ...]) -> tuple[IrrepRows, ...]:
    """By rank, even before odd, as a convolution writes its irreps."""
    return tuple(sorted(rows, key=lambda each: (each.l, -each.parity)))
