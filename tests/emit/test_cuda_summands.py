"""Kernels of functions in parts that add up: in order they are the basis, and sections change none of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

import invgen.compiler.invariants as compiler
from invgen.emit import cuda
from invgen.emit.header import Header
from invgen.passes.cuda_split import whole_of
from invgen.runtime import KernelSpec
from invgen.runtime.build.compilers import section_texts
from invgen.runtime.build.cubin import files_of, reports
from invgen.runtime.build.nvrtc import find_nvrtc
from invgen.runtime.gpu.invariants import CudaInvariants
from invgen.runtime.gpu.plan import launch_plans
from tests.support.basis_cases import basis_of, draw, expected
from tests.support.cuda_on_cpu import GPP, CpuDevice, methods, without_machine_code
from tests.support.kernel_cases import TOLERANCE, assert_close, results, tensors

HEADER = Header("a_case", "0" * 64, "sphericart")
PACKAGE = "hiphop_l3_n4"
LIMIT = 60
needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions of a cotangent in parts that add up, and several sections."""
    monkeypatch.setattr(cuda, "most_values", lambda real_bytes: LIMIT)
    monkeypatch.setattr(cuda, "split_for_cuda", lambda whole, limit: (whole_of(whole),))
    monkeypatch.setattr(cuda, "LONG_OPERATIONS", 0)
    monkeypatch.setattr(cuda, "SECTIONED_OPERATIONS", 0)
    monkeypatch.setattr(cuda, "SECTIONS", 5)


def spec_of(dtype: str) -> KernelSpec:
    basis = basis_of(PACKAGE)
    source = cuda.render(compiler.programs_of(basis), dtype, HEADER)
    return KernelSpec(
        "a_case", basis.id, basis.convention, basis.space.dimension, len(basis), dtype, "cuda", source, "2"
    )


@needs_gpp
@pytest.mark.parametrize("dtype", [torch.float32, pytest.param(torch.float64, marks=pytest.mark.slow)])
def test_kernels_in_order_are_the_basis(
    dtype: torch.dtype, short: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_machine_code(monkeypatch)
    spec = spec_of(str(dtype).removeprefix("torch."))
    turns = [plan.name for plan in launch_plans(spec.source, "x") if plan.function == "vjp_of_vjp"]
    assert len(turns) > 2
    device = CpuDevice(spec.source, tmp_path)
    library = CudaInvariants(spec, lambda _: device)
    basis = basis_of(PACKAGE)
    for samples, channels in ((67, 8), (43, 3), (1, 1)):
        arrays = draw(basis, (samples,), channels, seed=samples)
        device.launched.clear()
        assert_close(results(methods(library), *tensors(arrays, dtype)), expected(basis, *arrays), TOLERANCE[dtype])
        begin = device.launched.index(turns[0])
        assert device.launched[begin : begin + len(turns)] == turns


def test_sums_are_read_back_together_before_any_is_written(short: None) -> None:
    source = spec_of("float32").source
    bodies = re.findall(r"vjp_of_vjp_body_part\d+\(.*?\n}\n", source, re.DOTALL)[1:]
    kinds = "".join(
        "r" if re.match(r" *const real grad_x_", line) else "w" if "= grad_x_" in line else "\n" if line == "}" else ""
        for body in bodies
        for line in body.splitlines()
    )
    assert all(re.fullmatch("r+w+", run) for run in kinds.split())
    assert kinds.count("r") == kinds.count("w") > 10


@pytest.mark.slow
def test_sections_hold_every_kernel_once_and_need_what_the_whole_needs(
    short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = spec_of("float32").source
    texts = section_texts(source)
    assert len(texts) > 2
    kernels = re.compile(r"^(invgen_\w+)\(", re.MULTILINE)
    assert [name for text in texts.values() for name in kernels.findall(text)] == kernels.findall(source)
    threads = {plan.name: plan.threads for plan in launch_plans(source, "x")}
    made = find_nvrtc().compile(source, "sm_90")
    assert len(files_of(made.cubin)) == len(texts)
    monkeypatch.setattr(cuda, "SECTIONED_OPERATIONS", 10**9)
    whole = spec_of("float32").source
    assert not section_texts(whole)
    again = find_nvrtc().compile(whole, "sm_90")
    assert reports(made.cubin, made.log, "sm_90", threads) == reports(again.cubin, again.log, "sm_90", threads)
