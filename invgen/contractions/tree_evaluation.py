"""Couplings of batches of covariants, forward and backward, in any arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from invgen.algebra.modular import Arithmetic, Array
from invgen.contractions.coupling import coupling

OUTPUT, LEFT, RIGHT = 0, 1, 2


def couple(arithmetic: Arithmetic, ranks: tuple[int, int, int], x: Array, y: Array) -> Array:
    """z_m = sum of C_mij x_i y_j: (batch, 2a + 1), (batch, 2b + 1) -> (batch, 2c + 1) for ranks (a, b, c).

    Complexity: one product for each of the coupling's terms and batch entry.
    """
    return _contract(arithmetic, ranks, OUTPUT, x, y)


def couple_back(
    arithmetic: Arithmetic, ranks: tuple[int, int, int], x: Array, y: Array, z: Array
) -> tuple[Array, Array]:
    """The derivatives of z · couple(x, y) with respect to x and to y."""
    return _contract(arithmetic, ranks, LEFT, z, y), _contract(arithmetic, ranks, RIGHT, z, x)


def _contract(arithmetic: Arithmetic, ranks: tuple[int, int, int], role: int, first: Array, second: Array) -> Array:
    target, left, right, coefficients, starts = _terms(ranks, role)
    size = 2 * (ranks[2], ranks[0], ranks[1])[role] + 1
    products = arithmetic.reduce(first[:, left] * second[:, right])
    products = arithmetic.reduce(products * arithmetic.constants(coefficients))
    sums = arithmetic.reduce(np.add.reduceat(products, starts, axis=1))
    if len(target) == size:
        return sums
    result = np.zeros((len(first), size), dtype=sums.dtype)
    result[:, target] = sums
    return result


@cache
def _terms(ranks: tuple[int, int, int], role: int) -> tuple[Array, Array, Array, Array, Array]:
    """The coupling's terms sorted by one index: that index, the other two, coefficients, and where each run starts."""
    found = coupling(*ranks)
    terms = sorted(found.terms if found else (), key=lambda term: term[role])
    others = [i for i in (OUTPUT, LEFT, RIGHT) if i != role]
    column = np.array([term[role] for term in terms], dtype=np.intp)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    return (
        column[starts],
        np.array([term[others[0]] for term in terms], dtype=np.intp),
        np.array([term[others[1]] for term in terms], dtype=np.intp),
        machine_integers([term[3] for term in terms]),
        starts,
    )


def machine_integers(values: Sequence[int]) -> Array:
    """An array of machine integers where they fit, otherwise of Python integers."""
    return np.array(values, dtype=np.int64 if max(map(abs, values), default=0) < 2**62 else object)
