"""Lattices: triangular bases against determinants, relations and membership against what defines them."""

from __future__ import annotations

from itertools import combinations
from math import gcd, prod

import numpy as np
import pytest

from invgen.algebra.lattices import bezout_coefficients, contains, triangular

ROWS = [[2, 4, 4], [-6, 6, 12], [10, -4, -16], [2, 8, 12]]


def test_the_basis_is_in_echelon_form_and_generates_the_same() -> None:
    basis, relations = triangular(ROWS)
    pivots = [next(i for i, v in enumerate(row) if v) for row in basis]
    assert pivots == sorted(set(pivots)) and len(basis) + len(relations) == len(ROWS)
    assert all(contains(basis, row) for row in ROWS)
    assert not (np.array(relations) @ np.array(ROWS)).any()
    every = ([ROWS[i] for i in some] for some in combinations(range(4), 3))
    minors = [abs(round(float(np.linalg.det(np.array(rows))))) for rows in every]
    assert abs(prod(basis[i][i] for i in range(3))) == gcd(*minors)


def test_what_is_between_the_points_of_a_lattice_is_not_in_it() -> None:
    basis, _ = triangular([[2, 0], [0, 3]])
    assert contains(basis, [4, -9]) and not contains(basis, [1, 3]) and not contains(basis, [2, 1])
    assert contains([], [0, 0]) and not contains([], [0, 1])


def test_relations_are_all_integer_relations_and_not_multiples_of_them() -> None:
    _, relations = triangular([[2], [3], [4]])
    assert len(relations) == 2 and all(contains(triangular(relations)[0], r) for r in ([-2, 0, 1], [3, -2, 0]))


@pytest.mark.parametrize("numbers", [[6, 10, 15], [4, -6], [0, 0], [7], [0, -3]])
def test_bezout_coefficients_give_the_greatest_common_divisor(numbers: list[int]) -> None:
    found = bezout_coefficients(numbers)
    assert sum(a * b for a, b in zip(found, numbers, strict=True)) == gcd(*numbers)
