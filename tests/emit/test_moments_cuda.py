"""CUDA kernels of moments: their machine code for real GPUs, and their text run on the CPU against plain sums."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

import invgen
from invgen.compiler.moments import moments_spec
from invgen.emit import moments_cuda
from invgen.emit.header import Header
from invgen.errors import BasisFileError, CompilerError, InputError
from invgen.ir.harmonics import harmonics_program
from invgen.runtime import MomentsSpec, Neighbours, moments_report
from invgen.runtime.gpu.moments import CudaMoments, moments_plans
from tests.support.cuda_on_cpu import GPP, CpuWarps, without_machine_code

DTYPES = {"float32": torch.float32, "float64": torch.float64}
# Of the largest entry of each result: sums of some hundred products of numbers of order one, divided by lengths of
# pairs that are kept above 0.3.
TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-11}
needs_gpp = pytest.mark.skipif(GPP is None, reason="no g++ on this machine")


@dataclass(frozen=True)
class Case:
    """Arguments of a kernel, and changes of them."""

    neighbours: Neighbours
    given: tuple[torch.Tensor, ...]
    along: tuple[torch.Tensor, ...]
    ybar: torch.Tensor


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where kernels are built, once for all tests that run them."""
    return tmp_path_factory.mktemp("moments-on-cpu")


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels that only run on the CPU need no machine code."""
    without_machine_code(monkeypatch)


def spec_of(form: str, l_max: int | None, angular: str, dtype: torch.dtype) -> MomentsSpec:
    return moments_spec(l_max, form, angular=angular, dtype=dtype, target="cuda")


def library_of(spec: MomentsSpec, folder: Path) -> tuple[CpuWarps, CudaMoments]:
    device = CpuWarps(spec.kernel.source, folder)
    return device, CudaMoments(spec, lambda _: device)


def naive(form: str, l_max: int | None, angular: str, case: Case, *tensors: torch.Tensor) -> torch.Tensor:
    """The definition, with one term per pair."""
    vectors, radial, features = tensors
    if l_max is None:
        terms = torch.einsum("pn,pf->pnf", radial, features[case.neighbours.index])
    else:
        vectors = vectors if angular == "solid" else vectors / vectors.norm(dim=1, keepdim=True)
        rows = harmonics_program(l_max, solid=True).evaluate({"x": list(vectors.unbind(1))})["y"]
        harmonics = torch.stack([row + 0 * vectors[:, 0] for row in rows], 1)
        terms = torch.einsum("pc,pn,pnf->pcf", harmonics, radial, features[case.neighbours.index])
    return terms.new_zeros(case.neighbours.atoms, *terms.shape[1:]).index_add(0, case.neighbours.receivers, terms)


def draw(form: str, l_max: int | None, radials: int, features: int, atoms: int, sources: int, pairs: int) -> Case:
    """Random pairs in float64; the last receiver has none, the first has half of them."""
    generator = torch.Generator().manual_seed(radials + features)
    receivers = torch.randint(-atoms, atoms - 1, (pairs,), generator=generator).clamp_min(0).sort().values
    index = torch.randint(0, max(1, sources), (pairs,), generator=generator)
    neighbours = Neighbours.from_receivers(receivers, index, atoms, sources)

    def one(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    def three() -> tuple[torch.Tensor, ...]:
        vectors = torch.nn.functional.normalize(one(pairs, 3)) * (0.5 + torch.rand(pairs, 1, generator=generator))
        sent = one(sources, radials, features) if form == "mixed" else one(sources, features)
        return vectors if l_max is not None else one(pairs, 0), one(pairs, radials), sent

    middle = radials if l_max is None else (l_max + 1) ** 2
    return Case(neighbours, three(), three(), one(atoms, middle, features))


def results(library: CudaMoments, case: Case, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    given, along = (tuple(t.to(dtype) for t in tensors) for tensors in (case.given, case.along))
    ybar, lists = case.ybar.to(dtype), case.neighbours.lists
    first = library.call("vjp", *given, ybar, *lists, True, True)
    second = library.call("vjp_of_vjp", *given, ybar, *along, *lists)
    named = zip(("vjp r", "vjp s", "vjp g", "second r", "second s", "second g", "second ybar"), (*first, *second))
    return {
        "value": library.call("value", *given, *lists),
        "jvp": library.call("jvp", *given, *along, *lists),
        **dict(named),
    }


def expected(form: str, l_max: int | None, angular: str, case: Case) -> dict[str, torch.Tensor]:
    given = [t.clone().requires_grad_() for t in case.given]
    ybar = case.ybar.clone().requires_grad_()
    value = naive(form, l_max, angular, case, *given)
    first = torch.autograd.grad(value, given, ybar, create_graph=True, allow_unused=True, materialize_grads=True)
    inner = sum((g * u).sum() for g, u in zip(first, case.along))
    second = torch.autograd.grad(inner, [*given, ybar], allow_unused=True, materialize_grads=True)
    names = ("vjp r", "vjp s", "vjp g", "second r", "second s", "second g", "second ybar")
    found = {"value": value, "jvp": second[-1], **dict(zip(names, (*first, *second)))}
    return {name: t.detach() for name, t in found.items()}


def assert_close(found: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor], tolerance: float) -> None:
    for name, tensor in found.items():
        reference = wanted[name]
        assert tensor.shape == reference.shape, name
        if reference.numel():
            error, scale = (tensor.double() - reference).abs().max(), reference.abs().max().clamp_min(1e-3)
            assert error <= tolerance * scale, f"{name}: {float(error / scale):.1e}"


@needs_gpp
@pytest.mark.parametrize(
    ("form", "l_max", "angular", "dtype"),
    [
        ("mixed", 1, "solid", "float64"),
        ("environment", None, "unit", "float32"),
        pytest.param("mixed", 3, "unit", "float32", marks=pytest.mark.slow),
        pytest.param("mixed", 3, "solid", "float64", marks=pytest.mark.slow),
        pytest.param("mixed", 0, "unit", "float64", marks=pytest.mark.slow),
        pytest.param("mixed", 6, "unit", "float64", marks=pytest.mark.slow),
        pytest.param("environment", None, "unit", "float64", marks=pytest.mark.slow),
    ],
)
def test_the_text_run_on_the_cpu_is_the_definition(
    form: str, l_max: int | None, angular: str, dtype: str, folder: Path, on_cpu: None
) -> None:
    device, library = library_of(spec_of(form, l_max, angular, DTYPES[dtype]), folder)
    # One feature; a warp and a rest; several. Radial functions: one, a kernel's worth, several passes of the largest.
    # More pairs of one atom than a warp opens at once, and pairs that no block divides.
    for radials, features, atoms, sources, pairs in (
        (1, 1, 3, 4, 7),
        (20, 64, 4, 3, 90),
        (8, 33, 5, 9, 41),
        (70, 5, 3, 2, 12),
        (12, 40, 300, 5, 150),
    ):
        case = draw(form, l_max, radials, features, atoms, sources, pairs)
        found = results(library, case, DTYPES[dtype])
        assert_close(found, expected(form, l_max, angular, case), TOLERANCE[DTYPES[dtype]])
    assert set(device.launched) == {plan.name for plan in library.kernels}


@needs_gpp
def test_results_are_the_same_bits_every_time_and_gradients_that_nobody_wants_are_not_computed(
    folder: Path, on_cpu: None
) -> None:
    device, library = library_of(spec_of("mixed", 3, "unit", torch.float32), folder)
    case = draw("mixed", 3, 5, 40, 20, 10, 150)
    first, second = (results(library, case, torch.float32) for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)
    given, ybar = tuple(t.float() for t in case.given), case.ybar.float()
    device.launched.clear()
    library.call("vjp", *given, ybar, *case.neighbours.lists, True, False)
    assert device.launched == ["invgen_vjp_pairs_8"]
    library.call("vjp", *given, ybar, *case.neighbours.lists, False, True)
    assert device.launched[1:] == ["invgen_vjp_sources_8"]


@pytest.mark.slow
@needs_gpp
@pytest.mark.parametrize("form", ["mixed", "environment"])
def test_empty_sizes_are_zeros_or_nothing(form: str, folder: Path, on_cpu: None) -> None:
    l_max, dtype = (1, torch.float64) if form == "mixed" else (None, torch.float32)
    _, library = library_of(spec_of(form, l_max, "solid", dtype), folder)
    for radials, features, atoms, sources, pairs in (
        (3, 4, 2, 3, 0),
        (0, 4, 3, 2, 5),
        (3, 0, 3, 2, 5),
        (2, 2, 2, 0, 0),
    ):
        case = draw(form, l_max, radials, features, atoms, sources, pairs)
        assert_close(results(library, case, dtype), expected(form, l_max, "solid", case), 0)


@needs_gpp
def test_nan_stays_with_its_receiver_and_damaged_lists_give_nan_and_read_nothing_else(
    folder: Path, on_cpu: None
) -> None:
    _, library = library_of(spec_of("mixed", 3, "unit", torch.float32), folder)
    case = draw("mixed", 3, 3, 4, 6, 5, 60)
    lists = case.neighbours.lists
    vectors, *rest = (t.float() for t in case.given)
    clean = library.call("value", vectors, *rest, *lists)
    vectors[-1] = 0
    receiver = int(case.neighbours.receivers[-1])
    hurt = library.call("value", vectors, *rest, *lists)
    assert hurt[receiver, 1:].isnan().all() and torch.equal(hurt[:receiver], clean[:receiver])
    # Addresses far beyond the arrays: reading there would end the process.
    for place, entry, bad in ((1, 59, 1 << 40), (1, 59, -(1 << 40)), (0, receiver + 1, 1 << 40), (2, 59, 1 << 40)):
        altered = [each.clone() for each in lists]
        altered[place][entry] = bad
        damaged = Case(Neighbours(*altered), case.given, case.along, case.ybar)
        found = results(library, damaged, torch.float32)
        assert found["vjp g"].isnan().any() and found["second g"].isnan().any()
        if place != 2:
            assert found["value"][receiver].isnan().all() and torch.equal(found["value"][:receiver], clean[:receiver])
        assert found["vjp s"][-1].isnan().all() and found["second r"][-1].isnan().all()
    for place in (3, 4):
        altered = [each.clone() for each in lists]
        altered[place][1] = 1 << 40
        found = results(library, Case(Neighbours(*altered), case.given, case.along, case.ybar), torch.float32)
        assert found["vjp g"].isnan().any() and found["second g"].isnan().any()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dtype", "architecture"), [(torch.float32, "sm_80"), (torch.float32, "sm_90"), (torch.float64, "sm_90")]
)
def test_every_kernel_is_machine_code_that_spills_little(dtype: torch.dtype, architecture: str) -> None:
    for form, l_max in (("mixed", 3), ("environment", None)):
        spec = spec_of(form, l_max, "unit", dtype)
        found = moments_report(spec.kernel, architecture)
        assert [r.name for r in found] == [plan.name for plan in moments_plans(spec.kernel.source, "x")]
        for report in found:
            # In float64 the second derivatives of 32 radial functions need more registers than a thread has.
            allowed = 256 if dtype == torch.float64 and report.name == "invgen_second_pairs_32" else 0
            assert report.spill_stores + report.spill_loads <= allowed, str(report)
            assert report.shared <= 48 * 1024 and report.threads == 128, str(report)


def test_shared_memory_is_enough_at_any_rank() -> None:
    for l_max in range(21):
        for size in (4, 8):
            tile, harmonics = moments_cuda._tile((l_max + 1) ** 2, size), (l_max + 1) ** 2 | 1
            assert tile >= 1 and moments_cuda.WARPS * tile * (2 * harmonics * size + 16) <= 48 * 1024


@pytest.mark.slow
def test_rank_6_is_machine_code_that_spills_little() -> None:
    for report in moments_report(spec_of("mixed", 6, "unit", torch.float32).kernel, "sm_90"):
        assert report.shared <= 48 * 1024, str(report)
        # 49 harmonics in two parts: second derivatives by pairs need more than 255 registers.
        most = 256 if "second_pairs" in report.name else 0
        assert report.spill_stores + report.spill_loads <= most, str(report)


def test_the_text_includes_nothing_and_has_no_atomics() -> None:
    text = spec_of("mixed", 3, "unit", torch.float32).kernel.source
    assert "#include" not in text and "atomic" not in text and "typedef long long int64;" in text
    assert set(re.findall(r"\b(invgen_\w+)\(", text)) == {plan.name for plan in moments_plans(text, "x")}


def test_what_has_no_kernel_is_refused() -> None:
    header, program = Header("m", "", "sphericart"), harmonics_program(1)
    with pytest.raises(InputError, match="form 'full' have no GPU kernel: use one of 'mixed', 'environment'"):
        moments_spec(2, "full", target="cuda")
    with pytest.raises(InputError, match="dtype 'float16' has no GPU kernel"):
        moments_cuda.render("mixed", program, False, "float16", header)
    with pytest.raises(InputError, match="harmonics go with the form mixed"):
        moments_cuda.render("mixed", None, False, "float32", header)
    with pytest.raises(InputError, match="target must be one of 'c', 'cuda', 'torch', got 'hip'"):
        moments_spec(2, target="hip")
    with pytest.raises(BasisFileError, match="lacks the function value"):
        moments_plans("/* nothing */", "m")
    with pytest.raises(BasisFileError, match="is damaged"):
        moments_plans("/*\n * kernel {\n */", "m")


@needs_gpp
def test_nothing_is_loaded_while_a_graph_is_captured(folder: Path) -> None:
    device, library = library_of(spec_of("environment", None, "unit", torch.float32), folder)
    case = draw("environment", None, 2, 3, 4, 4, 9)
    given = tuple(t.float() for t in case.given)
    device.capturing = True
    with pytest.raises(InputError, match="before a CUDA graph was captured"):
        library.call("value", *given, *case.neighbours.lists)
    device.capturing = False
    library.call("value", *given, *case.neighbours.lists)
    device.capturing = True
    library.call("value", *given, *case.neighbours.lists)
    with pytest.raises(InputError, match="on cpu and on meta"):
        library.call("value", *given[:2], given[2].to("meta"), *case.neighbours.lists)


@pytest.mark.slow
@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_machine_without_a_gpu_is_told_what_is_needed() -> None:
    with pytest.raises(CompilerError, match='target "cuda" needs an NVIDIA GPU'):
        invgen.compile_moments(1, target="cuda")
    with pytest.raises(InputError, match="of target 'c' has no build report"):
        invgen.compile_moments(1).build_report()
