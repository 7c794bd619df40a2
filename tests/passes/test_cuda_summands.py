"""Parts of functions that are linear in a cotangent add up to the function, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import invgen.compiler.invariants as compiler
from invgen import TensorSpace, generate
from invgen.emit import cuda
from invgen.errors import InputError
from invgen.ir import Builder, Program
from invgen.ir.lowering import lower
from invgen.passes import differentiate
from invgen.passes.cuda_split import CudaPart
from invgen.passes.cuda_summands import summands
from invgen.passes.schedule import live_values
from invgen.passes.simplify import simplify
from tests.support.basis_cases import basis_of

PACKAGE = "hiphop_l3_n4"
LIMIT = 60


def program(function: str) -> Program:
    # Rational coefficients: the convention of hippynn has no roots.
    return getattr(compiler.programs_of(basis_of(PACKAGE)), function)


def run(whole: Program, parts: Sequence[CudaPart], inputs: dict[str, Any], number: str) -> dict[str, list[Any]]:
    """The parts in order; what nobody has written yet is None, to which nothing can be added."""
    found: dict[str, list[Any]] = {name: [None] * len(ids) for name, ids in whole.outputs}
    for part in parts:
        values = part.program.evaluate(inputs, number)
        for (name, _), places in zip(whole.outputs, part.places, strict=True):
            for place, value in zip(places, values[name], strict=True):
                if (name, place) in part.added:
                    value = found[name][place] + value
                else:
                    assert found[name][place] is None, "an output is written twice"
                found[name][place] = value
    return found


@pytest.mark.parametrize("function", ["vjp", "value_and_vjp", "vjp_of_vjp"])
@pytest.mark.parametrize("limit", [20, LIMIT, 10_000])
def test_the_parts_add_up_to_the_program_exactly(function: str, limit: int) -> None:
    whole = program(function)
    parts = summands(whole, "ybar", limit)
    inputs = {name: [Fraction(3 * i - 7, i + 2) for i in range(size)] for name, size in whole.inputs}
    assert run(whole, parts, inputs, "fraction") == whole.evaluate(inputs, "fraction")
    assert not parts[0].added and all(part.added for part in parts[1:])
    assert (len(parts) == 1) == (limit == 10_000)


def test_parts_hold_fewer_values_and_do_not_compute_the_whole_again() -> None:
    whole = program("vjp_of_vjp")
    parts = summands(whole, "ybar", LIMIT)
    assert max(live_values(part.program) for part in parts) < live_values(whole)
    for part in parts:
        components = dict(zip((name for name, _ in whole.outputs), part.places, strict=True))["grad_ybar"]
        # The limit holds in the old order; the one that is chosen afterwards may take a few more.
        assert live_values(part.program) <= 1.1 * LIMIT or len(components) == 1
    assert max(part.program.operations for part in parts) < whole.operations / 2
    assert sum(part.program.operations for part in parts) < 2.5 * whole.operations


@pytest.mark.parametrize("op", ["mul", "add", "sub"])
def test_what_is_not_linear_is_refused(op: str) -> None:
    builder = Builder()
    a, b = builder.input("x", 1)[0], builder.input("ybar", 1)[0]
    other = b if op == "mul" else a
    builder.output("y", [getattr(builder, op)(b, other)])
    with pytest.raises(InputError, match=r"value \d+ is not linear in 'ybar'"):
        summands(builder.build(), "ybar", 10)
    with pytest.raises(InputError, match="no input 'w'"):
        summands(builder.build(), "w", 10)


def test_zero_terms_leave_copies_and_signs() -> None:
    builder = Builder()
    x, w = builder.input("x", 2), builder.input("ybar", 2)
    left, right = builder.mul(x[0], w[0]), builder.mul(x[1], w[1])
    builder.output("sum", [builder.add(left, right), builder.sub(left, right)])
    whole = builder.build()
    parts = summands(whole, "ybar", 1)
    inputs = {"x": [Fraction(3), Fraction(5)], "ybar": [Fraction(7), Fraction(11)]}
    assert len(parts) == 2 and run(whole, parts, inputs, "fraction") == whole.evaluate(inputs, "fraction")
    assert sorted(part.program.operations for part in parts) == [1, 2]


@pytest.mark.slow
@pytest.mark.parametrize(("l_max", "degree", "members", "growth"), [(6, 4, 46, 1.5), (7, 3, 40, 1.5)])
def test_second_derivatives_of_large_bases_are_those_of_the_basis(
    l_max: int, degree: int, members: int, growth: float
) -> None:
    basis = generate(TensorSpace(" + ".join(f"{l}{'eo'[l % 2]}" for l in range(l_max + 1))), degree)
    assert len(basis) == members
    whole = simplify(differentiate.vjp_of_vjp(lower(basis)))
    parts = summands(whole, "ybar", cuda.most_values(4))
    assert len(parts) > 5 and sum(part.program.operations for part in parts) < growth * whole.operations
    rng = np.random.default_rng(0)
    dim, count = basis.space.dimension, len(basis)
    x, ybar, u = (rng.standard_normal((size, 1)) for size in (dim, count, dim))
    found = run(whole, parts, {"x": list(x), "ybar": list(ybar), "u": list(u)}, "float")

    def gradient(step: float) -> np.ndarray:
        return np.einsum("nk,nkd->nd", ybar.T, basis.jacobian((x + step * u).T))[0]

    # The derivative of a polynomial of degree 3 along u: exact from four points, but for rounding.
    wanted_x = (8 * (gradient(0.5) - gradient(-0.5)) - (gradient(1.0) - gradient(-1.0))) / 6
    wanted_ybar = np.einsum("nkd,nd->nk", basis.jacobian(x.T), u.T)[0]
    for name, wanted in (("grad_x", wanted_x), ("grad_ybar", wanted_ybar)):
        values = np.array([np.ravel(value)[0] for value in found[name]])
        # Thousands of roundings of 2^-53 in sums, and the differences take a few digits more.
        assert np.abs(values - wanted).max() <= 1e-11 * np.abs(wanted).max()
