"""Kernels for NVIDIA GPUs: machine code from the cache or NVRTC, one module per device, launches without a wait.

Equal inputs give equal bits: there are no atomics, and sums have a fixed order. Families differ in what a call
launches.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from invgen.runtime.build.cubin import KernelReport, reports
from invgen.runtime.build.nvrtc import Compiled
from invgen.runtime.families import family_of
from invgen.runtime.families.table import Function, Spec
from invgen.runtime.gpu.device import Device, device_of
from invgen.runtime.gpu.loading import OnDevices, machine_code
from invgen.runtime.gpu.plan import AnyPlan
from invgen.runtime.implementation import Implementation, Tensors, bare_functions, dense
from invgen.runtime.spec import KernelSpec


@dataclass(frozen=True)
class Loaded:
    """The kernels of one device.

    Attributes:
        device: the device.
        handles: the kernels by name.
        made: their machine code.
        choice: which kernels a family launches, where it has several that would be enough.
    """

    device: Device
    handles: dict[str, Any]
    made: Compiled
    choice: Any = None


class CudaLibrary(Implementation, ABC):
    """The functions of a kernel on CUDA tensors: launches on the current stream of their device.

    Args:
        spec: the kernel; its source is CUDA C.
        plans: what its source says of its kernels.
        devices: which `Device` a tensor is on.
    """

    def __init__(
        self, spec: Spec, plans: Sequence[AnyPlan], devices: Callable[[torch.device], Device] = device_of
    ) -> None:
        self.kernels, self._name = plans, spec.kernel.name
        self._on = OnDevices(spec.kernel, [plan.name for plan in plans], devices, self._loaded)
        super().__init__(bare_functions(family_of(spec), spec, lambda function: partial(self._run, function)))

    @abstractmethod
    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """Launch what writes the results of a function; tensors are contiguous."""

    def load(self, device: torch.device) -> None:
        """Makes the kernel ready on a device, so that a call there can be captured in a graph.

        Raises:
            CompilerError: NVRTC refuses the source, or the driver the machine code.
        """
        self._on(device)

    def reports(self) -> tuple[KernelReport, ...]:
        """Registers, spills and occupancy of every kernel, for each architecture that one was loaded for."""
        found = {loaded.made.architecture: loaded.made for loaded in self._on.kept()}
        return tuple(report for made in found.values() for report in reports_of(made, self.kernels))

    def choice(self, made: Compiled) -> Any:
        """Which kernels to launch, where a family has several that could do."""
        return None

    def _run(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        # Contiguous copies come from torch's allocator, which keeps their memory until this stream has passed them.
        count = len(inputs) - len(function.flags)
        self.launch(function, [*dense(inputs[:count]), *inputs[count:]], out)

    def _loaded(self, gpu: Device, handles: dict[str, Any], made: Compiled) -> Loaded:
        return Loaded(gpu, handles, made, self.choice(made))


def reports_of(made: Compiled, plans: Sequence[AnyPlan]) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel."""
    return reports(made.cubin, made.log, made.architecture, {plan.name: plan.threads for plan in plans})


def report(kernel: KernelSpec, architecture: str, plans: Sequence[AnyPlan]) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel on an architecture such as "sm_90"; needs no GPU.

    Raises:
        CompilerError: NVRTC is missing, does not know the architecture, or refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    return reports_of(machine_code(kernel, architecture), plans)
