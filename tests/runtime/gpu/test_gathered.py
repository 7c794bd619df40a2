"""Contractions with a gather on GPUs: machine code for real GPUs, and their text run on the CPU."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.library import opcheck

import invgen
from invgen.compiler.weighted import gathered_spec
from invgen.errors import BasisFileError
from invgen.passes import gathered as passes
from invgen.runtime import GatheredSpec, gathered_report
from invgen.runtime.constants import WEIGHTED_CUDA_CHUNK as CHUNK
from invgen.runtime.families.gathered import GATHERED
from invgen.runtime.gpu.gathered import GROUP, CudaGathered, gathered_plans
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.cuda_on_cpu import GPP, CpuWarps, take_cpu_tensors, without_machine_code
from tests.support.gathered_cases import FUNCTIONS, bases, draw, kernel_of

# Sums over hundreds of samples of terms of both signs, relative to the largest entry of a result.
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-12}
needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")
Tensors = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gathered-on-cpu")


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    without_machine_code(monkeypatch)


def spec_of(dtype: torch.dtype) -> GatheredSpec:
    return gathered_spec(bases(), "z", "cuda", dtype, name="a_gather")


def library_of(dtype: torch.dtype, folder: Path) -> tuple[CpuWarps, CudaGathered]:
    spec = spec_of(dtype)
    device = CpuWarps(spec.kernel.source, folder)
    return device, CudaGathered(spec, lambda _: device)


def every(library: CudaGathered, given: Tensors) -> dict[str, torch.Tensor]:
    """All results of all functions."""
    return {
        f"{function.name} {name}": result
        for function in GATHERED.functions
        for name, result in zip(
            function.outputs,
            library.functions[function.name]([given[each] for each in GATHERED.tensors(function)], None),
            strict=True,
        )
    }


def cast(given: Tensors, dtype: torch.dtype) -> Tensors:
    return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in given.items()}


@needs_gpp
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_all_functions_are_those_of_the_torch_target(dtype: torch.dtype, folder: Path, on_cpu: None) -> None:
    device, library = library_of(dtype, folder)
    reference = kernel_of("torch")._implementation
    # One sample; chunks and a rest of each index, in no order, and an index without samples; one index for all, and as
    # many chunks of weights as two rounds add; two leading dimensions; nothing.
    for shape, channels, rows in (
        ((), 1, 2),
        ((77,), 3, 4),
        ((CHUNK * GROUP + 5,), 1, 2),
        ((3, 7), 40, 5),
        ((0,), 4, 3),
        ((0,), 4, 0),
        ((5,), 0, 3),
    ):
        given = draw(shape, channels, max(rows, 2), seed=channels)
        if not rows:
            given |= {name: given[name][:0] for name in ("z", "t")}
        single = cast(given, dtype)
        wanted, found, again = every(reference, given), every(library, single), every(library, single)
        for name, theirs in wanted.items():
            assert found[name].shape == theirs.shape and torch.equal(found[name], again[name]), name
            if theirs.numel():
                error, scale = (found[name].double() - theirs).abs().max(), theirs.abs().max().clamp_min(1e-3)
                assert error <= TOLERANCE[dtype] * scale, (name, shape, float(error / scale))
    assert set(device.launched) == {plan.name for plan in library.kernels}


@needs_gpp
@pytest.mark.slow
def test_parts_of_a_function_add_to_the_sums_of_their_own_components(
    folder: Path, on_cpu: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("invgen.emit.weighted_cuda.most_values", lambda _: 14)
    device, library = library_of(torch.float64, folder)
    assert len([plan for plan in library.kernels if plan.function == "vjp"]) > 1
    given = draw((40,), 2)
    wanted, found = every(kernel_of("torch")._implementation, given), every(library, given)
    for name, theirs in wanted.items():
        assert (found[name] - theirs).abs().max() <= TOLERANCE[torch.float64] * theirs.abs().max(), name
    assert set(device.launched) == {plan.name for plan in library.kernels}


@needs_gpp
def test_sums_keep_the_order_of_samples_whatever_the_order_of_the_index(folder: Path, on_cpu: None) -> None:
    _, library = library_of(torch.float64, folder)
    given = draw((90,), 3)
    order = given["index"].argsort(stable=True)
    arranged = given | {name: given[name][order] for name in ("x", "index", "ybar", "u")}
    mixed, sorted_ = (every(library, each) for each in (given, arranged))
    for name, tensor in mixed.items():
        of_sample = name.split()[1] in ("y", "ydot", "xbar", "grad_x", "grad_ybar")
        assert torch.equal(tensor[order] if of_sample else tensor, sorted_[name]), name
    # The gradients of a row do not depend on other rows.
    own = given["index"] == 2
    alone = every(library, given | {name: given[name][own] for name in ("x", "index", "ybar", "u")})
    assert torch.equal(alone["vjp zbar"][2], mixed["vjp zbar"][2]) and not alone["vjp zbar"][3].any()


@needs_gpp
def test_an_index_out_of_range_gives_nan_for_its_sample_alone_and_for_sums(folder: Path, on_cpu: None) -> None:
    _, library = library_of(torch.float64, folder)
    given = draw((40,), 3)
    clean, rows = every(library, given), given["z"].shape[0]
    kept = torch.arange(40) != 17
    for bad in (-1, rows, 1 << 40):  # reading there would end the process
        index = given["index"].clone()
        index[17] = bad
        for name, tensor in every(library, given | {"index": index}).items():
            result = name.split()[1]
            if result in passes.SUMMED:
                by_row = result in ("zbar", "grad_z")
                assert (tensor[0] if by_row else tensor).isnan().all(), name
                assert not by_row or tensor[1:].isfinite().all(), name
            else:
                assert tensor[17].isnan().all() and torch.equal(tensor[kept], clean[name][kept]), name
    none = {name: given[name][:0] for name in ("z", "t")}
    assert all(tensor.isnan().all() for tensor in every(library, given | none).values())


@pytest.mark.parametrize(("dtype", "architecture"), [(torch.float32, "sm_80"), (torch.float64, "sm_90")])
def test_every_kernel_is_machine_code_without_spills(dtype: torch.dtype, architecture: str) -> None:
    spec = spec_of(dtype)
    found = gathered_report(spec, architecture)
    assert [report.name for report in found] == [plan.name for plan in gathered_plans(spec.kernel)]
    for report in found:
        assert report.spill_stores == report.spill_loads == report.frame == report.shared == 0, str(report)


def test_the_text_includes_nothing_and_has_no_atomics() -> None:
    kernel = spec_of(torch.float32).kernel
    assert "#include" not in kernel.source and "atomic" not in kernel.source
    assert set(re.findall(r"\b(invgen_\w+)\(", kernel.source)) == {plan.name for plan in gathered_plans(kernel)}


def test_a_damaged_source_is_refused() -> None:
    kernel = spec_of(torch.float32).kernel
    with pytest.raises(BasisFileError, match="lacks the function value"):
        gathered_plans(replace(kernel, source="/* */"))


@needs_gpp
@pytest.mark.slow
def test_operators_obey_the_rules_of_torch_library_and_are_differentiable_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_cpu_tensors(monkeypatch, folder)
    kernel = invgen.compile_weighted(bases(), target="cuda", dtype=torch.float64, name="an_emulated_gather", gather="z")
    given = draw((4,), 2)
    for function in ("value", "vjp", "vjp_of_vjp"):
        # With inputs that require gradients the check would differentiate the last one a third time.
        names, _ = FUNCTIONS[function]
        tensors = [given[name].clone().requires_grad_(function != "vjp_of_vjp") for name in names]
        operator = getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function)).default
        opcheck(operator, (*tensors[:3], given["index"], *tensors[3:]))
    points = tuple(given[name].requires_grad_() for name in ("x", "z", "w"))
    # float64 polynomials of degree 3: finite differences of 1e-6 leave some 1e-8.
    assert torch.autograd.gradgradcheck(lambda *points: kernel(*points, given["index"]), points, fast_mode=True)
