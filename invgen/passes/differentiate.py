"""Exact symbolic derivatives of programs: two transforms, reverse and forward, give all four functions.

`vjp` and `value_and_vjp` are the reverse transform, `jvp` the forward one, and `vjp_of_vjp` is forward over reverse:
with F(x, ybar, u) = vjp(x, ybar) · u, the gradient of F in ybar is jvp(x, u) and its gradient in x is the derivative
of vjp(x, ybar) along u with ybar held fixed. All write into one hash-consing builder, so they share what they can.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from invgen.algebra.exact import ONE, Surd
from invgen.errors import InputError
from invgen.ir import Builder, Program

_Linear = tuple[Surd, int]  # coefficient, value
_Product = tuple[Surd, int, int]  # coefficient, adjoint, partner


def vjp(program: Program) -> Program:
    """The program (x, ybar) -> xbar with xbar = Σ_k ybar_k ∂y_k/∂x.

    Args:
        program: a program with one input vector `x` and one output vector `y`.

    Raises:
        InputError: for a program with other inputs or outputs; so do the functions below.
    """
    size, outputs = _check(program)
    builder = Builder()
    values = list(builder.input("x", size))
    ybar = builder.input("ybar", len(outputs))
    replay(builder, program, values)
    builder.output("xbar", reverse(builder, program, values, outputs, ybar))
    return builder.build()


def value_and_vjp(program: Program) -> Program:
    """The program (x, ybar) -> (y, xbar), sharing what value and vjp share."""
    size, outputs = _check(program)
    builder = Builder()
    values = list(builder.input("x", size))
    ybar = builder.input("ybar", len(outputs))
    replay(builder, program, values)
    builder.output("y", [values[value] for value in outputs])
    builder.output("xbar", reverse(builder, program, values, outputs, ybar))
    return builder.build()


def jvp(program: Program) -> Program:
    """The program (x, u) -> ydot with ydot_k = Σ_i ∂y_k/∂x_i u_i."""
    size, outputs = _check(program)
    builder = Builder()
    values = list(builder.input("x", size))
    tangents: list[int | None] = list(builder.input("u", size))
    replay(builder, program, values)
    forward(builder, program, values, tangents)
    builder.output("ydot", [_or_zero(builder, tangents[value]) for value in outputs])
    return builder.build()


def vjp_of_vjp(program: Program) -> Program:
    """The program (x, ybar, u) -> (grad_x, grad_ybar), the gradients of vjp(x, ybar) · u."""
    size, outputs = _check(program)
    first = vjp(program)
    builder = Builder()
    values = list(builder.input("x", size))
    ybar = builder.input("ybar", len(outputs))
    tangents: list[int | None] = list(builder.input("u", size))

    value_ids = list(values)
    value_tangents = list(tangents)
    replay(builder, program, value_ids)
    forward(builder, program, value_ids, value_tangents)

    values.extend(ybar)
    tangents.extend([None] * len(ybar))
    replay(builder, first, values)
    forward(builder, first, values, tangents)
    builder.output("grad_x", [_or_zero(builder, tangents[value]) for value in first.output("xbar")])
    builder.output("grad_ybar", [_or_zero(builder, value_tangents[value]) for value in outputs])
    return builder.build()


def replay(builder: Builder, program: Program, values: list[int]) -> None:
    """Write `program` into `builder`: `values` holds the ids of its inputs and is extended by those of the rest."""
    for instruction in program.instructions[len(values) :]:
        values.append(builder.apply(instruction.op, [values[arg] for arg in instruction.args], instruction.constant))


def forward(builder: Builder, program: Program, values: Sequence[int], tangents: list[int | None]) -> None:
    """Tangents of all values, given those of the inputs; None is a tangent that is identically zero."""
    for position in range(len(tangents), len(program.instructions)):
        instruction = program.instructions[position]
        args = instruction.args
        dots = [tangents[arg] for arg in args]
        terms: list[_Linear] = []
        if instruction.op in ("add", "sub"):
            second = ONE if instruction.op == "add" else -ONE
            terms = [(c, dot) for c, dot in zip((ONE, second), dots) if dot is not None]
        elif instruction.op == "neg":
            terms = [(-ONE, dot) for dot in dots if dot is not None]
        elif instruction.op == "scale" and instruction.constant is not None:
            terms = [(instruction.constant, dot) for dot in dots if dot is not None]
        elif instruction.op == "mul":
            partners = (values[args[1]], values[args[0]])
            terms = [(ONE, builder.mul(dot, partner)) for dot, partner in zip(dots, partners) if dot is not None]
        tangents.append(builder.combine(terms) if terms else None)


def reverse(
    builder: Builder, program: Program, values: Sequence[int], outputs: Sequence[int], seeds: Sequence[int]
) -> list[int]:
    """Adjoints of the inputs of `program`, given those of its output values.

    Adjoints are summed before they are multiplied on, so a factor that many paths share is applied once, and constant
    factors travel with an adjoint until it meets a product.
    """
    active = _active(program)
    linear: list[list[_Linear]] = [[] for _ in program.instructions]
    products: list[list[_Product]] = [[] for _ in program.instructions]
    for value, seed in zip(outputs, seeds):
        linear[value].append((ONE, seed))
    for position in range(len(program.instructions) - 1, program.input_count - 1, -1):
        if not active[position] or not (linear[position] or products[position]):
            continue
        factor, adjoint = _gather(builder, linear[position], products[position])
        instruction = program.instructions[position]
        args = instruction.args
        if instruction.op == "mul":
            if args[0] == args[1]:
                products[args[0]].append((factor * Surd.rational(2), adjoint, values[args[1]]))
            else:
                products[args[0]].append((factor, adjoint, values[args[1]]))
                products[args[1]].append((factor, adjoint, values[args[0]]))
        elif instruction.op == "scale" and instruction.constant is not None:
            linear[args[0]].append((factor * instruction.constant, adjoint))
        elif instruction.op == "neg":
            linear[args[0]].append((-factor, adjoint))
        elif instruction.op in ("add", "sub"):
            linear[args[0]].append((factor, adjoint))
            linear[args[1]].append((factor if instruction.op == "add" else -factor, adjoint))
    return [
        builder.scale(*_gather(builder, linear[position], products[position]))
        for position in range(program.input_count)
    ]


def _gather(builder: Builder, linear: list[_Linear], products: list[_Product]) -> _Linear:
    """One factor and one value for Σ c·v + Σ c·a·p, with few multiplications."""
    terms = list(linear)
    by_partner: dict[int, list[_Linear]] = {}
    for coefficient, adjoint, partner in products:
        by_partner.setdefault(partner, []).append((coefficient, adjoint))
    by_adjoint: dict[tuple[Surd, int], list[_Linear]] = {}
    for partner, adjoints in by_partner.items():
        if len(adjoints) > 1:
            adjoints = [(ONE, builder.combine(adjoints))]
        coefficient, adjoint = adjoints[0]
        by_adjoint.setdefault((abs(coefficient), adjoint), []).append((Surd(coefficient.sign, Fraction(1)), partner))
    for (coefficient, adjoint), partners in by_adjoint.items():
        # The scaled adjoint is what other values that this product touches need as well: scale it, not the product.
        scaled = builder.scale(coefficient, adjoint)
        if len(partners) == 1:
            sign, partner = partners[0]
            terms.append((sign, builder.mul(scaled, partner)))
        else:
            factor, partner = builder.combine_factored(partners)
            terms.append((factor, builder.mul(scaled, partner)))
    return builder.combine_factored(terms)


def _active(program: Program) -> list[bool]:
    """For each value, whether it depends on an input at all."""
    active: list[bool] = []
    for instruction in program.instructions:
        active.append(instruction.op == "input" or any(active[arg] for arg in instruction.args))
    return active


def _check(program: Program) -> tuple[int, tuple[int, ...]]:
    names = [name for name, _ in program.inputs], [name for name, _ in program.outputs]
    if names != (["x"], ["y"]):
        raise InputError(f"derivatives are taken of a program x -> y, got {names[0]} -> {names[1]}")
    return program.inputs[0][1], program.outputs[0][1]


def _or_zero(builder: Builder, value: int | None) -> int:
    return builder.constant(0) if value is None else value
