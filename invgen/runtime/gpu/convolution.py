"""Convolutions on NVIDIA GPUs: which kernels a call launches, on the current stream, without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch

from invgen.errors import BasisFileError, InputError
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.convolution_spec import ConvolutionSpec
from invgen.runtime.families.pairs import apart
from invgen.runtime.families.table import Function
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import CudaLibrary, report
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.implementation import Tensors
from invgen.runtime.spec import KernelSpec

_LANES: Final = 32
_MOST_OFFSET: Final = 2**31 - 1
_FUNCTIONS: Final = ("value", "jvp", "vjp_sources", "second_sources", "vjp_pairs", "second_pairs")

_Launch = tuple[str, Sequence[torch.Tensor], Sequence[torch.Tensor]]
"""One of `_FUNCTIONS`, what it reads beside the lists, and what it writes."""


@dataclass(frozen=True)
class ConvolutionPlan:
    """How one kernel is launched.

    Attributes:
        name: its C name.
        function: value, jvp, vjp_pairs, vjp_sources, second_pairs or second_sources; several kernels of one function
            run in their order.
        owners: "atoms", "sources" or "pairs": what its blocks share out.
        owners_per_block: how many of them one block takes; where it is one, a thread takes one channel of it.
        copies: channels side by side are so many times the channels.
        warps: of a block at most.
    """

    name: str
    function: str
    owners: str
    owners_per_block: int
    copies: int
    warps: int

    @property
    def threads(self) -> int:
        """The threads of a block at most."""
        return self.warps * _LANES

    def shape(self, owners: int, channels: int) -> tuple[int, int]:
        """The blocks of a launch, and the threads of a block.

        Raises:
            InputError: more blocks than a launch can have.
        """
        if self.owners == "pairs":
            return blocks_of(owners, self.owners_per_block), self.threads
        chunks = -(-self.copies * channels // _LANES)
        # As few blocks as hold all channels, which then share them evenly.
        blocks = -(-chunks // self.warps)
        return blocks_of(owners * blocks, 1), -(-chunks // blocks) * _LANES


def convolution_plans(spec: KernelSpec) -> tuple[ConvolutionPlan, ...]:
    """The plans of the kernels in a source, in the order in which those of one function run.

    Raises:
        BasisFileError: a line is damaged, or a function is absent.
    """
    plans = read_plans(spec.source, spec.name, lambda fields: ConvolutionPlan(**fields))
    missing = [name for name in _FUNCTIONS if all(plan.function != name for plan in plans)]
    if missing:
        raise BasisFileError(f"the CUDA source of kernel {spec.name!r} lacks {missing[0]}: regenerate it")
    return plans


def convolution_report(spec: ConvolutionSpec, architecture: str) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel on an architecture such as "sm_90"; needs no GPU.

    Args:
        spec: of target "cuda".
        architecture: what to compile for, such as "sm_80".

    Raises:
        CompilerError: NVRTC is missing, does not know the architecture, or refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    return report(spec.kernel, architecture, convolution_plans(spec.kernel))


class CudaConvolution(CudaLibrary):
    """Neighbour lists are checked where they are read: what does not fit together gives NaN.

    Nothing is read out of bounds.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: ConvolutionSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._name = spec.kernel.name
        self._most_rows = max(spec.kernel.dimension, spec.kernel.count, spec.weights)
        plans = convolution_plans(spec.kernel)
        self._plans = {name: [plan for plan in plans if plan.function == name] for name in _FUNCTIONS}
        super().__init__(spec, plans, devices)

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """The kernels of every part of what is wanted."""
        given, lists = apart(function, inputs)
        given = given[: len(given) - len(function.flags)]
        sizes = {"atoms": lists[0].shape[0] - 1, "sources": lists[3].shape[0] - 1, "pairs": lists[1].shape[0]}
        channels, place = given[1].shape[-1], given[1].device
        for tensor in (*given, *lists):
            if tensor.device != place:
                raise InputError(
                    f"kernel {self._name!r} was given tensors on {place} and on {tensor.device}: "
                    "move them to one device"
                )
        if self._most_rows * channels > _MOST_OFFSET:
            raise InputError(
                f"kernel {self._name!r} was given {channels} channels of {self._most_rows} rows, more than 2^31 "
                "numbers of one pair: pass fewer channels at a time"
            )
        loaded = self._on(place)
        for name, read, written in _launches(function, given, out):
            if channels == 0:
                # Sums over no channels; arrays with an axis of channels are empty.
                for array in written:
                    array.zero_()
                continue
            for plan in self._plans[name]:
                blocks, threads = plan.shape(sizes[plan.owners], channels)
                if blocks:
                    arguments = [
                        *(tensor.data_ptr() for tensor in lists),
                        *sizes.values(),
                        channels,
                        *(tensor.data_ptr() for tensor in read),
                        # What has no elements is not wanted.
                        *(tensor.data_ptr() if tensor.numel() else 0 for tensor in written),
                    ]
                    loaded.device.launch(loaded.handles[plan.name], blocks, threads, arguments)


def _launches(function: Function, given: Sequence[torch.Tensor], out: Tensors) -> list[_Launch]:
    """What gradients of pairs and of sources, which are separate kernels, read and write."""
    if function.kind in ("value", "jvp"):
        return [(function.name, given, out)]
    vectors, weights, features, ybar, *along = given
    if function.kind == "vjp":
        by_pairs: list[_Launch] = [("vjp_pairs", given, out[:2])]
        by_sources: list[_Launch] = [("vjp_sources", (vectors, weights, ybar), out[2:])]
        return by_pairs * bool(out[0].numel() or out[1].numel()) + by_sources * bool(out[2].numel())
    return [
        ("second_pairs", given, out[:2]),
        ("second_sources", (vectors, weights, ybar, *along[:2]), out[2:3]),
        # What multiplies ybar in <u, vjp> is the change of the sums along u.
        ("jvp", (vectors, weights, features, *along), out[3:]),
    ]
