from __future__ import annotations

from itertools import permutations, product

from invgen.algebra.levi_civita import LEVI_CIVITA, levi_civita


def test_the_sign_is_that_of_the_number_of_inversions() -> None:
    for i, j, k in product(range(3), repeat=3):
        inversions = (i > j) + (i > k) + (j > k)
        expected = (-1) ** inversions if (i, j, k) in set(permutations(range(3))) else 0
        assert levi_civita(i, j, k) == LEVI_CIVITA[i][j][k] == expected
