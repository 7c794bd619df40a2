"""Our autograd functions are bound as torch binds any, without asking for their signature again."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch

from invgen.runtime.autograd import SignedFunction


class Scaled(SignedFunction):
    """x -> factor x."""

    @staticmethod
    def forward(x: torch.Tensor, factor: float = 2.0) -> torch.Tensor:
        return factor * x

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
        ctx.factor = inputs[1]

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None]:
        return ctx.factor * grad, None


class Thrice(Scaled):
    """A class of its own forward, and so of its own signature."""

    @staticmethod
    def forward(x: torch.Tensor, factor: float = 3.0) -> torch.Tensor:
        return factor * x


@pytest.mark.parametrize(("function", "factor"), [(Scaled, 2.0), (Thrice, 3.0)])
def test_defaults_are_filled_in_and_reach_the_gradient(function: Any, factor: float) -> None:
    x = torch.ones(3, requires_grad=True)
    y = function.apply(x)
    y.sum().backward()
    assert torch.equal(y.detach(), torch.full((3,), factor))
    assert torch.equal(x.grad, torch.full((3,), factor))


def test_the_signature_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    function: Any = Scaled
    looked_up = []
    found = inspect._signature_from_function  # type: ignore[attr-defined]

    def counted(*given: Any, **options: Any) -> inspect.Signature:
        looked_up.append(given)
        return found(*given, **options)

    monkeypatch.setattr(inspect, "_signature_from_function", counted)
    function.apply(torch.ones(1))
    assert not [given for given in looked_up if Scaled.forward in given]
