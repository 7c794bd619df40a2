"""What a call of invariants launches on a GPU: of several kernels of each function, the one that fits it best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import torch

from invgen.runtime.build.cubin import KernelReport
from invgen.runtime.build.nvrtc import Compiled
from invgen.runtime.families.invariants import INVARIANTS
from invgen.runtime.families.table import OF_Y, Function
from invgen.runtime.gpu.choice import KINDS, WIDE_FROM, fastest
from invgen.runtime.gpu.device import Device, blocks_of, device_of
from invgen.runtime.gpu.library import CudaLibrary, Loaded, report, reports_of
from invgen.runtime.gpu.plan import LaunchPlan, launch_plans
from invgen.runtime.implementation import Tensors
from invgen.runtime.spec import KernelSpec

_ALIGNMENT: Final = 16
_TUNING_PAIRS: Final = 1 << 20
_TUNING_CHANNELS: Final = 64
_TUNING_ROUNDS: Final = 5

Choice = Mapping[tuple[str, str], tuple[LaunchPlan, ...]]
"""(function, kind of call) -> the kernels to launch one after the other."""


def build_report(spec: KernelSpec, architecture: str) -> tuple[KernelReport, ...]:
    """Registers, spills and occupancy of every kernel of a spec on an architecture such as "sm_90"; needs no GPU.

    Args:
        spec: of target "cuda".
        architecture: what to compile for, such as "sm_80".

    Raises:
        CompilerError: NVRTC is missing, does not know the architecture, or refuses the source.
        CacheError: the kernel cache cannot be used.
    """
    return report(spec, architecture, launch_plans(spec.source, spec.name))


class CudaInvariants(CudaLibrary):
    """The choice of a kernel depends on shape and alignment alone.

    Args:
        spec: the kernel; its source is CUDA C.
        devices: which `Device` a tensor is on.

    Raises:
        BasisFileError: the source does not say what its kernels are.
    """

    def __init__(self, spec: KernelSpec, devices: Callable[[torch.device], Device] = device_of) -> None:
        self._spec = spec
        self._plans = launch_plans(spec.source, spec.name)
        self._widest = max(plan.width for plan in self._plans)
        self._real_bytes = real = 4 if spec.dtype == "float32" else 8
        self._rows = {"x": spec.dimension}
        for f in INVARIANTS.functions:
            for name, like in zip((*f.others, *f.outputs), (*f.reads, *f.writes)):
                self._rows[name] = spec.count if like == OF_Y else spec.dimension
        self._bytes = {
            f.name: (
                real * sum(self._rows[name] for name in INVARIANTS.tensors(f)),
                real * sum(self._rows[name] for name in f.outputs),
            )
            for f in INVARIANTS.functions
        }
        super().__init__(spec, self._plans, devices)

    def tune(self, device: torch.device) -> dict[tuple[str, str], float]:
        """Times every kernel on a device and uses the fastest of each function from now on.

        Returns:
            Seconds by kernel and kind of call.

        Arrays of 2^20 pairs of 64 channels, and of one channel for the tiles, are allocated for it and freed.
        """
        loaded = self._on(device)
        dtype = torch.float32 if self._spec.dtype == "float32" else torch.float64
        measured: dict[tuple[str, str], float] = {}
        for kind, channels in (("aligned", _TUNING_CHANNELS), ("single", 1)):
            shape = (_TUNING_PAIRS // channels,)
            arrays = {
                name: torch.randn((*shape, count, channels), dtype=dtype, device=device)
                for name, count in self._rows.items()
            }
            for plan in self._plans:
                if plan.form in KINDS[kind]:
                    tensors = [arrays[name] for name in plan.arrays]
                    call = partial(_launch, loaded, plan, tensors, _TUNING_PAIRS, channels)
                    call()
                    measured[plan.name, kind] = loaded.device.seconds(call, _TUNING_ROUNDS)
        self._on.replace(device, replace(loaded, choice=self.choice(loaded.made, measured)))
        return measured

    def choice(self, made: Compiled, measured: Mapping[tuple[str, str], float] | None = None) -> Choice:
        """Those that were measured to be fastest, or else those that a model finds fastest."""
        found = {report.name: report for report in reports_of(made, self._plans)}
        return fastest(self._plans, found, self._bytes, self._real_bytes, measured or {})

    def launch(self, function: Function, inputs: Sequence[Any], out: Tensors) -> None:
        """All kernels of the function that were chosen for calls of this kind."""
        x = inputs[0]
        elements = x.numel()
        if elements == 0:
            return
        loaded = self._on(x.device)
        channels = x.shape[-1]
        tensors = [*inputs, *out]
        arrays = dict(zip((*INVARIANTS.tensors(function), *function.outputs), tensors))
        pairs = elements // self._spec.dimension
        kind = "single" if channels == 1 else "any"
        if channels % self._widest == 0 and pairs >= WIDE_FROM:
            kind = "aligned" if all(tensor.data_ptr() % _ALIGNMENT == 0 for tensor in tensors) else kind
        for plan in loaded.choice[function.name, kind]:
            _launch(loaded, plan, [arrays[name] for name in plan.arrays], pairs, channels)


def _launch(loaded: Loaded, plan: LaunchPlan, tensors: Sequence[torch.Tensor], pairs: int, channels: int) -> None:
    blocks = blocks_of(pairs, plan.threads * plan.width)
    arguments = [*(tensor.data_ptr() for tensor in tensors), pairs, channels]
    loaded.device.launch(loaded.handles[plan.name], blocks, plan.threads, arguments)
