from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from invgen import TensorSpace
from invgen.errors import InputError
from invgen.spaces import index_symmetries
from invgen.testing import random_rotation, representation
from tests.support import oracles

DECLARED = [
    "i",
    "ij",
    "ij=ji",
    "ij=-ji",
    "ijk",
    "ijk=ikj",
    "ijk=-ikj",
    "ijk=jik=ikj",
    "ijk=-jik=-ikj",
    "ijk=jki",
    "ijkl=jikl=klij",
    "ijkl=jikl=ijlk",
    "ijkl=-jikl=-ijlk=klij",
    "ijkl=jkli",
    "ijklm=jiklm=ijkml",
]


def generated_group(text: str) -> dict[tuple[int, ...], int]:
    """Every permutation with its sign, by multiplying generators until nothing new comes."""
    first, *others = text.split("=")
    generators = [
        (tuple(first.index(c) for c in word.lstrip("-")), -1 if word.startswith("-") else 1) for word in others
    ]
    group = {tuple(range(len(first))): 1}
    while True:
        more = {tuple(p[k] for k in q): s * t for p, s in group.items() for q, t in generators}
        if set(more) <= set(group):
            return group
        group |= {p: s for p, s in more.items() if p not in group}


def symmetrised(tensor: np.ndarray, text: str) -> np.ndarray:
    """The sum of the tensor's copies under all declared permutations."""
    return sum(sign * tensor.transpose(p) for p, sign in generated_group(text).items())


@pytest.mark.parametrize("text", DECLARED)
def test_free_entries_are_the_dimension_of_the_symmetric_tensors(text: str) -> None:
    order = len(text.split("=")[0])
    rows = []
    for index in product(range(3), repeat=order):
        unit = np.zeros((3,) * order, dtype=int)
        unit[index] = 1
        rows.append(symmetrised(unit, text).ravel())
    found = index_symmetries.entries(index_symmetries.parse(text))
    assert len(found.free) == np.linalg.matrix_rank(np.array(rows))
    assert list(found.free) == sorted(found.free)


@pytest.mark.parametrize("text", DECLARED)
def test_every_entry_is_its_free_entry_up_to_the_sign(text: str) -> None:
    symmetry = index_symmetries.parse(text)
    tensor = symmetrised(np.random.default_rng(0).integers(-9, 10, (3,) * symmetry.order), text)
    found = index_symmetries.entries(symmetry)
    for index, (place, sign) in found.places.items():
        assert tensor[index] == (sign * tensor[found.free[place]] if sign else 0)


@pytest.mark.parametrize("text", DECLARED)
def test_components_of_the_rotated_tensor_are_the_rotated_components(text: str) -> None:
    space = TensorSpace.cartesian(text)
    symmetry = index_symmetries.parse(text)
    free = index_symmetries.entries(symmetry).free
    rng = np.random.default_rng(1)
    tensor = symmetrised(rng.normal(size=(3,) * symmetry.order), text)
    layout = np.array(space.layout.matrix, dtype=float)
    for reflect in (False, True):
        matrix = random_rotation(rng, reflect)
        moved = oracles.rotated(tensor, matrix)
        before = layout @ [tensor[i] for i in free]
        after = layout @ [moved[i] for i in free]
        # some hundred roundings of numbers of the size of the largest
        assert np.abs(representation(space, matrix, "rational") @ before - after).max() < 1e-11 * np.abs(before).max()


@pytest.mark.parametrize(
    "text", [*DECLARED, pytest.param("ijklmn", marks=pytest.mark.slow), "ijklmn=jiklmn=klijmn=ijmnkl"]
)
def test_the_irreducible_components_are_coordinates(text: str) -> None:
    space = TensorSpace.cartesian(text)
    rows = [[Fraction(c) for c in row] for row in space.layout.matrix]
    assert oracles.exact_rank(rows) == space.dimension == len(space.components)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("ij", {0: 1, 1: 1, 2: 1}),
        ("ij=ji", {0: 1, 2: 1}),
        ("ij=-ji", {1: 1}),
        ("ijk=ikj", {1: 2, 2: 1, 3: 1}),  # piezoelectric: 18 components
        ("ijkl=jikl=klij", {0: 2, 2: 2, 4: 1}),  # elasticity: 21 components
        ("ijkl=jikl=ijlk", {0: 2, 1: 1, 2: 3, 3: 1, 4: 1}),  # photoelastic: 36
        ("ijkl=-jikl=-ijlk=klij", {0: 1, 2: 1}),  # curvature in 3D: the Ricci tensor
        ("ijkl", {0: 3, 1: 6, 2: 6, 3: 3, 4: 1}),
        ("ijk=-jik=-ikj", {0: 1}),
    ],
)
def test_known_tensors_have_their_known_content(text: str, content: dict[int, int]) -> None:
    space = TensorSpace.cartesian(text)
    order = len(text.split("=")[0])
    assert Counter(t.l for t in space.tensors) == content
    assert {t.parity for t in space.tensors} == {(-1) ** order}
    assert index_symmetries.multiplicities(index_symmetries.parse(text)) == content


@pytest.mark.slow
def test_seven_indices_are_decomposed() -> None:
    space = TensorSpace.cartesian("abcdefg")
    assert Counter(t.l for t in space.tensors) == {0: 36, 1: 91, 2: 105, 3: 84, 4: 49, 5: 21, 6: 6, 7: 1}
    assert space.dimension == 3**7


def test_tensors_of_equal_symmetry_agree_with_moments() -> None:
    text = "=".join("".join(p) for p in permutations("ijk"))
    tensor, moments = TensorSpace.cartesian(text), TensorSpace.moments((3,))
    assert tensor.dimension == moments.dimension == 10
    # both make the deviator of rank 3 as P_m · T, of entries in one order: sorted indices
    assert tensor.layout.rows[tensor.slices[1]] == moments.layout.rows[moments.slices[0]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ij=ji=-ij", "force the tensor to vanish"),
        ("ij=ji=-ji", "force the tensor to vanish"),
        ("ijkl=-jikl=-ikjl=-ijlk", "force the tensor to vanish"),
        ("ijkl=-jikl=jkli", "force the tensor to vanish"),
        ("", "cannot read"),
        ("ij=", "cannot read"),
        ("ij=ji,", "cannot read"),
        ("IJ=JI", "cannot read"),
        ("ij=+ji", "cannot read"),
        ("2", "cannot read"),
        (None, "cannot read"),
        (3, "cannot read"),
        ("ii", "different letters and no sign"),
        ("-ij=ji", "different letters and no sign"),
        ("ij=jk", "does not permute"),
        ("ij=i", "does not permute"),
        ("ij=jii", "does not permute"),
        ("abcdefgh", "at most 7 indices"),
    ],
)
def test_what_is_no_symmetry_is_refused_with_a_sentence(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        TensorSpace.cartesian(text)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_spaces_in_the_text_do_not_matter() -> None:
    assert TensorSpace.cartesian(" ij = - ji ") == TensorSpace.cartesian("ij=-ji")
