"""The printer: inputs are read just before their first use, outputs written when they are there; literals are exact."""

from __future__ import annotations

from fractions import Fraction

from invgen.algebra.exact import Surd
from invgen.emit.printing import Syntax, c_syntax, literal, print_part, print_program
from invgen.ir import Builder, Program
from invgen.passes.scratch_split import whole_part


def every_operation() -> Program:
    """One instruction of each kind, and outputs that are an input, a constant, and a value twice."""
    b = Builder()
    x = b.input("x", 3)
    total = b.sub(b.add(x[1], x[0]), b.mul(x[0], x[2]))
    b.output("y", [x[1], b.scale(3, total), b.constant(Fraction(1, 2))])
    b.output("z", [b.scale(3, total), b.neg(total)])
    return b.build()


def test_statements_are_in_the_order_in_which_values_are_needed() -> None:
    found = print_part(
        whole_part(every_operation()),
        c_syntax("real", 53, "same({})"),
        lambda name, index: f"{name}[{index}]",
        lambda name, index, value: f"{name}[{index}] = {value};",
    )
    # x[1] is an output itself, so that it comes first; x[0] and x[2] where they are used.
    assert list(found) == [
        "const real v1 = x[1];",
        "y[0] = v1;",
        "const real v0 = x[0];",
        "const real v3 = v0 + v1;",
        "const real v2 = x[2];",
        "const real v4 = v0 * v2;",
        "const real v5 = v3 - v4;",
        "const real v6 = 0x1.8p+1 * v5;",
        "y[1] = v6;",
        "z[0] = v6;",
        "const real v7 = same(0x1p-1);",
        "y[2] = v7;",
        "const real v8 = -v5;",
        "z[1] = v8;",
    ]


def test_a_language_that_binds_its_inputs_reads_none() -> None:
    syntax = Syntax("{name} = {text}", lambda constant: str(constant.as_fraction()))
    found = print_program(every_operation(), syntax, None, lambda value: [f"# {value}"])
    assert list(found) == [
        *("# 1", "v3 = v0 + v1", "# 3", "v4 = v0 * v2", "# 4", "v5 = v3 - v4", "# 5"),
        *("v6 = 3 * v5", "# 6", "v7 = 1/2", "# 7", "v8 = -v5", "# 8"),
    ]


def test_literals_are_rounded_once():
    third = Surd.rational(Fraction(1, 3))
    assert literal(third, 53) == (1 / 3).hex()
    assert literal(third, 24) == "0x1.555556p-2f"
    assert literal(Surd.rational(-2), 24) == "-0x1p+1f"
    # Half-way cases between float32 neighbours that rounding through float64 would get wrong.
    sneaky = Surd.rational(1 + Fraction(1, 2**24) + Fraction(1, 2**60))
    assert literal(sneaky, 24) == "0x1.000002p+0f"
