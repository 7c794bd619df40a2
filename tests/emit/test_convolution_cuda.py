"""CUDA kernels of convolutions: machine code for real GPUs, and their text run on the CPU against target "torch"."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import invgen
from invgen.compiler.convolution import convolution_spec
from invgen.emit import convolution_cuda
from invgen.emit.convolution_cuda import MOST_PAIR_TILE, MOST_TILE, TILE_BYTES, pitch_of, tile_of
from invgen.errors import BasisFileError, CompilerError, InputError
from invgen.runtime import ConvolutionSpec, Neighbours, convolution_report
from invgen.runtime.families.convolution import CONVOLUTION
from invgen.runtime.gpu.convolution import ConvolutionPlan, CudaConvolution, convolution_plans
from tests.support.convolution_cases import MIXED, SMALL, ConvolutionCase, case
from tests.support.cuda_on_cpu import GPP, CpuWarps, without_machine_code
from tests.support.moments_cases import neighbours_of

DTYPES = {"float32": torch.float32, "float64": torch.float64}
# Of the largest entry of each result: sums of some hundred products of numbers of order one, divided twice by lengths
# of pairs that are kept above 0.5. Roundings are 6e-8 and 1e-16.
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-13}
NAMES = ("vjp r", "vjp w", "vjp x", "second r", "second w", "second x", "second ybar")
KINDS: dict[str, dict[str, Any]] = {
    "unit": {"irreps": MIXED},
    "given": {"irreps": "1o + 2x0o", "l_max": None, "harmonics": "1o + 0e + 2e", "irreps_out": "0e + 1o + 2o"},
    "solid": {"irreps": SMALL, "angular": "solid", "l_max": 2},
    "paths": {
        "irreps": "1o + 0e + 2x0e",
        "paths": [(0, 1, "1e"), (1, 0, "0e"), (0, 0, "1o"), (1, 1, "1o")],  # "2x0e" is read by none
        "factors": [0.5, -3, 1, 0.1],
    },
    # More entries of one matrix than a lane holds sums, and than a warp has lanes.
    "rank 4": {"irreps": "4e", "l_max": None, "harmonics": "4e", "paths": [(0, 0, "4e")]},
    "scalars": {"irreps": "0e", "l_max": 0},
}
needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where kernels are built, once for all tests that run them."""
    return tmp_path_factory.mktemp("convolution-on-cpu")


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that only run on the CPU need no machine code."""
    without_machine_code(monkeypatch)


def spec_of(kind: str, dtype: torch.dtype = torch.float64) -> ConvolutionSpec:
    options = {"l_max": 1, **KINDS[kind]}
    return convolution_spec(options.pop("irreps"), **options, dtype=dtype, target="cuda")


def library_of(spec: ConvolutionSpec, folder: Path) -> tuple[CpuWarps, CudaConvolution]:
    device = CpuWarps(spec.kernel.source, folder)
    return device, CudaConvolution(spec, lambda _: device)


def draw(kind: str, channels: int, neighbours: Neighbours | None = None) -> ConvolutionCase:
    """The kernel of target "torch" in float64, with pairs that are not short."""
    this = case(**KINDS[kind], channels=channels, neighbours=neighbours, target="torch")
    if this.kernel.angular == "given":
        return this
    vectors, *others = this.tensors
    lengths = 0.5 + torch.rand(vectors.shape[0], 1, generator=torch.Generator().manual_seed(0), dtype=vectors.dtype)
    return replace(this, tensors=(torch.nn.functional.normalize(vectors) * lengths, *others))


def results(library: Any, this: ConvolutionCase, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Everything that a kernel computes; cotangents and changes are what is at hand, out of order."""
    given = tuple(tensor.to(dtype) for tensor in this.tensors)
    along = tuple(tensor.flip(0).to(dtype) for tensor in this.tensors)
    shape = (this.neighbours.atoms, this.kernel.rows, given[1].shape[-1])
    ybar = torch.linspace(-1, 1, shape[0] * shape[1] * shape[2], dtype=torch.float64).sin().reshape(shape).to(dtype)
    lists = this.neighbours.lists
    first = library.call("vjp", *given, ybar, *lists, True, True, True)
    second = library.call("vjp_of_vjp", *given, ybar, *along, *lists)
    return {
        "value": library.call("value", *given, *lists),
        "jvp": library.call("jvp", *given, *along, *lists),
        **dict(zip(NAMES, (*first, *second), strict=True)),
    }


def expected(this: ConvolutionCase) -> dict[str, torch.Tensor]:
    return results(this.kernel._implementation, this, torch.float64)


def assert_close(found: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor], tolerance: float) -> None:
    for name, tensor in found.items():
        reference = wanted[name]
        assert tensor.shape == reference.shape, name
        if reference.numel():
            error, scale = (tensor.double() - reference).abs().max(), reference.abs().max().clamp_min(1e-3)
            assert error <= tolerance * scale, f"{name}: {float(error / scale):.1e}"


@needs_gpp
@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        ("unit", "float64"),
        ("given", "float32"),
        pytest.param("solid", "float64", marks=pytest.mark.slow),
        pytest.param("paths", "float64", marks=pytest.mark.slow),
        pytest.param("rank 4", "float64", marks=pytest.mark.slow),
        pytest.param("scalars", "float64", marks=pytest.mark.slow),
    ],
)
def test_the_text_run_on_the_cpu_is_the_torch_target(kind: str, dtype: str, folder: Path, on_cpu: None) -> None:
    device, library = library_of(spec_of(kind, DTYPES[dtype]), folder)
    # One channel; a warp and a rest; several blocks of channels. A receiver has more pairs than a block opens at once.
    for channels, neighbours in (
        (1, neighbours_of(3, 4, 7)),
        (33, neighbours_of(3, 2, 3 * MOST_TILE)),
        (70, neighbours_of(4, 3, MOST_PAIR_TILE + 1)),
    ):
        this = draw(kind, channels, neighbours)
        assert_close(results(library, this, DTYPES[dtype]), expected(this), TOLERANCE[DTYPES[dtype]])
    assert set(device.launched) == {plan.name for plan in library.kernels}


@needs_gpp
def test_parts_add_up_in_their_order(folder: Path, on_cpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # A path or two a part: features are read by several parts, and one irrep by none.
    monkeypatch.setattr(convolution_cuda, "MOST_ROWS", {8: 4})
    spec = spec_of("paths")
    assert "namespace part2 {" in spec.kernel.source and "namespace part3 {" not in spec.kernel.source
    device, library = library_of(spec, folder)
    this = draw("paths", 3)
    assert_close(results(library, this, torch.float64), expected(this), TOLERANCE[torch.float64])
    order = [name for name in device.launched if name.startswith("invgen_vjp_sources")]
    assert order == [f"invgen_vjp_sources_part{k}" for k in range(3)]


@needs_gpp
def test_results_are_the_same_bits_every_time_and_gradients_that_nobody_wants_are_not_computed(
    folder: Path, on_cpu: None
) -> None:
    device, library = library_of(spec_of("unit"), folder)
    this = draw("unit", 5)
    first, second = (results(library, this, torch.float64) for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)
    ybar = library.call("value", *this.tensors, *this.neighbours.lists)
    every = library.call("vjp", *this.tensors, ybar, *this.neighbours.lists, True, True, True)
    for wanted in ((True, False, False), (False, True, False), (False, False, True), (False, False, False)):
        device.launched.clear()
        found = library.call("vjp", *this.tensors, ybar, *this.neighbours.lists, *wanted)
        pairs, sources = wanted[0] or wanted[1], wanted[2]
        assert device.launched == ["invgen_vjp_pairs"] * pairs + ["invgen_vjp_sources"] * sources
        for ours, all_of_it, asked in zip(found, every, wanted, strict=True):
            assert torch.equal(ours, all_of_it) if asked else ours.numel() == 0


@needs_gpp
def test_empty_sizes_are_zeros_or_nothing(folder: Path, on_cpu: None) -> None:
    _, library = library_of(spec_of("unit"), folder)
    none = torch.zeros(0, dtype=torch.int64)
    for channels, neighbours in ((4, Neighbours.from_receivers(none, none, 2, 3)), (0, neighbours_of(3, 2, 5))):
        this = draw("unit", channels, neighbours)
        assert_close(results(library, this, torch.float64), expected(this), 0)
    empty = Neighbours.from_receivers(none, none, 0, 0)
    assert all(tensor.numel() == 0 for tensor in results(library, draw("unit", 2, empty), torch.float64).values())


@needs_gpp
def test_nan_stays_with_its_receiver_and_damaged_lists_give_nan_and_read_nothing_else(
    folder: Path, on_cpu: None
) -> None:
    _, library = library_of(spec_of("unit"), folder)
    this = draw("unit", 4, neighbours_of(6, 5, 20))
    lists = this.neighbours.lists
    vectors, *rest = this.tensors
    clean = library.call("value", vectors, *rest, *lists)
    short = vectors.clone()
    short[-1] = 0
    receiver = int(this.neighbours.receivers[-1])
    hurt = library.call("value", short, *rest, *lists)
    assert hurt[receiver].isnan().any() and torch.equal(hurt[:receiver], clean[:receiver])
    # Addresses far beyond the arrays: reading there would end the process.
    for place, entry, bad in ((1, 19, 1 << 40), (1, 19, -(1 << 40)), (0, receiver + 1, 1 << 40), (2, 19, 1 << 40)):
        altered = [each.clone() for each in lists]
        altered[place][entry] = bad
        found = results(library, replace(this, neighbours=Neighbours(*altered)), torch.float64)
        assert found["vjp x"].isnan().any() and found["second x"].isnan().any()
        if place != 2:
            assert found["value"][receiver].isnan().all() and torch.equal(found["value"][:receiver], clean[:receiver])
        assert found["vjp w"][-1].isnan().all() and found["second w"][-1].isnan().all()
        assert found["vjp r"][-1].isnan().all() and found["second r"][-1].isnan().all()
    for place in (3, 4):
        altered = [each.clone() for each in lists]
        altered[place][1] = 1 << 40
        found = results(library, replace(this, neighbours=Neighbours(*altered)), torch.float64)
        assert found["vjp x"].isnan().any() and found["second x"].isnan().any()
    # Pairs, and nothing at their other ends.
    for empty in (0, 3):
        altered = [each.clone() for each in lists]
        altered[empty] = altered[empty][:1]
        sizes = Neighbours(*altered)
        features = rest[1][: sizes.sources]
        found = results(library, replace(this, neighbours=sizes, tensors=(vectors, rest[0], features)), torch.float64)
        assert all(tensor.isnan().any() for tensor in found.values() if tensor.numel())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("irreps", "l_max", "dtype", "architecture"),
    [("0e + 1o", 1, torch.float32, "sm_80"), ("0e", 2, torch.float64, "sm_90")],
)
def test_every_kernel_is_machine_code_that_does_not_spill(
    irreps: str, l_max: int, dtype: torch.dtype, architecture: str
) -> None:
    spec = convolution_spec(irreps, l_max, dtype=dtype, target="cuda")
    found = convolution_report(spec, architecture)
    assert [report.name for report in found] == [plan.name for plan in convolution_plans(spec.kernel)]
    for report in found:
        # What stands in local memory would be an array whose places are chosen while the kernel runs.
        assert report.spill_stores + report.spill_loads + report.frame == 0, str(report)
        assert report.shared <= 48 * 1024 and report.threads == 128, str(report)


def test_shared_memory_is_enough_for_every_part_and_entries_are_read_four_at_a_time() -> None:
    for size, most in convolution_cuda.MOST_ENTRIES.items():
        for entries in range(1, most + 1):
            for sets in (1, 2):
                pitch = pitch_of(entries, size)
                assert pitch >= entries and pitch * size % 16 == 0 and pitch * size // 16 % 2 == 1
                assert tile_of(sets * pitch, size, MOST_TILE) * sets * pitch * size <= TILE_BYTES


def test_a_launch_has_few_blocks_that_share_the_channels_evenly() -> None:
    plan = ConvolutionPlan("k", "value", "atoms", 1, copies=1, warps=4)
    assert [plan.shape(10, channels) for channels in (1, 33, 128, 129, 160)] == [
        *((10, 32), (10, 64), (10, 128), (20, 96), (20, 96))
    ]
    assert replace(plan, copies=2).shape(10, 33) == (10, 96)
    assert replace(plan, owners="pairs", owners_per_block=16).shape(33, 1) == (3, 128)


def test_the_text_includes_nothing_and_has_no_atomics() -> None:
    spec = spec_of("unit", torch.float32)
    text = spec.kernel.source
    assert "#include" not in text and "atomic" not in text and "typedef long long int64;" in text
    assert set(re.findall(r"\b(invgen_\w+)\(", text)) == {plan.name for plan in convolution_plans(spec.kernel)}


def test_a_damaged_source_is_refused() -> None:
    kernel = spec_of("scalars").kernel
    with pytest.raises(BasisFileError, match="lacks the function value: regenerate it"):
        convolution_plans(replace(kernel, source="/* nothing */"))
    with pytest.raises(BasisFileError, match="is damaged"):
        convolution_plans(replace(kernel, source="/*\n * kernel {\n */"))


@needs_gpp
def test_what_does_not_fit_a_launch_is_refused(folder: Path, on_cpu: None) -> None:
    device, library = library_of(spec_of("unit"), folder)
    this = draw("unit", 4)
    device.capturing = True
    with pytest.raises(InputError, match="before a CUDA graph was captured"):
        library.call("value", *this.tensors, *this.neighbours.lists)
    device.capturing = False
    vectors, weights, features = this.tensors
    with pytest.raises(InputError, match="on cpu and on meta"):
        library.call("value", vectors, weights, features.to("meta"), *this.neighbours.lists)
    many, *others = (tensor.to("meta") for tensor in (weights[..., :1], vectors, features, *this.neighbours.lists))
    wide = many.expand(*weights.shape[:2], 1 << 28)
    with pytest.raises(InputError, match=r"was given 268435456 channels of .* rows, more than 2\^31 numbers"):
        library.launch(CONVOLUTION.by_name["value"], (others[0], wide, *others[1:]), ())


@pytest.mark.slow
@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_machine_without_a_gpu_is_told_what_is_needed() -> None:
    with pytest.raises(CompilerError, match='target "cuda" needs an NVIDIA GPU'):
        invgen.compile_convolution("0e", 1, target="cuda")
