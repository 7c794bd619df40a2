"""Moments of target torch are those of the definition, in a fixed order, on any device."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck
from torch.library import opcheck
from torch.utils._python_dispatch import TorchDispatchMode

from invgen.compiler.moments import moments_spec
from invgen.errors import BasisFileError, InputError
from invgen.runtime import MomentsSpec, Neighbours, build_moments
from invgen.runtime.operators import NAMESPACE, operator_name
from invgen.runtime.torch_source import torch_implementation
from tests.support.moments_cases import CLOSE, FORMS, case, derivatives, neighbours_of


@pytest.mark.parametrize("angular", ["unit", "solid"])
@pytest.mark.parametrize("form", FORMS)
def test_value_and_both_derivatives_are_those_of_the_definition(form: str, angular: str) -> None:
    for l_max, radial, channels in ((3, 1, 1), (3, 6, 8), (0, 3, 5), (2, 2, 200)):
        this = case(form, l_max, radial, channels, angular, target="torch")
        for ours, theirs in zip(derivatives(this, this.tensors), derivatives(this.naive, this.tensors), strict=True):
            torch.testing.assert_close(ours, theirs, **CLOSE)


@pytest.mark.parametrize("form", FORMS)
def test_derivatives_are_those_of_finite_differences_in_both_modes(form: str) -> None:
    this = case(form, 2, 2, 2, neighbours=neighbours_of(3, 3, 5), target="torch")
    inputs = [tensor.clone().requires_grad_() for tensor in this.tensors]
    assert gradcheck(this, inputs, check_forward_ad=True, check_batched_grad=True)
    assert gradgradcheck(this, inputs, check_fwd_over_rev=True)


@pytest.mark.parametrize("form", FORMS)
def test_operators_pass_opcheck(form: str) -> None:
    this = case(form, 2, 2, 2, neighbours=neighbours_of(3, 3, 5), target="torch")
    lists = this.neighbours.lists
    given = this.tensors if len(this.tensors) == 3 else (torch.zeros(5, 0, dtype=torch.float64), *this.tensors)
    ybar = torch.ones_like(this(*this.tensors))
    inputs = [tensor.clone().requires_grad_(tensor.numel() > 0) for tensor in given]

    def operator(function: str) -> Any:
        return getattr(getattr(torch.ops, NAMESPACE), operator_name(this.kernel.spec, function)).default

    opcheck(operator("value"), (*inputs, *lists))
    opcheck(operator("vjp"), (*given, ybar, *lists, True, False))
    opcheck(operator("vjp"), (*given, ybar, *lists, False, True))
    opcheck(operator("jvp"), (*inputs, *given, *lists))
    opcheck(operator("vjp_of_vjp"), (*given, ybar, *given, *lists))


@pytest.mark.parametrize("form", FORMS)
def test_every_call_gives_the_same_bits(form: str) -> None:
    this = case(form, 3, 4, 33, neighbours=neighbours_of(50, 40, 900), dtype=torch.float32, target="torch")
    first = derivatives(this, this.tensors)
    threads = torch.get_num_threads()
    try:
        for number in (1, 2):
            torch.set_num_threads(number)
            assert all(torch.equal(one, two) for one, two in zip(first, derivatives(this, this.tensors), strict=True))
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("form", FORMS)
def test_empty_lists_give_zeros(form: str) -> None:
    for atoms, sources in ((0, 0), (3, 2), (3, 0)):
        none = torch.zeros(0, dtype=torch.int64)
        this = case(form, neighbours=Neighbours.from_receivers(none, none, atoms, sources), target="torch")
        value, *rest = derivatives(this, this.tensors)
        assert value.shape[0] == atoms and all((each == 0).all() for each in (value, *rest))
    assert case(form, channels=0, target="torch")(*case(form, channels=0).tensors).numel() == 0
    assert case(form, radial=0, target="torch")(*case(form, radial=0).tensors).sum() == 0


@pytest.mark.parametrize("altered", ["index", "row_pointer", "receivers", "column_pointer", "column_pairs"])
def test_lists_that_were_altered_are_refused(altered: str) -> None:
    this = case(target="torch")
    for wrong in (10**6, -1):
        lists = {name: getattr(this.neighbours, name).clone() for name in Neighbours.__dataclass_fields__}
        lists[altered][2] = wrong
        with pytest.raises(InputError, match=r"was given a neighbour list in which .*: make it with Neighbours"):
            this.kernel(*this.tensors, Neighbours(**lists))


class Largest(TorchDispatchMode):
    """Notes the most numbers that any result of an operator of PyTorch holds."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        for each in found if isinstance(found, tuple | list) else (found,):
            if isinstance(each, torch.Tensor):
                self.numbers = max(self.numbers, each.numel())
        return found


def test_nothing_of_the_size_of_pairs_times_harmonics_times_features_is_stored() -> None:
    this = case("mixed", 3, 8, 160, neighbours=neighbours_of(10, 10, 600), target="torch")
    functions, value = torch_implementation(this.kernel.spec), this(*this.tensors)
    with Largest() as seen:
        functions.call("value", *this.tensors, *this.neighbours.lists)
        functions.call("vjp", *this.tensors, value, *this.neighbours.lists, True, True)
        functions.call("vjp_of_vjp", *this.tensors, value, *this.tensors, *this.neighbours.lists)
    # Pairs times features, and pairs times harmonics, are; 600 · 160 is the larger one.
    assert 600 * 160 <= seen.numbers < 600 * 16 * 160 / 4


def test_any_device_takes_them() -> None:
    this = case(target="torch")
    vectors, radial, features = (tensor.to("meta") for tensor in this.tensors)
    found = this.kernel(vectors, radial, features, this.neighbours.to("meta"))
    assert found.is_meta and found.shape == this(*this.tensors).shape


def test_copies_and_pickles_are_the_kernel() -> None:
    this = case(target="torch")
    for other in (copy.deepcopy(this.kernel), pickle.loads(pickle.dumps(this.kernel))):
        assert torch.equal(other(*this.tensors, this.neighbours), this(*this.tensors))


def test_forms_of_one_name_are_different_kernels() -> None:
    specs = [moments_spec(None if form == "environment" else 1, form, name="sums", target="torch") for form in FORMS]
    assert len({spec.kernel.key for spec in specs}) == len(FORMS)


@pytest.mark.parametrize(
    ("damage", "sentence"), [(("def value", "def valu("), "damaged"), (("harmonics_jvp", "j"), "lacks")]
)
def test_a_damaged_source_is_refused(damage: tuple[str, str], sentence: str) -> None:
    spec = moments_spec(1, name="damaged", target="torch")
    kernel = replace(spec.kernel, source=spec.kernel.source.replace(*damage))
    with pytest.raises(BasisFileError, match=f"{sentence}.*regenerate it"):
        build_moments(MomentsSpec(kernel, "mixed"))


def test_what_a_target_lacks_is_refused_with_what_has_it() -> None:
    with pytest.raises(InputError, match=r"'full' have no GPU kernel: .* target='torch', which has every form"):
        moments_spec(1, "full", target="cuda")
    with pytest.raises(InputError, match="target must be one of 'c', 'cuda', 'torch', got 'tpu'"):
        moments_spec(1, target="tpu")
