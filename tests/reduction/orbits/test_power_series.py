"""The curve against what defines it."""

from __future__ import annotations

import pytest

from invgen import TensorSpace, generate
from invgen.algebra.finite_field import derived_points
from invgen.algebra.series import series_prime
from invgen.errors import EnumerationError
from invgen.reduction.orbits.power_series import SeriesCurve

PRIME = series_prime("a test")


@pytest.mark.parametrize("terms", [1, 2, 5, 33])
def test_members_are_linear_along_the_curve(terms: int) -> None:
    space = TensorSpace("1o + 2e")
    members = generate(space, 4).contractions
    point, direction = derived_points("curve", PRIME, 1, 8)[0], derived_points("direction", PRIME, 1, 5)[0]
    columns = generate(space, 4).certificate.columns
    curve = SeriesCurve(space, members, columns, PRIME, point, direction, terms)
    assert curve.x.shape == (8, terms) and (curve.x[:, 0] == point).all()
    assert not curve.x[[j for j in range(8) if j not in columns], 1:].any()
    found = curve.series(members, terms)
    assert not found[:, 2:].any()
    assert terms < 2 or (found[:, 1] == direction).all()


def test_columns_that_do_not_tell_the_members_apart_are_refused() -> None:
    space = TensorSpace("1o + 2e")
    members = generate(space, 4).contractions[:1]
    point = derived_points("curve", PRIME, 1, 8)[0]
    with pytest.raises(EnumerationError, match="Jacobian is singular at the point"):
        SeriesCurve(space, members, [3], PRIME, point, point[:1], 2)  # the first member depends on the vector alone
