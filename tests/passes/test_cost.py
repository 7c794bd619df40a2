"""What the cost model counts is what stands in the emitted C."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from invgen.emit import c
from invgen.emit.header import Header
from invgen.ir import Builder
from invgen.passes.cost import Cost, cost, table
from invgen.passes.programs import kernel_programs
from invgen.passes.schedule import register_traffic
from invgen.passes.scratch_split import split_by_scratch
from tests.support.structured_hiphop import hiphop_program

NAMES = ("value", "vjp", "value_and_vjp", "jvp", "vjp_of_vjp")
DEFINITION = re.compile(r"const vector (v\d+) = (.*);$")
WRITTEN = re.compile(r"(?:store\(.*, |scratch\[\d+\] = )(v\d+)\)?;$")
VALUE = re.compile(r"\bv\d+\b")


def bodies(name: str, most: int) -> list[list[str]]:
    """The statements of each C function that a program became."""
    saved, c.PART_OPERATIONS = c.PART_OPERATIONS, most
    try:
        source = c.render(kernel_programs(hiphop_program()), "float32", Header("hiphop", "0" * 64, "hippynn", 1))
    finally:
        c.PART_OPERATIONS = saved
    functions = re.findall(
        rf"(?:static|PART) void {name}_(?:part\d+|lanes)\([^;{{]*\)\n{{\n.*?\n}}\n", source, re.DOTALL
    )
    found = []
    for function in functions:
        lines = [line.strip() for line in function.splitlines()]
        statements = [line for line in lines if DEFINITION.match(line) or WRITTEN.match(line)]
        if statements:
            found.append(statements)
    return found


def kinds(statements: list[str]) -> Counter[str]:
    """Operators, loads and stores in the text of a function."""
    counts: Counter[str] = Counter()
    for line in statements:
        definition = DEFINITION.match(line)
        if definition is None:
            counts["store"] += 1
            continue
        text = definition[2]
        if text.startswith(("load(", "scratch[")):
            counts["load"] += 1
        elif " + " in text or " - " in text:
            counts["addition"] += 1
        elif " * " in text:
            counts["product" if text.startswith("v") else "scaling"] += 1
        elif text.startswith("-v"):
            counts["negation"] += 1
        else:
            assert text.startswith("constant(")
    return counts


def liveness(statements: list[str]) -> int:
    """The most values of the text that are alive at once, a value being dead after the last line that names it."""
    last = {value: number for number, line in enumerate(statements) for value in VALUE.findall(line)}
    # A store follows the line that makes its value: no value lives for a store alone.
    for number, line in enumerate(statements):
        written = WRITTEN.match(line)
        if written and last[written[1]] == number:
            earlier = [k for k in range(number) if written[1] in VALUE.findall(statements[k])]
            last[written[1]] = earlier[-1]
    alive: set[str] = set()
    most = 0
    for number, line in enumerate(statements):
        named = set(VALUE.findall(line))
        made = DEFINITION.match(line)
        used = named - {made[1]} if made else named
        alive |= {value for value in used if last[value] >= number}
        most = max(most, len(alive))
        alive = {value for value in alive if last[value] > number}
        if made and last[made[1]] > number:
            alive.add(made[1])
        most = max(most, len(alive))
    return most


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("most", [200, 10_000])
def test_the_model_counts_what_the_c_text_holds(name: str, most: int) -> None:
    found = cost(split_by_scratch(getattr(kernel_programs(hiphop_program()), name), most))
    functions = bodies(name, most)
    text = sum((kinds(body) for body in functions), Counter())
    counted = {
        "addition": found.additions,
        "product": found.products,
        "scaling": found.scalings,
        "negation": found.negations,
        "load": found.loads,
        "store": found.stores,
    }
    assert text == +Counter(counted)
    assert found.parts == len(functions)
    assert found.operations == sum(text[kind] for kind in ("addition", "product", "scaling", "negation"))
    assert found.live == max(liveness(body) for body in functions)


def test_spills_are_what_registers_add_to_one_read_of_each_input() -> None:
    program = kernel_programs(hiphop_program()).vjp_of_vjp
    found = cost(split_by_scratch(program, 10_000), registers=(8, 32, 1000))
    loads, stores = register_traffic(program, 1000)
    assert found.spills[2] == (1000, 0) and stores == 0
    assert found.spills[0][1] > found.spills[1][1] > 0
    # With as many registers as there are values alive nothing spills either.
    assert cost(split_by_scratch(program, 10_000), registers=(found.live,)).spills == ((found.live, 0),)
    assert loads <= found.loads


def test_a_small_program_costs_what_one_counts_by_hand() -> None:
    builder = Builder()
    x = builder.input("x", 3)
    product = builder.mul(x[0], x[1])
    builder.output("y", [builder.scale(3, builder.add(product, x[2])), product])
    found = cost(split_by_scratch(builder.build(), 10), registers=(4,))
    assert found == Cost(1, 1, 1, 0, loads=3, stores=2, live=2, spills=((4, 0),), parts=1, scratch=0)
    head, row = table({"value": found}).splitlines()
    assert head.split()[:2] == ["function", "operations"] and row.split()[:2] == ["value", "3"]
