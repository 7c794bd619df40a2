"""Weighted kernels equal the definition, twice differentiated, whatever the shapes and the number of threads."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck

from invgen.errors import BasisFileError, InputError
from invgen.runtime import WeightedKernel, build_weighted
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.weighted_bases import SPECIES, bases_of, weighted
from tests.support.weighted_cases import FUNCTIONS, Reference, draw, kernel_of

# Sums of hundreds of terms of both signs in float64, relative to the largest entry of a result.
TOLERANCE = 1e-12
Tensors = dict[str, torch.Tensor]


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def call(kernel: WeightedKernel, function: str, given: Tensors, **options: Any) -> Tensors:
    """A bare function by name; results by name."""
    names, results = FUNCTIONS[function]
    others = [given[name] for name in names[2:]]
    method = getattr(kernel, "vjp_of_vjp" if function == "vjp_of_vjp_x" else function)
    found = method(given["x"], given["w"], given["species"], *others, **options)
    return dict(zip(results, found if isinstance(found, tuple) else (found,), strict=True))


def expected(case: str, given: Tensors) -> Tensors:
    """All results of all functions, by autograd through the definition."""
    x, w, ybar = (given[name].clone().requires_grad_() for name in ("x", "w", "ybar"))
    y = Reference(case)(x, w, given["species"])
    xbar, wbar = torch.autograd.grad(y, (x, w), ybar, create_graph=True)
    first = torch.autograd.grad((xbar, wbar), (x, w, ybar), (given["u"], given["v"]), retain_graph=True)
    alone = torch.autograd.grad(xbar, (x, w, ybar), given["u"])
    named = {"y": y, "xbar": xbar, "wbar": wbar, "ydot": first[2]}
    named |= dict(zip(("grad_x", "grad_w", "grad_ybar"), first, strict=True))
    named |= dict(zip(("grad_x alone", "grad_w alone", "grad_ybar alone"), alone, strict=True))
    return {name: tensor.detach() for name, tensor in named.items()}


def assert_close(found: torch.Tensor, wanted: torch.Tensor, tolerance: float = TOLERANCE) -> None:
    assert found.shape == wanted.shape and found.is_contiguous()
    if wanted.numel():
        assert (found - wanted).abs().max() <= tolerance * wanted.abs().max()


def operator(kernel: WeightedKernel, function: str) -> Any:
    return getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function)).default


@pytest.mark.parametrize("case", ["small", pytest.param("cubic", marks=pytest.mark.slow)])
def test_values_are_those_of_evaluate_and_einsum(case: str) -> None:
    kernel = kernel_of(case)
    given = draw(kernel, (7,), 5)
    wanted = weighted(bases_of(case), *(given[name].numpy() for name in ("x", "w", "species")))
    assert_close(kernel(given["x"], given["w"], given["species"]), torch.from_numpy(wanted))


# Fewer channels than lanes (8 in float64), as many, a panel (32), and more with a rest; no channels, no samples.
@pytest.mark.parametrize(
    ("shape", "channels"),
    [((70,), 1), ((70,), 3), ((), 7), ((9,), 8), ((2, 3), 21), ((66,), 32), ((5,), 77), ((0,), 4), ((4,), 0)],
)
@pytest.mark.parametrize("target", ["c", "torch"])
def test_every_function_is_that_of_autograd_through_the_definition(
    shape: tuple[int, ...], channels: int, target: str
) -> None:
    kernel = kernel_of("cubic", target=target)
    given = draw(kernel, shape, channels)
    wanted = expected("cubic", given)
    for function in FUNCTIONS:
        suffix = " alone" if function == "vjp_of_vjp_x" else ""
        for name, found in call(kernel, function, given).items():
            assert_close(found, wanted.get(name + suffix, wanted[name]))


@pytest.mark.slow
def test_float32_kernels_agree_with_float64_ones() -> None:
    kernel = kernel_of("cubic", torch.float32)
    given = draw(kernel, (100,), 20)
    single = {name: tensor if name == "species" else tensor.float() for name, tensor in given.items()}
    wanted = expected("cubic", {name: t if name == "species" else t.double() for name, t in single.items()})
    for function in FUNCTIONS:
        suffix = " alone" if function == "vjp_of_vjp_x" else ""
        for name, found in call(kernel, function, single).items():
            # A few hundred roundings of 6e-8.
            assert_close(found.double(), wanted.get(name + suffix, wanted[name]), 1e-5)


@pytest.mark.xdist_group("threads")
def test_bits_do_not_depend_on_the_number_of_threads(threads: None) -> None:
    kernel = kernel_of("cubic", torch.float32)
    given = {n: t if n == "species" else t.float() for n, t in draw(kernel, (700,), 70).items()}
    found = []
    for count in (1, 2, 3, 7):
        torch.set_num_threads(count)
        found.append({f: call(kernel, f, given) for f in FUNCTIONS})
    for other, function in itertools.product(found[1:], FUNCTIONS):
        for name, tensor in found[0][function].items():
            assert torch.equal(tensor, other[function][name]), f"{function}, {name}"


def test_sums_of_a_species_do_not_depend_on_the_samples_of_others() -> None:
    kernel = kernel_of("cubic", torch.float32)
    given = {n: t if n == "species" else t.float() for n, t in draw(kernel, (300,), 20).items()}
    whole = call(kernel, "vjp", given)["wbar"]
    own = given["species"] == 1
    part = {name: given[name][own] for name in ("x", "species", "ybar")} | {"w": given["w"]}
    assert torch.equal(call(kernel, "vjp", part)["wbar"][1], whole[1])
    assert not whole[SPECIES - 1].any(), "the sum over no samples is zero"


@pytest.mark.parametrize("channels", [3, 20])
def test_nan_stays_with_its_sample_and_with_the_sums_of_its_species(channels: int) -> None:
    kernel = kernel_of("cubic")  # where second derivatives depend on x
    given = draw(kernel, (70,), channels)
    given["x"][5, :, 1] = torch.nan
    given["w"][SPECIES - 1] = torch.nan  # the species of no sample
    own = int(given["species"][5])
    for function in FUNCTIONS:
        for name, tensor in call(kernel, function, given).items():
            if name in ("wbar", "grad_w"):
                clean = torch.ones(tensor.shape, dtype=torch.bool)
                clean[own, :, 1] = False
                assert tensor[own, :, 1].isnan().any(), f"{function}, {name}"
            else:
                clean = torch.ones(tensor.shape, dtype=torch.bool)
                clean[5, :, 1] = False
                assert tensor[5, :, 1].isnan().any(), f"{function}, {name}"
            assert tensor[clean].isfinite().all(), f"{function}, {name}"


@pytest.mark.parametrize("target", ["c", "torch"])
def test_strided_inputs_and_out_give_the_same_bits(target: str) -> None:
    kernel = kernel_of("small", target=target)
    given = draw(kernel, (6,), 10)
    strided = {name: t.transpose(0, -1).contiguous().transpose(0, -1) for name, t in given.items()}
    assert not strided["x"].is_contiguous()
    for function in FUNCTIONS:
        wanted = call(kernel, function, given)
        out = tuple(torch.full_like(tensor, torch.nan) for tensor in wanted.values())
        versions = [tensor._version for tensor in out]
        found = call(kernel, function, strided, out=out if len(out) > 1 else out[0])
        assert all(torch.equal(found[name], wanted[name]) for name in wanted), function
        assert all(tensor._version > version for tensor, version in zip(out, versions, strict=True))


@pytest.mark.parametrize("target", ["c", "torch"])
def test_operators_obey_the_rules_of_torch_library(target: str) -> None:
    kernel = kernel_of("small", target=target)
    given = draw(kernel, (4,), 2)
    for function in ("value", "vjp", "vjp_x", "jvp", "vjp_of_vjp", "vjp_of_vjp_x"):
        names = FUNCTIONS[function][0]
        # With inputs that require gradients the check would differentiate the last ones a third time.
        differentiable = not function.startswith("vjp_of_vjp")
        tensors = [given[name].clone().requires_grad_(differentiable) for name in names]
        opcheck(operator(kernel, function), (tensors[0], tensors[1], given["species"], *tensors[2:]))


@pytest.mark.parametrize("target", ["c", "torch"])
def test_derivatives_in_both_modes_are_those_of_finite_differences(target: str) -> None:
    kernel = kernel_of("small", target=target)
    given = draw(kernel, (3,), 2)
    x, w = given["x"].requires_grad_(), given["w"].requires_grad_()

    def function(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        return kernel(x, w, given["species"])

    assert gradcheck(function, (x, w), check_forward_ad=True, check_batched_grad=True, raise_exception=True)
    assert gradgradcheck(function, (x, w), check_batched_grad=True, check_fwd_over_rev=True, raise_exception=True)
    assert gradcheck(function, (x, w.detach()), raise_exception=True)
    assert gradgradcheck(lambda x: function(x, w.detach()), (x,), raise_exception=True)
    assert gradgradcheck(lambda w: function(x.detach(), w), (w,), raise_exception=True)


def test_torch_func_maps_over_samples_weights_and_species() -> None:
    kernel, reference = kernel_of("small"), Reference("small")
    given = draw(kernel, (2, 3), 4)
    x, w, species = given["x"], torch.stack((given["w"], given["v"])), given["species"]

    def energy(function: Any) -> Any:
        return lambda x, w, species: (function(x, w, species) ** 2).sum()

    mapped = torch.func.vmap(torch.func.grad(energy(kernel), argnums=(0, 1)))(x, w, species)
    wanted = torch.func.vmap(torch.func.grad(energy(reference), argnums=(0, 1)))(x, w, species)
    for found, other in zip(mapped, wanted, strict=True):
        assert_close(found.contiguous(), other.contiguous())
    one = (x[0, :1], w[0], species[0, :1])
    for transform in (torch.func.hessian, lambda f: torch.func.jacrev(torch.func.jacrev(f))):
        found, other = (transform(energy(f))(*one) for f in (kernel, reference))
        assert_close(found.contiguous(), other.contiguous())
    with pytest.raises(InputError, match="numbered from 0"):
        torch.func.vmap(kernel)(x, w, torch.full_like(species, SPECIES))


def test_a_third_derivative_raises_a_sentence() -> None:
    kernel = kernel_of("small")
    given = draw(kernel, (3,), 2)
    x = given["x"].requires_grad_()
    for function in (kernel, operator(kernel, "value")):
        (first,) = torch.autograd.grad(function(x, given["w"], given["species"]).sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), x, create_graph=True)
        with pytest.raises(InputError, match="third derivative"):
            torch.autograd.grad(second.sum(), x)


class Energy(torch.nn.Module):
    """Forces of a sum of weighted contractions, the way a model computes them."""

    def __init__(self, kernel: WeightedKernel) -> None:
        super().__init__()
        self.kernel = kernel

    def forward(self, x: torch.Tensor, w: torch.Tensor, species: torch.Tensor) -> torch.Tensor:
        return torch.tanh(self.kernel(x, w, species)).sum((-1, -2))


def test_compiled_models_give_the_same_values_and_gradients() -> None:
    kernel = kernel_of("small")
    given = draw(kernel, (5,), 3)
    x, w = given["x"].requires_grad_(), given["w"].requires_grad_()
    model = Energy(kernel)
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    found = torch.autograd.grad(compiled(x, w, given["species"]).sum(), (x, w))
    wanted = torch.autograd.grad(model(x, w, given["species"]).sum(), (x, w))
    assert all(torch.equal(a, b) for a, b in zip(found, wanted, strict=True))


def test_exported_models_take_other_batch_sizes() -> None:
    kernel = kernel_of("small")
    given, larger = draw(kernel, (5,), 3), draw(kernel, (11,), 3)
    names = ("x", "w", "species")
    batch = torch.export.Dim("batch")
    program = torch.export.export(
        Energy(kernel), tuple(given[n] for n in names), dynamic_shapes=({0: batch}, None, {0: batch})
    )
    found = program.module()(*(larger[n] for n in names))
    assert torch.equal(found, Energy(kernel)(*(larger[n] for n in names)))


def test_a_damaged_torch_source_is_refused() -> None:
    spec = kernel_of("small", target="torch").spec
    for source, sentence in (("def value(:", "is damaged"), ("value = len", r"lacks vjp_x\(\)")):
        with pytest.raises(BasisFileError, match=sentence):
            build_weighted(replace(spec, kernel=replace(spec.kernel, source=source)))


def test_copies_and_pickles_are_the_kernel() -> None:
    kernel = kernel_of("small")
    given = draw(kernel, (3,), 2)
    assert copy.deepcopy(kernel) is kernel
    again = pickle.loads(pickle.dumps(kernel))
    assert torch.equal(call(again, "value", given)["y"], call(kernel, "value", given)["y"])
    assert build_weighted(kernel.spec).spec == kernel.spec


def test_blocks_say_where_each_basis_is() -> None:
    kernel, (scalars, vectors) = kernel_of("small"), bases_of("small")
    first, second = kernel.blocks
    assert (first.outputs, second.outputs) == ("0e", "1o")
    assert (first.weights, second.weights.stop) == (slice(0, len(scalars)), len(scalars) + len(vectors))
    assert (first.rows, second.rows) == (slice(0, 1), slice(1, 4))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"species": torch.tensor([0, 1, SPECIES])}, "the species 3 for sample 2: w has 3 species, numbered from 0"),
        ({"species": torch.tensor([0, -1, 1])}, "the species -1 for sample 1"),
        ({"species": torch.zeros(3, dtype=torch.int32)}, "torch.int64, got torch.int32"),
        ({"species": [0, 1, 2]}, "torch.int64, got list"),
        ({"species": torch.zeros(2, dtype=torch.int64)}, r"one species for each sample, of shape \(3,\)"),
        ({"w": torch.zeros(SPECIES, 1, 2, dtype=torch.float64)}, r"takes w of shape \(species, weights, channel\)"),
        ({"w": torch.zeros(SPECIES, 6, 2)}, "float64, got torch.float32 for w"),
        ({"x": torch.zeros(3, 5, 2, dtype=torch.float64)}, "takes x of shape"),
        ({"x": torch.zeros(3, 4, 2, dtype=torch.bfloat16)}, "float64, got torch.bfloat16 for x"),
        ({"x": None}, "takes torch tensors, got NoneType for x"),
        ({"ybar": torch.zeros(3, 1, 2, dtype=torch.float64)}, "takes ybar of shape"),
    ],
)
@pytest.mark.parametrize("target", ["c", "torch"])
def test_what_does_not_fit_is_refused_in_one_sentence(change: dict[str, Any], sentence: str, target: str) -> None:
    kernel = kernel_of("small", target=target)
    given = draw(kernel, (3,), 2) | change
    with pytest.raises(InputError, match=sentence) as caught:
        call(kernel, "vjp", given)
    assert "\n" not in str(caught.value)


def test_out_that_would_lose_gradients_or_share_memory_is_refused() -> None:
    kernel = kernel_of("small")
    given = draw(kernel, (3,), 2)
    xbar, wbar = torch.empty_like(given["x"]), torch.empty_like(given["w"])
    with pytest.raises(InputError, match="as that many tensors"):
        call(kernel, "vjp", given, out=(xbar,))
    with pytest.raises(InputError, match=r"out\[1\] of shape \(3, 5, 2\) beside x"):
        call(kernel, "vjp", given, out=(xbar, wbar[1:]))
    with pytest.raises(InputError, match="shares memory"):
        call(kernel, "vjp", given, out=(xbar, given["w"]))
    with pytest.raises(InputError, match="requires a gradient"):
        call(kernel, "vjp", given | {"w": given["w"].clone().requires_grad_()}, out=(xbar, wbar))
