"""How probable it is that a rejected invariant was independent of those kept.

Where the proved rank is all that can be reached, nothing was rejected wrongly. Elsewhere the probability is bounded as
follows. In integer coordinates a minor is an integer polynomial of degree at most D whose coefficients have at most B
bits. Fewer than B / 30 of the more than 2^25 primes of 31 bits divide them all, and otherwise the minor vanishes at a
random point with probability at most D / 2^30 (Schwartz 1980, Zippel 1979). Three independent primes and points give
((D + 2B) / 2^30)^3 for each rejection. Their number is at most that of all linearly independent invariants up to the
degree searched, or that of the list given.
"""

from __future__ import annotations

from collections.abc import Sequence

from invgen.contractions.expression import Expression
from invgen.contractions.trees import CouplingTree
from invgen.reduction.search.request import PRIMES, Request
from invgen.spaces import conventions
from invgen.spaces.outputs import SCALAR, series
from invgen.spaces.space import TensorSpace


def error_log2(request: Request, members: Sequence[Expression], found: int) -> int:
    """An upper bound of log2 of the probability that a rejection was wrong, where `found` members are independent."""
    if found == request.target:
        return 0
    listed, space, degree = request.listed, request.space, request.max_degree
    rejections = len(listed) - found if listed else sum(series(space, request.outputs, degree))
    if not rejections:
        return 0
    # Rows are gradients, of one degree less than the members; of maps they are the values themselves.
    highest = degree if request.outputs == SCALAR else degree + 1
    bound = minor_error_log2(space, highest, found + 1, tree_bits(space, members))
    return min(0, bound + rejections.bit_length())


def tree_bits(space: TensorSpace, members: Sequence[Expression]) -> int:
    """Bits of the coefficients of any derivative of a member, 0 where all are contractions.

    They are taken in coordinates that serve trees and contractions alike, see `Frame.widths`.
    """
    if not any(isinstance(member, CouplingTree) for member in members):
        return 0
    from invgen.reduction.given.entries import EntryList
    from invgen.reduction.given.frames import frame

    listed = EntryList(frame(space, "rational"), tuple(members))
    return max(map(listed.log2_gradient, listed.entries))


def minor_error_log2(space: TensorSpace, degree: int, size: int, row_bits: int = 0) -> int:
    """An upper bound of log2 of the probability that three primes and points miss a minor of this size.

    Args:
        space: the tensors.
        degree: the highest degree of a row's invariant.
        size: of the minor.
        row_bits: bits of the coefficients of the rows, where these are not contractions alone.
    """
    widest = max(sum(map(abs, row)) for t in space.tensors for row in conventions.map_of("rational", t).matrix)
    indices = degree * max(t.l for t in space.tensors)
    # |coefficients| <= size! (degree · 3^indices · widest^degree)^size, as a contraction sums 3^edges products
    row = max(2 * indices + degree * widest.bit_length(), row_bits)
    bits = size * (size.bit_length() + degree.bit_length() + row)
    failure = size * (degree - 1) + 2 * bits
    return PRIMES * (failure.bit_length() - 30)
