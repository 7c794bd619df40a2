from __future__ import annotations

import dataclasses

import pytest

from invgen.errors import InputError
from tests.support.handwritten import make_spec

# A key is a promise: packages and exported programs of other machines hold operator names made of it.
RECORDED_KEY = "b1bfedd30542d7ba7fc594369b677f2586f89b51da401f6511ae5bfd681b1418"


def test_key_is_the_recorded_one_on_every_machine() -> None:
    spec = make_spec(source="int x;\n")
    assert spec.key == RECORDED_KEY


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"basis_id": "1" * 64},
        {"convention": "e3nn"},
        {"dimension": 4},
        {"count": 3},
        {"dtype": "float32"},
        {"target": "torch"},
        {"source": "int y;\n"},
        {"codegen_version": "2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_changes_the_key(change: dict[str, object]) -> None:
    spec = make_spec(source="int x;\n")
    assert dataclasses.replace(spec, **change).key != spec.key


def test_arithmetic_of_another_width_changes_the_key() -> None:
    spec = make_spec("float32", source="int x;\n")
    assert dataclasses.replace(spec, accumulate="float64").key != spec.key


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "3d"}, "'3d'"),
        ({"name": "a-b"}, "'a-b'"),
        ({"name": ""}, "''"),
        ({"dtype": "float16"}, "must be one of 'float32', 'float64', got 'float16'"),
        ({"target": "hip"}, "must be one of 'c', 'cuda', 'torch', got 'hip'"),
        ({"dimension": 0}, "0 components"),
        ({"count": 0}, "0 invariants"),
        ({"codegen_version": "../1"}, "'../1'"),
        ({"accumulate": "float32"}, "accumulate='float64' for float32"),
        ({"accumulate": "float64", "target": "torch"}, "target 'torch' cannot compute in 'float64'"),
    ],
)
def test_a_field_that_is_not_allowed_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(InputError, match=r".+") as caught:
        make_spec(**change)
    assert named in str(caught.value)
