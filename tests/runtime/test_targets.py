"""What is said of targets comes from one table, which every other table agrees with."""

from __future__ import annotations

import pytest

from invgen import runtime
from invgen.errors import InputError
from invgen.runtime import building
from invgen.runtime.families import FAMILIES
from invgen.runtime.gpu.libraries import LIBRARIES
from invgen.runtime.targets import TARGETS, either, elsewhere, target_named, targets_with


def test_every_target_can_be_loaded_and_every_family_has_some() -> None:
    assert runtime.TARGETS == TARGETS == tuple(building._LOADERS)
    for family in FAMILIES.values():
        assert family.targets and set(family.targets) <= set(TARGETS)
        assert ("c" in family.targets) <= (family.name in building._C)
        assert ("cuda" in family.targets) <= (family.name in LIBRARIES)


def test_an_unknown_target_is_named_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="target must be one of 'c', 'cuda', 'torch', got 'hip'"):
        target_named("hip")


def test_sources_in_packages_have_the_names_that_they_always_had() -> None:
    names = {(t, d): target_named(t).source_file(d) for t in TARGETS for d in ("float32", "float64")}
    assert names["c", "float32"] == "kernels_float32.c" and names["cuda", "float64"] == "kernels_float64.cu"
    assert names["torch", "float32"] == names["torch", "float64"] == "reference.py"


def test_what_targets_can_do_is_asked_of_the_table() -> None:
    assert (targets_with("cpp"), targets_with("tuned"), targets_with("reports")) == (("c",), ("cuda",), ("cuda",))
    assert either(TARGETS) == "'c', 'cuda' or 'torch'" and either(("c",)) == "'c'"


def test_a_tensor_elsewhere_is_answered_with_the_targets_that_would_take_it() -> None:
    assert elsewhere("c", "cuda", TARGETS) == 'build it with target="cuda" or "torch" for this device, or ' + (
        "move the tensor with .cpu()"
    )
    assert elsewhere("cuda", "meta", ("c", "cuda")) == "move the tensor with .cuda()"
