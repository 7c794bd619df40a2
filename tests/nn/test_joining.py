"""Parts are joined as torch.cat joins them, with the same derivatives of both orders."""

from __future__ import annotations

import torch

from invgen.nn.joining import joined


def parts() -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(2, n, 3, generator=generator, dtype=torch.float64, requires_grad=True) for n in (1, 3, 2)]


def test_values_and_derivatives_are_those_of_cat() -> None:
    given = parts()
    assert torch.equal(joined(given, 1), torch.cat(given, 1))
    assert joined(given[:1], 1) is given[0]
    assert torch.autograd.gradcheck(lambda *each: joined(each, 1), given)
    assert torch.autograd.gradgradcheck(lambda *each: joined(each, 1).square(), given)


def test_no_derivative_fills_up_parts_with_zeros() -> None:
    given = parts()
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as found:
        first = torch.autograd.grad(joined(given, 1).pow(3).sum(), given, create_graph=True)
        sum(each.square().sum() for each in first).backward()  # type: ignore[union-attr]
    assert "aten::slice_backward" not in {each.key for each in found.key_averages()}


def test_graphs_and_batches_of_functions_hold_it() -> None:
    given = [each.detach() for each in parts()]
    compiled = torch.compile(lambda *each: joined(each, 1) * 2, fullgraph=True, backend="eager")
    assert torch.equal(compiled(*given), torch.cat(given, 1) * 2)
    assert torch.equal(torch.func.vmap(lambda *each: joined(each, 0))(*given), torch.cat(given, 1))
