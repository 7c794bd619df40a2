"""CUDA kernels of the packages: their machine code for real GPUs, and their text run on the CPU against the basis."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

import invgen.compiler.invariants as compiler
from invgen.emit import cuda
from invgen.emit.header import Header
from invgen.errors import InputError
from invgen.passes.programs import KernelPrograms
from invgen.runtime import KernelSpec, build_report, load_package
from invgen.runtime.gpu.choice import KINDS
from invgen.runtime.gpu.invariants import CudaInvariants
from invgen.runtime.gpu.plan import LaunchPlan, launch_plans
from tests.support.basis_cases import MADE, PACKAGES, basis_of, draw, expected
from tests.support.cuda_on_cpu import GPP, CpuDevice, methods, without_machine_code
from tests.support.kernel_cases import TOLERANCE, assert_close, results, tensors
from tests.support.paths import GENERATED

DTYPES = {"float32": torch.float32, "float64": torch.float64}
ONE_QUICK = [PACKAGES[2], *(pytest.param(package, marks=pytest.mark.slow) for package in PACKAGES[:2])]
HEADER = Header("a_case", "0" * 64, "sphericart")
# Beside the packages, whose sources are checked in, cases with Levi-Civita symbols, products, trees, one scalar: these
# lead into branches before a dtype is written, and are run in the one whose tolerance is narrower.
CASES = [
    pytest.param(case, dtype, marks=[] if case in (PACKAGES[2], "one scalar") else pytest.mark.slow)
    for case, dtype in product((*PACKAGES, *MADE), DTYPES)
    if case in (*PACKAGES, "one scalar") or dtype == "float64"
]

needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")


def programs_of(case: str) -> KernelPrograms:
    return compiler.programs_of(basis_of(case))


def spec_of(case: str, dtype: str) -> KernelSpec:
    if case in PACKAGES:
        return load_package(GENERATED / case).spec(dtype, "cuda")
    basis = basis_of(case)
    source = cuda.render(programs_of(case), dtype, HEADER)
    return KernelSpec(
        "a_case", basis.id, basis.convention, basis.space.dimension, len(basis), dtype, "cuda", source, "2"
    )


def device_and_library(spec: KernelSpec, folder: Path) -> tuple[CpuDevice, CudaInvariants]:
    device = CpuDevice(spec.source, folder)
    return device, CudaInvariants(spec, lambda _: device)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("package", "dtype", "architecture"),
    [*product(PACKAGES, DTYPES, ["sm_90"]), *product(PACKAGES[2:], DTYPES, ["sm_80"])],
)
def test_every_kernel_of_a_package_is_machine_code_without_spills(package: str, dtype: str, architecture: str) -> None:
    spec = load_package(GENERATED / package).spec(dtype, "cuda")
    found = build_report(spec, architecture)
    assert [report.name for report in found] == [plan.name for plan in launch_plans(spec.source, package)]
    for report in found:
        assert report.spill_stores == report.spill_loads == report.frame == 0, str(report)
        assert 16 <= report.registers <= 255 and report.occupancy >= 0.06, str(report)
        assert report.shared <= 48 * 1024, str(report)
    strided = {report.name: report for report in found if "strided" in report.name}
    # Values of l <= 3 need 40 registers in float32 and up to 74 in float64: 12 or 6 blocks of 16.
    assert strided["invgen_value_strided"].occupancy >= (0.75 if dtype == "float32" else 0.37)


@needs_gpp
@pytest.mark.parametrize(("case", "dtype"), CASES)
def test_the_text_run_on_the_cpu_is_the_basis(
    case: str, dtype: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("invgen.runtime.gpu.invariants.WIDE_FROM", 1)
    if case not in PACKAGES:  # the machine code of packages is made above, and chooses among their kernels
        without_machine_code(monkeypatch)
    device, library = device_and_library(spec_of(case, dtype), tmp_path)
    basis = basis_of(case)
    launched: set[str] = set()
    # One sample; less and more than a block; channels of tiles, strided and wide kernels; a size that no block divides.
    for samples, channels in ((1, 1), (131, 1), (1, 8), (67, 8), (43, 3), (129, 1), (2, 130)):
        arrays = draw(basis, (samples,), channels, seed=samples)
        wanted = expected(basis, *arrays)
        device.launched.clear()
        assert_close(results(methods(library), *tensors(arrays, DTYPES[dtype])), wanted, TOLERANCE[DTYPES[dtype]])
        launched |= set(device.launched)
    if case == PACKAGES[2] and dtype == "float32":
        assert {name for name in launched if "wide" in name} and {name for name in launched if "tile" in name}


@pytest.mark.slow
@needs_gpp
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("package", ONE_QUICK)
def test_every_form_of_a_function_gives_the_same_numbers_and_writes_nothing_else(
    package: str, dtype: str, tmp_path: Path
) -> None:
    spec = spec_of(package, dtype)
    device, library = device_and_library(spec, tmp_path)
    basis, real = basis_of(package), DTYPES[dtype]
    plans = launch_plans(spec.source, package)
    for channels, forms in ((4, KINDS["aligned"]), (1, KINDS["single"])):
        inputs = dict(zip(("x", "ybar", "u"), tensors(draw(basis, (77,), channels), real)))
        wanted = outputs_by_name(results(methods(library), *inputs.values()))
        done: dict[tuple[str, str, int], dict[str, torch.Tensor]] = {}
        for plan in (plan for plan in plans if plan.form in forms):
            outs = done.setdefault((plan.function, plan.form, plan.width), {})
            launch(device, plan, inputs, outs, spec, channels)
        for (function, _, _), outs in done.items():
            for name, guarded in outs.items():
                reference = wanted[function, name]
                assert torch.isnan(guarded[:GUARD]).all() and torch.isnan(guarded[-GUARD:]).all()
                inner = guarded[GUARD:-GUARD].view(reference.shape)
                # The same statements, contracted to multiply-adds in different places.
                torch.testing.assert_close(inner, reference, rtol=1e-4, atol=1e-4 if real == torch.float32 else 1e-11)


GUARD = 32


def launch(
    device: CpuDevice,
    plan: LaunchPlan,
    inputs: dict[str, torch.Tensor],
    outs: dict[str, torch.Tensor],
    spec: KernelSpec,
    channels: int,
) -> None:
    """Run one kernel on outputs between guard cells that hold NaN, as the outputs do."""
    samples = inputs["x"].shape[0]
    addresses = []
    for name in plan.arrays:
        if name in inputs:
            addresses.append(inputs[name].data_ptr())
            continue
        rows = spec.count if name in ("y", "ydot", "grad_ybar") else spec.dimension
        size = samples * rows * channels + 2 * GUARD
        outs.setdefault(name, torch.full((size,), float("nan"), dtype=inputs["x"].dtype))
        addresses.append(outs[name].data_ptr() + GUARD * outs[name].element_size())
    pairs = samples * channels
    device.run(plan, addresses, pairs, channels, 0, -(-pairs // (plan.threads * plan.width)))


def outputs_by_name(found: dict[str, torch.Tensor]) -> dict[tuple[str, str], torch.Tensor]:
    return {
        ("value", "y"): found["value"],
        ("vjp", "xbar"): found["vjp"],
        ("value_and_vjp", "y"): found["value+"],
        ("value_and_vjp", "xbar"): found["vjp+"],
        ("jvp", "ydot"): found["jvp"],
        ("vjp_of_vjp", "grad_x"): found["grad_x"],
        ("vjp_of_vjp", "grad_ybar"): found["grad_ybar"],
    }


@pytest.mark.slow
@needs_gpp
@pytest.mark.parametrize("channels", [1, 4, 7])
def test_the_last_pairs_of_arrays_beyond_32_bits_are_the_last(channels: int, tmp_path: Path) -> None:
    # 2^34 pairs would be terabytes: only the last blocks run, on addresses so far below that they end in real memory.
    spec = spec_of(PACKAGES[2], "float64")
    device, library = device_and_library(spec, tmp_path)
    samples = 2**34 // channels
    pairs = samples * channels
    for plan in (plan for plan in launch_plans(spec.source, "x") if plan.function == "value"):
        if (plan.width > 1 and channels % plan.width) or (plan.form == "tile" and channels > 1):
            continue
        per_block = plan.threads * plan.width
        first = pairs // per_block - 2
        # Whole samples that hold every pair of the blocks that run.
        kept = -(-(pairs - first * per_block) // channels) + 1
        x = tensors(draw(basis_of(PACKAGES[2]), (kept,), channels), torch.float64)[0]
        y = torch.full((kept, spec.count, channels), float("nan"), dtype=torch.float64)
        below = (samples - kept) * channels * 8
        addresses = [x.data_ptr() - below * spec.dimension, y.data_ptr() - below * spec.count]
        device.run(plan, addresses, pairs, channels, first, -(-pairs // per_block) - first)
        done = torch.isnan(y).logical_not()
        assert int(done.sum()) == (pairs - first * per_block) * spec.count
        torch.testing.assert_close(y[done], library.call("value", x)[done], rtol=1e-12, atol=1e-12)


def test_the_text_includes_nothing_and_has_no_atomics_and_64_bit_sizes() -> None:
    text = load_package(GENERATED / PACKAGES[1]).spec("float32", "cuda").source
    assert "#include" not in text and "atomic" not in text
    assert "typedef long long int64;" in text
    heads = re.findall(r'extern "C" __global__ void __launch_bounds__\((\d+)\)\n(\w+)\((.*)\)\n', text)
    plans = {plan.name: plan for plan in launch_plans(text, PACKAGES[1])}
    assert {name for _, name, _ in heads} == set(plans)
    for threads, name, arguments in heads:
        assert int(threads) == plans[name].threads
        assert [a.split()[-1] for a in arguments.split(", ")[:-2]] == list(plans[name].arrays)
        assert arguments.split(", ")[-2] == "int64 pairs" and arguments.split(", ")[-1].startswith("int64")


def test_hip_is_the_same_text_in_another_dialect() -> None:
    programs = programs_of("one scalar")
    ours, theirs = (cuda.render(programs, "float32", HEADER, dialect) for dialect in (cuda.CUDA, cuda.HIP))
    changed = [(a, b) for a, b in zip(ours.splitlines(), theirs.splitlines(), strict=True) if a != b]
    assert changed and all("NVRTC" in a or "unroll" in a for a, _ in changed)
    assert "HIP C++17 for hipRTC" in theirs and launch_plans(ours, "x") == launch_plans(theirs, "x")


def test_an_unknown_dtype_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="'float16' has no GPU kernel; use 'float32' or 'float64'"):
        cuda.render(programs_of("one scalar"), "float16", HEADER)


def test_nan_stays_in_its_sample(tmp_path: Path) -> None:
    if GPP is None:
        pytest.skip("no g++ on this machine")
    _, library = device_and_library(spec_of(PACKAGES[2], "float64"), tmp_path)
    x = tensors(draw(basis_of(PACKAGES[2]), (130,), 1), torch.float64)[0]
    clean = library.call("value", x)
    x[57] = float("nan")
    y = library.call("value", x)
    assert torch.isnan(y[57]).all()
    assert np.array_equal(np.delete(y.numpy(), 57, 0), np.delete(clean.numpy(), 57, 0))
