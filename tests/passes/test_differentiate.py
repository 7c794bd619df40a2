"""Derivatives of random programs against exact derivatives of the same functions along lines."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invgen.errors import InputError
from invgen.ir import Builder, Program
from invgen.passes import differentiate
from tests.support.structured_hiphop import hiphop_program

DEGREE = 8

monomial = st.tuples(st.integers(-3, 3), st.lists(st.integers(0, 2), min_size=0, max_size=4))
polynomial = st.lists(monomial, min_size=1, max_size=5)
vector = st.lists(st.fractions(-3, 3, max_denominator=2), min_size=3, max_size=3)


def program_of(polynomials: list[list[tuple[int, list[int]]]]) -> Program:
    """Sums of monomials; products are built from the left, so that they share."""
    builder = Builder()
    x = builder.input("x", 3)
    outputs = []
    for terms in polynomials:
        parts = []
        for coefficient, factors in terms:
            value = builder.constant(1)
            for factor in factors:
                value = builder.mul(value, x[factor])
            parts.append((coefficient, value))
        outputs.append(builder.combine(parts))
    builder.output("y", outputs)
    return builder.build()


def along(function, x: list[Fraction], u: list[Fraction]) -> list[Fraction]:
    """The exact derivative at x along u of a vector polynomial of degree at most DEGREE, from DEGREE + 1 values."""
    nodes = [Fraction(k) for k in range(DEGREE + 1)]
    samples = [function([a + t * b for a, b in zip(x, u)]) for t in nodes]
    total = [Fraction(0)] * len(samples[0])
    for i, sample in enumerate(samples):
        weight = Fraction(0)
        for m in nodes:
            if m == nodes[i]:
                continue
            part = 1 / (nodes[i] - m)
            for j in nodes:
                if j not in (nodes[i], m):
                    part *= -j / (nodes[i] - j)
            weight += part
        total = [t + weight * s for t, s in zip(total, sample)]
    return total


def dot(left, right) -> Fraction:
    return sum((a * b for a, b in zip(left, right)), Fraction(0))


def check_all(program: Program, x, ybar, u) -> None:
    def value(point):
        return program.evaluate({"x": point}, "fraction")["y"]

    vjp = differentiate.vjp(program)

    def xbar_at(point):
        return vjp.evaluate({"x": point, "ybar": ybar}, "fraction")["xbar"]

    ydot = along(value, x, u)
    units = [[Fraction(int(i == k)) for i in range(len(x))] for k in range(len(x))]
    assert differentiate.jvp(program).evaluate({"x": x, "u": u}, "fraction") == {"ydot": ydot}
    assert xbar_at(x) == [dot(ybar, along(value, x, unit)) for unit in units]
    both = differentiate.value_and_vjp(program).evaluate({"x": x, "ybar": ybar}, "fraction")
    assert both == {"y": value(x), "xbar": xbar_at(x)}
    second = differentiate.vjp_of_vjp(program).evaluate({"x": x, "ybar": ybar, "u": u}, "fraction")
    assert second == {"grad_x": along(xbar_at, x, u), "grad_ybar": ydot}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(polynomial, min_size=2, max_size=2), vector, st.lists(st.integers(-3, 3), min_size=2, max_size=2), vector
)
def test_derivatives_of_random_polynomials_are_exact(polynomials, x, ybar, u):
    check_all(program_of(polynomials), x, [Fraction(v) for v in ybar], u)


def test_derivatives_of_hiphop_are_exact():
    rng = random.Random(5)
    x, ybar, u = ([Fraction(rng.randint(-5, 5)) for _ in range(n)] for n in (16, 13, 16))
    check_all(hiphop_program(), x, ybar, u)


def test_operation_counts_stay_below_those_of_a_good_hand():
    program = hiphop_program()
    assert differentiate.value_and_vjp(program).operations <= 774
    assert differentiate.vjp_of_vjp(program).operations <= 1611


def test_a_constant_output_has_zero_derivatives():
    builder = Builder()
    builder.input("x", 2)
    builder.output("y", [builder.constant(3)])
    program = builder.build()
    one = [Fraction(1)]
    assert differentiate.vjp(program).evaluate({"x": one * 2, "ybar": one}, "fraction") == {"xbar": [0, 0]}
    assert differentiate.jvp(program).evaluate({"x": one * 2, "u": one * 2}, "fraction") == {"ydot": [0]}


def test_other_signatures_are_refused():
    with pytest.raises(InputError, match="x -> y"):
        differentiate.vjp(differentiate.vjp(hiphop_program()))
