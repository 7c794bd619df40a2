"""What holds for kernels of every family: one build and one set of operators, the same refusals, the same memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

import invgen
from invgen.compiler.convolution import convolution_spec
from invgen.compiler.moments import moments_spec
from invgen.errors import InputError, InvgenError, MemoryShortageError
from invgen.runtime import (
    Kernel,
    Neighbours,
    build,
    build_convolution,
    build_gathered,
    build_moments,
    build_tabulated,
    build_weighted,
    building,
)
from invgen.runtime.families import FAMILIES, family_of
from invgen.runtime.operators import NAMESPACE, operator_name
from tests.support import gathered_cases
from tests.support.handwritten import make_spec
from tests.support.weighted_cases import SPECIES, draw, kernel_of


@pytest.fixture(params=sorted(FAMILIES))
def kernel(request: pytest.FixtureRequest) -> Any:
    if request.param == "invariants":
        return build(make_spec())
    return made(request.param)


def made(family: str) -> Any:
    """A small kernel of a family that is compiled."""
    if family == "weighted":
        return kernel_of("small")
    if family == "gathered":
        return gathered_cases.kernel_of()
    if family == "convolution":
        return invgen.compile_convolution("0e", 1, dtype=torch.float64)
    if family == "tabulated":
        return invgen.compile_convolution("0e", 1, radial="table", knots=4, span=(0.0, 2.0), dtype=torch.float64)
    return invgen.compile_moments(1, dtype=torch.float64)


MAKERS: dict[str, Any] = {
    "invariants": build,
    "weighted": build_weighted,
    "gathered": build_gathered,
    "moments": build_moments,
    "convolution": build_convolution,
    "tabulated": build_tabulated,
}


def pairs() -> Neighbours:
    return Neighbours.from_receivers(torch.tensor([0, 0, 1]), torch.tensor([1, 2, 0]), 3)


def arguments(kernel: Any) -> tuple[Any, ...]:
    """What the value is a function of, and all constants."""
    generator = torch.Generator().manual_seed(0)

    def one(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    if isinstance(kernel, Kernel):
        return (one(4, 3, 5),)
    if kernel.spec.family == "weighted":
        given = draw(kernel, (4,), 3)
        return given["x"], given["w"], given["species"]
    if kernel.spec.family == "gathered":
        given = gathered_cases.draw((4,), 3)
        return given["x"], given["z"], given["w"], given["index"]
    if kernel.spec.family == "convolution":
        return one(3, 3), one(3, 2, 2), one(3, 1, 2), pairs()
    if kernel.spec.family == "tabulated":
        return one(3, 3), one(1, 6, 2, 2, 2), one(3, 1, 2), pairs()
    return one(3, 3), one(3, 2), one(3, 2, 2), pairs()


def test_operators_have_the_names_and_schemas_of_the_table(kernel: Any) -> None:
    family = family_of(kernel.spec)
    for function in family.operators:
        operator = getattr(getattr(torch.ops, NAMESPACE), operator_name(kernel.spec, function.name)).default
        schema = str(operator._schema)
        assert schema == f"{NAMESPACE}::{operator_name(kernel.spec, function.name)}{family.schema(function)}"


def test_names_of_operators_are_those_that_saved_programs_hold() -> None:
    spec = make_spec()
    assert operator_name(spec, "vjp") == f"handwritten_{spec.key}_vjp"
    weighted, moments, convolution = kernel_of("small").spec, moments_spec(1), convolution_spec("0e", 1)
    assert operator_name(weighted, "vjp_x") == f"{weighted.kernel.name}_{weighted.kernel.key}_weighted_vjp_x"
    assert operator_name(moments, "value") == f"moments_mixed_{moments.kernel.key}_value"
    assert operator_name(convolution, "value") == f"convolution_{convolution.kernel.key}_value"
    tabulated = convolution_spec("0e", 1, radial="table", span=(0, 1))
    assert operator_name(tabulated, "value") == f"convolution_{tabulated.kernel.key}_tabulated_value"


def test_a_spec_is_built_and_registered_once(kernel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(building._LOADERS, "c", lambda *_: pytest.fail("the kernel was built again"))
    again = MAKERS[kernel.spec.family](kernel.spec)
    assert again._implementation is kernel._implementation and again._operators is kernel._operators


def test_operators_from_cpp_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = make_spec(name="by_cpp_once")
    first = build(spec, registration="c++")
    monkeypatch.setattr(building, "c_library", lambda *_, **__: pytest.fail("the library was built again"))
    assert build(spec, registration="c++")._implementation is first._implementation
    assert build(spec)._implementation is first._implementation


@pytest.mark.parametrize("family", ["weighted", "moments", "convolution", "tabulated"])
def test_families_without_cpp_say_so_in_one_sentence(family: str, tmp_path: Path) -> None:
    kernel = made(family)
    sentence = rf"is for kernels of invariants alone, and kernel '\w+' is one of {family}: use registration=\"python\""
    with pytest.raises(InputError, match=sentence):
        MAKERS[family](kernel.spec, registration="c++")
    with pytest.raises(InputError, match=sentence):
        kernel.write_operators(tmp_path / "operators.so")


def test_a_target_that_a_family_does_not_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = invgen.compile_moments(1, dtype=torch.float64).spec
    monkeypatch.setitem(FAMILIES, "moments", replace(FAMILIES["moments"], targets=("c", "cuda")))
    with pytest.raises(InputError, match="kernels of moments are built for target 'c' or 'cuda', got 'torch'"):
        build_moments(replace(spec, kernel=replace(spec.kernel, target="torch")))


def test_only_what_has_a_report_gives_one(kernel: Any) -> None:
    with pytest.raises(InputError, match="of target 'c' has no build report: only 'cuda' has one"):
        kernel.build_report()


def test_a_third_derivative_is_refused_with_a_remedy(kernel: Any) -> None:
    given = arguments(kernel)
    x = given[0].clone().requires_grad_()
    (first,) = torch.autograd.grad(kernel(x, *given[1:]).square().sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.square().sum(), x, create_graph=True)
    with pytest.raises(InputError) as caught:
        torch.autograd.grad(second.sum(), x)
    said = str(caught.value)
    assert said.startswith(f"kernel {kernel.name!r} is differentiable twice, and a third derivative was asked for: ")
    assert said.endswith(family_of(kernel.spec).remedy) and "plain PyTorch" in said


def test_forward_mode_twice_is_refused_with_what_to_use(kernel: Any) -> None:
    x, *rest = arguments(kernel)
    with pytest.raises(InputError, match=r"twice in forward mode.*use torch.func.hessian"):
        torch.func.jacfwd(torch.func.jacfwd(lambda x: kernel(x, *rest).sum()))(x)


def negated(tensor: torch.Tensor) -> torch.Tensor:
    """The same numbers as a contiguous view whose memory holds their negatives."""
    view = torch._neg_view(-tensor)
    assert view.is_neg() and view.is_contiguous()
    return view


def test_numbers_that_are_negated_when_read_are_those_that_a_kernel_sees(kernel: Any) -> None:
    given = arguments(kernel)
    views = [negated(each) if isinstance(each, torch.Tensor) and each.is_floating_point() else each for each in given]
    assert torch.equal(kernel.value(*views), kernel.value(*given))
    assert torch.equal(kernel(*views), kernel(*given))


def test_imaginary_parts_are_arguments_like_others() -> None:
    kernel = build(make_spec())
    x = torch.randn(4, 3, 5, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    imaginary = torch.view_as_complex(x).conj().imag
    assert imaginary.is_neg()
    assert torch.equal(kernel.value(imaginary), kernel.value(-x[..., 1]))


def test_an_out_that_is_negated_when_read_is_refused() -> None:
    kernel = build(make_spec())
    out = torch._neg_view(torch.zeros(4, 2, 5, dtype=torch.float64))
    with pytest.raises(InputError, match=r"negated when they are read: pass out.resolve_neg\(\)"):
        kernel.value(torch.ones(4, 3, 5, dtype=torch.float64), out=out)


def test_a_shortage_of_memory_is_an_error_of_invgen_and_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    assert issubclass(MemoryShortageError, InvgenError) and issubclass(MemoryShortageError, MemoryError)
    monkeypatch.setattr("invgen.runtime.c_pairs.MOMENTS_NO_MEMORY", 0)  # what success returns
    for family in ("moments", "convolution"):
        kernel = made(family)
        with pytest.raises(MemoryShortageError, match="found no memory for one chunk of pairs"):
            kernel.value(*arguments(kernel))


def test_a_species_beyond_the_last_is_refused_in_eager_mode_and_under_vmap() -> None:
    kernel = kernel_of("small")
    x, w, species = arguments(kernel)
    with pytest.raises(InputError, match=f"w has {SPECIES} species, numbered from 0"):
        kernel(x, w, torch.full_like(species, SPECIES))
