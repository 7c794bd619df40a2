"""The coordinates of an invariant in a linear basis, by rational arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix
from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

from invgen.algebra.finite_field import derived_points
from invgen.contractions.at_points import exact_evaluator
from invgen.contractions.expression import Expression
from invgen.errors import EnumerationError
from invgen.spaces.space import TensorSpace

_ATTEMPTS = 20
_RANGE = 19  # coordinates -9..9 keep the rationals small


def coordinates(space: TensorSpace, members: Sequence[Expression], contraction: Expression) -> tuple[Fraction, ...]:
    """The unique c with contraction = sum of c_i members_i, for a linear basis of the contraction's multidegree.

    The values of n independent functions at n points determine the coordinates; one more point checks them.
    Complexity: n^3 rational operations.
    """
    count = len(members)
    for attempt in range(_ATTEMPTS):
        points = derived_points(f"expansion {attempt}", _RANGE, count + 1, space.dimension) - _RANGE // 2
        at = exact_evaluator(space, points)
        rows = [[QQ(v.numerator, v.denominator) for v in at.value(m)] for m in members]
        wanted = [QQ(v.numerator, v.denominator) for v in at.value(contraction)]
        matrix = DomainMatrix([row[:count] for row in rows], (count, count), QQ).transpose()
        try:
            solution = matrix.lu_solve(DomainMatrix([[w] for w in wanted[:count]], (count, 1), QQ)).to_list_flat()
        except DMNonInvertibleMatrixError:
            continue  # the points were not in general position
        if sum(c * row[count] for c, row in zip(solution, rows, strict=True)) != wanted[count]:
            break
        return tuple(Fraction(int(c.numerator), int(c.denominator)) for c in solution)
    raise EnumerationError(f"{contraction} does not expand in the given members; please report this as a defect")
