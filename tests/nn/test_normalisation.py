"""Group norm is PyTorch's, with right derivatives of both orders."""

from __future__ import annotations

import pytest
import torch

from invgen.nn import GroupNorm
from invgen.nn.normalisation import normalised


def example(scale: float = 1.0) -> tuple[GroupNorm, torch.Tensor]:
    torch.manual_seed(0)
    layer = GroupNorm(3, 7, eps=1e-3, dtype=torch.float64)
    torch.nn.init.normal_(layer.weight)
    torch.nn.init.normal_(layer.bias)
    return layer, scale * torch.randn(5, 3, 7, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("scale", [1.0, 1e-2, 0.0])
def test_it_is_pytorchs_group_norm(scale: float) -> None:
    layer, x = example(scale)
    expected = torch.nn.functional.group_norm(x.flatten(1), 3, layer.weight.flatten(), layer.bias.flatten(), 1e-3)
    # Sums of seven numbers of order one in another order.
    torch.testing.assert_close(layer(x).flatten(1), expected, rtol=1e-13, atol=1e-13)
    mixing = torch.randn(3, 7, 4, dtype=torch.float64)
    torch.testing.assert_close(layer.mixed(x, mixing), expected @ mixing.flatten(0, 1), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("scale", [1.0, 1e-2])
def test_derivatives_of_both_orders_are_right(scale: float) -> None:
    x = scale * torch.randn(4, 2, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    x.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: normalised(x, 1e-3), x)
    assert torch.autograd.gradgradcheck(lambda x: normalised(x, 1e-3), x)


def test_a_third_derivative_is_refused() -> None:
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(normalised(x, 1e-3).pow(3).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.pow(3).sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        second.sum().backward()
