from __future__ import annotations

import numpy as np
import pytest

from invgen import TensorSpace
from invgen.algebra.exact import ONE
from invgen.basis.basis import Basis
from invgen.errors import InputError
from invgen.spaces import conventions
from invgen.spaces.harmonics import monomials
from tests.support import oracles

LIBRARIES = ("sphericart", "e3nn", "e3nn_component", "e3nn_norm")
# e3nn stands on torch.
WITH_LIBRARIES = [pytest.param(name, marks=[] if name == "sphericart" else pytest.mark.torch) for name in LIBRARIES]
RANKS = range(9)


def dense(name: str, l: int) -> np.ndarray:
    made = conventions.tensor_map(name, l)
    return np.array(made.matrix, dtype=float) * [s.round() for s in made.scale]


@pytest.mark.parametrize("name", WITH_LIBRARIES)
@pytest.mark.parametrize("l", range(8))
def test_components_are_those_of_the_library(name: str, l: int) -> None:
    cloud = oracles.random_cloud(np.random.default_rng(l))
    scales, matrix = conventions.component_matrix(name, l)
    full = cloud.tensor(l)
    entry = {e: full[index] for index, e in oracles.entries(l)}
    found = np.array([s.round() for s in scales]) * (np.array(matrix, dtype=float) @ [entry[e] for e in monomials(l)])
    expected = cloud.components(name, l)
    # 12 points of length up to 3 and weights of order 1: rounding of float64 sums, relative to the largest component
    assert np.abs(found - expected).max() < 1e-12 * np.abs(expected).max()


@pytest.mark.parametrize("name", WITH_LIBRARIES)
@pytest.mark.parametrize("l", range(6))
def test_tensors_of_library_components_are_the_tensors(name: str, l: int) -> None:
    cloud = oracles.random_cloud(np.random.default_rng(10 + l))
    full = cloud.tensor(l)
    entry = {e: full[index] for index, e in oracles.entries(l)}
    found = dense(name, l) @ cloud.components(name, l)
    expected = np.array([entry[e] for e in monomials(l)])
    assert np.abs(found - expected).max() < 1e-12 * np.abs(expected).max()  # as above


@pytest.mark.torch
@pytest.mark.parametrize("l", range(4))
def test_hippynn_components_are_those_of_its_own_maps(l: int) -> None:
    from hippynn.layers.hiplayers.tensors import cmaps

    mine = dense("hippynn", l)
    theirs = cmaps[l].reshape(*(3,) * l, 2 * l + 1).double().numpy()  # integers, in the then default dtype
    position = {e: i for i, e in enumerate(monomials(l))}
    for index, exponents in oracles.entries(l):
        assert (theirs[index] == mine[position[exponents]]).all()


@pytest.mark.parametrize("name", [n for n in conventions.NAMES if n != "hippynn"])
@pytest.mark.parametrize("l", RANKS)
def test_components_of_the_tensor_of_components_are_the_components_exactly(name: str, l: int) -> None:
    forward = conventions.tensor_map(name, l)
    scales, back = conventions.component_matrix(name, l)
    product = np.array(back, dtype=object) @ np.array(forward.matrix, dtype=object)
    for i in range(2 * l + 1):
        for j in range(2 * l + 1):
            if i != j:
                assert product[i, j] == 0
        assert (scales[i] * forward.scale[i]).as_fraction() * product[i, i] == 1


def test_hippynn_components_of_the_tensor_of_components_are_the_components() -> None:
    for l in range(4):
        forward = conventions.tensor_map("hippynn", l)
        scales, back = conventions.component_matrix("hippynn", l)
        assert set(scales) == {ONE} == set(forward.scale)
        assert (np.array(back) @ np.array(forward.matrix) == np.eye(2 * l + 1)).all()


@pytest.mark.parametrize(
    ("name", "norm"),
    [
        ("sphericart", lambda l: 1 / (4 * np.pi)),
        ("e3nn_component", lambda l: 1),
        ("e3nn_norm", lambda l: 1 / (2 * l + 1)),
    ],
)
@pytest.mark.parametrize("l", range(6))
def test_every_component_has_the_mean_square_of_its_normalization(name: str, norm, l: int) -> None:
    # The squared norm of Y_l at one point is the sum of the means: (2l + 1) / 4π, 2l + 1 and 1.
    scales, matrix = conventions.component_matrix(name, l)
    point = np.array([0.36, 0.48, 0.8])
    values = np.array(matrix, dtype=float) @ [point[0] ** a * point[1] ** b * point[2] ** c for a, b, c in monomials(l)]
    square = ((values * [s.round() for s in scales]) ** 2).sum()
    assert square == pytest.approx((2 * l + 1) * norm(l), rel=1e-13)  # one sum of at most 45 rounded terms


@pytest.mark.torch
def test_one_tensor_has_one_value_in_every_convention() -> None:
    space = TensorSpace("s:0e + v:1o + q:2e + t:3o")
    lines = ["s", "i,ij,j v,q,v", "ij,jk,ilm,klm q,q,t,t", "i,j,k,ijk v,v,v,t"]
    basis = Basis.from_contractions(lines, space)
    cloud = oracles.random_cloud(np.random.default_rng(3))
    tensors = [cloud.tensor(t.l) for t in space.tensors]
    expected = [oracles.contract(c, space, tensors) for c in basis.contractions]
    for name in LIBRARIES:
        x = np.concatenate([cloud.components(name, t.l) for t in space.tensors])
        found = basis.with_convention(name).evaluate(x)
        np.testing.assert_allclose(found, expected, rtol=1e-11)  # generic: no output cancels by more than a digit
    hippynn = [t[index] for l, t in enumerate(tensors) for index in FREE[l]]
    np.testing.assert_allclose(basis.with_convention("hippynn").evaluate(hippynn), expected, rtol=1e-11)


FREE = [
    [()],
    [(0,), (1,), (2,)],
    [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2)],
    [(0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 1), (0, 1, 2), (1, 1, 1), (1, 1, 2)],
]


def test_component_labels() -> None:
    assert conventions.component_labels("sphericart", 2) == ("-2", "-1", "0", "1", "2")
    assert conventions.component_labels("hippynn", 2) == ("xx", "xy", "xz", "yy", "yz")
    assert conventions.component_labels("hippynn", 0) == ("",)


def test_the_long_name_of_e3nn_is_an_alias() -> None:
    assert conventions.resolve("e3nn_integral") == "e3nn"
    assert conventions.tensor_map("e3nn_integral", 3) == conventions.tensor_map("e3nn", 3)


def test_unknown_conventions_are_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"one of rational, sphericart, e3nn.*got 'racah'"):
        conventions.resolve("racah")


def test_hippynn_ends_at_rank_three() -> None:
    assert conventions.check("hippynn", (0, 3)) == "hippynn"
    with pytest.raises(InputError, match="'hippynn' is defined for l <= 3, the space has l = 4; use 'sphericart'"):
        conventions.check("hippynn", (0, 4))
    with pytest.raises(InputError, match="l <= 3"):
        conventions.component_matrix("hippynn", 4)
