"""Frames: components of exact conventions, and rotations in them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from invgen import TensorSpace
from invgen.algebra.finite_field import derived_points, derived_primes
from invgen.errors import InputError
from invgen.reduction.given.frames import Derivation, Frame, ModularMatrix, Rows, frame
from invgen.spaces.harmonics import free_entries
from tests.support import oracles

SPACES = [
    (TensorSpace("0e + 1o + 2e + 3o"), "rational"),
    (TensorSpace("0e + 1o + 2e + 3o"), "hippynn"),
    (TensorSpace("2x3o + 1e", group="SO3"), "hippynn"),
    (TensorSpace.moments(orders=range(5)), "cartesian"),
    (TensorSpace.moments(orders=range(3), values="vector"), "cartesian"),
    (TensorSpace.cartesian("ijkl=jikl=klij"), "cartesian"),
    (TensorSpace.moments(orders=range(4)), "rational"),
]


def dense(rows: Rows) -> np.ndarray:
    matrix = np.full((len(rows), len(rows)), Fraction(0), dtype=object)
    for i, row in enumerate(rows):
        for j, value in row.items():
            matrix[i, j] = value
    return matrix


def as_matrix(derivation: Derivation) -> np.ndarray:
    matrix = np.zeros((len(derivation.starts) - 1,) * 2, dtype=np.int64)
    for v in range(len(matrix)):
        where = slice(derivation.starts[v], derivation.starts[v + 1])
        matrix[v, derivation.columns[where]] = derivation.values[where]
    return matrix


@pytest.mark.parametrize(("space", "convention"), SPACES)
def test_back_is_the_inverse_of_forward(space: TensorSpace, convention: str) -> None:
    components = Frame(space, convention)
    assert (dense(components.forward) @ dense(components.back) == np.eye(space.dimension, dtype=int)).all()


@pytest.mark.parametrize(("space", "convention"), SPACES)
def test_derivations_are_conjugates_of_the_generators(space: TensorSpace, convention: str) -> None:
    components = Frame(space, convention)
    for derivation, generator in zip(components.derivations, components.generators, strict=True):
        left = as_matrix(derivation).astype(object) @ dense(components.forward)
        right = dense(components.forward) @ dense(generator)
        place = np.argwhere(right)[0]
        unit = left[tuple(place)] / right[tuple(place)]
        assert unit > 0 and (left == unit * right).all()


def test_moments_move_as_the_points_do() -> None:
    # d/dt x^a y^b z^c = -a x^(a-1) y^(b+1) z^c + b x^(a+1) y^(b-1) z^c about z; about x the letters move on by one
    space = TensorSpace.moments(orders=range(5))
    names = {name: i for i, name in enumerate(space.components)}
    derivations = frame(space, None).derivations
    for derivation, (first, second) in zip(derivations, ((0, 1), (1, 2)), strict=True):
        expected = np.zeros((len(names),) * 2, dtype=np.int64)
        for name, i in names.items():
            exponents = [int(d) for d in name[1:]]
            for source, target, sign in ((first, second, -1), (second, first, 1)):
                if exponents[source]:
                    moved = exponents.copy()
                    moved[source] -= 1
                    moved[target] += 1
                    expected[i, names["m" + "".join(map(str, moved))]] += sign * exponents[source]
        assert (as_matrix(derivation) == expected).all()


def test_hippynn_components_are_free_entries_of_the_tensor() -> None:
    space = TensorSpace("0e + 1o + 2e + 3o")
    tensors = oracles.random_tensors(space, np.random.default_rng(3))
    free = [tensor[(0,) * a + (1,) * b + (2,) * c] for l, tensor in enumerate(tensors) for a, b, c in free_entries(l)]
    rational = np.array(oracles.rational_vector(tensors), dtype=object)
    assert (dense(Frame(space, "hippynn").forward) @ rational == np.array(free, dtype=object)).all()


@pytest.mark.parametrize(("space", "convention"), SPACES)
def test_blocks_and_parities_are_kept_by_rotations(space: TensorSpace, convention: str) -> None:
    components = Frame(space, convention)
    for derivation in components.derivations:
        for v, w in np.argwhere(as_matrix(derivation)):
            assert components.blocks[v] == components.blocks[w]
            assert components.is_odd[v] == components.is_odd[w]
    if convention != "cartesian":
        assert [len(set(components.blocks[s])) for s in space.slices] == [1] * len(space.tensors)
        assert len(set(components.blocks)) == len(space.tensors)


def test_moments_of_odd_order_are_odd() -> None:
    space = TensorSpace.moments(orders=range(4))
    assert frame(space, None).is_odd.tolist() == [sum(map(int, name[1:])) % 2 for name in space.components]
    assert frame(TensorSpace("0o + 1e + 1o"), None).is_odd.tolist() == [1, 0, 0, 0, 1, 1, 1]


def test_modular_matrices_are_the_exact_ones() -> None:
    components = Frame(TensorSpace.moments(orders=range(4)), "cartesian")
    exact = dense(components.forward)
    primes = np.array(derived_primes("matrix", 3))
    x = np.concatenate([derived_points("matrix", int(p), 1, len(exact)) for p in primes])
    forward = ModularMatrix(components.forward, primes)
    for p, row, by, transposed in zip(primes.tolist(), x, forward.apply(x), forward.apply_transposed(x), strict=True):
        residues = np.array([[v.numerator * pow(v.denominator, -1, p) % p for v in line] for line in exact])
        assert (residues.astype(object) @ row.astype(object) % p == by).all()
        assert (row.astype(object) @ residues.astype(object) % p == transposed).all()


@pytest.mark.parametrize(
    ("space", "convention", "sentence"),
    [
        (TensorSpace("1o"), "sphericart", "irrational coefficients in the convention 'sphericart'"),
        (TensorSpace("1o"), "e3nn_norm", "irrational"),
        (TensorSpace("1o"), "cartesian", "TensorSpace.moments"),
        (TensorSpace("4e"), "hippynn", "l <= 3"),
        (TensorSpace("1o"), "spherical", "must be one of"),
    ],
)
def test_conventions_that_are_not_exact_are_refused(space: TensorSpace, convention: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        frame(space, convention)
