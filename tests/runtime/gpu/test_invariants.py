"""Which kernel a call launches, on what, and what is refused; launches go to a device that is a CPU."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from invgen.errors import CompilerError, InputError
from invgen.runtime import KernelSpec, build, load_package
from invgen.runtime.arguments import Arguments
from invgen.runtime.families.invariants import INVARIANTS
from invgen.runtime.gpu import device as devices
from invgen.runtime.gpu.choice import WIDE_FROM, cycles, fastest
from invgen.runtime.gpu.invariants import CudaInvariants, build_report
from invgen.runtime.gpu.plan import launch_plans
from tests.support.cuda_on_cpu import GPP, CpuDevice
from tests.support.paths import GENERATED

needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")


def spec_of(dtype: str = "float32") -> KernelSpec:
    return load_package(GENERATED / "optimal_l2_n4").spec(dtype, "cuda")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gpu-on-cpu")


@pytest.fixture
def made(folder: Path) -> tuple[CpuDevice, CudaInvariants]:
    device = CpuDevice(spec_of().source, folder)
    return device, CudaInvariants(spec_of(), lambda _: device)


def forms(device: CpuDevice) -> list[str]:
    found = [name.removeprefix("invgen_value_").rstrip("24") for name in device.launched]
    device.launched.clear()
    return found


@needs_gpp
def test_the_kernel_is_chosen_by_channels_size_and_alignment(made: tuple[CpuDevice, CudaInvariants]) -> None:
    device, library = made
    many = WIDE_FROM // 64
    library.call("value", torch.randn(many, 9, 64))
    assert forms(device) == ["wide"]
    library.call("value", torch.randn(many // 2, 9, 64))
    assert forms(device) == ["strided"], "too few pairs to have several a thread"
    library.call("value", torch.randn(many + 1, 9, 63))
    assert forms(device) == ["strided"], "63 channels are no whole packs"
    library.call("value", torch.randn(many * 64, 9, 1))
    assert forms(device) == ["tile"]
    shifted = torch.randn(many * 9 * 64 + 1)[1:].view(many, 9, 64)
    library.call("value", shifted)
    assert forms(device) == ["strided"], "16-byte accesses need addresses that are multiples of 16"
    library.call("value", torch.randn(many, 9, 64), out=(torch.empty(many * 6 * 64 + 1)[1:].view(many, 6, 64),))
    assert forms(device) == ["strided"]


@needs_gpp
def test_strided_inputs_are_copied_and_results_are_those_of_contiguous_ones(
    made: tuple[CpuDevice, CudaInvariants],
) -> None:
    _, library = made
    x = torch.randn(5, 7, 9, dtype=torch.float32).movedim(-1, -2)
    ybar = torch.randn(5, 7, 6).movedim(-1, -2)
    assert not x.is_contiguous() and not ybar.is_contiguous()
    for found, wanted in zip(
        library.call("value_and_vjp", x, ybar),
        library.call("value_and_vjp", x.contiguous(), ybar.contiguous()),
        strict=True,
    ):
        assert torch.equal(found, wanted) and found.is_contiguous()


@needs_gpp
def test_leading_dimensions_and_empty_batches(made: tuple[CpuDevice, CudaInvariants]) -> None:
    device, library = made
    x = torch.randn(2, 3, 9, 5)
    assert torch.equal(library.call("value", x), library.call("value", x.view(6, 9, 5)).view(2, 3, 6, 5))
    device.launched.clear()
    assert library.call("value", torch.empty(0, 9, 5)).shape == (0, 6, 5)
    assert library.call("vjp", torch.empty(4, 9, 0), torch.empty(4, 6, 0)).shape == (4, 9, 0)
    assert device.launched == []


@needs_gpp
def test_results_are_the_same_bits_every_time(made: tuple[CpuDevice, CudaInvariants]) -> None:
    _, library = made
    x, ybar, u = torch.randn(33, 9, 4), torch.randn(33, 6, 4), torch.randn(33, 9, 4)
    first, second = library.call("vjp_of_vjp", x, ybar, u), library.call("vjp_of_vjp", x, ybar, u)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@needs_gpp
def test_nothing_is_loaded_while_a_graph_is_captured(made: tuple[CpuDevice, CudaInvariants]) -> None:
    device, library = made
    device.capturing = True
    with pytest.raises(InputError, match="before a CUDA graph was captured there: call it once"):
        library.call("value", torch.randn(3, 9, 4))
    device.capturing = False
    expected = library.call("value", torch.ones(3, 9, 4))
    device.capturing = True
    assert torch.equal(library.call("value", torch.ones(3, 9, 4)), expected)


@needs_gpp
def test_tuning_uses_the_kernel_that_took_least(made: tuple[CpuDevice, CudaInvariants], monkeypatch) -> None:
    device, library = made
    monkeypatch.setattr("invgen.runtime.gpu.invariants._TUNING_PAIRS", 1 << 9)
    monkeypatch.setattr("invgen.runtime.gpu.invariants.WIDE_FROM", 1)
    taken: dict[str, float] = {}

    def seconds(call: Callable[[], None], rounds: int) -> float:
        call()
        return taken.get(device.launched[-1], 1.0)

    monkeypatch.setattr(device, "seconds", seconds)
    for fast in ("invgen_value_strided", "invgen_value_wide2", "invgen_value_wide4"):
        taken = {fast: 0.5}
        measured = library.tune(torch.device("cpu"))
        assert measured[fast, "aligned"] == 0.5 and len(measured) > 10
        device.launched.clear()
        library.call("value", torch.randn(8, 9, 4))
        assert device.launched == [fast]
    device.launched.clear()


def test_the_model_prefers_fewer_instructions_more_threads_and_no_spills() -> None:
    spec = spec_of()
    found = {report.name: report for report in build_report(spec, "sm_90")}
    report = found["invgen_value_strided"]
    base = cycles(report, 1, 36, 24)
    assert cycles(replace(report, instructions=4000), 1, 36, 24) > base
    assert cycles(replace(report, occupancy=0.01), 1, 36, 24) > base
    assert cycles(replace(report, spill_stores=4000), 1, 36, 24) > base
    assert cycles(report, 1, 36, 24, alone=15) > base
    plans = launch_plans(spec.source, spec.name)
    sizes = dict.fromkeys(INVARIANTS.by_name, (36, 24))
    choice = fastest(plans, found, sizes, 4, {})
    assert set(choice) == {(function, kind) for function in INVARIANTS.by_name for kind in ("aligned", "single", "any")}
    assert all(plan.form == "strided" for plan in choice["value", "any"])
    assert all(plan.form == "tile" for plan in choice["value", "single"])


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_machine_without_a_gpu_is_told_what_is_needed() -> None:
    with pytest.raises(CompilerError) as caught:
        build(spec_of())
    said = str(caught.value)
    assert "\n" not in said and 'use target="c" on the CPU or target="torch"' in said
    assert "CuPy" in said and "NVRTC" in said and "compute capability 7.5" in said
    assert said.startswith("torch ")


def test_what_is_missing_is_named_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", None)
    assert "built without CUDA" in devices.missing()
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert "sees no device and driver" in devices.missing()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setitem(sys.modules, "cupy.cuda", None)
    assert devices.missing().startswith("CuPy cannot be imported")


def test_a_tensor_on_the_cpu_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match=r"target 'cuda', which runs on NVIDIA GPUs, got x on cpu.*\.cuda\(\)"):
        Arguments(spec_of(), "channel").check_x(torch.randn(3, 9, 4))


def test_only_target_cuda_is_tuned_and_reports() -> None:
    package = load_package(GENERATED / "optimal_l2_n4")
    with pytest.raises(InputError, match="target 'torch' has one way to run and cannot be tuned"):
        build(package.spec("float32", "torch"), tune=True)
    with pytest.raises(InputError, match="of target 'torch' has no build report"):
        package.kernel(target="torch").build_report()


def test_more_blocks_than_a_launch_takes_are_refused() -> None:
    assert devices.blocks_of(2**38 - 128, 128) == 2**31 - 1
    assert devices.blocks_of(1, 128) == 1
    with pytest.raises(InputError, match="pass fewer samples at a time"):
        devices.blocks_of(2**38, 128)
