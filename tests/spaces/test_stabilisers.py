"""Generic stabilisers, against the quotient of Hilbert series: lim of H_maps / H_invariants at t = 1."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from invgen.algebra.finite_field import Vector
from invgen.spaces.outputs import parts, series
from invgen.spaces.space import TensorSpace
from invgen.spaces.stabilisers import generic_stabiliser
from invgen.testing.rotations import random_element, representation
from tests.support import reynolds

KNOWN = [
    ("2e", "O3", "D2h"),
    ("1o", "O3", "Cinfv"),
    ("1e", "O3", "Cinfh"),
    ("1o", "SO3", "Cinf"),
    ("1o + 0o", "O3", "Cinf"),
    ("2x1o", "O3", "Cs"),
    ("1o + 1e", "O3", "C1"),
    ("2e + 1e", "O3", "Ci"),
    ("2e + 0o", "O3", "D2"),
    ("3o", "O3", "C1"),
    ("0e", "Oh", "Oh"),
    ("0o", "Oh", "O"),
    ("2e", "Oh", "Ci"),
    ("1o", "Oh", "C1"),
    ("1o", "Cinfv", "Cs"),
    ("1e", "Cinfv", "C1"),
    ("1o", "Dinfh", "Cs"),
    ("2e", "Dinfh", "Ci"),
    ("2x1o", "Cinfv", "C1"),
]


@pytest.mark.parametrize(("irreps", "group", "stabiliser"), KNOWN)
def test_known_stabilisers(irreps: str, group: str, stabiliser: str) -> None:
    assert generic_stabiliser(TensorSpace(irreps, group)).name == stabiliser


@pytest.mark.parametrize(
    ("irreps", "group"), [("2e", "Oh"), ("1o", "Td"), ("0o + 0e", "D3h"), ("1e", "C4h"), ("3o", "T")]
)
def test_elements_of_a_finite_group_that_act_as_the_identity_are_the_stabiliser(irreps: str, group: str) -> None:
    space = TensorSpace(irreps, group)
    acts = reynolds.representation(space.tensors, group)
    trivial = (acts == np.eye(space.dimension, dtype=np.int64)).all(axis=(1, 2)).sum()
    assert generic_stabiliser(space).order == trivial


@cache
def partial_sums(irreps: str, group: str, outputs: str, far: int) -> Vector:
    return np.cumsum(series(TensorSpace(irreps, group), outputs, far))


@pytest.mark.parametrize(("irreps", "group", "_"), [case for case in KNOWN if case[:2] != ("3o", "O3")])
@pytest.mark.parametrize("outputs", ["0o", "1o", "ij=ji"])
def test_dimensions_that_a_stabiliser_fixes_are_the_quotient_of_the_series_at_one(
    irreps: str, group: str, _: str, outputs: str
) -> None:
    # Partial sums of the coefficients grow like c d^r with the same r, and the quotient of two of them tends to the
    # quotient of the limits like 1/d. Two degrees extrapolate that; an error of 0.35 leaves no other integer. The
    # invariants of a single 3o are so few that this takes higher degrees.
    space = TensorSpace(irreps, group)
    fixed = sum(generic_stabiliser(space).count(part.l, part.parity) for part in parts(outputs))
    far = 48
    ours, theirs = (partial_sums(irreps, group, kind, far) for kind in (outputs, "0e"))
    near, end = ours[far // 2] / theirs[far // 2], ours[far] / theirs[far]
    assert abs(2 * end - near - fixed) < 0.35


def test_the_named_group_fixes_a_point_of_its_own_strata() -> None:
    space = TensorSpace("2x1o")
    mirrored = TensorSpace("2x1o", "Cs")  # a mirror plane across z fixes two vectors in it
    element = random_element(mirrored, np.random.default_rng(3))
    point = np.zeros(6)
    point[[0, 2, 3, 5]] = 1.0, 2.0, -0.5, 3.0  # the components y and x of both vectors
    np.testing.assert_allclose(representation(space, element, "rational") @ point, point, atol=1e-12)
