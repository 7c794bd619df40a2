"""Sums over neighbours on NVIDIA GPUs: what a call launches, on the current stream, without a wait."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.families.pairs import Step, apart
from invgen.runtime.families.table import Function
from invgen.runtime.gpu.library import CudaLibrary
from invgen.runtime.gpu.plan import AnyPlan
from invgen.runtime.implementation import Tensors

LANES: Final = 32

Sizes = Mapping[str, int]
"""How many "atoms", "sources" and "pairs" there are, in this order."""

Launch = tuple[AnyPlan, int, int]
"""A kernel, its blocks and the threads of a block."""


class CudaPairs(CudaLibrary):
    """Neighbour lists are checked where they are read: what does not fit together gives NaN.

    Nothing is read out of bounds.

    Args:
        spec: the kernel; its source is CUDA C.
        plans: what its source says of its kernels.
        devices: which `Device` a tensor is on.
    """

    @abstractmethod
    def lengths(self, given: Sequence[torch.Tensor]) -> tuple[int, ...]:
        """What kernels are told of the arrays beside the sizes; the last is that of the axis that threads go along.

        Raises:
            InputError: the arrays are too large.
        """

    @abstractmethod
    def steps(self, function: Function, given: Sequence[Any], out: Tensors) -> Iterable[Step]:
        """The parts of a function, what each reads beside the lists, and what it writes; the flags end `given`."""

    @abstractmethod
    def launches(self, step: str, sizes: Sizes, lengths: tuple[int, ...]) -> Iterable[Launch]:
        """The kernels of a part of a function, in the order in which they run."""

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """The kernels of every part of what is wanted."""
        given, lists = apart(function, inputs)
        tensors: list[torch.Tensor] = given[: len(given) - len(function.flags)]
        sizes = {"atoms": lists[0].shape[0] - 1, "sources": lists[3].shape[0] - 1, "pairs": lists[1].shape[0]}
        place = tensors[1].device
        for tensor in (*tensors, *lists):
            if tensor.device != place:
                raise InputError(
                    f"kernel {self._name!r} was given tensors on {place} and on {tensor.device}: "
                    "move them to one device"
                )
        lengths, loaded = self.lengths(tensors), self._on(place)
        for step, read, written in self.steps(function, given, out):
            if lengths[-1] == 0:
                # Sums over no features; arrays with an axis of features are empty.
                for array in written:
                    array.zero_()
                continue
            # What has no elements is not wanted, and has no address.
            addresses = [tensor.data_ptr() if tensor.numel() else 0 for tensor in (*read, *written)]
            arguments = [*(each.data_ptr() for each in lists), *sizes.values(), *lengths, *addresses]
            for plan, blocks, threads in self.launches(step, sizes, lengths):
                if blocks:
                    loaded.device.launch(loaded.handles[plan.name], blocks, threads, arguments)
