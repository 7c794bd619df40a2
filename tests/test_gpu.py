"""Kernels of target "cuda" on a real GPU: the tests that are made without one elsewhere, and what only a GPU shows."""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

import pytest
import torch

import invgen
from invgen.errors import InputError
from invgen.nn import Allegro, Potential
from invgen.runtime import Kernel, Neighbours, build
from invgen.runtime.families.gathered import GATHERED
from invgen.runtime.gpu.choice import WIDE_FROM
from invgen.runtime.gpu.invariants import CudaInvariants
from invgen.runtime.gpu.plan import launch_plans
from invgen.runtime.operators import operator_name
from tests.support import gathered_cases, weighted_cases
from tests.support.basis_cases import PACKAGES, basis_of, draw, expected
from tests.support.kernel_cases import TOLERANCE, assert_close, kernel_of, results, tensors
from tests.support.network_cases import CUTOFF, SPECIES, batch_of

pytestmark = pytest.mark.gpu
DTYPES = (torch.float32, torch.float64)


def made(package: str, dtype: torch.dtype = torch.float32, layout: str = "channel") -> Kernel:
    return kernel_of(package, "cuda", dtype, layout)


def on_gpu(package: str, shape: tuple[int, ...], channels: int, dtype: torch.dtype, seed: int = 0) -> Any:
    return tuple(t.cuda() for t in tensors(draw(basis_of(package), shape, channels, seed), dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("package", PACKAGES)
def test_all_five_functions_are_the_basis(package: str, dtype: torch.dtype) -> None:
    kernel, basis = made(package, dtype), basis_of(package)
    # One sample; more than a block; tiles, strided rows, odd channels, more channels than a block has threads.
    for samples, channels in ((1, 1), (131, 1), (67, 8), (43, 3), (2, 130), (100, 64)):
        arrays = draw(basis, (samples,), channels, seed=samples)
        found = results(kernel, *(t.cuda() for t in tensors(arrays, dtype)))
        assert_close({name: t.cpu() for name, t in found.items()}, expected(basis, *arrays), TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("package", PACKAGES)
def test_large_calls_of_every_kind_agree_with_the_torch_target(package: str, dtype: torch.dtype) -> None:
    kernel, torch_kernel = made(package, dtype), kernel_of(package, "torch", dtype)
    for samples, channels in ((WIDE_FROM // 16 + 7, 16), (WIDE_FROM + 5, 1), (WIDE_FROM // 8, 9)):
        given = on_gpu(package, (samples,), channels, dtype)
        ours, theirs = results(kernel, *given), results(torch_kernel, *given)
        for name, wanted in theirs.items():
            scale = wanted.abs().amax(dim=(0, 2), keepdim=True)
            assert ((ours[name] - wanted).abs() <= TOLERANCE[dtype] * scale).all(), name


@pytest.mark.parametrize("package", PACKAGES)
def test_the_plain_layout_is_the_channel_layout_of_one_channel(package: str) -> None:
    x, ybar, u = (t.squeeze(-1) for t in on_gpu(package, (1000,), 1, torch.float32))
    plain, channel = made(package, layout="plain"), made(package)
    assert torch.equal(plain(x), channel(x.unsqueeze(-1)).squeeze(-1))
    for ours, theirs in zip(
        plain.vjp_of_vjp(x, ybar, u),
        channel.vjp_of_vjp(x.unsqueeze(-1), ybar.unsqueeze(-1), u.unsqueeze(-1)),
        strict=True,
    ):
        assert torch.equal(ours, theirs.squeeze(-1))


def test_gradients_to_second_order_and_forward_mode() -> None:
    kernel = made("optimal_l2_n4", torch.float64)
    x = on_gpu("optimal_l2_n4", (2,), 3, torch.float64)[0].requires_grad_()
    # float64 polynomials of degree 4 and their derivatives: finite differences of 1e-6 leave some 1e-8.
    assert torch.autograd.gradcheck(kernel, (x,), check_forward_ad=True, check_batched_grad=True)
    assert torch.autograd.gradgradcheck(kernel, (x,))


def test_torch_compile_and_opcheck_see_the_operators() -> None:
    kernel = made("optimal_l2_n4")
    x = on_gpu("optimal_l2_n4", (50,), 8, torch.float32)[0].requires_grad_()
    wanted = torch.autograd.grad(kernel(x).square().sum(), x)[0]
    compiled = torch.compile(kernel, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(torch.autograd.grad(compiled(x).square().sum(), x)[0], wanted)
    operator = getattr(torch.ops.invgen, f"{kernel.name}_{kernel.spec.key}_value").default
    torch.library.opcheck(operator, (x,))


def test_work_goes_to_the_current_stream() -> None:
    kernel = made("optimal_l3_n4")
    x = on_gpu("optimal_l3_n4", (4096,), 64, torch.float32)[0]
    wanted = kernel.value(2 * x)
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        # Long work before the input is ready: a launch on another stream would read it too early.
        slow = torch.randn(4096, 4096, device="cuda")
        for _ in range(20):
            slow = slow @ slow / 64
        y = kernel.value(2 * x + 0 * slow[0, 0].nan_to_num(0, 0, 0))
    torch.cuda.current_stream().wait_stream(stream)
    assert torch.equal(y, wanted)


def test_calls_can_be_captured_in_a_graph_and_replayed() -> None:
    kernel = made("optimal_l3_n4")
    x, ybar, u = on_gpu("optimal_l3_n4", (257,), 64, torch.float32)
    kernel.vjp_of_vjp(x, ybar, u)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        y, xbar = kernel.value_and_vjp(x, ybar)
        grad_x, grad_ybar = kernel.vjp_of_vjp(x, ybar, u)
    for seed in (1, 2):
        for held, fresh in zip((x, ybar, u), on_gpu("optimal_l3_n4", (257,), 64, torch.float32, seed), strict=True):
            held.copy_(fresh)
        graph.replay()
        wanted = (*kernel.value_and_vjp(x, ybar), *kernel.vjp_of_vjp(x, ybar, u))
        for ours, theirs in zip((y, xbar, grad_x, grad_ybar), wanted, strict=True):
            assert torch.equal(ours, theirs)


def test_a_kernel_that_was_never_loaded_refuses_to_be_captured() -> None:
    library = CudaInvariants(made("optimal_l2_n4").spec)
    x = on_gpu("optimal_l2_n4", (5,), 4, torch.float32)[0]
    out = torch.empty(5, 6, 4, device="cuda")
    graph = torch.cuda.CUDAGraph()
    with pytest.raises(InputError, match="before a CUDA graph was captured"), torch.cuda.graph(graph):
        library.call("value", x, out=(out,))


def test_results_are_the_same_bits_every_time() -> None:
    kernel = made("hiphop_l3_n4")
    given = on_gpu("hiphop_l3_n4", (WIDE_FROM // 64,), 64, torch.float32)
    first = results(kernel, *given)
    for _ in range(3):
        assert all(torch.equal(first[name], t) for name, t in results(kernel, *given).items())


def test_every_device_has_its_own_module() -> None:
    if torch.cuda.device_count() < 2:
        pytest.skip("one GPU")
    kernel = made("optimal_l2_n4")
    x = on_gpu("optimal_l2_n4", (50,), 8, torch.float32)[0]
    assert torch.equal(kernel.value(x.to("cuda:1")).cpu(), kernel.value(x).cpu())
    assert torch.cuda.current_device() == 0


def test_arrays_of_more_than_2_to_31_numbers() -> None:
    samples = 2**31 // 9 // 4 + 11
    gc.collect()
    torch.cuda.empty_cache()
    if torch.cuda.mem_get_info()[0] < 4 * samples * 4 * 20:
        pytest.skip("too little memory for arrays of 2^31 numbers")
    kernel = made("optimal_l2_n4")
    for shape in ((samples, 9, 4), (4 * samples, 9, 1), (samples // 16, 9, 65)):
        x = torch.zeros(shape, device="cuda")
        x[-3:] = torch.randn(3, *shape[1:], device="cuda")
        x[:3] = torch.randn(3, *shape[1:], device="cuda")
        y = kernel.value(x)
        # The same kernels on few samples may be others: several channels a thread, and other multiply-adds.
        torch.testing.assert_close(y[-3:], kernel.value(x[-3:]), rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(y[:3], kernel.value(x[:3]), rtol=1e-5, atol=1e-5)
        del x, y


def test_tuning_keeps_the_values_and_times_every_kernel() -> None:
    kernel = made("optimal_l2_n4", torch.float64)
    given = on_gpu("optimal_l2_n4", (WIDE_FROM // 64,), 64, torch.float64)
    before = results(kernel, *given)
    tuned = build(kernel.spec, tune=True)
    for name, value in results(tuned, *given).items():
        scale = before[name].abs().max()
        assert ((value - before[name]).abs() <= TOLERANCE[torch.float64] * scale).all(), name


def test_the_build_report_is_of_this_card_and_has_no_spills() -> None:
    major, minor = torch.cuda.get_device_capability()
    for package in PACKAGES:
        kernel = made(package)
        found = kernel.build_report()
        assert {report.name for report in found} == {plan.name for plan in launch_plans(kernel.spec.source, package)}
        assert all(report.architecture == f"sm_{major}{minor}" and report.frame == 0 for report in found)


def test_a_tensor_on_the_cpu_is_refused() -> None:
    with pytest.raises(InputError, match="which runs on NVIDIA GPUs, got x on cpu"):
        made("optimal_l2_n4")(torch.randn(3, 9, 4))


def moments_case(form: str, dtype: torch.dtype) -> tuple[Any, tuple[Any, ...]]:
    """The kernels of both targets, and vectors, radial values, features, u of each, and neighbours on the CPU."""
    l_max = 3 if form == "mixed" else None
    kernels = tuple(invgen.compile_moments(l_max, form, dtype=dtype, target=target) for target in ("c", "cuda"))
    generator = torch.Generator().manual_seed(0)
    atoms, pairs, radials, features = 300, 9000, 20, 70
    receivers = torch.randint(0, atoms, (pairs,), generator=generator).sort().values
    index = torch.randint(0, atoms, (pairs,), generator=generator)

    def three() -> tuple[Any, ...]:
        def draw(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)

        vectors = torch.nn.functional.normalize(draw(pairs, 3)) if form == "mixed" else None
        return vectors, draw(pairs, radials), draw(atoms, *((radials,) if form == "mixed" else ()), features)

    return kernels, (*three(), *three(), Neighbours.from_receivers(receivers, index, atoms))


def to_gpu(value: Any) -> Any:
    return None if value is None else value.to("cuda")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("form", ["mixed", "environment"])
def test_moments_are_those_of_the_c_kernel_and_the_same_bits_every_time(form: str, dtype: torch.dtype) -> None:
    (reference, kernel), (*given, neighbours) = moments_case(form, dtype)
    moved, lists = [to_gpu(t) for t in given], neighbours.to("cuda")

    def every(kernel: Any, given: Any, lists: Any) -> list[torch.Tensor]:
        value = kernel.value(*given[:3], lists)
        rest = (lists, value, tuple(given[3:]))
        return [
            value,
            kernel.jvp(*given[:3], lists, rest[2]),
            *kernel.vjp(*given[:3], lists, value),
            *kernel.vjp_of_vjp(*given[:3], *rest),
        ]

    wanted, found, again = every(reference, given, neighbours), every(kernel, moved, lists), every(kernel, moved, lists)
    for theirs, ours, repeated in zip(wanted, found, again, strict=True):
        assert torch.equal(ours, repeated)
        if theirs.numel():
            # Sums of some thirty pairs, each of a hundred products, in another order.
            assert (ours.cpu() - theirs).abs().max() <= TOLERANCE[dtype] * theirs.abs().max()


def test_moments_are_differentiable_compile_and_refuse_lists_on_the_cpu() -> None:
    (_, kernel), (*given, neighbours) = moments_case("mixed", torch.float64)
    vectors, radial, features = (to_gpu(t).requires_grad_() for t in given[:3])
    lists = neighbours.to("cuda")
    energy = kernel(vectors, radial, features, lists).square().sum()
    (forces,) = torch.autograd.grad(energy, vectors, create_graph=True)
    second = torch.autograd.grad(forces.square().sum(), (vectors, radial, features))
    assert all(g.isfinite().all() and g.abs().max() > 0 for g in second)
    compiled = torch.compile(kernel, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(vectors, radial, features, lists).square().sum(), energy)
    with pytest.raises(InputError, match="takes neighbour lists of int64 on cuda:0, got"):
        kernel(vectors, radial, features, neighbours)


def test_moments_can_be_captured_in_a_graph() -> None:
    (_, kernel), (*given, neighbours) = moments_case("mixed", torch.float32)
    vectors, radial, features = (to_gpu(t) for t in given[:3])
    lists = neighbours.to("cuda")
    kernel.vjp(vectors, radial, features, lists, kernel.value(vectors, radial, features, lists))
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        value = kernel.value(vectors, radial, features, lists)
        gradients = kernel.vjp(vectors, radial, features, lists, value)
    radial.mul_(2)
    graph.replay()
    wanted = kernel.value(vectors, radial, features, lists)
    assert torch.equal(value, wanted)
    for ours, theirs in zip(gradients, kernel.vjp(vectors, radial, features, lists, wanted), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("dtype", DTYPES)
def test_weighted_contractions_are_those_of_the_c_kernel_and_the_same_bits_every_time(dtype: torch.dtype) -> None:
    reference = weighted_cases.kernel_of("cubic")
    kernel = weighted_cases.kernel_of("cubic", dtype, "cuda")
    for shape, channels in (((1000,), 64), ((3, 7), 5), ((0,), 4)):
        given = weighted_cases.draw(reference, shape, channels)
        moved = {name: (t.to(dtype) if t.is_floating_point() else t).cuda() for name, t in given.items()}

        def every(kernel: Any, given: dict[str, torch.Tensor]) -> list[torch.Tensor]:
            x, w, species, ybar, u, v = (given[name] for name in ("x", "w", "species", "ybar", "u", "v"))
            several = (*kernel.value_and_vjp(x, w, species, ybar), *kernel.vjp_of_vjp(x, w, species, ybar, u, v))
            return [kernel.value(x, w, species), kernel.jvp(x, w, species, u, v), *several]

        for theirs, ours, again in zip(
            every(reference, given), every(kernel, moved), every(kernel, moved), strict=True
        ):
            assert torch.equal(ours, again)
            if theirs.numel():
                assert (ours.cpu() - theirs).abs().max() <= TOLERANCE[dtype] * theirs.abs().max()


def test_weighted_contractions_are_differentiable_twice_and_can_be_captured() -> None:
    kernel = weighted_cases.kernel_of("small", torch.float64, "cuda")
    given = {name: t.cuda() for name, t in weighted_cases.draw(kernel, (4,), 3).items()}
    inputs = (given["x"].requires_grad_(), given["w"].requires_grad_())
    # float64 polynomials of degree 2: finite differences of 1e-6 leave some 1e-8.
    assert torch.autograd.gradcheck(lambda x, w: kernel(x, w, given["species"]), inputs)
    assert torch.autograd.gradgradcheck(lambda x, w: kernel(x, w, given["species"]), inputs)
    x, w, species, ybar = (given[name].detach() for name in ("x", "w", "species", "ybar"))
    wanted = kernel.vjp(x, w, species, ybar)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        found = kernel.vjp(x, w, species, ybar)
    graph.replay()
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(found, wanted, strict=True))


@pytest.mark.parametrize("dtype", DTYPES)
def test_contractions_with_a_gather_are_those_of_the_torch_target_and_the_same_bits_every_time(
    dtype: torch.dtype,
) -> None:
    reference, kernel = gathered_cases.kernel_of("torch"), gathered_cases.kernel_of("cuda", dtype)
    # Two rounds of sums over chunks of weights; an index in no order, one row of which has no samples; nothing.
    for shape, channels, rows in (((3000,), 64, 40), ((3, 7), 5, 5), ((0,), 4, 3)):
        given = gathered_cases.draw(shape, channels, rows)
        moved = {name: (t.to(dtype) if t.is_floating_point() else t).cuda() for name, t in given.items()}
        for function in GATHERED.functions:
            names = GATHERED.tensors(function)
            wanted, found, again = (
                as_tuple(each._implementation.call(function.name, *(tensors[name] for name in names)))
                for each, tensors in ((reference, given), (kernel, moved), (kernel, moved))
            )
            for theirs, ours, repeated in zip(wanted, found, again, strict=True):
                assert torch.equal(ours, repeated)
                if theirs.numel():
                    # Sums over thousands of samples, in another order.
                    assert (ours.cpu() - theirs).abs().max() <= 10 * TOLERANCE[dtype] * theirs.abs().max()


def test_contractions_with_a_gather_are_differentiable_twice_compile_and_can_be_captured() -> None:
    kernel = gathered_cases.kernel_of("cuda")
    given = {name: t.cuda() for name, t in gathered_cases.draw((5,), 3).items()}
    x, z, w, index, ybar = (given[name] for name in ("x", "z", "w", "index", "ybar"))
    points = tuple(t.clone().requires_grad_() for t in (x, z, w))
    # float64 polynomials of degree 3: finite differences of 1e-6 leave some 1e-8.
    assert torch.autograd.gradcheck(lambda *points: kernel(*points, index), points, fast_mode=True)
    assert torch.autograd.gradgradcheck(lambda *points: kernel(*points, index), points, fast_mode=True)
    compiled = torch.compile(kernel, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(*points, index), kernel(*points, index))
    operator = getattr(torch.ops.invgen, operator_name(kernel.spec, "vjp")).default
    torch.library.opcheck(operator, (x, z, w, index, ybar))
    assert kernel.value(x, z, w, torch.full_like(index, 9)).isnan().all()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        found = kernel.vjp(x, z, w, index, ybar)
    index.copy_(index.flip(0))
    graph.replay()
    for ours, theirs in zip(found, kernel.vjp(x, z, w, index, ybar), strict=True):
        assert torch.equal(ours, theirs)


def test_allegro_has_the_energies_and_forces_of_the_torch_target() -> None:
    results = []
    for target, device in (("torch", "cpu"), ("cuda", "cuda")):
        torch.manual_seed(0)
        network = Allegro(SPECIES, CUTOFF, l_max=2, channels=32, features=8, dtype=torch.float64, target=target)
        found = Potential(network).eval().to(device)(batch_of().to(device))
        results.append((found.energy.detach().cpu(), found.forces.detach().cpu()))
    for ours, theirs in zip(*results, strict=True):
        # float64 rounding over some thousand operations on energies of order 1.
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


def as_tuple(result: Any) -> tuple[torch.Tensor, ...]:
    return result if isinstance(result, tuple) else (result,)


def convolution_case(dtype: torch.dtype) -> tuple[Any, tuple[Any, ...]]:
    """The kernels of both targets, and vectors, weights, features, changes of each, and neighbours on the CPU."""
    make = partial(invgen.compile_convolution, "2x0e + 1o + 1e", 2)
    kernels = make(dtype=torch.float64), make(dtype=dtype, target="cuda")
    generator = torch.Generator().manual_seed(0)
    atoms, pairs, channels = 300, 9000, 70
    receivers = torch.randint(0, atoms, (pairs,), generator=generator).sort().values
    index = torch.randint(0, atoms, (pairs,), generator=generator)

    def three() -> tuple[Any, ...]:
        def draw(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=generator, dtype=torch.float64)

        vectors, rows = torch.nn.functional.normalize(draw(pairs, 3)), kernels[0].dimension
        return vectors, draw(pairs, kernels[0].weights, channels), draw(atoms, rows, channels)

    return kernels, (*three(), *three(), Neighbours.from_receivers(receivers, index, atoms))


@pytest.mark.parametrize("dtype", DTYPES)
def test_convolutions_are_those_of_the_c_kernel_and_the_same_bits_every_time(dtype: torch.dtype) -> None:
    (reference, kernel), (*given, neighbours) = convolution_case(dtype)
    moved, lists = [t.to("cuda", dtype) for t in given], neighbours.to("cuda")

    def every(kernel: Any, given: Any, lists: Any) -> list[torch.Tensor]:
        value, along = kernel.value(*given[:3], lists), tuple(given[3:])
        first = kernel.vjp(*given[:3], lists, value)
        second = kernel.vjp_of_vjp(*given[:3], lists, value, along)
        return [value, kernel.jvp(*given[:3], lists, along), *first, *second]

    wanted, found, again = every(reference, given, neighbours), every(kernel, moved, lists), every(kernel, moved, lists)
    for theirs, ours, repeated in zip(wanted, found, again, strict=True):
        assert torch.equal(ours, repeated)
        # Sums of some thirty pairs, each of a hundred products, in another order.
        assert (ours.cpu() - theirs).abs().max() <= TOLERANCE[dtype] * theirs.abs().max()
    by_weights = kernel.vjp(*moved[:3], lists, found[0], wanted=(False, True, False))
    assert torch.equal(by_weights[1], found[3]) and by_weights[0].numel() == by_weights[2].numel() == 0


def test_convolutions_are_differentiable_compile_and_can_be_captured() -> None:
    (_, kernel), (*given, neighbours) = convolution_case(torch.float32)
    vectors, weights, features = (t.to("cuda", torch.float32).requires_grad_() for t in given[:3])
    lists = neighbours.to("cuda")
    energy = kernel(vectors, weights, features, lists).square().sum()
    (forces,) = torch.autograd.grad(energy, vectors, create_graph=True)
    second = torch.autograd.grad(forces.square().sum(), (vectors, weights, features))
    assert all(g.isfinite().all() and g.abs().max() > 0 for g in second)
    compiled = torch.compile(kernel, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(vectors, weights, features, lists).square().sum(), energy)
    points = tuple(t.detach() for t in (vectors, weights, features))
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        value = kernel.value(*points, lists)
        gradients = kernel.vjp(*points, lists, value)
    points[1].mul_(2)
    graph.replay()
    wanted = kernel.value(*points, lists)
    assert torch.equal(value, wanted)
    for ours, theirs in zip(gradients, kernel.vjp(*points, lists, wanted), strict=True):
        assert torch.equal(ours, theirs)
