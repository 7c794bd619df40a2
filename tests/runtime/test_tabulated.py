"""Convolutions with radial tables: held against weights of every pair, finite differences and damaged input."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck

from invgen.errors import InputError
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support.moments_cases import CLOSE, derivatives, leaves, neighbours_of
from tests.support.tabulated_cases import SPAN, TabulatedCase, case

TARGETS = ("c", "torch")


def assert_is_the_definition(this: TabulatedCase) -> None:
    """Value, gradients and their gradients by everything are those of the definition."""
    ours, theirs = derivatives(this, this.tensors), derivatives(this.naive, this.tensors)
    for one, two in zip(ours, theirs, strict=True):
        assert one.shape == two.shape
        torch.testing.assert_close(one, two, **CLOSE)


@pytest.mark.parametrize("tables", [1, 3])
@pytest.mark.parametrize("target", TARGETS)
def test_value_and_both_derivatives_are_those_of_the_definition(target: str, tables: int) -> None:
    # Less than a vector of channels, and several with a rest.
    for channels in (1, 11):
        this = case("2x0e + 1o + 1e", channels=channels, tables=tables, target=target)
        lengths = this.tensors[0].norm(dim=1)
        assert lengths.min() < SPAN[0] and lengths.max() > SPAN[1]
        assert_is_the_definition(this)


def test_blocks_and_parts_of_pairs_join_without_a_seam() -> None:
    # Several parts of the receivers, whose gradients by the table are summed apart, and more than one block.
    for neighbours in (neighbours_of(20, 5000, 7000), neighbours_of(900, 3, 4000)):
        assert_is_the_definition(case(channels=3, neighbours=neighbours))


@pytest.mark.parametrize("target", TARGETS)
def test_float32_is_float64_rounded(target: str) -> None:
    this = case(dtype=torch.float32, target=target)
    exact = derivatives(this.naive, tuple(tensor.double() for tensor in this.tensors))
    for low, high in zip(derivatives(this, this.tensors), exact, strict=True):
        assert low.dtype == torch.float32
        # Directions of random pairs may have |r| of 0.1, which second derivatives divide by twice.
        assert (low.double() - high).abs().max() <= 1e-4 * (1 + high.abs().max())


@pytest.mark.parametrize("target", TARGETS)
def test_gradients_that_are_not_wanted_have_no_elements_and_change_no_other(target: str) -> None:
    this = case(channels=3, neighbours=neighbours_of(9, 5, 2500), target=target)
    ybar = torch.ones_like(this(*this.tensors))
    every = this.kernel.vjp(*this.tensors, this.neighbours, ybar)
    for number in range(8):
        wanted = bool(number & 1), bool(number & 2), bool(number & 4)
        found = this.kernel.vjp(*this.tensors, this.neighbours, ybar, wanted=wanted)
        for flag, one, full in zip(wanted, found, every, strict=True):
            assert torch.equal(one, full) if flag else one.shape == (0,)


def test_changes_of_vectors_and_features_alone_are_those_with_a_table_that_does_not_change() -> None:
    # C reads changes of tables only where one is not zero; the second derivative is linear in the changes.
    this, plain = (case(channels=3, neighbours=neighbours_of(9, 5, 40), target=target) for target in ("c", "torch"))
    generator = torch.Generator().manual_seed(3)
    like = (*this.tensors, this(*this.tensors))
    *u, ybar = (torch.randn(each.shape, generator=generator, dtype=each.dtype) for each in like)
    alone = (u[0], torch.zeros_like(u[1]), u[2])
    for derivative in ("jvp", "vjp_of_vjp"):
        given = (*this.tensors, this.neighbours, *((ybar,) if derivative == "vjp_of_vjp" else ()), alone)
        found, wanted = (getattr(each.kernel, derivative)(*given) for each in (this, plain))
        for one, two in zip(found, wanted, strict=True):
            # Of sums of some hundred products in float64.
            assert (one - two).abs().max() <= 1e-12 * two.abs().max()


@pytest.mark.xdist_group("threads")
def test_results_do_not_depend_on_the_number_of_threads() -> None:
    this = case(channels=5, neighbours=neighbours_of(300, 60, 5000), dtype=torch.float32, tables=2)
    before, results = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 3):
            torch.set_num_threads(threads)
            results.append(derivatives(this, this.tensors))
    finally:
        torch.set_num_threads(before)
    for other in results[1:]:
        assert all(torch.equal(one, two) for one, two in zip(results[0], other, strict=True))


@pytest.mark.parametrize("target", TARGETS)
def test_derivatives_are_those_of_finite_differences_in_both_modes(target: str) -> None:
    this = case("0e", 0 if target == "torch" else 1, 1, neighbours_of(3, 2, 3), span=(0.0, 9.0), target=target)
    inputs = leaves(this.tensors)
    assert gradcheck(this, inputs, check_forward_ad=True)
    assert gradgradcheck(this, inputs)


@pytest.mark.parametrize("target", TARGETS)
def test_operators_pass_opcheck(target: str) -> None:
    this = case("0e", 0, 1, neighbours_of(3, 2, 3), knots=4, target=target)
    lists, ybar = (*this.neighbours.lists, torch.zeros(3, dtype=torch.int64)), torch.ones_like(this(*this.tensors))
    inputs = leaves(this.tensors)

    def operator(function: str) -> Any:
        return getattr(getattr(torch.ops, NAMESPACE), operator_name(this.kernel.spec, function)).default

    opcheck(operator("value"), (*inputs, *lists))
    opcheck(operator("vjp"), (*this.tensors, ybar, *lists, True, False, True))
    opcheck(operator("vjp_of_vjp"), (*this.tensors, ybar, *this.tensors, *lists))


def test_the_slope_ends_at_the_ends_of_the_span() -> None:
    this = case(neighbours=neighbours_of(2, 1, 1))
    vectors, table, features = this.tensors
    for length, flat in ((0.1, True), (1.0, False), (7.0, True)):
        given = (length * vectors / vectors.norm()).requires_grad_()
        (gradient,) = torch.autograd.grad(this(given, table, features).sum(), given)
        along = float((gradient * given).sum().detach())
        # What is left of the gradient turns the harmonics, and is orthogonal to the vector.
        assert (abs(along) < 1e-12) is flat
    # The pair of a receiver that is not a number is so in its sums, and in no others.
    this = case(neighbours=neighbours_of(4, 3, 9))
    vectors = this.tensors[0].clone()
    vectors[0] = float("nan")
    found = this(vectors, *this.tensors[1:])
    first = int(this.neighbours.receivers[0])
    assert found[first].isnan().all() and not found[first + 1 :].isnan().any()


@pytest.mark.parametrize("target", TARGETS)
def test_kinds_that_are_no_table_are_refused(target: str) -> None:
    this = case(tables=2, target=target)
    assert this.kinds is not None
    for wrong in (-1, 2):
        kinds = this.kinds.clone()
        kinds[3] = wrong
        with pytest.raises(InputError, match="kinds of pairs that are the number of no table: they count from 0"):
            this.kernel(*this.tensors, this.neighbours, kinds)
    with pytest.raises(InputError, match="takes one kind for each of 40 pairs, got 3"):
        this.kernel(*this.tensors, this.neighbours, this.kinds[:3])
    with pytest.raises(InputError, match=r"takes kinds of int64 on cpu, got torch\.int32 on cpu"):
        this.kernel(*this.tensors, this.neighbours, this.kinds.int())
    vectors, table, features = this.tensors
    with pytest.raises(InputError, match="takes one table or more, got none"):
        this.kernel(vectors, table[:0], features, this.neighbours)
    with pytest.raises(InputError, match=r"takes table of shape \(any, 11, 2, 5, 5\) here, got \(2, 11, 2, 5, 1\)"):
        this.kernel(vectors, table[..., :1], features, this.neighbours)


def test_a_table_beyond_its_bound_is_refused_and_another_is_as_exact_as_it_says() -> None:
    kernel = case(knots=64, span=(0.0, 3.0), target="torch").kernel
    shape = kernel.weights, 5

    def function(distances: torch.Tensor) -> torch.Tensor:
        rate = torch.arange(shape[0] * shape[1], dtype=torch.float64).reshape(shape) / 10
        return torch.cos(rate * distances[:, None, None])

    assert kernel.table_of(function, 1e-5).shape == (1, 66, 2, *shape)
    with pytest.raises(InputError, match=r"with 64 knots differs from its function by .* bound 1.0e-09"):
        kernel.table_of(function, 1e-9)
    with pytest.raises(InputError, match="the error bound of a table"):
        kernel.table_of(function, 0)
    with pytest.raises(InputError, match=r"of values \(..., 64, weights, channels\), got shape \(63, 5, 5\)"):
        kernel.table(torch.zeros(63, 5, 5))
    assert kernel.knots()[[0, -1]].tolist() == [0.0, 3.0]


@pytest.mark.parametrize("target", TARGETS)
def test_copies_and_pickles_are_the_kernel(target: str) -> None:
    this = case(target=target)
    for other in (copy.deepcopy(this.kernel), pickle.loads(pickle.dumps(this.kernel))):
        assert torch.equal(other(*this.tensors, this.neighbours), this(*this.tensors))
    assert repr(this.kernel).startswith("TabulatedKernel(convolution: 0e + 1o -> 2x0e + ")


@pytest.mark.slow
def test_compiled_and_exported_models_give_the_same() -> None:
    this = case(tables=2)
    assert this.kinds is not None

    class Sums(torch.nn.Module):
        def forward(self, vectors: torch.Tensor, table: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
            return this.kernel(vectors, table, features, this.neighbours, this.kinds)

    eager = this(*this.tensors)
    torch.testing.assert_close(torch.compile(Sums(), fullgraph=True)(*this.tensors), eager, **CLOSE)
    exported = torch.export.export(Sums(), this.tensors, strict=False).module()
    torch.testing.assert_close(exported(*this.tensors), eager, **CLOSE)
