from __future__ import annotations

import copy
import os
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck
from torch.utils._python_dispatch import TorchDispatchMode

from invgen.errors import InputError
from invgen.runtime import Kernel, build
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.handwritten import expected, make_spec
from tests.support.paths import REPOSITORY

# Both sides evaluate the same polynomials of degree <= 6 in numbers of order 1 in float64; 1e-12 is thousands of ulps.
TOLERANCE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture(params=["c", "torch"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    return build(make_spec(target=request.param))


def random(*shape: int, requires_grad: bool = False) -> torch.Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_(requires_grad)


def operator(kernel: Kernel, function: str) -> Any:
    return getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function)).default


def energy(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
    """A scalar that depends on the invariants non-linearly, so that every derivative of the kernel enters its own."""
    return lambda x: (function(x) ** 2).sum() + function(x)[..., 1, :].sum()


def test_operators_obey_the_rules_of_torch_library(kernel: Kernel) -> None:
    x, ybar, u = random(4, 3, 2), random(4, 2, 2), random(5, 3, 2)[:4]
    for tensor in (x, ybar, u):
        tensor.requires_grad_()
    opcheck(operator(kernel, "value"), (x,))
    opcheck(operator(kernel, "vjp"), (x, ybar))
    opcheck(operator(kernel, "jvp"), (x, u))
    # With inputs that require gradients the check would differentiate a third time.
    opcheck(operator(kernel, "vjp_of_vjp"), (x.detach(), ybar.detach(), u.detach()))


def test_operators_take_strided_inputs(kernel: Kernel) -> None:
    x = random(3, 4, 2).transpose(0, 1).requires_grad_()
    ybar = random(2, 2, 4).transpose(0, 2).requires_grad_()
    assert not x.is_contiguous() and not ybar.is_contiguous()
    opcheck(operator(kernel, "value"), (x,))
    opcheck(operator(kernel, "vjp"), (x, ybar))


@pytest.mark.parametrize("layout", ["channel", "plain"])
def test_first_derivatives_in_both_modes_are_those_of_finite_differences(kernel: Kernel, layout: str) -> None:
    function = build(kernel.spec, layout)
    x = random(2, 3, 2, requires_grad=True) if layout == "channel" else random(2, 3, requires_grad=True)
    # Forward mode with zero tangents would be a wrong number without an error: check_forward_ad is what sees it.
    assert gradcheck(
        function,
        x,
        check_forward_ad=True,
        check_batched_grad=True,
        check_batched_forward_grad=True,
        raise_exception=True,
    )


def test_first_derivatives_of_the_operators_are_those_of_finite_differences(kernel: Kernel) -> None:
    assert gradcheck(operator(kernel, "value"), random(2, 3, 2, requires_grad=True))
    assert gradcheck(
        operator(kernel, "vjp"), (random(2, 3, 2, requires_grad=True), random(2, 2, 2, requires_grad=True))
    )
    assert gradcheck(
        operator(kernel, "jvp"), (random(2, 3, 2, requires_grad=True), random(3, 3, 2)[:2].requires_grad_())
    )


def test_second_derivatives_are_those_of_finite_differences(kernel: Kernel) -> None:
    x = random(2, 3, 2, requires_grad=True)
    assert gradgradcheck(kernel, x, check_fwd_over_rev=True)
    assert gradgradcheck(operator(kernel, "value"), x)
    assert gradgradcheck(kernel, random(2, 2, 3).transpose(1, 2).requires_grad_())


def test_reverse_mode_over_forward_mode_is_the_second_derivative(kernel: Kernel) -> None:
    x, u = random(2, 3, 2), random(4, 3, 2)[:2]

    def along_u(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
        return lambda x: torch.func.jvp(energy(function), (x,), (u,))[1]

    torch.testing.assert_close(torch.func.grad(along_u(kernel))(x), torch.func.grad(along_u(expected))(x), **TOLERANCE)


@pytest.mark.parametrize(
    "transform",
    [
        torch.func.grad,
        torch.func.jacrev,
        torch.func.jacfwd,
        torch.func.hessian,
        lambda f: torch.func.jacrev(torch.func.jacrev(f)),
        lambda f: torch.func.jacrev(torch.func.jacfwd(f)),
        torch.func.vmap,
        lambda f: torch.func.vmap(f, in_dims=2, out_dims=-1),
        lambda f: torch.func.vmap(torch.func.vmap(f, in_dims=-1)),
        lambda f: torch.func.vmap(torch.func.grad(f)),
        lambda f: torch.func.vmap(torch.func.hessian(f)),
        lambda f: torch.func.grad(lambda x: torch.func.vmap(f)(x).sum()),
        lambda f: lambda x: torch.func.jvp(f, (x,), (x.cos(),)),
        lambda f: torch.func.vmap(lambda x: torch.func.jvp(f, (x,), (x.cos(),))),
        lambda f: lambda x: torch.func.vmap(lambda u: torch.func.jvp(f, (x,), (u,))[1])(x.cos().expand(3, *x.shape)),
        lambda f: lambda x: torch.func.vjp(f, x)[1](torch.ones((), dtype=x.dtype)),
    ],
    ids=[
        "grad",
        "jacrev",
        "jacfwd",
        "hessian",
        "jacrev(jacrev)",
        "jacrev(jacfwd)",
        "vmap",
        "vmap(in_dims=2)",
        "vmap(vmap)",
        "vmap(grad)",
        "vmap(hessian)",
        "grad(vmap)",
        "jvp",
        "vmap(jvp)",
        "vmap over tangents",
        "vjp",
    ],
)
def test_torch_func_gives_what_it_gives_for_plain_torch(
    kernel: Kernel, transform: Callable[[Any], Callable[[torch.Tensor], Any]]
) -> None:
    def invariants(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
        # Where vmap has taken the channels away, there is one.
        return lambda x: energy(function)(x if x.dim() >= 2 else x[:, None])

    x = random(3, 3, 2)
    torch.testing.assert_close(transform(invariants(kernel))(x), transform(invariants(expected))(x), **TOLERANCE)


def test_operators_map_over_any_dimension_of_any_argument(kernel: Kernel) -> None:
    x, ybar, u = random(4, 3, 2), random(4, 2, 2), random(4, 3, 2, 6)
    value, vjp = operator(kernel, "value"), operator(kernel, "vjp")
    torch.testing.assert_close(torch.func.vmap(value)(x), value(x), **TOLERANCE)
    mapped = torch.func.vmap(value, in_dims=-1)(u)
    torch.testing.assert_close(mapped, torch.stack([value(u[..., i]) for i in range(6)]), **TOLERANCE)
    mapped = torch.func.vmap(vjp, in_dims=(None, 0))(x[0], ybar)
    torch.testing.assert_close(mapped, torch.stack([vjp(x[0], g) for g in ybar]), **TOLERANCE)
    both = operator(kernel, "vjp_of_vjp")
    for result, wanted in zip(
        torch.func.vmap(both, in_dims=(None, None, -1))(x, ybar, u),
        zip(*(both(x, ybar, u[..., i]) for i in range(6)), strict=True),
        strict=True,
    ):
        torch.testing.assert_close(result, torch.stack(wanted), **TOLERANCE)


class Calls(TorchDispatchMode):
    """Counts the operators that reach a device."""

    def __init__(self) -> None:
        super().__init__()
        self.count: Counter[Any] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count[func] += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("eager", [False, True], ids=["operator", "kernel"])
def test_a_mapped_kernel_is_called_once_and_not_once_per_slice(kernel: Kernel, eager: bool) -> None:
    value = operator(kernel, "value")
    with Calls() as calls:
        torch.func.vmap(kernel if eager else value)(random(6, 4, 3, 2))
    assert calls.count[value] == 1


def test_a_third_derivative_is_refused_in_one_sentence(kernel: Kernel) -> None:
    for function in (kernel, operator(kernel, "value")):
        x = random(2, 3, 2, requires_grad=True)
        (first,) = torch.autograd.grad(energy(function)(x), x, create_graph=True)
        (second,) = torch.autograd.grad((first**2).sum(), x, create_graph=True)
        with pytest.raises(InputError, match="differentiable twice, and a third"):
            torch.autograd.grad(second.sum(), x)
    with pytest.raises(InputError, match="differentiable twice, and a third"):
        torch.func.jacrev(torch.func.hessian(energy(kernel)))(random(2, 3, 2))


def test_forward_mode_twice_is_refused_in_one_sentence(kernel: Kernel) -> None:
    with pytest.raises(InputError, match="twice in forward mode"):
        torch.func.jacfwd(torch.func.jacfwd(energy(kernel)))(random(2, 3, 2))


@pytest.mark.parametrize("dynamic", [False, True])
def test_compile_has_no_graph_break_and_gives_the_same_gradients(kernel: Kernel, dynamic: bool) -> None:
    torch.compiler.reset()
    compiled = torch.compile(energy(kernel), fullgraph=True, dynamic=dynamic, backend="aot_eager")
    for batch in (4, 7):
        x = random(batch, 3, 2, requires_grad=True)
        y = compiled(x)
        torch.testing.assert_close(y, energy(expected)(x), **TOLERANCE)
        (gradient,) = torch.autograd.grad(y, x)
        (wanted,) = torch.autograd.grad(energy(expected)(x), x)
        torch.testing.assert_close(gradient, wanted, **TOLERANCE)


def test_a_dynamic_graph_serves_every_batch_size(kernel: Kernel) -> None:
    torch.compiler.reset()
    graphs = []

    def backend(graph: torch.fx.GraphModule, _: list[torch.Tensor]) -> Callable[..., Any]:
        graphs.append(graph)
        return graph.forward

    compiled = torch.compile(kernel, fullgraph=True, dynamic=True, backend=backend)
    for batch in (4, 7, 9):
        compiled(random(batch, 3, 2))
    assert len(graphs) == 1
    assert operator(kernel, "value") in [node.target for node in graphs[0].graph.nodes]


def test_bare_functions_may_stand_in_a_compiled_function(kernel: Kernel) -> None:
    torch.compiler.reset()
    x, ybar = random(4, 3, 2), random(4, 2, 2)

    def both(x: torch.Tensor) -> torch.Tensor:
        y, xbar = kernel.value_and_vjp(x, ybar)
        return (y**2).sum() + xbar.sum()

    torch.testing.assert_close(torch.compile(both, backend="aot_eager")(x), both(x), **TOLERANCE)


def test_forces_inside_a_compiled_function_train_to_the_same_gradients(kernel: Kernel) -> None:
    torch.compiler.reset()
    weight = torch.tensor([0.7, -1.3], dtype=torch.float64, requires_grad=True)

    def loss(function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        total = (function(x) * weight[:, None]).sum()
        (force,) = torch.autograd.grad(total, x, create_graph=True)
        return (force**2).sum()

    x = random(4, 3, 2, requires_grad=True)
    (wanted,) = torch.autograd.grad(loss(expected, x), weight)
    with torch._dynamo.config.patch(trace_autograd_ops=True):
        compiled = torch.compile(lambda x: loss(kernel, x), fullgraph=True, backend="aot_eager")
        (gradient,) = torch.autograd.grad(compiled(x), weight)
    torch.testing.assert_close(gradient, wanted, **TOLERANCE)


@pytest.mark.slow
def test_inductor_gives_the_same_gradients() -> None:
    torch.compiler.reset()
    kernel = build(make_spec())
    x = random(4, 3, 2, requires_grad=True)
    (gradient,) = torch.autograd.grad(torch.compile(energy(kernel), fullgraph=True)(x), x)
    (wanted,) = torch.autograd.grad(energy(expected)(x), x)
    torch.testing.assert_close(gradient, wanted, **TOLERANCE)


class Model(torch.nn.Module):
    """A model as users have them: a kernel between layers, held as a plain attribute."""

    def __init__(self, kernel: Kernel) -> None:
        super().__init__()
        self.kernel = kernel
        self.mix = torch.nn.Linear(2, 3, dtype=torch.float64)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.kernel(self.mix(x))


def test_a_copied_model_shares_the_kernel_and_trains_its_own_weights(kernel: Kernel) -> None:
    model = Model(kernel)
    twin = copy.deepcopy(model)
    assert twin.kernel is model.kernel
    twin(random(4, 3, 2)).sum().backward()
    assert twin.mix.weight.grad is not None and model.mix.weight.grad is None


@pytest.mark.parametrize("strict", [False, True])
def test_export_takes_any_batch(kernel: Kernel, strict: bool) -> None:
    model = Model(kernel)
    exported = torch.export.export(
        model, (random(4, 3, 2),), dynamic_shapes=({0: torch.export.Dim("batch")},), strict=strict
    )
    assert operator(kernel, "value") in [node.target for node in exported.graph.nodes]
    for batch in (1, 4, 9):
        x = random(batch, 3, 2)
        torch.testing.assert_close(exported.module()(x), model(x), **TOLERANCE)


@pytest.mark.slow
def test_a_saved_program_runs_in_another_process_that_has_built_the_kernel(tmp_path: Path) -> None:
    model = Model(build(make_spec()))
    x = random(4, 3, 2)
    exported = torch.export.export(model, (x,), dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch.export.save(exported, tmp_path / "model.pt2")
    torch.save({"x": x, "y": model(x).detach()}, tmp_path / "data.pt")
    program = textwrap.dedent("""
        import sys
        import torch
        from tests.support.handwritten import make_spec
        from invgen.runtime import build
        build(make_spec())
        data = torch.load(f"{sys.argv[1]}/data.pt")
        model = torch.export.load(f"{sys.argv[1]}/model.pt2").module()
        torch.testing.assert_close(model(data["x"]), data["y"])
        assert model(data["x"][:3]).shape == (3, 2, 3)
    """)
    path = str(REPOSITORY)
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env={**os.environ, "PYTHONPATH": path}, check=True, timeout=120
    )


def test_a_spec_is_registered_once_per_process() -> None:
    spec = make_spec(name="registered_once")
    first, second = build(spec), build(make_spec(name="registered_once"), "plain")
    assert first._operators is second._operators


def test_two_specs_of_one_name_do_not_meet() -> None:
    one = build(make_spec("float64"))
    other = build(make_spec("float32"))
    assert one(random(4, 3, 2)).dtype == torch.float64
    assert other(random(4, 3, 2).float()).dtype == torch.float32
