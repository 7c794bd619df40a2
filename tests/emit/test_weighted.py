"""Weighted C in parts: long functions are cut, compiled apart, and compute what whole ones do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch

import invgen
from invgen import TensorSpace, generate
from invgen.compiler.weighted import weighted_spec
from invgen.emit import weighted
from invgen.runtime import WeightedKernel
from invgen.runtime.build.compilers import sections
from tests.support.weighted_bases import SPECIES, bases_of
from tests.support.weighted_cases import FUNCTIONS, draw, kernel_of

GCC = shutil.which("gcc") or shutil.which("clang")
WARNINGS = "-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror -fopenmp -O1 -c".split()


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions of more than 300 operations are cut, into parts of 100; of "cubic", all but the value."""
    monkeypatch.setattr(weighted, "WHOLE_OPERATIONS", 300)
    monkeypatch.setattr(weighted, "PART_OPERATIONS", 100)


def call(kernel: WeightedKernel, function: str, given: dict[str, torch.Tensor]) -> tuple[torch.Tensor, ...]:
    """A bare function by name."""
    others = [given[name] for name in FUNCTIONS[function][0][2:]]
    method: Any = getattr(kernel, "vjp_of_vjp" if function == "vjp_of_vjp_x" else function)
    found = method(given["x"], given["w"], given["species"], *others)
    return found if isinstance(found, tuple) else (found,)


# Fewer channels than lanes, as many, and a panel with a rest; several chunks of a species.
@pytest.mark.parametrize(("samples", "channels"), [(9, 3), (200, 8), (70, 45)])
def test_functions_in_parts_equal_whole_ones(in_parts: None, samples: int, channels: int) -> None:
    kernel = invgen.compile_weighted(bases_of("cubic"), SPECIES, dtype=torch.float64, name="in_parts")
    source = kernel.spec.kernel.source
    assert "vjp_part2(" in source and "value_part1(" not in source
    assert {"chunks", "value", "vjp_1", "vjp_of_vjp", "vjp_of_vjp_2"} <= set(sections(source))
    whole = kernel_of("cubic")
    given = draw(kernel, (samples,), channels)
    for function in FUNCTIONS:
        for found, wanted in zip(call(kernel, function, given), call(whole, function, given), strict=True):
            # The same operations; compilers fuse other pairs of them where they see less at a time.
            assert (found - wanted).abs().max() <= 1e-13 * wanted.abs().max(), function


def test_dot_products_in_parts_hand_nothing_on_and_are_the_basis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighted, "WHOLE_OPERATIONS", 30)
    monkeypatch.setattr(weighted, "PART_OPERATIONS", 60)
    basis = generate(TensorSpace("4x1o"), 2, select="linear")
    kernel = invgen.compile_weighted(basis, 2, dtype=torch.float64, name="dot_products")
    source = kernel.spec.kernel.source
    assert "vjp_x_part2(" in source
    x, w = torch.randn(5, 12, 3, dtype=torch.float64), torch.randn(2, len(basis), 3, dtype=torch.float64)
    species = torch.tensor([0, 1, 1, 0, 1])
    values = torch.from_numpy(basis.evaluate(x.transpose(1, 2).numpy())).transpose(1, 2)
    # Ten products with weights, each a sum of three of order 1.
    torch.testing.assert_close(kernel(x, w, species)[:, 0], (values * w[species]).sum(1), rtol=1e-13, atol=1e-13)


@pytest.mark.skipif(GCC is None, reason="no C compiler on this machine")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_source_in_parts_is_clean_under_every_warning(in_parts: None, tmp_path: Path, dtype: torch.dtype) -> None:
    source = weighted_spec(bases_of("cubic"), SPECIES, dtype=dtype).kernel.source
    (tmp_path / "parts.c").write_text(source, encoding="ascii")
    subprocess.run([str(GCC), *WARNINGS, "parts.c"], cwd=tmp_path, check=True)


def test_functions_of_usual_size_stay_in_one_piece() -> None:
    source = weighted_spec(bases_of("cubic"), SPECIES).kernel.source
    assert sections(source) == () and "_part1(" not in source and "INVGEN_APART" not in source
