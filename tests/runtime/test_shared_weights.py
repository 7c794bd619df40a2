"""Kernels whose weights all samples share are those of one species, without that axis."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

import invgen
from invgen.errors import InputError
from invgen.runtime import SharedWeightsKernel, WeightedKernel
from tests.support.weighted_bases import bases_of

METHODS: dict[str, tuple[str, ...]] = {
    "value": (),
    "vjp": ("ybar",),
    "vjp_x": ("ybar",),
    "value_and_vjp": ("ybar",),
    "jvp": ("u", "v"),
    "vjp_of_vjp": ("ybar", "u", "v"),
}


def kernels(target: str = "c") -> tuple[SharedWeightsKernel, WeightedKernel]:
    options: dict[str, Any] = {"target": target, "dtype": torch.float64, "name": "shared_case"}
    return invgen.compile_weighted(bases_of("small"), **options), invgen.compile_weighted(
        bases_of("small"), 1, **options
    )


def draw(shape: tuple[int, ...], channels: int) -> dict[str, torch.Tensor]:
    seeded, kernel = torch.Generator().manual_seed(0), kernels()[0]
    shapes = {
        "x": (*shape, kernel.dimension, channels),
        "w": (kernel.weights, channels),
        "ybar": (*shape, kernel.rows, channels),
        "u": (*shape, kernel.dimension, channels),
        "v": (kernel.weights, channels),
    }
    return {name: torch.randn(*size, generator=seeded, dtype=torch.float64) for name, size in shapes.items()}


@pytest.mark.parametrize("target", ["c", "torch"])
@pytest.mark.parametrize("shape", [(), (70,), (0,)])
def test_every_function_is_that_of_one_species(target: str, shape: tuple[int, ...]) -> None:
    shared, by_species = kernels(target)
    assert shared.spec == by_species.spec and shared._operators is by_species._operators
    given = draw(shape, 3)
    species = torch.zeros(shape, dtype=torch.int64)
    for name, names in [*METHODS.items(), ("vjp_of_vjp", ("ybar", "u"))]:
        found = getattr(shared, name)(given["x"], given["w"], *(given[n] for n in names))
        others = [given[n][None] if n == "v" else given[n] for n in names]
        wanted = getattr(by_species, name)(given["x"], given["w"][None], species, *others)
        found, wanted = (each if isinstance(each, tuple) else (each,) for each in (found, wanted))
        for one, other in zip(found, wanted, strict=True):
            assert torch.equal(one, other.reshape(one.shape)) and one.numel() == other.numel()
        out = tuple(torch.full_like(one, torch.nan) for one in found)
        options = {"out": out if len(out) > 1 else out[0]}
        getattr(shared, name)(given["x"], given["w"], *(given[n] for n in names), **options)
        assert all(torch.equal(a, b) for a, b in zip(out, found, strict=True)), name


def test_derivatives_are_those_of_finite_differences() -> None:
    shared, given = kernels()[0], draw((3,), 2)
    points = given["x"].requires_grad_(), given["w"].requires_grad_()
    assert gradcheck(shared, points, check_forward_ad=True, check_batched_grad=True, raise_exception=True)
    assert gradgradcheck(shared, points, check_batched_grad=True, raise_exception=True)


def test_torch_func_compile_export_and_pickles_work() -> None:
    shared, given = kernels()[0], draw((4, 3), 2)
    mapped = torch.func.vmap(shared, in_dims=(0, None))(given["x"], given["w"])
    assert torch.equal(mapped, shared(given["x"], given["w"]))

    class Model(torch.nn.Module):
        def forward(self, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
            return shared(x, w).square()

    compiled = torch.compile(Model(), backend="aot_eager", fullgraph=True)
    assert torch.equal(compiled(given["x"], given["w"]), mapped.square())
    program = torch.export.export(
        Model(), (given["x"][0], given["w"]), dynamic_shapes=({0: torch.export.Dim("batch")}, None)
    )
    assert torch.equal(program.module()(given["x"].flatten(0, 1), given["w"]), mapped.square().flatten(0, 1))
    again = pickle.loads(pickle.dumps(shared))
    assert copy.copy(shared) is shared and again.spec == shared.spec and type(again) is SharedWeightsKernel
    assert f"0e + 1o, {shared.weights} weights, float64" in repr(again)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"x": torch.zeros(3, 5, 2, dtype=torch.float64)}, "takes x of shape"),
        ({"x": None}, "takes torch tensors, got NoneType for x"),
        ({"w": torch.zeros(1, 6, 2, dtype=torch.float64)}, r"takes w of shape \(weights, channel\)"),
        ({"w": [1.0]}, "takes torch tensors, got list for w"),
        ({"v": torch.zeros(1, 2, dtype=torch.float64)}, r"takes v of shape \(weights, channel\)"),
        ({"ybar": torch.zeros(3, 9, 2, dtype=torch.float64)}, "takes ybar of shape"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(change: dict[str, Any], sentence: str) -> None:
    given = draw((3,), 2) | change
    with pytest.raises(InputError, match=sentence) as caught:
        kernels()[0].vjp_of_vjp(*(given[name] for name in ("x", "w", "ybar", "u", "v")))
    assert "\n" not in str(caught.value)
