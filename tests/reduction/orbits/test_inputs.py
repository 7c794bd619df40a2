"""The rank that is needed at one exact input, beside that of symmetry strata and of the invariants themselves."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from invgen import TensorSpace, generate
from invgen.errors import InputError
from invgen.reduction.orbits.inputs import needed_rank
from invgen.reduction.orbits.strata import golden_primes, strata
from invgen.reduction.search.jacobian_pass import JacobianPass

# Subgroups whose elements are symmetries of the grid or belong to a connected one; those of order 3 or 5 are not seen.
SEEN = {"C_2", "C_4", "D_2", "D_4", "SO(2)", "O(2)", "C_i", "C_s", "C_2h", "C_2v", "C_4h", "C_4v", "D_2h", "D_4h"} | {
    *("C_infh", "C_infv", "D_infh", "T", "O", "T_d", "T_h", "O_h", "SO(3)", "O(3)", "D_2d", "S_4")
}


def generic(dimension: int, seed: int) -> list[Fraction]:
    return [Fraction(int(v)) for v in np.random.default_rng(seed).integers(1, 10**6, dimension)]


@pytest.mark.parametrize("text", ["0e + 1o + 2e + 3o", "2e + 4e", "1e + 2o + 2e"])
@pytest.mark.parametrize("group", ["O3", "SO3"])
def test_symmetric_inputs_need_the_rank_of_their_stratum(text: str, group: str) -> None:
    space = TensorSpace(text, group)
    looked_at = 0
    for stratum in strata(space, golden_primes("inputs", 1)):
        if not stratum.by_components or not SEEN.intersection(stratum.subgroups):
            continue
        x = [Fraction(0)] * space.dimension
        for value, place in zip(
            generic(stratum.dimension, 3), np.nonzero(stratum.basis[0].any(axis=1))[0], strict=True
        ):
            x[int(place)] = value
        assert needed_rank(space, x) == stratum.needed, stratum.subgroups
        looked_at += 1
    assert looked_at > 2


@pytest.mark.parametrize(("group", "planar"), [("O3", False), ("SO3", False), ("O2", True), ("SO2", True)])
def test_generic_inputs_need_all_but_the_orbit(group: str, planar: bool) -> None:
    space = TensorSpace.moments(range(3), "vector", 2 if planar else 3, group)
    assert needed_rank(space, generic(space.dimension, 5)) == space.dimension - space.orbit_dimension


@pytest.mark.parametrize("reflected", ["x", "diagonal"])
def test_the_rank_of_all_invariants_is_that_at_a_mirror_image_of_itself(reflected: str) -> None:
    space = TensorSpace.moments(range(4), "scalar", 2, "O2")
    names = list(space.components)
    assert space.layout is not None
    field: dict[str, Any] = dict(zip(space.layout.names, generic(space.dimension, 7), strict=True))
    if reflected == "x":
        field = {n: v if int(n[1]) % 2 == 0 else Fraction(0) for n, v in field.items()}
    else:
        field = {n: v + field[f"m{n[2]}{n[1]}"] for n, v in field.items()}
    values = list(field.values())
    x = [sum((c * values[i] for i, c in row), Fraction(0)) for row in space.layout.rows]
    found = JacobianPass(space, "mirror", x)
    for member in generate(space, 6, select="linear").contractions:
        found.offer(member)
    assert names and found.rank == needed_rank(space, x) < space.dimension - 1


def test_point_groups_are_refused() -> None:
    space = TensorSpace("2e", "Oh")
    with pytest.raises(InputError, match="this space has Oh"):
        needed_rank(space, generic(5, 1))
