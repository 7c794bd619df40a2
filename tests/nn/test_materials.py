"""Tensor bases are equivariant and scalar potentials invariant, whatever their weights, with exact derivatives."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from invgen import Basis, TensorSpace, generate
from invgen.errors import InputError
from invgen.nn import ScalarPotential, TensorBasis
from invgen.spaces.outputs import dimension
from invgen.testing import assert_equivariant, assert_invariant

# space (irreps or index symmetries), group, orientation, outputs, degree of invariants, degree of generators
CASES: dict[str, tuple[str, str, Any, str, int, int]] = {
    "turbulence": ("S:2e + R:1e", "O3", None, "2e", 6, 5),
    "turbulence, entries": ("S:2e + R:1e", "O3", None, "ij=ji", 6, 5),
    "vector": ("v:1o + q:2e", "O3", None, "1o", 3, 3),
    "pseudo-vector": ("v:1o + q:2e", "SO3", None, "1e", 3, 3),
    "cubic": ("ij=ji", "Oh", None, "ij=ji", 5, 4),
    "cubic, turned": ("ij=ji", "Oh", ((1, 1, 0), (-1, 1, 0), (0, 0, 1)), "ij=ji", 3, 2),
    "transverse": ("ij=ji", "Dinfh", None, "ij=ji", 3, 2),
    "trigonal": ("v:1o", "C3v", None, "1o", 3, 3),
}

POTENTIALS = {"isotropic": ("ij=ji", "O3", 3), "cubic": ("ij=ji", "Oh", 5), "elasticity": ("ijkl=jikl=klij", "O3", 2)}


def space_of(text: str, group: str, orientation: Any = None) -> TensorSpace:
    if text[0].isalpha() and ":" not in text:
        return TensorSpace.cartesian(text, group=group, orientation=orientation)
    return TensorSpace(text, group=group, orientation=orientation)


@cache
def bases(case: str) -> tuple[Basis, Basis]:
    text, group, orientation, outputs, degree, highest = CASES[case]
    space = space_of(text, group, orientation)
    return (
        generate(space, degree, select="integrity"),
        generate(space, highest, select="integrity", outputs=outputs),
    )


@cache
def invariants_of(case: str) -> Basis:
    text, group, degree = POTENTIALS[case]
    return generate(space_of(text, group), degree, select="integrity")


def sample(basis: Basis, count: int = 6, dtype: torch.dtype = torch.float64, seed: int = 1) -> torch.Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(count, basis.space.dimension, dtype=torch.float64, generator=draw).to(dtype)


def tensor_basis(case: str, hidden: tuple[int, ...] = (8, 8), target: str = "torch", **options: Any) -> TensorBasis:
    torch.manual_seed(0)
    model = TensorBasis(*bases(case), hidden=hidden, target=target, **{"dtype": torch.float64, **options})
    model.fit_scales(sample(bases(case)[0], 50, model.mean.dtype, seed=2))
    return model


def potential(case: str, hidden: tuple[int, ...] = (8, 8), target: str = "torch", **options: Any) -> ScalarPotential:
    torch.manual_seed(0)
    model = ScalarPotential(invariants_of(case), hidden=hidden, target=target, **{"dtype": torch.float64, **options})
    model.fit_scales(sample(invariants_of(case), 50, model.mean.dtype, seed=2))
    return model


@pytest.mark.parametrize("case", CASES)
def test_a_tensor_basis_is_equivariant(case: str) -> None:
    invariants, generators = bases(case)
    model = tensor_basis(case)

    def y(x: Any) -> Any:
        with torch.no_grad():
            return model(torch.from_numpy(x))[:, None].numpy()

    # Entries of order one; polynomials of degree 6 and standardisation lose some digits of them.
    assert_equivariant(y, invariants.space, generators.outputs, invariants.convention, tolerance=1e-8)


def test_a_tensor_basis_of_another_orientation_is_not_equivariant() -> None:
    model = tensor_basis("cubic, turned")

    def y(x: Any) -> Any:
        with torch.no_grad():
            return model(torch.from_numpy(x))[:, None].numpy()

    with pytest.raises(AssertionError, match="the rotated value is off"):
        assert_equivariant(y, space_of("ij=ji", "Oh"), "ij=ji", "cartesian", tolerance=1e-8)


@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize("case", ["turbulence", "cubic"])
def test_a_tensor_basis_is_the_sum_that_it_says(case: str, target: str) -> None:
    invariants, generators = bases(case)
    model = tensor_basis(case, target=target)
    x = sample(invariants)
    values = torch.tensor(np.asarray(invariants.evaluate(x.numpy()), dtype=np.float64))
    tensors = torch.tensor(np.asarray(generators.evaluate(x.numpy()), dtype=np.float64))
    coefficients = model.network((values - model.mean) * model.scale)
    expected = torch.einsum("sk,skn->sn", coefficients, tensors / model.size[:, None])
    # Two evaluations in float64 of standardised polynomials.
    torch.testing.assert_close(model(x), expected, rtol=1e-10, atol=1e-10)
    assert model(x).shape == (len(x), dimension(generators.outputs))


def test_popes_tensor_basis_has_ten_generators() -> None:
    invariants, generators = bases("turbulence")
    assert [invariants.degrees.count(k) for k in range(1, 7)] == [0, 2, 2, 1, 0, 1]
    assert [generators.degrees.count(k) for k in range(1, 6)] == [1, 3, 2, 3, 1]
    assert tensor_basis("turbulence")(sample(invariants)).shape == (6, 5)


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (0,), (2, 0, 3)])
def test_leading_axes_are_kept(shape: tuple[int, ...]) -> None:
    model, energy = tensor_basis("transverse"), potential("isotropic")
    x = sample(bases("transverse")[0], int(np.prod(shape))).reshape(*shape, 6)
    assert model(x).shape == (*shape, 6)
    assert energy(x).shape == shape and energy.gradient(x).shape == (*shape, 6)
    assert energy.tensor_gradient(x).shape == (*shape, 3, 3)
    torch.testing.assert_close(model(x).reshape(-1, 6), model(x.reshape(-1, 6)), rtol=0, atol=1e-12)


def test_without_hidden_layers_coefficients_are_linear_in_the_invariants() -> None:
    model, energy = tensor_basis("turbulence", hidden=()), potential("cubic", hidden=())
    assert [type(layer) for layer in model.network] == [torch.nn.Linear]
    x, other = (sample(invariants_of("cubic"), seed=seed) for seed in (3, 4))
    values, more = energy.invariants(x), energy.invariants(other)
    weight, bias = energy.network[0].weight[0] * energy.scale, energy.network[0].bias
    torch.testing.assert_close(energy(x), (values - energy.mean) @ weight + bias, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(energy(x) - energy(other), (values - more) @ weight, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("hidden", [(), (4,), (4, 4)])
@pytest.mark.parametrize("target", ["c", "torch"])
def test_derivatives_of_both_orders_are_right(target: str, hidden: tuple[int, ...]) -> None:
    model, energy = tensor_basis("vector", hidden, target), potential("cubic", hidden, target)
    x = (0.5 * sample(bases("vector")[0], 2)).requires_grad_()
    strain = (0.5 * sample(invariants_of("cubic"), 2)).requires_grad_()
    assert torch.autograd.gradcheck(model, x)
    assert torch.autograd.gradgradcheck(model, x)
    assert torch.autograd.gradcheck(energy, strain)
    assert torch.autograd.gradgradcheck(energy, strain)
    assert torch.autograd.gradcheck(lambda x: energy.gradient(x, create_graph=True), strain)


@pytest.mark.parametrize("case", POTENTIALS)
def test_a_potential_is_invariant_and_its_gradient_turns(case: str) -> None:
    model = potential(case)
    space = invariants_of(case).space

    def energies(x: Any) -> Any:
        return model(torch.from_numpy(x))[:, None].detach().numpy()

    assert_invariant(energies, space, "cartesian", tolerance=1e-8)
    if case == "elasticity":
        return

    def stresses(x: Any) -> Any:
        tensors = model.tensor_gradient(torch.from_numpy(x)).detach()
        return tensors[..., *np.triu_indices(3)][:, None].numpy()

    assert_equivariant(stresses, space, "ij=ji", "cartesian", tolerance=1e-8)


@pytest.mark.parametrize("case", ["isotropic", "elasticity"])
def test_the_gradient_as_a_tensor_gives_the_work_over_all_entries(case: str) -> None:
    model = potential(case)
    space = invariants_of(case).space
    order = len(space.components[0]) - 1
    x, step = sample(invariants_of(case)), sample(invariants_of(case), seed=5)
    tensor = model.tensor_gradient(x)
    assert tensor.shape == (6,) + (3,) * order
    # dC as a whole tensor, every entry written by its free entry, which is the first of its copies.
    whole = torch.zeros_like(tensor)
    for index in np.ndindex(*whole.shape[1:]):
        copies = {index}
        for _ in range(3):
            copies |= {(c[1], c[0], *c[2:]) for c in copies}
            copies |= {(*c[2:], *c[:2]) for c in copies} if order == 4 else set()
        first = "c" + "".join(str(k + 1) for k in min(copies))
        whole[:, *index] = step[:, space.components.index(first)]
    work = (tensor * whole).flatten(1).sum(1)
    torch.testing.assert_close(work, (model.gradient(x) * step).sum(1), rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(tensor, tensor.transpose(1, 2), rtol=0, atol=0)


def test_an_antisymmetric_tensor_has_an_antisymmetric_gradient() -> None:
    basis = generate(TensorSpace.cartesian("ij=-ji"), 2, select="integrity")
    model = ScalarPotential(basis, hidden=(), target="torch", dtype=torch.float64)
    x = sample(basis)
    components, tensor = model.gradient(x), model.tensor_gradient(x)
    torch.testing.assert_close(tensor, -tensor.mT, rtol=0, atol=0)
    torch.testing.assert_close(tensor[:, 0, 1], components[:, 0] / 2, rtol=0, atol=0)


@pytest.mark.parametrize("target", ["c", "torch"])
def test_cauchy_stress_is_the_derivative_of_the_energy_along_a_strain(target: str) -> None:
    model = potential("cubic", target=target)
    deformation = torch.eye(3, dtype=torch.float64) + 0.2 * sample(invariants_of("cubic"), 12).reshape(8, 3, 3)
    upper = torch.triu_indices(3, 3)

    def strain(deformation: torch.Tensor) -> torch.Tensor:
        return (deformation.mT @ deformation)[..., upper[0], upper[1]]

    volume = torch.linalg.det(deformation)
    second = 2 * model.tensor_gradient(strain(deformation)).detach()
    stress = deformation @ second @ deformation.mT / volume[:, None, None]
    small = 1e-5
    for i, j in np.ndindex(3, 3):
        step = torch.zeros(3, 3, dtype=torch.float64)
        step[i, j] = small
        plus, minus = (model(strain((torch.eye(3) + sign * step) @ deformation)) for sign in (1, -1))
        # Central differences: an error of the order of small², and rounding of the energies over small.
        torch.testing.assert_close(
            ((plus - minus) / (2 * small) / volume).detach(), stress[:, i, j], rtol=1e-6, atol=1e-9
        )


def test_gradients_come_without_recording_too() -> None:
    model = potential("cubic", target="c")
    x = sample(invariants_of("cubic"))
    energy, gradient = model.energy_and_gradient(x)
    assert gradient.requires_grad and not model.eval().gradient(x).requires_grad and energy.requires_grad
    for mode in (torch.no_grad, torch.inference_mode):
        with mode():
            found = model.energy_and_gradient(x.clone())
        assert not any(tensor.requires_grad or tensor.is_inference() for tensor in found)
        # PyTorch differentiates SiLU by another formula where it keeps a graph.
        torch.testing.assert_close(found, (energy.detach(), gradient.detach()), rtol=1e-12, atol=1e-15)
    with torch.inference_mode():
        x = x.clone()
    torch.testing.assert_close(model.gradient(x), gradient.detach(), rtol=1e-12, atol=1e-15)
    model.train().gradient(x).square().sum().backward()
    assert all(p.grad is not None for p in list(model.network.parameters())[:-1])


@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize("kind", ["tensors", "energies"])
def test_training_on_values_and_gradients_lowers_the_loss(kind: str, target: str) -> None:
    make: Callable[[], Any] = lambda: (  # noqa: E731
        tensor_basis("vector", target=target) if kind == "tensors" else potential("cubic", target=target)
    )
    model, teacher = make(), make()
    with torch.no_grad():
        for parameter in teacher.network.parameters():
            parameter.mul_(1.5)
    x = sample(model.invariants.basis, 20).requires_grad_()

    def both(module: Any) -> tuple[torch.Tensor, torch.Tensor]:
        y = module(x)
        return y, torch.autograd.grad(y.sum(), x, create_graph=True)[0]

    wanted = [tensor.detach() for tensor in both(teacher)]
    optimiser, losses = torch.optim.Adam(model.parameters(), lr=1e-2), []
    for _ in range(60):
        loss = sum((found - exact).square().sum() for found, exact in zip(both(model), wanted, strict=True))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.05 * losses[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("target", [pytest.param("c", marks=pytest.mark.slow), "torch"])
def test_they_compile_into_one_graph(target: str, dtype: torch.dtype) -> None:
    torch.compiler.reset()
    model, energy = (
        tensor_basis("transverse", target=target, dtype=dtype),
        potential("cubic", target=target, dtype=dtype),
    )
    x = (0.3 * sample(invariants_of("cubic"), dtype=dtype)).requires_grad_()
    # Graphs do the same operations one by one, in the same order.
    close = {"rtol": 1e-5, "atol": 1e-5} if dtype == torch.float32 else {"rtol": 1e-12, "atol": 1e-12}
    for module in (model, energy):
        compiled = torch.compile(module, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(compiled(x), module(x), **close)
        slopes = [torch.autograd.grad(f(x).sum(), x)[0] for f in (compiled, module)]
        torch.testing.assert_close(*slopes, **close)
    with torch._dynamo.config.patch(trace_autograd_ops=True):
        stress = torch.compile(energy.tensor_gradient, fullgraph=True, backend="aot_eager")
        torch.testing.assert_close(stress(x), energy.tensor_gradient(x), **close)


@pytest.mark.slow
def test_they_compile_with_inductor() -> None:
    torch.compiler.reset()
    for module in (tensor_basis("transverse", target="c"), potential("cubic", target="c")):
        x = 0.3 * sample(invariants_of("cubic"))
        torch.testing.assert_close(torch.compile(module, fullgraph=True)(x), module(x), rtol=1e-11, atol=1e-11)


def test_float32_is_near_float64() -> None:
    wide, narrow = tensor_basis("turbulence"), tensor_basis("turbulence", dtype=torch.float32)
    narrow.load_state_dict(wide.state_dict())
    x = sample(bases("turbulence")[0])
    found = narrow(x.float())
    assert found.dtype == torch.float32
    # Standardised polynomials of degree 6 in float32, relative to the largest component.
    assert (found.double() - wide(x)).abs().max() < 1e-4 * wide(x).abs().max()


def test_scales_standardise_and_are_in_the_state_dict() -> None:
    model, x = tensor_basis("turbulence"), sample(bases("turbulence")[0], 50, seed=2)
    standard = (model.invariants(x) - model.mean) * model.scale
    torch.testing.assert_close(standard.mean(0), torch.zeros(6, dtype=torch.float64), rtol=0, atol=1e-12)
    torch.testing.assert_close(standard.std(0, correction=0), torch.ones(6, dtype=torch.float64), rtol=1e-12, atol=0)
    squares = (model.generators(x).unflatten(-1, (10, 5)) / model.size[:, None]).square().mean((0, 2))
    torch.testing.assert_close(squares, torch.ones(10, dtype=torch.float64), rtol=1e-12, atol=0)
    assert {"mean", "scale", "size"} <= set(model.state_dict())
    reshaped = tensor_basis("turbulence")
    reshaped.fit_scales(x.reshape(5, 10, 8), damping=0.25)
    assert torch.equal(reshaped.mean, model.mean) and torch.equal(reshaped.size, model.size)
    torch.testing.assert_close(
        reshaped.scale / model.scale,
        torch.tensor([0.25 ** (degree - 1) for degree in bases("turbulence")[0].degrees], dtype=torch.float64),
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_constant_invariant_and_a_vanishing_generator_do_no_harm(dtype: torch.dtype) -> None:
    model = tensor_basis("turbulence", dtype=dtype)
    x = sample(bases("turbulence")[0], 30, dtype)
    x[:, 5:] = 0  # R = 0: S alone is left, with two invariants and two generators
    x[:, :5] *= 3e3 / x[:, :5].norm(dim=1, keepdim=True)  # and its norm is one number up to rounding
    model.fit_scales(x)
    assert (model.scale != 0).tolist() == [
        basis.degree == 3 and str(basis) == "((S,S)2,S)0" for basis in bases("turbulence")[0]
    ]
    assert (model.size != 1).sum() == 2
    assert all(buffer.isfinite().all() for buffer in model.buffers())
    x.requires_grad_()
    y = model(x)
    y.square().sum().backward()
    assert y.isfinite().all() and x.grad is not None and x.grad.isfinite().all()


@pytest.mark.parametrize("target", ["c", "torch"])
def test_copies_pickles_and_states_compute_the_same_bits(target: str) -> None:
    for model, fresh in (
        (
            tensor_basis("vector", target=target),
            TensorBasis(*bases("vector"), (8, 8), target=target, dtype=torch.float64),
        ),
        (
            potential("cubic", target=target),
            ScalarPotential(invariants_of("cubic"), (8, 8), target=target, dtype=torch.float64),
        ),
    ):
        x = sample(model.invariants.basis)
        buffer = io.BytesIO()
        torch.save(model.state_dict(), buffer)
        buffer.seek(0)
        assert not torch.equal(fresh(x), model(x))
        fresh.load_state_dict(torch.load(buffer, weights_only=True))
        for twin in (fresh, copy.deepcopy(model), copy.copy(model), pickle.loads(pickle.dumps(model))):
            assert torch.equal(twin(x), model(x))


def test_the_state_of_another_model_is_refused() -> None:
    state = potential("cubic").state_dict()
    with pytest.raises(InputError, match=r"saved with basis .*, this layer has"):
        ScalarPotential(bases("cubic, turned")[0], (8, 8), dtype=torch.float64, target="torch").load_state_dict(
            {**state, "mean": state["mean"][:6], "scale": state["scale"][:6], "network.0.weight": torch.zeros(8, 6)}
        )
    with pytest.raises(InputError, match=r"saved with activation 'silu', this network has 'tanh'; build the network"):
        potential("cubic", activation="tanh").load_state_dict(state)
    with pytest.raises(InputError, match="saved with activation None"):
        potential("cubic").set_extra_state(None)


def test_a_conversion_of_the_dtype_is_refused() -> None:
    for model in (tensor_basis("vector"), potential("cubic")):
        with pytest.raises(InputError, match=r"has kernels compiled for torch\.float64, and a conversion"):
            model.float()
        assert model.double()(sample(model.invariants.basis)).dtype == torch.float64


def of_inference() -> ScalarPotential:
    with torch.inference_mode():
        return ScalarPotential(invariants_of("isotropic"), target="torch")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: TensorBasis(3, bases("cubic")[1]), "takes a Basis of invariants, got int; use invgen.generate"),
        (lambda: TensorBasis(bases("cubic")[1], bases("cubic")[1]), "takes invariants, got a basis of outputs 'ij=ji'"),
        (lambda: TensorBasis(bases("cubic")[0], None), "the generators of a tensor basis are a Basis, got NoneType"),
        (lambda: TensorBasis(bases("cubic")[0], bases("cubic")[0]), "have outputs such as .*, got invariants"),
        (lambda: TensorBasis(bases("vector")[0], bases("turbulence")[1]), "share the space, got TensorSpace.*v:1o"),
        (lambda: TensorBasis(bases("vector")[0], bases("pseudo-vector")[1]), "share the space, got .*'O3'.*'SO3'"),
        (lambda: TensorBasis(bases("cubic")[0], bases("cubic, turned")[1]), "share the space, .*orientation="),
        (
            lambda: TensorBasis(bases("cubic")[0].with_convention("rational"), bases("cubic")[1]),
            "share the convention, got 'rational' and 'cartesian'; generate both from one space with one convention",
        ),
        (lambda: tensor_basis("vector", activation="relu"), "the activation must be one of 'silu', .*got 'relu'"),
        (
            lambda: tensor_basis("vector", hidden=64),
            r"hidden is a sequence of widths, such as \(64, 64\) or \(\), got 64",
        ),
        (lambda: tensor_basis("vector", hidden=(8, 0)), "a hidden width is an integer of at least 1, got 0"),
        (lambda: tensor_basis("vector", hidden="88"), "a hidden width is an integer of at least 1, got '8'"),
        (lambda: tensor_basis("vector", target="fortran"), "target must be one of"),
        (lambda: tensor_basis("vector", dtype=torch.float16), "dtype must be"),
        (lambda: TensorBasis(*bases("vector"), width=3), r"TensorBasis has the arguments .*got 'width'"),
        (lambda: tensor_basis("vector")(torch.zeros(2, 7, dtype=torch.float64)), r"takes x of shape \(\.\.\., 8\)"),
        (lambda: tensor_basis("vector")(torch.zeros(2, 8)), r"takes torch\.float64, got torch\.float32"),
        (
            lambda: tensor_basis("vector").fit_scales(torch.zeros(8, dtype=torch.float64)),
            "at least two inputs, .*got 1",
        ),
        (lambda: potential("cubic").fit_scales(torch.zeros(0, 6, dtype=torch.float64)), "at least two inputs, .*got 0"),
        (
            lambda: potential("cubic").fit_scales(torch.full((3, 6), torch.nan, dtype=torch.float64)),
            "a member of the basis is not finite in torch.float64",
        ),
        (
            lambda: potential("cubic").fit_scales(sample(invariants_of("cubic")), damping=0),
            "the damping is a positive number, got 0",
        ),
        (lambda: ScalarPotential("0e"), "a potential takes a Basis of invariants, got str"),
        (lambda: ScalarPotential(bases("cubic")[1]), "a potential takes invariants, got a basis of outputs 'ij=ji'"),
        (lambda: ScalarPotential(invariants_of("cubic"), activations="silu"), "did you mean 'activation'"),
        (
            lambda: ScalarPotential(bases("vector")[0], target="torch").tensor_gradient(torch.zeros(2, 8)),
            r"needs a basis of TensorSpace.cartesian.*got TensorSpace\('v:1o \+ q:2e'.* in 'sphericart'; gradient\(x\)",
        ),
        (
            lambda: ScalarPotential(bases("cubic")[0].with_convention("rational"), target="torch").tensor_gradient(
                torch.zeros(2, 6)
            ),
            "in the convention 'cartesian', got .* in 'rational'",
        ),
        (lambda: of_inference().gradient(torch.zeros(2, 6)), "was built under torch.inference_mode"),
    ],
)
def test_bad_input_is_one_sentence(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)
