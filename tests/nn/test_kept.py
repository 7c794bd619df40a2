"""What is kept between calls is what would be made anew, however its tensors were changed."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest
import torch

from invgen.nn.kept import Kept


class Doubled(torch.nn.Module):
    """Twice a parameter, and how often it was computed."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(3), requires_grad=False)
        self.kept: Kept[torch.Tensor] = Kept()
        self.made = 0

    def forward(self) -> torch.Tensor:
        return self.kept([self.weight], "a key", self._make)

    def _make(self) -> torch.Tensor:
        self.made += 1
        return 2 * self.weight


def test_nothing_is_made_anew_while_nothing_changes() -> None:
    module = Doubled()
    assert module() is module() and module.made == 1
    module.weight.copy_(module.weight.clone())
    assert module() is module() and module.made == 1


def through_data(module: Doubled) -> None:
    module.weight.data.copy_(torch.full((3,), 5.0))  # as moving averages of weights do: no counter of changes moves


def through_state(module: Doubled) -> None:
    module.load_state_dict({"weight": torch.full((3,), 5.0)})


def through_assignment(module: Doubled) -> None:
    module.weight = torch.nn.Parameter(torch.full((3,), 5.0), requires_grad=False)


def in_place(module: Doubled) -> None:
    module.weight[1:].fill_(5.0)


def to_float64(module: Doubled) -> None:
    module.double()


@pytest.mark.parametrize("change", [through_data, through_state, through_assignment, in_place, to_float64])
def test_every_change_of_a_tensor_is_seen(change: Callable[[Doubled], None]) -> None:
    module = Doubled()
    module()
    change(module)
    found = module()
    assert torch.equal(found, 2 * module.weight) and found.dtype == module.weight.dtype and module.made == 2


def test_another_key_makes_another_result() -> None:
    kept: Kept[torch.Tensor] = Kept()
    weight = torch.ones(2)
    first = kept([weight], 1, lambda: weight * 1)
    assert torch.equal(kept([weight], 2, lambda: weight * 2), 2 * first)


def test_where_gradients_are_recorded_they_flow() -> None:
    module = Doubled()
    module.weight.requires_grad_()
    module().sum().backward()
    assert module.weight.grad is not None and torch.equal(module.weight.grad, torch.full((3,), 2.0))
    with torch.no_grad():
        assert not module().requires_grad


def test_what_was_made_in_inference_mode_can_take_part_in_gradients() -> None:
    module = Doubled()
    with torch.inference_mode():
        module()
    x = torch.ones(3, requires_grad=True)
    (x * module()).sum().backward()
    assert x.grad is not None and torch.equal(x.grad, torch.full((3,), 2.0)) and module.made == 1


def test_copies_and_pickles_keep_nothing() -> None:
    module = Doubled()
    module()
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert torch.equal(other(), module()) and other.made == 2
