"""Derivatives by x and by weights are those of the value program, exactly."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from invgen import TensorSpace, generate
from invgen.ir.weighted import lower_weighted
from invgen.passes.weighted import NAMES, WeightedPrograms, weighted_programs

Vector = list[Fraction]


@cache
def programs() -> WeightedPrograms:
    basis = generate(TensorSpace("0e + 1o + 2e"), 3, select="linear", outputs="1o", convention="rational")
    return weighted_programs(lower_weighted((basis,)))


def point() -> dict[str, Vector]:
    sizes = {"x": programs().dim, "w": programs().weights, "ybar": programs().rows}
    sizes |= {"u": sizes["x"], "v": sizes["w"]}
    return {name: [Fraction((7 * i + 3 * len(name)) % 11 - 5, 3) for i in range(n)] for name, n in sizes.items()}


def run(name: str, given: dict[str, Vector]) -> dict[str, Vector]:
    program = getattr(programs(), name)
    return program.evaluate({vector: given[vector] for vector, _ in program.inputs}, number="fraction")


def dot(a: Vector, b: Vector) -> Fraction:
    return sum((p * q for p, q in zip(a, b, strict=True)), Fraction(0))


def along(given: dict[str, Vector], step: int) -> dict[str, Vector]:
    """The point moved by `step` times (u, v)."""
    moved = {"x": "u", "w": "v"}
    return given | {
        name: [a + step * b for a, b in zip(given[name], given[tangent], strict=True)]
        for name, tangent in moved.items()
    }


def derivative(values: dict[int, Fraction]) -> Fraction:
    """The derivative at 0 of a polynomial of degree <= 6 from its values at -3..3, exactly."""
    weights = {1: Fraction(3, 4), 2: Fraction(-3, 20), 3: Fraction(1, 60)}
    return sum((c * (values[s] - values[-s]) for s, c in weights.items()), Fraction(0))


def test_jvp_is_the_derivative_along_x_and_w() -> None:
    given = point()
    values = {s: run("value", along(given, s))["y"] for s in range(-3, 4)}
    wanted = [derivative({s: y[o] for s, y in values.items()}) for o in range(programs().rows)]
    assert run("jvp", given)["ydot"] == wanted


def test_vjp_is_the_transpose_of_jvp() -> None:
    given = point()
    found = run("vjp", given)
    left = dot(found["xbar"], given["u"]) + dot(found["wbar"], given["v"])
    assert left == dot(given["ybar"], run("jvp", given)["ydot"])


def test_vjp_of_vjp_is_the_derivative_of_vjp_along_u_and_v() -> None:
    given = point()
    found = run("vjp_of_vjp", given)
    values = {s: run("vjp", along(given, s)) for s in range(-3, 4)}
    for name, result in (("xbar", "grad_x"), ("wbar", "grad_w")):
        size = len(found[result])
        assert found[result] == [derivative({s: v[name][i] for s, v in values.items()}) for i in range(size)]
    assert found["grad_ybar"] == run("jvp", given)["ydot"]


def test_reduced_and_fused_functions_give_the_same_numbers() -> None:
    given = point()
    vjp = run("vjp", given)
    assert run("vjp_x", given) == {"xbar": vjp["xbar"]}
    assert run("value_and_vjp", given) == run("value", given) | vjp
    at_rest = given | {"v": [Fraction(0)] * programs().weights}
    assert run("vjp_of_vjp_x", given) == run("vjp_of_vjp", at_rest)


def test_what_is_left_out_costs_nothing() -> None:
    count = {name: getattr(programs(), name).operations for name in NAMES}
    assert count["vjp_x"] < count["vjp"] < count["value_and_vjp"] < count["value"] + count["vjp"]
    assert count["vjp_of_vjp_x"] < count["vjp_of_vjp"]
