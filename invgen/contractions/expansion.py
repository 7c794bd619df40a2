"""The coordinates of an invariant in a linear basis, by rational arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from invgen.algebra.finite_field import derived_points
from invgen.algebra.rationals import solve
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.spaces.space import TensorSpace

_ATTEMPTS = 20
_RANGE = 19  # coordinates -9..9 keep the rationals small


def coordinates(space: TensorSpace, members: Sequence[Expression], contraction: Expression) -> tuple[Fraction, ...]:
    """The unique c with contraction = sum of c_i members_i, for a linear basis of the contraction's multidegree.

    The values of n independent functions at n points determine the coordinates; one more point checks them.
    Complexity: that of `algebra.rationals.solve`.
    """
    count = len(members)
    for attempt in range(_ATTEMPTS):
        points = derived_points(f"expansion {attempt}", _RANGE, count + 1, space.dimension) - _RANGE // 2
        at = exact_evaluator(space, points)
        columns = [at.value(member).tolist() for member in members]
        rows = [[column[i] for column in columns] for i in range(count + 1)]
        wanted = at.value(contraction).tolist()
        found = solve(rows[:count], [[value] for value in wanted[:count]])
        if found is None:
            continue  # the points were not in general position
        solution = tuple(row[0] for row in found)
        if sum(c * value for c, value in zip(solution, rows[count], strict=True)) != wanted[count]:
            break
        return solution
    raise EnumerationError(f"{contraction} does not expand in the given members; please report this as a defect")
