"""Couplings are orthonormal and exact, those of other people up to a sign, and what a program makes matrices of."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from invgen.algebra.exact import Surd
from invgen.contractions.coupling import coupling
from invgen.errors import InputError
from invgen.ir.harmonics import harmonics_program
from invgen.ir.tensor_products import CouplingRanks, coefficients, matrices_of_harmonics, matrices_of_vectors
from invgen.spaces import conventions
from invgen.spaces.space import TensorSpace
from invgen.testing import representation
from invgen.testing.rotations import random_rotation

TRIANGLES = [(a, b, c) for a in range(4) for b in range(4) for c in range(abs(a - b), min(a + b, 3) + 1)]
# Two paths to vectors, one to a pseudovector with a factor, one to rank 2; harmonics of rank 0, 1, 2 stand at 0, 1, 4.
PATHS = (
    CouplingRanks(0, 1, 1, 1),
    CouplingRanks(1, 0, 1, 0),
    CouplingRanks(1, 1, 1, 1, Fraction(-3, 2)),
    CouplingRanks(1, 2, 2, 4),
)


def dense(a: int, b: int, c: int) -> NDArray[np.float64]:
    """K as an array [m, i, j]."""
    found = np.zeros((2 * c + 1, 2 * a + 1, 2 * b + 1))
    for m, i, j, value in coefficients(a, b, c):
        found[m, i, j] = value.round()
    return found


def irreducible(value: Surd) -> tuple[int, Fraction]:
    """The square-free number below the root, and what stands before it."""
    number, outside = value.square.numerator * value.square.denominator, Fraction(1, value.square.denominator)
    for prime in range(2, 1 + round(sqrt(number))):
        while number % (prime * prime) == 0:
            number, outside = number // (prime * prime), outside * prime
    return number, value.sign * outside


@pytest.mark.parametrize(("a", "b", "c"), TRIANGLES)
def test_rows_are_exactly_orthonormal(a: int, b: int, c: int) -> None:
    rows: list[dict[tuple[int, int], Surd]] = [{} for _ in range(2 * c + 1)]
    for m, i, j, value in coefficients(a, b, c):
        rows[m][i, j] = value
    for m, first in enumerate(rows):
        for n, second in enumerate(rows):
            # Roots of different square-free numbers are independent over the rationals.
            sums: dict[int, Fraction] = defaultdict(Fraction)
            for place in first.keys() & second.keys():
                number, outside = irreducible(first[place] * second[place])
                sums[number] += outside
            assert {number: each for number, each in sums.items() if each} == ({1: 1} if m == n else {})


@pytest.mark.parametrize(("a", "b", "c"), TRIANGLES)
def test_coefficients_are_one_factor_times_the_rational_coupling_whose_first_is_positive(
    a: int, b: int, c: int
) -> None:
    integers = coupling(a, b, c)
    assert integers is not None and integers.terms[0][3] > 0
    left, right, out = (conventions.component_norms("sphericart", l) for l in (a, b, c))
    factors = set()
    for (m, i, j, value), (*place, integer) in zip(coefficients(a, b, c), integers.terms, strict=True):
        assert [m, i, j] == place
        factors.add(value * left[i] * right[j] * out[m].inverse() * Surd.rational(integer).inverse())
    (factor,) = factors
    assert factor.sign > 0


@pytest.mark.parametrize(("a", "b", "c"), TRIANGLES)
def test_couplings_commute_with_rotations_and_reflections(a: int, b: int, c: int) -> None:
    # Natural parities: a rotation with an inversion multiplies K by (-1)^(a + b + c).
    for reflect in (False, True):
        matrix = random_rotation(np.random.default_rng(a + 4 * b + 16 * c), reflect)
        of = [representation(TensorSpace(f"{l}{'eo'[l % 2]}"), matrix, "sphericart") for l in (a, b, c)]
        turned = np.einsum("mij,ik,jl->mkl", dense(a, b, c), of[0], of[1])
        sign = (-1) ** (a + b + c) if reflect else 1
        # Representations are fitted to about 1e-13, and K has entries of at most 1.
        np.testing.assert_allclose(turned, sign * np.einsum("nm,mkl->nkl", of[2], dense(a, b, c)), atol=1e-12)


@pytest.mark.torch
@pytest.mark.parametrize(("a", "b", "c"), TRIANGLES)
def test_e3nn_has_the_same_coefficients_up_to_a_factor_and_a_sign(a: int, b: int, c: int) -> None:
    import torch

    o3 = pytest.importorskip("e3nn.o3", reason="e3nn is not installed")
    theirs = sqrt(2 * c + 1) * o3.wigner_3j(a, b, c, dtype=torch.float64).permute(2, 0, 1).numpy()
    ours = dense(a, b, c)
    # e3nn's tables are of float64 and were made by numerical linear algebra.
    assert min(np.abs(ours - theirs).max(), np.abs(ours + theirs).max()) < 1e-12


@pytest.mark.parametrize(("a", "b", "c"), [(0, 0, 1), (1, 2, 0), (1, 1, 3)])
def test_ranks_outside_the_triangle_are_refused(a: int, b: int, c: int) -> None:
    with pytest.raises(InputError, match=f"ranks {a} and {b} do not couple to {c}: a rank is between"):
        coefficients(a, b, c)


@pytest.mark.parametrize("solid", [False, True])
@pytest.mark.parametrize("convention", ["sphericart", "e3nn_component"])
def test_matrices_of_vectors_are_couplings_with_their_harmonics(convention: str, solid: bool) -> None:
    vector = np.array([2.0, -3.0, 6.0]) / 7 * (1.5 if solid else 1)
    found = matrices_of_vectors(PATHS, 2, convention, solid)
    harmonics = harmonics_program(2, convention, solid).evaluate({"x": list(vector)})["y"]
    values = found.program.evaluate({"x": list(vector)})["y"]
    given = matrices_of_harmonics(PATHS, 9)
    assert given.entries == found.entries
    linear = given.program.evaluate({"x": harmonics})["y"]
    for path, entries in zip(PATHS, found.entries, strict=True):
        own = np.array(harmonics[path.first : path.first + 2 * path.b + 1], float)
        wanted = float(path.factor) * np.einsum("mij,j->mi", dense(path.a, path.b, path.c), own)
        for each in (values, linear):
            matrix = np.zeros_like(wanted)
            for m, i, number in entries:
                matrix[m, i] = each[number]
            # Sums of a few products of numbers of order one in float64.
            np.testing.assert_allclose(matrix, wanted, atol=1e-14)


def test_entries_are_numbered_path_by_path_and_stand_by_column_then_by_row() -> None:
    found = matrices_of_harmonics(PATHS, 9)
    assert [number for entries in found.entries for *_, number in entries] == list(
        range(len(found.program.output("y")))
    )
    for entries in found.entries:
        places = [(i, m) for m, i, _ in entries]
        assert places == sorted(set(places))
    # A scalar times a vector is three numbers, and so is a vector times a scalar; a cross product is six.
    assert [len(entries) for entries in found.entries[:3]] == [3, 3, 6]
