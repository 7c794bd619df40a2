"""`compile_weighted` takes bases over one space in one convention, and says so otherwise."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import invgen
from invgen import TensorSpace, generate
from invgen.emit import weighted as emitter
from invgen.emit.header import Header
from invgen.emit.lanes import lane_statements
from invgen.errors import InputError
from invgen.ir.weighted import lower_weighted
from invgen.passes.scratch_split import whole_part
from invgen.passes.weighted import SUMMED, weighted_programs
from tests.support.weighted_bases import bases_of
from tests.support.weighted_cases import kernel_of


@pytest.mark.slow
def test_a_single_basis_needs_no_list() -> None:
    (basis, _) = bases_of("small")
    kernel = invgen.compile_weighted(basis, 2, dtype=torch.float64)
    assert (kernel.weights, kernel.rows, kernel.species) == (len(basis), 1, 2)
    assert "0e, 3 weights, 2 species, float64" in repr(kernel)


def test_the_same_bases_give_the_same_source_and_operators() -> None:
    kernel = kernel_of("small")
    again = invgen.compile_weighted(list(bases_of("small")), kernel.species, dtype=torch.float64, name="a_case")
    assert again.spec == kernel.spec
    assert again._operators is kernel._operators


def test_float64_sources_have_double_precision_and_half_the_lanes() -> None:
    programs = weighted_programs(lower_weighted(bases_of("small")))
    header = Header("a_case", "0" * 64, "sphericart")
    single, double = (emitter.render(programs, dtype, header) for dtype in ("float32", "float64"))
    assert "typedef float real;" in single and "LANES = 16, CHUNK = 64, PANEL = 64" in single
    assert "typedef double real;" in double and "LANES = 8, CHUNK = 64, PANEL = 32" in double
    with pytest.raises(InputError, match="float16"):
        emitter.render(programs, "float16", header)


def test_sums_are_added_to_and_results_are_written() -> None:
    programs = weighted_programs(lower_weighted(bases_of("small")))
    lines = list(lane_statements(whole_part(programs.vjp), 53, SUMMED))
    assert sum(line.startswith("wbar[") and " += " in line for line in lines) == programs.weights
    assert sum(line.startswith("xbar[") and " = " in line for line in lines) == programs.dim


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a basis", 2), "a Basis or a list of them, got 'a basis'"),
        (([], 2), "a Basis or a list of them"),
        ((generate(TensorSpace("1o"), 2), 0), "the number of species is an integer of at least 1, got 0"),
        ((generate(TensorSpace("1o"), 2), 2.0), "at least 1, got 2.0"),
        (
            (generate(TensorSpace("1o"), 2), 2, "hip"),
            "target must be one of 'c', 'cuda', 'torch', got 'hip', which can be rendered and not built",
        ),
        ((generate(TensorSpace("1o"), 2), 2, "c", torch.float16), "dtype must be"),
        (([generate(TensorSpace("1o"), 2), generate(TensorSpace("2e"), 2)], 2), "one space and one convention"),
        ((generate(TensorSpace("1o"), 2), 2, "c", None, "1x"), "cannot be named '1x'"),
        ((generate(TensorSpace("1o"), 2), 2, "c", None, 3), "cannot be named 3"),
        ((generate(TensorSpace("a:1o + b:1o"), 2), 2, "c", None, "n", None, "b"), "leave species out"),
        ((generate(TensorSpace("a:1o + b:1o"), 2), None, "c", None, "n", None, "c"), "has no tensor 'c'"),
        ((generate(TensorSpace("a:1o + b:1o"), 2), None, "c", None, "n", None, 3), "the name of a tensor of"),
        ((generate(TensorSpace("a:1o + b:1o"), 2), None, "c", None, "n", None, ["a", "b"]), "leaves no tensor of"),
        (
            (generate(TensorSpace.moments(range(3)), 2), None, "c", None, "n", None, "m1"),
            "belong to several; use with_convention",
        ),
    ],
)
def test_what_cannot_be_compiled_is_refused_in_one_sentence(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        invgen.compile_weighted(*arguments)
    assert "\n" not in str(caught.value)
