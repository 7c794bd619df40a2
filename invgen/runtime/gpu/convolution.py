"""Convolutions on NVIDIA GPUs: which kernels a call launches, on the current stream, without a wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch

from invgen.errors import InputError
from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.convolution_spec import ConvolutionSpec
from invgen.runtime.families.pairs import Step
from invgen.runtime.families.table import Function
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import report
from invgen.runtime.gpu.pairs import LANES, CudaPairs, Launch, Sizes
from invgen.runtime.gpu.plan import read_plans
from invgen.runtime.implementation import Tensors
from invgen.runtime.spec import KernelSpec

_MOST_OFFSET: Final = 2**31 - 1
_FUNCTIONS: Final = ("value", "jvp", "vjp_sources", "second_sources", "vjp_pairs", "second_pairs")


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
        return self.warps * LANES

    def shape(self, owners: int, channels: int) -> tuple[int, int]:
        """The blocks of a launch, and the threads of a block.

        Raises:
            InputError: more blocks than a launch can have.
        """
        if self.owners == "pairs":
            return blocks_of(owners, self.owners_per_block), self.threads
        chunks = -(-self.copies * channels // LANES)
        # As few blocks as hold all channels, which then share them evenly.
        blocks = -(-chunks // self.warps)
        return blocks_of(owners * blocks, 1), -(-chunks // blocks) * LANES


def convolution_plans(spec: KernelSpec) -> tuple[ConvolutionPlan, ...]:
    """The plans of the kernels in a source, in the order in which those of one function run.

    Raises:
        BasisFileError: a line is damaged, or a function is absent.
    """
    return read_plans(spec.source, spec.name, lambda fields: ConvolutionPlan(**fields), _FUNCTIONS)


def convolution_report(spec: ConvolutionSpec, architecture: str) -> tuple[KernelReport, ...]:
    """The same as `build_report`, for a convolution."""
    return report(spec.kernel, architecture, convolution_plans(spec.kernel))


class CudaConvolution(CudaPairs):
    """Convolutions on tensors of a GPU.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: ConvolutionSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._most_rows = max(spec.kernel.dimension, spec.kernel.count, spec.weights)
        plans = convolution_plans(spec.kernel)
        self._plans = {name: [plan for plan in plans if plan.function == name] for name in _FUNCTIONS}
        super().__init__(spec, plans, devices)

    def lengths(self, given: Sequence[torch.Tensor]) -> tuple[int, ...]:
        """The number of channels.

        Raises:
            InputError: numbers of one pair are more than an offset in a kernel can count.
        """
        channels = given[1].shape[-1]
        if self._most_rows * channels > _MOST_OFFSET:
            raise InputError(
                f"kernel {self._name!r} was given {channels} channels of {self._most_rows} rows, more than 2^31 "
                "numbers of one pair: pass fewer channels at a time"
            )
        return (channels,)

    def steps(self, function: Function, given: Sequence[Any], out: Tensors) -> list[Step]:
        """Gradients of pairs and of sources, which are separate kernels."""
        return _steps(function, given[: len(given) - len(function.flags)], out)

    def launches(self, step: str, sizes: Sizes, lengths: tuple[int, ...]) -> list[Launch]:
        """All kernels of the part."""
        return [(plan, *plan.shape(sizes[plan.owners], *lengths)) for plan in self._plans[step]]


def _steps(function: Function, given: Sequence[torch.Tensor], out: Tensors) -> list[Step]:
    """What gradients of pairs and of sources, which are separate kernels, read and write."""
    if function.kind in ("value", "jvp"):
        return [(function.name, given, out)]
    vectors, weights, features, ybar, *along = given
    if function.kind == "vjp":
        by_pairs: list[Step] = [("vjp_pairs", given, out[:2])]
        by_sources: list[Step] = [("vjp_sources", (vectors, weights, ybar), out[2:])]
        return by_pairs * bool(out[0].numel() or out[1].numel()) + by_sources * bool(out[2].numel())
    return [
        ("second_pairs", given, out[:2]),
        ("second_sources", (vectors, weights, ybar, *along[:2]), out[2:3]),
        # What multiplies ybar in <u, vjp> is the change of the sums along u.
        ("jvp", (vectors, weights, features, *along), out[3:]),
    ]
