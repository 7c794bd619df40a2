"""One invariant expanded: as a polynomial in the components, as a SymPy expression."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from invgen.algebra.exact import ONE, Surd
from invgen.algebra.modular import Plain
from invgen.contractions.evaluation import Evaluator
from invgen.contractions.expression import Expression
from invgen.spaces import conventions
from invgen.spaces.layouts import CartesianLayout
from invgen.spaces.space import TensorSpace

if TYPE_CHECKING:
    import sympy

Monomials = dict[tuple[int, ...], Surd]


def component_names(space: TensorSpace, convention: str) -> tuple[str, ...]:
    """The components' names as a convention labels them: "l2[-1]", "q[xy]" for hippynn, "m200" for cartesian."""
    if space.layout is not None and convention == conventions.CARTESIAN:
        return space.layout.names
    if space.spatial_dimension == 2:
        return tuple(f"{t.name}[{part}]" for t in space.tensors for part in t.labels)
    return tuple(f"{t.name}[{m}]" for t in space.tensors for m in conventions.component_labels(convention, t.l))


def polynomial(contraction: Expression, space: TensorSpace, convention: str) -> Monomials:
    """The contraction expanded in the components of a convention, as exponents -> exact coefficient.

    Complexity: grows with the number of monomials; meant for looking at, not for computing with.
    """
    from sympy.polys.domains import ZZ
    from sympy.polys.rings import ring

    if space.layout is not None and convention == conventions.CARTESIAN:
        return _cartesian_polynomial(contraction, space, space.layout)
    maps = [conventions.map_of(convention, t) for t in space.tensors]
    scale: Sequence[Surd] = [s for m in maps for s in m.scale]
    _, *generators = ring([f"x{i}" for i in range(space.dimension)], ZZ)
    point = np.empty((1, space.dimension), dtype=object)
    point[0, :] = generators
    integer_maps = [np.array(m.matrix, dtype=object)[None] for m in maps]
    expanded = Evaluator(space, integer_maps, point, Plain()).value(contraction)[0]
    result = {}
    for exponents, coefficient in sorted(dict(expanded).items(), reverse=True):
        value = Surd.rational(int(coefficient))
        for s, power in zip(scale, exponents, strict=True):
            value *= _power(s, power)
        result[tuple(exponents)] = value
    return result


def _cartesian_polynomial(contraction: Expression, space: TensorSpace, layout: CartesianLayout) -> Monomials:
    """The expansion in Cartesian components: combinations of them are substituted for the rational components."""
    from sympy.polys.domains import QQ
    from sympy.polys.rings import ring

    maps = [conventions.map_of("rational", t) for t in space.tensors]
    scales = [s.as_fraction() or Fraction(0) for m in maps for s in m.scale]
    polynomials, *generators = ring([f"x{i}" for i in range(space.dimension)], QQ)
    point = np.empty((1, space.dimension), dtype=object)
    for place, (row, scale) in enumerate(zip(layout.rows, scales, strict=True)):
        value = polynomials.zero
        for i, c in row:
            value += QQ(scale.numerator * c, scale.denominator) * generators[i]
        point[0, place] = value
    integer_maps = [np.array(m.matrix, dtype=object)[None] for m in maps]
    expanded = Evaluator(space, integer_maps, point, Plain()).value(contraction)[0]
    return {
        tuple(exponents): Surd.rational(Fraction(int(c.numerator), int(c.denominator)))
        for exponents, c in sorted(dict(expanded).items(), reverse=True)
    }


def sympy_expression(contraction: Expression, space: TensorSpace, convention: str) -> sympy.Expr:
    """The expanded polynomial as a SymPy expression in symbols named like the components."""
    import sympy

    symbols = [sympy.Symbol(name, real=True) for name in component_names(space, convention)]
    return sympy.Add(
        *(
            sympy.Mul(_number(c), *(s**k for s, k in zip(symbols, exponents, strict=True) if k))
            for exponents, c in polynomial(contraction, space, convention).items()
        )
    )


def _number(value: Surd) -> Any:
    import sympy

    square = sympy.Rational(value.square.numerator, value.square.denominator)
    return value.sign * sympy.sqrt(square * sympy.pi**value.pi_power)


@cache
def _power(base: Surd, exponent: int) -> Surd:
    return ONE if exponent == 0 else _power(base, exponent - 1) * base
