"""Facts that guard memory are the same in the source and in the runtime, whatever they are."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
import torch

from invgen.compiler.convolution import convolution_spec
from invgen.compiler.moments import moments_spec
from invgen.compiler.weighted import weighted_spec
from invgen.runtime import build_weighted, constants
from tests.support.weighted_cases import SPECIES, bases_of, draw, kernel_of


@pytest.mark.parametrize("chunk", [1, 4, 100])
def test_a_changed_chunk_changes_the_source_and_the_memory_for_it(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = kernel_of("small")
    monkeypatch.setattr(constants, "WEIGHTED_CHUNK", chunk)
    spec = weighted_spec(bases_of("small"), SPECIES, dtype=torch.float64, name=f"chunks_of_{chunk}")
    assert re.search(rf"\bCHUNK = {chunk}\b", spec.kernel.source)
    given = draw(usual, (300,), 3)
    arguments = (given["x"], given["w"], given["species"], given["ybar"])
    # Memory for one chunk too few would be written beyond its end; sums of 300 terms differ by roundings of 1e-16.
    for found, wanted in zip(build_weighted(spec).vjp(*arguments), usual.vjp(*arguments), strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("make", [moments_spec, partial(convolution_spec, "0e")])
def test_complaints_about_lists_have_the_numbers_of_the_source(make: Any) -> None:
    (found,) = re.findall(r"^enum \{ (FINE = .*?) \};$", make(1).kernel.source, re.MULTILINE)
    numbers = {name: int(number) for name, number in (entry.split(" = ") for entry in found.split(", "))}
    assert numbers.pop("FINE") == constants.MOMENTS_FINE
    assert numbers.pop("NO_MEMORY") == constants.MOMENTS_NO_MEMORY
    assert sorted(numbers.values()) == sorted(constants.MOMENTS_COMPLAINTS)
