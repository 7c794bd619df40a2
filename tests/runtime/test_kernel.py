from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch

from invgen.errors import BasisFileError, CompilerError, InputError
from invgen.runtime import Kernel, build
from tests.support.handwritten import c_source, expected, make_spec

# Sums and products of at most seven numbers of order 1: a few roundings of each dtype, with room for FMA.
TOLERANCE = {torch.float32: {"rtol": 1e-5, "atol": 1e-5}, torch.float64: {"rtol": 1e-13, "atol": 1e-13}}


@pytest.fixture(params=["c", "torch"])
def target(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["float32", "float64"])
def kernel(request: pytest.FixtureRequest, target: str) -> Kernel:
    return build(make_spec(request.param, target))


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def random(kernel: Kernel, *shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(kernel.dtype)


def case(kernel: Kernel, *batch: int, channels: int = 5) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    return (
        random(kernel, *batch, 3, channels, seed=1),
        random(kernel, *batch, 2, channels, seed=2),
        random(kernel, *batch, 3, channels, seed=3),
    )


def autograd(x: torch.Tensor, ybar: torch.Tensor, u: torch.Tensor) -> dict[str, torch.Tensor]:
    """Every quantity that a kernel computes, from plain PyTorch."""
    x, ybar = x.detach().clone().requires_grad_(), ybar.detach().clone().requires_grad_()
    y = expected(x)
    (xbar,) = torch.autograd.grad((y * ybar).sum(), x, create_graph=True)
    grad_x, grad_ybar = torch.autograd.grad((xbar * u).sum(), (x, ybar))
    wanted = {"y": y, "xbar": xbar, "ydot": grad_ybar, "grad_x": grad_x, "grad_ybar": grad_ybar}
    return {name: tensor.detach() for name, tensor in wanted.items()}


def close(kernel: Kernel, actual: torch.Tensor, wanted: torch.Tensor) -> None:
    torch.testing.assert_close(actual, wanted, **TOLERANCE[kernel.dtype])
    assert actual.is_contiguous()
    assert not actual.requires_grad


@pytest.mark.parametrize("batch", [(), (4,), (2, 3), (257,)], ids=str)
def test_bare_functions_equal_autograd_of_the_definition(kernel: Kernel, batch: tuple[int, ...]) -> None:
    x, ybar, u = case(kernel, *batch)
    wanted = autograd(x, ybar, u)
    close(kernel, kernel.value(x), wanted["y"])
    close(kernel, kernel.vjp(x, ybar), wanted["xbar"])
    close(kernel, kernel.jvp(x, u), wanted["ydot"])
    for results, names in (
        (kernel.value_and_vjp(x, ybar), ("y", "xbar")),
        (kernel.vjp_of_vjp(x, ybar, u), ("grad_x", "grad_ybar")),
    ):
        for result, name in zip(results, names, strict=True):
            close(kernel, result, wanted[name])


def test_results_go_to_out_and_equal_those_without(kernel: Kernel) -> None:
    x, ybar, u = case(kernel, 4)
    like_x, like_y = torch.full_like(x, torch.nan), torch.full_like(ybar, torch.nan)
    for function, arguments, out in (
        (kernel.value, (x,), like_y),
        (kernel.vjp, (x, ybar), like_x),
        (kernel.jvp, (x, u), like_y),
    ):
        out.fill_(torch.nan)
        assert function(*arguments, out=out) is out
        assert torch.equal(out, function(*arguments))
    for function, arguments, outs in (
        (kernel.value_and_vjp, (x, ybar), (like_y, like_x)),
        (kernel.vjp_of_vjp, (x, ybar, u), (like_x, like_y)),
    ):
        for out in outs:
            out.fill_(torch.nan)
        results = function(*arguments, out=outs)
        assert results[0] is outs[0] and results[1] is outs[1]
        for out, wanted in zip(outs, function(*arguments), strict=True):
            assert torch.equal(out, wanted)


def test_layout_plain_is_one_channel(kernel: Kernel) -> None:
    plain = build(kernel.spec, "plain")
    x, ybar, u = case(kernel, 4, channels=1)
    flat = [tensor.squeeze(-1) for tensor in (x, ybar, u)]
    assert torch.equal(plain(flat[0]), kernel(x).squeeze(-1))
    assert torch.equal(plain.value(flat[0]), kernel.value(x).squeeze(-1))
    assert torch.equal(plain.vjp(*flat[:2]), kernel.vjp(x, ybar).squeeze(-1))
    assert torch.equal(plain.jvp(flat[0], flat[2]), kernel.jvp(x, u).squeeze(-1))
    for results, wanted in (
        (plain.value_and_vjp(*flat[:2]), kernel.value_and_vjp(x, ybar)),
        (plain.vjp_of_vjp(*flat), kernel.vjp_of_vjp(x, ybar, u)),
    ):
        for result, want in zip(results, wanted, strict=True):
            assert torch.equal(result, want.squeeze(-1))
    out = torch.empty(4, 2, dtype=kernel.dtype)
    assert plain.value(flat[0], out=out) is out
    assert torch.equal(out, plain.value(flat[0]))
    assert plain(flat[0][0]).shape == (2,)


def test_strided_inputs_give_what_their_copies_give(kernel: Kernel) -> None:
    x, ybar, u = case(kernel, 4)
    strided = [tensor.transpose(0, 2).contiguous().transpose(0, 2) for tensor in (x, ybar, u)]
    assert not any(tensor.is_contiguous() for tensor in strided)
    assert torch.equal(kernel(strided[0]), kernel(x))
    assert torch.equal(kernel.vjp(*strided[:2]), kernel.vjp(x, ybar))
    for result, wanted in zip(kernel.vjp_of_vjp(*strided), kernel.vjp_of_vjp(x, ybar, u), strict=True):
        assert torch.equal(result, wanted)
    expanded = ybar[:1, :1, :1].expand_as(ybar)
    assert torch.equal(kernel.vjp(x, expanded), kernel.vjp(x, expanded.clone()))


@pytest.mark.parametrize("shape", [(0, 3, 5), (4, 3, 0), (2, 0, 3, 5), (0, 3, 0)], ids=str)
def test_empty_inputs_give_empty_results_and_gradients(kernel: Kernel, shape: tuple[int, ...]) -> None:
    x = torch.empty(shape, dtype=kernel.dtype, requires_grad=True)
    y = kernel(x)
    assert y.shape == (*shape[:-2], 2, shape[-1])
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert gradient.shape == shape
    grad_x, grad_ybar = kernel.vjp_of_vjp(x.detach(), y.detach(), x.detach())
    assert grad_x.shape == shape and grad_ybar.shape == y.shape
    assert build(kernel.spec, "plain")(torch.empty(0, 3, dtype=kernel.dtype)).shape == (0, 2)


def test_bare_functions_record_nothing(kernel: Kernel) -> None:
    x = random(kernel, 4, 3, 5).requires_grad_()
    assert not kernel.value(x).requires_grad
    assert kernel(x).requires_grad


def test_the_kernel_runs_in_inference_mode(kernel: Kernel) -> None:
    with torch.inference_mode():
        x = random(kernel, 4, 3, 5)
        y = kernel(x)
        assert torch.equal(kernel.value(x, out=torch.empty_like(y)), y)


@pytest.mark.xdist_group("threads")
def test_each_call_passes_the_number_of_threads_of_torch(threads: None) -> None:
    source = c_source("float64").replace("O(y, 0) = a * a + b * b + c * c;", "O(y, 0) = threads;")
    kernel = build(make_spec(source=source))
    for number in (1, 2, 3):
        torch.set_num_threads(number)
        assert kernel.value(torch.zeros(1, 3, 1, dtype=torch.float64))[0, 0, 0] == number


def test_out_is_refused_where_a_gradient_would_be_lost(kernel: Kernel) -> None:
    x = random(kernel, 4, 3, 5).requires_grad_()
    out = torch.empty(4, 2, 5, dtype=kernel.dtype)
    with pytest.raises(InputError, match="requires a gradient"):
        kernel.value(x, out=out)
    with pytest.raises(InputError, match="requires a gradient"):
        kernel.value(x.detach(), out=out.clone().requires_grad_())
    with torch.no_grad():
        assert torch.equal(kernel.value(x, out=out), kernel.value(x))


def test_autograd_notices_that_out_has_overwritten_a_saved_tensor(kernel: Kernel) -> None:
    x = random(kernel, 4, 3, 5)
    weight = torch.ones(4, 2, 5, dtype=kernel.dtype, requires_grad=True)
    out = kernel.value(x)
    loss = (weight * out).sum()
    kernel.value(2 * x, out=out)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_an_out_that_does_not_fit_is_refused_and_not_written(kernel: Kernel) -> None:
    x, ybar, _ = case(kernel, 4)
    wrong = [
        (torch.zeros(4, 3, 5, dtype=kernel.dtype), r"out of shape \(4, 2, 5\)"),
        (torch.zeros(4, 2, 5, dtype=torch.int64), "torch.int64 for out"),
        (torch.zeros(4, 5, 2, dtype=kernel.dtype).transpose(1, 2), "contiguous"),
        (torch.zeros(4, 2, 5, dtype=kernel.dtype, device="meta"), "meta"),
    ]
    for out, reason in wrong:
        with pytest.raises(InputError, match=reason):
            kernel.value(x, out=out)
        assert out.device.type == "meta" or not out.any()
    memory = torch.zeros(200, dtype=kernel.dtype)
    inside = memory[:60].view(4, 3, 5)
    with pytest.raises(InputError, match="shares memory"):
        kernel.value(inside, out=memory[59:99].view(4, 2, 5))
    kernel.value(inside, out=memory[60:100].view(4, 2, 5))
    with pytest.raises(InputError, match="shares memory"):
        kernel.value_and_vjp(x, ybar, out=(memory[100:140].view(4, 2, 5), memory[139:199].view(4, 3, 5)))
    with pytest.raises(InputError, match="as that many tensors"):
        kernel.value_and_vjp(x, ybar, out=memory[100:140].view(4, 2, 5))  # type: ignore[arg-type]


def test_an_out_that_overlaps_itself_or_an_expanded_input_is_refused(kernel: Kernel) -> None:
    x, ybar, _ = case(kernel, 4)
    expanded = torch.zeros(1, 2, 5, dtype=kernel.dtype).expand(4, 2, 5)
    with pytest.raises(InputError, match="contiguous"):
        kernel.value(x, out=expanded)
    memory = torch.zeros(100, dtype=kernel.dtype)
    narrow = memory[:3, None].expand(3, 5).expand(4, 3, 5)
    with pytest.raises(InputError, match="shares memory"):
        kernel.value(narrow, out=memory[2:42].view(4, 2, 5))
    kernel.value(narrow, out=memory[3:43].view(4, 2, 5))
    with pytest.raises(InputError, match="shares memory"):
        kernel.vjp(x, ybar, out=x)
    with pytest.raises(InputError, match="shares memory"):
        kernel.vjp_of_vjp(x, ybar, x, out=(memory[:60].view(4, 3, 5), memory[59:99].view(4, 2, 5)))


def test_inputs_may_share_memory(kernel: Kernel) -> None:
    memory = random(kernel, 200)
    x, u, ybar = memory[:60].view(4, 3, 5), memory[30:90].view(4, 3, 5), memory[10:50].view(4, 2, 5)
    found = kernel.vjp_of_vjp(x, ybar, u)
    for result, wanted in zip(found, kernel.vjp_of_vjp(x.clone(), ybar.clone(), u.clone()), strict=True):
        assert torch.equal(result, wanted)


@pytest.mark.parametrize(
    ("layout", "shape", "said"),
    [
        ("channel", (4, 2, 5), r"shape \(\.\.\., 3, channel\), got \(4, 2, 5\)"),
        ("channel", (3,), r"shape \(\.\.\., 3, channel\), got \(3,\)"),
        ("channel", (4, 3), r"shape \(\.\.\., 3, channel\), got \(4, 3\)"),
        ("plain", (4, 2), r"shape \(\.\.\., 3\), got \(4, 2\)"),
        ("plain", (), r"shape \(\.\.\., 3\), got \(\)"),
    ],
)
def test_a_wrong_shape_is_named_with_the_right_one(layout: str, shape: tuple[int, ...], said: str) -> None:
    kernel = build(make_spec("float32"), layout)
    for function in (kernel, kernel.value):
        with pytest.raises(InputError, match=said):
            function(torch.zeros(shape))


def test_arguments_beside_x_must_fit_it(kernel: Kernel) -> None:
    x, ybar, u = case(kernel, 4)
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: kernel.vjp(x, ybar[:3]), r"ybar of shape \(4, 2, 5\).*got \(3, 2, 5\)"),
        (lambda: kernel.vjp(x, u), r"ybar of shape \(4, 2, 5\).*got \(4, 3, 5\)"),
        (lambda: kernel.jvp(x, u[..., :1]), r"u of shape \(4, 3, 5\).*got \(4, 3, 1\)"),
        (lambda: kernel.vjp_of_vjp(x, ybar, u.half()), "torch.float16 for u"),
        (lambda: kernel.vjp(x, ybar.to_sparse()), "dense tensors"),
        (lambda: kernel.value(np.zeros((4, 3, 5))), "got ndarray for x"),  # type: ignore[arg-type]
    ]
    for call, said in calls:
        with pytest.raises(InputError, match=said):
            call()


def test_a_wrong_dtype_is_named_with_the_conversion() -> None:
    with pytest.raises(InputError, match=r"takes torch.float32, got torch.float64 for x: pass x.float\(\)"):
        build(make_spec("float32"))(torch.zeros(4, 3, 5, dtype=torch.float64))
    with pytest.raises(InputError, match=r"takes torch.float64, got torch.float32 for x: pass x.double\(\)"):
        build(make_spec("float64"))(torch.zeros(4, 3, 5))


def test_bfloat16_from_autocast_is_answered_with_what_to_do(target: str) -> None:
    kernel = build(make_spec("float32", target))
    linear = torch.nn.Linear(5, 5)
    x = torch.zeros(4, 3, 5)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with pytest.raises(
            InputError, match=r"bfloat16 for x from torch.autocast: pass x.float\(\), or .*enabled=False"
        ):
            kernel(linear(x))
        assert kernel(linear(x).float()).dtype == torch.float32


def test_a_c_kernel_names_the_torch_target_for_other_devices() -> None:
    x = torch.zeros(4, 3, 5, device="meta")
    with pytest.raises(InputError, match='on meta: build it with target="torch"'):
        build(make_spec("float32"))(x)
    assert build(make_spec("float32", "torch"))(x).shape == (4, 2, 5)


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(InputError, match="layout must be one of 'channel', 'plain', got 'rows'"):
        build(make_spec(), "rows")


@pytest.mark.parametrize(
    ("target", "source", "error", "said"),
    [
        ("c", "int invgen_value;\n", CompilerError, "lacks the function invgen_vjp"),
        ("torch", "def value(x): return x\n", BasisFileError, r"lacks vjp\(\)"),
        ("torch", "def value(x) return x\n", BasisFileError, "damaged"),
    ],
)
def test_a_source_without_the_five_functions_is_refused(
    target: str, source: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        build(make_spec(target=target, source=source))


def test_copies_are_the_kernel_and_pickles_rebuild_it(kernel: Kernel) -> None:
    assert copy.copy(kernel) is kernel
    assert copy.deepcopy(kernel) is kernel
    plain = build(kernel.spec, "plain")
    restored = pickle.loads(pickle.dumps(plain))
    assert restored.spec == plain.spec and restored.layout == "plain"
    x = random(kernel, 4, 3)
    assert torch.equal(restored(x), plain(x))


def test_the_repr_fits_a_line(kernel: Kernel) -> None:
    text = repr(kernel)
    assert "handwritten" in text and "3 components -> 2 invariants" in text and kernel.spec.dtype in text
    assert len(text) <= 120 and "\n" not in text


@pytest.mark.gpu
def test_the_torch_target_runs_on_a_gpu_and_the_c_target_names_it() -> None:
    kernel = build(make_spec("float64", "torch"))
    x, ybar, u = case(kernel, 4)
    wanted = autograd(x, ybar, u)
    results = kernel.vjp_of_vjp(x.cuda(), ybar.cuda(), u.cuda())
    close(kernel, results[0].cpu(), wanted["grad_x"])
    close(kernel, results[1].cpu(), wanted["grad_ybar"])
    on_device = x.cuda().requires_grad_()
    torch.autograd.backward(kernel(on_device), ybar.cuda())
    assert on_device.grad is not None
    close(kernel, on_device.grad.cpu(), wanted["xbar"])
    with pytest.raises(InputError, match="ybar on cpu"):
        kernel.vjp(x.cuda(), ybar)
    with pytest.raises(InputError, match='on cuda:0: build it with target="torch"'):
        build(make_spec("float64"))(x.cuda())
