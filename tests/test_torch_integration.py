"""The checked-in kernels inside PyTorch: operators, both modes of differentiation, compile, export, torch.func."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.fx.experimental.proxy_tensor import make_fx
from torch.library import opcheck

import invgen
from invgen.errors import InputError
from invgen.nn import Invariants
from invgen.runtime import Kernel
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.basis_cases import PACKAGES, basis_of, draw
from tests.support.kernel_cases import kernel_of, tensors

TARGETS = ("c", "torch")
# float64 on both sides, polynomials of degree <= 4 in numbers of order one with derivatives up to a few hundred.
CLOSE = {"rtol": 1e-10, "atol": 1e-10}

Function = Callable[[torch.Tensor], torch.Tensor]


@pytest.fixture(
    params=[
        # optimal_l3_n4 differs from hiphop_l3_n4 in its literals only; one of them is enough where time is short.
        pytest.param((case, target), marks=[pytest.mark.slow] if case == "optimal_l3_n4" else [], id=f"{case} {target}")
        for case in PACKAGES
        for target in TARGETS
    ]
)
def kernel(request: pytest.FixtureRequest) -> Kernel:
    return kernel_of(*request.param)


@pytest.fixture(params=TARGETS)
def hiphop(request: pytest.FixtureRequest) -> Kernel:
    return kernel_of("hiphop_l3_n4", request.param)


def inputs(kernel: Kernel, samples: int = 2, channels: int = 2, seed: int = 0) -> tuple[torch.Tensor, ...]:
    (case,) = (name for name in PACKAGES if basis_of(name).id == kernel.basis_id)
    return tensors(draw(basis_of(case), (samples,), channels, seed), torch.float64)


def operator(kernel: Kernel, function: str) -> Any:
    return getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function)).default


def reference(kernel: Kernel) -> Function:
    """The same invariants as plain tensor operations that PyTorch differentiates itself."""
    source = kernel_of(kernel.name, "torch").spec.source
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace["value"]  # type: ignore[no-any-return]


def energy(function: Function) -> Function:
    """A scalar in which every invariant enters non-linearly, so that second derivatives matter."""
    return lambda x: torch.tanh(function(x) / 10).square().sum() + function(x)[..., -1, :].sum() / 10


def test_operators_pass_opcheck(kernel: Kernel) -> None:
    x, ybar, u = inputs(kernel)
    for tensor in (x, ybar, u):
        tensor.requires_grad_()
    opcheck(operator(kernel, "value"), (x,))
    opcheck(operator(kernel, "vjp"), (x, ybar))
    opcheck(operator(kernel, "jvp"), (x, u))
    # With inputs that require gradients the check would differentiate a third time.
    opcheck(operator(kernel, "vjp_of_vjp"), (x.detach(), ybar.detach(), u.detach()))


def test_first_derivatives_in_both_modes_are_those_of_finite_differences(kernel: Kernel) -> None:
    (x, _, _) = inputs(kernel, samples=1)
    # Zero tangents would be a wrong number without an error; check_forward_ad is what sees them.
    assert gradcheck(kernel, x.requires_grad_(), check_forward_ad=True, check_batched_grad=True)


@pytest.mark.parametrize("case", PACKAGES)
def test_second_derivatives_are_those_of_finite_differences(case: str) -> None:
    kernel = kernel_of(case, "c")
    (x, ybar, _) = inputs(kernel, samples=1, channels=1)
    assert gradgradcheck(kernel, x.requires_grad_(), ybar.requires_grad_(), check_fwd_over_rev=True)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["channel", "plain"])
def test_second_derivatives_of_all_layouts_and_targets_are_those_of_finite_differences(layout: str) -> None:
    for case in PACKAGES:
        for target in TARGETS:
            kernel = kernel_of(case, target, layout=layout)
            (x, _, _) = inputs(kernel, samples=1, channels=2)
            x = x if layout == "channel" else x[..., 0]
            assert gradgradcheck(kernel, x.mT.contiguous().mT.requires_grad_() if x.dim() > 2 else x.requires_grad_())
            assert gradgradcheck(
                operator(kernel, "value"), x.detach().reshape(1, kernel.dimension, -1).requires_grad_()
            )


def test_gradients_are_those_that_pytorch_finds_itself(kernel: Kernel) -> None:
    x, _, u = inputs(kernel, samples=5, channels=7)
    found, wanted = [], []
    for function, into in ((kernel, found), (reference(kernel), wanted)):
        leaf = x.clone().requires_grad_()
        (first,) = torch.autograd.grad(energy(function)(leaf), leaf, create_graph=True)
        (second,) = torch.autograd.grad((first * u).sum() + first.square().sum(), leaf)
        into += [first.detach(), second]
    for ours, theirs in zip(found, wanted):
        torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize(
    "transform",
    [
        torch.func.grad,
        torch.func.jacrev,
        torch.func.jacfwd,
        torch.func.hessian,
        torch.func.vmap,
        lambda f: torch.func.vmap(torch.func.grad(f)),
        lambda f: torch.func.vmap(torch.func.hessian(f)),
        lambda f: lambda x: torch.func.jvp(f, (x,), (x.cos(),)),
        lambda f: lambda x: torch.func.vjp(torch.func.grad(f), x)[1](x.sin()),
        lambda f: lambda x: torch.func.jvp(torch.func.grad(f), (x,), (x.sin(),)),
    ],
    ids=["grad", "jacrev", "jacfwd", "hessian", "vmap", "vmap(grad)", "vmap(hessian)", "jvp", "vjp(grad)", "jvp(grad)"],
)
def test_torch_func_gives_what_it_gives_for_plain_torch(hiphop: Kernel, transform: Callable[[Any], Any]) -> None:
    (x, _, _) = inputs(hiphop, samples=2, channels=2)
    torch.testing.assert_close(transform(energy(hiphop))(x), transform(energy(reference(hiphop)))(x), **CLOSE)


def test_the_jacobian_by_torch_func_is_that_of_the_basis(kernel: Kernel) -> None:
    (case,) = (name for name in PACKAGES if basis_of(name).id == kernel.basis_id)
    plain = kernel_of(case, kernel.target, layout="plain")
    x = inputs(kernel, samples=6, channels=1)[0][..., 0]
    wanted = torch.tensor(basis_of(case).jacobian(x.numpy()))
    for found in (torch.func.vmap(torch.func.jacrev(plain))(x), torch.func.vmap(torch.func.jacfwd(plain))(x)):
        torch.testing.assert_close(found, wanted, **CLOSE)


def test_a_third_derivative_is_refused_and_points_at_the_reference(hiphop: Kernel) -> None:
    x = inputs(hiphop)[0].requires_grad_()
    (first,) = torch.autograd.grad(energy(hiphop)(x), x, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), x, create_graph=True)
    with pytest.raises(InputError, match=r"third derivative was asked for.*reference\.py"):
        torch.autograd.grad(second.sum(), x)
    # What the sentence advises works.
    leaf = x.detach().requires_grad_()
    total = energy(reference(hiphop))(leaf)
    for _ in range(3):
        (gradient,) = torch.autograd.grad(total, leaf, create_graph=True)
        total = gradient.square().sum()
    assert gradient.isfinite().all()


# torch.compile


@pytest.mark.parametrize("dynamic", [pytest.param(False, marks=pytest.mark.slow), True])
def test_compile_has_no_graph_break_and_gives_the_same_gradients(hiphop: Kernel, dynamic: bool) -> None:
    torch.compiler.reset()
    compiled = torch.compile(energy(hiphop), fullgraph=True, dynamic=dynamic, backend="aot_eager")
    for samples in (4, 7):
        leaf = inputs(hiphop, samples=samples)[0].requires_grad_()
        value = compiled(leaf)
        torch.testing.assert_close(value, energy(hiphop)(leaf), **CLOSE)
        (gradient,) = torch.autograd.grad(value, leaf)
        (wanted,) = torch.autograd.grad(energy(hiphop)(leaf), leaf)
        torch.testing.assert_close(gradient, wanted, **CLOSE)


class Model(torch.nn.Module):
    """A model as users have them: channels are mixed, invariants formed, an energy read out.

    The activation is one whose derivative is formed from its input: make_fx detaches saved outputs, so that second
    derivatives through tanh are wrong there, with or without a kernel of ours.
    """

    def __init__(self, target: str = "c", case: str = "hiphop_l3_n4") -> None:
        super().__init__()
        torch.manual_seed(1)
        self.mix = torch.nn.Linear(2, 3, dtype=torch.float64)
        self.invariants = Invariants(basis_of(case), torch.float64, target=target)
        self.out = torch.nn.Linear(3 * len(basis_of(case)), 1, dtype=torch.float64)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(torch.nn.functional.silu(self.invariants(self.mix(x)).flatten(-2) / 10)).squeeze(-1)


def force_loss(model: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    (force,) = torch.autograd.grad(model(x).sum(), x, create_graph=True)
    return force.square().mean()


def weight_gradients(loss: torch.Tensor, model: torch.nn.Module) -> list[torch.Tensor]:
    # The bias of the energy has no force.
    return [torch.autograd.grad(loss, p, retain_graph=True)[0] for p in (model.mix.weight, model.out.weight)]


def points(samples: int = 4) -> torch.Tensor:
    return tensors(draw(basis_of("hiphop_l3_n4"), (samples,), 2), torch.float64)[0]


@pytest.mark.parametrize("target", TARGETS)
def test_a_force_loss_inside_a_compiled_function_gives_the_same_gradients(target: str) -> None:
    if not hasattr(torch._dynamo.config, "trace_autograd_ops"):
        pytest.skip("this torch cannot trace torch.autograd.grad")
    torch.compiler.reset()
    model, x = Model(target), points().requires_grad_()
    wanted = weight_gradients(force_loss(model, x), model)
    with torch._dynamo.config.patch(trace_autograd_ops=True):
        loss = torch.compile(lambda x: force_loss(model, x), fullgraph=True, backend="aot_eager")(x)
        found = weight_gradients(loss, model)
    for ours, theirs in zip(found, wanted):
        torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_a_force_loss_by_make_fx_then_compile_gives_the_same_gradients(target: str) -> None:
    torch.compiler.reset()
    model, x = Model(target), points()
    names = [name for name, _ in model.named_parameters()]
    weights = [parameter.detach().clone().requires_grad_() for parameter in model.parameters()]
    trained = [weight for name, weight in zip(names, weights) if name != "out.bias"]  # which has no force

    def energy_and_forces(x: torch.Tensor, *weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        leaf = x.detach().requires_grad_()
        total = torch.func.functional_call(model, dict(zip(names, weights)), (leaf,)).sum()
        return total, torch.autograd.grad(total, leaf, create_graph=True)[0]

    traced = make_fx(energy_and_forces, tracing_mode="symbolic")(x, *weights)
    targets = {node.target for node in traced.graph.nodes}
    called = {operator(model.invariants.kernel, name) for name in ("value", "vjp")}
    assert target == "torch" or called <= targets
    compiled = torch.compile(traced, backend="aot_eager")
    for samples in (4, 9):
        x = points(samples)
        found = torch.autograd.grad(compiled(x, *weights)[1].square().mean(), trained)
        wanted = torch.autograd.grad(energy_and_forces(x, *weights)[1].square().mean(), trained)
        for ours, theirs in zip(found, wanted):
            torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.slow
@pytest.mark.parametrize("case", PACKAGES)
def test_inductor_gives_the_same_gradients(case: str) -> None:
    torch.compiler.reset()
    kernel = kernel_of(case)
    leaf = inputs(kernel, samples=5)[0].requires_grad_()
    (gradient,) = torch.autograd.grad(torch.compile(energy(kernel), fullgraph=True)(leaf), leaf)
    (wanted,) = torch.autograd.grad(energy(kernel)(leaf), leaf)
    torch.testing.assert_close(gradient, wanted, **CLOSE)


@pytest.mark.slow
def test_inductor_trains_through_forces() -> None:
    torch.compiler.reset()
    model, x = Model(), points().requires_grad_()
    wanted = weight_gradients(force_loss(model, x), model)
    with torch._dynamo.config.patch(trace_autograd_ops=True):
        loss = torch.compile(lambda x: force_loss(model, x), fullgraph=True)(x)
        found = weight_gradients(loss, model)
    for ours, theirs in zip(found, wanted):
        torch.testing.assert_close(ours, theirs, **CLOSE)


# torch.export


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("target", TARGETS)
def test_export_takes_any_batch(target: str, strict: bool) -> None:
    model = Model(target)
    exported = torch.export.export(model, (points(4),), dynamic_shapes=({0: torch.export.Dim("batch")},), strict=strict)
    assert operator(model.invariants.kernel, "value") in [node.target for node in exported.graph.nodes]
    for samples in (1, 4, 9):
        torch.testing.assert_close(exported.module()(points(samples)), model(points(samples)), **CLOSE)


def test_an_exported_program_with_forces_takes_any_batch() -> None:
    class WithForces(torch.nn.Module):
        # The weights stand in products and not in nn.Linear, whose gradient torch.export cannot trace by itself.
        def __init__(self) -> None:
            super().__init__()
            self.invariants = Invariants(basis_of("hiphop_l3_n4"), torch.float64)
            self.mix = torch.nn.Parameter(torch.tensor([[0.3, -0.4, 1.2], [0.8, 0.5, -0.1]], dtype=torch.float64))
            self.out = torch.nn.Parameter(torch.linspace(-1, 1, 13, dtype=torch.float64).unsqueeze(-1))

        def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            total = (torch.nn.functional.silu(self.invariants(x @ self.mix) / 10) * self.out).sum((-1, -2))
            (force,) = torch.autograd.grad(total.sum(), x)
            return total, force

    module = WithForces()
    # Positions come in requiring gradients: detaching and asking for them inside is refused by the tracer.
    exported = torch.export.export(
        module, (points(4).requires_grad_(),), dynamic_shapes=({0: torch.export.Dim("batch")},)
    )
    targets = [node.target for node in exported.graph.nodes]
    kernel = module.invariants.kernel
    assert operator(kernel, "value") in targets and operator(kernel, "vjp") in targets
    for samples in (2, 9):
        x = points(samples).requires_grad_()
        for ours, theirs in zip(exported.module()(x), module(x)):
            torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.slow
def test_a_saved_program_runs_in_another_process_that_has_loaded_the_package(tmp_path: Path, repository: Path) -> None:
    class Packaged(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.mix = torch.nn.Linear(2, 3, dtype=torch.float64)
            self.kernel = kernel_of("hiphop_l3_n4")

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.kernel(self.mix(x))

    model, x = Packaged(), points(4)
    exported = torch.export.export(model, (x,), dynamic_shapes=({0: torch.export.Dim("batch")},))
    torch.export.save(exported, tmp_path / "model.pt2")
    torch.save({"x": x, "y": model(x).detach()}, tmp_path / "data.pt")
    program = textwrap.dedent("""
        import sys
        import torch
        import hiphop_l3_n4
        hiphop_l3_n4.kernel(dtype=torch.float64)
        data = torch.load(f"{sys.argv[1]}/data.pt")
        model = torch.export.load(f"{sys.argv[1]}/model.pt2").module()
        # Here another test may have built the kernel with other flags, which changes a rounding or two.
        torch.testing.assert_close(model(data["x"]), data["y"], rtol=1e-13, atol=1e-13)
        assert model(data["x"][:3]).shape == (3, 13, 3)
    """)
    path = os.pathsep.join([str(Path(invgen.__file__).parents[1]), str(repository / "generated")])
    environment = {**os.environ, "PYTHONPATH": path}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env=environment, check=True, timeout=120)
