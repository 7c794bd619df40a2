"""The Levi-Civita symbol."""

from __future__ import annotations


def levi_civita(i: int, j: int, k: int) -> int:
    """The sign of the permutation (i, j, k) of 0, 1, 2; 0 where two are equal."""
    return (i - j) * (j - k) * (k - i) // 2


LEVI_CIVITA = tuple(tuple(tuple(levi_civita(i, j, k) for k in range(3)) for j in range(3)) for i in range(3))
"""The symbol as a table, [i][j][k]."""
