from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from sympy.polys.domains import QQ
from sympy.polys.rings import ring

from invgen import TensorSpace
from invgen.basis.basis import Basis
from invgen.contractions import printing
from invgen.contractions.contraction import parse
from tests.support import oracles
from tests.support.hiphop import HIPPYNN, SPACE

SMALL = [line for line in HIPPYNN if line.count("t") < 4] + ["i,jk,ijk v,q,t"]


def symbolic_tensors(space: TensorSpace) -> tuple[list[sympy.polys.rings.PolyElement], list[np.ndarray]]:
    """Full Cartesian tensors whose entries are polynomials in the "rational" components."""
    _, *symbols = ring([f"x{i}" for i in range(space.dimension)], QQ)
    tensors = []
    for t, where in zip(space.tensors, space.slices):
        tensor = np.empty((3,) * t.l, dtype=object)
        for index, _ in oracles.entries(t.l):
            units = [QQ(u[index].numerator, u[index].denominator) for u in oracles.unit_tensors(t.l)]
            terms = [u * x for u, x in zip(units, symbols[where])]
            tensor[index] = sum(terms[1:], terms[0])
        tensors.append(tensor)
    return symbols, tensors


@pytest.mark.parametrize("line", SMALL)
def test_the_polynomial_is_the_einsum_of_symbolic_tensors(line: str) -> None:
    contraction = parse(line)
    _, tensors = symbolic_tensors(SPACE)
    operands = [tensors[SPACE.index(name)] for name in contraction.tensors]
    expected = dict(np.asarray(np.einsum(contraction.subscripts, *operands)).item())
    found = printing.polynomial(contraction, SPACE, "rational")
    numbers = {e: Fraction(int(c.numerator), int(c.denominator)) for e, c in expected.items()}
    assert {e: c.as_fraction() for e, c in found.items()} == numbers


def test_an_odd_contraction_expands_with_its_sign() -> None:
    space = TensorSpace("a:1o + b:1o + c:1o", group="SO3")
    plus = Basis.from_contractions(["ijk,i,j,k eps,a,b,c"], space, "hippynn")[0].sympy()
    ax, ay, az, bx, by, bz, cx, cy, cz = [sympy.Symbol(f"{t}[{i}]", real=True) for t in "abc" for i in "xyz"]
    assert sympy.expand(plus - sympy.Matrix([[ax, ay, az], [bx, by, bz], [cx, cy, cz]]).det()) == 0


@pytest.mark.parametrize("convention", ["rational", "sphericart", "e3nn", "e3nn_component", "e3nn_norm", "hippynn"])
def test_the_expression_has_the_value_and_the_derivatives_of_evaluate(convention: str) -> None:
    space = TensorSpace("v:1o + q:2e")
    basis = Basis.from_contractions(["i,ij,j v,q,v", "ij,jk,ki q,q,q"], space, convention)
    numbers = [1, -2, 3, 2, 1, -1, 2, 4]
    symbols = [sympy.Symbol(name, real=True) for name in basis.components]
    at = dict(zip(symbols, numbers))
    for member in basis:
        expression = member.sympy()
        assert expression.free_symbols <= set(symbols)
        value = expression.subs(at)
        gradient = [sympy.diff(expression, s).subs(at) for s in symbols]
        found, rows = basis.evaluate(numbers)[member.index], basis.jacobian(numbers)[member.index]
        if convention == "rational":
            assert sympy.Rational(found.numerator, found.denominator) == value
            assert [sympy.Rational(r.numerator, r.denominator) for r in rows] == gradient
        else:
            # float64 sums of a few dozen products of order 10², against SymPy's 30 digits
            assert float(found) == pytest.approx(float(value.evalf(30)), rel=1e-12, abs=1e-12)
            assert [float(r) for r in rows] == pytest.approx(
                [float(g.evalf(30)) for g in gradient], rel=1e-12, abs=1e-12
            )


def test_all_polynomials_have_352_terms_and_the_right_degrees() -> None:
    basis = Basis.from_contractions(HIPPYNN, SPACE, "hippynn")
    total = 0
    for member in basis:
        polynomial = member.polynomial()
        total += len(polynomial)
        for exponents, coefficient in polynomial.items():
            assert tuple(sum(exponents[s]) for s in SPACE.slices) == member.multidegree
            assert coefficient.as_fraction().denominator == 1 and coefficient.sign
    assert total == 352


def test_members_show_themselves_as_latex() -> None:
    member = Basis.from_contractions(["i,ij,j v,q,v"], SPACE)[0]
    assert member._repr_latex_() == f"${member.latex()}$" == r"$v_{i}\, q_{ij}\, v_{j}$"
