"""CUDA kernels of weighted contractions: machine code for real GPUs, and their text run on the CPU."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import invgen
from invgen.compiler.weighted import weighted_spec
from invgen.errors import BasisFileError, CompilerError, InputError
from invgen.runtime import WeightedSpec, weighted_report
from invgen.runtime.families.weighted import WEIGHTED
from invgen.runtime.gpu.weighted import CudaWeighted, weighted_plans
from tests.support.cuda_on_cpu import GPP, CpuWarps
from tests.support.weighted_bases import SPECIES, bases_of
from tests.support.weighted_cases import draw, kernel_of

# Sums over up to 300 samples of terms of both signs, relative to the largest entry of a result.
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-12}
needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weighted-on-cpu")


def spec_of(case: str, dtype: torch.dtype) -> WeightedSpec:
    return weighted_spec(bases_of(case), SPECIES, "cuda", dtype, name="a_case")


def library_of(case: str, dtype: torch.dtype, folder: Path) -> CudaWeighted:
    spec = spec_of(case, dtype)
    device = CpuWarps(spec.kernel.source, folder)
    return CudaWeighted(spec, lambda _: device)


@needs_gpp
@pytest.mark.parametrize(
    ("case", "dtype"),
    [
        ("small", torch.float32),
        pytest.param("cubic", torch.float64, marks=pytest.mark.slow),
        pytest.param("cubic", torch.float32, marks=pytest.mark.slow),
    ],
)
def test_all_functions_are_those_of_the_c_kernel(case: str, dtype: torch.dtype, folder: Path) -> None:
    library, reference = library_of(case, dtype, folder), kernel_of(case)
    # One sample; a chunk and a rest of each species, channels of all sizes; two leading dimensions; nothing.
    for shape, channels in (((1,), 1), ((77,), 3), ((300,), 5), ((3, 7), 40), ((0,), 4), ((5,), 0)):
        given = draw(reference, shape, channels, seed=channels)
        for function in WEIGHTED.functions:
            name, results = function.name, function.outputs
            arguments = [given[each] for each in WEIGHTED.tensors(function)]
            single = [t if t.dtype == torch.int64 else t.to(dtype) for t in arguments]
            wanted = reference._implementation.functions[name](arguments, None)
            found, again = (library.functions[name](single, None) for _ in range(2))
            for each, ours, repeated, theirs in zip(results, found, again, wanted, strict=True):
                assert ours.shape == theirs.shape and torch.equal(ours, repeated), (name, each)
                if theirs.numel():
                    error, scale = (ours.double() - theirs).abs().max(), theirs.abs().max().clamp_min(1e-3)
                    assert error <= TOLERANCE[dtype] * scale, (name, each, float(error / scale))


@needs_gpp
def test_an_unknown_species_gives_nan_for_its_sample_alone_and_for_sums(folder: Path) -> None:
    library, reference = library_of("small", torch.float32, folder), kernel_of("small")
    given = {name: t.float() if t.is_floating_point() else t for name, t in draw(reference, (40,), 3).items()}
    clean = library.call("value", given["x"], given["w"], given["species"])
    for bad in (-1, SPECIES, 1 << 40):
        species = given["species"].clone()
        species[17] = bad
        y = library.call("value", given["x"], given["w"], species)
        kept = torch.arange(40) != 17
        assert y[17].isnan().all() and torch.equal(y[kept], clean[kept])
        xbar, wbar = library.call("vjp", given["x"], given["w"], species, given["ybar"])
        assert xbar[17].isnan().all() and xbar[kept].isfinite().all()
        assert wbar[0].isnan().all() and wbar[1:].isfinite().all()


@pytest.mark.parametrize("architecture", ["sm_80", "sm_90"])
@pytest.mark.parametrize("dtype", TOLERANCE)
def test_every_kernel_is_machine_code_without_spills(dtype: torch.dtype, architecture: str) -> None:
    spec = spec_of("small", dtype)
    found = weighted_report(spec, architecture)
    assert [report.name for report in found] == [plan.name for plan in weighted_plans(spec.kernel)]
    for report in found:
        assert report.spill_stores == report.spill_loads == report.frame == report.shared == 0, str(report)


def test_the_text_includes_nothing_and_has_no_atomics() -> None:
    text = spec_of("small", torch.float32).kernel.source
    assert "#include" not in text and "atomic" not in text and "typedef long long int64;" in text


def test_what_cannot_be_built_is_refused() -> None:
    with pytest.raises(InputError, match="target must be one of 'c', 'cuda', 'torch', got 'hip'"):
        weighted_spec(bases_of("small"), SPECIES, "hip")
    spec = spec_of("small", torch.float32).kernel
    with pytest.raises(BasisFileError, match="lacks the function value"):
        weighted_plans(type(spec)(**{**vars(spec), "source": "/* */"}))
    if not torch.cuda.is_available():
        with pytest.raises(CompilerError, match='target "cuda" needs an NVIDIA GPU'):
            invgen.compile_weighted(bases_of("small"), SPECIES, "cuda")
