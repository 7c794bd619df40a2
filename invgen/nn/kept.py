"""What follows from parameters and buffers alone, kept between calls while their values stay the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

import torch

Made = TypeVar("Made", torch.Tensor, tuple[torch.Tensor, ...])


class Kept(Generic[Made]):
    """The latest result, made anew where gradients are recorded or a tensor that it follows from has another value.

    Values are compared, and not PyTorch's counters of changes: `parameter.data.copy_(...)`, by which moving averages
    of weights are put into a model, counts nowhere. On other devices than CPUs, where every comparison would wait for
    the device, and in graphs of `torch.compile` and `torch.export`, results are made by every call.
    """

    def __init__(self) -> None:
        self._latest: tuple[Hashable, list[torch.Tensor], Made] | None = None

    def __call__(self, tensors: Iterable[torch.Tensor], key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of these tensors.

        Args:
            tensors: all parameters and buffers that it follows from.
            key: what else it follows from.
            make: makes it.
        """
        own = list(tensors)
        if torch.compiler.is_compiling() or any(each.device.type != "cpu" for each in own):
            return make()
        if torch.is_grad_enabled() and any(each.requires_grad for each in own):
            return make()
        whole = key, tuple((each.dtype, each.shape) for each in own)
        latest = self._latest
        if latest is None or latest[0] != whole or not all(map(torch.equal, latest[1], own)):
            # Tensors that are made in inference mode could take no part in gradients later.
            with torch.inference_mode(False), torch.no_grad():
                latest = self._latest = whole, [each.clone() for each in own], make()
        return latest[2]

    def __deepcopy__(self, memo: dict[int, Any]) -> Kept[Made]:
        return Kept()

    def __reduce__(self) -> tuple[Any, ...]:
        return Kept, ()
