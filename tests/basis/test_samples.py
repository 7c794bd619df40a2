"""Samples are what the caller passed: nothing masked comes back, no integer overflows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from invgen import Basis, TensorSpace, generate
from invgen.errors import InputError

BASIS = generate(TensorSpace("v:1o + q:2e"), 3)


@pytest.mark.parametrize("wrap", [lambda x: x, list, lambda x: (x[0], x[1])], ids=["array", "list", "tuple"])
def test_masked_values_are_refused(wrap: Any) -> None:
    x = np.ma.masked_greater(np.arange(16.0).reshape(2, 8), 14.0)
    for method in (BASIS.evaluate, BASIS.jacobian):
        with pytest.raises(InputError, match="x has masked values; fill them or drop their samples first"):
            method(wrap(x))


def test_a_masked_array_that_masks_nothing_is_an_array() -> None:
    x = np.arange(16.0).reshape(2, 8)
    assert (BASIS.evaluate(np.ma.array(x)) == BASIS.evaluate(x)).all()
    assert (BASIS.evaluate(np.ma.masked_greater(x, 14.0).filled(0.0)) == BASIS.evaluate(np.where(x > 14, 0, x))).all()


@pytest.mark.parametrize("made", [np.int64, lambda v: Fraction(np.int64(v), np.int64(1)), int])
@pytest.mark.parametrize("basis", [BASIS.with_convention("rational"), generate(TensorSpace.moments(range(3)), 3)])
def test_integers_of_numpy_among_objects_do_not_overflow(made: Any, basis: Basis) -> None:
    size = 2**40  # its cube is beyond 64 bits
    x = np.array([made(size)] * basis.space.dimension, dtype=object)
    small = basis.evaluate(np.array([Fraction(1)] * basis.space.dimension, dtype=object))
    assert basis.evaluate(x).tolist() == [s * size**d for s, d in zip(small.tolist(), basis.degrees, strict=True)]
