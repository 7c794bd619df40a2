"""Kernels with a gather equal the definition, twice differentiated, in any order of the index and on any threads."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck

from invgen.errors import InputError
from invgen.runtime import GatheredKernel
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.gathered_cases import FUNCTIONS, bases, draw, kernel_of, reference

# Sums of hundreds of terms of both signs in float64, relative to the largest entry of a result.
TOLERANCE = 1e-12
Tensors = dict[str, torch.Tensor]


@pytest.fixture
def threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def call(kernel: GatheredKernel, function: str, given: Tensors, **options: Any) -> Tensors:
    """A bare function by name; results by name."""
    names, results = FUNCTIONS[function]
    method = getattr(kernel, "vjp_of_vjp" if function == "vjp_of_vjp_xz" else function)
    found = method(*(given[n] for n in ("x", "z", "w", "index")), *(given[n] for n in names[3:]), **options)
    return dict(zip(results, found if isinstance(found, tuple) else (found,), strict=True))


def expected(given: Tensors) -> dict[str, Tensors]:
    """All results of all functions, by autograd through the definition."""
    x, z, w, ybar = points = tuple(given[name].clone().requires_grad_() for name in ("x", "z", "w", "ybar"))
    y = reference(x, z, w, given["index"])
    bars = torch.autograd.grad(y, (x, z, w), ybar, create_graph=True)
    along = tuple(given[name] for name in ("u", "t", "v"))
    whole = torch.autograd.grad(bars, points, along, retain_graph=True)
    alone = torch.autograd.grad(bars[:2], points, along[:2])
    first = {"y": y, **dict(zip(("xbar", "zbar", "wbar"), bars, strict=True)), "ydot": whole[3]}
    names = ("grad_x", "grad_z", "grad_w", "grad_ybar")
    second = {"vjp_of_vjp": whole, "vjp_of_vjp_xz": alone}
    found = {f: dict(zip(names, second[f], strict=True)) if f in second else first for f in FUNCTIONS}
    return {f: {name: tensor.detach() for name, tensor in named.items()} for f, named in found.items()}


# Fewer channels than lanes (8 in float64), as many, a panel (32), and more with a rest; no channels, no samples.
@pytest.mark.parametrize(
    ("shape", "channels"), [((70,), 1), ((), 7), ((400,), 8), ((2, 3), 21), ((66,), 77), ((0,), 4), ((4,), 0)]
)
@pytest.mark.parametrize("target", ["c", "torch"])
def test_every_function_is_that_of_autograd_through_the_definition(
    shape: tuple[int, ...], channels: int, target: str
) -> None:
    given = draw(shape, channels)
    wanted = expected(given)
    for function in FUNCTIONS:
        for name, found in call(kernel_of(target), function, given).items():
            other = wanted[function][name]
            assert found.shape == other.shape and found.is_contiguous()
            assert not other.numel() or (found - other).abs().max() <= TOLERANCE * other.abs().max()


@pytest.mark.parametrize("target", ["c", "torch"])
def test_nothing_to_gather_and_no_samples_are_results_without_rows_and_zeros(target: str) -> None:
    given = draw((0,), 3)
    given |= {name: given[name][:0] for name in ("z", "t")}
    for function in FUNCTIONS:
        for found in call(kernel_of(target), function, given).values():
            assert not found.any() and (not found.numel() or found.shape == given["w"].shape)


@pytest.mark.xdist_group("threads")
def test_bits_depend_neither_on_the_number_of_threads_nor_on_other_rows(threads: None) -> None:
    kernel = kernel_of("c", torch.float32)
    given = {n: t if n == "index" else t.float() for n, t in draw((900,), 70, rows=40).items()}
    torch.set_num_threads(1)
    wanted = {f: call(kernel, f, given) for f in FUNCTIONS}
    for count in (2, 7):
        torch.set_num_threads(count)
        assert all(torch.equal(t, wanted[f][n]) for f in FUNCTIONS for n, t in call(kernel, f, given).items()), (
            f"{count} threads"
        )
    own = given["index"] == 3
    part = given | {name: given[name][own] for name in ("x", "index", "ybar")}
    zbar = call(kernel, "vjp", part)["zbar"]
    assert torch.equal(zbar[3], wanted["vjp"]["zbar"][3]) and not zbar[4].any()


def test_a_sorted_index_gives_the_same_gradients_of_what_is_gathered() -> None:
    given = draw((50,), 3)
    order = given["index"].argsort(stable=True)
    arranged = given | {name: given[name][order] for name in ("x", "index", "ybar", "u")}
    mixed, sorted_ = (call(kernel_of(), "vjp", each) for each in (given, arranged))
    assert torch.equal(mixed["zbar"], sorted_["zbar"]) and torch.equal(mixed["wbar"], sorted_["wbar"])
    assert torch.equal(mixed["xbar"][order], sorted_["xbar"])


def test_derivatives_in_both_modes_are_those_of_finite_differences() -> None:
    kernel, given = kernel_of(), draw((3,), 2, rows=3)
    points = tuple(given[name].requires_grad_() for name in ("x", "z", "w"))

    def function(*points: torch.Tensor) -> torch.Tensor:
        return kernel(*points, given["index"])

    assert gradcheck(function, points, check_forward_ad=True, check_batched_grad=True, raise_exception=True)
    assert gradgradcheck(function, points, check_batched_grad=True, raise_exception=True)
    x, z, w = points
    assert gradgradcheck(lambda x, z: function(x, z, w.detach()), (x, z), raise_exception=True)


@pytest.mark.parametrize("function", ["value", "vjp", "vjp_of_vjp"])
def test_operators_obey_the_rules_of_torch_library(function: str) -> None:
    kernel, given = kernel_of(), draw((4,), 2)
    # With inputs that require gradients the check would differentiate the last one a third time.
    differentiable = function != "vjp_of_vjp"
    tensors = [given[name].clone().requires_grad_(differentiable) for name in FUNCTIONS[function][0]]
    operator = getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function)).default
    opcheck(operator, (*tensors[:3], given["index"], *tensors[3:]))


class Energy(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.kernel = kernel_of()

    def forward(self, x: torch.Tensor, z: torch.Tensor, w: torch.Tensor, index: torch.Tensor) -> torch.Tensor:
        return torch.tanh(self.kernel(x, z, w, index)).sum((-1, -2))


def test_compiled_and_exported_models_give_the_same_values() -> None:
    model = Energy()
    given, larger = ([draw((n,), 3, rows)[m] for m in ("x", "z", "w", "index")] for n, rows in ((5, 4), (11, 6)))
    points = [tensor.requires_grad_() for tensor in given[:3]]
    compiled = torch.compile(model, backend="aot_eager", fullgraph=True)
    found = torch.autograd.grad(compiled(*points, given[3]).sum(), points)
    wanted = torch.autograd.grad(model(*points, given[3]).sum(), points)
    assert all(torch.equal(a, b) for a, b in zip(found, wanted, strict=True))
    samples, rows = torch.export.Dim("samples"), torch.export.Dim("rows")
    shapes = {"x": {0: samples}, "z": {0: rows}, "w": None, "index": {0: samples}}
    program = torch.export.export(model, tuple(t.detach() for t in given), dynamic_shapes=shapes)
    assert torch.equal(program.module()(*larger), model(*larger))


def test_out_takes_the_results_and_copies_and_pickles_are_the_kernel() -> None:
    kernel, given = kernel_of(), draw((6,), 10)
    for function in FUNCTIONS:
        wanted = call(kernel, function, given)
        out = tuple(torch.full_like(tensor, torch.nan) for tensor in wanted.values())
        call(kernel, function, given, out=out if len(out) > 1 else out[0])
        assert all(torch.equal(a, b) for a, b in zip(out, wanted.values(), strict=True))
    again = pickle.loads(pickle.dumps(kernel))
    assert copy.deepcopy(kernel) is kernel and again.spec == kernel.spec
    sizes = [len(basis) for basis in bases()]
    assert f"7 components and 4 gathered ones -> 0e + 1o + 1e, {sum(sizes)} weights, float64" in repr(again)
    assert [block.weights.stop for block in again.blocks] == [sum(sizes[:k]) for k in (1, 2, 3)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"index": torch.tensor([0, 1, 5])}, "the index 5 for sample 2: z has 5 rows, numbered from 0"),
        ({"index": torch.tensor([0, -1, 1])}, "the index -1 for sample 1"),
        ({"index": torch.zeros(3, dtype=torch.int32)}, "torch.int64, got torch.int32"),
        ({"index": torch.zeros(2, dtype=torch.int64)}, r"one index for each sample, of shape \(3,\)"),
        ({"z": torch.zeros(5, 3, 2, dtype=torch.float64)}, r"takes z of shape \(rows, gathered, channel\)"),
        ({"z": torch.zeros(4, 2, dtype=torch.float64)}, r"takes z of shape \(rows, gathered, channel\)"),
        ({"z": torch.zeros(5, 4, 2)}, "float64, got torch.float32 for z"),
        ({"w": torch.zeros(1, 9, 2, dtype=torch.float64)}, r"takes w of shape \(weights, channel\)"),
        ({"x": torch.zeros(3, 5, 2, dtype=torch.float64)}, "takes x of shape"),
    ],
)
@pytest.mark.parametrize("target", ["c", "torch"])
def test_what_does_not_fit_is_refused_in_one_sentence(change: dict[str, Any], sentence: str, target: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        call(kernel_of(target), "vjp", draw((3,), 2) | change)
    assert "\n" not in str(caught.value)
