"""Programs and their builder: evaluation domains, value numbering, algebra, tentative emission."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen.algebra.exact import Surd
from invgen.errors import InputError
from invgen.ir import Builder, Instruction, Program
from tests.support.paths import REPOSITORY
from tests.support.structured_hiphop import hiphop_by_definition, hiphop_program

PRIME = 2**31 - 1
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "sub", "mul", "neg", "scale", "constant", "sum"]),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.fractions(min_value=-3, max_value=3, max_denominator=4),
    ),
    min_size=1,
    max_size=30,
)


def write(builder: Builder, values: list[int], exact: list[Fraction], steps: list[tuple]) -> None:
    """Write random steps and compute, beside them, the numbers they stand for with no simplification at all."""
    for op, first, second, c in steps:
        i, j = first % len(values), second % len(values)
        if op == "neg":
            values.append(builder.neg(values[i]))
            exact.append(-exact[i])
        elif op == "scale":
            values.append(builder.scale(c, values[i]))
            exact.append(c * exact[i])
        elif op == "constant":
            values.append(builder.constant(c))
            exact.append(c)
        elif op == "sum":
            values.append(builder.combine([(c, values[i]), (-c, values[j]), (1, values[i]), (c, values[-1])]))
            exact.append(c * exact[i] - c * exact[j] + exact[i] + c * exact[-1])
        else:
            values.append(getattr(builder, op)(values[i], values[j]))
            exact.append({"add": exact[i] + exact[j], "sub": exact[i] - exact[j], "mul": exact[i] * exact[j]}[op])


def evaluated_by_graph(program: Program, point: list[Fraction]) -> list[Fraction]:
    """The outputs, computed from the graph of a program alone, all of whose constants are rational."""
    graph = program.graph()
    inputs = {f"x[{k}]": value for k, value in enumerate(point)}
    values: dict[int | str, Fraction] = {}
    for node in networkx.topological_sort(graph):
        operation, constant = (graph.nodes[node][key] for key in ("operation", "constant"))
        args = {place: values[arg] for arg, _, data in graph.in_edges(node, data=True) for place in data["places"]}
        if operation == "input":
            values[node] = inputs[graph.nodes[node]["name"]]
        elif operation in ("constant", "scale"):
            values[node] = Fraction(constant) * args.get(0, 1)
        elif operation in ("neg", "output"):
            values[node] = -args[0] if operation == "neg" else args[0]
        else:
            own = {"add": args[0] + args[1], "sub": args[0] - args[1], "mul": args[0] * args[1]}
            values[node] = own[operation]
    return [values[f"y[{k}]"] for k in range(len(program.output("y")))]


@given(STEPS, st.lists(st.fractions(-5, 5, max_denominator=3), min_size=3, max_size=3))
def test_the_graph_says_everything_that_the_program_computes(steps, point):
    builder = Builder()
    values = list(builder.input("x", 3))
    write(builder, values, list(point), steps)
    # The same value twice, and an input, among the outputs.
    builder.output("y", [*values[-4:], values[-1], values[0]])
    program = builder.build()
    assert evaluated_by_graph(program, point) == program.evaluate({"x": point}, "fraction")["y"]


def test_the_graph_of_a_program_has_a_node_for_each_value_and_output():
    program = hiphop_program()
    graph = program.graph()
    assert isinstance(graph, networkx.DiGraph) and networkx.is_directed_acyclic_graph(graph)
    assert len(graph) == len(program.instructions) + 13
    assert graph.nodes[3] == {"operation": "input", "constant": None, "name": "x[3]"}
    assert graph.nodes["y[12]"] == {"operation": "output", "constant": None, "name": "y[12]"}
    operations = Counter(operation for _, operation in graph.nodes(data="operation"))
    assert operations == Counter(i.op for i in program.instructions) | Counter({"output": 13})
    # Every value is used, and inputs are all that nothing flows into.
    assert all(graph.out_degree(node) for node in range(len(program.instructions)))
    assert {node for node in graph if not graph.in_degree(node)} == set(range(16))
    again = hiphop_program().graph()
    assert list(graph.nodes(data=True)) == list(again.nodes(data=True))
    assert list(graph.edges(data=True)) == list(again.edges(data=True))


def test_the_graph_tells_first_and_second_arguments_apart_and_writes_constants():
    builder = Builder()
    x, y = builder.input("x", 2)
    square = builder.mul(x, x)
    root = builder.scale(Surd.root(Fraction(3, 7), -1), builder.sub(y, square))
    builder.output("y", [root, builder.scale(Fraction(-1, 3), square)])
    graph = builder.build().graph()
    (difference,) = (node for node, operation in graph.nodes(data="operation") if operation == "sub")
    (product,) = (node for node, operation in graph.nodes(data="operation") if operation == "mul")
    assert graph.edges[0, product]["places"] == (0, 1)
    assert graph.edges[1, difference]["places"] == (0,) and graph.edges[product, difference]["places"] == (1,)
    constants = sorted(constant for _, constant in graph.nodes(data="constant") if constant is not None)
    assert constants == ["-1/3", "sqrt(3/7*pi**-1)"]


def test_networkx_is_loaded_by_graphs_alone():
    code = (
        "import sys; from tests.support.structured_hiphop import hiphop_program; p = hiphop_program(); "
        "assert 'networkx' not in sys.modules; p.graph(); assert 'networkx' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, check=True)


@given(STEPS, st.lists(st.fractions(-5, 5, max_denominator=3), min_size=3, max_size=3))
def test_simplification_keeps_every_value(steps, point):
    builder = Builder()
    values = list(builder.input("x", 3))
    exact = list(point)
    write(builder, values, exact, steps)
    builder.output("y", values)
    program = builder.build()
    assert program.evaluate({"x": point}, "fraction")["y"] == exact
    modular = program.evaluate({"x": [f.numerator * pow(f.denominator, -1, PRIME) for f in point]}, PRIME)["y"]
    assert modular == [f.numerator * pow(f.denominator, -1, PRIME) % PRIME for f in exact]


@given(STEPS, STEPS)
def test_rollback_leaves_no_trace(kept, tried):
    plain, tentative = Builder(), Builder()
    results = []
    for builder in (plain, tentative):
        values = list(builder.input("x", 3))
        exact = [Fraction(1)] * 3
        write(builder, values, exact, kept)
        if builder is tentative:
            mark = builder.mark()
            write(builder, list(values), list(exact), tried)
            builder.rollback(mark)
            assert builder.cost_since(mark) == 0
        builder.output("y", values)
        results.append(builder.build())
    assert results[0] == results[1] and results[0].digest == results[1].digest


def test_cost_since_counts_only_new_operations():
    b = Builder()
    x = b.input("x", 3)
    b.mul(x[0], x[1])
    mark = b.mark()
    b.mul(x[1], x[0])
    assert b.cost_since(mark) == 0
    b.add(b.mul(x[0], x[1]), x[2])
    assert b.cost_since(mark) == 1
    b.combine([(2, x[0]), (2, x[1]), (-2, x[2])])
    assert b.cost_since(mark) == 4  # one addition, one subtraction, one scaling for the common factor


def test_trivial_algebra_disappears():
    b = Builder()
    x, y, z = b.input("x", 3)
    one, zero = b.constant(1), b.constant(0)
    root = Surd.root(2)
    mark = b.mark()
    assert b.mul(x, one) == x and b.add(x, zero) == x and b.sub(x, zero) == x and b.scale(1, x) == x
    assert b.mul(x, zero) == zero and b.sub(x, x) == zero and b.scale(0, x) == zero
    assert b.cost_since(mark) == 0
    assert b.neg(b.neg(x)) == x and b.sub(zero, x) == b.neg(x)
    assert b.sub(x, b.neg(y)) == b.add(y, x) and b.add(x, b.neg(y)) == b.sub(x, y)
    assert b.add(x, x) == b.scale(2, x) and b.add(b.scale(2, x), x) == b.scale(3, x)
    assert b.scale(root, b.scale(root, x)) == b.scale(2, x)
    assert b.add(b.scale(root, x), b.scale(root, x)) == b.scale(Surd.root(8), x)
    assert b.mul(b.neg(x), b.neg(y)) == b.mul(y, x)
    assert b.op(b.sub(y, x)) == "neg"  # x - y is there already, its negative is not a second subtraction
    product = b.mul(x, z)
    assert b.mul(b.scale(3, x), z) == b.scale(3, product)
    assert b.sum([]) == zero and b.sum([x, b.neg(x)]) == zero


def test_surds_without_a_common_radical_stay_apart():
    b = Builder()
    (x,) = b.input("x", 1)
    b.output("y", [b.combine([(Surd.root(2), x), (Surd.root(3), x)])])
    assert b.build().evaluate({"x": [1.0]})["y"][0] == pytest.approx(2**0.5 + 3**0.5, rel=1e-15)


def test_hand_written_hiphop_has_271_operations_and_the_right_numbers():
    program = hiphop_program()
    rng = random.Random(7)
    x = [Fraction(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(16)]
    assert program.operations == 271
    assert program.evaluate({"x": x}, "fraction")["y"] == hiphop_by_definition(x)


def test_arrays_carry_the_component_axis_first():
    program = hiphop_program()
    x = np.random.default_rng(3).integers(-4, 5, (16, 2, 5)).astype(float)
    y = program.evaluate({"x": x})["y"]
    for place in np.ndindex(2, 5):
        exact = hiphop_by_definition([Fraction(int(v)) for v in x[(slice(None), *place)]])
        assert [float(v[place]) for v in y] == exact  # small integers: float64 is exact


def test_large_programs_build_in_about_a_second():
    rng = random.Random(1)
    builder = Builder()
    values = list(builder.input("x", 50))
    start = time.process_time()
    for _ in range(50_000):
        op = rng.choice((builder.add, builder.sub, builder.mul))
        values.append(op(rng.choice(values[-300:]), rng.choice(values[-300:])))
    builder.output("y", values[-300:])
    program = builder.build()
    assert program.operations > 20_000
    assert time.process_time() - start < 3.0  # 0.4 s measured; room for a slower machine


def test_repr_is_one_short_line():
    assert repr(hiphop_program()) == "<Program (x[16]) -> (y[13]), 271 operations>"


def test_digest_does_not_depend_on_the_hash_seed(tmp_path):
    code = "from tests.support.structured_hiphop import hiphop_program; print(hiphop_program().digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(REPOSITORY),
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert digests == {hiphop_program().digest + "\n"}


def test_bad_use_is_refused_in_a_sentence():
    b = Builder()
    x = b.input("x", 1)
    square = b.mul(x[0], x[0])
    with pytest.raises(InputError, match="declare all inputs first"):
        b.input("u", 1)
    with pytest.raises(InputError, match="do not exist"):
        b.output("y", [99])
    mark = b.mark()
    b.output("y", [b.scale(Surd.root(2), square)])
    with pytest.raises(InputError, match="declare outputs last"):
        b.rollback(mark)
    with pytest.raises(InputError, match="twice"):
        b.output("y", [])
    program = b.build()
    with pytest.raises(InputError, match="irrational"):
        program.evaluate({"x": [1]}, "fraction")
    with pytest.raises(InputError, match="irrational"):
        program.evaluate({"x": [1]}, 101)
    with pytest.raises(InputError, match="missing"):
        program.evaluate({})
    with pytest.raises(InputError, match="components"):
        program.evaluate({"x": [1, 2]})
    with pytest.raises(InputError, match="no output"):
        program.output("z")
    with pytest.raises(InputError, match="not all before it"):
        Program((("x", 1),), (Instruction("input"), Instruction("add", (0, 1))), ())
    with pytest.raises(InputError, match="arities"):
        Program((), (Instruction("add", (0,)),), ())
