"""NumPy's numbers are numbers, true and false are not, and every refusal says what was given and what is allowed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invgen import checks
from invgen.errors import InputError

INTEGERS = (int, np.int8, np.int16, np.int32, np.int64, np.uint8, np.array)
NOT_INTEGERS = (True, False, np.True_, 2.0, np.float32(2), "2", None, [2], np.array([2]), np.array(2.0), Fraction(2))


@given(st.integers(0, 127), st.sampled_from(INTEGERS))
def test_every_kind_of_integer_becomes_the_same_int(value: int, kind: Any) -> None:
    found = checks.integer("a size", kind(value))
    assert found == value and type(found) is int


@given(st.floats(0.125, 2.0**100, width=32), st.sampled_from((float, np.float32, np.float64, np.array)))
def test_every_kind_of_number_becomes_the_same_float(value: float, kind: Any) -> None:
    found = checks.positive("a size", kind(value))
    assert found == value and type(found) is float


@pytest.mark.parametrize("value", NOT_INTEGERS, ids=repr)
def test_what_is_not_an_integer_is_refused(value: Any) -> None:
    assert checks.as_integer(value) is None
    with pytest.raises(InputError, match="a size is an integer"):
        checks.integer("a size", value)


@pytest.mark.parametrize("value", [True, np.False_, "1", None, [1.0], 1j, np.array([1.0]), np.array(True)], ids=repr)
def test_what_is_not_a_number_is_refused(value: Any) -> None:
    assert checks.as_real(value) is None
    with pytest.raises(InputError, match="a size is a positive number"):
        checks.positive("a size", value)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), np.float32(-3), 10**400], ids=repr)
def test_positive_numbers_are_finite_and_above_zero(value: Any) -> None:
    with pytest.raises(InputError, match="a size is a positive number"):
        checks.positive("a size", value)


def test_tensors_without_axes_are_numbers_unless_they_hold_true_or_false() -> None:
    torch = pytest.importorskip("torch")
    assert checks.as_integer(torch.tensor(3, dtype=torch.int16)) == 3
    assert checks.as_real(torch.tensor(0.5)) == 0.5
    for value in (True, False):
        assert checks.as_integer(torch.tensor(value)) is checks.as_real(torch.tensor(value)) is None


def test_zero_is_not_negative() -> None:
    assert checks.not_negative("a skin", np.int64(0)) == 0.0
    with pytest.raises(InputError, match=r"a skin is a number of at least 0, got -0.5"):
        checks.not_negative("a skin", -0.5)


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [(None, None, "an integer,"), (1, None, "of at least 1,"), (None, 9, "of at most 9,"), (1, 9, "from 1 to 9,")],
)
def test_the_sentence_says_the_bounds_and_the_value(least: int | None, most: int | None, words: str) -> None:
    with pytest.raises(InputError, match=f"a size is .*{words} got 2.5"):
        checks.integer("a size", 2.5, least, most)


@pytest.mark.parametrize("value", [0, 10])
def test_bounds_are_kept(value: int) -> None:
    with pytest.raises(InputError, match=f"from 1 to 9, got {value}"):
        checks.integer("a size", np.int64(value), 1, 9)


def test_one_of_lists_what_is_allowed() -> None:
    assert checks.one_of("target", "c", ("c", "cuda")) == "c"
    with pytest.raises(InputError, match=r"target must be one of 'c', 'cuda', got 'hip'"):
        checks.one_of("target", "hip", ("c", "cuda"))
    with pytest.raises(InputError, match="target must be one of"):
        checks.one_of("target", np.array([1, 2]), ("c", "cuda"))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["2x", "", "naïve", "a-b", 3, None])
def test_names_that_c_does_not_take_are_refused(value: Any) -> None:
    with pytest.raises(InputError, match="a kernel cannot be named"):
        checks.identifier("a kernel", value)


def test_the_nearest_name_is_offered() -> None:
    assert checks.nearest("sensitivites", ("sensitivities", "features")) == ", did you mean 'sensitivities'?"
    assert checks.nearest("xyz", ("sensitivities", "features")) == ""


@pytest.mark.parametrize("value", [True, 1.0, "1", None, np.int64(1)], ids=repr)
def test_json_integers_are_what_json_reads(value: Any) -> None:
    with pytest.raises(ValueError, match="expected an integer"):
        checks.json_integer(value)
