"""Tensors made under `torch.inference_mode`, of which autograd knows nothing, as tensors that it can use."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch

from invgen.structures import Batch

T = TypeVar("T")


def usable(value: T) -> T:
    """A tensor or a dataclass of tensors, with copies of inference tensors; to be called outside that mode."""
    if isinstance(value, torch.Tensor):
        return value.clone() if value.is_inference() else value  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, Any] = {}
    for field in fields(value):
        before = getattr(value, field.name)
        after = usable(before)
        if after is not before:
            changed[field.name] = after
    if not changed:
        return value
    if isinstance(value, Batch):  # which was checked when it was made
        kept = {field.name: getattr(value, field.name) for field in fields(value)}
        return Batch.trusted(**(kept | changed))  # type: ignore[return-value]
    return replace(value, **changed)


def of_inference(module: torch.nn.Module) -> bool:
    """Whether a module was built under inference mode, by its first parameter."""
    first = next(module.parameters(), None)
    return first is not None and first.is_inference()


def usable_state(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Parameters and buffers by name, as `torch.func.functional_call` takes them."""
    return {name: usable(tensor) for name, tensor in (*module.named_parameters(), *module.named_buffers())}
