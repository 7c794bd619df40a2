"""Where the weights of a convolution come from, and the knots of tables, as callers say it."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from invgen import checks
from invgen.errors import InputError
from invgen.ir.convolution import Knots

RADIAL = ("given", "table")

DEFAULT_KNOTS = 256

MOST_KNOTS = 65536


def knots_of(radial: str, knots: int | None, span: tuple[float, float] | None, angular: str) -> Knots | None:
    """The knots of tables, where weights come from tables.

    Raises:
        InputError: the options do not go together, or one is not allowed.
    """
    checks.one_of("radial", radial, RADIAL)
    if radial == "given":
        if knots is not None or span is not None:
            raise InputError('knots and span are those of tables: ask for radial="table", or leave them out')
        return None
    if angular != "unit":
        raise InputError(
            'radial="table" looks weights up by the length of vectors, and needs l_max with unit harmonics of them'
        )
    count = checks.integer("the number of knots", DEFAULT_KNOTS if knots is None else knots, least=4, most=MOST_KNOTS)
    ends = [checks.as_real(each) for each in span] if isinstance(span, (tuple, list)) and len(span) == 2 else []
    low, high = ends if len(ends) == 2 else (None, None)
    if low is None or high is None or not (isfinite(low) and isfinite(high) and 0 <= low < high):
        raise InputError(
            f"the span of a table is two distances, the first at least 0 and less than the second, got {span!r}"
        )
    return Knots(count, Fraction(low), Fraction(high))
