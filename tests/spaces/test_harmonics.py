from __future__ import annotations

from fractions import Fraction
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen.errors import InputError
from invgen.spaces import harmonics
from tests.support import oracles

RANKS = range(9)


def laplacian(polynomial: harmonics.Polynomial) -> dict[tuple[int, ...], int]:
    result: dict[tuple[int, ...], int] = {}
    for exponents, coefficient in polynomial.items():
        for axis, power in enumerate(exponents):
            if power > 1:
                lower = tuple(e - 2 * (i == axis) for i, e in enumerate(exponents))
                result[lower] = result.get(lower, 0) + power * (power - 1) * coefficient
    return {e: c for e, c in result.items() if c}


def sphere_mean(exponents: tuple[int, ...]) -> Fraction:
    """The mean of x^a y^b z^c over the unit sphere: 0 if one is odd, else the product of (a - 1)!! over (n + 1)!!."""
    if any(e % 2 for e in exponents):
        return Fraction(0)
    return Fraction(prod(prod(range(1, e, 2)) for e in exponents), prod(range(1, sum(exponents) + 2, 2)))


@pytest.mark.parametrize("l", RANKS)
def test_the_polynomials_are_harmonic_homogeneous_and_coprime(l: int) -> None:
    polynomials = harmonics.solid_harmonics(l)
    assert len(polynomials) == 2 * l + 1
    for polynomial in polynomials:
        assert laplacian(polynomial) == {}
        assert {sum(e) for e in polynomial} == {l}
        assert oracles.coprime(polynomial.values())


@pytest.mark.parametrize("l", range(7))
def test_they_are_those_of_legendre_polynomials(l: int) -> None:
    assert harmonics.solid_harmonics(l) == oracles.harmonics(l)


@pytest.mark.parametrize("l", RANKS)
def test_they_are_orthogonal_on_the_sphere_with_the_stated_norms(l: int) -> None:
    polynomials = harmonics.solid_harmonics(l)
    for i, p in enumerate(polynomials):
        for j, q in enumerate(polynomials[: i + 1]):
            mean = sum(
                a * b * sphere_mean(tuple(x + y for x, y in zip(e, f))) for e, a in p.items() for f, b in q.items()
            )
            assert mean == (harmonics.sphere_norms(l)[i] if i == j else 0)


def test_the_first_ranks_by_hand() -> None:
    assert harmonics.solid_harmonics(0) == ({(0, 0, 0): 1},)
    assert harmonics.solid_harmonics(1) == ({(0, 1, 0): 1}, {(0, 0, 1): 1}, {(1, 0, 0): 1})
    assert harmonics.solid_harmonics(2) == (
        {(1, 1, 0): 1},
        {(0, 1, 1): 1},
        {(2, 0, 0): -1, (0, 2, 0): -1, (0, 0, 2): 2},
        {(1, 0, 1): 1},
        {(2, 0, 0): 1, (0, 2, 0): -1},
    )


@pytest.mark.parametrize("l", range(7))
def test_squared_norms_are_frobenius_norms_of_full_tensors(l: int) -> None:
    norms = [sum(v * v for v in np.ravel(t)) for t in oracles.harmonic_tensors(l)]
    assert list(harmonics.squared_norms(l)) == norms


@pytest.mark.parametrize("l", RANKS)
def test_components_of_the_tensor_of_components_are_the_components(l: int) -> None:
    matrix, scale = harmonics.tensor_of_components(l)
    back = np.array(harmonics.components_of_tensor(l), dtype=object)
    product = back @ (np.array(matrix, dtype=object) * np.array(scale, dtype=object)[None, :])
    assert (product == np.eye(2 * l + 1, dtype=int)).all()
    assert all(oracles.coprime(column) for column in zip(*matrix)) and min(scale) > 0


@pytest.mark.parametrize("l", range(2, 9))
def test_tensors_of_components_are_traceless(l: int) -> None:
    position = {e: i for i, e in enumerate(harmonics.monomials(l))}
    for matrix in (harmonics.tensor_of_components(l)[0], harmonics.tensor_of_free_entries(l)):
        rows = np.array(matrix)
        for a, b, c in harmonics.monomials(l - 2):
            trace = sum(rows[position[e]] for e in ((a + 2, b, c), (a, b + 2, c), (a, b, c + 2)))
            assert not trace.any()


@pytest.mark.parametrize("l", RANKS)
def test_free_entries_determine_a_traceless_tensor(l: int) -> None:
    free = [harmonics.monomials(l).index(e) for e in harmonics.free_entries(l)]
    assert len(free) == 2 * l + 1
    from_free = np.array(harmonics.tensor_of_free_entries(l))
    assert (from_free[free] == np.eye(2 * l + 1, dtype=int)).all()
    # and both maps describe the same tensors
    by_components = np.array(harmonics.tensor_of_components(l)[0])
    assert (from_free @ by_components[free] == by_components).all()


@given(st.integers(0, 5), st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=4))
def test_components_of_powers_are_the_polynomials_at_their_vectors(l: int, vectors: list[tuple[int, ...]]) -> None:
    full = oracles.traceless(l, vectors, [1] * len(vectors))
    entry = {e: full[index] for index, e in oracles.entries(l)}
    found = [
        sum(c * entry[e] for c, e in zip(row, harmonics.monomials(l))) for row in harmonics.components_of_tensor(l)
    ]
    expected = [
        sum(sum(c * prod(x**k for x, k in zip(v, e)) for e, c in p.items()) for v in vectors)
        for p in harmonics.solid_harmonics(l)
    ]
    assert found == expected


def test_monomials_stand_in_the_order_of_sorted_indices() -> None:
    words = ["".join("xyz"[i] * k for i, k in enumerate(e)) for e in harmonics.monomials(3)]
    assert words == sorted(words) and len(words) == 10
    assert sum(harmonics.multinomial(e) for e in harmonics.monomials(5)) == 3**5
    assert harmonics.multinomial((2, 1, 0)) == factorial(3) // factorial(2)


def test_negative_ranks_are_refused() -> None:
    with pytest.raises(InputError, match="a rank is at least 0"):
        harmonics.solid_harmonics(-1)
