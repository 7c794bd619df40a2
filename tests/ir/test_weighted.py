"""Weights inside a program change neither its value nor, for the worse, its number of operations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from invgen import Basis, TensorSpace, generate
from invgen.contractions.trees import CouplingTree
from invgen.ir.lowering import lower
from invgen.ir.weighted import components_of, lower_weighted
from tests.support.weighted_bases import weighted


def run(bases: tuple[Basis, ...], samples: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """The program's values and those by the definition, one channel."""
    program = lower_weighted(bases)
    rng = np.random.default_rng(1)
    x = rng.standard_normal((samples, program.inputs[0][1], 1))
    w = rng.standard_normal((2, program.inputs[1][1], 1))
    species = rng.integers(2, size=samples)
    found = program.evaluate({"x": list(x[..., 0].T), "w": list(w[species][..., 0].T)})["y"]
    return np.stack(found, -1), weighted(bases, x, w, species)[..., 0]


@pytest.mark.parametrize("convention", ["sphericart", "e3nn", "hippynn"])
@pytest.mark.parametrize("outputs", [("0e",), ("1o",), ("2e", "0e", "1e")])
def test_the_program_is_the_weighted_sum_of_the_basis(outputs: tuple[str, ...], convention: str) -> None:
    space = TensorSpace("a:1o + b:2e + c:3o")
    found, wanted = run(tuple(generate(space, 3, select="linear", outputs=o, convention=convention) for o in outputs))
    # A few hundred roundings in float64, relative to the largest entry.
    assert np.abs(found - wanted).max() < 1e-12 * np.abs(wanted).max()


def test_trees_of_degree_four_are_weighted_at_every_depth() -> None:
    space = TensorSpace("v:1o + q:2e")
    basis = generate(space, 4, select="linear", outputs="1o")
    assert any(isinstance(member, CouplingTree) and member.degree == 4 for member in basis.contractions)
    found, wanted = run((basis,))
    assert np.abs(found - wanted).max() < 1e-12 * np.abs(wanted).max()  # as above


def test_trees_that_are_invariants_are_weighted_inside() -> None:
    trees = ("(q,q)0", "((q,t)1,w)0", "((q,q)2,q)0", "((t,t)2,(w,w)2)0", "((q,t)3,t)0", "((w,w)2,q)0", "((t,t)2,q)0")
    basis = Basis.from_contractions([CouplingTree(text) for text in trees], TensorSpace("w:1o + q:2e + t:3o"))
    found, wanted = run((basis,))
    assert np.abs(found - wanted).max() < 1e-12 * np.abs(wanted).max()  # as above


def test_cartesian_spaces_and_the_plane_are_weighted_at_the_end() -> None:
    for space in (TensorSpace.moments(range(0, 3)), TensorSpace.moments(range(0, 3), spatial_dimension=2, group="O2")):
        found, wanted = run((generate(space, 2, select="linear"),))
        assert np.abs(found - wanted).max() < 1e-12 * np.abs(wanted).max()  # as above


def test_in_the_rational_convention_the_program_is_exact() -> None:
    basis = generate(TensorSpace("1o + 2e"), 3, select="linear", outputs="2e", convention="rational")
    x = [Fraction(3 * i - 7, i + 2) for i in range(8)]
    w = [Fraction(5 - 2 * k, k + 1) for k in range(len(basis))]
    found = lower_weighted((basis,)).evaluate({"x": x, "w": w}, number="fraction")["y"]
    rows = basis.evaluate(np.array(x, dtype=object)).reshape(len(basis), -1)
    assert found == [sum(a * b for a, b in zip(w, column, strict=True)) for column in rows.T]


def test_weights_inside_save_a_third_of_the_operations_of_cubic_covariants() -> None:
    basis = generate(TensorSpace("0e + 1o + 2e + 3o"), 3, select="linear", outputs="2e")
    at_the_end = lower(basis).operations + (2 * len(basis) - 1) * components_of(basis)
    assert lower_weighted((basis,)).operations < at_the_end * 2 / 3
