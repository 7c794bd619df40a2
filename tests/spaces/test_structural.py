"""Structural tensors: that groups leave them unchanged, in every orientation, and how they are written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from invgen.errors import InputError
from invgen.spaces.irreps import Irrep
from invgen.spaces.point_groups import POINT_GROUPS, structural_names
from invgen.spaces.space import TensorSpace
from invgen.spaces.structural import STANDARD, check_axes, structural
from invgen.testing.rotations import random_element, representation
from tests.support import reynolds

AXES = [
    STANDARD,
    ((1, 1, 0), (-1, 1, 0), (0, 0, 1)),
    ((1, 2, 2), (2, 1, -2), (-2, 2, -1)),
    ((1, 0, 0), (0, 1, 1), (0, -1, 1)),
]
IRRATIONAL = ((1, 1, 1), (1, -1, 0), (1, 1, -2))


@pytest.mark.parametrize("name", [n for n, g in POINT_GROUPS.items() if not g.is_axial])
def test_all_elements_keep_the_structural_tensors_exactly(name: str) -> None:
    p = reynolds.prime()
    for l, parity in ((1, -1), (2, 1), (3, -1), (4, 1), (6, 1), (6, -1)):
        found = np.array(structural(name, l, parity), dtype=object)
        if len(found):
            acts = reynolds.representation((Irrep("s", l, parity),), name)
            moved = np.einsum("gij,sj->gsi", acts.astype(object), found) % p
            assert (moved == found[None] % p).all()


@pytest.mark.parametrize(
    ("name", "axes"),
    # Two axes for each group in turn, of which the second make the icosahedral tensors irrational.
    [
        (name, AXES[k % 4])
        for number, name in enumerate(POINT_GROUPS)
        for k in (number, number + 2)
        if name not in ("I", "Ih") or k % 4 != 1
    ],
)
def test_oriented_groups_keep_their_structural_tensors(name: str, axes: tuple[tuple[int, int, int], ...]) -> None:
    for l, parity in ((2, 1), (3, -1), (4, 1), (6, 1)):
        space = TensorSpace([Irrep("s", l, parity)], name, orientation=axes)
        found = np.array(structural(name, l, parity, space.orientation or STANDARD), dtype=float)
        assert len(found) == POINT_GROUPS[name].count(l, parity)
        element = representation(space, random_element(space, np.random.default_rng(l)), "rational")
        for row in found:
            # 1e-9: the element is a product of rotations in floating point
            np.testing.assert_allclose(element @ row, row, rtol=0, atol=1e-9 * np.abs(row).max())


@pytest.mark.parametrize("axes", AXES[1:])
@pytest.mark.parametrize("name", ["D3h", "C3", "C3i", "D6h", "C4", "D2", "Oh", "T"])
def test_a_name_means_the_image_of_the_same_tensor_in_all_axes(
    name: str, axes: tuple[tuple[int, int, int], ...]
) -> None:
    turn = np.array(axes, dtype=float).T / np.linalg.norm(axes, axis=1)
    for l in (2, 4, 6):
        acts = representation(TensorSpace([Irrep("s", l, 1)]), turn, "rational")
        straight, turned = (np.array(structural(name, l, 1, a), dtype=float) for a in (STANDARD, axes))
        if len(straight):
            images = straight @ acts.T
            images /= np.linalg.norm(images, axis=1, keepdims=True)
            turned /= np.linalg.norm(turned, axis=1, keepdims=True)
            # up to its sign; 1e-9 as the matrix is fitted in floating point
            np.testing.assert_allclose(np.abs((images * turned).sum(axis=1)), 1, atol=1e-9)


def test_the_icosahedral_invariants_have_klein_s_degrees() -> None:
    degrees = [l for l in range(1, 31) if structural("I", l, 1)]
    assert degrees == [6, 10, 12, 15, 16, 18, 20, 21, 22, 24, 25, 26, 27, 28, 30]


def test_the_cubic_tensor_of_rank_four_is_the_sum_of_fourth_powers_without_traces() -> None:
    assert str(TensorSpace("2e", "Oh").structural("@4e")) == "x^4 - 3 x^2 y^2 - 3 x^2 z^2 + y^4 - 3 y^2 z^2 + z^4"
    assert str(TensorSpace("1o", "Cinfv").structural("@1o")) == "z"
    assert str(TensorSpace("1o", "Td").structural("@3o")) == "x y z"


def test_equal_axes_make_equal_spaces() -> None:
    one = TensorSpace("2e", "D4h", orientation=((2, 2, 0), (-1, 1, 0), (0, 0, 3)))
    assert one == TensorSpace("2e", "D4h", orientation=((1, 1, 0), (-1, 1, 0), (0, 0, 1)))
    assert TensorSpace("2e", "D4h", orientation=np.eye(3, dtype=int)) == TensorSpace("2e", "D4h")
    left = TensorSpace("2e", "D4h", orientation=((1, 1, 0), (1, -1, 0), (0, 0, 1)))
    assert left.orientation == ((-1, -1, 0), (-1, 1, 0), (0, 0, -1))


@given(st.lists(st.integers(-4, 4), min_size=4, max_size=4))
def test_any_rational_orientation_keeps_the_number_of_tensors(quaternion: list[int]) -> None:
    w, x, y, z = quaternion
    assume(any(quaternion))
    columns = [
        (w * w + x * x - y * y - z * z, 2 * (x * y + w * z), 2 * (x * z - w * y)),
        (2 * (x * y - w * z), w * w - x * x + y * y - z * z, 2 * (y * z + w * x)),
        (2 * (x * z + w * y), 2 * (y * z - w * x), w * w - x * x - y * y + z * z),
    ]
    for name in ("Oh", "D3", "C3h", "Ih"):
        axes = check_axes(name, columns)
        assert len(structural(name, 6, 1, axes)) == POINT_GROUPS[name].count(6, 1)


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        (((1, 0, 0), (1, 1, 0), (0, 0, 1)), "scalar product 1"),
        (((1, 0, 0), (0, 1, 0)), "three orthogonal integer axes"),
        (((1, 0, 0), (0, 1, 0), (0, 0, 0)), "length zero"),
        (((1, 0, 0), (0, 1, 0), (0, 0, 0.5)), "three orthogonal integer axes"),
        (5, "three orthogonal integer axes"),
        ("xyz", "three orthogonal integer axes"),
    ],
)
def test_axes_that_are_not_three_orthogonal_integer_vectors_are_refused(axes: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        TensorSpace("2e", "Oh", orientation=axes)


def test_irrational_icosahedral_axes_are_refused_and_named() -> None:
    with pytest.raises(InputError, match="not rational"):
        TensorSpace("2e", "Ih", orientation=IRRATIONAL)
    assert TensorSpace("2e", "D3d", orientation=IRRATIONAL).structural(structural_names(POINT_GROUPS["D3d"], 2, 1)[0])


def test_a_group_without_orientation_takes_none() -> None:
    with pytest.raises(InputError, match="O3 has no orientation"):
        TensorSpace("2e", orientation=STANDARD)


def test_structural_tensors_belong_to_groups_of_space() -> None:
    with pytest.raises(InputError, match="three dimensions"):
        TensorSpace("1e", "O2").structural("@0e")
